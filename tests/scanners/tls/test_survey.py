"""What ClientHellos find at servers that no program at hand can play."""

from __future__ import annotations

import socket
import struct
from typing import Any

import pytest

from auditor.model.evidence import FailureKind
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.handshake.endpoint import endpoints
from scanners.handshake.exchange import Line
from scanners.handshake.hello import SSL_3_0, TLS_1_0, TLS_1_2, TLS_1_3
from scanners.tls.contact import survey
from scanners.tls.parse import parse
from tests.scanners.handshake.fake import (
    Offer,
    Reply,
    alert,
    choosing,
    fake_server,
    record,
    retry_request,
    server_hello,
)
from tests.scanners.handshake.test_answers import ssl_2_0_hello
from tests.scanners.loopback import serve

LIMITS = Limits(1000, 1, 1000, timeout_seconds=30, connect_timeout_seconds=0.3)
RSA_SUITES = (0x002F, 0x0035, 0x000A)


def facts_of(port: int, limits: Limits = LIMITS) -> tuple[dict[str, Any], Any]:
    """Return the facts that a survey gives, and its failure."""
    (endpoint,) = endpoints(Task("tls", "server", "opd", "127.0.0.1", port, "site.lab.test"), limits)
    document, failure = survey(Line.to(endpoint, limits, lambda: None), limits.parallel_connections, False)
    return dict(parse(document)), failure


def test_hybrid_groups_are_found_without_computing_one() -> None:
    groups = (0x11EC, 29, 0x11ED)

    def reply(offer: Offer) -> bytes:
        if offer.highest != TLS_1_3:
            return alert(70)
        group = next((one for one in groups if one in offer.groups), None)
        suite = next((one for one in (0x1301, 0x1302) if one in offer.suites), None)
        return alert(40) if group is None or suite is None else retry_request(suite, group)

    with fake_server(reply) as listener:
        facts, failure = facts_of(listener.port)
    assert failure is None
    assert facts["tls.groups"] == ["SecP384r1MLKEM1024", "X25519", "X25519MLKEM768"]
    assert facts["tls.cipher_suites"] == ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"]
    assert facts["tls.tls_1_2"] is False
    assert facts["tls.fallback_scsv"] is None


def test_a_server_that_cannot_ask_again_gets_a_key_share() -> None:
    def reply(offer: Offer) -> bytes:
        if offer.highest != TLS_1_3:
            return alert(70)
        shares = offer.extensions[51]
        if 0x1303 not in offer.suites or len(shares) < 6:
            return alert(47)
        return server_hello(TLS_1_3, 0x1303, {43: b"\x03\x04", 51: shares[2:4] + b"\x00\x01x"})

    with fake_server(reply) as listener:
        facts, _ = facts_of(listener.port)
    assert facts["tls.tls_1_3"] is True
    assert facts["tls.cipher_suites"] == ["TLS_CHACHA20_POLY1305_SHA256"]
    assert facts["tls.groups"] == ["X25519", "secp256r1"]


@pytest.mark.parametrize("answer", [None, b""], ids=["silent", "hanging up"])
def test_a_server_that_chokes_on_long_hellos_is_asked_in_short_ones(answer: bytes | None) -> None:
    inner = choosing(TLS_1_0, (0x0005, 0x00C5, *RSA_SUITES))

    def reply(offer: Offer) -> bytes | None:
        return answer if offer.size > 255 else inner(offer)

    with fake_server(reply) as listener:
        facts, _ = facts_of(listener.port)
    assert facts["tls.tls_1_0"] is True
    assert facts["tls.cipher_suites"] == [
        "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256",
        "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
        "TLS_RSA_WITH_AES_128_CBC_SHA",
        "TLS_RSA_WITH_AES_256_CBC_SHA",
        "TLS_RSA_WITH_RC4_128_SHA",
    ]


def test_a_server_that_answers_with_a_lower_version_speaks_only_that() -> None:
    def reply(offer: Offer) -> bytes:
        chosen = next((suite for suite in RSA_SUITES if suite in offer.suites), None)
        return server_hello(SSL_3_0, chosen) if chosen and offer.highest != TLS_1_3 else alert(40)

    with fake_server(reply) as listener:
        facts, _ = facts_of(listener.port)
    assert facts["tls.ssl_3_0"] is True
    assert [facts[f"tls.tls_1_{n}"] for n in range(4)] == [False] * 4
    assert facts["tls.extended_master_secret"] is False
    assert facts["tls.secure_renegotiation"] is False


def test_a_server_that_takes_what_was_not_offered_accepts_nothing_by_it() -> None:
    def reply(offer: Offer) -> bytes:
        return alert(70) if offer.highest != TLS_1_2 else server_hello(TLS_1_2, 0x0005)

    with fake_server(reply) as listener:
        facts, _ = facts_of(listener.port)
    assert facts["tls.cipher_suites"] == ["TLS_RSA_WITH_RC4_128_SHA"]


def test_ssl_2_0_is_found_where_only_it_is_spoken() -> None:
    with fake_server(lambda _offer: b"", ssl_2_0_hello(b"x", (0x010080,))) as listener:
        facts, failure = facts_of(listener.port)
    assert failure is None
    assert facts["tls.ssl_2_0"] is True


def test_ssl_2_0_without_a_cipher_kind_is_spoken_all_the_same() -> None:
    def reply(offer: Offer) -> bytes:
        return b"" if offer.highest == TLS_1_3 else server_hello(TLS_1_2, 0x002F)

    with fake_server(reply, ssl_2_0_hello(b"", ())) as listener:
        facts, _ = facts_of(listener.port)
    assert facts["tls.ssl_2_0"] is True


def test_compression_and_the_application_protocol_show_in_the_hello() -> None:
    def reply(offer: Offer) -> bytes:
        if offer.highest != TLS_1_2 or 0x002F not in offer.suites:
            return alert(40)
        assert offer.compressions == b"\x01\x00"
        return server_hello(TLS_1_2, 0x002F, {16: b"\x00\x03\x02h2", 23: b"", 0xFF01: b"\x00"}, compression=1)

    with fake_server(reply) as listener:
        facts, _ = facts_of(listener.port)
    assert facts["tls.compression"] is True
    assert facts["tls.alpn"] == "h2"
    assert facts["tls.extended_master_secret"] is True
    assert facts["tls.secure_renegotiation"] is True


def test_a_server_strict_about_application_protocols_is_asked_without() -> None:
    inner = choosing(TLS_1_2, RSA_SUITES)

    with fake_server(lambda offer: alert(120) if 16 in offer.extensions else inner(offer)) as listener:
        facts, _ = facts_of(listener.port)
    assert facts["tls.tls_1_2"] is True
    assert facts["tls.alpn"] is None


def ecdhe(prefers: tuple[int, ...], needs: int = 0) -> Reply:
    """Return a TLS 1.2 server of one ECDHE suite that takes curves in its own order."""

    def reply(offer: Offer) -> bytes:
        suite = 0xC02B if needs else 0xC02F
        if offer.highest != TLS_1_2 or suite not in offer.suites:
            return alert(40)
        group = next((one for one in prefers if one in offer.groups), None)
        if group is None or (needs and needs not in offer.groups):
            return alert(40)
        share = bytes([12]) + b"\x00\x00\x04" + b"\x03" + struct.pack("!H", group) + b"\x00"
        return server_hello(TLS_1_2, suite) + record(22, share)

    return reply


def test_every_curve_of_tls_1_2_is_found() -> None:
    with fake_server(ecdhe((23, 1, 29))) as listener:
        facts, _ = facts_of(listener.port)
    assert facts["tls.groups"] == ["X25519", "secp256r1", "sect163k1"]


def test_a_curve_that_is_used_although_not_offered_counts() -> None:
    def reply(offer: Offer) -> bytes:
        if offer.highest != TLS_1_2 or 0xC02F not in offer.suites:
            return alert(40)
        return server_hello(TLS_1_2, 0xC02F) + record(22, b"\x0c\x00\x00\x04\x03\x00\x13\x00")

    with fake_server(reply) as listener:
        facts, _ = facts_of(listener.port)
    assert facts["tls.groups"] == ["secp192r1"]


def test_a_server_that_stops_talking_has_not_refused_the_rest() -> None:
    inner = choosing(TLS_1_2, RSA_SUITES)
    asked = 0

    def reply(offer: Offer) -> bytes | None:
        nonlocal asked
        asked += 1
        return inner(offer) if asked < 3 else b""

    with fake_server(reply) as listener:
        facts, failure = facts_of(listener.port)
    assert failure is not None
    assert failure.kind is FailureKind.RESET
    assert "tls.cipher_suites" not in facts
    assert "tls.tls_1_0" not in facts
    assert "tls.tls_1_2" not in facts


def test_a_server_that_refuses_by_hanging_up_has_refused() -> None:
    inner = choosing(TLS_1_2, RSA_SUITES)

    def reply(offer: Offer) -> bytes | None:
        answer = inner(offer)
        return b"" if answer == alert(40) or answer == alert(70) else answer

    with fake_server(reply) as listener:
        facts, failure = facts_of(listener.port)
    assert failure is None
    assert facts["tls.tls_1_0"] is False
    assert len(facts["tls.cipher_suites"]) == 3


def test_a_drip_ends_with_the_time_of_one_answer() -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(2000)
        for byte in server_hello(TLS_1_2, 0x002F) * 50:
            connection.sendall(bytes([byte]))
            if not connection.recv(0) and listener.stopped.wait(0.02):
                return

    with serve(drip) as listener:
        facts, failure = facts_of(listener.port, Limits(1000, 1, 1000, 2, connect_timeout_seconds=0.1))
    assert failure is not None
    assert failure.kind is FailureKind.TIMEOUT
    assert facts == {}


@pytest.mark.parametrize(
    "answer",
    [
        record(22, b"\x02\xff\xff\xff") * 200,
        server_hello(TLS_1_2, 0x002F)[:-3],
        record(22, b"\x0b\x00\x00\x00"),
        record(23, b"x" * 100),
        b"\x16\x03\x03\xff\xff",
        b"\x15\x03\x03\x00\x01\x02",
    ],
    ids=["endless message", "cut", "no hello first", "data first", "long record", "short alert"],
)
def test_broken_answers_are_a_named_failure(answer: bytes) -> None:
    with fake_server(lambda _offer: answer) as listener:
        facts, failure = facts_of(listener.port)
    assert failure is not None
    assert "tls.tls_1_2" not in facts
