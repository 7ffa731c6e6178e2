"""Asking resolvers: what is believed, what is ignored, and where it ends."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from auditor.model.evidence import FailureKind
from scanners.dns.answers import Unanswered
from tests.scanners.dns.asks import Count, asker, limits, name
from tests.scanners.dns.servers import Records, serve
from tests.scanners.loopback import unused_port

RIGHT = "192.0.2.1"


def answering(query: dns.message.Message, address: str = RIGHT, owner: str = "") -> dns.message.Message:
    """Return a good answer to a question for an address."""
    response = dns.message.make_response(query, recursion_available=True)
    response.answer.append(
        dns.rrset.from_text(owner or query.question[0].name.to_text(), 300, "IN", "A", address)
    )
    return response


def good(query: dns.message.Message, _transport: str) -> list[bytes]:
    """Answer as one should."""
    return [answering(query).to_wire()]


def silent(_query: dns.message.Message, _transport: str) -> list[bytes]:
    """Say nothing."""
    return []


def with_wrong_id_first(query: dns.message.Message, _transport: str) -> list[bytes]:
    """Send a forged answer with another id, then the right one."""
    forged = bytearray(answering(query, "198.51.100.66").to_wire())
    struct.pack_into("!H", forged, 0, query.id ^ 1)
    return [bytes(forged), answering(query).to_wire()]


def with_another_question_first(query: dns.message.Message, _transport: str) -> list[bytes]:
    """Send the answer to another question under the right id, then the right one."""
    other = dns.message.make_query("jahat.test", "A", id=query.id)
    return [answering(other, "198.51.100.66").to_wire(), answering(query).to_wire()]


def with_a_query_first(query: dns.message.Message, _transport: str) -> list[bytes]:
    """Send the question back, then the answer."""
    return [query.to_wire(), answering(query).to_wire()]


def with_garbage_first(query: dns.message.Message, _transport: str) -> list[bytes]:
    """Send bytes that are no message, then the answer."""
    noise = random.Random(1).randbytes(40)
    return [b"", b"\0", noise, struct.pack("!H", query.id) + noise, answering(query).to_wire()]


def with_pointer_loop_first(query: dns.message.Message, _transport: str) -> list[bytes]:
    """Send a message whose names point at themselves, then the answer."""
    head = struct.pack("!HHHHHH", query.id, 0x8180, 1, 1, 0, 0)
    return [head + b"\xc0\x0c\x00\x01\x00\x01" * 2, answering(query).to_wire()]


@pytest.mark.parametrize(
    "answer",
    [
        good,
        with_wrong_id_first,
        with_another_question_first,
        with_a_query_first,
        with_garbage_first,
        with_pointer_loop_first,
    ],
)
def test_only_the_answer_to_the_question_is_believed(
    answer: Callable[[dns.message.Message, str], list[bytes]],
) -> None:
    with serve(answer) as server:
        found = asker(server.port).ask(name("www.contoh.test"), "A")
    assert [record.to_text() for record in found.records] == [RIGHT]


def test_records_of_another_name_in_the_answer_are_ignored() -> None:
    def answer(query: dns.message.Message, _transport: str) -> list[bytes]:
        return [answering(query, owner="bank.test.").to_wire()]

    with serve(answer) as server:
        found = asker(server.port).ask(name("www.contoh.test"), "A")
    assert found.exists
    assert found.records == ()


def test_a_cut_answer_is_fetched_over_tcp() -> None:
    long = [f'"{number}" "{"y" * 200}"' for number in range(21)]
    with serve(Records({"contoh.test TXT": long}, "contoh.test")) as server:
        found = asker(server.port).ask(name("contoh.test"), "TXT")
    assert len(found.records) == 21
    assert [transport for _, _, transport in server.questions] == ["udp", "tcp"]


def test_an_answer_that_is_cut_over_tcp_too_is_none() -> None:
    def answer(query: dns.message.Message, _transport: str) -> list[bytes]:
        response = dns.message.make_response(query)
        response.flags |= dns.flags.TC
        return [response.to_wire()]

    with serve(answer) as server, pytest.raises(Unanswered) as caught:
        asker(server.port).ask(name("contoh.test"), "A")
    assert caught.value.kind is FailureKind.PROTOCOL
    assert [transport for _, _, transport in server.questions] == ["udp", "tcp"]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_an_answer_with_a_record_that_cannot_be_read_decides_nothing_at_once(transport: str) -> None:
    def answer(query: dns.message.Message, used: str) -> list[bytes]:
        if used != transport:
            response = dns.message.make_response(query)
            response.flags |= dns.flags.TC
            return [response.to_wire()]
        return [answering(query).to_wire()[:-3]]

    with serve(answer) as server, pytest.raises(Unanswered) as caught:
        asker(server.port, given=limits(answer_seconds=20)).ask(name("contoh.test"), "A")
    assert caught.value.kind is FailureKind.PROTOCOL
    assert server.questions[-1][2] == transport


def test_a_text_of_sixty_kilobytes_is_read_and_counted() -> None:
    huge = " ".join(f'"{"z" * 255}"' for _ in range(240))
    with serve(Records({"contoh.test TXT": [huge]}, "contoh.test")) as server:
        one = asker(server.port, given=limits(response_bytes=60_000))
        found = one.ask(name("contoh.test"), "TXT")
        assert len(found.records) == 1
        with pytest.raises(Unanswered) as caught:
            one.ask(name("lain.contoh.test"), "TXT")
    assert caught.value.kind is FailureKind.STOPPED


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (dns.rcode.SERVFAIL, FailureKind.PROTOCOL),
        (dns.rcode.REFUSED, FailureKind.REFUSED),
        (dns.rcode.FORMERR, FailureKind.PROTOCOL),
        (dns.rcode.NOTIMP, FailureKind.PROTOCOL),
        (dns.rcode.YXDOMAIN, FailureKind.PROTOCOL),
    ],
)
def test_an_error_decides_nothing_and_is_not_repeated_to_the_only_resolver(
    code: dns.rcode.Rcode, kind: FailureKind
) -> None:
    with (
        serve(Records({}, "contoh.test", {"contoh.test": code})) as server,
        pytest.raises(Unanswered) as caught,
    ):
        asker(server.port).ask(name("contoh.test"), "A")
    assert caught.value.kind is kind
    assert caught.value.server_failure == (code == dns.rcode.SERVFAIL)
    assert len(server.questions) == 1


def test_the_next_resolver_is_tried_and_then_stays_the_first() -> None:
    with serve(Records({}, "contoh.test", {"contoh.test": dns.rcode.SERVFAIL})) as bad, serve(good) as other:
        one = asker(bad.port, other.port)
        assert one.ask(name("contoh.test"), "A").records
        assert one.ask(name("contoh.test"), "AAAA").exists
    assert len(bad.questions) == 1
    assert len(other.questions) == 2


def test_a_closed_port_is_refused() -> None:
    with pytest.raises(Unanswered) as caught:
        asker(unused_port()).ask(name("contoh.test"), "A")
    assert caught.value.kind is FailureKind.REFUSED


def test_silence_is_asked_once_more_and_after_three_silent_questions_nothing_is_asked() -> None:
    pace = Count()
    with serve(silent) as server:
        one = asker(server.port, pace=pace, given=limits(answer_seconds=0.05))
        for label in ("a", "b", "c", "d", "e"):
            with pytest.raises(Unanswered) as caught:
                one.ask(name(f"{label}.contoh.test"), "A")
            assert caught.value.kind is FailureKind.TIMEOUT
    assert len(server.questions) == pace.paces == 6


def test_datagrams_that_answer_nothing_are_not_read_for_ever() -> None:
    def answer(query: dns.message.Message, _transport: str) -> list[bytes]:
        return [struct.pack("!HH", query.id ^ 1, 0x8180) + bytes(8)] * 60

    with serve(answer) as server, pytest.raises(Unanswered) as caught:
        asker(server.port, given=limits(answer_seconds=5)).ask(name("contoh.test"), "A")
    assert caught.value.kind is FailureKind.PROTOCOL


def test_the_number_of_questions_is_bounded_and_answers_are_remembered() -> None:
    with serve(good) as server:
        one = asker(server.port, questions=3)
        for label in ("a", "b", "c", "a", "b", "c"):
            assert one.ask(name(f"{label}.contoh.test"), "A").records
        with pytest.raises(Unanswered) as caught:
            one.ask(name("d.contoh.test"), "A")
    assert caught.value.kind is FailureKind.STOPPED
    assert len(server.questions) == 3
    assert len(one.replies) == 3


def test_a_referral_decides_nothing() -> None:
    def answer(query: dns.message.Message, _transport: str) -> list[bytes]:
        response = dns.message.make_response(query)
        response.authority.append(dns.rrset.from_text("test.", 300, "IN", "NS", "ns.test."))
        return [response.to_wire()]

    with serve(answer) as server, pytest.raises(Unanswered):
        asker(server.port).ask(name("contoh.test"), "A")


def chained(length: int) -> Callable[[dns.message.Message, str], list[bytes]]:
    """Answer each name with one alias alone, as a server does that follows none."""

    def answer(query: dns.message.Message, _transport: str) -> list[bytes]:
        owner = query.question[0].name
        number = int(owner.labels[0][1:])
        if number >= length:
            return [answering(query).to_wire()]
        response = dns.message.make_response(query)
        response.answer.append(dns.rrset.from_text(owner, 300, "IN", "CNAME", f"n{number + 1}.contoh.test."))
        return [response.to_wire()]

    return answer


def test_aliases_are_followed_where_the_resolver_does_not() -> None:
    with serve(chained(8)) as server:
        found = asker(server.port).ask(name("n0.contoh.test"), "A")
    assert [record.to_text() for record in found.records] == [RIGHT]
    assert len(found.aliases) == 8


def test_a_chain_without_end_is_left() -> None:
    with serve(chained(1000)) as server, pytest.raises(Unanswered):
        asker(server.port).ask(name("n0.contoh.test"), "A")
    assert len(server.questions) <= 10


@pytest.mark.parametrize("together", [True, False])
def test_aliases_that_lead_to_each_other_are_seen(together: bool) -> None:
    pairs = {"a.contoh.test": "b.contoh.test.", "b.contoh.test": "a.contoh.test."}

    def answer(query: dns.message.Message, _transport: str) -> list[bytes]:
        response = dns.message.make_response(query)
        for owner, target in pairs.items():
            if together or name(owner) == query.question[0].name:
                response.answer.append(dns.rrset.from_text(f"{owner}.", 300, "IN", "CNAME", target))
        return [response.to_wire()]

    with serve(answer) as server:
        found = asker(server.port).ask(name("a.contoh.test"), "A")
    assert found.looping
    assert found.records == ()


def test_a_stream_that_ends_within_an_answer_is_a_failure() -> None:
    def cut(query: dns.message.Message, transport: str) -> list[bytes]:
        if transport == "udp":
            response = dns.message.make_response(query)
            response.flags |= dns.flags.TC
            return [response.to_wire()]
        raise OSError("hang up")

    with serve(cut) as server, pytest.raises(Unanswered) as caught:
        asker(server.port).ask(name("contoh.test"), "A")
    assert caught.value.kind is FailureKind.RESET
