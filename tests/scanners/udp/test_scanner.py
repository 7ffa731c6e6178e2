"""The UDP scanner against responders on loopback."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from auditor.model.evidence import FailureKind, Observation
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits, Scanner
from scanners.conformance import nonconforming
from scanners.udp.facts import FACTS
from scanners.udp.questions import CONSENT_CHECK, questions
from scanners.udp.scanner import UdpScanner
from tests.scanners.udp.responders import Answering, Responder, respond, unused_udp_port

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = [one.name for one in questions("127.0.0.1", {CONSENT_CHECK})]


class Run:
    """Scan loopback with some questions answered, and count the pace."""

    def __init__(self) -> None:
        self.paces = 0
        self.servers: dict[str, Responder] = {}

    def scan(
        self,
        answering: Mapping[str, Answering],
        consent: bool = False,
        timeout_seconds: float = 20.0,
        new_port: bool = False,
    ) -> Observation:
        options: dict[str, JSON] = {"consent": [CONSENT_CHECK] if consent else []}
        task = Task("udp", "server", "opd", "127.0.0.1", options=options)
        limits = Limits(5, 1, 50, timeout_seconds, connect_timeout_seconds=0.1)
        with contextlib.ExitStack() as stack:
            for name, one in answering.items():
                self.servers[name] = stack.enter_context(respond(one, new_port=new_port))
            closed = unused_udp_port()
            ports = {name: self.servers[name].port if name in self.servers else closed for name in NAMES}
            return UdpScanner(ports).scan(task, limits, self._pace)

    def _pace(self) -> None:
        self.paces += 1


def always(*replies: bytes) -> Answering:
    return lambda _datagram: replies


def recorded(name: str) -> bytes:
    return (FIXTURES / f"{name}.reply").read_bytes()


def test_it_is_a_scanner() -> None:
    scanner: Scanner = UdpScanner()
    assert (scanner.name, scanner.facts) == ("udp", FACTS)


def test_closed_ports_are_asked_once_each_and_give_false() -> None:
    run = Run()
    seen = run.scan({}, consent=True)
    assert seen.failure is None
    assert seen.facts == {
        "udp.asked": NAMES,
        "udp.answered": True,
        "udp.tftp": False,
        "udp.ntp_control": False,
        "udp.ntp_monitoring": False,
        "udp.netbios": False,
        "udp.snmp_communities": [],
        "udp.snmp_version_3": False,
        "udp.ssdp": False,
        "udp.mdns": False,
        "udp.llmnr": False,
        "udp.ipmi": False,
    }
    assert run.paces == len(NAMES)
    assert nonconforming(seen.facts, {spec.name: spec for spec in FACTS}) == []


@pytest.mark.parametrize("name", ["ntp_control", "netbios", "snmp_version_3", "ipmi", "mdns"])
def test_what_a_real_server_answered_gives_true(name: str) -> None:
    run = Run()
    seen = run.scan({name: always(recorded(name))})
    assert seen.facts[f"udp.{name}"] is True
    assert len(run.servers[name].received) == 1
    assert [raw.name for raw in seen.raw] == [f"{name}.reply"]


def test_tftp_answers_from_another_port_and_a_refusal_counts() -> None:
    run = Run()
    seen = run.scan({"tftp": always(recorded("tftp"))}, new_port=True)
    assert seen.facts["udp.tftp"] is True
    assert len(run.servers["tftp"].received) == 1


def test_a_file_that_a_tftp_server_begins_to_send_is_declined() -> None:
    run = Run()
    seen = run.scan({"tftp": lambda datagram: [b"\0\3\0\1data"] if datagram[:2] == b"\0\1" else []})
    assert seen.facts["udp.tftp"] is True
    # A busy machine may have asked a second time before the first answer came.
    assert any(datagram.startswith(b"\0\5") for datagram in run.servers["tftp"].received)


def test_another_port_may_not_answer_for_the_one_asked() -> None:
    seen = Run().scan({"netbios": always(recorded("netbios"))}, new_port=True)
    assert seen.facts["udp.netbios"] is False


def test_silence_is_asked_once_more_and_then_gives_false() -> None:
    run = Run()
    seen = run.scan({name: always() for name in NAMES}, consent=True)
    assert all(len(server.received) == 2 for server in run.servers.values())
    assert run.paces == 2 * len(NAMES)
    assert (seen.facts["udp.answered"], seen.facts["udp.ssdp"], seen.failure) == (False, False, None)


def test_an_answer_to_the_second_datagram_counts() -> None:
    run = Run()

    def second(_datagram: bytes) -> list[bytes]:
        return [recorded("ipmi")] if len(run.servers["ipmi"].received) == 2 else []

    assert run.scan({"ipmi": second}).facts["udp.ipmi"] is True


def test_the_second_request_of_a_community_is_in_the_older_version() -> None:
    run = Run()
    seen = run.scan({"snmp_private": always(), "snmp_public": always(recorded("snmp_public"))}, consent=True)
    assert seen.facts["udp.snmp_communities"] == ["public"]
    assert [datagram[4] for datagram in run.servers["snmp_private"].received] == [1, 0]


def test_without_consent_no_community_is_tried() -> None:
    run = Run()
    seen = run.scan({"snmp_public": always(recorded("snmp_public")), "snmp_private": always()})
    assert not any(server.received for server in run.servers.values())
    assert "udp.snmp_communities" not in seen.facts
    asked = seen.facts["udp.asked"]
    assert isinstance(asked, list) and "snmp_public" not in asked


HOSTILE: dict[str, Answering] = {
    "garbage": always(b"\xff" * 1400),
    "a flood": always(*[b"x"] * 60),
    "an empty datagram": always(b""),
    "its own question": lambda datagram: [datagram],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_answer_gives_false(name: str) -> None:
    seen = Run().scan(dict.fromkeys(NAMES, HOSTILE[name]), consent=True)
    assert seen.failure is None
    told = {name: value for name, value in seen.facts.items() if name not in ("udp.asked", "udp.answered")}
    assert told.pop("udp.snmp_communities") == []
    assert set(told.values()) == {False}


def test_time_that_does_not_suffice_is_named_and_silence_then_decides_nothing() -> None:
    silent = {name: always() for name in NAMES if name != "netbios"}
    seen = Run().scan({**silent, "netbios": always(recorded("netbios"))}, timeout_seconds=0.05)
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TIMEOUT
    assert {name for name in seen.facts if name not in ("udp.asked", "udp.answered")} <= {"udp.netbios"}


def test_an_address_that_cannot_be_reached_from_here_is_named() -> None:
    task = Task("udp", "server", "opd", "255.255.255.255")
    seen = UdpScanner().scan(task, Limits(5, 1, 50, 5.0, connect_timeout_seconds=0.1), lambda: None)
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.UNREACHABLE
    assert "udp.answered" not in seen.facts


def test_version_6_is_asked_too() -> None:
    with respond(always(recorded("mdns")), address="::1") as server:
        scanner = UdpScanner(dict.fromkeys(NAMES, server.port))
        task = Task("udp", "server", "opd", "::1")
        seen = scanner.scan(task, Limits(5, 1, 50, 10.0, connect_timeout_seconds=0.1), lambda: None)
    assert seen.facts["udp.mdns"] is True
    assert seen.facts["udp.netbios"] is None
    asked = seen.facts["udp.asked"]
    assert isinstance(asked, list) and "netbios" not in asked
