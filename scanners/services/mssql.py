"""Ask SQL Server's PRELOGIN for its version and for TLS (MS-TDS section 2.2.6.5). No login follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError, number, whole
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described

_OPTIONS = bytes((0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 255))
_PRELOGIN = _OPTIONS + bytes(6) + b"\x01"  # version 0, encryption: on
_NOT_SUPPORTED = 2
_MAXIMUM_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Prelogin:
    """What a server answers before the login."""

    version: str
    encrypts: bool


def parse_prelogin(payload: bytes) -> Prelogin:
    """Read the options of an answer; raise AnswerError."""
    values: dict[int, bytes] = {}
    at = 0
    while (token := number(payload, at, 1)) != 255:
        values[token] = whole(payload, number(payload, at + 1, 2), number(payload, at + 3, 2))
        at += 5
    if 0 not in values or 1 not in values:
        raise AnswerError("an answer without version or encryption")
    version = f"{number(values[0], 0, 1)}.{number(values[0], 1, 1):02}.{number(values[0], 2, 2)}"
    return Prelogin(version, number(values[1], 0, 1) != _NOT_SUPPORTED)


def ask_mssql(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Send PRELOGIN and read the answer."""
    talk.send(b"\x12\x01" + (8 + len(_PRELOGIN)).to_bytes(2, "big") + bytes(4) + _PRELOGIN)
    header = talk.exactly(8)
    length = number(header, 2, 2)
    if header[0] != 4 or not 8 < length <= _MAXIMUM_BYTES:
        return
    answer = parse_prelogin(talk.exactly(length - 8))
    yield {
        "service.name": "ms-sql-s",
        **described("Microsoft SQL Server", answer.version, "microsoft:sql_server"),
        "mssql.tls": answer.encrypts,
    }
