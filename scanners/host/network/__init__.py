"""What a host listens on, its firewall and what it talks to."""
