"""Every open port has a record; nmap looks only where it may, and only at what stayed unnamed."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from auditor.model.evidence import FailureKind, Observation
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.conformance import nonconforming
from scanners.services import identify as identifying
from scanners.services.facts import FACTS
from scanners.services.scanner import ServicesScanner
from tests.scanners.loopback import serve, unused_port
from tests.scanners.ports.fake_nmap import FakeNmap
from tests.scanners.ports.test_parse import document, port

ADDRESS = "127.30.4.1"
LIMITS = Limits(1000, 2, 1000, 60.0, connect_timeout_seconds=0.5)
VOCABULARY = {spec.name: spec for spec in FACTS}


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small servers on loopback greet at once or not at all."""
    for name in ("_GREETING_SECONDS", "_EXPECTED_SILENCE_SECONDS", "_TRIAL_SECONDS"):
        monkeypatch.setattr(identifying, name, 0.1)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeNmap:
    """Put a stand-in for nmap before the real one on PATH."""
    program = FakeNmap(tmp_path)
    program.install()
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return program


def scan(ports: Any, address: str = ADDRESS, limits: Limits = LIMITS, **options: Any) -> Observation:
    """Ask these ports."""
    task = Task("services", "s", "o", address, options={"ports": ports, **options})
    seen = ServicesScanner().scan(task, limits, lambda: None)
    records: Any = seen.facts["ports.services"]
    assert [line for record in records for line in nonconforming(record, VOCABULARY)] == []
    return seen


def records(seen: Observation) -> dict[int, dict[str, Any]]:
    """Return the records by port."""
    found: Any = seen.facts["ports.services"]
    return {record["service.port"]: dict(record) for record in found}


def silent(connection: socket.socket) -> None:
    """Take everything and say nothing."""
    while connection.recv(4096):
        pass


def ssh(connection: socket.socket) -> None:
    """Greet as OpenSSH does."""
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    silent(connection)


def test_a_sensitive_server_is_named_without_nmap(fake: FakeNmap) -> None:
    with serve(ssh, ADDRESS) as first, serve(silent, ADDRESS) as second:
        seen = scan([first.port, second.port], versions=False)
    assert fake.started_with() is None
    named = records(seen)
    assert named[first.port]["service.name"] == "ssh"
    # It was asked in every language of ours and understood none: that is an answer.
    assert named[second.port]["service.name"] is None
    assert seen.failure is None


def test_nmap_looks_at_what_stayed_unnamed_and_at_nothing_else(fake: FakeNmap) -> None:
    with serve(ssh, ADDRESS) as first, serve(silent, ADDRESS) as second:
        found = port(str(second.port), inside='<service name="mountd" product="x" method="probed"/>')
        fake.prints(document(found).replace(b"10.0.0.1", ADDRESS.encode()))
        seen = scan([first.port, second.port], versions=True)
    started = fake.started_with() or []
    assert started[started.index("-p") + 1] == str(second.port)
    assert records(seen)[second.port]["service.name"] == "mountd"
    assert [raw.name for raw in seen.raw] == ["services.json", "nmap.xml"]
    assert seen.tool_version == "nmap 7.93"


def test_nmap_does_not_look_where_its_bursts_are_more_than_allowed(fake: FakeNmap) -> None:
    with serve(silent, ADDRESS) as listener:
        scan([listener.port], versions=True, limits=Limits(2, 1, 50, 60.0, connect_timeout_seconds=0.5))
    assert fake.started_with() is None


def test_what_nmap_cannot_say_costs_nothing_that_is_known(fake: FakeNmap) -> None:
    fake.prints(b"<nmaprun>", b"QUITTING!")
    with serve(silent, ADDRESS) as listener:
        seen = scan([listener.port], versions=True)
    assert records(seen)[listener.port]["service.name"] is None
    assert seen.failure is None


def test_a_port_that_closed_meanwhile_has_a_record_without_a_name_and_the_failure_names_it() -> None:
    closed = unused_port()
    with serve(ssh, ADDRESS) as listener:
        seen = scan([listener.port, closed], versions=False)
    assert records(seen)[closed] == {"service.port": closed, "service.transport": "tcp"}
    assert records(seen)[listener.port]["service.name"] == "ssh"
    assert seen.failure is not None
    assert (seen.failure.kind, str(closed) in seen.failure.detail) == (FailureKind.TIMEOUT, True)


def test_an_address_that_takes_no_connection_any_more_is_unreachable() -> None:
    seen = scan([unused_port()], versions=False)
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.UNREACHABLE


def test_the_record_tells_what_each_port_said_first_and_how_often_it_was_connected_to() -> None:
    with serve(ssh, ADDRESS) as listener:
        (raw,) = scan([listener.port], versions=False).raw
    assert json.loads(raw.content)[str(listener.port)] == {
        "heard": "SSH-2.0-OpenSSH_9.2p1\\r\\n",
        "connections": 1,
    }


class Counting:
    """Counts how many connections are open at once, over all ports."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def __call__(self, connection: socket.socket) -> None:
        """Serve one connection."""
        self.now += 1
        self.most = max(self.most, self.now)
        silent(connection)
        self.now -= 1


@pytest.mark.parametrize("parallel", [1, 2])
def test_no_more_connections_are_open_at_once_than_allowed(parallel: int) -> None:
    counting = Counting()
    limits = Limits(1000, parallel, 1000, 60.0, connect_timeout_seconds=0.5)
    with serve(counting, ADDRESS) as a, serve(counting, ADDRESS) as b, serve(counting, ADDRESS) as c:
        scan([a.port, b.port, c.port], versions=False, limits=limits)
    # What we hung up on may be noticed there after our next connection has come.
    assert counting.most <= 2 * parallel


@pytest.mark.parametrize("ports", [[0], [65536], ["22"], [True], [None]])
def test_what_is_no_port_is_refused_before_any_connection(ports: list[Any]) -> None:
    with pytest.raises(ValueError, match="not a list of ports"):
        scan(ports)


@pytest.mark.parametrize("address", ["10.0.0.1 -oN x", "localhost", "fe80::1%eth0"])
def test_what_is_no_canonical_address_is_refused_before_any_connection(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|zone"):
        scan([22], address=address)
