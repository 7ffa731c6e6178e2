"""Keep what was exchanged as raw evidence, without the secrets and numbers of citizens in it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from auditor.model.evidence import RawOutput
from auditor.model.facts import JSON
from scanners.http.message import Exchange

BODY_MAX_BYTES = 65_536
_IDENTITY_NUMBER = re.compile(rb"(?<!\d)\d{16}(?!\d)")
_IDENTITY_TEXT = re.compile(r"(?<!\d)[0-9]{16}(?!\d)")
"""NIK and the number of a family card (KK) have 16 digits."""
_COOKIE_VALUE = re.compile(r"\A([^=;]*=)[^;]*")


def mask_numbers(content: bytes) -> bytes:
    """Replace every number of exactly 16 digits by asterisks."""
    return _IDENTITY_NUMBER.sub(b"*" * 16, content)


def mask_facts(value: JSON) -> JSON:
    """Return facts in which every number of 16 digits is masked, however deep it stands."""
    if isinstance(value, str):
        return _IDENTITY_TEXT.sub("*" * 16, value)
    if isinstance(value, Mapping):
        return {name: mask_facts(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [mask_facts(inner) for inner in value]
    return value


def raw_outputs(exchanges: Iterable[Exchange], root_body: bytes | None) -> tuple[RawOutput, ...]:
    """Return the log of every exchange, one JSON object per line, and the first 64 KiB of GET /.

    Of every other body only length and SHA-256 are kept: it may be a password file.
    """
    lines = "".join(json.dumps(_described(exchange), ensure_ascii=True) + "\n" for exchange in exchanges)
    outputs = [RawOutput("exchanges", "application/x-ndjson", lines.encode())]
    if root_body is not None:
        body = mask_numbers(root_body[:BODY_MAX_BYTES])
        outputs.append(RawOutput("root-body", "application/octet-stream", body))
    return tuple(outputs)


def _described(exchange: Exchange) -> dict[str, object]:
    return {
        "method": exchange.method,
        "target": _masked("", exchange.target),
        "status": exchange.status,
        "reason": _masked("", exchange.reason),
        "headers": [[name, _masked(name, value)] for name, value in exchange.headers],
        "body_bytes": exchange.body_bytes,
        "body_sha256": exchange.body_sha256,
        "complete": exchange.complete,
    }


def _masked(name: str, value: str) -> str:
    if name == "set-cookie":
        value = _COOKIE_VALUE.sub(r"\1***", value)
    return _IDENTITY_TEXT.sub("*" * 16, value)
