"""Each control tells its status and what that rests on: measurements, answers, decisions, contradictions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditor.model.policy import AttestationRules
from auditor.model.report import ReportData
from reports.view.answers import AnswerView
from reports.view.context import make_context
from reports.view.controls import ControlView
from reports.view.scorecard import ScorecardView, scorecard_view
from tests.reports.whole import whole_data

DATA = whole_data()


def card(data: ReportData = DATA, language: str = "id") -> ScorecardView:
    return scorecard_view(make_context(data, language, "2022"), "dinkes")


def control(name: str, data: ReportData = DATA) -> ControlView:
    return next(one for group in card(data).groups for one in group.controls if one.id == name)


def answers(name: str, data: ReportData = DATA) -> AnswerView:
    found = control(name, data).answers
    assert found is not None
    return found


def test_measured_and_attested_stand_apart() -> None:
    one = control("A.8.26")
    assert one.status.label == "Tidak Sesuai"
    assert one.by_scans == "Sesuai"
    assert one.measured == "1 gagal, 1 lulus"
    assert answers("A.8.26").answer == "Tidak Sesuai"


def test_an_answer_names_who_gave_it_when_until_when_and_on_what_papers() -> None:
    (given,) = answers("A.8.5").given
    assert given.people == "Siti Aminah, S.Kom., 3 September 2026, berlaku sampai dengan 30 September 2027"
    assert given.papers[0] == "SK Kepala Dinas Nomor 188.4/12/2026"
    assert given.papers[1].startswith("berita-acara.pdf (berkas, 182.044 bita, SHA-256 ")


def test_design_implementation_and_effectiveness_are_told_apart() -> None:
    view = answers("A.6.3")
    assert view.aspects == "rancangan: sesuai; penerapan: sesuai sebagian; keefektifan: belum dijawab"
    assert len(view.given) == 2


def test_an_answer_tells_where_it_comes_from() -> None:
    assert answers("A.5.1").source == "diberikan untuk seluruh organisasi"
    assert answers("A.8.20").source == "diambil alih dari A.13.1.1 edisi 2013"
    assert answers("A.8.5").source == ""


def test_an_answer_that_has_ended_or_ends_soon_is_marked() -> None:
    ended, ending = answers("A.5.7").warning, answers("A.6.3").warning
    assert ended is not None and ended.kind == "ended"
    assert ending is not None and ending.label == "berakhir dalam 12 hari"
    assert answers("A.8.5").warning is None
    assert [notice.control for notice in card().ending] == ["A.5.7", "A.6.3"]


@pytest.mark.parametrize(("days", "warned"), [(11, False), (12, True)])
def test_the_policy_says_how_long_before_its_end_an_answer_is_marked(days: int, warned: bool) -> None:
    policy = replace(DATA.policy, attestations=AttestationRules(365, days, 1))
    assert (answers("A.6.3", replace(DATA, policy=policy)).warning is not None) is warned


def test_only_answers_given_by_the_day_of_the_audit_are_shown() -> None:
    later = replace(DATA.decisions.attestations[4], attested_on=date(2026, 10, 6), attested_by="Orang Lain")
    data = replace(
        DATA, decisions=replace(DATA.decisions, attestations=(*DATA.decisions.attestations, later))
    )
    assert "Orang Lain" not in str(answers("A.8.5", data).given)


def test_a_control_that_is_left_out_says_why_and_who_approved_it() -> None:
    applied = control("A.7.1").applied
    assert applied is not None and not applied.applicable
    assert applied.justification == "Perangkat daerah tidak mengelola ruang server."
    assert "disetujui oleh Drs. Budi Santoso, M.Si." in applied.people


def test_contradictions_are_marked_at_the_control_and_listed_on_top() -> None:
    listed = {notice.control: notice.told for notice in card().contradictions}
    assert list(listed) == ["A.8.5", "A.8.21", "A.8.24", "A.8.26"]
    assert {told.kind for told in listed.values()} == {"contradiction"}
    assert len({told.label for told in listed.values()}) == 4
    for name, told in listed.items():
        assert control(name).contradiction == told
    assert control("A.5.1").contradiction is None


def test_a_loosened_parameter_is_told_at_the_control_the_finding_and_the_verdicts() -> None:
    told = "minimum_days: kebijakan menetapkan 7, kontrol menoleransi paling rendah 30"
    assert control("A.8.9").loosened == (f"certificate-not-expiring: {told}",)
    assert control("A.8.8").loosened == ()
    rows = [row for section in card().sections for group in section.groups for row in group.rows]
    assert [row.loosened for row in rows if row.loosened] == [(told,)]
    (view,) = card().loosened
    assert (view.parameters, view.verdicts) == ((told,), "2 gagal")
    assert scorecard_view(make_context(DATA, "id", "2022"), "disdik").loosened == ()


def test_a_parameter_of_a_check_that_left_the_catalogue_is_still_named() -> None:
    (view,) = card(replace(DATA, checks={})).loosened
    assert view.parameters == ("minimum_days lebih longgar daripada yang ditoleransi kontrol",)


def test_every_level_stands_without_and_with_exceptions_and_with_its_formula() -> None:
    view = card()
    levels = [
        view.level.own,
        view.level.centre,
        *(group.level for group in view.groups if group.level),
        *(one.level for group in view.groups for one in group.controls),
        *(server.level for server in view.servers.rows if server.level),
    ]
    assert len(levels) == 2 + 4 + 12 + 4
    for level in levels:
        if level.score.applicable:
            floor, ceiling, coverage = level.score.put_in.split(" · ")
            assert [text.count("÷") for text in (floor, ceiling, coverage)] == [1, 1, 1]
        assert level.same == (level.score == level.with_waivers and level.grade == level.grade_with_waivers)
    assert view.level.own.with_waivers.floor.shown == "70,9\u00a0%"
