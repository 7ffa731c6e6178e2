"""The hash chain over evidence rows: each row's hash covers its content and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64
"""The hash before the first row."""


def canonical(value: Any) -> str:
    """Return JSON text that is the same for the same value: sorted keys, no spaces, plain UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def row_hash(previous_hash: str, row: Mapping[str, Any]) -> str:
    """Return SHA-256 (hex) over the previous hash and the row's canonical JSON."""
    return hashlib.sha256(f"{previous_hash}\n{canonical(row)}".encode()).hexdigest()


def digest(content: bytes) -> str:
    """Return SHA-256 (hex) of some bytes."""
    return hashlib.sha256(content).hexdigest()
