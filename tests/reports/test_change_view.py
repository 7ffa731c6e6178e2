"""Why a score moved: five parts that add up to the change printed, and a warning before other rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.movement import Cause, Movement
from reports.apportion import change_shown, parts_shown
from reports.view.change import ChangeView, change_view
from reports.view.context import make_context
from reports.view.score import card_level_view
from reports.words import truncated
from tests.reports.pages import rendered, texts
from tests.reports.whole import comparison, whole_data

DATA = whole_data()
POINTS = st.fractions(0, 20, max_denominator=9973)


@st.composite
def movements(draw: st.DrawFn) -> Movement:
    """Return a movement between 0 and 100 whose parts add up, of which some may be 0."""
    before, rises = draw(st.fractions(0, 40, max_denominator=9973)), draw(st.lists(POINTS, max_size=3))
    falls = draw(st.lists(st.fractions(0, 8, max_denominator=9973), max_size=2))
    moved = [*rises, *(-fall for fall in falls if before >= 16)]
    parts = dict.fromkeys(Cause, Fraction(0)) | dict(zip(Cause, moved, strict=False))
    return Movement(before, before + sum(parts.values()), parts)


@given(movements())
def test_the_parts_shown_add_up_to_the_change_shown(movement: Movement) -> None:
    assert sum(parts_shown(movement).values()) == change_shown(movement)


@given(movements())
def test_a_part_shown_is_less_than_a_tenth_from_the_exact_one(movement: Movement) -> None:
    for cause, shown in parts_shown(movement).items():
        assert abs(Fraction(shown) - movement.parts[cause]) <= Fraction(1, 10)
        assert movement.parts[cause] or not shown


@given(movements())
def test_the_change_shown_is_the_difference_of_the_numbers_shown(movement: Movement) -> None:
    numbers = (truncated(float(movement.after)), truncated(float(movement.before)))
    assert change_shown(movement) == numbers[0] - numbers[1]


def change(opd: str = "dinkes") -> ChangeView:
    view = change_view(make_context(DATA, "id", "2022"), opd)
    assert view is not None
    return view


def signed(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("±", "").replace(",", "."))


def test_five_parts_with_and_without_exceptions() -> None:
    view = change()
    assert len(view.parts) == 5
    assert sum(signed(part.plain) for part in view.parts) == signed(view.plain.change) == Decimal("8.7")
    assert sum(signed(part.lenient) for part in view.parts) == signed(view.lenient.change)
    exceptions = next(part for part in view.parts if part.name == "Pengecualian")
    assert (exceptions.plain, exceptions.lenient) == ("±0,0", "+1,2")


def test_servers_and_checks_behind_it_are_named() -> None:
    assert dict(change().behind) == {
        "Server yang bertambah atau diaktifkan kembali": ("Sistem Informasi Puskesmas (dinkes-02)",),
        "Server yang berkurang atau dinonaktifkan": ("peladen-lama",),
    }
    whole = dict(change("").behind)
    assert whole["Pemeriksaan yang bertambah"] == ("HSTS dipasang untuk waktu lama (http-hsts-long)",)
    assert whole["Pemeriksaan yang dihapus"] == ("http-old-check",)
    assert whole["Pemeriksaan yang berubah"] == ("TLS 1.0 ditolak (tls-1-0-refused)",)
    assert "Bobot" in whole


def test_other_rules_for_letters_are_other_rules_and_are_named() -> None:
    regraded = replace(comparison("dinkes"), grading_changed=True)
    view = change_view(make_context(replace(DATA, comparisons={"dinkes": regraded}), "id", "2022"), "dinkes")
    assert view is not None
    assert "tidak dapat dibandingkan" in view.warning
    assert "Predikat" in dict(view.behind)


def test_other_rules_are_told_before_any_number() -> None:
    assert change().warning == ""
    warning = change("").warning
    assert "tidak dapat dibandingkan" in warning
    listed = list(texts(rendered(DATA, "html")["ringkasan-pimpinan.html"]))
    trend = next(place for place, text in enumerate(listed) if text.startswith("Dibandingkan dengan audit"))
    assert listed.index(warning) < trend
    level = card_level_view(make_context(DATA, "id", "2022"), DATA.organization)
    assert level.trend.warning == warning


def test_other_rules_are_told_at_the_change_of_each_opd() -> None:
    other = replace(DATA, comparisons={"dinkes": comparison("dinkes", same_rules=False)})
    assert "Aturan berbeda." in " ".join(texts(rendered(other, "html")["ringkasan-pimpinan.html"]))
    same = replace(DATA, comparisons={"dinkes": comparison("dinkes")})
    assert "Aturan berbeda." not in " ".join(texts(rendered(same, "html")["ringkasan-pimpinan.html"]))


def test_without_an_audit_before_there_is_nothing_to_tell() -> None:
    assert change_view(make_context(DATA, "id", "2022"), "disdik") is None


def test_the_bars_stay_within_their_width() -> None:
    for opd in ("", "dinkes"):
        for part in change(opd).parts:
            assert 0 <= part.start <= part.start + part.width <= 100
