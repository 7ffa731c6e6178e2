"""Accounts, passwords, keys and groups of a host."""
