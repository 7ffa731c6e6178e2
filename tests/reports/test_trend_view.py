"""The line of a score over earlier audits, and the table that says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.model.report import PreviousScore, ReportData
from reports.view.context import make_context
from reports.view.trend import TrendChart, trend_chart
from tests.reports.pages import rendered
from tests.reports.sample import FINISHED, report_data

DATA = report_data()


def point(days: int, floor: float, *, same_rules: bool = True) -> PreviousScore:
    at = FINISHED - timedelta(days=days)
    return PreviousScore(f"audit-{days}", at, floor, 90.0, 80.0, "C", same_rules)


def data_of(*points: PreviousScore) -> ReportData:
    return replace(DATA, history={"dinkes": points})


def chart(*points: PreviousScore, language: str = "id") -> TrendChart:
    context = make_context(data_of(*points), language, "2022")
    made = trend_chart(context, context.scorecard("dinkes"))
    assert made is not None
    return made


def line(made: TrendChart, kind: str) -> list[tuple[float, float]]:
    pairs = [one.split(",") for one in dict(made.lines)[kind].split()]
    return [(float(x), float(y)) for x, y in pairs]


def test_without_earlier_audits_there_is_nothing_to_draw() -> None:
    context = make_context(DATA, "id", "2022")
    assert trend_chart(context, context.scorecard("dinkes")) is None
    assert 'id="trend"' not in rendered(DATA, "html")["kartu-skor-dinkes.html"]


def test_the_line_is_true_to_time_and_to_the_numbers() -> None:
    made = chart(point(30, 40.0), point(10, 50.0))
    (first, _), (second, _), (last, _) = line(made, "floor")
    assert (second - first) / (last - first) == pytest.approx(20 / 30, abs=0.01)
    heights = [y for _, y in line(made, "floor")]
    assert heights == sorted(heights, reverse=True)  # the picture counts downwards
    assert all(
        0 <= x <= made.width and 0 <= y <= made.height for kind, _ in made.lines for x, y in line(made, kind)
    )


def test_the_newest_audit_ends_the_line_and_heads_the_table() -> None:
    made = chart(point(30, 40.0))
    assert [row.run for row in made.rows] == [DATA.run.id, "audit-30"]
    assert (made.rows[0].floor, made.rows[0].change) == ("69,9\u00a0%", "+29,9")
    assert (made.rows[1].floor, made.rows[1].change) == ("40,0\u00a0%", "")
    assert made.spoken == "Batas bawah: 40,0\u00a0% pada 5 September 2026, 69,9\u00a0% pada 5 Oktober 2026"


def test_what_was_judged_by_other_rules_is_a_hollow_dot_and_no_part_of_the_line() -> None:
    made = chart(point(30, 20.0, same_rules=False), point(10, 50.0))
    assert len(line(made, "floor")) == 2
    assert {dot.hollow for dot in made.dots} == {True, False}
    assert [(row.other_rules, row.change) for row in made.rows] == [
        (False, "+19,9"),
        (False, ""),
        (True, ""),
    ]
    page = rendered(data_of(point(30, 20.0, same_rules=False)), "html")["kartu-skor-dinkes.html"]
    assert "dinilai dengan aturan lain, tidak dapat dibandingkan" in page


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (5, "satu hari"),
        (40, "satu minggu"),
        (200, "satu bulan"),
        (900, "satu triwulan"),
        (3000, "satu tahun"),
    ],
)
def test_the_table_stays_short_however_long_the_line_is(days: int, told: str) -> None:
    made = chart(*(point(days - n, 50.0) for n in range(days)))
    assert 2 <= len(made.rows) <= 12
    assert told in made.sentence
    assert made.rows[0].run == DATA.run.id


def test_the_drawing_speaks_to_those_who_do_not_see_it() -> None:
    page = rendered(data_of(point(30, 40.0)), "html", "en")["scorecard-dinkes.html"]
    spoken = "Floor: 40.0% on 5 September 2026, 69.9% on 5 October 2026"
    assert f'<svg viewBox="0 0 640 200" role="img" aria-label="{spoken}">' in page
