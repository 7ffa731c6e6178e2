"""What a statement of applicability says of every control, and what it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditor.model.attestation import Answer, Aspect, Basis
from auditor.model.framework import ControlSide
from auditor.model.report import ReportData
from auditor.model.scorecard import Contradiction, ControlStatus
from auditor.model.waiver import WaiverStatus
from reports.errors import ReportError
from reports.statement.labels import (
    ANSWERS,
    APPLIES,
    ASPECTS,
    BASES,
    CODES,
    CONTRADICTIONS,
    CONTROL_SIDES,
)
from reports.statement.lines import Applies, Statement, make_statement
from reports.statement.view import LineView, StatementView, statement_view
from reports.view.context import make_context
from reports.words import LANGUAGES
from tests.reports.statements import (
    DECIDED,
    GIVEN,
    INCLUDED,
    MINUTES,
    WHOLE,
    attestation,
    statement_data,
    with_decisions,
)

DATA = statement_data()


def statement(opd: str | None = "dinkes", data: ReportData = DATA, edition: str = "2022") -> Statement:
    return make_statement(make_context(data, "id", edition), opd)


def view(opd: str | None = "dinkes", data: ReportData = DATA, edition: str = "2022") -> StatementView:
    context = make_context(data, "id", edition)
    return statement_view(context, make_statement(context, opd))


def line(control: str, opd: str | None = "dinkes", data: ReportData = DATA) -> LineView:
    (found,) = (one for group in view(opd, data).groups for one in group.lines if one.id == control)
    return found


@pytest.mark.parametrize("edition", ["2013", "2022"])
@pytest.mark.parametrize("opd", ["dinkes", "disdik", "dukcapil", None])
def test_every_control_of_the_edition_is_stated_once(opd: str | None, edition: str) -> None:
    controls = [one.id for group in view(opd, edition=edition).groups for one in group.lines]
    assert controls == [control.id for control in DATA.frameworks[edition].controls]


@pytest.mark.parametrize("opd", ["dinkes", "disdik", None])
def test_the_totals_add_up(opd: str | None) -> None:
    made = statement(opd)
    totals = made.totals
    assert totals.controls == len(made.lines) == totals.applicable + totals.excluded
    assert totals.applicable == totals.included + totals.undecided
    assert sum(totals.statuses.values()) == totals.controls
    assert set(totals.statuses) == set(ControlStatus)


def test_the_totals_count_what_was_decided() -> None:
    totals = statement().totals
    assert (totals.included, totals.excluded, totals.undecided) == (1, 2, 9)
    assert totals.contradictions == 4
    nobody = statement("disdik").totals
    assert (nobody.included, nobody.excluded, nobody.undecided) == (0, 0, nobody.controls)


def test_a_status_is_the_one_of_the_scorecard() -> None:
    for opd in ("dinkes", "disdik", "dukcapil", None):
        card = DATA.organization if opd is None else DATA.scorecards[opd]
        expected = {one.control: one.status for one in card.controls["2022"]}
        assert {one.control.id: one.result.status for one in statement(opd).lines} == expected


def test_an_inclusion_names_its_bases_and_who_decided() -> None:
    decision = line("A.5.1").decision
    assert decision.applies.label == "Ya"
    assert decision.bases == "peraturan perundang-undangan, risiko"
    assert decision.justification == INCLUDED.justification
    assert decision.people == "diputuskan oleh Budi Santoso pada 10 Agustus 2026"
    assert decision.valid == "berlaku sampai dengan 30 September 2027"
    assert decision.source == ""


def test_an_exclusion_names_who_decided_and_who_approved() -> None:
    decision = line("A.5.7").decision
    assert decision.applies.label == "Tidak"
    assert decision.people.startswith("diputuskan oleh Budi Santoso pada 10 Agustus 2026, ")
    assert decision.people.endswith(", disetujui oleh dr. Ratna Dewi")
    assert "Tidak ada tim sendiri." in decision.justification


def test_a_control_about_which_nobody_decided_says_so_and_counts_as_applicable() -> None:
    decision = line("A.8.9").decision
    assert decision.applies.label == "Belum diputuskan"
    assert decision.justification == "Dianggap berlaku sampai ada keputusan."
    assert (decision.people, decision.valid, decision.source) == ("", "", "")


def test_a_decision_that_has_ended_is_told() -> None:
    assert "Keputusan sebelumnya berakhir pada 1 September 2026." in line("A.7.1").decision.justification


def test_a_decision_for_the_whole_organisation_says_so() -> None:
    assert line("A.8.20").decision.source == "diberikan untuk seluruh organisasi"


def test_a_decision_taken_after_the_day_of_the_audit_is_not_shown() -> None:
    later = replace(INCLUDED, decided_on=date(2026, 10, 6), justification="Terlambat.")
    data = with_decisions(DATA, GIVEN, (*DECIDED, later))
    assert line("A.5.1", data=data).decision.justification == INCLUDED.justification


def test_the_last_answer_of_a_question_is_the_one_that_is_shown() -> None:
    newer = replace(WHOLE, justification="Sudah diperbarui.", attested_on=date(2026, 9, 20))
    answer = line("A.5.1", data=with_decisions(DATA, (newer, *GIVEN), DECIDED)).answer
    assert answer is not None
    assert [one.justification for one in answer.given] == ["Sudah diperbarui."]


def test_an_answer_names_who_when_and_until_when() -> None:
    answer = line("A.5.1").answer
    assert answer is not None
    assert (answer.answer.label, answer.valid) == ("Sesuai", "berlaku sampai dengan 30 September 2027")
    (given,) = answer.given
    assert given.about == "seluruh kontrol"
    assert given.people == "Siti Aminah, S.Kom., 3 September 2026, berlaku sampai dengan 30 September 2027"
    assert given.justification == WHOLE.justification


def test_aspects_are_told_apart_and_what_nobody_answered_is_named() -> None:
    answer = line("A.6.3").answer
    assert answer is not None
    assert answer.aspects == "rancangan: Sesuai; penerapan: Sesuai Sebagian; keefektifan: belum dijawab"
    assert [one.about for one in answer.given] == ["rancangan", "penerapan"]


def test_an_answer_that_has_ended_answers_nothing() -> None:
    answer = line("A.7.1").answer
    assert answer is not None
    assert answer.answer.label == "Seluruh pernyataan telah berakhir"
    assert answer.valid == "berakhir pada 4 Oktober 2026"


def test_an_answer_taken_over_names_the_control_it_was_given_for() -> None:
    answer = line("A.8.5").answer
    assert answer is not None
    assert answer.source == "diambil alih dari A.9.4.2 edisi 2013"
    assert [one.about for one in answer.given] == ["A.9.4.2 (2013), seluruh kontrol"]


def test_an_answer_inherited_from_the_organisation_says_so() -> None:
    answer = line("A.8.8").answer
    assert answer is not None
    assert answer.source == "diberikan untuk seluruh organisasi"


def test_evidence_is_named_once_with_its_digest() -> None:
    assert line("A.6.3").evidence == ((MINUTES.name, MINUTES.digest),)
    assert len(line("A.6.3").references) == 1
    assert line("A.8.9").evidence == ()


@pytest.mark.parametrize(
    ("control", "told"),
    [
        ("A.8.24", "Pernyataan lebih baik daripada hasil pengukuran; hasil pengukuran yang digunakan."),
        ("A.8.20", "Dinyatakan tidak berlaku, tetapi terukur;"),
        ("A.8.8", "Dinyatakan sesuai, sedangkan pemeriksaan terkait yang berat gagal."),
        ("A.8.21", "Hasil pengukuran lebih baik daripada pernyataan; yang lebih buruk yang digunakan."),
    ],
)
def test_a_contradiction_is_told_with_the_checks_that_fail(control: str, told: str) -> None:
    said = line(control).contradiction
    assert said.startswith(told)
    failing = "http-version-hidden" if control == "A.8.8" else "tls-1-0-refused"
    assert said.endswith(f"Gagal: {failing}")


def test_where_nothing_contradicts_nothing_is_told() -> None:
    assert line("A.5.1").contradiction == ""


def test_what_was_measured_is_counted_by_verdict() -> None:
    measured = line("A.8.24").measured
    assert (measured.checks, measured.failing) == ("1 gagal, 1 lulus", "tls-1-0-refused")
    assert measured.status.label == "Tidak Sesuai"
    assert line("A.5.1").measured.checks == "tidak ada pemeriksaan yang terkait"


def test_checks_judged_too_leniently_are_named() -> None:
    card = DATA.scorecards["dinkes"]
    lenient = tuple(replace(one, loosened=("http-hsts-long",)) for one in card.controls["2022"])
    cards = {**DATA.scorecards, "dinkes": replace(card, controls={**card.controls, "2022": lenient})}
    assert line("A.8.24", data=replace(DATA, scorecards=cards)).measured.loosened == "http-hsts-long"


def test_the_other_edition_is_named() -> None:
    assert line("A.8.5").counterparts == "A.9.4.2"
    assert line("A.5.7").counterparts == ""
    assert view().other_edition == "2013"


def test_an_exception_in_force_is_told_where_its_check_implements_the_control() -> None:
    (one,) = line("A.8.24").exceptions
    assert (one.id, one.check) == ("W-2026-001", "http-hsts-long")
    assert one.valid == "berlaku sampai dengan 31 Oktober 2026"
    assert one.covers == "mencakup 1 temuan terbuka"
    assert line("A.5.1").exceptions == ()


def test_exceptions_that_do_not_hold_or_reach_another_opd_are_not_told() -> None:
    (given,) = DATA.waivers.values()
    for change in (
        {"valid_until": date(2026, 10, 4)},
        {"valid_from": date(2026, 10, 6)},
        {"status": WaiverStatus.REVOKED},
        {"status": WaiverStatus.REQUESTED},
        {"approved_by": given.requested_by},
    ):
        data = replace(DATA, waivers={given.id: replace(given, **change)})
        assert line("A.8.24", data=data).exceptions == (), change
    assert all(one.exceptions == () for group in view("disdik").groups for one in group.lines)
    assert [one.id for one in line("A.8.20", None).exceptions] == [given.id]


def test_only_the_organisation_has_a_matrix_and_it_holds_every_status() -> None:
    assert view().matrix is None
    matrix = view(None).matrix
    assert matrix is not None
    names = [opd.name for opd in DATA.inventory.opds]
    seen: dict[tuple[str, str], str] = {}
    for block in matrix.blocks:
        assert [name for name, _ in block.rows] == names
        for name, cells in block.rows:
            labels = [(name, control) for control in block.controls]
            seen |= dict(zip(labels, (cell.status.label for cell in cells), strict=True))
    for opd in DATA.inventory.opds:
        stated = {one.id: one.status.label for group in view(opd.id).groups for one in group.lines}
        assert {control: label for (name, control), label in seen.items() if name == opd.name} == stated


def test_the_log_of_decisions_is_among_the_proof() -> None:
    (row,) = (row for row in view().proof if row.label == "Catatan keputusan")
    assert row.values == (f"butir 14: {DATA.decisions.head}",)
    nothing = replace(DATA, decisions=replace(DATA.decisions, sequence=0, head="0" * 64))
    (row,) = (row for row in view(data=nothing).proof if row.label == "Catatan keputusan")
    assert row.values == ("belum ada keputusan",)


def test_an_answer_missing_from_the_log_leaves_the_result_as_it_is() -> None:
    answer = line("A.5.1", data=with_decisions(DATA, (), ())).answer
    assert answer is not None
    assert (answer.answer.label, answer.given) == ("Sesuai", ())


def test_a_run_without_a_control_is_refused_with_what_to_do() -> None:
    card = DATA.scorecards["disdik"]
    short = replace(card, controls={**card.controls, "2022": card.controls["2022"][1:]})
    data = replace(DATA, scorecards={**DATA.scorecards, "disdik": short})
    with pytest.raises(ReportError, match=r"no result of A\.5\.1; judge it again: auditor assess"):
        statement("disdik", data)


def test_an_opd_without_a_card_is_refused() -> None:
    with pytest.raises(ReportError, match="no scorecard of 'nowhere'"):
        statement("nowhere")


def test_every_value_has_a_word() -> None:
    for table, values in (
        (ANSWERS, Answer),
        (APPLIES, Applies),
        (ASPECTS, Aspect),
        (BASES, Basis),
        (CONTRADICTIONS, Contradiction),
        (CONTROL_SIDES, ControlSide),
    ):
        assert set(table) == set(values)
    assert set(CODES) == set(LANGUAGES)
    assert all(len(set(codes.values())) == len(ControlStatus) for codes in CODES.values())


def test_an_answer_to_another_opd_is_never_shown() -> None:
    foreign = attestation("A.8.9", opd="disdik", text="Hanya untuk Dinas Pendidikan.")
    data = with_decisions(DATA, (*GIVEN, foreign), DECIDED)
    assert line("A.8.9", data=data).answer is None
