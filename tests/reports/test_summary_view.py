"""The leadership's page."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import StringIO

import pytest

from auditor.model.check import Severity
from auditor.model.finding import FindingStatus
from auditor.model.inventory import Kind
from auditor.model.movement import Cause, Comparison, Movement
from auditor.model.scorecard import ControlResult, ControlStatus, Score
from auditor.model.waiver import WaiverStatus
from reports.view.context import make_context
from reports.view.movers import MoversView
from reports.view.servers import GapKind, gap_views
from reports.view.summary import SummaryView, summary_view
from tests.reports.organisation import policy
from tests.reports.pages import rendered
from tests.reports.sample import NOTHING, report_data
from tests.reports.whole import whole_data

DATA = report_data()


def summary(ranking: bool = True, language: str = "id") -> SummaryView:
    return summary_view(make_context(replace(DATA, policy=policy(ranking)), language, "2022"))


def test_five_numbers() -> None:
    assert [(tile.value, tile.alarm) for tile in summary().tiles] == [
        ("70,0\u00a0%", False),
        ("7", True),
        ("3", True),
        ("2", True),
        ("1", True),
    ]


def test_the_floor_is_never_shown_without_ceiling_and_coverage() -> None:
    assert summary().tiles[0].note == "batas atas 84,9\u00a0%, cakupan 85,0\u00a0%"


def test_opd_are_ordered_worst_first_or_by_name() -> None:
    assert [row.id for row in summary().rows] == ["dukcapil", "dinkes", "disdik"]
    assert [row.name for row in summary(ranking=False).rows] == sorted(
        opd.name for opd in DATA.inventory.opds
    )


def test_who_was_not_measured_is_named() -> None:
    named = {gap.server for one in summary().gaps for gap in one.gaps.rows}
    assert {"Peladen arsip lama (dinkes-04)", "Cermin data kependudukan (dukcapil-02)"} <= named


def test_of_what_nobody_asked_for_only_the_number_is_told() -> None:
    view = summary()
    kinds = {gap.kind for one in view.gaps for gap in one.gaps.rows}
    assert GapKind.LEFT_OUT not in kinds
    context = make_context(DATA, "id", "2022")
    every = [gap for opd in DATA.inventory.opds for gap in gap_views(context, opd.id, shared=False)]
    left_out = sum(gap.kind is GapKind.LEFT_OUT for gap in every)
    told = sum(len(one.gaps.rows) for one in view.gaps)
    assert told + left_out == len(every)
    assert (str(left_out) in view.left_out) if left_out else view.left_out == ""


def test_servers_are_counted_as_registered_and_neither_domains_nor_zones_as_servers() -> None:
    domain = replace(DATA.inventory.opds[0].servers[0], id="contoh.go.id", kind=Kind.DOMAIN, addresses=())
    first, *others = DATA.inventory.opds
    opds = (replace(first, servers=(*first.servers, domain)), *others)
    scope = ("disdik-01", domain.id)
    only = replace(
        DATA,
        inventory=replace(DATA.inventory, opds=opds),
        run=replace(DATA.run, scope=scope),
        scorecards={"disdik": DATA.scorecards["disdik"]},
        organization=replace(DATA.organization, servers=DATA.scorecards["disdik"].servers[:1]),
    )
    view = summary_view(make_context(only, "id", "2022"))
    assert view.head.partial.startswith("1 dari 8 ")
    assert (view.tiles[3].value, view.tiles[3].note) == ("7", "dari 8 yang terdaftar")


def test_what_nobody_chose_to_measure_needs_no_decision() -> None:
    scope = tuple(one for one in DATA.run.scope if one != "dinkes-04")
    partial = replace(DATA, run=replace(DATA.run, scope=scope), skipped=())
    told = summary_view(make_context(partial, "id", "2022")).decisions
    assert not any("tidak terukur" in one for one in told)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (WaiverStatus.APPROVED, "1 pengecualian yang berakhir dalam 30 hari: W-2026-001"),
        (WaiverStatus.REQUESTED, "1 permohonan pengecualian: W-2026-001"),
        (WaiverStatus.REJECTED, ""),
        (WaiverStatus.REVOKED, ""),
    ],
)
def test_only_exceptions_that_hold_or_wait_ask_for_a_decision(status: WaiverStatus, told: str) -> None:
    (waiver,) = DATA.waivers.values()
    ended = {"ended_on": DATA.inventory.authorizations[0].valid_from, "ended_by": "Sekretaris Daerah"}
    changed = replace(waiver, status=status, **(ended if status is WaiverStatus.REVOKED else {}))
    view = summary_view(make_context(replace(DATA, waivers={waiver.id: changed}), "id", "2022"))
    listed = [one for one in view.decisions if "pengecualian" in one]
    assert len(listed) == bool(told) and all(told in one for one in listed)


def test_contradictions_and_ended_answers_ask_for_a_decision() -> None:
    told = "\n".join(summary_view(make_context(whole_data(), "id", "2022")).decisions)
    assert "pernyataan yang bertentangan dengan hasil pengukuran: Dinas Kesehatan." in told
    assert "pembaruan pernyataan kontrol yang telah atau segera berakhir: Dinas Kesehatan." in told


def test_the_organisation_is_told_whole_and_the_centre_apart() -> None:
    level = summary().level
    assert level.whole
    assert level.own.score.floor.shown == "70,0\u00a0%"
    assert level.centre.score.put_in == "88 ÷ 118 · (88 + 6) ÷ 118 · (88 + 24) ÷ 118"


def test_decisions_name_what_they_are_about() -> None:
    text = "\n".join(summary().decisions)
    for part in (
        "3 temuan yang lewat tenggat: Dinas Kesehatan",
        "2 server yang tidak terukur",
        "W-2026-001",
        "094/112/Diskominfo/2026",
        "7 temuan kritis atau tinggi",
        "Dinas Kependudukan dan Pencatatan Sipil: di bawah 70,0",
    ):
        assert part in text


def test_decisions_tell_how_long_and_until_when() -> None:
    text = "\n".join(summary().decisions)
    late = [one for one in DATA.findings if make_context(DATA, "id", "2022").is_overdue(one)]
    longest = max((date(2026, 10, 5) - one.due).days for one in late)
    for part in (
        f"Dinas Kesehatan (3, paling lama {longest} hari)",
        "094/112/Diskominfo/2026 (sampai 31 Oktober 2026)",
        "tenggat mulai ",
    ):
        assert part in text


def test_a_decision_names_some_and_counts_the_rest() -> None:
    letter = DATA.inventory.authorizations[0]
    letters = tuple(replace(letter, reference=f"094/{number}/2026") for number in range(40))
    many = replace(DATA, inventory=replace(DATA.inventory, authorizations=letters))
    (told,) = [one for one in summary_view(make_context(many, "id", "2022")).decisions if "094/" in one]
    assert told.count("094/") == 6 and "34 lainnya" in told


def test_an_agency_of_which_nothing_applies_is_not_asked_for_more_coverage() -> None:
    card = DATA.scorecards["dukcapil"]
    empty = replace(card, own=replace(card.own, score=Score(0, 0, 0, 0.0, 0.0, 0.0)))
    view = summary_view(
        make_context(replace(DATA, scorecards={**DATA.scorecards, "dukcapil": empty}), "id", "2022")
    )
    assert view.tiles[4].value == "0"
    assert not any("Tingkatkan cakupan" in one for one in view.decisions)


def moved(
    opd: str, before: str, after: str, main: Cause = Cause.POSTURE, *, other_rules: bool = False
) -> Comparison:
    """Return why the score of an agency moved, by one cause alone."""
    first, last = Fraction(before), Fraction(after)
    parts = {cause: last - first if cause is main else Fraction(0) for cause in Cause}
    movement = Movement(first, last, parts)
    checks = ("tls-1-0-refused",) if other_rules else ()
    return Comparison(opd, "run-1", "run-2", movement, movement, checks, (), (), False, (), ())


def movers(*found: Comparison, ranking: bool = True) -> MoversView | None:
    data = replace(DATA, comparisons={one.opd: one for one in found}, policy=policy(ranking))
    return summary_view(make_context(data, "id", "2022")).movers


def test_who_rose_and_who_fell_is_told_against_itself() -> None:
    view = movers(
        moved("dinkes", "60", "61.5"), moved("disdik", "80", "90", Cause.SCOPE), moved("dukcapil", "40", "30")
    )
    assert view is not None
    assert [(one.id, one.change, one.why) for one in view.rose] == [
        ("disdik", "+10,0", "Server berbeda"), ("dinkes", "+1,5", "")
    ]  # fmt: skip
    assert [(one.id, one.change, one.before, one.after) for one in view.fell] == [
        ("dukcapil", "−10,0", "40,0\u00a0%", "30,0\u00a0%")
    ]
    assert view.notes == ()


def test_without_ranking_who_moved_stands_in_order_of_names() -> None:
    found = (moved("dinkes", "60", "61"), moved("disdik", "80", "90"), moved("dukcapil", "40", "75"))
    ranked, plain = movers(*found), movers(*found, ranking=False)
    assert ranked is not None and plain is not None
    assert [one.id for one in ranked.rose] == ["dukcapil", "disdik", "dinkes"]
    names = [one.name for one in plain.rose]
    assert names == sorted(names)


def test_other_rules_are_no_movement_and_the_unchanged_are_counted() -> None:
    view = movers(
        moved("dinkes", "60", "75", other_rules=True),
        moved("disdik", "80", "80.04"),
        moved("dukcapil", "1", "1"),
    )
    assert view is not None and (view.rose, view.fell) == ((), ())
    assert view.notes == (
        "2 OPD tidak berubah.",
        "1 OPD dinilai dengan aturan yang berbeda dari sebelumnya: tidak dapat dibandingkan.",
    )
    assert movers() is None


def test_themes_stand_beside_the_numbers_and_many_clauses_apart() -> None:
    page = rendered(DATA, "html")["ringkasan-pimpinan.html"]
    old = rendered(DATA, "html", edition="2013")["ringkasan-pimpinan.html"]
    assert '<table class="heat">' not in page and page.count('<td class="h h-') == 3 * 4
    clauses = len(DATA.frameworks["2013"].groups)
    assert '<table class="heat">' in old and old.count('<td class="h h-') == 3 * clauses > 3 * 6


def test_nothing_open_asks_for_no_decision() -> None:
    healthy = replace(
        DATA,
        findings=(),
        waivers={},
        scorecards={"disdik": DATA.scorecards["disdik"]},
        inventory=replace(DATA.inventory, opds=DATA.inventory.opds[1:2], authorizations=()),
    )
    assert summary_view(make_context(healthy, "id", "2022")).decisions == ()


def test_the_heat_map_counts_controls_and_marks_what_could_not_be_assessed() -> None:
    def result(control: str, status: ControlStatus) -> ControlResult:
        return ControlResult(control, status, {}, {}, NOTHING)

    statuses = {
        "A.8.5": ControlStatus.CONFORMS,
        "A.8.8": ControlStatus.DOES_NOT_CONFORM,
        "A.8.9": ControlStatus.PARTIAL,
        "A.8.20": ControlStatus.NOT_EXAMINED,
        "A.5.1": ControlStatus.NOT_ASSESSED,
    }
    cards = {
        opd: replace(card, controls={"2022": tuple(result(*one) for one in statuses.items())})
        for opd, card in DATA.scorecards.items()
    }
    view = summary_view(make_context(replace(DATA, scorecards=cards), "id", "2022"))
    assert [(cell.text, cell.kind) for cell in view.rows[0].cells] == [
        ("–", "none"),
        ("–", "none"),
        ("–", "none"),
        ("1/3", "2"),
    ]


def test_tile_decision_row_json_and_csv_count_the_same_open_findings() -> None:
    findings = tuple(
        replace(one, waiver="W-2026-001") if one.severity is Severity.CRITICAL else one
        for one in DATA.findings
    )
    data = replace(DATA, findings=findings)
    view = summary_view(make_context(data, "en", "2022"))
    tile = view.tiles[1].value
    assert int(tile) == sum(one.severity is Severity.HIGH for one in findings)
    assert any(f"for {tile} critical or high findings" in one for one in view.decisions)
    counted = [(badge.kind, count) for row in view.rows for badge, count, _ in row.open]
    assert sum(count for kind, count in counted if kind in ("critical", "high")) == int(tile)
    cards = json.loads(rendered(data, "json", "en")["leadership-summary.json"])["opds"]
    table = list(csv.DictReader(StringIO(rendered(data, "csv", "en")["leadership-summary.csv"])))
    for row, card in zip(table, cards, strict=True):
        mine = [one for one in findings if one.opd == card["opd"] and one.status is not FindingStatus.FIXED]
        accepted = sum(bool(one.waiver) for one in mine)
        assert (card["open_findings"], card["accepted_findings"]) == (len(mine) - accepted, accepted)
        assert sum(int(row[severity]) for severity in Severity) == card["open_findings"]
