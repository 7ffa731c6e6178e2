"""What a TLS server answers: records, messages, whole flights, and the way to it by STARTTLS."""

from __future__ import annotations

import time

from fuzz.played import dialer
from fuzz.target import Target, choose
from scanners.handshake import answers
from scanners.handshake.encrypted import encrypted_flight
from scanners.handshake.endpoint import Endpoint
from scanners.handshake.exchange import EXPECTED, Line, whole_flight
from scanners.handshake.flight import Intake
from scanners.handshake.hello import TLS_1_2, Hello

_READERS = (
    answers.parse_server_hello,
    answers.parse_extensions,
    answers.parse_certificate,
    answers.parse_certificate_status,
    answers.parse_certificate_1_3,
    lambda data: answers.parse_key_exchange(data, True),
    lambda data: answers.parse_key_exchange(data, False),
    answers.parse_ssl_2_0_hello,
    answers.split_records,
    answers.split_messages,
)
_STARTTLS = (None, "smtp", "ftp", "imap", "pop3", "postgres", "ldap")
_WAYS = ("flight", "ssl2", "encrypted")
_CHUNK_BYTES = 700


def _message(data: bytes) -> None:
    which, body = choose(data, _READERS)
    read = _READERS[which](body)
    if isinstance(read, answers.ServerHello):
        assert read.group is None or 0 <= read.group <= 0xFFFF
        assert read.application_protocol is None or read.application_protocol.isascii()


def _intake(data: bytes) -> None:
    intake = Intake()
    for start in range(0, len(data), _CHUNK_BYTES):
        intake.feed(data[start : start + _CHUNK_BYTES])
    assert not (intake.empty and intake.flight_ended)


def _exchange(data: bytes) -> None:
    starttls, rest = choose(data, _STARTTLS)
    way, rest = choose(rest, _WAYS)
    played = dialer(rest, 443)
    until = time.monotonic() + 600
    line = Line(Endpoint("127.0.0.1", 443, "web.lab.test", _STARTTLS[starttls], 5.0, until), played)
    if _WAYS[way] == "flight":
        line.ask(Hello(TLS_1_2, (0xC02F, 0x002F), "web.lab.test"), whole_flight)
    elif _WAYS[way] == "ssl2":
        line.ask_ssl_2_0()
    else:
        encrypted_flight(line)


def _hello() -> bytes:
    extensions = bytes.fromhex("ff01000100000b00020100") + bytes.fromhex("0010000b000908687474702f312e31")
    body = b"\x03\x03" + bytes(range(32)) + b"\x00" + b"\xc0\x2f\x00"
    return body + len(extensions).to_bytes(2, "big") + extensions


def _record(kind: int, content: bytes) -> bytes:
    return bytes((kind, 3, 3)) + len(content).to_bytes(2, "big") + content


def _handshake(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3, "big") + body


def _flight() -> bytes:
    certificate = b"\x00\x00\x07\x00\x00\x04\x30\x02\x05\x00"
    exchange = b"\x03\x00\x1d\x20" + bytes(32) + b"\x04\x01\x00\x04abcd"
    messages = (
        _handshake(2, _hello()),
        _handshake(11, certificate),
        _handshake(12, exchange),
        _handshake(14, b""),
    )
    return b"".join(_record(22, message) for message in messages)


def _flight_1_3() -> bytes:
    share = b"\x00\x33\x00\x24\x00\x1d\x00\x20" + bytes(range(32))
    extensions = b"\x00\x2b\x00\x02\x03\x04" + share
    body = (
        b"\x03\x03"
        + bytes(range(32))
        + b"\x00"
        + b"\x13\x01\x00"
        + len(extensions).to_bytes(2, "big")
        + extensions
    )
    return _record(22, _handshake(2, body)) + _record(20, b"\x01") + _record(23, bytes(64))


_ALERT = bytes.fromhex("15030300020228")
_SSL_2_0 = bytes.fromhex("800f04000100020000000300000100") + b"\x80\x04"
_DIALOGUES = {
    "smtp": b"220 mail ESMTP\r\n250-mail\r\n250 STARTTLS\r\n220 go on\r\n",
    "ftp": b"220 ftp\r\n234 go on\r\n",
    "imap": b"* OK imap\r\na001 OK go on\r\n",
    "pop3": b"+OK pop3\r\n+OK go on\r\n",
    "postgres": b"S",
    "ldap": bytes.fromhex("300c02010178070a010004000400"),
}


def _message_seeds() -> list[bytes]:
    return [bytes((index,)) + _hello() for index in range(len(_READERS))] + [
        b"\x08" + _flight(),
        b"\x09" + _hello(),
    ]


def _exchange_seeds() -> list[bytes]:
    plain = [bytes((0, way)) + flight for way in (0, 2) for flight in (_flight(), _flight_1_3(), _ALERT)]
    behind = [bytes((_STARTTLS.index(name), 0)) + said + _flight() for name, said in _DIALOGUES.items()]
    return [*plain, bytes((0, 1)) + _SSL_2_0, *behind]


TARGETS = (
    Target("tls-messages", _message, (answers.MalformedAnswer,), _message_seeds),
    Target("tls-flight", _intake, (answers.MalformedAnswer,), lambda: [_flight(), _flight_1_3(), _ALERT]),
    Target("tls-exchange", _exchange, EXPECTED, _exchange_seeds),
)
