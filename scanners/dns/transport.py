"""Read what a domain says about TLS for its mail: MTA-STS (RFC 8461) and TLS reports (RFC 8460). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanners.dns.record import RecordError, parse_tags

POLICY_MAXIMUM_BYTES = 65_536
"""RFC 8461, 3.3: a policy beyond 64 kilobytes need not be read."""
_MODES = ("enforce", "testing", "none")
_IDENTIFIER = re.compile("[A-Za-z0-9]{1,32}")
_AGE = re.compile("[0-9]{1,10}")
_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*")
_ADDRESS = re.compile(r"mailto:[^@\s,]+@[^@\s,]+|https://[^\s,]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MtaStsPolicy:
    """A policy file: its mode, how long it holds, and patterns of the mail hosts."""

    mode: str
    max_age_seconds: int
    hosts: tuple[str, ...]


def parse_mta_sts_record(text: str) -> str:
    """Return the policy's id from an _mta-sts record; raise RecordError otherwise (RFC 8461, 3.1)."""
    identifier = parse_tags(text, "v", "STSv1").get("id", "")
    if not _IDENTIFIER.fullmatch(identifier):
        raise RecordError("the id is not 1 to 32 letters and digits")
    return identifier


def parse_mta_sts_policy(text: str) -> MtaStsPolicy:
    """Read a policy file; raise RecordError for a malformed one (RFC 8461, 3.2)."""
    if len(text) > POLICY_MAXIMUM_BYTES:
        raise RecordError("the policy is too long")
    fields: dict[str, str] = {}
    hosts: list[str] = []
    for line in text.split("\n"):
        name, separator, value = line.strip().partition(":")
        if not separator and name:
            raise RecordError("a line is not key: value")
        if name == "mx":
            hosts.append(value.strip())
        else:
            fields.setdefault(name, value.strip())  # RFC 8461, 3.2: of repeated keys the first counts
    return _policy(fields, tuple(hosts))


def _policy(fields: dict[str, str], hosts: tuple[str, ...]) -> MtaStsPolicy:
    mode, age = fields.get("mode", ""), fields.get("max_age", "")
    if fields.get("version") != "STSv1":
        raise RecordError("the version is not STSv1")
    if mode not in _MODES:
        raise RecordError("an unknown mode")
    if not _AGE.fullmatch(age):
        raise RecordError("max_age is not a number of seconds")
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise RecordError("mx is not a host")
    if not hosts and mode != "none":
        raise RecordError("no mx is named")
    return MtaStsPolicy(mode, int(age), hosts)


def parse_tls_report_record(text: str) -> tuple[str, ...]:
    """Return where reports go from a _smtp._tls record; raise RecordError otherwise (RFC 8460, 3)."""
    addresses = tuple(uri.strip() for uri in parse_tags(text, "v", "TLSRPTv1").get("rua", "").split(","))
    if not all(_ADDRESS.fullmatch(address) for address in addresses):
        raise RecordError("names no address for reports")
    return addresses
