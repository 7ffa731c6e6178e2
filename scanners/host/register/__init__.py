"""What identifies a host, for the registers of people."""
