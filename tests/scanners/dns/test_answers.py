"""No bytes of a resolver make the reading of its answer raise anything undeclared."""

from __future__ import annotations

import contextlib
import struct

import dns.message
import dns.rdatatype
import dns.rrset
from hypothesis import given
from hypothesis import strategies as st

from scanners.dns.answers import Answer, Unanswered, belongs, is_cut, parse_response, read_answer
from tests.scanners.dns.asks import name
from tests.scanners.dns.sign_fixtures import FOLDER

KINDS = ("A", "TXT", "DNSKEY", "CNAME", "CAA", "TLSA", "MX", "SOA")
RECORDS = (
    ("A", "192.0.2.1"),
    ("TXT", '"v=spf1 -all" "x"'),
    ("CNAME", "b.contoh.test."),
    ("CAA", '0 issue "a.test"'),
    ("TLSA", "3 1 1 " + "ab" * 32),
    ("MX", "10 a.test."),
    ("SOA", "a. b. 1 2 3 4 5"),
)


def whole(kind: str) -> tuple[dns.message.Message, bytes]:
    """Return a question and an answer full of records, signatures too."""
    query = dns.message.make_query("contoh.test", kind, id=7)
    response = dns.message.make_response(query)
    for record, data in RECORDS:
        response.answer.append(dns.rrset.from_text("contoh.test.", 300, "IN", record, data))
    for line in (FOLDER / "ed25519.txt").read_text().splitlines()[:6]:
        owner, _, _, record, data = line.split(" ", 4)
        response.authority.append(dns.rrset.from_text(owner, 300, "IN", record, data))
    return query, response.to_wire()


@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.integers(12, 800), st.integers(0, 255)), max_size=8),
    st.integers(0, 900),
)
def test_a_changed_answer_is_an_answer_or_none(
    kind: str, changes: list[tuple[int, int]], length: int
) -> None:
    query, wire = whole(kind)
    changed = bytearray(wire)
    for place, value in changes:
        changed[place % len(changed)] = value
    read(query, bytes(changed), kind)
    read(query, bytes(changed[:length]), kind)


@given(
    st.sampled_from(KINDS),
    st.integers(0, 0xFFFF),
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
    st.binary(),
)
def test_any_bytes_under_the_right_id_are_an_answer_or_none(
    kind: str, flags: int, counts: list[int], body: bytes
) -> None:
    query, _ = whole(kind)
    read(query, struct.pack("!6H", query.id, flags | 0x8000, *counts) + body, kind)


def read(query: dns.message.Message, wire: bytes, kind: str) -> None:
    """Read bytes as the answer to a query, as far as they are one."""
    if not belongs(wire, query) or is_cut(wire):
        return
    with contextlib.suppress(Unanswered):
        message = parse_response(wire, query)
        if message is not None:
            answer = read_answer(message, name("contoh.test"), dns.rdatatype.from_text(kind))
            assert isinstance(answer, Answer)
