"""nmap is only given fixed options and one canonical address, and however it ends the result has a name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.evidence import FailureKind, Observation
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.conformance import nonconforming
from scanners.nmap_engine import delay_milliseconds, port_list
from scanners.ports.facts import FACTS
from scanners.ports.scanner import PortScanner, arguments
from tests.scanners.loopback import serve, unused_port
from tests.scanners.ports.fake_nmap import FakeNmap
from tests.scanners.ports.record import FIXTURES, SERVERS, address_of

LIMITS = Limits(100.0, 2, 1000, 60.0, connect_timeout_seconds=2.0)
VOCABULARY = {spec.name: spec for spec in FACTS}
EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeNmap:
    """Put a stand-in for nmap before the real one on PATH."""
    program = FakeNmap(tmp_path)
    program.install()
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return program


def task(address: str, ranges: Any = ((80, 80),), never: Any = ()) -> Task:
    """Return the task of scanning these ports of an address."""
    options = {"ranges": [list(pair) for pair in ranges], "never": list(never)}
    return Task("ports", "s", "o", address, options=options)


def scan(address: str, ranges: Any = ((80, 80),), limits: Limits = LIMITS) -> Observation:
    """Scan these ports of an address."""
    return PortScanner().scan(task(address, ranges), limits, lambda: None)


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
    st.lists(st.ip_addresses(v=4) | st.ip_addresses(v=6), min_size=1, max_size=20, unique=True),
    st.lists(st.tuples(st.integers(1, 300), st.integers(300, 65535)), min_size=1, max_size=3),
    st.integers(1, 1000),
)
def test_nmap_gets_fixed_options_numbers_and_canonical_addresses_of_one_family(
    fake: FakeNmap, addresses: list[Any], ranges: list[tuple[int, int]], number: int
) -> None:
    limits = Limits(float(number), 2, 50, float(number))
    PortScanner().scan_group([task(str(one), ranges) for one in addresses], limits, lambda: None)
    delay, expected = f"{delay_milliseconds(number)}ms", []
    for version in dict.fromkeys(one.version for one in addresses):
        family = [str(one) for one in addresses if one.version == version]
        for start in range(0, len(family), 16):
            expected += ["-oX", "-", *family[start : start + 16]]
            expected += ["-p", port_list([list(pair) for pair in ranges], [])]
            expected += ["-n", "-Pn", "-sT", "-T3", "--noninteractive"]
            expected += ["--scan-delay", delay, "--max-scan-delay", delay, "--max-retries", "2"]
            expected += ["--min-hostgroup", "16", "--host-timeout", f"{number}s"]
            expected += ["-6"] if version == 6 else []
    assert fake.started_with() == expected


@given(st.ip_addresses(), st.integers(1, 10**6))
def test_the_words_of_the_options_never_change(address: Any, number: int) -> None:
    words = arguments(str(address), Limits(1.0, number, number, number)).split()
    fixed = {
        "-n", "-Pn", "-sT", "-T3", "--noninteractive", "--scan-delay", "--max-scan-delay", "--max-retries",
        "--min-hostgroup", "--host-timeout", "-6",
    }  # fmt: skip
    assert all(word in fixed or word.rstrip("ms").isdecimal() for word in words)


@given(st.floats(0.01, 1000))
def test_no_second_holds_more_connections_than_the_rate(rate: float) -> None:
    """Below one connection per second, no span of 1/rate seconds holds more than one."""
    span_milliseconds = 1000 * max(1.0, 1 / rate)
    assert delay_milliseconds(rate) * max(1, int(rate)) > span_milliseconds


def test_tasks_of_other_ports_get_a_process_of_their_own(fake: FakeNmap) -> None:
    tasks = [task("10.0.0.1"), task("10.0.0.2", [(22, 22)]), task("10.0.0.3")]
    seen = PortScanner().scan_group(tasks, LIMITS, lambda: None)
    assert [one.settings["ports"] for one in seen] == ["80", "22", "80"]
    started = fake.started_with() or []
    assert started.count("-oX") == 2
    assert started[2:4] == ["10.0.0.1", "10.0.0.3"]


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
    seen = PortScanner().scan(task("10.0.0.1", [(9100, 9100)], [9100]), LIMITS, lambda: None)
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
    fake.prints((FIXTURES / "group.xml").read_bytes(), b"Warning: scan may be slow\n")
    seen = scan(address_of("closed"))
    assert seen.failure is None
    assert seen.facts["ports.open"] == []


def test_a_recorded_group_becomes_the_reviewed_facts_with_tool_settings_and_raw_output(
    fake: FakeNmap,
) -> None:
    xml = (FIXTURES / "group.xml").read_bytes()
    fake.prints(xml)
    addresses = [address_of(name) for name in SERVERS]
    seen = PortScanner().scan_group([task(address) for address in addresses], LIMITS, lambda: None)
    reviewed = json.loads((FIXTURES / "group.json").read_text(encoding="utf-8"))
    assert {address: one.facts for address, one in zip(addresses, seen, strict=True)} == reviewed
    assert {(one.tool, one.tool_version, one.settings["ports"]) for one in seen} == {("nmap", "7.93", "80")}
    assert {(raw.name, raw.content) for one in seen for raw in one.raw} == {("nmap.xml", xml)}


def test_a_real_group_is_found_port_by_port() -> None:
    with serve(lambda _: None, "127.30.2.1") as first, serve(lambda _: None, "127.30.2.2") as second:
        # Two addresses may have drawn the same number.
        ports = {first.port, second.port, unused_port()}
        ranges = [(port, port) for port in ports]
        tasks = [task(address, ranges) for address in ("127.30.2.2", "127.30.2.1")]
        seen = PortScanner().scan_group(tasks, LIMITS, lambda: None)
    assert [one.failure for one in seen] == [None, None]
    assert [one.facts["ports.open"] for one in seen] == [[second.port], [first.port]]
    assert [one.facts["ports.closed"] for one in seen] == [len(ports) - 1] * 2
    assert all(nonconforming(one.facts, VOCABULARY) == [] for one in seen)
