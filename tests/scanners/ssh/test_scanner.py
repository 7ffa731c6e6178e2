"""The SSH scanner against real and hostile servers on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import asyncssh
import pytest

from auditor.model.evidence import FailureKind, Observation
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits, Scanner
from scanners.ssh.facts import FACTS, OBSERVED
from scanners.ssh.scanner import SshScanner
from tests.scanners.loopback import Handler, serve, unused_port
from tests.scanners.ssh.packets import key_exchange_payload, packet

GREETING_FACTS = {"ssh.protocol", "ssh.software", "ssh.comment"}
ED25519 = asyncssh.generate_private_key("ssh-ed25519")
RSA = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
ECDSA = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
DSS = asyncssh.generate_private_key("ssh-dss")


@dataclass
class Run:
    """Scan one port and count what it cost."""

    waits: list[float] = field(default_factory=list)
    paces: int = 0

    def scan(self, port: int, timeout_seconds: float = 10.0, **options: JSON) -> Observation:
        limits = Limits(5, 1, 50, timeout_seconds, connect_timeout_seconds=2.0, response_bytes=100_000)
        task = Task("ssh", "server", "opd", "127.0.0.1", port, options=options)
        return SshScanner(wait=self.waits.append).scan(task, limits, self._pace)

    def _pace(self) -> None:
        self.paces += 1


class Server(asyncssh.SSHServer):
    """Offer passwords and keys, and note every attempt."""

    attempts: list[str]

    def __init__(self, attempts: list[str], open_to_all: bool, banner: str) -> None:
        self.attempts = attempts
        self.open_to_all = open_to_all
        self.banner = banner
        self.connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connection = conn

    def begin_auth(self, username: str) -> bool:
        self.attempts.append(username)
        if self.banner and self.connection is not None:
            self.connection.send_auth_banner(self.banner)
            self.connection.send_auth_banner(self.banner)
        return not self.open_to_all

    def password_auth_supported(self) -> bool:
        return True

    def kbdint_auth_supported(self) -> bool:
        return False

    def validate_password(self, username: str, password: str) -> bool:
        self.attempts.append("password")
        return False


@contextlib.contextmanager
def real_server(
    keys: Sequence[asyncssh.SSHKey], open_to_all: bool = False, banner: str = "", **options: object
) -> Iterator[tuple[int, list[str]]]:
    """Run an asyncssh server in a thread; yield its port and the login attempts it saw."""
    attempts: list[str] = []
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            lambda: Server(attempts, open_to_all, banner),
            "127.0.0.1",
            0,
            server_host_keys=list(keys),
            **options,
        )

    async def stop() -> None:
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)  # transports close their sockets in the next turn of the loop

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield server.get_port(), attempts
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def test_it_is_a_scanner() -> None:
    scanner: Scanner = SshScanner()
    assert (scanner.name, scanner.facts) == ("ssh", FACTS)


def test_a_server_with_three_keys_gives_every_fact_and_no_credential_is_tried() -> None:
    run = Run()
    with real_server([ED25519, RSA, ECDSA]) as (port, attempts):
        seen = run.scan(port)
    assert seen.failure is None
    assert seen.facts.keys() == {spec.name for spec in OBSERVED}
    assert seen.facts["ssh.host_keys"] == [
        {"type": kind, "bits": bits, "sha256": key.get_fingerprint().removeprefix("SHA256:")}
        for kind, bits, key in (("ecdsa", 256, ECDSA), ("ed25519", 256, ED25519), ("rsa", 2048, RSA))
    ]
    assert seen.facts["ssh.authentication_methods"] == ["password"]
    assert attempts == ["tilik-audit"]
    assert run.paces == 5


def test_a_server_with_only_old_algorithms_is_measured_all_the_same() -> None:
    with real_server(
        [RSA, DSS],
        kex_algs=["diffie-hellman-group1-sha1"],
        encryption_algs=["3des-cbc"],
        mac_algs=["hmac-md5"],
        signature_algs=["ssh-rsa", "ssh-dss"],
    ) as (port, _):
        seen = Run().scan(port)
    assert seen.facts["ssh.ciphers"] == ["3des-cbc"]
    assert seen.facts["ssh.authentication_methods"] == ["password"]
    keys = seen.facts["ssh.host_keys"]
    assert isinstance(keys, list)
    assert [(key["type"], key["bits"]) for key in keys if isinstance(key, dict)] == [
        ("dss", 1024),
        ("rsa", 2048),
    ]


def test_a_server_that_lets_anybody_in_says_none() -> None:
    with real_server([ED25519], open_to_all=True) as (port, _):
        assert Run().scan(port).facts["ssh.authentication_methods"] == ["none"]


def test_connections_are_spaced_as_asked_but_the_first() -> None:
    run = Run()
    with real_server([ED25519]) as (port, _):
        run.scan(port, spacing_seconds=2.0)
    assert (run.paces, run.waits) == (3, [2.0, 2.0])


def test_spacing_that_no_longer_fits_leaves_facts_missing_instead_of_waiting() -> None:
    run = Run()
    with real_server([ED25519]) as (port, _):
        seen = run.scan(port, spacing_seconds=60)
    assert run.waits == []
    assert "ssh.ciphers" in seen.facts
    assert {"ssh.host_keys", "ssh.authentication_methods"}.isdisjoint(seen.facts)
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TIMEOUT


def test_raw_bytes_are_kept_so_that_facts_can_be_derived_again() -> None:
    with real_server([ED25519]) as (port, _):
        seen = Run().scan(port)
    names = [raw.name for raw in seen.raw]
    assert names == ["identification", "key-exchange", "group", "authentication-methods", "host-keys"]
    assert seen.raw[0].content.startswith(b"SSH-2.0-AsyncSSH_")
    assert seen.raw[1].content[0] == 20


def saying(*parts: bytes, forever: bytes = b"") -> Handler:
    """Return a server that says these parts, then one more without end, and then listens."""

    def handler(connection: socket.socket) -> None:
        for part in itertools.chain(parts, itertools.repeat(forever) if forever else ()):
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass

    return handler


IDENTIFICATION = b"SSH-2.0-Hostile_1\r\n"
UNKNOWN_KEY_TYPE = key_exchange_payload(["curve25519-sha256"], ["ssh-falcon1024"], ["none"], ["none"])
HOSTILE: dict[str, tuple[Handler, FailureKind, set[str]]] = {
    "silent close": (saying(), FailureKind.PROTOCOL, set()),
    "another protocol": (saying(b"220 mail.example ESMTP\r\n"), FailureKind.PROTOCOL, set()),
    "endless line": (saying(forever=b"x" * 5000), FailureKind.PROTOCOL, set()),
    "endless banner": (saying(forever=b"hello\r\n" * 500), FailureKind.PROTOCOL, set()),
    "long identification": (saying(b"SSH-2.0-" + b"x" * 900 + b"\r\n"), FailureKind.PROTOCOL, set()),
    "no key exchange": (saying(IDENTIFICATION), FailureKind.PROTOCOL, GREETING_FACTS),
    "endless packet": (
        saying(IDENTIFICATION, b"\xff\xff\xff\xf0\x04", forever=b"a," * 5000),
        FailureKind.PROTOCOL,
        GREETING_FACTS,
    ),
    "padding beyond the packet": (
        saying(IDENTIFICATION, b"\0\0\0\x10\xff" + bytes(15)),
        FailureKind.PROTOCOL,
        GREETING_FACTS,
    ),
    "another first message": (
        saying(IDENTIFICATION, packet(b"\x01" + bytes(40))),
        FailureKind.PROTOCOL,
        GREETING_FACTS,
    ),
    "invalid names": (
        saying(IDENTIFICATION, packet(b"\x14" + bytes(16) + b"\0\0\0\1\xff" + bytes(41))),
        FailureKind.PROTOCOL,
        GREETING_FACTS,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_gives_a_named_failure(name: str) -> None:
    handler, kind, facts = HOSTILE[name]
    with serve(handler) as listener:
        seen = Run().scan(listener.port)
    assert seen.failure is not None
    assert seen.failure.kind is kind
    assert seen.facts.keys() == facts
    assert listener.connections == 1


def test_a_port_without_ssh_is_called_so() -> None:
    with serve(saying(b"HTTP/1.0 400 Bad Request\r\n\r\n")) as listener:
        seen = Run().scan(listener.port)
    assert seen.failure is not None
    assert seen.failure.detail.startswith("not SSH: ")


def test_lines_before_the_identification_are_passed_over() -> None:
    with serve(saying(b"Selamat datang\r\n" * 20, b"SSH-1.99-Old_1 \xff\r\n")) as listener:
        seen = Run().scan(listener.port)
    assert seen.facts["ssh.protocol"] == "1.99"
    assert seen.facts["ssh.comment"] == "\ufffd"


def test_protocol_1_is_a_complete_observation() -> None:
    with serve(saying(b"SSH-1.5-1.2.27\n")) as listener:
        seen = Run().scan(listener.port)
    assert seen.failure is None
    assert seen.facts.keys() == GREETING_FACTS


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    with serve(lambda connection: drip(connection, b"SSH-2.0-")) as listener:
        seen = Run().scan(listener.port, timeout_seconds=0.3)
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TIMEOUT
    assert seen.facts == {}


def drip(connection: socket.socket, start: bytes) -> None:
    """Say a start, then one letter whenever the other side has waited 20 ms for one."""
    connection.sendall(start)
    connection.settimeout(0.02)
    while True:
        try:
            if not connection.recv(100):
                return
        except TimeoutError:
            connection.sendall(b"x")


def test_nobody_listening_is_refused() -> None:
    seen = Run().scan(unused_port())
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.REFUSED


def test_an_unknown_kind_of_host_key_leaves_the_host_keys_missing() -> None:
    with serve(saying(IDENTIFICATION, packet(UNKNOWN_KEY_TYPE))) as listener:
        seen = Run().scan(listener.port)
    assert seen.facts["ssh.host_key_algorithms"] == ["ssh-falcon1024"]
    assert {"ssh.host_keys", "ssh.authentication_methods"}.isdisjoint(seen.facts)


def second_time(first: Handler, later: Callable[[socket.socket], None]) -> Handler:
    """Return a server that behaves once, and otherwise from then on."""
    seen = itertools.count()
    return lambda connection: first(connection) if next(seen) == 0 else later(connection)


PLAIN_OFFER = key_exchange_payload(
    ["curve25519-sha256"], ["ssh-ed25519"], *(2 * [["aes128-ctr"]] + 2 * [["hmac-sha2-256"]] + 2 * [["none"]])
)
LATER: dict[str, Handler] = {
    "closes": saying(),
    "endless packet": saying(IDENTIFICATION, b"\x7f\xff\xff\xf0\x04", forever=b"z" * 5000),
    "endless ignored messages": saying(IDENTIFICATION, forever=packet(b"\x02" + bytes(20)) * 100),
    "letters outside ASCII": saying(b"SSH-2.0-\xff\r\n"),
    "nonsense instead of a key": saying(IDENTIFICATION, packet(PLAIN_OFFER), packet(b"\x1f" + b"\xff" * 60)),
    "an empty packet": saying(IDENTIFICATION, packet(PLAIN_OFFER), packet(b"")),
}


@pytest.mark.parametrize("name", LATER)
def test_a_server_that_turns_hostile_keeps_the_first_facts(name: str) -> None:
    honest = saying(IDENTIFICATION, packet(PLAIN_OFFER))
    with serve(second_time(honest, LATER[name])) as listener:
        seen = Run().scan(listener.port, timeout_seconds=5.0)
    assert seen.facts["ssh.ciphers"] == ["aes128-ctr"]
    assert {"ssh.host_keys", "ssh.authentication_methods"}.isdisjoint(seen.facts)
    assert seen.failure is not None
