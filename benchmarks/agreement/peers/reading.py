"""Small readings that several peers share."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from scanners.handshake import suites

_HASH = re.compile(r"(?i)(md5|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512)")


def suite_name(code: int) -> str:
    """Return the registered name of a cipher suite, or its number."""
    return suites.NAMES.get(code, f"0x{code:04X}")


def signature_hash(text: str) -> str | None:
    """Return MD5, SHA1, SHA256 … from words such as `sha256WithRSAEncryption`; None for EdDSA."""
    if re.match(r"(?i)ed(25519|448)", text):
        return None
    found = _HASH.search(text)
    return found.group(1).upper().replace("-", "") if found else text


def key_type(text: str) -> str:
    """Return RSA, EC, Ed25519 … from a peer's word for a key."""
    lower = text.lower()
    for word, name in (("rsa", "RSA"), ("ec", "EC"), ("ed25519", "Ed25519"), ("ed448", "Ed448")):
        if lower.startswith(word) or (word == "ec" and "id-ec" in lower):
            return name
    return text


def gmt_time(text: str) -> str:
    """Return RFC 3339 for `Nov 21 04:11:14 2026 GMT`."""
    return rfc_3339(datetime.strptime(text, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC))


def rfc_3339(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def alternative_names(text: str) -> list[str]:
    """Return the names of `DNS:a, DNS:b, IP Address:127.0.0.1`, sorted."""
    parts = [part.strip() for part in text.split(",")]
    named = [part.partition(":")[2] for part in parts if part.startswith(("DNS:", "IP Address:", "IP:"))]
    return sorted(named)
