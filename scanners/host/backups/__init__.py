"""Backups, retention and what is kept."""
