"""Web servers that are a burden."""

from __future__ import annotations

import asyncio
import gzip
import zlib

from tests.hostile.behaviour import CHUNK, HOSTILE_BYTES, HOSTILE_TEXT, Behaviour, Peer, Talk, flood, reply

_END = b"\r\n\r\n"
_OK = b"HTTP/1.1 200 OK\r\n"
_HTML = _OK + b"Content-Type: text/html\r\n"
_SHORT = b"Content-Length: 2\r\n\r\nok"
_BOMB = gzip.compress(bytes(50_000_000))
_QUOTED = HOSTILE_TEXT.replace("\x00", "").encode()


def _page(body: bytes, headers: bytes = b"") -> bytes:
    return _HTML + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _headers(headers: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\n" + headers + _SHORT


def _always(answer: bytes) -> Talk:
    """Return a talk that gives the same answer to every request, on a connection that stays open."""

    async def talk(peer: Peer) -> None:
        while await peer.until(_END):
            await peer.send(answer)

    return talk


def _once(answer: bytes, then: str = "close") -> Talk:
    return reply(answer, then=then, mark=_END)


def _asked(start: bytes, data: bytes, every_seconds: float = 0.0) -> Talk:
    return flood(data, start=start, every_seconds=every_seconds, wait=True)


async def _slow_headers(peer: Peer) -> None:
    await peer.until(_END)
    await peer.slowly(_headers(b"Server: slow\r\n"), 0.5)


async def _slow_body(peer: Peer) -> None:
    await peer.until(_END)
    await peer.send(_HTML + b"Content-Length: 1000000\r\n\r\n")
    await peer.forever(b"a", 0.2)


async def _changes(peer: Peer) -> None:
    """Answer every request with another status, server and kind of content."""
    kinds = (b"text/html", b"application/json", b"image/png", b"text/plain; charset=utf-16")
    statuses = (b"200 OK", b"404 Not Found", b"500 Error", b"301 Moved", b"401 No", b"204 None")
    number = peer.number
    while await peer.until(_END):
        kind, status = kinds[number % len(kinds)], statuses[number % len(statuses)]
        await peer.send(_headers(b"Server: v%d\r\nContent-Type: %b\r\n" % (number, kind), status))
        number += 1


async def _redirects(peer: Peer) -> None:
    while request := await peer.until(_END):
        path = request.split(b" ", 2)[1] if request.count(b" ") > 1 else b"/"
        await peer.send(_headers(b"Location: " + path + b"a\r\n", b"302 Found"))


async def _bytewise(peer: Peer) -> None:
    """Send a fitting answer in segments of one byte, without a pause."""
    await peer.until(_END)
    await peer.slowly(_page(b"<title>x</title>"), 0.0)
    await asyncio.sleep(0)


_TALKS: dict[str, Talk] = {
    "10,000 headers": _once(_headers(b"".join(b"X-%d: a\r\n" % n for n in range(10_000)))),
    "header of 1 MB": _once(_headers(b"X-Large: " + b"a" * 1_000_000 + b"\r\n")),
    "endless header": _asked(_OK + b"X-Large: ", b"a"),
    "endless headers": _asked(_OK, b"X-A: b\r\n"),
    "header without colon": _once(_headers(b"nonsense\r\n")),
    "header with NUL": _once(_headers(b"Server: a\0b\r\n")),
    "folded header": _once(_headers(b"Server: a\r\n b\r\n\tc\r\n")),
    "hostile headers": _always(_headers(b"Server: %b\r\nX-Powered-By: %b\r\n" % (_QUOTED, HOSTILE_BYTES))),
    "same header often": _always(_headers(b"Strict-Transport-Security: max-age=-1e999;;=;\r\n" * 50)),
    "strange header values": _always(
        _headers(
            b"Content-Security-Policy: " + b"script-src 'x' ;" * 500 + b"\r\nX-Frame-Options: ,,,\r\n"
            b"Permissions-Policy: ((((=*;\r\nReferrer-Policy: \xf0\x9f\x92\xa9\r\n"
            b"Access-Control-Allow-Origin: null,*\r\nAllow: " + b"A," * 2000 + b"\r\n"
        )
    ),
    "negative Content-Length": _once(_OK + b"Content-Length: -5\r\n\r\nhello"),
    "huge Content-Length": _once(_OK + b"Content-Length: 999999999999999999999\r\n\r\nhello", then="stay"),
    "wrong Content-Length": _once(_OK + b"Content-Length: 500\r\n\r\nhello"),
    "short Content-Length": _once(_OK + b"Content-Length: 1\r\n\r\n" + b"hello" * 1000),
    "duplicate Content-Length": _once(_OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk"),
    "Content-Length that is no number": _once(_OK + "Content-Length: ٣\r\n\r\nokk".encode()),
    "length and chunks": _once(_OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "endless chunks": _asked(_HTML + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "chunk of 2^64": _once(_HTML + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\na", then="stay"),
    "chunk that is no number": _once(_HTML + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\na\r\n0\r\n\r\n"),
    "endless chunk extension": _asked(_HTML + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a"),
    "endless trailers": _asked(_HTML + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: b\r\n"),
    "100 Continue for ever": _asked(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103 Early Hints for ever": _asked(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "101 Switching Protocols": _always(_headers(b"Upgrade: h2c\r\n", b"101 Switching Protocols")),
    "redirect loop": _always(_headers(b"Location: /\r\n", b"302 Found")),
    "redirect that grows": _redirects,
    "redirect to the metadata service": _always(
        _headers(b"Location: http://169.254.169.254/\r\n", b"301 Go")
    ),
    "redirect to a file": _always(_headers(b"Location: file:///etc/passwd\r\n", b"301 Go")),
    "redirect to nonsense": _always(_headers(b"Location: http://[::1:::/%zz\r\n", b"301 Go")),
    "redirect to hostile text": _always(_headers(b"Location: https://" + _QUOTED + b"\r\n", b"301 Go")),
    "Set-Cookie flood": _always(
        _headers(b"".join(b"Set-Cookie: c%d=a; Path=/\r\n" % n for n in range(1000)))
    ),
    "strange cookies": _always(_headers(b"Set-Cookie: ;;;=;\r\nSet-Cookie: " + _QUOTED + b"\r\n")),
    "HTTP/0.9": _once(b"<html><title>old</title></html>"),
    "HTTP/9.9": _once(b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    "HTTP/2 at once": _once(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18), then="stay"),
    "ICY": _once(b"ICY 200 OK\r\n\r\n" + b"a" * 5000),
    "status 999": _always(_headers(b"", b"999 What")),
    "status 0": _once(_headers(b"", b"000 What")),
    "status that is no number": _once(_headers(b"", b"abc def")),
    "endless status line": _asked(b"HTTP/1.1 200 ", b"a"),
    "bare line feeds": _once(b"HTTP/1.1 200 OK\nContent-Length: 2\nServer: x\n\nok"),
    "gzip bomb": _always(_page(_BOMB, b"Content-Encoding: gzip\r\n")),
    "gzip in gzip": _always(_page(gzip.compress(_BOMB), b"Content-Encoding: gzip, gzip\r\n")),
    "deflate that breaks off": _always(
        _page(zlib.compress(b"a" * 9999)[:20], b"Content-Encoding: deflate\r\n")
    ),
    "unknown encoding": _always(_page(b"abc", b"Content-Encoding: what\r\n")),
    "unknown charset": _always(
        _page(b"<title>\xff\xfe</title>", b"Content-Type: text/html; charset=klingon\r\n")
    ),
    "charset that is a codec": _always(
        _page(b"<title>a</title>", b"Content-Type: text/html; charset=zlib\r\n")
    ),
    "endless body": _asked(_HTML + b"\r\n", b"<p>a</p>"),
    "slow headers": _slow_headers,
    "slow body": _slow_body,
    "byte by byte": _bytewise,
    "hostile title": _always(_page(b"<html><title>" + HOSTILE_BYTES + b"</title><h1>" + HOSTILE_BYTES)),
    "deep page": _always(_page(b"<div>" * 150_000)),
    "page of open tags": _always(_page(b"<a <script <form " * 40_000)),
    "page of quotes": _always(_page(b"<a href='" + b"<!--" * 100_000)),
    "page of links": _always(_page(b"<script src=http://a.example/x></script>" * 20_000)),
    "page of forms": _always(_page(b"<form action=http://a.example><input type=password>" * 15_000)),
    "page of entities": _always(_page(b"&#x110000;&amp&#0;&lt" * 40_000)),
    "page of strange links": _always(
        _page(b"<a href='http://[::1'>x</a><a href='//\\\\@:99999'>y</a>" * 2_000)
    ),
    "page of NULs": _always(_page(bytes(900_000))),
    "everything exists": _always(
        _page(b"ref: refs/heads/main\nDB_PASSWORD=x\nINSERT INTO a VALUES(1);\n<?php\n")
    ),
    "more than was asked for": _always(_page(b"ok") + _page(b"surplus") * 3),
    "another answer each time": _changes,
    "challenge flood": _always(
        _headers(b'WWW-Authenticate: Basic realm="%b"\r\n' % (b"a" * 50) * 80, b"401 No")
    ),
    "closes within the header": _once(b"HTTP/1.1 200 OK\r\nServer: x"),
    "resets within the body": _once(_HTML + b"Content-Length: 99999\r\n\r\n" + b"a" * 500, then="reset"),
    "stays within the header": _once(b"HTTP/1.1 200 OK\r\nServer: x", then="stay"),
    "large answers": _always(_page(b"a" * (20 * CHUNK))),
}
GOOD = Behaviour(
    "good site",
    "http",
    _always(_page(b"<html lang=id><title>Situs</title><a href=/a>a</a>", b"Server: nginx\r\n")),
    ("http", "services"),
)
"""A server that is no burden, to stand among the others."""
BEHAVIOURS = tuple(Behaviour(name, "http", talk, ("http", "services")) for name, talk in _TALKS.items())
