"""Name servers that are a burden."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from tests.hostile.behaviour import HOSTILE_BYTES, Answer, Behaviour, Peer, Talk, flood, silence

_A, _NS, _CNAME, _SOA, _MX, _TXT, _AAAA = 1, 2, 5, 6, 15, 16, 28
_RESPONSE, _CUT = 0x8180, 0x8380
_POINTER = b"\xc0\x0c"
_TEXT = b"v=spf1 include:contoh.test redirect=contoh.test -all"


def _question(query: bytes) -> tuple[bytes, int]:
    """Return the question of a query as it came, and the type it asks for."""
    at = 12
    while at < len(query) and query[at]:
        at += query[at] + 1
    question = query[12 : at + 5]
    return question, int.from_bytes(question[-4:-2], "big")


def _record(
    kind: int, data: bytes, owner: bytes = _POINTER, seconds: int = 60, length: int | None = None
) -> bytes:
    return (
        owner
        + struct.pack(">HHIH", kind, 1, seconds, (len(data) if length is None else length) & 0xFFFF)
        + data
    )


def _message(
    query: bytes, records: Sequence[bytes] = (), flags: int = _RESPONSE, counts: int | None = None
) -> bytes:
    question, _ = _question(query)
    answers = len(records) if counts is None else counts
    return query[:2] + struct.pack(">HHHHH", flags, 1, answers & 0xFFFF, 0, 0) + question + b"".join(records)


def _text(data: bytes) -> bytes:
    return (
        b"".join(bytes((len(data[at : at + 255]),)) + data[at : at + 255] for at in range(0, len(data), 255))
        or b"\0"
    )


def _soa() -> bytes:
    return _POINTER + _POINTER + struct.pack(">IIIII", 1, 2, 3, 4, 5)


def _fitting(query: bytes) -> bytes:
    """Return a record of the type that was asked for, whatever the name."""
    _, kind = _question(query)
    data = {
        _A: b"\x7f\0\0\1",
        _AAAA: bytes(15) + b"\1",
        _NS: _POINTER,
        _CNAME: _POINTER,
        _MX: b"\0\1" + _POINTER,
    }
    if kind == _TXT:
        return _record(_TXT, _text(_TEXT))
    return _record(kind, _soa() if kind == _SOA else data.get(kind, b"abc"))


def _exists(wrong: Callable[[bytes], Sequence[bytes]]) -> Answer:
    """Return an answer that says SOA like everybody, and to everything else something wrong."""

    def answer(query: bytes) -> Sequence[bytes]:
        if _question(query)[1] == _SOA:
            return [_message(query, [_record(_SOA, _soa())])]
        return wrong(query)

    return answer


def _records(make: Callable[[int], Sequence[bytes]]) -> Answer:
    return _exists(lambda query: [_message(query, make(_question(query)[1]))])


def _alias_of_its_own(query: bytes) -> Sequence[bytes]:
    """Answer with an alias to a name below the one that was asked for, which never ends."""
    question, _ = _question(query)
    return [
        _message(
            query,
            [
                _record(
                    _CNAME,
                    b"\x01a" + question[:-4][-200:] if len(question) > 220 else b"\x01a" + question[:-4],
                )
            ],
        )
    ]


def _same_to_all(query: bytes) -> Sequence[bytes]:
    return [_message(query, [_fitting(query)])]


def _stream(answer: Answer, wrap: Callable[[bytes], bytes] | None = None) -> Talk:
    """Return a talk that answers over TCP what `answer` says of a query."""

    async def talk(peer: Peer) -> None:
        while len(query := await peer.read()) > 14:
            for message in answer(query[2:]):
                framed = struct.pack(">H", len(message) & 0xFFFF) + message
                await peer.send(wrap(framed) if wrap else framed)

    return talk


def _cut(query: bytes) -> Sequence[bytes]:
    return [_message(query, flags=_CUT)]


def _large_text(query: bytes) -> Sequence[bytes]:
    return [_message(query, [_record(_TXT, _text(b"v=spf1 " + b"a" * 64_000))])]


_ANSWERS: dict[str, Answer] = {
    "wrong id": lambda query: [bytes(2) + _message(query, [_fitting(query)])[2:]] * 3,
    "no such name": lambda query: [_message(query, flags=_RESPONSE | 3)],
    "server failure": lambda query: [_message(query, flags=_RESPONSE | 2)],
    "refused": lambda query: [_message(query, flags=_RESPONSE | 5)],
    "unknown code": lambda query: [_message(query, flags=_RESPONSE | 15)],
    "no answer at all": lambda _query: [],
    "empty datagram": lambda _query: [b""],
    "id alone": lambda query: [query[:2]],
    "header alone": lambda query: [query[:2] + b"\x81\x80" + bytes(8)],
    "echo": lambda query: [query],
    "garbage": lambda query: [query[:2] + b"\xff" * 500],
    "200 datagrams": lambda query: [b"\0\0" + query[2:]] * 200,
    "counts that lie": lambda query: [_message(query, [_fitting(query)], counts=65_535)],
    "another question": lambda query: [
        _message(b"%b\x01\0\0\1\0\0\0\0\0\0\5other\4test\0\0\1\0\1" % query[:2])
    ],
    "another name": _records(lambda _kind: [_record(_A, b"\1\2\3\4", owner=b"\5other\4test\0")]),
    "another type": _records(lambda _kind: [_record(99, b"abc")]),
    "same to all": _same_to_all,
    "truncation without end": _cut,
    "truncation within a record": _exists(lambda query: [_message(query, [_fitting(query)])[:-3]]),
    "compression loop": _records(lambda kind: [_record(kind, b"\xc0\x0c", owner=b"\xc0\x1c")] * 3),
    "compression onto itself": _records(
        lambda kind: [
            _record(kind, b"\x01a\xc0\x29"),
            _record(_NS, b"\xc0\xff"),
            _record(_MX, b"\0\1\xff\xff"),
        ]
    ),
    "compression forward": _records(lambda kind: [_record(kind, b"a", owner=b"\xc3\xff")]),
    "label of 200": _records(lambda kind: [_record(kind, b"\xc8" + b"a" * 200 + b"\0")]),
    "name of 2,000": _records(
        lambda kind: [_record(kind, b"\x3f" + b"a" * 63, owner=(b"\x3f" + b"a" * 63) * 30 + b"\0")]
    ),
    "hostile labels": _records(
        lambda kind: [
            _record(_NS, b"\x3f" + (HOSTILE_BYTES * 2)[:63] + b"\0"),
            _record(kind, b"\0\1\x04<a>\0\0"),
        ]
    ),
    "hostile text": _records(
        lambda _kind: [_record(_TXT, _text(b"v=spf1 " + HOSTILE_BYTES)), _record(_TXT, b"\xffab")]
    ),
    "alias to itself": _records(lambda _kind: [_record(_CNAME, _POINTER)]),
    "alias without end": _exists(_alias_of_its_own),
    "aliases in a ring": _records(
        lambda _kind: [_record(_CNAME, b"\1b\0"), _record(_CNAME, _POINTER, owner=b"\1b\0")]
    ),
    "1,000 mail hosts": _records(
        lambda _kind: [_record(_MX, struct.pack(">H", n) + b"\1a" + _POINTER) for n in range(1000)]
    ),
    "policy without end": _records(
        lambda _kind: [_record(_TXT, _text(b"v=spf1 " + b"include:%{d}.a.test " * 400))]
    ),
    "policies in dozens": _records(
        lambda _kind: [_record(_TXT, _text(b"v=spf1 a mx ptr")), _record(_TXT, _text(b"v=DMARC1; p"))] * 20
    ),
    "time to live below 0": _records(lambda kind: [_record(kind, b"\7\0\0\1", seconds=0xFFFFFFFF)]),
    "lengths that lie": _records(lambda kind: [_record(kind, b"abc", length=60_000)]),
    "records of no bytes": _records(lambda kind: [_record(kind, b"")] * 50),
    "text of 64 kB": _cut,
}
_STREAMS: dict[str, Talk] = {
    "text of 64 kB": _stream(_large_text),
    "truncation over TCP": silence,
    "length over TCP that lies": _stream(_same_to_all, lambda framed: b"\xff\xff" + framed[2:]),
    "zero length over TCP": flood(b"\0\0", wait=True),
    "endless answers over TCP": flood(b"\0\x20" + b"a" * 32, wait=True),
    "drip over TCP": flood(b"\1", every_seconds=0.3, wait=True),
}
BEHAVIOURS = tuple(
    Behaviour(
        name,
        "names",
        _STREAMS.get(name) or _stream(_ANSWERS[name]),
        ("dns", "udp", "services"),
        answer=_ANSWERS.get(name, _cut),
    )
    for name in dict.fromkeys((*_ANSWERS, *_STREAMS))
)
