"""What several hosts share."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from auditor.model.facts import Facts
from tests.lab.hosts.model import Boot, Put, Run, Step

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

KEY_OF = "@@key:"
"""Before the name of a key pair, and `@` behind it: stands in a file for the public key."""
UNREAD_DISK = frozenset({"databases-volumes-encrypted"})
"""A host's file system is laid over another: no program can tell which disk that lies on."""
MANAGED = "# Ansible managed\n"
NOTICE = "Akses hanya untuk yang berwenang. Kegiatan dicatat. Narahubung: helpdesk@contoh.go.id\n"

TIME_FROM_CENTRE: tuple[Step, ...] = (
    # Only the service's own clock is compared: a host of the lab may not set that of the machine.
    Put("/etc/chrony/chrony.conf", f"{MANAGED}server 10.77.0.1 iburst minpoll 0 maxpoll 2\n"),
    Put("/etc/default/chrony", 'DAEMON_OPTS="-F 1 -x"\n'),
    Put("/etc/systemd/system/chrony.service.d/lab.conf", "[Unit]\nConditionCapability=\n"),
    Boot("chronyc -n waitsync 30 0.5 0 0.5 >/dev/null\n"),
)


def days_ago(number: int) -> str:
    """Return the day this many days before today where the lab stands, as an inventory writes it."""
    return (datetime.now(ZoneInfo("Asia/Jakarta")) - timedelta(days=number)).date().isoformat()


def load(average: str) -> Step:
    """Return a step that lets a host see this load, not that of the machine it shares with the others."""
    return Boot(
        f"mkdir -p /run/lab\necho '{average} {average} {average} 1/100 1000' >/run/lab/loadavg\n"
        "mount --bind /run/lab/loadavg /proc/loadavg\n"
    )


def run(*lines: str) -> Run:
    """Return commands that are run before the host boots."""
    return Run("\n".join(lines) + "\n")
