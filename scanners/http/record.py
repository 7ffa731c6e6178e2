"""Keep what was exchanged as raw evidence, without the secrets and numbers of citizens in it. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable

from auditor.model.evidence import RawOutput
from scanners.http.message import Exchange

BODY_MAX_BYTES = 65_536
_IDENTITY_NUMBER = re.compile(rb"(?<!\d)\d{16}(?!\d)")
"""NIK and the number of a family card (KK) have 16 digits."""
_COOKIE_VALUE = re.compile(r"\A([^=;]*=)[^;]*")


def mask_numbers(content: bytes) -> bytes:
    """Replace every number of exactly 16 digits by asterisks."""
    return _IDENTITY_NUMBER.sub(b"*" * 16, content)


def raw_outputs(exchanges: Iterable[Exchange]) -> tuple[RawOutput, ...]:
    """Return the log of every exchange, one JSON object per line, and the first 64 KiB of GET /.

    Of every other body only length and SHA-256 are kept: it may be a password file.
    """
    kept = list(exchanges)
    lines = "".join(json.dumps(_described(exchange), ensure_ascii=True) + "\n" for exchange in kept)
    outputs = [RawOutput("exchanges", "application/x-ndjson", lines.encode())]
    if kept:
        body = mask_numbers(kept[0].response.body[:BODY_MAX_BYTES])
        outputs.append(RawOutput("root-body", "application/octet-stream", body))
    return tuple(outputs)


def _described(exchange: Exchange) -> dict[str, object]:
    response = exchange.response
    return {
        "method": exchange.method,
        "target": exchange.target,
        "status": response.status,
        "reason": _masked("", response.reason),
        "headers": [[name, _masked(name, value)] for name, value in response.headers],
        "body_bytes": len(response.body),
        "body_sha256": hashlib.sha256(response.body).hexdigest(),
        "complete": response.complete,
    }


def _masked(name: str, value: str) -> str:
    if name == "set-cookie":
        value = _COOKIE_VALUE.sub(r"\1***", value)
    return mask_numbers(value.encode("latin-1", "replace")).decode("latin-1")
