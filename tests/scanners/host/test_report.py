"""Sections of a host's output: what they tell, and what they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.host.areas import AREAS
from scanners.host.reading import UNREAD, read_facts
from scanners.host.report import Reason, Report, State, Unread, parse_report


def section(name: str, content: str, state: str = "ran", code: int = 0, limit: int = 1000) -> str:
    return f"\n@@n begin {name}\n{content}\n@@n end {name} {state} {code} {limit}\n"


def report(text: str) -> Report:
    return parse_report(text.encode(), "n")


def reason(found: Report, name: str) -> Reason:
    with pytest.raises(Unread) as caught:
        found.section(name)
    return caught.value.reason


def test_a_section_holds_what_was_printed_byte_for_byte() -> None:
    found = report(section("a", "one\n\n two ") + section("b", ""))
    assert found.text("a") == "one\n\n two "
    assert found.lines("a") == ["one", "two"]
    assert found.text("b") == ""


def test_noise_around_sections_is_passed_over() -> None:
    found = report("Selamat datang\n@@x begin a\n" + section("a", "one") + "bye\n")
    assert set(found.sections) == {"a"}
    assert found.text("a") == "one"


def test_a_file_cannot_pretend_to_be_a_section() -> None:
    found = report(section("a", "x\n@@other begin b\nroot\n@@other end b ran 0 1000\ny"))
    assert set(found.sections) == {"a"}


def test_what_is_absent_is_an_observation_and_what_is_denied_is_none() -> None:
    found = report(section("gone", "", "absent") + section("kept", "", "denied"))
    assert found.optional("gone") is None
    assert found.optional_lines("gone") == []
    assert reason(found, "kept") is Reason.NEEDS_ROOT
    with pytest.raises(Unread):
        found.text("gone")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("a", "part", code=124), Reason.TIMEOUT),
        (section("a", "part", code=137), Reason.TIMEOUT),
        (section("a", "x" * 10, limit=10), Reason.TOO_MUCH),
        ("\n@@n begin a\npart", Reason.BROKEN_OFF),
        ("\n@@n begin a\npart\n" + section("b", "whole"), Reason.BROKEN_OFF),
        (section("a", "one") + section("a", "two"), Reason.BROKEN_OFF),
        ("", Reason.BROKEN_OFF),
    ],
    ids=["late", "killed", "cut", "ended within", "no end", "twice", "never begun"],
)
def test_what_did_not_end_well_tells_nothing(text: str, expected: Reason) -> None:
    assert reason(report(text), "a") is expected


def test_files_of_a_section_are_told_apart_and_one_denied_spoils_none_silently() -> None:
    text = "==> /etc/a <== read\none\n\n==> /etc/b <== read\ntwo\n\n"
    assert report(section("f", text)).files("f") == {"/etc/a": "one\n", "/etc/b": "two\n"}
    with pytest.raises(Unread) as caught:
        report(section("f", text + "==> /etc/c <== denied\n")).files("f")
    assert (caught.value.reason, caught.value.detail) == (Reason.NEEDS_ROOT, "/etc/c")


def test_nothing_at_all_leaves_every_fact_unread_with_its_reason() -> None:
    facts = read_facts(Report({}), AREAS)
    listed = facts[UNREAD]
    assert isinstance(listed, list)
    names = {spec.name for area in AREAS for spec in area.facts}
    unread = {str(one["fact"]) for one in listed if isinstance(one, dict)}
    assert unread | set(facts) - {UNREAD} == names


@given(st.binary(max_size=2000), st.sampled_from([one.name for one in AREAS]))
def test_whatever_a_host_prints_gives_facts_or_reasons(noise: bytes, name: str) -> None:
    area = next(one for one in AREAS if one.name == name)
    output = b"".join(
        b"\n@@n begin %s\n%s\n@@n end %s ran 0 100000\n" % (word, noise, word)
        for word in (b"os-release", b"kernel", b"clock", b"virtual", b"software")
    )
    facts = read_facts(parse_report(output, "n"), (area,))
    assert UNREAD in facts


def test_states_are_the_words_of_the_script() -> None:
    assert {state.value for state in State} == {"ran", "absent", "denied", "broken"}
