"""Kernel settings, boot, hardware and health."""
