"""Write and read the little of BSON that MongoDB's commands need (bsonspec.org, version 1.1). Pure."""

from __future__ import annotations

import struct

from scanners.services.answers import AnswerError, number, whole

_MAXIMUM_ELEMENTS = 1000
_FIXED = {0x01: 8, 0x06: 0, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16}
_TEXTS = frozenset({0x02, 0x0D, 0x0E})
_DOCUMENTS = frozenset({0x03, 0x04})

Value = str | int | float | bool | None


def document(elements: dict[str, str | int | bool]) -> bytes:
    """Return a flat document."""
    body = b"".join(_element(name, value) for name, value in elements.items())
    return (len(body) + 5).to_bytes(4, "little") + body + b"\0"


def _element(name: str, value: str | int | bool) -> bytes:
    key = name.encode() + b"\0"
    if isinstance(value, bool):
        return b"\x08" + key + bytes((value,))
    if isinstance(value, int):
        return b"\x10" + key + value.to_bytes(4, "little", signed=True)
    text = value.encode() + b"\0"
    return b"\x02" + key + len(text).to_bytes(4, "little") + text


def parse_document(data: bytes) -> dict[str, Value]:
    """Return the plain values at the top of a document, None for those of other types; raise AnswerError."""
    length = number(data, 0, 4, "little")
    if not 5 <= length <= len(data):
        raise AnswerError("a document of impossible length")
    found: dict[str, Value] = {}
    at = 4
    while at < length - 1:
        kind = number(data, at, 1)
        end = data.find(b"\0", at + 1, length)
        if end < 0 or len(found) >= _MAXIMUM_ELEMENTS:
            raise AnswerError("an element without an end, or too many of them")
        name = data[at + 1 : end].decode("utf-8", "replace")
        size = _size(kind, data, end + 1)
        found[name] = _value(kind, whole(data, end + 1, size))
        at = end + 1 + size
    return found


def _size(kind: int, data: bytes, at: int) -> int:
    if kind in _FIXED:
        return _FIXED[kind]
    if kind in _TEXTS:
        return 4 + number(data, at, 4, "little")
    if kind in _DOCUMENTS:
        return number(data, at, 4, "little")
    if kind == 0x05:
        return 5 + number(data, at, 4, "little")
    raise AnswerError(f"an element of unknown type {kind}")


def _value(kind: int, data: bytes) -> Value:
    if kind == 0x01:
        (real,) = struct.unpack("<d", data)
        return float(real)
    if kind == 0x08:
        return data != b"\0"
    if kind in (0x10, 0x12):
        return int.from_bytes(data, "little", signed=True)
    return data[4:].rstrip(b"\0").decode("utf-8", "replace") if kind in _TEXTS else None
