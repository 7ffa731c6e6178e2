"""nmap is only given fixed options and one canonical address, and however it ends the result has a name."""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.evidence import FailureKind, Observation
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.conformance import nonconforming
from scanners.ports.facts import FACTS
from scanners.ports.scanner import PortScanner, arguments, port_list
from scanners.ports.scripts import ALLOWED
from tests.scanners.loopback import serve, unused_port
from tests.scanners.ports.fake_nmap import FakeNmap
from tests.scanners.ports.record import FIXTURES

LIMITS = Limits(100.0, 2, 1000, 60.0, connect_timeout_seconds=2.0)
VOCABULARY = {spec.name: spec for spec in FACTS}
EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeNmap]:
    """Put a stand-in for nmap before the real one on PATH."""
    program = FakeNmap(tmp_path)
    program.install()
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return program


def scan(address: str, ranges: Any = (), versions: bool = True, limits: Limits = LIMITS) -> Observation:
    """Scan these ports of an address."""
    options = {"ranges": [list(pair) for pair in ranges] or [[80, 80]], "versions": versions}
    return PortScanner().scan(Task("ports", "s", "o", address, options=options), limits, lambda: None)


@pytest.mark.parametrize(
    "address",
    [
        "-oX/tmp/x", "--script=all", "10.0.0.1 -oN x", "10.0.0.1,10.0.0.2", "10.0.0.0/24", "10.0.0.1-9",
        "010.0.0.1", "127.1", "0x7f000001", "2130706433", "$(id)", "localhost", "", "10.0.0.1\n10.0.0.2",
        "fe80::1%eth0", "fe80::1% --script=all", "::1%-iL/etc/passwd", "[::1]", "１０.0.0.1",
    ],
)  # fmt: skip
def test_what_is_no_canonical_address_starts_no_process(fake: FakeNmap, address: str) -> None:
    with pytest.raises(ValueError):
        scan(address)
    assert fake.started_with() is None


@EXAMPLES
@given(st.text(max_size=30) | st.builds("{}%{}".format, st.ip_addresses(v=6), st.text(max_size=20)))
def test_arbitrary_text_as_an_address_starts_no_process(fake: FakeNmap, address: str) -> None:
    with pytest.raises(ValueError):
        scan(address)
    assert fake.started_with() is None


@EXAMPLES
@given(
    st.ip_addresses(),
    st.lists(st.tuples(st.integers(1, 300), st.integers(300, 65535)), min_size=1, max_size=3),
    st.integers(1, 1000),
    st.booleans(),
)
def test_nmap_gets_fixed_options_numbers_and_the_canonical_address(
    fake: FakeNmap, address: Any, ranges: list[tuple[int, int]], number: int, versions: bool
) -> None:
    scan(str(address), ranges, versions, Limits(1.0, number, number, float(number)))
    started = fake.started_with()
    assert started is not None
    expected = [
        *("-oX", "-", str(ipaddress.ip_address(str(address)))),
        *("-p", port_list([list(pair) for pair in ranges], [])),
        *("-n", "-Pn", "-sT", "-T3", "--noninteractive"),
        *("--max-rate", str(number), "--max-retries", "2", "--max-parallelism", str(number)),
        *("--host-timeout", f"{number}s"),
        *(["-6"] if address.version == 6 else []),
    ]
    if versions:
        expected += ["-sV", "--version-intensity", "2", "--script", ",".join(ALLOWED)]
        expected += ["--script-args", "ldap.maxobjects=1"]
    assert started == expected


@given(st.ip_addresses(), st.booleans(), st.integers(1, 10**6))
def test_the_words_of_the_options_never_change(address: Any, versions: bool, number: int) -> None:
    words = arguments(str(address), Limits(1.0, number, number, number), versions=versions).split()
    fixed = {
        "-n", "-Pn", "-sT", "-T3", "--noninteractive", "--max-rate", "--max-retries", "--max-parallelism",
        "--host-timeout", "-6", "-sV", "--version-intensity", "--script", "--script-args",
        "ldap.maxobjects=1", ",".join(ALLOWED),
    }  # fmt: skip
    assert all(word in fixed or word.rstrip("s").isdecimal() for word in words)


PORT = st.integers(1, 65535)


@given(st.lists(st.tuples(PORT, PORT).map(sorted), max_size=5), st.lists(PORT, max_size=5))
def test_a_port_list_names_every_wanted_port_once_and_no_forbidden_one(
    ranges: list[list[int]], never: list[int]
) -> None:
    wanted = {port for first, last in ranges for port in range(first, last + 1)} - set(never)
    named: list[int] = []
    for part in filter(None, port_list(ranges, never).split(",")):
        first, _, last = part.partition("-")
        named.extend(range(int(first), int(last or first) + 1))
    assert named == sorted(wanted)


@pytest.mark.parametrize(
    "ranges",
    [
        [[0, 1]],
        [[2, 1]],
        [[1, 65536]],
        [[80]],
        [["80", "81"]],
        [80],
        [[1.5, 2]],
        [[80, 81, 82]],
        [[True, True]],
    ],
)
def test_what_is_no_range_of_ports_is_refused(ranges: Any) -> None:
    with pytest.raises(ValueError):
        port_list(ranges, [])


def test_no_port_left_to_ask_is_a_named_failure_and_starts_no_process(fake: FakeNmap) -> None:
    task = Task("ports", "s", "o", "10.0.0.1", options={"ranges": [[9100, 9100]], "never": [9100]})
    seen = PortScanner().scan(task, LIMITS, lambda: None)
    assert fake.started_with() is None
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TOOL_FAILED
    assert "no port" in seen.failure.detail


def test_a_machine_without_nmap_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    seen = scan("10.0.0.1")
    assert seen.failure is not None
    assert (seen.failure.kind, seen.failure.detail) == (FailureKind.TOOL_MISSING, "nmap")


@pytest.mark.parametrize(
    ("output", "complaint", "detail"),
    [
        (b"", b"Failed to open device\nQUITTING!\n", "Failed to open device QUITTING!"),
        (b"Segmentation fault\n", b"", "could not be read"),
        (b"<nmaprun><host>", b"", "could not be read"),
        (b"<nmaprun/>", b"", "before the scan was finished"),
        (b"<html/>", b"", "not nmap's XML"),
        (b'<nmaprun><runstats><finished errormsg="Error #485"/></runstats></nmaprun>', b"", "Error #485"),
    ],
)
def test_however_nmap_fails_the_failure_has_a_name_and_the_output_is_kept(
    fake: FakeNmap, output: bytes, complaint: bytes, detail: str
) -> None:
    fake.prints(output, complaint)
    seen = scan("10.0.0.1")
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TOOL_FAILED
    assert detail in seen.failure.detail
    assert [raw.content for raw in seen.raw] == [output]


def test_a_warning_of_nmaps_spoils_nothing(fake: FakeNmap) -> None:
    fake.prints((FIXTURES / "closed.xml").read_bytes(), b"Warning: scan may be slow\n")
    seen = scan("127.30.0.1", versions=False)
    assert seen.failure is None
    assert seen.facts["ports.open"] == []


def test_a_recorded_run_becomes_the_reviewed_facts_with_tool_settings_and_raw_output(fake: FakeNmap) -> None:
    xml = (FIXTURES / "one.xml").read_bytes()
    fake.prints(xml)
    seen = scan("127.30.0.2", [(1, 100)], versions=False)
    assert seen.facts == json.loads((FIXTURES / "one.json").read_text(encoding="utf-8"))
    assert (seen.tool, seen.tool_version) == ("nmap", "7.93")
    assert seen.settings["ports"] == "1-100"
    assert [(raw.name, raw.content) for raw in seen.raw] == [("nmap.xml", xml)]


def test_pages_that_nmap_copies_into_its_fingerprints_are_not_kept(fake: FakeNmap) -> None:
    xml = (FIXTURES / "one.xml").read_bytes()
    assert xml.count(b"<service ") > 1
    page = b'<service servicefp="SF-Port80:%r(GetRequest,Set-Cookie:\\x20canary-secret&quot;)" '
    fake.prints(xml.replace(b"<service ", page))
    (raw,) = scan("127.30.0.2", versions=False).raw
    assert raw.content == xml.replace(b"<service ", b'<service servicefp="" ')


def ftp_server(connection: socket.socket) -> None:
    """Speak just enough FTP, and let everybody in."""
    connection.sendall(b"220 (vsFTPd 3.0.3)\r\n")
    with connection.makefile("rb") as lines:
        for line in lines:
            connection.sendall(b"230 masuk\r\n" if line.startswith(b"USER") else b"500 tidak\r\n")


def test_a_real_server_is_found_named_and_asked() -> None:
    with serve(ftp_server, "127.30.2.1") as listener:
        seen = scan("127.30.2.1", [(listener.port, listener.port)])
    assert seen.failure is None
    assert nonconforming(seen.facts, VOCABULARY) == []
    assert seen.facts["ports.open"] == [listener.port]
    (record,) = seen.facts["ports.services"]  # type: ignore[misc, union-attr]
    assert (record["service.name"], record["service.product"]) == ("ftp", "vsftpd")  # type: ignore[index, call-overload]
    assert record["ftp.anonymous_login"] is True  # type: ignore[index, call-overload]


def test_without_version_detection_a_port_is_found_and_nothing_is_asked() -> None:
    with serve(ftp_server, "127.30.2.1") as listener:
        closed = unused_port()
        seen = scan("127.30.2.1", [(listener.port, listener.port), (closed, closed)], versions=False)
        assert listener.connections == 1
    assert seen.facts["ports.open"] == [listener.port]
    # What speaks there is missing, not null: nobody asked, so no check about it may fall away.
    assert seen.facts["ports.services"] == [{"service.port": listener.port, "service.transport": "tcp"}]
