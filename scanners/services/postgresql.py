"""Ask PostgreSQL for TLS, and for a session as postgres without a password (the method `trust`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError, number, text_of, whole
from scanners.services.context import Context
from scanners.services.conversation import Conversation, Tls
from scanners.services.products import described

_SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
_STARTUP = (196608).to_bytes(4, "big") + b"user\0postgres\0database\0postgres\0\0"
_TERMINATE = b"X\0\0\0\x04"
_MAXIMUM_MESSAGE_BYTES = 65_536
_MAXIMUM_MESSAGES = 50
_PRODUCT = ("PostgreSQL DB", "postgresql:postgresql")


def parse_authentication(kind: bytes, payload: bytes) -> bool | None:
    """Tell from the answer to a StartupMessage whether a stranger is let in; None when it does not say.

    `kind` is the message's letter, `payload` what follows its length. Raise AnswerError for no such answer.
    """
    if kind == b"R":
        return number(payload, 0, 4) == 0
    if kind == b"E":
        # No entry, or an entry that rejects; the file's name stays in every language of the message.
        return False if b"pg_hba.conf" in payload else None
    raise AnswerError("not an answer to a StartupMessage")


def ask_postgresql(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Ask SSLRequest, then for a session, inside TLS where that is offered."""
    talk.send(_SSL_REQUEST)
    answer = talk.exactly(1)
    if answer not in (b"S", b"N"):
        return
    yield {"service.name": "postgresql", **described(_PRODUCT[0], None, _PRODUCT[1])}
    yield {"postgresql.tls": answer == b"S"}
    if answer == b"S" and talk.start_tls(context.server_name) is not Tls.SPOKEN:
        with context.open() as plain:
            yield from _session(plain)
        return
    yield from _session(talk)


def _session(talk: Conversation) -> Iterator[Facts]:
    talk.send((len(_STARTUP) + 4).to_bytes(4, "big") + _STARTUP)
    kind, payload = _message(talk)
    trusted = parse_authentication(kind, payload)
    if trusted is not None:
        yield {"postgresql.trust": trusted}
    if not trusted:
        return
    for _ in range(_MAXIMUM_MESSAGES):
        kind, payload = _message(talk)
        if kind == b"S" and payload.startswith(b"server_version\0"):
            found = re.match(r"[0-9.]+", text_of(payload.split(b"\0")[1]))
            yield described(_PRODUCT[0], found[0] if found else None, _PRODUCT[1])
        if kind in (b"Z", b"E"):
            break
    talk.send(_TERMINATE)


def _message(talk: Conversation) -> tuple[bytes, bytes]:
    header = talk.exactly(5)
    length = number(header, 1, 4)
    if not 4 <= length <= _MAXIMUM_MESSAGE_BYTES:
        raise AnswerError("a message of impossible length")
    return whole(header, 0, 1), talk.exactly(length - 4)
