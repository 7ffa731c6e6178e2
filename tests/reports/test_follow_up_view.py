"""Where the follow-up of an agency's findings stands, and the records of what was measured again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.finding import FindingStatus
from auditor.model.report import ReportData, Retested
from auditor.model.retest import RetestResult
from reports.view.context import make_context
from reports.view.follow_up import FollowUpList, FollowUpView, follow_up_view
from tests.reports.pages import rendered
from tests.reports.sample import STARTED, report_data

DATA = report_data()
MINE = [one for one in DATA.findings if one.opd == "dinkes" and not one.waiver]
FIRST, SECOND = MINE[0], MINE[1]
AFTER = STARTED + timedelta(days=2)


def view_of(data: ReportData = DATA) -> FollowUpView:
    return follow_up_view(make_context(data, "id", "2022"), "dinkes")


def counts(view: FollowUpView) -> dict[str, str]:
    return {one.state.kind: one.count for one in view.counts}


def listed(view: FollowUpView, kind: str) -> FollowUpList:
    return next(one for one in view.lists if one.state.kind == kind)


def retested(result: RetestResult, *, days: int = 2, finding: str = FIRST.id) -> ReportData:
    at = STARTED + timedelta(days=days)
    one = Retested("retest-1", at, "Siti Aminah, S.Kom.", result, "dinkes")
    return replace(DATA, retests={finding: (one,)})


def with_finding(**changes: object) -> ReportData:
    changed = (replace(one, **changes) if one.id == FIRST.id else one for one in DATA.findings)  # type: ignore[arg-type]
    return replace(DATA, findings=tuple(changed))


def test_every_open_finding_is_in_exactly_one_state() -> None:
    context = make_context(DATA, "id", "2022")
    for opd in DATA.scorecards:
        view = follow_up_view(context, opd)
        standing = sum(int(one.count) for one in view.counts if one.state.kind != "fixed")
        assert standing == len(context.open_findings(opd))


def test_what_somebody_took_on_is_told_with_who_how_and_until_when() -> None:
    answer = Acknowledgement(FIRST.id, "Budi Santoso", "Mengganti konfigurasi.", date(2026, 10, 12))
    data = with_finding(acknowledgement=answer, status=FindingStatus.ACKNOWLEDGED)
    assert int(counts(view_of(data))["in-hand"]) == int(counts(view_of())["in-hand"]) + 1
    (row,) = (one for one in listed(view_of(data), "in-hand").listed.rows if one.id == FIRST.id)
    assert row.told == ("Ditangani oleh Budi Santoso sampai dengan 12 Oktober 2026: Mengganti konfigurasi.",)
    assert row.title.startswith("Tidak terpenuhi: ")


def test_a_plan_whose_day_has_passed_is_told_as_one() -> None:
    answer = Acknowledgement(FIRST.id, "Budi Santoso", "Mengganti konfigurasi.", date(2026, 10, 4))
    data = with_finding(acknowledgement=answer, status=FindingStatus.ACKNOWLEDGED)
    (row,) = (one for one in listed(view_of(data), "in-hand").listed.rows if one.id == FIRST.id)
    assert "semula merencanakan perbaikan sampai dengan 4 Oktober 2026" in row.told[0]


def test_what_could_not_be_measured_again_waits_to_be_verified() -> None:
    for data in (
        with_finding(status=FindingStatus.NOT_MEASURED),
        retested(RetestResult.NOT_MEASURABLE),
    ):
        assert FIRST.id in {one.id for one in listed(view_of(data), "waiting").listed.rows}


def test_a_retest_after_the_audit_settles_what_the_audit_saw_fail() -> None:
    view = view_of(retested(RetestResult.FIXED))
    (row,) = listed(view, "fixed").listed.rows
    assert (row.id, row.overdue) == (FIRST.id, False)
    assert not row.title.startswith("Tidak terpenuhi")
    assert row.told == (
        "Uji ulang UU/DINKES/retest-1 tanggal 7 Oktober 2026 atas permintaan Siti Aminah, S.Kom.: "
        "Selesai, terbukti melalui pengukuran.",
    )
    assert int(counts(view)["open"]) == int(counts(view_of())["open"]) - 1


def test_a_retest_before_the_audit_settles_nothing_that_fails_again() -> None:
    view = view_of(retested(RetestResult.FIXED, days=-3))
    assert counts(view) == counts(view_of())


def test_a_retest_that_still_fails_ends_the_waiting() -> None:
    data = replace(
        with_finding(status=FindingStatus.NOT_MEASURED), retests=retested(RetestResult.FAILING).retests
    )
    assert counts(view_of(data))["waiting"] == counts(view_of())["waiting"]


def test_what_is_overdue_is_listed_worst_first() -> None:
    late = tuple(replace(one, due=date(2026, 10, 1)) for one in DATA.findings)
    view = view_of(replace(DATA, findings=late))
    rows = listed(view, "overdue").listed.rows
    ranks = ["critical", "high", "medium", "low", "info"]
    assert [ranks.index(one.severity.kind) for one in rows] == sorted(
        ranks.index(one.severity.kind) for one in rows
    )
    context = make_context(replace(DATA, findings=late), "id", "2022")
    assert view.overdue == str(len(context.open_findings("dinkes")))


def test_records_of_retests_are_listed_with_their_number_and_result() -> None:
    both = replace(retested(RetestResult.FIXED))
    other = Retested("retest-1", AFTER, "Siti Aminah, S.Kom.", RetestResult.FAILING, "dinkes")
    foreign = replace(other, run="retest-2", opd="disdik")
    data = replace(both, retests={**both.retests, SECOND.id: (other,), "F-elsewhere": (foreign,)})
    (row,) = view_of(data).retests.rows
    assert row.number == "UU/DINKES/retest-1"
    assert [(one.kind, count) for one, count in row.results] == [("does-not-conform", "1"), ("fixed", "1")]
    page = rendered(data, "html")["kartu-skor-dinkes.html"]
    assert "UU/DINKES/retest-1" in page
    assert "retest-2" not in page


def test_a_card_without_retests_says_so() -> None:
    page = rendered(DATA, "html")["kartu-skor-dinkes.html"]
    assert "Tidak ada temuan yang diukur ulang atas permintaan." in page
