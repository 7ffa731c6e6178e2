"""Digests: what a reader is told by mail, in a chat, or as data."""
