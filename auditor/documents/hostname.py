"""Host names in the one form in which they are compared and used."""

from __future__ import annotations

import re

from auditor.model.plain_text import show

_LABEL = re.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def parse_hostname(text: str) -> str:
    """Return a host name in small letters, or raise ValueError saying what to write instead."""
    if not text.isascii():
        return _refuse(text, f"is not in ASCII; write {_ascii_name(text)}")
    name = text.lower()
    if "://" in name or "/" in name:
        return _refuse(text, "is an address of a page; write only the name, without https:// and path")
    if re.fullmatch(r"[^:]+:[0-9]+", name):
        return _refuse(text, f"holds a port; write {name.split(':')[0]} and declare the port under services")
    if name.startswith("*"):
        return _refuse(text, "is a wildcard; write every name that is served")
    if name.endswith("."):
        return _refuse(text, f"ends in a dot; write {name.rstrip('.')}")
    if len(name) > 253:
        return _refuse(text, f"has {len(name)} characters; a name has at most 253")
    _check_labels(text, name.split("."))
    return name


def _check_labels(text: str, labels: list[str]) -> None:
    if re.fullmatch("[0-9]+|0x[0-9a-f]*", labels[-1]):
        _refuse(text, "looks like an address; write it under addresses")
    for label in labels:
        if len(label) > 63:
            _refuse(text, f"has a part of {len(label)} characters; a part has at most 63")
        if label.startswith("-") or label.endswith("-"):
            _refuse(text, "has a part that starts or ends with a hyphen; write the name as it is in DNS")
        if not _LABEL.fullmatch(label):
            _refuse(
                text, "may hold only letters, digits, hyphens and single dots; write the name as it is in DNS"
            )


def _ascii_name(text: str) -> str:
    """Return the name as DNS carries it (RFC 3490), or a hint when it has no such form."""
    try:
        return text[:253].encode("idna").decode("ascii").lower()
    except UnicodeError:
        return "its xn-- form"


def _refuse(text: str, why: str) -> str:
    raise ValueError(f"the name {show(text)} {why}")
