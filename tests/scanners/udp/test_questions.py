"""What is asked, and what counts as an answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.udp.questions import CONSENT_CHECK, Question, questions

FIXTURES = Path(__file__).parent / "fixtures"
ALL = {one.name: one for one in questions("127.0.0.1", {CONSENT_CHECK})}
RECORDED = {path.stem: path.read_bytes() for path in sorted(FIXTURES.glob("*.reply"))}
WRITTEN = {
    # RFC 1350, section 5: the first block of a file, and an acknowledged option.
    "tftp data": ("tftp", b"\0\3\0\1secret"),
    "tftp option": ("tftp", b"\0\6blksize\0512\0"),
    "tftp error": ("tftp", b"\0\5\0\2Access violation\0"),
    # ntpd 4.2.6: a refusal in mode 6, and facts of the daemon in mode 7.
    "control refused": ("ntp_control", bytes((0x16, 0xC2)) + b"\x54\x69" + bytes(8)),
    "control in parts": ("ntp_control", bytes((0x16, 0xA2)) + b"\x54\x69" + bytes(8)),
    "monitoring": ("ntp_monitoring", bytes((0x97, 0, 3, 4, 0, 1, 0, 80)) + bytes(80)),
    "monitoring refused": ("ntp_monitoring", bytes((0x97, 0, 3, 4, 0x30, 0, 0, 0))),
    "root device": (
        "ssdp",
        b"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\n\r\n",
    ),
    "multicast name": ("llmnr", b"\x54\x69\x80\0\0\1\0\1\0\0\0\0" + b"\5arsip\0"),
    "answer with identifier zero": ("mdns", bytes((0, 0, 0x84, 0)) + bytes(8)),
    "session without authentication": (
        "ipmi",
        bytes.fromhex("0600ff0700000000000000000010811c632000380001170600000000008a"),
    ),
    "pong": ("ipmi", bytes.fromhex("0600ff06000011be40540010000011be000000008100000000000000")),
}


def test_communities_are_tried_with_consent_only_and_netbios_over_version_4_only() -> None:
    without = {one.name for one in questions("127.0.0.1", frozenset())}
    assert ALL.keys() - without == {"snmp_public", "snmp_private"}
    assert without - {one.name for one in questions("::1", frozenset())} == {"netbios"}


def test_no_question_is_longer_than_a_short_datagram() -> None:
    """A short question cannot make a network busy, and nothing is asked that fills more than one packet."""
    assert all(len(one.first) <= 128 and len(one.second) <= 128 for one in ALL.values())


def test_the_list_of_clients_is_never_asked_of_ntp() -> None:
    assert ALL["ntp_monitoring"].first[3] not in (20, 42)


@pytest.mark.parametrize("name", RECORDED)
def test_a_real_answer_counts(name: str) -> None:
    assert ALL[name].answers(RECORDED[name])


@pytest.mark.parametrize("name", WRITTEN)
def test_an_answer_as_the_standard_has_it_counts(name: str) -> None:
    question, reply = WRITTEN[name]
    assert ALL[question].answers(reply)


@pytest.mark.parametrize("name", RECORDED)
def test_an_answer_cut_short_to_a_few_bytes_does_not_count(name: str) -> None:
    assert not any(ALL[name].answers(RECORDED[name][:length]) for length in range(4))


@pytest.mark.parametrize("question", ALL.values(), ids=lambda question: question.name)
def test_an_echo_of_the_question_is_no_answer(question: Question) -> None:
    assert not question.answers(question.first)
    assert not question.answers(question.second)


def test_an_answer_under_another_community_or_to_another_request_does_not_count() -> None:
    reply = RECORDED["snmp_public"]
    assert not ALL["snmp_private"].answers(reply)
    assert not ALL["snmp_public"].answers(reply.replace(b"Tili", b"Till"))
    assert not ALL["snmp_public"].answers(reply + b"\0")


def test_nothing_of_people_is_kept_of_a_node_status() -> None:
    assert ALL["netbios"].kept_bytes <= 56


@pytest.mark.parametrize("question", ALL.values(), ids=lambda question: question.name)
@given(reply=st.binary(max_size=200))
def test_hostile_bytes_are_judged_without_a_fault(question: Question, reply: bytes) -> None:
    assert question.answers(reply) in (True, False)


@given(at=st.integers(0, 200), byte=st.integers(0, 255))
def test_a_mutated_snmp_answer_is_judged_without_a_fault(at: int, byte: int) -> None:
    for name in ("snmp_public", "snmp_version_3"):
        reply = bytearray(RECORDED[name])
        reply[at % len(reply)] = byte
        assert ALL[name].answers(bytes(reply)) in (True, False)
