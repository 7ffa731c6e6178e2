"""What a person puts in the place of a remedy's examples, and remedies that no script can put in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.lab.hosts.roundtrip.adapted.accounts import ACCOUNTS
from tests.lab.hosts.roundtrip.adapted.data import BACKUPS, DATABASES
from tests.lab.hosts.roundtrip.adapted.services import FILES, PACKAGES
from tests.lab.hosts.roundtrip.adapted.web import WEB
from tests.lab.hosts.roundtrip.model import Adapted

ADAPTED: Mapping[str, Adapted] = {**ACCOUNTS, **BACKUPS, **DATABASES, **FILES, **PACKAGES, **WEB}
"""Check, or check@host → what is its own there."""

_GENERAL = ("debian", "system", "openssh")
SOFTWARE: Mapping[str, tuple[str, ...]] = {
    "host-forgotten": (*_GENERAL, "mariadb", "nginx", "php"),
    "host-shared": (*_GENERAL, "apache", "docker", "redis"),
    "host-stored": (*_GENERAL, "postgresql", "samba"),
    "host-hardened": (*_GENERAL, "mariadb", "nginx", "php"),
}
"""Host → the software whose remedies are for it."""

_FIRST = (
    "monitoring-agent-connected",
    "databases-test-data-masked",
    "audit-account-limited",
    "sudo-actions-logged",
    "sudo-password-required",
    "accounts-leavers-removed",
    "accounts-unused-locked",
    "malware-processes-absent",
    "logs-forwarded-encrypted",
    "evidence-store-present",
    "firewall-admin-ports-limited",
    "accounts-second-factor-required",
    "packages-updates-scheduled",
)
"""They would close with another's remedy."""
_LAST = (
    "accounts-emergency-ready",
    "web-code-unwritable",
    "jobs-scheduled-known",
    "machine-units-baseline",
    "listening-programs-in-runbook",
    "register-baseline-kept",
)
"""Others' remedies change what they compare with the register."""

_JUDGED = "What is to be changed has to be judged: "
_OUTSIDE = "Its text fetches from a maker outside, whom no host of the lab can reach: "
NOT_TRIED: Mapping[str, str] = {
    "accounts-supplier-sessions-agreed": "A session of the past stays in the records until they are rotated.",
    "logins-failures-explained": "A login of the past stays in the log until it is rotated or explained.",
    "machine-memory-sufficient": _JUDGED + "the programs that take memory and time.",
    "malware-signatures-current": _OUTSIDE + "the signatures of ClamAV.",
    "vpn-identities-personal": "It stays undecided: OpenVPN keeps no record of the last use.",
    "packages-cms-unchanged": _OUTSIDE + "the release of WordPress.",
    "packages-libraries-patched": _OUTSIDE + "the libraries of the application.",
    "web-firewall-active@host-forgotten": "Debian 11 has no such module of nginx.",
    "packages-release-supported": "Its text is the upgrade to another release, or extended support.",
    "packages-runtimes-supported": "Its text is another branch of a program; the release has none.",
    "audit-records-kept": "Audit rules are locked in the kernel, which the machine shares with no host.",
}
"""Check, or check@host → why its remedy is not put in force here."""


def adapted(check: str, host: str) -> Adapted:
    """Return what is a host's own in the remedy of a check."""
    return ADAPTED.get(f"{check}@{host}") or ADAPTED.get(check) or Adapted()


def in_order(checks: Iterable[str]) -> list[str]:
    """Return checks in the order in which their remedies are put in force."""
    early = {one: number for number, one in enumerate(_FIRST)}
    return sorted(checks, key=lambda one: (one in _LAST, early.get(one, len(early)), one))
