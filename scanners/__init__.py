"""Scanners collect: they measure one subject and return facts or a named failure. They judge nothing."""
