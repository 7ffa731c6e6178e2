"""Ask MongoDB who it is, and for the names of its databases, without a login (OP_MSG, since MongoDB 3.6)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError, number
from scanners.services.bson import Value, document, parse_document
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described

_OP_MSG = 2013
_HEADER_BYTES = 16
_MAXIMUM_BYTES = 1_000_000
_UNAUTHORIZED = frozenset({13, 18})
"""Unauthorized and AuthenticationFailed."""


def ask_mongodb(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Ask hello and buildInfo, which anybody may, then listDatabases, which only users may."""
    hello = _command(talk, 1, {"hello": 1, "$db": "admin"})
    if not {"ok", "maxWireVersion", "errmsg"} & set(hello):
        return
    build = _command(talk, 2, {"buildInfo": 1, "$db": "admin"})
    version = build.get("version")
    yield {
        "service.name": "mongodb",
        **described("MongoDB", version if isinstance(version, str) else None, "mongodb:mongodb"),
    }
    listed = _command(talk, 3, {"listDatabases": 1, "nameOnly": True, "$db": "admin"})
    if (open_to_all := judged(listed)) is not None:
        yield {"mongodb.unauthenticated": open_to_all}


def judged(listed: dict[str, Value]) -> bool | None:
    """Tell from the answer to listDatabases whether a stranger may list them; None when it does not say."""
    if listed.get("ok") == 1:
        return True
    return False if listed.get("code") in _UNAUTHORIZED else None


def _command(talk: Conversation, request: int, command: dict[str, str | int | bool]) -> dict[str, Value]:
    body = bytes(4) + b"\0" + document(command)
    header = b"".join(part.to_bytes(4, "little") for part in (_HEADER_BYTES + len(body), request, 0, _OP_MSG))
    talk.send(header + body)
    length = number(talk.exactly(4), 0, 4, "little")
    if not _HEADER_BYTES + 5 < length <= _MAXIMUM_BYTES:
        raise AnswerError("a message of impossible length")
    return parse_message(talk.exactly(length - 4))


def parse_message(message: bytes) -> dict[str, Value]:
    """Return the document of an OP_MSG, given without its length; raise AnswerError."""
    if number(message, 8, 4, "little") != _OP_MSG:
        raise AnswerError("not an OP_MSG")
    if number(message, 16, 1) != 0:
        raise AnswerError("no body section")
    return parse_document(message[17:])
