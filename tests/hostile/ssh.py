"""SSH servers that are a burden."""

from __future__ import annotations

import random
import struct

from tests.hostile.behaviour import CHUNK, HOSTILE_BYTES, Behaviour, Peer, Talk, flood, say

_VERSION = b"SSH-2.0-OpenSSH_9.2\r\n"
_KEXINIT, _DISCONNECT, _IGNORE, _DEBUG, _UNIMPLEMENTED = 20, 1, 2, 4, 3
_KEX_REPLY = 31
_FITTING = (
    b"curve25519-sha256,diffie-hellman-group14-sha256",
    b"ssh-ed25519,rsa-sha2-512",
    *[b"aes128-ctr,aes256-ctr"] * 2,
    *[b"hmac-sha2-256"] * 2,
    *[b"none"] * 2,
    *[b""] * 2,
)


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _packet(payload: bytes, padding: int | None = None, length: int | None = None) -> bytes:
    fill = 8 - (len(payload) + 5) % 8
    fill = (fill + 8 if fill < 4 else fill) if padding is None else padding
    claimed = len(payload) + fill + 1 if length is None else length
    return struct.pack(">IB", claimed & 0xFFFFFFFF, fill & 0xFF) + payload + bytes(fill)


def _kexinit(lists: tuple[bytes, ...] = _FITTING) -> bytes:
    return _packet(bytes((_KEXINIT,)) + bytes(16) + b"".join(_text(names) for names in lists) + bytes(5))


def _disconnect(text: bytes) -> bytes:
    return _packet(bytes((_DISCONNECT,)) + struct.pack(">I", 2) + _text(text) + _text(b"en"))


def _after(*packets: bytes, then: str = "stay") -> Talk:
    return say(_VERSION, *packets, then=then)


async def _changes_keys(peer: Peer) -> None:
    """Offer other algorithms on every connection, and answer the exchange with noise."""
    await peer.send(_VERSION)
    names = b"ssh-ed25519" if peer.number % 2 else b"ssh-rsa"
    await peer.send(_kexinit((_FITTING[0], names, *_FITTING[2:])))
    await peer.read()
    noise = random.Random(peer.number).randbytes(64)
    await peer.send(
        _packet(bytes((_KEX_REPLY,)) + _text(_text(names) + _text(noise)) + _text(noise) + _text(noise))
    )
    await peer.stay()


_MANY = b",".join(b"name-%d@example.org" % n for n in range(1_500))
_TALKS: dict[str, Talk] = {
    "version of 1 GB": flood(b"a", start=b"SSH-2.0-"),
    "version in drips": flood(b"a", start=b"SSH-2.0-", every_seconds=0.3),
    "endless lines before the version": flood(b"All access is logged\r\n"),
    "lines before the version": say(b"All access is logged\r\n" * 40, _VERSION, _kexinit(), then="stay"),
    "1,000 lines before the version": say(b"Welcome\r\n" * 1000, _VERSION, _kexinit(), then="stay"),
    "version 1.99": say(b"SSH-1.99-OpenSSH_3.4\r\n", _kexinit(), then="stay"),
    "version 1.5": say(b"SSH-1.5-1.2.27\n", then="stay"),
    "version 9.9": say(b"SSH-9.9-x\r\n", then="stay"),
    "version without name": say(b"SSH-2.0-\r\n", _kexinit(), then="stay"),
    "version without end": say(b"SSH-2.0-OpenSSH", then="stay"),
    "hostile version": say(b"SSH-2.0-" + HOSTILE_BYTES + b"\r\n", _kexinit(), then="stay"),
    "version with NUL": say(b"SSH-2.0-a\0b\r\n", _kexinit(), then="stay"),
    "version and silence": _after(),
    "version and close": _after(then="close"),
    "version and reset": _after(then="reset"),
    "version and noise": _after(random.Random(2).randbytes(CHUNK)),
    "version and endless zeros": flood(bytes(CHUNK), start=_VERSION),
    "packet of 4 GB": _after(_packet(bytes((_KEXINIT,)), length=0xFFFFFFFF)),
    "packet of no bytes": _after(_packet(b"", padding=0, length=0)),
    "endless packet": flood(b"a", start=_VERSION + struct.pack(">IB", 35_000, 4) + bytes((_KEXINIT,))),
    "endless names": flood(
        b"aes128-ctr,",
        start=_VERSION
        + struct.pack(">IBB", 0x7FFFFFFF, 4, _KEXINIT)
        + bytes(16)
        + struct.pack(">I", 0x7FFFFFF0),
    ),
    "padding larger than the packet": _after(_packet(bytes((_KEXINIT,)) + bytes(16), padding=255, length=20)),
    "1,500 names": _after(_kexinit((_MANY, *_FITTING[1:]))),
    "hostile names": _after(_kexinit(tuple(HOSTILE_BYTES for _ in range(10)))),
    "names that nobody knows": _after(_kexinit((b"a@b", b"c@d", *[b"e@f"] * 6, b"", b""))),
    "no names at all": _after(_kexinit((b"",) * 10)),
    "name list that is longer than its packet": _after(
        _packet(bytes((_KEXINIT,)) + bytes(16) + struct.pack(">I", 30_000) + b"aes128-ctr")
    ),
    "KEXINIT cut short": _after(_packet(bytes((_KEXINIT,)) + bytes(10))),
    "KEXINIT and silence": _after(_kexinit()),
    "KEXINIT again and again": flood(_kexinit(), start=_VERSION),
    "another message first": _after(_packet(bytes((_KEX_REPLY,)) + bytes(60))),
    "disconnects": _after(_disconnect(b"Too many connections"), then="close"),
    "disconnects with hostile text": _after(_disconnect(HOSTILE_BYTES), then="close"),
    "disconnects with text of 30 kB": _after(_disconnect(b"a" * 30_000), then="close"),
    "IGNORE for ever": flood(_packet(bytes((_IGNORE,)) + _text(b"a" * 100)), start=_VERSION),
    "IGNORE for ever after KEXINIT": flood(
        _packet(bytes((_IGNORE,)) + _text(b"a")), start=_VERSION + _kexinit()
    ),
    "DEBUG for ever": flood(_packet(bytes((_DEBUG, 1)) + _text(HOSTILE_BYTES) + _text(b"")), start=_VERSION),
    "UNIMPLEMENTED for ever": flood(_packet(bytes((_UNIMPLEMENTED,)) + bytes(4)), start=_VERSION),
    "noise for keys": _changes_keys,
}
BEHAVIOURS = tuple(Behaviour(name, "ssh", talk, ("ssh", "services")) for name, talk in _TALKS.items())
