"""Look at a server from inside: one read-only script over SSH, or on this machine."""
