"""Read a DMARC record (RFC 7489), and find the domains whose record may apply. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanners.dns.record import RecordError, parse_tags

_POLICIES = ("none", "quarantine", "reject")
_ADDRESS = re.compile(r"mailto:[^@\s,]+@[^@\s,]+", re.IGNORECASE)
_REGISTRIES = frozenset(
    {"ac.id", "biz.id", "co.id", "desa.id", "go.id", "kop.id", "mil.id", "my.id", "net.id", "or.id"}
    | {"ponpes.id", "sch.id", "web.id"}
)
"""Second levels of .id below which domains are registered: nothing there speaks for a domain below it."""


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """What a record asks for: policy for the domain and below it, percentage, and reports."""

    policy: str
    subdomain_policy: str
    percent: int
    reports: bool


def is_dmarc(text: str) -> bool:
    """Say whether a TXT record is meant as DMARC (RFC 7489, 6.6.3)."""
    return re.match(r"v\s*=\s*DMARC1\s*(;|$)", text) is not None


def parse_dmarc(text: str) -> DmarcRecord:
    """Read a record; raise RecordError where receivers ignore it (RFC 7489, 6.3 and 6.6.3)."""
    tags = parse_tags(text, "v", "DMARC1")
    reports = any(_ADDRESS.match(uri.strip()) for uri in tags.get("rua", "").split(","))
    policy = tags.get("p", "").lower()
    subdomains = tags.get("sp", policy).lower()
    if policy not in _POLICIES or subdomains not in _POLICIES:
        if not reports:
            raise RecordError("names no known policy")
        # RFC 7489, 6.6.3: with an address for reports, an unknown policy counts as none.
        policy = subdomains = "none"
    percent = tags.get("pct", "100")
    if not re.fullmatch("[0-9]{1,3}", percent) or int(percent) > 100:
        raise RecordError("a percentage that is none")
    return DmarcRecord(policy, subdomains, int(percent), reports)


def domains_above(domain: str) -> tuple[str, ...]:
    """Return the domains above one that can belong to the same owner, nearest first, at most five."""
    labels = domain.split(".")
    above = (".".join(labels[start:]) for start in range(1, len(labels) - 1))
    return tuple(name for name in above if name not in _REGISTRIES)[:5]
