"""XCCDF results and ARF reports, recorded and broken."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.evidence import FailureKind
from scanners.imported.openscap import read
from scanners.imported.report import Unreadable
from tests.scanners.imported.reports import recorded, xccdf

RULE = (
    '<Group id="g"><Rule id="xccdf_org.example_rule_a" severity="low"><title>Keep  a</title>'
    '<reference href="https://www.iso.org/standard/54534.html">A.12.4.1</reference>'
    '<reference href="https://www.iso.org/standard/54534.html">A.9.2.1</reference>'
    '<reference href="https://www.iso.org/standard/54534.html">not one</reference>'
    '<reference href="https://www.cisecurity.org/controls/">A.5.5.5</reference></Rule></Group>'
)


def test_a_recorded_evaluation_of_debian_11_is_read() -> None:
    report = read(recorded("openscap-debian-11.xml.xz"))
    [part] = report.parts
    assert (report.tool, report.version, report.host) == ("openscap", "1.3.7", "arsip")
    assert part.failure is None
    facts = part.facts
    assert (facts["openscap.benchmark"], facts["openscap.profile"]) == ("DEBIAN-11", "anssi_np_nt28_average")
    assert (facts["openscap.evaluated"], len(facts["openscap.failed"])) == (44, 21)
    assert len(facts["openscap.errors"]) == 1
    ntp = next(one for one in facts["openscap.failed"] if one["rule"] == "package_ntp_installed")
    assert ntp == {"rule": "package_ntp_installed", "severity": "high", "title": "Install the ntp service"}


def test_controls_that_content_names_are_a_hint_and_no_more() -> None:
    facts = read(recorded("openscap-debian-11.xml.xz")).parts[0].facts
    hints = {one["rule"]: one for one in facts["openscap.references"]}
    assert hints["partition_for_home"] == {
        "rule": "partition_for_home",
        "controls": "A.13.1.1 A.13.2.1 A.14.1.3",
        "result": "fail",
        "strength": "hint",
    }
    assert {one["strength"] for one in hints.values()} == {"hint"}


def test_content_of_another_release_is_no_evidence() -> None:
    [part] = read(recorded("openscap-other-release.xml.xz")).parts
    assert part.failure is not None
    assert part.failure.kind is FailureKind.NO_EVIDENCE
    assert part.failure.detail == "all 24 rules are for another system than this one"
    assert part.facts["openscap.not_applicable"] == 24
    assert not {"openscap.failed", "openscap.failed_rules"} & part.facts.keys()


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_both_versions_of_xccdf_are_read(version: str) -> None:
    results = (("a", "fail"), ("b", "pass"), ("c", "fixed"), ("d", "notapplicable"), ("e", "notselected"))
    [part] = read(xccdf(*results, version=version, rules=RULE)).parts
    assert part.failure is None
    assert part.facts["openscap.evaluated"] == 3
    assert part.facts["openscap.failed"] == [{"rule": "a", "severity": "high", "title": "Keep a"}]
    assert part.facts["openscap.references"][0]["controls"] == "A.9.2.1 A.12.4.1"
    assert part.finished_at.astimezone(UTC) == datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ([("a", "notapplicable")], "another system"),
        ([("a", "notchecked"), ("b", "informational")], "no rule was evaluated"),
        ([("a", "notselected")], "no rule was evaluated"),
        ([("a", "pass"), ("b", "error"), ("c", "unknown")], "2 rules could not be evaluated"),
    ],
)
def test_where_nothing_failed_and_nothing_is_proven_there_is_no_pass(
    results: list[tuple[str, str]], told: str
) -> None:
    [part] = read(xccdf(*results)).parts
    assert part.failure is not None
    assert told in part.failure.detail
    assert "openscap.failed" not in part.facts


def test_a_failed_rule_counts_beside_one_that_could_not_be_evaluated() -> None:
    [part] = read(xccdf(("a", "fail"), ("b", "error"))).parts
    assert part.failure is None
    assert part.facts["openscap.failed_rules"] == ["a"]
    assert part.facts["openscap.errors"] == ["b"]


def test_the_newest_of_several_results_counts() -> None:
    old, new = xccdf(("a", "fail"), start="2026-11-19T10:00:00"), xccdf(("a", "pass"))
    start, end = old.index(b"<TestResult"), old.index(b"</Benchmark>")
    both = new.replace(b"</Benchmark>", old[start:end] + b"</Benchmark>")
    assert read(both).parts[0].facts["openscap.failed"] == []


WHOLE = xccdf(("a", "pass"))
BAD = {
    "empty": (b"", "is empty"),
    "too large": (b" " * 50_000_000 + b"<a/>", "larger than 50 MB"),
    "truncated": (WHOLE[:-40], "no whole XCCDF or ARF report"),
    "two roots": (WHOLE * 2, "no whole XCCDF or ARF report"),
    "document type": (b"<!DOCTYPE a><a/>", "defines entities or a document type"),
    "entities": (b'<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', "defines entities or a document type"),
    "other document": (b"<nmaprun/>", "the document is <nmaprun>"),
    "no namespace": (WHOLE.replace(b"http://checklists.nist.gov/xccdf/1.2", b"urn:x"), "no XCCDF or ARF"),
    "only content": (b'<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2"/>', "only rules"),
    "no rules": (xccdf(), "names no rule"),
    "impossible result": (xccdf(("a", "maybe")), "impossible result maybe"),
    "no date": (xccdf(("a", "pass"), start="today"), "no date"),
    "half a zone": (WHOLE.replace(b'+07:00" end', b'" end'), "only one of start-time and end-time"),
    "other encoding": (WHOLE.replace(b"arsip", b"ars\xefp"), "no whole XCCDF or ARF report"),
}


@pytest.mark.parametrize(("content", "told"), BAD.values(), ids=BAD)
def test_a_bad_file_gives_one_reason(content: bytes, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert told in caught.value.message


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"),
            st.sampled_from(["pass", "fail", "error", "notapplicable", "notselected", "notchecked"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_failed_rule_is_told_only_where_something_passed_and_nothing_stayed_open(
    results: list[tuple[str, str]],
) -> None:
    [part] = read(xccdf(*results)).parts
    counted = Counter(outcome for _, outcome in results)
    if part.facts.get("openscap.failed") == []:
        assert counted["pass"] and not counted["fail"] and not counted["error"]
    assert (part.failure is None) == ("openscap.failed" in part.facts)
