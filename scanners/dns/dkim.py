"""Read a DKIM key record (RFC 6376, 3.6.1; RFC 8463). Pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from scanners.dns.record import RecordError, parse_tags

_ED25519_BYTES = 32


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A key: rsa or ed25519 with its size, or revoked; `testing` asks receivers to ignore signatures."""

    type: str
    bits: int
    testing: bool


def parse_dkim(text: str) -> DkimKey:
    """Read a record, whose version may be left out; raise RecordError where verifiers ignore it."""
    tags = parse_tags(text if _begins_with_version(text) else f"v=DKIM1;{text}", "v", "DKIM1")
    if "p" not in tags:
        raise RecordError("has no key")
    testing = "y" in (flag.strip() for flag in tags.get("t", "").split(":"))
    encoded = "".join(tags["p"].split())
    if not encoded:
        return DkimKey("revoked", 0, testing)
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise RecordError("the key is not base64") from None
    kind = tags.get("k", "rsa").lower()
    if kind == "rsa":
        return DkimKey("rsa", _rsa_bits(key), testing)
    if kind == "ed25519" and len(key) == _ED25519_BYTES:
        return DkimKey("ed25519", 8 * _ED25519_BYTES, testing)
    raise RecordError("a key of an unknown type")


def _begins_with_version(text: str) -> bool:
    return text.partition("=")[0].strip().lower() == "v"


def _rsa_bits(der: bytes) -> int:
    try:
        key = load_der_public_key(der)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise RecordError("the key cannot be read") from None
    if not isinstance(key, RSAPublicKey):
        raise RecordError("the key is not RSA")
    return key.key_size
