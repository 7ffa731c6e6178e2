"""The TLS scanner against real servers on loopback."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sslyze.plugins.scan_commands import ScanCommand, ScanCommandsRepository
from sslyze.server_connectivity import ServerConnectivityInfo, check_connectivity_to_server
from sslyze.server_setting import ServerNetworkConfiguration, ServerNetworkLocation

from auditor.model.evidence import FailureKind, Observation
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.tls.scanner import TlsScanner
from tests.scanners.loopback import serve, unused_port
from tests.scanners.tls.record import LIMITS, old
from tests.scanners.tls.servers import openssl_server, server_context, tls_server


def scan(
    port: int,
    name: str = "site.lab.test",
    limits: Limits = LIMITS,
    address: str = "127.0.0.1",
    **options: JSON,
) -> Observation:
    """Scan one port and return what was observed."""
    task = Task("tls", "server", "opd", address, port, name, options=options)
    return TlsScanner().scan(task, limits, lambda: None)


def up_to_tls_1_2() -> ssl.SSLContext:
    """Return a server context without TLS 1.3."""
    context = server_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def test_few_connections_find_what_sslyze_finds_with_many() -> None:
    with tls_server(server_context()) as listener:
        facts = scan(listener.port).facts
        few = listener.connections
        expected = reference(listener.port)
        many = listener.connections - few
    assert facts["tls.cipher_suites"] == expected["suites"]
    groups = facts["tls.groups"]
    assert isinstance(groups, list)
    assert [name for name in groups if not str(name).startswith("ffdhe")] == expected["groups"]
    assert few < many / 3


def reference(port: int) -> dict[str, list[str]]:
    """Return the suites and curves that sslyze's own commands find, one connection for each."""
    location = ServerNetworkLocation("127.0.0.1", port, ip_address="127.0.0.1")
    configuration = ServerNetworkConfiguration("site.lab.test")
    probing = check_connectivity_to_server(location, configuration)
    server = ServerConnectivityInfo(location, configuration, probing)
    suites: set[str] = set()
    for command in (ScanCommand.TLS_1_2_CIPHER_SUITES, ScanCommand.TLS_1_3_CIPHER_SUITES):
        result = ScanCommandsRepository.get_implementation_cls(command).scan_server(server)
        suites.update(accepted.cipher_suite.name for accepted in result.accepted_cipher_suites)
    curves = ScanCommandsRepository.get_implementation_cls(ScanCommand.ELLIPTIC_CURVES).scan_server(server)
    return {"suites": sorted(suites), "groups": sorted(curve.name for curve in curves.supported_curves)}


def test_an_old_server_shows_its_weaknesses() -> None:
    with old() as port:
        facts = scan(port).facts
    assert facts["tls.tls_1_0"] is True
    assert facts["tls.tls_1_2"] is False
    assert facts["tls.client_renegotiation"] is True
    assert facts["tls.dh_bits"] == 1024
    suites = facts["tls.cipher_suites"]
    assert isinstance(suites, list)
    assert "TLS_DH_anon_WITH_AES_128_CBC_SHA" in suites


@pytest.mark.parametrize("curve", ["X25519", "P-384"])
def test_early_data_is_found_behind_replay_protection_and_a_rare_curve(curve: str) -> None:
    with openssl_server("-early_data", "-max_early_data", "100", "-curves", curve) as port:
        assert scan(port).facts["tls.early_data"] is True


def test_a_server_for_clients_with_a_certificate_gives_what_it_shows() -> None:
    context = up_to_tls_1_2()
    context.verify_mode = ssl.CERT_REQUIRED
    with tls_server(context) as listener:
        observation = scan(listener.port)
    assert observation.failure is None
    assert observation.facts["tls.tls_1_2"] is True
    assert "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" in str(observation.facts["tls.cipher_suites"])
    assert observation.facts["tls.compression"] is False
    assert "tls.client_renegotiation" not in observation.facts


def test_vulnerabilities_are_only_asked_with_consent() -> None:
    with tls_server(server_context()) as listener:
        with_consent = scan(listener.port, consent=["tls-robot-absent", "network-ports-approved"])
        asked = listener.connections
        without = scan(listener.port, consent=[])
        assert listener.connections - asked < asked
    assert with_consent.facts["tls.robot"] is False
    assert "tls.heartbleed" not in with_consent.facts
    assert with_consent.settings["consent"] == ["tls-robot-absent"]
    assert "tls.robot" not in without.facts


def test_every_connection_is_paced() -> None:
    paced = 0

    def pace() -> None:
        nonlocal paced
        paced += 1

    with tls_server(server_context()) as listener:
        task = Task("tls", "server", "opd", "127.0.0.1", listener.port, "site.lab.test")
        TlsScanner().scan(task, LIMITS, pace)
        assert paced == listener.connections > 0


def open_towards(port: int) -> int:
    """Return how many client sockets are connected to a loopback port (proc(5), net/tcp)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[2] == f"0100007F:{port:04X}" and row[3] == "01" for row in rows)


@pytest.mark.parametrize("parallel", [1, 3])
def test_no_more_connections_are_open_at_once_than_allowed(parallel: int) -> None:
    most = 0
    context = server_context()

    def handle(connection: socket.socket) -> None:
        nonlocal most
        most = max(most, open_towards(connection.getsockname()[1]))
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1000)

    with serve(handle) as listener:
        scan(listener.port, limits=Limits(1000, parallel, 1000, 60, connect_timeout_seconds=1))
    assert 0 < most <= parallel


@pytest.mark.parametrize(
    ("name", "expected"), [("site.lab.test", "site.lab.test"), ("", None), ("127.0.0.1", None)]
)
def test_the_name_asked_for_is_sent_and_an_address_is_not(name: str, expected: str | None) -> None:
    asked: set[str | None] = set()
    context = server_context()
    context.sni_callback = lambda _socket, server_name, _context: asked.add(server_name)
    with tls_server(context) as listener:
        observation = scan(listener.port, name)
    assert asked == {expected}
    assert observation.facts["tls.tls_1_2"] is True


def test_a_name_given_as_option_is_sent_for_the_port_as_a_whole() -> None:
    asked: set[str | None] = set()
    context = server_context()
    context.sni_callback = lambda _socket, server_name, _context: asked.add(server_name)
    with tls_server(context) as listener:
        scan(listener.port, "", server_name="site.lab.test")
    assert asked == {"site.lab.test"}


def test_a_server_that_refuses_the_name_is_a_failure_without_facts_about_versions() -> None:
    context = server_context()
    context.sni_callback = lambda _socket, _name, _context: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    with tls_server(context) as listener:
        observation = scan(listener.port)
    assert observation.failure is not None
    assert observation.failure.kind is FailureKind.PROTOCOL
    assert set(observation.facts) == {"tls.spoken", "tls.starttls"}


def answer(text: bytes) -> Iterator[int]:
    """Serve one text to whoever sends anything."""

    def handle(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(text)

    with serve(handle) as listener:
        yield listener.port


SOMETHING_ELSE = [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x16", b"\x00" * 40, b""]


@pytest.mark.parametrize("text", SOMETHING_ELSE)
def test_a_port_that_answers_something_else_does_not_speak_tls(text: bytes) -> None:
    for port in answer(text):
        observation = scan(port, probe=True)
        assert observation.facts == {"tls.spoken": False}
        assert observation.failure is None


@pytest.mark.parametrize("text", SOMETHING_ELSE)
def test_a_port_where_the_port_scan_met_tls_cannot_be_said_to_have_none(text: bytes) -> None:
    for port in answer(text):
        observation = scan(port, probe=False)
        assert observation.facts == {}
        assert observation.failure is not None
        assert observation.failure.kind is FailureKind.PROTOCOL


def test_a_plain_protocol_is_left_alone_after_one_connection() -> None:
    with serve(lambda connection: connection.sendall(b"SSH-2.0-lab\r\n")) as listener:
        scan(listener.port, probe=True)
        assert listener.connections == 1


def stay_silent(connection: socket.socket) -> None:
    """Read everything and never answer."""
    while connection.recv(1000):
        pass


def test_silence_is_a_failure_where_tls_is_known_and_an_answer_in_a_probe() -> None:
    with serve(stay_silent) as listener:
        known = scan(listener.port)
        probed = scan(listener.port, probe=True)
    assert known.failure is not None
    assert known.failure.kind is FailureKind.TIMEOUT
    assert known.facts == {}
    assert probed.facts == {"tls.spoken": False}


@contextlib.contextmanager
def hanging_up_once() -> Iterator[int]:
    """Serve a port that hangs up on its first caller and takes no other."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve_one() -> None:
            connection, _ = listening.accept()
            listening.close()
            with connection:
                connection.recv(1000)

        thread = threading.Thread(target=serve_one)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_hanging_up_on_a_client_hello_is_an_answer_of_a_port_heard_speaking_plainly() -> None:
    with hanging_up_once() as port:
        heard = scan(port, probe=True, plain=True)
    with hanging_up_once() as port:
        unheard = scan(port, probe=True)
    assert (heard.facts, heard.failure) == ({"tls.spoken": False}, None)
    assert unheard.facts == {}
    assert unheard.failure is not None


def test_ipv6_is_reached_by_address_only() -> None:
    context = up_to_tls_1_2()

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1000)

    with serve(handle, "::1") as listener:
        assert scan(listener.port, address="::1").facts["tls.tls_1_2"] is True


def test_a_closed_port_is_a_failure() -> None:
    observation = scan(unused_port())
    assert observation.failure is not None
    assert observation.failure.kind is FailureKind.REFUSED
    assert observation.facts == {}


def test_a_server_that_falls_silent_is_never_said_to_refuse_a_version() -> None:
    context = server_context()
    answered = 0

    def handle(connection: socket.socket) -> None:
        nonlocal answered
        answered += 1
        if answered > 1:
            stay_silent(connection)
        with context.wrap_socket(connection, server_side=True):
            pass

    with serve(handle) as listener:
        observation = scan(listener.port, limits=Limits(1000, 8, 1000, 1.5, connect_timeout_seconds=1))
    assert observation.failure is not None
    assert observation.failure.kind is FailureKind.TIMEOUT
    assert set(observation.facts) == {"tls.spoken", "tls.starttls"}


def test_no_time_means_no_connection() -> None:
    with tls_server(server_context()) as listener:
        observation = scan(listener.port, limits=Limits(1000, 4, 1000, timeout_seconds=0))
        assert listener.connections == 0
    assert observation.failure is not None
    assert observation.failure.kind is FailureKind.TIMEOUT


def smtp(connection: socket.socket, offers: bool = True) -> None:
    """Speak SMTP up to STARTTLS."""
    connection.sendall(b"220 mail.lab.test ESMTP\r\n")
    connection.recv(1000)
    connection.sendall(b"250-mail.lab.test\r\n" + (b"250 STARTTLS\r\n" if offers else b"250 HELP\r\n"))
    if offers:
        connection.recv(1000)
        connection.sendall(b"220 go ahead\r\n")


def ftp(connection: socket.socket) -> None:
    """Greet in two packets, then accept AUTH TLS."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"220-Selamat datang\r\n")
    connection.sendall(b"220 siap\r\n")
    connection.recv(1000)
    connection.sendall(b"234 go ahead\r\n")


def test_starttls_leads_to_the_same_facts() -> None:
    with tls_server(server_context(), smtp) as listener:
        facts = scan(listener.port, starttls="smtp").facts
    assert facts["tls.starttls"] == "smtp"
    assert facts["tls.tls_1_3"] is True
    assert facts["tls.early_data"] is False


def test_a_greeting_of_several_packets_does_not_hide_starttls() -> None:
    with tls_server(up_to_tls_1_2(), ftp) as listener:
        assert scan(listener.port, starttls="ftp").facts["tls.tls_1_2"] is True


def test_starttls_that_is_not_offered_means_no_tls() -> None:
    with serve(lambda connection: smtp(connection, offers=False)) as listener:
        assert scan(listener.port, starttls="smtp").facts == {"tls.spoken": False}


def test_a_probe_tries_tls_before_starttls() -> None:
    with tls_server(up_to_tls_1_2()) as direct:
        assert scan(direct.port, starttls="smtp", probe=True).facts["tls.starttls"] is None
    with tls_server(up_to_tls_1_2(), smtp) as upgraded:
        assert scan(upgraded.port, starttls="smtp", probe=True).facts["tls.starttls"] == "smtp"


def test_an_unknown_starttls_protocol_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="telnet"):
        scan(unused_port(), starttls="telnet")
