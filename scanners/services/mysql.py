"""Greet MySQL and MariaDB properly: one whole handshake as root without any password, and COM_QUIT.

A connection that breaks off before the handshake is over counts against `max_connect_errors`, and after a
hundred of them the server refuses the scanner for good. A refused login does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError, number, whole
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described

_USER = b"root"
_CLIENT_SSL = 0x800
_PLUGIN_AUTH = 0x80000
_CAPABILITIES = 0x1 | 0x200 | 0x2000 | 0x8000 | _PLUGIN_AUTH
"""Long password, protocol 4.1, transactions, authentication of 4.1, and its plugins."""
_UTF8 = 33
_MAXIMUM_PACKET_BYTES = 65_536
_REFUSED = frozenset({1044, 1045, 1130, 1698, 3118, 3878})
"""Access denied, host not allowed, account locked: nobody gets in as root without a password from here."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What an initial handshake of version 10 says."""

    version: str
    capabilities: int
    plugin: str


def parse_handshake(payload: bytes) -> Handshake:
    """Read the payload of the first packet; raise AnswerError."""
    if number(payload, 0, 1) != 10:
        raise AnswerError("not a handshake of version 10")
    end = payload.find(b"\0", 1)
    if end < 0:
        raise AnswerError("the version does not end")
    at = end + 1 + 4 + 8 + 1
    low, high = number(payload, at, 2, "little"), 0
    plugin = b""
    if len(payload) >= at + 7:
        high = number(payload, at + 5, 2, "little")
        salt = max(13, number(payload, at + 7, 1) - 8) if len(payload) > at + 7 else 13
        plugin = payload[at + 18 + salt :].split(b"\0", 1)[0]
    return Handshake(
        payload[1:end].decode("utf-8", "replace"), low | high << 16, plugin.decode("ascii", "replace")
    )


def parse_error(payload: bytes) -> int:
    """Return the number of an error packet; raise AnswerError."""
    if whole(payload, 0, 1) != b"\xff":
        raise AnswerError("not an error packet")
    return number(payload, 1, 2, "little")


def ask_mysql(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Read the handshake, answer it as root without a password, and quit."""
    _, payload = _packet(talk)
    if payload.startswith(b"\xff"):
        code = parse_error(payload)
        yield {"service.name": "mysql", **described(None, None, "")}
        if code in _REFUSED:
            yield {"mysql.unauthenticated": False}
        return
    handshake = parse_handshake(payload)
    yield {"service.name": "mysql", **_product(handshake.version)}
    yield {"mysql.tls": bool(handshake.capabilities & _CLIENT_SSL)}
    _send(talk, 1, _response(handshake))
    sequence, answer = _packet(talk)
    if answer.startswith(b"\xfe"):
        # The account wants another plugin: to each of them an empty answer means no password.
        _send(talk, sequence + 1, b"")
        _, answer = _packet(talk)
    if answer.startswith(b"\0"):
        yield {"mysql.unauthenticated": True}
        _send(talk, 0, b"\x01")
    elif answer.startswith(b"\xff") and parse_error(answer) in _REFUSED:
        yield {"mysql.unauthenticated": False}


def _response(handshake: Handshake) -> bytes:
    plugin = (
        handshake.plugin if re.fullmatch(r"[a-z0-9_]{1,64}", handshake.plugin) else "mysql_native_password"
    )
    return (
        (_CAPABILITIES & (handshake.capabilities | 0x1)).to_bytes(4, "little")
        + (1 << 24).to_bytes(4, "little")
        + bytes((_UTF8,))
        + bytes(23)
        + _USER
        + b"\0"
        + b"\0"  # the length of the password's proof: there is none
        + (plugin.encode() + b"\0" if handshake.capabilities & _PLUGIN_AUTH else b"")
    )


def _packet(talk: Conversation) -> tuple[int, bytes]:
    header = talk.exactly(4)
    length = number(header, 0, 3, "little")
    if length > _MAXIMUM_PACKET_BYTES:
        raise AnswerError("a packet larger than any of a handshake")
    return header[3], talk.exactly(length)


def _send(talk: Conversation, sequence: int, payload: bytes) -> None:
    talk.send(len(payload).to_bytes(3, "little") + bytes((sequence & 0xFF,)) + payload)


def _product(version: str) -> Facts:
    if "MariaDB" in version:
        # MariaDB 10 puts 5.5.5- before its version, for clients that would not believe in a 10.
        number_ = version.removeprefix("5.5.5-").split("-", 1)[0]
        return described("MariaDB", number_, "mariadb:mariadb")
    return described("MySQL", version.split("-", 1)[0], "mysql:mysql")
