"""Servers that are a burden whatever protocol one hoped for."""

from __future__ import annotations

import random

from tests.hostile.behaviour import CHUNK, HOSTILE_BYTES, Behaviour, Peer, Talk, flood, reply, say, silence

_GARBAGE = random.Random(1).randbytes(CHUNK)


async def _half_close(peer: Peer) -> None:
    peer.end_sending()
    await peer.stay()


async def _echo(peer: Peer) -> None:
    while data := await peer.read():
        await peer.send(data)


async def _deaf(peer: Peer) -> None:
    """Never read, so that whoever sends much is stopped, and say nothing."""
    peer.reader._transport.pause_reading()  # type: ignore[attr-defined]
    await peer.writer.wait_closed()


async def _reset(peer: Peer) -> None:
    peer.reset()


async def _reset_when_asked(peer: Peer) -> None:
    await peer.read(1)
    peer.reset()


async def _another_each_time(peer: Peer) -> None:
    answers = (
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"220 mail ESMTP\r\n",
        b"\x15\x03\x03\x00\x02\x02\x28",
        _GARBAGE,
        b"",
    )
    if peer.number % 3 == 1:
        await peer.read()
    await peer.send(answers[peer.number % len(answers)])


async def _only_once(peer: Peer) -> None:
    """Behave on the first connection, and tear down every other."""
    if peer.number:
        peer.reset()
        return
    await peer.send(b"220 ready\r\n")
    await peer.stay()


_TALKS: dict[str, Talk] = {
    "silent": silence,
    "one byte every ten seconds": flood(b"a", every_seconds=10.0),
    "slow drip": flood(b"a", every_seconds=0.2),
    "slow drip of lines": flood(b"a\r\n", every_seconds=0.2),
    "endless lines": flood(b"Welcome to this server\r\n"),
    "endless line": flood(b"a"),
    "endless zeros": flood(bytes(CHUNK)),
    "endless garbage": flood(_GARBAGE),
    "reset after connect": _reset,
    "reset when asked": _reset_when_asked,
    "reset in the middle": say(b"220 wel", then="reset"),
    "close after connect": say(),
    "close when asked": reply(),
    "half-close": _half_close,
    "echo": _echo,
    "deaf": _deaf,
    "garbage": say(_GARBAGE),
    "garbage when asked": reply(_GARBAGE, then="stay"),
    "hostile text": say(HOSTILE_BYTES + b"\r\n", then="stay"),
    "hostile text when asked": reply(HOSTILE_BYTES + b"\r\n"),
    "another protocol each time": _another_each_time,
    "only one connection": _only_once,
}
BEHAVIOURS = tuple(
    Behaviour(name, "tcp", talk, ("services", "tls", "certificates", "ssh", "http"))
    for name, talk in _TALKS.items()
)
