"""Owners and modes of files, file systems and mounts."""
