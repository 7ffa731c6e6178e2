"""Lynis' reports, recorded and broken."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.imported.lynis import read
from scanners.imported.report import Unreadable
from tests.scanners.imported.reports import lynis_report, recorded


def test_a_recorded_report_is_read() -> None:
    report = read(recorded("lynis-debian-11.dat"))
    [part] = report.parts
    assert (report.tool, report.version, report.host) == ("lynis", "3.0.2", "arsip")
    assert part.finished_at.tzinfo is None
    facts = part.facts
    assert [one["test"] for one in facts["lynis.warnings"]] == ["PKGS-7388", "LOGG-2138"]
    assert (len(facts["lynis.suggestions"]), facts["lynis.hardening_index"]) == (37, 58)
    assert facts["lynis.vulnerable_packages"] == []
    assert "PKGS-7392" in facts["lynis.tests_executed"]
    assert "MALW-3288" in facts["lynis.tests_skipped"]


def test_details_of_a_warning_stand_beside_its_text() -> None:
    [part] = read(lynis_report("warning[]=FILE-1|Wrong owner|/etc/passwd|text:chown|")).parts
    assert part.facts["lynis.warnings"] == [{"test": "FILE-1", "text": "Wrong owner (/etc/passwd)"}]
    assert part.started_at == datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001 - the report names no zone


def test_no_vulnerable_package_counts_only_where_something_looked() -> None:
    looked = ("vulnerable_packages_found=0", "package_audit_tool_found=1")
    assert read(lynis_report(*looked)).parts[0].facts["lynis.vulnerable_packages"] == []
    for lines in ((), looked[:1], ("vulnerable_packages_found=0", "package_audit_tool_found=0")):
        assert "lynis.vulnerable_packages" not in read(lynis_report(*lines)).parts[0].facts
    named = read(lynis_report("vulnerable_package[]=openssl", "vulnerable_package[]=openssl"))
    assert named.parts[0].facts["lynis.vulnerable_packages"] == ["openssl"]


@pytest.mark.parametrize("index", ["", "101", "-3", "sixty", "9999"])
def test_an_index_that_is_none_is_left_out(index: str) -> None:
    assert "lynis.hardening_index" not in read(lynis_report(f"hardening_index={index}")).parts[0].facts


WHOLE = lynis_report("warning[]=A-1|x|-|-|")
BAD = {
    "empty": (b"\n", 0, "is empty"),
    "too large": (b"a" * 50_000_001, 0, "larger than 50 MB"),
    "truncated": (WHOLE[:-14], 0, "was not finished"),
    "two reports": (WHOLE + WHOLE, 0, "more than one report"),
    "other encoding": (WHOLE.replace(b"|x|", b"|\xe4|"), 6, "no UTF-8"),
    "a log": (b"2026-11-22 10:50:05 Starting Lynis\n", 1, "a line without key=value"),
    "a picture": (b"\x89PNG\r\n\x1a\n", 1, "no UTF-8"),
    "XML": (b"<?xml version='1.0'?>\n<nmaprun/>\n", 1, "no report of Lynis"),
    "other settings": (b"[General]\nkey=value\n", 0, "no report of Lynis"),
    "no date": (lynis_report(start="yesterday"), 0, "no date"),
    "backwards": (lynis_report(end="2026-11-19 10:00:00"), 0, "ends before it starts"),
    "NUL": (WHOLE + b"\0\n", 9, "NUL"),
}


@pytest.mark.parametrize(("content", "line", "told"), BAD.values(), ids=BAD)
def test_a_bad_file_gives_one_located_reason(content: bytes, line: int, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert told in caught.value.message
    assert caught.value.line == line


@given(st.binary(max_size=300))
def test_any_bytes_give_a_reason_or_facts(middle: bytes) -> None:
    half = len(WHOLE) // 2
    try:
        read(WHOLE[:half] + middle + WHOLE[half:])
    except Unreadable as error:
        assert error.message
