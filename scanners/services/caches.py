"""Ask Redis and memcached for what they give to strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model.facts import Facts
from scanners.services.answers import text_of
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described

_REFUSALS = (b"-NOAUTH", b"-DENIED", b"-NOPERM", b"-WRONGPASS", b"-ERR operation not permitted")
_SPOKEN = (b"+PONG", *_REFUSALS, b"-LOADING", b"-MASTERDOWN", b"-ERR max number of clients", b"-BUSY")
_INFO_BYTES = 16_384
_REDIS = ("Redis key-value store", "redislabs:redis")


def ask_redis(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Ask PING: +PONG without a password means that anybody may read and write."""
    # Protected mode refuses before anything was asked.
    answer = talk.line() if talk.heard.startswith(b"-") else _after(talk, b"*1\r\n$4\r\nPING\r\n")
    if not answer.startswith(_SPOKEN):
        return
    yield {"service.name": "redis", **described(_REDIS[0], None, _REDIS[1])}
    if answer.startswith((b"+PONG", *_REFUSALS)):
        yield {"redis.unauthenticated": answer.startswith(b"+PONG")}
    if answer.startswith(b"+PONG"):
        talk.send(b"*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n")
        version = _redis_version(talk)
        yield described(_REDIS[0], version, _REDIS[1])
        talk.send(b"*1\r\n$4\r\nQUIT\r\n")


def _redis_version(talk: Conversation) -> str | None:
    heard = b""
    while len(heard) < _INFO_BYTES:
        heard += talk.line()
        if found := re.search(rb"redis_version:([0-9][0-9.]*)\r\n", heard):
            return found[1].decode()
        if not heard.startswith(b"$"):
            break
    return None


def ask_memcached(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Ask for the version and the statistics: a server that gives them to a stranger gives its data too."""
    answer = _after(talk, b"version\r\n")
    if not answer.startswith((b"VERSION ", b"CLIENT_ERROR")):
        return
    found = re.match(rb"VERSION ([0-9][0-9A-Za-z.]*)", answer)
    yield {
        "service.name": "memcached",
        **described("Memcached", text_of(found[1]) if found else None, "memcached:memcached"),
    }
    answer = _after(talk, b"stats\r\n")
    if answer.startswith((b"STAT ", b"CLIENT_ERROR")):
        yield {"memcached.unauthenticated": answer.startswith(b"STAT ")}


def _after(talk: Conversation, request: bytes) -> bytes:
    talk.send(request)
    return talk.line()
