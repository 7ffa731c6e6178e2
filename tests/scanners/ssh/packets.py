"""Make the messages of a server."""

from __future__ import annotations

import struct
from collections.abc import Sequence


def key_exchange_payload(*lists: Sequence[str]) -> bytes:
    """Return SSH_MSG_KEXINIT with these name lists, the rest of the ten empty."""
    texts = [",".join(names).encode() for names in lists] + [b""] * (10 - len(lists))
    return b"\x14" + bytes(16) + b"".join(struct.pack(">I", len(text)) + text for text in texts) + bytes(5)


def packet(payload: bytes) -> bytes:
    """Wrap a payload as the unencrypted binary packet of RFC 4253, section 6."""
    padding = 8 - (len(payload) + 5) % 8 + 4
    return struct.pack(">IB", len(payload) + padding + 1, padding) + payload + bytes(padding)
