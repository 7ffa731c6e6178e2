"""UUIDs made of names (RFC 9562, 5.5: version 5): of the same name the same, and nothing left to chance.

The standard library's module makes random ones, too, which rendering must not.
"""

from __future__ import annotations

import hashlib

from reports.visible import shown

URLS = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""The namespace of names that are URLs (RFC 9562, 6.6)."""


def named(space: bytes, *parts: str) -> bytes:
    """Return the 16 bytes of the UUID of a name in a namespace; the parts of the name are kept apart."""
    # Visible text first: a lone surrogate has no UTF-8, and no part holds a line feed afterwards.
    name = "\n".join(map(shown, parts)).encode()
    digest = bytearray(hashlib.sha1(space + name, usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return bytes(digest)


def text_of(uuid: bytes) -> str:
    """Return the usual text of a UUID."""
    digits = uuid.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
