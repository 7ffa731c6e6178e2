"""Whatever a server sends, reading it raises the one declared exception or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.handshake.answers import (
    KeyExchange,
    MalformedAnswer,
    parse_certificate,
    parse_certificate_1_3,
    parse_certificate_status,
    parse_extensions,
    parse_key_exchange,
    parse_server_hello,
    parse_ssl_2_0_hello,
    split_messages,
    split_records,
)
from scanners.handshake.flight import Intake
from scanners.handshake.hello import TLS_1_2, TLS_1_3
from tests.scanners.handshake.fake import alert, record, retry_request, server_hello

PARSERS: dict[str, Callable[[bytes], object]] = {
    "server hello": parse_server_hello,
    "extensions": parse_extensions,
    "certificate": parse_certificate,
    "certificate of TLS 1.3": parse_certificate_1_3,
    "certificate status": parse_certificate_status,
    "curve": lambda data: parse_key_exchange(data, finite_field=False),
    "finite field": lambda data: parse_key_exchange(data, finite_field=True),
    "ssl 2.0": parse_ssl_2_0_hello,
    "records": split_records,
    "messages": split_messages,
    "flight": lambda data: Intake().feed(data),
}


def sample(certificates: int = 2) -> bytes:
    """Return a whole flight in two records: hello, certificates, status, DH group, end."""
    entry = b"\x00\x00\x03abc"
    chain = (len(entry) * certificates).to_bytes(3, "big") + entry * certificates
    parts = {
        11: chain,
        22: b"\x01\x00\x00\x02ok",
        12: b"\x00\x02\x80\x01\x00\x01\x02\x00\x01\x05",
        14: b"",
    }
    rest = b"".join(bytes([kind]) + len(body).to_bytes(3, "big") + body for kind, body in parts.items())
    return server_hello(TLS_1_2, 0x0033, {23: b"", 0xFF01: b"\x00"}, compression=1) + record(22, rest)


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.binary(max_size=300))
def test_random_bytes(name: str, data: bytes) -> None:
    raises_only_what_is_declared(PARSERS[name], data)


@pytest.mark.parametrize("name", PARSERS)
@given(at=st.integers(0, 200), bit=st.integers(0, 7), cut=st.integers(0, 200), skip=st.integers(0, 12))
def test_damaged_answers(name: str, at: int, bit: int, cut: int, skip: int) -> None:
    data = bytearray(sample())
    data[at % len(data)] ^= 1 << bit
    raises_only_what_is_declared(PARSERS[name], bytes(data[skip : len(data) - cut]))


def raises_only_what_is_declared(parse: Callable[[bytes], object], data: bytes) -> None:
    """Call a parser and let nothing but MalformedAnswer pass as expected."""
    try:
        parse(data)
    except MalformedAnswer:
        return


@given(st.lists(st.integers(1, 60), max_size=8))
def test_a_flight_is_the_same_in_whatever_pieces_it_comes(sizes: list[int]) -> None:
    data, whole, pieces = sample(), Intake(), Intake()
    whole.feed(data)
    for size in sizes:
        pieces.feed(data[:size])
        data = data[size:]
    pieces.feed(data)
    assert pieces.messages == whole.messages
    assert pieces.hello == whole.hello
    assert whole.flight_ended
    assert pieces.flight_ended


def test_a_flight_tells_what_it_says() -> None:
    intake = Intake()
    intake.feed(sample())
    assert intake.hello is not None
    assert (intake.hello.version, intake.hello.suite, intake.hello.compression) == (TLS_1_2, 0x0033, 1)
    assert set(intake.hello.extensions) == {23, 0xFF01}
    assert parse_certificate(intake.messages[11]) == (b"abc", b"abc")
    assert parse_certificate_status(intake.messages[22]) == b"ok"
    assert parse_key_exchange(intake.messages[12], finite_field=True) == KeyExchange(dh_bits=16)


def test_a_retry_request_names_suite_and_group() -> None:
    intake = Intake()
    intake.feed(retry_request(0x1301, 0x11EC) + record(20, b"\x01"))
    assert intake.hello is not None
    assert intake.hello.retry
    assert (intake.hello.version, intake.hello.suite, intake.hello.group) == (TLS_1_3, 0x1301, 0x11EC)


def test_a_warning_is_no_refusal() -> None:
    intake = Intake()
    intake.feed(alert(112, level=1))
    assert not intake.refused
    intake.feed(server_hello(TLS_1_2, 0x002F))
    assert intake.hello is not None
    refused = Intake()
    refused.feed(alert(40))
    assert refused.refused


@given(st.lists(st.integers(1, 20), max_size=8))
def test_what_follows_a_fatal_alert_is_not_read(sizes: list[int]) -> None:
    # vsftpd ends a refused handshake so, in one segment or in several.
    oops = b"500 OOPS: error:0A0000C1:SSL routines::no shared cipher\r\n"
    for before in (b"", server_hello(TLS_1_2, 0x002F)):
        data, intake = before + alert(40) + oops, Intake()
        for size in sizes:
            intake.feed(data[:size])
            data = data[size:]
        intake.feed(data)
        assert intake.alert == 40
        assert intake.refused is not before.startswith(b"\x16")


def test_an_explicit_curve_has_no_number() -> None:
    assert parse_key_exchange(b"\x01\x00\x00", finite_field=False) == KeyExchange()
    assert parse_key_exchange(b"\x03\x00\x17", finite_field=False) == KeyExchange(group=23)


def test_a_hello_of_ssl_2_0_names_its_kinds_and_certificate() -> None:
    message = ssl_2_0_hello(b"certificate", (0x010080, 0x0700C0))
    assert parse_ssl_2_0_hello(message) == ((0x010080, 0x0700C0), b"certificate")
    assert parse_ssl_2_0_hello(message[:-1]) is None


def ssl_2_0_hello(certificate: bytes, kinds: tuple[int, ...]) -> bytes:
    """Return a SERVER-HELLO."""
    listed = b"".join(kind.to_bytes(3, "big") for kind in kinds)
    lengths = (2, len(certificate), len(listed), 16)
    body = (
        b"\x04\x00\x01" + b"".join(n.to_bytes(2, "big") for n in lengths) + certificate + listed + bytes(16)
    )
    return (0x8000 | len(body)).to_bytes(2, "big") + body
