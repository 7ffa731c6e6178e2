"""Reports of other tools, read into facts: bytes in, facts or one located reason out. Pure."""
