"""TLS servers that are a burden, spoken by hand."""

from __future__ import annotations

import random
import struct

from tests.hostile.behaviour import CHUNK, HOSTILE_BYTES, Behaviour, Peer, Talk, flood, reply

_ALERT, _CHANGE, _HANDSHAKE, _DATA = 21, 20, 22, 23
_HELLO_REQUEST, _HELLO, _CERTIFICATE, _KEY_EXCHANGE, _STATUS, _DONE = 0, 2, 11, 12, 22, 14
_RSA_SUITE, _ECDHE_SUITE, _DHE_SUITE, _TLS_1_3_SUITE = 0x002F, 0xC02F, 0x009E, 0x1301
_VERSIONS = {"3.0": 0x0300, "1.0": 0x0301, "1.2": 0x0303, "9.9": 0x0A0A, "0.0": 0}
_RETRY = bytes.fromhex("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C")
_NOISE = random.Random(3).randbytes(CHUNK)


def _record(kind: int, body: bytes, version: int = 0x0303, length: int | None = None) -> bytes:
    return struct.pack(">BHH", kind, version, len(body) if length is None else length) + body


def _message(kind: int, body: bytes, length: int | None = None) -> bytes:
    return bytes((kind,)) + (len(body) if length is None else length).to_bytes(3, "big") + body


def _extension(number: int, body: bytes) -> bytes:
    return struct.pack(">HH", number, len(body)) + body


def _hello(
    suite: int = _ECDHE_SUITE,
    version: int = 0x0303,
    extensions: bytes = b"",
    noise: bytes = bytes(range(32)),
    session: bytes = b"",
) -> bytes:
    tail = struct.pack(">H", len(extensions)) + extensions if extensions else b""
    body = struct.pack(">H", version) + noise + bytes((len(session),)) + session
    return _message(_HELLO, body + struct.pack(">HB", suite, 0) + tail)


def _hello_1_3(group: int = 0x001D, share: bytes = bytes(32), suite: int = _TLS_1_3_SUITE) -> bytes:
    extensions = _extension(43, b"\x03\x04") + _extension(51, struct.pack(">HH", group, len(share)) + share)
    return _hello(suite, extensions=extensions)


def _certificates(*ders: bytes) -> bytes:
    listed = b"".join(len(der).to_bytes(3, "big") + der for der in ders)
    return _message(_CERTIFICATE, len(listed).to_bytes(3, "big") + listed)


def _dh_parameters(prime: bytes, generator: bytes = b"\x02", public: bytes = b"\x02") -> bytes:
    parts = (prime, generator, public)
    body = b"".join(struct.pack(">H", len(part)) + part for part in parts)
    return _message(_KEY_EXCHANGE, body + b"\x04\x01" + struct.pack(">H", 256) + bytes(256))


def _records(messages: bytes, version: int = 0x0303) -> bytes:
    return b"".join(
        _record(_HANDSHAKE, messages[at : at + 16_000], version) for at in range(0, len(messages), 16_000)
    )


def _alert(level: int, number: int) -> bytes:
    return _record(_ALERT, bytes((level, number)))


def _flight(*messages: bytes, then: str = "stay") -> Talk:
    return reply(_records(b"".join(messages)), then=then)


async def _slow_hello(peer: Peer) -> None:
    await peer.read()
    await peer.slowly(_records(_hello()), 0.5)


async def _echo_hello(peer: Peer) -> None:
    await peer.send(await peer.read())
    await peer.stay()


async def _retries(peer: Peer) -> None:
    """Ask for another key share again and again."""
    extensions = _extension(43, b"\x03\x04") + _extension(51, b"\x00\x17")
    while await peer.read():
        await peer.send(_records(_hello(_TLS_1_3_SUITE, extensions=extensions, noise=_RETRY)))


async def _accepts_all(peer: Peer) -> None:
    """Accept every version and the first suite of whatever is offered, and go no further."""
    hello = await peer.read()
    if len(hello) < 48:
        return
    version = int.from_bytes(hello[9:11], "big")
    at = 44 + hello[43]
    suite = int.from_bytes(hello[at + 2 : at + 4], "big")
    await peer.send(_records(_hello(suite, version) + _message(_DONE, b"")))
    await peer.stay()


async def _another_each_time(peer: Peer) -> None:
    await peer.read()
    answers = (
        _records(_hello() + _certificates() + _message(_DONE, b"")),
        _alert(2, 40),
        _records(_hello_1_3()),
        b"",
        _records(_hello(_RSA_SUITE, 0x0301)),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        _alert(1, 112) + _alert(2, 70),
    )
    await peer.send(answers[peer.number % len(answers)])
    if peer.number % 2:
        await peer.stay()


async def _resets_every_second(peer: Peer) -> None:
    await peer.read()
    if peer.number % 2:
        peer.reset()
    else:
        await peer.send(_records(_hello(_RSA_SUITE)) + _alert(2, 80))


_TALKS: dict[str, Talk] = {
    "alert storm": flood(_alert(1, 90), wait=True),
    "alert storm at once": flood(_alert(1, 90)),
    "close-notify storm": flood(_alert(1, 0), wait=True),
    "unknown alert": reply(_alert(2, 255)),
    "alert of a strange level": reply(_alert(77, 77), then="stay"),
    "alert of one byte": reply(_record(_ALERT, b"\x02"), then="stay"),
    "alert mid-handshake": reply(_records(_hello()) + _alert(2, 80)),
    "alert within a message": reply(_record(_HANDSHAKE, _hello()[:20]) + _alert(2, 80), then="stay"),
    "record length too large": reply(_record(_HANDSHAKE, _hello(), length=65_535), then="stay"),
    "record length too small": reply(_record(_HANDSHAKE, _hello(), length=10), then="stay"),
    "empty records for ever": flood(_record(_HANDSHAKE, b""), wait=True),
    "record of an unknown kind": reply(_record(99, b"abc"), then="stay"),
    "data before the handshake": flood(_record(_DATA, b"a" * 1000), wait=True),
    "change of ciphers for ever": flood(_record(_CHANGE, b"\x01"), wait=True),
    "handshake of 16 MB": flood(
        _record(_HANDSHAKE, b"a" * 16_000),
        wait=True,
        start=_record(_HANDSHAKE, _message(_HELLO, b"", 0xFFFFFF)),
    ),
    "messages of one byte": reply(
        b"".join(_record(_HANDSHAKE, bytes((byte,))) for byte in _hello()), then="stay"
    ),
    "hello requests for ever": flood(_record(_HANDSHAKE, _message(_HELLO_REQUEST, b"")), wait=True),
    "hello again and again": flood(_records(_hello()), wait=True),
    "hello cut short": reply(_record(_HANDSHAKE, _message(_HELLO, b"\x03\x03" + bytes(10)))),
    "hello and silence": reply(_records(_hello()), then="stay"),
    "hello and close": reply(_records(_hello())),
    "hello with a session of 255": reply(
        _records(_message(_HELLO, b"\x03\x03" + bytes(32) + b"\xff")), then="stay"
    ),
    "hello in drips": _slow_hello,
    "suite that was not offered": _flight(_hello(0x1234), _message(_DONE, b"")),
    "suite NULL": _flight(_hello(0), _message(_DONE, b"")),
    "version 9.9": _flight(_hello(version=_VERSIONS["9.9"]), _message(_DONE, b"")),
    "version 0": _flight(_hello(version=_VERSIONS["0.0"]), _message(_DONE, b"")),
    "always SSL 3": reply(_records(_hello(_RSA_SUITE, 0x0300), 0x0300), then="stay"),
    "always TLS 1.0 in records of 1.2": reply(_records(_hello(_RSA_SUITE, 0x0301)), then="stay"),
    "accepts whatever comes first": _accepts_all,
    "echo of the hello": _echo_hello,
    "extensions that lie": _flight(_hello(extensions=b"\x00\x2b\xff\xff\x03\x04")),
    "60 kB of extensions": _flight(_hello(extensions=_extension(0xFFAA, b"a") * 12_000)),
    "same extension often": _flight(_hello(extensions=_extension(43, b"\x03\x04") * 50)),
    "hostile ALPN": _flight(_hello(extensions=_extension(16, HOSTILE_BYTES))),
    "retry without end": _retries,
    "share of an unknown group": _flight(_hello_1_3(0xFEFE)),
    "share of zeros": reply(_records(_hello_1_3()) + _record(_DATA, _NOISE[:500]), then="stay"),
    "share of no bytes": _flight(_hello_1_3(share=b"")),
    "TLS 1.3 with a suite of 1.2": _flight(_hello_1_3(suite=_ECDHE_SUITE)),
    "1.3 and endless encrypted noise": flood(
        _record(_DATA, _NOISE[:16_000]), start=_records(_hello_1_3()), wait=True
    ),
    "no certificate": _flight(_hello(), _certificates(), _message(_DONE, b"")),
    "certificate of noise": _flight(_hello(), _certificates(_NOISE[:900]), _message(_DONE, b"")),
    "certificate of no bytes": _flight(_hello(), _certificates(b"", b""), _message(_DONE, b"")),
    "certificate of deep nesting": _flight(
        _hello(), _certificates(b"\x30\x80" * 20_000), _message(_DONE, b"")
    ),
    "certificates that lie of their length": _flight(
        _hello(), _message(_CERTIFICATE, b"\xff\xff\xff\xff\xff\xff" + bytes(100)), _message(_DONE, b"")
    ),
    "10,000 empty certificates": _flight(_hello(), _certificates(*[b""] * 10_000), _message(_DONE, b"")),
    "endless certificates": flood(
        _record(_HANDSHAKE, _NOISE[:16_000]),
        wait=True,
        start=_records(_hello() + _message(_CERTIFICATE, b"\xff\xff\xf0", 0xFFFFF3)),
    ),
    "status of noise": _flight(_hello(), _certificates(_NOISE[:50]), _message(_STATUS, b"\x01\xff\xff\xff")),
    "DH prime of 0": _flight(
        _hello(_DHE_SUITE), _certificates(_NOISE[:9]), _dh_parameters(b"\0"), _message(_DONE, b"")
    ),
    "DH prime of 64 kB": _flight(
        _hello(_DHE_SUITE), _certificates(_NOISE[:9]), _dh_parameters(_NOISE[:65_535])
    ),
    "DH parameters that are none": _flight(
        _hello(_DHE_SUITE), _certificates(b"a"), _message(_KEY_EXCHANGE, b"\xff")
    ),
    "curve that is none": _flight(
        _hello(), _certificates(b"a"), _message(_KEY_EXCHANGE, b"\x03\xff\xff\xff")
    ),
    "explicit curve": _flight(_hello(), _certificates(b"a"), _message(_KEY_EXCHANGE, b"\x01" + _NOISE[:200])),
    "SSL 2 of noise": reply(
        b"\x80\x20\x04\x00\x01\x00\x02\xff\xff\xff\xff\xff\xff" + _NOISE[:40], then="stay"
    ),
    "plain HTTP": reply(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
    "hostile plain text": reply(HOSTILE_BYTES, then="stay"),
    "another answer each time": _another_each_time,
    "reset every second time": _resets_every_second,
}
BEHAVIOURS = tuple(
    Behaviour(name, "tls", talk, ("tls", "certificates", "http", "services")) for name, talk in _TALKS.items()
)
