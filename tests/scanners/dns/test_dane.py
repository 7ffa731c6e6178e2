"""TLSA records of mail hosts, and the certificates that these show."""

from __future__ import annotations

import hashlib
import socket
import ssl
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import Certificate
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.evidence import Observation
from scanners.dns.scanner import DnsScanner
from scanners.dns.tlsa import Association
from tests.scanners.dns.asks import limits, scan
from tests.scanners.dns.authority import Authority
from tests.scanners.dns.servers import serve as serve_names
from tests.scanners.dns.test_scanner import world
from tests.scanners.loopback import Handler, serve

MAIL = {"contoh.test MX": ["10 surel.contoh.test."], "surel.contoh.test A": ["127.0.0.1"]}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Certificate, ssl.SSLContext]:
    """Make one certificate for all tests here."""
    return Authority(tmp_path_factory.mktemp("authority")).certificate("surel.contoh.test")


def mail_host(
    context: ssl.SSLContext, greeting: bytes = b"220 surel\r\n", offer: bytes = b"220 go\r\n"
) -> Handler:
    """Speak SMTP as far as STARTTLS."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(greeting)
        connection.recv(1000)
        connection.sendall(b"250-surel\r\n250-PIPELINING\r\n250 STARTTLS\r\n")
        connection.recv(1000)
        connection.sendall(offer)
        if offer.startswith(b"220"):
            with context.wrap_socket(connection, server_side=True) as secured:
                secured.recv(1)

    return handle


def spki(certificate: Certificate) -> bytes:
    """Return the public key that a record of selector 1 names."""
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def der(certificate: Certificate) -> bytes:
    """Return the certificate that a record of selector 0 names."""
    return certificate.public_bytes(Encoding.DER)


MATCHING: dict[str, Callable[[Certificate], str]] = {
    "3 1 1": lambda one: hashlib.sha256(spki(one)).hexdigest(),
    "3 0 1": lambda one: hashlib.sha256(der(one)).hexdigest(),
    "3 1 2": lambda one: hashlib.sha512(spki(one)).hexdigest(),
    "3 0 0": lambda one: der(one).hex(),
    "2 1 1": lambda one: hashlib.sha256(spki(one)).hexdigest(),
}


def scanned(port: int, *records: str, reachable: bool = True) -> Observation:
    """Scan a domain with TLSA records for its mail host, which is 127.0.0.1."""
    names = world(MAIL | ({"_25._tcp.surel.contoh.test TLSA": list(records)} if records else {}))
    with serve_names(names) as server:
        return scan(
            "contoh.test",
            server.resolver,
            scanner=DnsScanner(smtp_port=port),
            given=limits(answer_seconds=1.0),
            reachable=["127.0.0.1"] if reachable else [],
        )


@pytest.mark.parametrize("fields", MATCHING)
def test_a_record_of_the_certificate_shown_matches(
    fields: str, shown: tuple[Certificate, ssl.SSLContext]
) -> None:
    with serve(mail_host(shown[1])) as listener:
        facts = scanned(listener.port, f"{fields} {MATCHING[fields](shown[0])}").facts
    usage, selector, matching = (int(field) for field in fields.split())
    assert facts["domain.tlsa"] == [
        {
            "host": "surel.contoh.test",
            "usage": usage,
            "selector": selector,
            "matching": matching,
            "usable": True,
            "matches": True,
        }
    ]
    assert (facts["domain.tlsa_matches"], facts["domain.tlsa_signed"]) == (True, False)
    assert listener.connections == 1


@pytest.mark.parametrize(
    ("records", "matches"),
    [
        (["3 1 1 " + "00" * 32], False),
        (["1 1 1 " + "00" * 32], False),
        (["3 7 1 " + "00" * 32], False),
        (["3 1 9 " + "00" * 32], False),
    ],
)
def test_a_record_of_another_certificate_or_an_unusable_one_does_not_match(
    records: list[str], matches: bool, shown: tuple[Certificate, ssl.SSLContext]
) -> None:
    with serve(mail_host(shown[1])) as listener:
        assert scanned(listener.port, *records).facts["domain.tlsa_matches"] is matches


def test_one_matching_record_of_a_host_is_enough(shown: tuple[Certificate, ssl.SSLContext]) -> None:
    right = f"3 1 1 {MATCHING['3 1 1'](shown[0])}"
    with serve(mail_host(shown[1])) as listener:
        assert scanned(listener.port, "3 1 1 " + "00" * 32, right).facts["domain.tlsa_matches"] is True


def test_an_issuer_that_the_certificate_does_not_show_decides_nothing(
    shown: tuple[Certificate, ssl.SSLContext],
) -> None:
    with serve(mail_host(shown[1])) as listener:
        facts = scanned(listener.port, "2 1 1 " + "00" * 32).facts
    assert "domain.tlsa_matches" not in facts


def test_a_host_that_may_not_be_reached_is_left_alone(shown: tuple[Certificate, ssl.SSLContext]) -> None:
    with serve(mail_host(shown[1])) as listener:
        facts = scanned(listener.port, "3 1 1 " + "00" * 32, reachable=False).facts
    assert "domain.tlsa_matches" not in facts
    assert listener.connections == 0


def test_without_records_no_host_is_connected_to(shown: tuple[Certificate, ssl.SSLContext]) -> None:
    with serve(mail_host(shown[1])) as listener:
        facts = scanned(listener.port).facts
    assert (facts["domain.tlsa"], facts["domain.tlsa_matches"], facts["domain.tlsa_signed"]) == (
        [],
        None,
        None,
    )
    assert listener.connections == 0


@pytest.mark.parametrize(
    ("greeting", "offer"),
    [
        (b"554 pergi\r\n", b""),
        (b"220 surel\r\n", b"454 nanti\r\n"),
        (b"220 surel\r\n", b"220 go\r\nbukan tls\r\n"),
        (b"220-x\r\n" * 5000, b""),
        (b"x" * 5000, b""),
        (b"", b""),
    ],
)
def test_a_host_that_shows_no_certificate_decides_nothing(
    greeting: bytes, offer: bytes, shown: tuple[Certificate, ssl.SSLContext]
) -> None:
    with serve(mail_host(shown[1], greeting, offer)) as listener:
        facts = scanned(listener.port, "3 1 1 " + "00" * 32).facts
    assert "domain.tlsa_matches" not in facts
    assert facts["domain.tlsa"] != []


@given(
    st.integers(0, 4), st.integers(0, 3), st.integers(0, 3), st.binary(max_size=70), st.binary(max_size=200)
)
def test_no_certificate_makes_the_comparison_raise(
    usage: int, selector: int, matching: int, data: bytes, certificate: bytes
) -> None:
    assert Association(usage, selector, matching, data).matches(certificate) in (True, False, None)
