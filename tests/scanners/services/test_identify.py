"""A port is named by what it says; who named itself hears no other language."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator

import pytest

from auditor.model.facts import Facts
from scanners.base import Limits
from scanners.conformance import nonconforming
from scanners.dialling import Deadline, Dialer
from scanners.services import identify as identifying
from scanners.services.context import Context
from scanners.services.facts import FACTS
from scanners.services.identify import Found, identify
from tests.scanners.loopback import Handler, Listener, serve, unused_port
from tests.scanners.tls.servers import server_context, site

ADDRESS = "127.30.3.1"
LIMITS = Limits(1000, 2, 1000, 20.0, connect_timeout_seconds=1.0, response_bytes=200_000)
VOCABULARY = {spec.name: spec for spec in FACTS}
HEAD = b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small servers on loopback greet at once or not at all."""
    for name, seconds in (
        ("_GREETING_SECONDS", 0.2),
        ("_EXPECTED_SILENCE_SECONDS", 0.1),
        ("_TRIAL_SECONDS", 0.3),
    ):
        monkeypatch.setattr(identifying, name, seconds)


def context(port: int, seconds: float = 20.0, **more: object) -> Context:
    """Return the context of a port."""
    dialer = Dialer(ADDRESS, port, LIMITS, lambda: None, Deadline.after(seconds))
    return Context(dialer, **more)  # type: ignore[arg-type]


def ask(handler: Handler) -> tuple[Found, Listener]:
    """Identify a server that behaves so."""
    with serve(handler, ADDRESS) as listener:
        found = identify(context(listener.port))
    assert nonconforming(found.facts, VOCABULARY) == []
    assert found.connections == listener.connections
    return found, listener


class Greeter:
    """Greets, answers everything alike, and keeps what it hears."""

    def __init__(self, greeting: bytes, answer: bytes = b""):
        self.greeting, self.answer, self.heard = greeting, answer, b""

    def __call__(self, connection: socket.socket) -> None:
        """Serve one connection."""
        if self.greeting:
            connection.sendall(self.greeting)
        while data := connection.recv(4096):
            self.heard += data
            if self.answer:
                connection.sendall(self.answer)


@pytest.mark.parametrize(
    ("greeting", "name"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n", "ssh"),
        (b"\xff\xfd\x18\xff\xfd\x20", "telnet"),
        (b"200 news.contoh.go.id NNTP siap\r\n", "nntp"),
        (b"-DENIED Redis is running in protected mode\r\n", "redis"),
    ],
)
def test_who_names_itself_hears_nothing(greeting: bytes, name: str) -> None:
    server = Greeter(greeting)
    found, listener = ask(server)
    assert found.facts["service.name"] == name
    assert (server.heard, listener.connections) == (b"", 1)


@pytest.mark.parametrize(
    ("greeting", "answer", "name"),
    [
        (b"220 surel.contoh.go.id ESMTP\r\n", b"502 tidak\r\n", "smtp"),
        (b"220 (vsFTPd 3.0.3)\r\n", b"502 tidak\r\n", "ftp"),
        (b"+OK siap\r\n", b"-ERR tidak\r\n", "pop3"),
        (b"* OK siap\r\n", b"a1 BAD tidak\r\n", "imap"),
    ],
)
def test_who_names_itself_is_asked_in_its_own_language_alone(
    greeting: bytes, answer: bytes, name: str
) -> None:
    server = Greeter(greeting, answer)
    found, _ = ask(server)
    assert found.facts["service.name"] == name
    assert b"HTTP/1." not in server.heard
    assert b"\x16\x03" not in server.heard


def test_a_web_server_on_an_unknown_port_takes_one_connection() -> None:
    found, listener = ask(Greeter(b"", HEAD))
    assert (found.facts["service.name"], found.facts["service.tls"]) == ("http", False)
    assert (found.facts["service.product"], found.facts["service.version"]) == ("nginx", "1.22.1")
    assert listener.connections == 1


def tls(inside: Handler) -> Handler:
    """Return a server that speaks TLS first."""
    server = server_context(site())

    def handle(connection: socket.socket) -> None:
        with contextlib.suppress(ssl.SSLError), server.wrap_socket(connection, server_side=True) as wrapped:
            inside(wrapped)

    return handle


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        (Greeter(b"", HEAD), "http"),
        (Greeter(b"* OK siap\r\n", b"a1 BAD tidak\r\n"), "imap"),
        (Greeter(b"220 surel.contoh.go.id ESMTP\r\n", b"502 tidak\r\n"), "smtp"),
        (Greeter(b"", b"???"), None),
    ],
)
def test_inside_tls_the_same_begins_again(inside: Greeter, name: str | None) -> None:
    inside.heard = b""
    found, listener = ask(tls(inside))
    assert (found.facts["service.tls"], found.facts["service.name"]) == (True, name)
    # One for HTTP in the clear, which this port does not understand, and one for TLS with all inside.
    assert listener.connections == 2


def test_a_server_that_wants_a_client_certificate_speaks_tls_all_the_same() -> None:
    strict = server_context(site())
    strict.verify_mode = ssl.CERT_REQUIRED

    def handle(connection: socket.socket) -> None:
        with contextlib.suppress(ssl.SSLError), strict.wrap_socket(connection, server_side=True):
            pass

    found, _ = ask(handle)
    assert found.facts["service.tls"] is True


def forever(piece: bytes) -> Handler:
    """Return a server that never stops."""

    def handle(connection: socket.socket) -> None:
        while True:
            connection.sendall(piece)

    return handle


@pytest.mark.parametrize(
    "handler",
    [
        Greeter(b""),
        Greeter(b"\0" * 64),
        Greeter(b"", b"\r\n"),
        Greeter(b"", b"\xff" * 5000),
        Greeter(b"", b"HTTP/9.9 999 x\r\n\r\n"),
        forever(b"A" * 4096),
        forever(b"220-siap\r\n"),
        forever(b"220 surel ESMTP\r\n"),
        forever(b"* OK siap\r\n"),
        forever(b"@RSYNCD: 31.0\n"),
        forever(b"HTTP/1.1 200 OK\r\nX: y\r\n"),
        forever(b"\x16\x03\x01\xff\xff"),
        forever(b"RFB 003.008\n"),
        forever(b"\xff\xff\xff\0\x0a5.7"),
        lambda _connection: None,
        lambda connection: connection.shutdown(socket.SHUT_WR),
    ],
)
def test_no_behaviour_hangs_or_goes_beyond_its_facts(handler: Handler) -> None:
    found, _ = ask(handler)
    assert "service.name" in found.facts


def test_a_port_that_hangs_up_on_strangers_is_asked_once_and_left_alone() -> None:
    found, listener = ask(lambda _connection: None)
    assert found.hung_up
    assert listener.connections == 1


def test_a_port_that_takes_no_connection_has_no_name_not_even_none() -> None:
    found = identify(context(unused_port()))
    assert found.facts == {}


def test_a_server_that_drags_its_feet_ends_with_its_time() -> None:
    with serve(Greeter(b""), ADDRESS) as listener:
        found = identify(context(listener.port, seconds=0.3))
    assert found.facts.get("service.name") is None


def open_tunnel(connection: socket.socket) -> None:
    """Fail to reach what it is asked for, as a proxy that tries does."""
    with connection.makefile("rb") as lines:
        for line in lines:
            if line.startswith(b"GET http://"):
                connection.sendall(b"HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n")
            elif line.startswith(b"GET "):
                connection.sendall(b"HTTP/1.1 400 x\r\nContent-Length: 0\r\n\r\n")


def proxy_facts(consent: frozenset[str]) -> Iterator[Facts]:
    """Give the facts about a proxy that carries everybody."""
    with serve(open_tunnel, ADDRESS) as listener:
        yield identify(context(listener.port, consent=consent)).facts


def test_a_way_on_is_asked_for_with_consent_alone() -> None:
    (without,) = proxy_facts(frozenset())
    (with_consent,) = proxy_facts(frozenset({"network-open-proxy-absent"}))
    assert "proxy.open" not in without
    assert with_consent["proxy.open"] is True
