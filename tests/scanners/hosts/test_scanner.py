"""The host scanner with nmap on loopback, where every address of 127.0.0.0/8 can be given a server."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from auditor.model.evidence import FailureKind, Observation
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits, Scanner
from scanners.conformance import nonconforming
from scanners.hosts.facts import FACTS
from scanners.hosts.scanner import HostScanner

VOCABULARY = {spec.name: spec for spec in FACTS}


@contextlib.contextmanager
def listening(*addresses: str) -> Iterator[int]:
    """Listen on one port of all these addresses; yield the port."""
    with contextlib.ExitStack() as stack:
        port = 0
        for address in addresses:
            server = stack.enter_context(socket.socket())
            server.bind((address, port))
            server.listen()
            port = server.getsockname()[1]
        yield port


def sweep(
    network: str,
    options: dict[str, JSON],
    timeout_seconds: float = 60.0,
    paces: list[None] | None = None,
) -> Observation:
    counted: list[None] = [] if paces is None else paces
    task = Task("hosts", "", "centre", network, options=options)
    limits = Limits(50, 2, 500, timeout_seconds)
    return HostScanner().scan(task, limits, lambda: counted.append(None))


def test_it_is_a_scanner() -> None:
    scanner: Scanner = HostScanner()
    assert (scanner.name, scanner.facts) == ("hosts", FACTS)


def test_addresses_that_answer_are_found_and_excluded_ones_left_alone() -> None:
    paces: list[None] = []
    with listening("127.31.0.3", "127.31.0.10", "127.31.0.12") as port:
        options: dict[str, JSON] = {"ports": [port], "exclude": ["127.31.0.12/32"], "never": []}
        seen = sweep("127.31.0.0/28", options, paces=paces)
    assert seen.failure is None
    assert seen.facts == {
        "hosts.network": "127.31.0.0/28",
        "hosts.asked": 13,
        "hosts.answering": ["127.31.0.3", "127.31.0.10"],
    }
    assert nonconforming(seen.facts, VOCABULARY) == []
    assert [raw.name for raw in seen.raw] == ["nmap.xml"]
    assert len(paces) == 1


def test_a_network_of_version_6_is_swept_too() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        seen = sweep("::1/128", {"ports": [server.getsockname()[1]], "exclude": ["127.0.0.0/8"]})
    assert seen.facts["hosts.answering"] == ["::1"]


def test_a_network_where_nobody_listens_has_no_answering_address() -> None:
    with listening("127.31.1.200") as port:
        seen = sweep("127.31.1.0/29", {"ports": [port]})
    assert (seen.facts["hosts.answering"], seen.failure) == ([], None)


def test_a_device_that_answers_for_everybody_gives_no_hosts() -> None:
    with listening("0.0.0.0") as port:
        seen = sweep("127.31.2.0/25", {"ports": [port]})
    assert seen.facts == {}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.PROTOCOL


@pytest.mark.parametrize(
    ("network", "options", "kind", "words"),
    [
        ("127.0.0.0/8", {}, FailureKind.TOOL_FAILED, "larger than /20"),
        ("127.31.0.0/28", {"exclude": ["127.31.0.0/24"]}, FailureKind.TOOL_FAILED, "no address is left"),
        ("127.31.0.0/28", {"ports": [9100], "never": [9100]}, FailureKind.TOOL_FAILED, "no port is left"),
        ("127.31.0.0/20", {"ports": list(range(1, 500))}, FailureKind.TIMEOUT, "sweep smaller networks"),
    ],
)
def test_a_sweep_that_cannot_be_made_is_named_and_sends_nothing(
    network: str, options: dict[str, JSON], kind: FailureKind, words: str
) -> None:
    paces: list[None] = []
    seen = sweep(network, options, paces=paces)
    assert (seen.facts, seen.raw, paces) == ({}, (), [])
    assert seen.failure is not None
    assert seen.failure.kind is kind
    assert words in seen.failure.detail


@pytest.mark.parametrize("network", ["127.0.0.1-9", "127.0.0.1 -oN /tmp/file", "$(id)", "10.0.0.1/24"])
def test_what_is_no_network_never_reaches_nmap(network: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        sweep(network, {})
