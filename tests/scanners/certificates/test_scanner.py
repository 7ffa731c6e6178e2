"""The certificate scanner against real servers on loopback."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates
from cryptography.x509.ocsp import OCSPResponseBuilder, OCSPResponseStatus

from auditor.model.evidence import FailureKind, Observation
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.certificates.scanner import CertificateScanner
from scanners.handshake.hello import TLS_1_2
from tests.scanners.handshake.fake import Offer, alert, fake_server, server_hello
from tests.scanners.handshake.fake import record as message_record
from tests.scanners.handshake.test_answers import ssl_2_0_hello
from tests.scanners.loopback import serve, unused_port
from tests.scanners.tls.servers import (
    chain_context,
    issue,
    openssl_server,
    rsa_key,
    server_context,
    site,
    tls_server,
)

LIMITS = Limits(1000, 2, 1000, timeout_seconds=60, connect_timeout_seconds=1)


def scan(port: int, name: str = "site.lab.test", limits: Limits = LIMITS, **options: JSON) -> Observation:
    """Scan one port and return what was observed."""
    task = Task("certificates", "server", "opd", "127.0.0.1", port, name, options=options)
    return CertificateScanner().scan(task, limits, lambda: None)


def deployments(observation: Observation) -> Any:
    """Return the records of an observation."""
    return observation.facts["certificates.deployments"]


def test_a_certificate_is_found_with_few_connections() -> None:
    with tls_server(server_context()) as listener:
        observation = scan(listener.port)
        assert listener.connections <= 4
    (record,) = deployments(observation)
    assert record["certificate.subject"] == "CN=site.lab.test"
    assert record["certificate.name_matches"] is True
    assert record["certificate.self_signed"] is True
    assert record["certificate.trusted"] is False
    assert observation.failure is None
    assert set(observation.facts) == {"certificates.deployments"}


def test_both_certificates_of_a_server_are_found() -> None:
    curve = issue("curve.lab.test", names=("site.lab.test",))
    with tls_server(server_context(site(), curve)) as listener:
        observation = scan(listener.port)
    assert {record["certificate.key_type"] for record in deployments(observation)} == {"RSA", "EC"}
    assert len(observation.raw) == 2


def test_both_certificates_of_a_server_of_tls_1_3_alone_are_found() -> None:
    context = server_context(site(), issue("curve.lab.test", names=("site.lab.test",)))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with tls_server(context) as listener:
        observation = scan(listener.port)
        assert listener.connections <= 4
    assert {record["certificate.key_type"] for record in deployments(observation)} == {"RSA", "EC"}


def test_a_server_that_chokes_on_long_hellos_shows_its_certificate() -> None:
    der = site().der
    entry = len(der).to_bytes(3, "big") + der
    chain = bytes([11]) + (len(entry) + 3).to_bytes(3, "big") + len(entry).to_bytes(3, "big") + entry
    flight = server_hello(TLS_1_2, 0x002F) + message_record(22, chain + b"\x0e\x00\x00\x00")

    def reply(offer: Offer) -> bytes | None:
        return None if offer.size > 255 else flight if 0x002F in offer.suites else alert(40)

    with fake_server(reply) as listener:
        (record,) = deployments(scan(listener.port, limits=Limits(1000, 1, 1000, 30, 0.2)))
    assert record["certificate.subject"] == "CN=site.lab.test"


def test_ssl_2_0_alone_shows_its_certificate() -> None:
    with fake_server(lambda _offer: b"", ssl_2_0_hello(site().der, (0x010080,))) as listener:
        (record,) = deployments(scan(listener.port))
    assert record["certificate.subject"] == "CN=site.lab.test"


@pytest.mark.parametrize("damage", [b"\x0b\x00\x00\x03\x00\x00\x09", b"\x0b\x00\x00\x01\x00"])
def test_a_broken_certificate_message_is_a_named_failure(damage: bytes) -> None:
    flight = server_hello(TLS_1_2, 0x002F) + message_record(22, damage + b"\x0e\x00\x00\x00")
    with fake_server(lambda offer: alert(70) if offer.highest > TLS_1_2 else flight) as listener:
        observation = scan(listener.port)
    assert observation.failure is not None
    assert observation.failure.kind is FailureKind.PROTOCOL
    assert observation.facts == {}


def test_the_chain_is_kept_as_sent_and_tried_against_the_own_authority(tmp_path: Path) -> None:
    root = issue("root", authority=True)
    intermediate = issue("intermediate", root, authority=True)
    leaf = issue("leaf", intermediate, names=("site.lab.test",))
    anchors = tmp_path / "own.pem"
    anchors.write_text(root.pem)
    with tls_server(chain_context(leaf, intermediate)) as listener:
        observation = scan(listener.port, trust_anchors=str(anchors))
    (record,) = deployments(observation)
    assert record["certificate.trusted"] is True
    assert record["certificate.chain_complete"] is True
    assert "own.pem" in record["certificate.trust_store"]
    (raw,) = observation.raw
    assert raw.media_type == "application/pem-certificate-chain"
    assert load_pem_x509_certificates(raw.content) == [leaf.certificate, intermediate.certificate]


@pytest.mark.parametrize(
    ("name", "sent"), [("site.lab.test", "site.lab.test"), ("", None), ("127.0.0.1", None)]
)
def test_the_name_asked_for_chooses_the_certificate(name: str, sent: str | None) -> None:
    asked: set[str | None] = set()
    context = server_context()
    context.sni_callback = lambda _socket, server_name, _context: asked.add(server_name)
    with tls_server(context) as listener:
        (record,) = deployments(scan(listener.port, name))
    assert asked == {sent}
    assert record["certificate.name_asked"] == (name or None)


def test_every_connection_is_paced() -> None:
    paced = 0

    def pace() -> None:
        nonlocal paced
        paced += 1

    with tls_server(server_context()) as listener:
        task = Task("certificates", "server", "opd", "127.0.0.1", listener.port, "site.lab.test")
        CertificateScanner().scan(task, LIMITS, pace)
        assert paced == listener.connections > 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("-tls1", "-cipher", "ALL:@SECLEVEL=0"),
        ("-tls1_2", "-Verify", "1"),
        ("-tls1_3", "-Verify", "1"),
        ("-tls1_2", "-cipher", "AES128-SHA"),
    ],
    ids=" ".join,
)
def test_servers_of_every_kind_show_their_certificate(arguments: tuple[str, ...]) -> None:
    with openssl_server(*arguments) as port:
        (record,) = deployments(scan(port))
    assert record["certificate.subject"] == "CN=site.lab.test"


def test_a_server_without_certificate_has_none() -> None:
    with openssl_server("-tls1_2", "-nocert", "-cipher", "aNULL:@SECLEVEL=0") as port:
        observation = scan(port)
    assert observation.facts == {"certificates.deployments": []}
    assert observation.failure is None


def test_a_stapled_response_is_seen(tmp_path: Path) -> None:
    response = OCSPResponseBuilder.build_unsuccessful(OCSPResponseStatus.TRY_LATER)
    path = tmp_path / "response.der"
    path.write_bytes(response.public_bytes(Encoding.DER))
    with openssl_server("-status_file", str(path)) as port:
        (record,) = deployments(scan(port))
    assert record["certificate.ocsp_stapled"] is True


@pytest.mark.parametrize("text", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_a_port_without_tls_has_no_certificates(text: bytes) -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(text)

    with serve(handle) as listener:
        probed = scan(listener.port, probe=True)
        known = scan(listener.port)
    assert probed.facts == {"certificates.deployments": [], "certificates.spoken": False}
    assert probed.failure is None
    # The port scan met TLS here: whoever turns the auditor away has certificates all the same.
    assert known.facts == {}
    assert known.failure is not None
    assert known.failure.kind is FailureKind.PROTOCOL


def test_a_closed_port_is_a_failure_without_facts() -> None:
    observation = scan(unused_port())
    assert observation.failure is not None
    assert observation.failure.kind is FailureKind.REFUSED
    assert observation.facts == {}


def test_no_time_is_a_failure_without_facts() -> None:
    with tls_server(server_context()) as listener:
        observation = scan(listener.port, limits=Limits(1000, 2, 1000, timeout_seconds=0))
    assert observation.failure is not None
    assert observation.failure.kind is FailureKind.TIMEOUT
    assert observation.facts == {}


def test_smtp_is_asked_by_starttls() -> None:
    def smtp(connection: socket.socket) -> None:
        connection.sendall(b"220 mail.lab.test ESMTP\r\n")
        connection.recv(1000)
        connection.sendall(b"250-mail.lab.test\r\n250 STARTTLS\r\n")
        connection.recv(1000)
        connection.sendall(b"220 go ahead\r\n")

    with tls_server(server_context(), smtp) as listener:
        (record,) = deployments(scan(listener.port, starttls="smtp"))
    assert record["certificate.subject"] == "CN=site.lab.test"


@pytest.mark.parametrize(
    "arguments", [(), ("-tls1_3",), ("-tls1", "-cipher", "ALL:@SECLEVEL=0"), ("-tls1_2", "-Verify", "1")]
)
def test_sslyze_gets_the_same_certificates(arguments: tuple[str, ...]) -> None:
    with openssl_server(*arguments) as port:
        observation = scan(port, reference=True)
    reference: Any = observation.settings["reference"]
    assert (reference["disagreements"], reference["not_compared"]) == ([], [])
    assert deployments(observation)


def test_no_certificate_counts_where_sslyze_gets_another() -> None:
    other = issue("other.lab.test", key=rsa_key())

    def handle(connection: socket.socket) -> None:
        """Show another certificate to those who offer a suite that sslyze does not know."""
        first = connection.recv(2000, socket.MSG_PEEK)
        context = server_context(other) if b"\xc0\x3c" in first else server_context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1000)

    with serve(handle) as listener:
        observation = scan(listener.port, reference=True)
    reference: Any = observation.settings["reference"]
    assert [one["fact"] for one in reference["disagreements"]] == ["certificates.deployments"]
    assert observation.facts == {}
