"""The shortest way to the next grade, and what each fix brings."""

from __future__ import annotations

from dataclasses import replace

from auditor.model.next_grade import Obstacle
from auditor.usecases.root_causes import with_root_causes
from reports.view.context import make_context
from reports.view.fixes import FixListView, fix_list_view
from reports.view.way import OBSTACLES, WayView, way_view
from tests.reports.whole import whole_data

DATA = whole_data()


def way(opd: str) -> WayView:
    view = way_view(make_context(DATA, "id", "2022"), opd)
    assert view is not None
    return view


def fixes(opd: str = "dinkes") -> FixListView:
    return fix_list_view(make_context(DATA, "id", "2022"), opd)


def test_the_way_lists_findings_in_order_and_what_they_bring() -> None:
    view = way("dinkes")
    assert view.sentence == (
        "Dengan 2 temuan diperbaiki (sekitar 1,5 jam kerja), predikat menjadi B dan batas bawah "
        "69,9\u00a0% → 78,2\u00a0%:"
    )
    assert [step.id for step in view.steps] == list(DATA.next_grades["dinkes"].findings)
    assert view.steps[0].title == "Tidak terpenuhi: Redis meminta kata sandi"


def test_what_stands_in_the_way_is_told_instead() -> None:
    view = way("dukcapil")
    assert view.steps == ()
    assert view.obstacles == (
        "Terlalu sedikit yang dapat dinilai: di bawah cakupan minimum predikat tidak diberikan. "
        "Belum dapat dinilai: 3 Tinggi.",
    )
    assert set(OBSTACLES) == set(Obstacle)


def test_the_best_grade_has_none_above_it() -> None:
    assert way("disdik").sentence == "Tidak ada predikat di atas A."


def test_a_finding_that_the_report_does_not_hold_is_named_without_a_link() -> None:
    data = replace(DATA, findings=())
    view = way_view(make_context(data, "id", "2022"), "dinkes")
    assert view is not None and {step.link for step in view.steps} == {""}


def test_each_fix_says_what_it_brings() -> None:
    brings = {fix.name: fix.brings for side in fixes().sides for fix in side.order}
    assert brings["Redis meminta kata sandi"] == "+1,01 poin (6 ÷ 590)"
    assert brings["Pertukaran kunci pascakuantum ditawarkan"] == "tidak memengaruhi skor (bobot 0)"
    assert brings["SSH menolak kata sandi"].startswith("belum ada: ")


def test_beside_an_accepted_risk_a_fix_counts_with_exceptions_only() -> None:
    one = next(f for f in DATA.findings if f.check == "tls-1-0-refused" and f.opd == "dinkes")
    found = tuple(replace(f, waiver="W-2026-001") if f.id == one.id else f for f in DATA.findings)
    view = fix_list_view(
        make_context(with_root_causes(replace(DATA, findings=found)), "id", "2022"), "dinkes"
    )
    (tls,) = (fix for fix in view.sides[0].order if fix.name == "TLS 1.0 ditolak")
    assert tls.brings == "+1,01 poin dengan pengecualian (6 ÷ 590)"


def test_critical_fixes_stand_first_on_the_page_whatever_the_order() -> None:
    redis = replace(DATA.checks["redis-authentication-required"], effort_hours=1.5)
    data = with_root_causes(replace(DATA, checks={**DATA.checks, redis.id: redis}))
    own = fix_list_view(make_context(data, "id", "2022"), "dinkes").sides[0]
    assert [fix.name for fix in own.first] == ["Berkas rahasia tidak tersaji", "Redis meminta kata sandi"]
    assert [fix.rank for fix in own.first] == ["1", "3"]
    assert fixes().sides[1].first == ()


def test_switching_off_comes_before_hardening_what_nobody_uses() -> None:
    order = [fix for fix in fixes().sides[0].order if fix.server_id == "dinkes-04"]
    assert [(fix.name, fix.after_switching_off) for fix in order] == [
        ("Server yang tidak dipakai lagi sudah tidak menjawab", False),
        ("Versi perangkat lunak disembunyikan", True),
    ]
    others = [fix for side in fixes().sides for fix in side.order if fix.server_id != "dinkes-04"]
    assert not any(fix.after_switching_off for fix in others)
