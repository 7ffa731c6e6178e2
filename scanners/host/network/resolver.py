"""Read which resolvers and proxies a host asks. Pure."""

from __future__ import annotations

import re
from ipaddress import ip_address

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Report

_STUBS = frozenset({"127.0.0.53", "127.0.0.54"})
"""Addresses of systemd-resolved, which asks others itself (resolved.conf(5))."""


def _named(report: Report, word: str) -> list[str]:
    rows = [line.split() for line in report.optional_lines("resolver")]
    return [row[2].partition("%")[0] for row in rows if len(row) >= 3 and row[0] == word]


def _resolvers(report: Report) -> JSON:
    """Return the addresses asked; behind the stub of systemd-resolved those that it asks."""
    stub = _named(report, "stub")
    asked = _named(report, "resolved") if stub and _STUBS.issuperset(stub) else stub
    # Without a line of its own the resolver of libc asks this host (resolv.conf(5)).
    return [*sorted({str(ip_address(one)) for one in asked})] if asked or stub else ["127.0.0.1"]


def _proxies(report: Report) -> JSON:
    rows = [line.partition(" ") for line in report.optional_lines("resolver")]
    hosts = {rest.strip() for word, _, rest in rows if word == "proxy"}
    return [*sorted(one for one in hosts if re.fullmatch(r"[\w.-]+(:\d+)?", one) and one.upper() != "DIRECT")]


READERS: dict[str, Reader] = {"host.resolvers": _resolvers, "host.proxies": _proxies}
