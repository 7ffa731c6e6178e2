"""Logs, audit trail and time."""
