"""Reading SPF records, and following them through everything they include."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.dns.record import RecordError
from scanners.dns.spf import SpfRecord, is_spf, parse_spf
from tests.scanners.dns.asks import scan
from tests.scanners.dns.servers import Records, serve

RECORDS = {
    "v=spf1": SpfRecord(0, (), None, None),
    "v=spf1 -all": SpfRecord(0, (), None, "-all"),
    "V=SPF1 ~ALL": SpfRecord(0, (), None, "~all"),
    "v=spf1 all": SpfRecord(0, (), None, "+all"),
    "v=spf1 ?all": SpfRecord(0, (), None, "?all"),
    "v=spf1  mx  a  -all ": SpfRecord(2, (), None, "-all"),
    "v=spf1 a:x.test/24 mx:y.test//64 a/24//64 ptr exists:%{i}.z.test -all": SpfRecord(5, (), None, "-all"),
    "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all": SpfRecord(0, (), None, "-all"),
    "v=spf1 include:a.test include:b.test ~all": SpfRecord(2, ("a.test", "b.test"), None, "~all"),
    "v=spf1 redirect=a.test": SpfRecord(1, (), "a.test", None),
    "v=spf1 redirect=a.test -all": SpfRecord(0, (), None, "-all"),
    "v=spf1 -all include:late.test mx": SpfRecord(0, (), None, "-all"),
    "v=spf1 mx exp=e.test other.name=%{d} -all": SpfRecord(1, (), None, "-all"),
}
MALFORMED = (
    "v=spf2 -all",
    "v=spf1 foo -all",
    "v=spf1 include -all",
    "v=spf1 include: -all",
    "v=spf1 ip4 -all",
    "v=spf1 ip4:300.1.1.1 -all",
    "v=spf1 ip4:192.0.2.0/33 -all",
    "v=spf1 ip4:2001:db8::1 -all",
    "v=spf1 ip6:192.0.2.1 -all",
    "v=spf1 a/33 -all",
    "v=spf1 a//129 -all",
    "v=spf1 all/8",
    "v=spf1 all:x.test",
    "v=spf1 redirect= ",
    "v=spf1 redirect=a.test redirect=b.test",
    "v=spf1 a\ufffd -all",
    "v=spf1 " + "a " * 5000,
)


@pytest.mark.parametrize("text", RECORDS)
def test_a_record_is_read(text: str) -> None:
    assert parse_spf(text) == RECORDS[text]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_receivers_refuse_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        parse_spf(text)


@pytest.mark.parametrize(
    ("text", "meant"), [("v=spf1", True), ("v=spf1 -all", True), ("v=spf10", False), ("spf1 -all", False)]
)
def test_only_a_record_with_its_version_is_meant_as_spf(text: str, meant: bool) -> None:
    assert is_spf(text) is meant


TERMS = st.sampled_from(
    ["a", "mx", "include:x.test", "redirect=y.test", "all", "ip4:1.2.3.4", "?all", "/", ":"]
)


@given(st.one_of(st.text(), st.lists(st.one_of(TERMS, st.text(max_size=6))).map(" ".join)))
def test_no_text_makes_it_raise_anything_else(text: str) -> None:
    for given_text in (text, f"v=spf1 {text}"):
        with contextlib.suppress(RecordError):
            assert parse_spf(given_text).lookups >= 0


def followed(record: str, **included: str) -> tuple[object, object, object]:
    """Return lookups, validity and final term of a record with what it may include."""
    texts = {f"{label}.test TXT": [f'"{text}"'] for label, text in included.items()}
    world = Records({"contoh.test TXT": [f'"{record}"'], **texts}, "contoh.test")
    with serve(world) as server:
        facts = scan("contoh.test", server.resolver).facts
    return tuple(facts.get(f"domain.spf_{part}") for part in ("lookups", "valid", "all"))  # type: ignore[return-value]


def test_included_records_are_counted_with_their_own_terms() -> None:
    got = followed("v=spf1 mx include:a.test -all", a="v=spf1 a include:b.test ~all", b="v=spf1 mx ?all")
    assert got == (5, True, "-all")


def test_a_redirect_gives_the_end() -> None:
    assert followed("v=spf1 mx redirect=a.test", a="v=spf1 a ~all") == (3, True, "~all")


def test_records_that_include_each_other_end_at_twenty_one() -> None:
    assert followed("v=spf1 include:a.test -all", a="v=spf1 include:a.test -all") == (21, True, "-all")


def test_an_include_of_a_name_that_does_not_exist_is_an_error() -> None:
    assert followed("v=spf1 include:hilang.test -all") == (1, False, "-all")


def test_an_include_of_a_name_without_spf_is_an_error() -> None:
    assert followed("v=spf1 include:a.test -all", a="hello") == (1, False, "-all")


def test_an_include_that_is_no_name_is_an_error() -> None:
    assert followed(f"v=spf1 include:{'x' * 70}.test -all") == (1, False, "-all")


def test_a_macro_is_counted_and_not_asked_for() -> None:
    assert followed("v=spf1 include:%{ir}.a.test -all") == (1, True, "-all")


def test_a_malformed_record_is_an_error_without_an_end() -> None:
    assert followed("v=spf1 mxx -all") == (0, False, None)
