"""Database, cache and file servers as they are configured."""
