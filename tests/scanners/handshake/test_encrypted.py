"""Certificates and application protocol of TLS 1.3, from real servers and from broken ones."""

from __future__ import annotations

import ssl
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPResponseBuilder, OCSPResponseStatus

from scanners.base import Limits
from scanners.handshake.encrypted import EncryptedFlight, encrypted_flight
from scanners.handshake.endpoint import Endpoint
from scanners.handshake.exchange import Line, NotTls, Refusal
from scanners.handshake.hello import OTHER_SIGNATURES, RSA_SIGNATURES, TLS_1_3
from tests.scanners.handshake.fake import fake_server, record, retry_request, server_hello
from tests.scanners.tls.servers import issue, openssl_server, server_context, site, tls_server


def line(port: int) -> Line:
    """Return the way to a loopback port."""
    endpoint = Endpoint("127.0.0.1", port, "site.lab.test", None, 2, time.monotonic() + 30)
    return Line.to(endpoint, Limits(1000, 1, 1000, 30, connect_timeout_seconds=2), lambda: None)


@pytest.mark.parametrize(
    "arguments",
    [
        ("-ciphersuites", "TLS_AES_128_GCM_SHA256"),
        ("-ciphersuites", "TLS_AES_256_GCM_SHA384"),
        ("-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"),
        ("-ciphersuites", "TLS_AES_128_CCM_SHA256"),
        ("-ciphersuites", "TLS_AES_128_CCM_8_SHA256"),
        ("-groups", "P-256"),
        ("-groups", "P-384"),
        ("-groups", "P-521"),
        ("-groups", "X448"),
        ("-Verify", "1"),
    ],
    ids=" ".join,
)
def test_every_suite_and_group_shows_the_certificate(arguments: tuple[str, ...]) -> None:
    with openssl_server("-tls1_3", *arguments) as port:
        way = line(port)
        flight = encrypted_flight(way)
        assert flight == EncryptedFlight(None, (site().der,), None)
        assert way.connections <= 2


def test_the_application_protocol_and_the_staple_are_read(tmp_path: Path) -> None:
    response = OCSPResponseBuilder.build_unsuccessful(OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER)
    (tmp_path / "response.der").write_bytes(response)
    arguments = ("-tls1_3", "-alpn", "http/1.1", "-status_file", str(tmp_path / "response.der"))
    with openssl_server(*arguments) as port:
        flight = encrypted_flight(line(port), application_protocols=("h2", "http/1.1"))
    assert flight == EncryptedFlight("http/1.1", (site().der,), response)


def test_signatures_bring_out_each_of_two_certificates() -> None:
    curve = issue("curve.lab.test")
    context = server_context(site(), curve)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with tls_server(context) as listener:
        flights = [encrypted_flight(line(listener.port), one) for one in (RSA_SIGNATURES, OTHER_SIGNATURES)]
    assert [flight.certificates for flight in flights if isinstance(flight, EncryptedFlight)] == [
        (site().der,),
        (curve.der,),
    ]


def test_an_older_server_refuses() -> None:
    with openssl_server("-tls1_2") as port:
        assert encrypted_flight(line(port)) == Refusal("alert protocol_version", 70)


_SHARE = {43: b"\x03\x04", 51: b"\x00\x1d\x00\x20" + bytes([9] + [0] * 31)}


@pytest.mark.parametrize(
    "answer",
    [
        server_hello(TLS_1_3, 0x1301, _SHARE) + record(23, bytes(100)),
        server_hello(TLS_1_3, 0x1301, _SHARE) + record(23, b"x"),
        server_hello(TLS_1_3, 0x1301, {43: b"\x03\x04", 51: b"\x00\x1d\x00\x20" + bytes(32)}),
        server_hello(TLS_1_3, 0x1301, {43: b"\x03\x04", 51: b"\x00\x17\x00\x02\x04\x04"}),
        server_hello(TLS_1_3, 0x1301, {43: b"\x03\x04"}),
        server_hello(TLS_1_3, 0x00C6, _SHARE),
        retry_request(0x1301, 0x11EC),
        retry_request(0x1301, 24),
    ],
    ids=["garbage", "tiny", "zero share", "no point", "no share", "other suite", "hybrid only", "twice"],
)
def test_broken_answers_are_no_tls(answer: bytes) -> None:
    with fake_server(lambda _offer: answer) as listener, pytest.raises(NotTls):
        encrypted_flight(line(listener.port))
