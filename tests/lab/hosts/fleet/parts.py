"""What several hosts share."""

from __future__ import annotations

from auditor.model.facts import Facts

BASE = (
    "chrony",
    "cron",
    "iproute2",
    "libpam-systemd",
    "logrotate",
    "openssh-server",
    "procps",
    "rsyslog",
    "sudo",
)
"""Packages that a server of any release has."""

APPROVED: Facts = {
    "approved.time_servers": ["10.77.0.1"],
    "approved.log_servers": ["10.77.0.1"],
    "approved.resolvers": ["10.77.0.1"],
    "approved.repositories": [],
    "approved.login_text": "Akses hanya untuk yang berwenang",
}
"""What the organisation approves, as the policy says it."""
