"""The few SNMP messages that are asked, in BER, and what counts as an answer to each. Pure."""

from __future__ import annotations

from collections.abc import Callable

VERSION_1 = 0
VERSION_2C = 1
_VERSION_3 = 3
_INTEGER, _OCTETS, _NULL, _OBJECT, _SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
_GET, _RESPONSE, _REPORT = 0xA0, 0xA2, 0xA8
_SYSTEM_DESCRIPTION = bytes((0x2B, 6, 1, 2, 1, 1, 1, 0))
"""1.3.6.1.2.1.1.1.0, sysDescr.0 (RFC 3418): one short text that every agent has."""
_REPORTABLE = b"\x04"
_USER_SECURITY_MODEL = 3
_MESSAGE_BYTES = 65_507
_LONG_LENGTH = 0x80
_MAXIMUM_LENGTH_BYTES = 2
REQUEST_ID = 0x54696C69
"""Ours, four bytes without a sign, so that an answer to somebody else's question is known as such."""


def community_request(version: int, community: str) -> bytes:
    """Return a GetRequest for sysDescr.0 (RFC 1157 section 4.1.2, RFC 3416 section 4.2.1)."""
    binding = _element(_SEQUENCE, _element(_OBJECT, _SYSTEM_DESCRIPTION), _element(_NULL))
    return _element(
        _SEQUENCE,
        _integer(version),
        _element(_OCTETS, community.encode()),
        _element(_GET, _integer(REQUEST_ID), _integer(0), _integer(0), _element(_SEQUENCE, binding)),
    )


def engine_discovery() -> bytes:
    """Return the empty request that every SNMPv3 engine answers with its name (RFC 3414 section 4)."""
    header = _element(
        _SEQUENCE,
        _integer(REQUEST_ID),
        _integer(_MESSAGE_BYTES),
        _element(_OCTETS, _REPORTABLE),
        _integer(_USER_SECURITY_MODEL),
    )
    empty = _element(_OCTETS)
    security = _element(_SEQUENCE, empty, _integer(0), _integer(0), empty, empty, empty)
    request = _element(_GET, _integer(REQUEST_ID), _integer(0), _integer(0), _element(_SEQUENCE))
    scoped = _element(_SEQUENCE, empty, empty, request)
    return _element(_SEQUENCE, _integer(_VERSION_3), header, _element(_OCTETS, security), scoped)


def answers_community(community: str) -> Callable[[bytes], bool]:
    """Return what tells a response under this community, even one that only names an error."""

    def answers(reply: bytes) -> bool:
        message = _children(reply, _SEQUENCE)
        if len(message) < 3 or message[0][1] not in (bytes([VERSION_1]), bytes([VERSION_2C])):
            return False
        if message[1] != (_OCTETS, community.encode()) or message[2][0] != _RESPONSE:
            return False
        inner = _elements(message[2][1])
        return bool(inner) and inner[0] == (_INTEGER, REQUEST_ID.to_bytes(4, "big"))

    return answers


def answers_discovery(reply: bytes) -> bool:
    """Tell whether a reply is a report of SNMPv3 with our message id."""
    message = _children(reply, _SEQUENCE)
    if len(message) != 4 or message[0] != (_INTEGER, bytes([_VERSION_3])):
        return False
    header, scoped = _elements(message[1][1]), _elements(message[3][1])
    if not header or header[0] != (_INTEGER, REQUEST_ID.to_bytes(4, "big")):
        return False
    return len(scoped) == 3 and scoped[2][0] in (_REPORT, _RESPONSE)


def _element(tag: int, *content: bytes) -> bytes:
    body = b"".join(content)
    if len(body) < _LONG_LENGTH:
        return bytes((tag, len(body))) + body
    return bytes((tag, 0x82)) + len(body).to_bytes(2, "big") + body


def _integer(value: int) -> bytes:
    return _element(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _children(data: bytes, tag: int) -> list[tuple[int, bytes]]:
    """Return what is inside the one element that `data` is; nothing for anything else."""
    outer = _elements(data)
    return _elements(outer[0][1]) if len(outer) == 1 and outer[0][0] == tag else []


def _elements(data: bytes) -> list[tuple[int, bytes]]:
    """Split a run of BER elements into tag and content; nothing when it does not come out even."""
    found: list[tuple[int, bytes]] = []
    offset = 0
    while offset < len(data):
        length, start = _length(data, offset + 1)
        if length is None or start + length > len(data):
            return []
        found.append((data[offset], data[start : start + length]))
        offset = start + length
    return found


def _length(data: bytes, offset: int) -> tuple[int | None, int]:
    """Read a length at `offset`; return it, None for none, and the offset behind it."""
    if offset >= len(data):
        return None, offset
    first = data[offset]
    if first < _LONG_LENGTH:
        return first, offset + 1
    count = first - _LONG_LENGTH
    if not 0 < count <= _MAXIMUM_LENGTH_BYTES or offset + 1 + count > len(data):
        return None, offset
    return int.from_bytes(data[offset + 1 : offset + 1 + count], "big"), offset + 1 + count
