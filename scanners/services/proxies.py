"""Ask whether a port carries strangers on: SOCKS and HTTP proxies, towards the server's own address only.

The way on is asked to a port of the same address where nothing listens. A proxy that tries reports the failed
connection, one that refuses reports the refusal; either way no third party receives a packet.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError, number
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described
from scanners.services.web import USER_AGENT, Answer, exchange, request

CONSENT = "network-open-proxy-absent"
_SOCKS_TRIED = frozenset({0, 1, 3, 4, 5, 6})
"""Granted, or a failure of the connection itself; 2 is the refusal by rule (RFC 1928 section 6)."""
_GATEWAY_FAILED = frozenset({502, 503, 504})
_PROXY_WORDS = ("squid", "tinyproxy", "proxy", "privoxy")


def ask_socks(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Offer no authentication; where the authorization consents, ask for a way on."""
    talk.send(b"\x05\x01\0")
    method = parse_method(talk.exactly(2))
    yield {"service.name": "socks5", **described(None, None, "")}
    if CONSENT not in context.consent:
        return
    if method == 0xFF:
        yield {"proxy.open": False}
    elif method == 0:
        address = ip_address(context.dialer.address)
        kind = b"\x01" if address.version == 4 else b"\x04"
        talk.send(b"\x05\x01\0" + kind + address.packed + _unused_port(context).to_bytes(2, "big"))
        yield {"proxy.open": parse_way(talk.exactly(2))}


def parse_method(answer: bytes) -> int:
    """Return the method that a SOCKS 5 server chose; raise AnswerError."""
    if number(answer, 0, 1) != 5 or number(answer, 1, 1) not in (0, 1, 2, 0xFF):
        raise AnswerError("not an answer of SOCKS 5")
    return number(answer, 1, 1)


def parse_way(answer: bytes) -> bool:
    """Tell from the answer to a request whether the way on was tried; raise AnswerError."""
    if number(answer, 0, 1) != 5:
        raise AnswerError("not an answer of SOCKS 5")
    return number(answer, 1, 1) in _SOCKS_TRIED


def ask_http_proxy(context: Context) -> Iterator[Facts]:
    """Ask for a page of a closed port of the same address, and compare with the plain root."""
    if CONSENT not in context.consent:
        return
    with context.open() as talk:
        plain = exchange(talk, request(context, "GET", "/"), body=False)
    address = context.dialer.address
    host = f"[{address}]" if ":" in address else address
    way = f"{host}:{_unused_port(context)}"
    lines = (f"GET http://{way}/ HTTP/1.1", f"Host: {way}", f"User-Agent: {USER_AGENT}", "Connection: close")
    asked = "\r\n".join((*lines, "", ""))
    with context.open() as talk:
        answer = exchange(talk, asked.encode(), body=False)
    yield {"proxy.open": carries_on(plain, answer)}


def carries_on(plain: Answer, asked: Answer) -> bool:
    """Tell from the root's answer and the answer to the way on whether the proxy tried it."""
    if asked.status in _GATEWAY_FAILED and plain.status not in _GATEWAY_FAILED:
        return True
    words = " ".join((asked.headers.get("server", ""), asked.headers.get("via", ""))).lower()
    return asked.status == 500 and plain.status != 500 and any(word in words for word in _PROXY_WORDS)


def _unused_port(context: Context) -> int:
    """Return a port that was not found open."""
    return next(port for port in range(65535, 1023, -1) if port not in context.open_ports)


def ask_ajp(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Send CPing (AJPv13): an answer of CPong names it."""
    talk.send(b"\x12\x34\0\x01\x0a")
    if talk.exactly(5) == b"AB\0\x01\x09":
        yield {"service.name": "ajp13", **described("Apache Jserv", "Protocol v1.3", "")}
