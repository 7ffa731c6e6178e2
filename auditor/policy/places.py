"""Where messages go: hosts and URLs that a connection can be made to."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from auditor.documents.hostname import parse_hostname
from auditor.model.plain_text import show

_PRINTABLE = re.compile("[!-~]*")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:[.](?:0x[0-9a-f]*|[0-9]+))*", re.IGNORECASE)


def check_host(text: str) -> str:
    """Return an address, or a host name in small letters; raise ValueError saying what to write instead."""
    if _is_address(text):
        return text.lower()
    if _NUMERIC.fullmatch(text):
        raise ValueError(f"{show(text)} is no address; write all four decimal numbers")
    if re.fullmatch(r"[^:/]+:[0-9]+", text):
        raise ValueError(
            f"{show(text)} holds a port; write {show(text.partition(':')[0])} and write its number under port"
        )
    return parse_hostname(text)


def is_this_machine(host: str) -> bool:
    """Return whether a host is this very machine, so that what is sent there leaves it never."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def check_url(text: str) -> str:
    """Return an https URL without a user, or http to this very machine; raise ValueError otherwise."""
    parts = _split(text)
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address holds a password; write it as secret, by reference")
    if not parts.hostname:
        raise ValueError(f"{show(text)} names no host; write one such as https://pesan.example.go.id/")
    check_host(parts.hostname)
    _check_port(text, parts)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(parts.hostname)):
        raise ValueError(f"{show(text)} is not encrypted; write one that begins with https://")
    if not _PRINTABLE.fullmatch(text):
        raise ValueError(
            f"{show(text)} holds blanks, or letters that no URL carries; write them percent-encoded, "
            "such as %20 for a blank"
        )
    return text


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise ValueError(
            f"{show(text)} is no address; write one such as https://pesan.example.go.id/"
        ) from None


def _check_port(text: str, parts: SplitResult) -> None:
    try:
        wrong = parts.port == 0
    except ValueError:
        wrong = True
    if wrong:
        raise ValueError(f"the port of {show(text)} is wrong; write 1 to 65535, or leave it out")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    # What follows % names an interface of this machine, in whatever letters.
    return "%" not in text
