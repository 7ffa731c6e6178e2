"""How people get in and become root: sshd and sudo."""
