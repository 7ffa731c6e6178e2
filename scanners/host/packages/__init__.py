"""Packages, patches, repositories and supported releases."""
