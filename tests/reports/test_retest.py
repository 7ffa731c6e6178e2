"""The record of a re-test: a page for each agency, in words, and nothing that a server could smuggle in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from auditor.model.check import Severity
from auditor.model.inventory import Category, Organization
from auditor.model.retest import Asked, RetestItem, RetestRecord, RetestResult, Row, Seen
from auditor.model.retest_report import RetestReport
from auditor.model.run import Provenance
from auditor.model.trial_report import NamedServer
from auditor.model.verdict import Status
from reports.retest.pages import render_retest
from reports.retest.view import retest_view
from reports.words import Words

AT = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e"
BEFORE = Seen(
    "run-1",
    AT - timedelta(days=1),
    Status.FAIL,
    {"en": f"banner {HOSTILE}", "id": f"spanduk {HOSTILE}"},
    {"en": "no banner", "id": "tanpa spanduk"},
    rows=(Row(7, "a" * 64),),
)
AFTER = Seen(
    "run-2",
    AT,
    Status.PASS,
    {"en": "silent", "id": "diam"},
    {"en": "x", "id": "x"},
    rows=(Row(1234, "b" * 64),),
)


def item(result: RetestResult = RetestResult.FIXED, opd: str = "bkd", **change: object) -> RetestItem:
    """Return a finding that was fixed, unless changed."""
    base = RetestItem(
        finding=f"F-{opd}-{result}",
        check="smtp-version-hidden",
        title={"en": "The version is hidden", "id": "Versi disembunyikan"},
        severity=Severity.LOW,
        opd=opd,
        server=f"{opd}-01",
        subject=f"service|{opd}-01|10.1.0.10/25/tcp||",
        first_seen=AT - timedelta(days=3),
        due=date(2026, 12, 22),
        before=BEFORE,
        after=AFTER,
        result=result,
    )
    return replace(base, **change)  # type: ignore[arg-type]


def report(*items: RetestItem, **change: object) -> RetestReport:
    """Return the report of a re-test of these findings."""
    owners = sorted({one.opd for one in items})
    record = RetestRecord(
        run="20261123-153000-abcd",
        asked=Asked("Siti <b>Aminah</b>", f"Sudah {HOSTILE}", "root", AT),
        wanted=tuple(one.finding for one in items),
        counts=dict.fromkeys(owners, date(2026, 11, 23)),
        provenance=Provenance("p" * 64, "c" * 64, "i" * 64, {}, "0.1.0"),
        started_at=AT,
        finished_at=AT + timedelta(minutes=1),
        items=items,
        head=Row(1234, "b" * 64),
        digest="d" * 64,
    )
    named = NamedServer("Surel", "bkd", "BKD", "dmz", Category.RENDAH, ("10.1.0.10",), ())
    return RetestReport(
        1,
        Organization("Pemerintah Kabupaten Contoh", "Asia/Jakarta"),
        "terbatas",
        replace(record, **change),  # type: ignore[arg-type]
        dict(zip(owners, ("Badan Kepegawaian Daerah", "Dinas Kesehatan"), strict=False)),
        dict(zip(owners, ("Asia/Jakarta", "Asia/Jayapura"), strict=False)),
        {"bkd-01": named},
        ("094/112/2026",),
        {"nmap": "7.93"},
    )


def pages(told: RetestReport) -> dict[str, str]:
    return {one.name: one.content.decode() for one in render_retest(told)}


def test_each_agency_has_its_own_page_in_each_language() -> None:
    told = report(item(), item(opd="dinkes"))
    found = pages(told)
    assert list(found) == [
        "berita-acara-uji-ulang-bkd-20261123-153000-abcd.html",
        "retest-record-bkd-20261123-153000-abcd.html",
        "berita-acara-uji-ulang-dinkes-20261123-153000-abcd.html",
        "retest-record-dinkes-20261123-153000-abcd.html",
        "retest-record-20261123-153000-abcd.json",
    ]
    own, *_ = found.values()
    assert "F-bkd-fixed" in own
    assert "F-dinkes-fixed" not in own


def test_the_page_says_what_a_record_has_to_say() -> None:
    page = pages(report(item()))["berita-acara-uji-ulang-bkd-20261123-153000-abcd.html"]
    for words in (
        "Berita acara uji ulang",
        "UU/BKD/20261123-153000-abcd",
        "Pada tanggal 23 November 2026 telah dilakukan uji ulang atas 1 temuan",
        "22 November 2026 22.30 WIB",
        "23 November 2026 22.30 WIB",
        "Selesai, terbukti melalui pengukuran",
        "Seharusnya: x",
        "1.234: " + "b" * 16,
        "094/112/2026",
        "nmap 7.93",
        "Mengetahui",
        "d" * 64,
        "TERBATAS",
    ):
        assert words in page, words


def test_days_and_times_are_those_of_the_agency() -> None:
    page = pages(report(item(), item(opd="dinkes")))[
        "berita-acara-uji-ulang-dinkes-20261123-153000-abcd.html"
    ]
    assert "24 November 2026 00.30 WIT" in page
    assert "Pada tanggal 24 November 2026" in page


def test_nothing_that_anybody_said_is_more_than_text() -> None:
    for name, page in pages(report(item())).items():
        assert all(letter.isprintable() for letter in set(page) - {"\n"})
        if name.endswith(".html"):
            assert "<script" not in page
            assert "<b>Aminah" not in page
            assert "&lt;b&gt;Aminah" in page


def test_the_page_names_the_digest_of_the_json() -> None:
    *html, whole = render_retest(report(item()))
    digest = hashlib.sha256(whole.content).hexdigest()
    assert all(digest in one.content.decode() for one in html)
    assert json.loads(whole.content)["record"]["items"][0]["before"]["rows"][0]["sequence"] == 7


def test_what_still_fails_comes_first_and_the_gravest_of_it() -> None:
    grave = item(RetestResult.FAILING, severity=Severity.CRITICAL, finding="F-grave")
    mild = item(RetestResult.FAILING, finding="F-mild")
    unknown = item(RetestResult.NOT_MEASURABLE, after=None, finding="F-unknown")
    fixed = item(finding="F-fixed")
    view = retest_view(report(fixed, unknown, mild, grave), "bkd", Words("en", "Asia/Jakarta"), "")
    assert [one.id for one in view.items] == ["F-grave", "F-mild", "F-unknown", "F-fixed"]
    assert [count for _, count in view.counts] == ["2", "1", "1"]


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        ([RetestResult.FIXED], "Every finding below"),
        ([RetestResult.FIXED, RetestResult.FAILING], "A part of the findings"),
        ([RetestResult.FAILING, RetestResult.NOT_MEASURABLE], "None of the findings"),
    ],
)
def test_one_sentence_tells_the_outcome(results: list[RetestResult], sentence: str) -> None:
    view = retest_view(report(*map(item, results)), "bkd", Words("en", "Asia/Jakarta"), "")
    assert view.sentence.startswith(sentence)


def test_a_finding_without_check_server_or_measurement_has_its_place_on_the_page() -> None:
    odd = item(
        RetestResult.NOT_MEASURABLE,
        severity=None,
        before=None,
        after=None,
        server="gone-01",
        reason={"en": "its server is gone", "id": "servernya tidak ada"},
    )
    page = pages(report(odd, stopped=True))["retest-record-bkd-20261123-153000-abcd.html"]
    assert "its server is gone" in page
    assert "gone-01" in page
    assert "Stopped before the end." in page


def test_an_accepted_risk_and_other_servers_are_told() -> None:
    accepted = item(RetestResult.FAILING, waiver="W-0001")
    page = pages(report(accepted, beside=("run-0", "run-1")))["retest-record-bkd-20261123-153000-abcd.html"]
    assert "It fails as an accepted risk (W-0001)." in page
    assert "compared with what run-0, run-1 saw of them" in page
