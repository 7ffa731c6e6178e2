"""The MTA-STS policy file, fetched as a mail server would: from one's own server, and nowhere else."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from auditor.model.evidence import FailureKind, Observation
from scanners.dns.scanner import DnsScanner
from tests.scanners.dns.asks import limits, scan
from tests.scanners.dns.authority import Authority
from tests.scanners.dns.servers import serve as serve_names
from tests.scanners.dns.test_records import POLICY
from tests.scanners.dns.test_scanner import world
from tests.scanners.loopback import Handler, serve, unused_port

ANNOUNCED = {"_mta-sts.contoh.test TXT": ['"v=STSv1; id=1"'], "mta-sts.contoh.test A": ["127.0.0.1"]}
ENFORCED = POLICY.format(mode="enforce").encode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Make one authority for all tests here."""
    return Authority(tmp_path_factory.mktemp("authority"))


def answer(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    """Return an HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


def site(context: ssl.SSLContext, response: bytes, heads: list[bytes] | None = None) -> Handler:
    """Answer every request over TLS with the same bytes."""

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            head = b""
            while b"\r\n\r\n" not in head and (data := secured.recv(4096)):
                head += data
            if heads is not None:
                heads.append(head)
            secured.sendall(response)

    return handle


def scanned(port: int, authority: Authority, records: dict[str, list[str]] | None = None) -> Observation:
    """Scan a domain whose policy host is 127.0.0.1, allowed to be reached."""
    with serve_names(world(ANNOUNCED if records is None else records)) as server:
        return scan(
            "contoh.test",
            server.resolver,
            scanner=DnsScanner(https_port=port),
            given=limits(answer_seconds=1.0),
            reachable=["127.0.0.1"],
            trust_anchors=str(authority.anchors),
        )


@pytest.mark.parametrize("mode", ["enforce", "testing", "none"])
def test_the_mode_of_a_valid_file_is_told(authority: Authority, mode: str) -> None:
    _, context = authority.certificate("mta-sts.contoh.test")
    heads: list[bytes] = []
    with serve(site(context, answer(POLICY.format(mode=mode).encode()), heads)) as listener:
        seen = scanned(listener.port, authority)
    assert seen.facts["domain.mta_sts_mode"] == mode
    assert heads[0].startswith(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.contoh.test\r\n")
    assert listener.connections == 1


@pytest.mark.parametrize(
    "response",
    [
        answer(b"", "404 Not Found"),
        answer(b"", "301 Moved Permanently", "Location: https://lain.test/\r\n"),
        answer(b"<html>"),
        answer(ENFORCED + b"x" * 90_000),
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"bukan http\r\n\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + ENFORCED,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 9000,
    ],
)
def test_what_a_mail_server_would_not_accept_is_no_policy(authority: Authority, response: bytes) -> None:
    _, context = authority.certificate("mta-sts.contoh.test")
    with serve(site(context, response)) as listener:
        seen = scanned(listener.port, authority)
    assert seen.facts["domain.mta_sts_mode"] is None


@pytest.fixture(params=["stranger", "other name"])
def distrusted(request: pytest.FixtureRequest, authority: Authority, tmp_path: Path) -> ssl.SSLContext:
    """Return contexts whose certificate a mail server refuses."""
    if request.param == "stranger":
        return Authority(tmp_path).certificate("mta-sts.contoh.test")[1]
    return authority.certificate("www.contoh.test")[1]


def test_a_certificate_that_is_not_trusted_gives_no_policy(
    authority: Authority, distrusted: ssl.SSLContext
) -> None:
    with serve(site(distrusted, answer(ENFORCED))) as listener:
        seen = scanned(listener.port, authority)
    assert seen.facts["domain.mta_sts_mode"] is None


def test_a_domain_that_announces_none_has_none_and_is_not_connected_to(authority: Authority) -> None:
    _, context = authority.certificate("mta-sts.contoh.test")
    with serve(site(context, answer(ENFORCED))) as listener:
        seen = scanned(listener.port, authority, {"mta-sts.contoh.test A": ["127.0.0.1"]})
    assert seen.facts["domain.mta_sts_mode"] is None
    assert listener.connections == 0


def test_a_host_that_may_not_be_reached_is_left_alone(authority: Authority) -> None:
    _, context = authority.certificate("mta-sts.contoh.test")
    records = ANNOUNCED | {"mta-sts.contoh.test A": ["127.0.0.2"]}
    with serve(site(context, answer(ENFORCED)), address="127.0.0.2") as listener:
        seen = scanned(listener.port, authority, records)
    assert "domain.mta_sts_mode" not in seen.facts
    assert listener.connections == 0


def test_a_host_that_cannot_be_reached_leaves_it_open(authority: Authority) -> None:
    seen = scanned(unused_port(), authority)
    assert "domain.mta_sts_mode" not in seen.facts
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.REFUSED


def test_a_host_that_says_nothing_leaves_it_open(authority: Authority) -> None:
    with serve(lambda connection: connection.recv(100_000) and connection.recv(1) and None) as listener:
        seen = scanned(listener.port, authority)
    assert "domain.mta_sts_mode" not in seen.facts
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TIMEOUT
