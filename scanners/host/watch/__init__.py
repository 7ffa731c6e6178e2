"""Monitoring, intrusion signs and malware."""
