"""Read an SPF record (RFC 7208). Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from scanners.dns.record import MAXIMUM_CHARACTERS, RecordError

_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9_.-]*)=(?P<value>[!-~]*)", re.IGNORECASE)
_MECHANISM = re.compile(
    r"(?P<qualifier>[-+~?]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)"
    r"(?::(?P<value>[!-~]+?))?(?P<prefix>(?:/[0-9]{1,3})?(?://[0-9]{1,3})?)",
    re.IGNORECASE,
)
_COSTLY = ("include", "a", "mx", "ptr", "exists")
"""Mechanisms that make a receiver ask the DNS (RFC 7208, 4.6.4)."""
_WITHOUT_PREFIX = ("all", "include", "ptr", "exists")
_V4_BITS, _V6_BITS = 32, 128


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """One record: terms that cost a lookup (redirect too), what it includes, and how it ends."""

    lookups: int
    includes: tuple[str, ...]
    redirect: str | None
    """Null where an `all` makes it void (RFC 7208, 6.1)."""
    all: str | None
    """-all, ~all, ?all or +all."""


def is_spf(text: str) -> bool:
    """Say whether a TXT record is meant as SPF (RFC 7208, 4.5)."""
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def parse_spf(text: str) -> SpfRecord:
    """Read a record; raise RecordError for what a receiver answers with permerror."""
    if len(text) > MAXIMUM_CHARACTERS:
        raise RecordError(f"longer than {MAXIMUM_CHARACTERS} characters")
    if not is_spf(text):
        raise RecordError("does not begin with v=spf1")
    lookups, includes, redirects, final = 0, [], [], None
    for term in text.split(" ")[1:]:
        name, value, qualifier = _term(term)
        if name == "redirect":
            redirects.append(value)
        if final is not None:
            continue  # `all` always matches: nothing behind it is asked
        if name == "all":
            final = f"{qualifier or '+'}all"
        lookups += name in _COSTLY
        if name == "include":
            includes.append(value)
    if len(redirects) > 1:
        raise RecordError("a second redirect")
    redirect = redirects[0] if redirects and final is None else None
    return SpfRecord(lookups + (redirect is not None), tuple(includes), redirect, final)


def _term(term: str) -> tuple[str, str, str]:
    """Return name, value and qualifier of one term; the name is empty for nothing and unknown modifiers."""
    if not term:
        return "", "", ""
    if match := _MECHANISM.fullmatch(term):
        name, value = match["name"].lower(), match["value"] or ""
        _check_mechanism(name, value, match["prefix"])
        return name, value, match["qualifier"]
    match = _MODIFIER.fullmatch(term)
    if match is None:
        raise RecordError(f"an unknown term {term[:40]}")
    if match["name"].lower() != "redirect":
        return "", "", ""
    if not match["value"]:
        raise RecordError("an empty redirect")
    return "redirect", match["value"], ""


def _check_mechanism(name: str, value: str, prefix: str) -> None:
    if name in _WITHOUT_PREFIX and prefix:
        raise RecordError(f"{name} takes no prefix length")
    if name in ("include", "exists") and not value:
        raise RecordError(f"{name} names no domain")
    if name == "all" and value:
        raise RecordError("all takes no value")
    if name in ("ip4", "ip6"):
        _check_network(name, value + prefix)
    elif prefix:
        first, _, second = prefix.partition("//")
        if int(first.lstrip("/") or 0) > _V4_BITS or int(second or 0) > _V6_BITS:
            raise RecordError(f"{name} has a prefix length that is too long")


def _check_network(name: str, text: str) -> None:
    try:
        if name == "ip4":
            ipaddress.IPv4Network(text, strict=False)
        else:
            ipaddress.IPv6Network(text, strict=False)
    except ValueError:
        raise RecordError(f"{name} names no network") from None
