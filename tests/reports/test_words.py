"""Numbers are cut off, never rounded up; dates and times are local and in the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.errors import ReportError
from reports.words import NO_BREAK_SPACE, Words, translations, truncated

INDONESIAN = Words("id", "Asia/Jakarta")
ENGLISH = Words("en", "Asia/Makassar")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (99.96, "99,9"),
        (99.999999, "99,9"),
        (100.0, "100,0"),
        (0.0, "0,0"),
        (0.09, "0,0"),
        (87.55, "87,5"),
        (100 * 0.58, "58,0"),
        (100 * 0.29, "29,0"),
    ],
)
def test_percentages_are_cut_off_and_have_one_decimal(value: float, shown: str) -> None:
    assert INDONESIAN.percent(value) == f"{shown}{NO_BREAK_SPACE}%"


@given(st.floats(0, 100))
def test_a_shown_percentage_is_never_above_the_exact_one(value: float) -> None:
    shown = truncated(value)
    assert Decimal(0) <= shown <= Decimal(str(value)) + Decimal("1e-9")
    assert Decimal(str(value)) - shown < Decimal("0.1") + Decimal("1e-9")


@given(st.integers(0, 2000), st.integers(1, 2000))
def test_only_a_complete_score_is_shown_as_a_hundred(unjudged: int, passed: int) -> None:
    floor = 100 * passed / (passed + unjudged)
    assert (INDONESIAN.decimal(floor) == "100,0") == (unjudged == 0)


def test_both_languages_write_numbers_their_own_way() -> None:
    assert (INDONESIAN.percent(87.5), ENGLISH.percent(87.5)) == ("87,5\u00a0%", "87.5%")
    assert (INDONESIAN.integer(1204), ENGLISH.integer(1204)) == ("1.204", "1,204")
    assert (INDONESIAN.quantity(412.5), INDONESIAN.quantity(98.0)) == ("412,5", "98")


def test_a_change_is_the_difference_of_the_numbers_shown() -> None:
    assert INDONESIAN.difference(61.29, 69.91) == "+8,7"
    assert INDONESIAN.difference(69.91, 61.29) == "−8,7"
    assert INDONESIAN.difference(61.21, 61.29) == "±0,0"


def test_dates_and_times_are_local() -> None:
    moment = datetime(2026, 10, 4, 18, 5, tzinfo=UTC)
    assert INDONESIAN.day(date(2026, 10, 5)) == "5 Oktober 2026"
    assert INDONESIAN.moment(moment) == "5 Oktober 2026 01.05 WIB"
    assert ENGLISH.moment(moment) == "5 October 2026 02:05 WITA"
    assert Words("id", "Asia/Jayapura").moment(moment) == "5 Oktober 2026 03.05 WIT"


def test_indonesian_has_one_plural_form() -> None:
    forms = {INDONESIAN.plural("%(count)s check", "%(count)s checks", n).split()[1] for n in (0, 1, 2, 11)}
    assert forms == {"pemeriksaan"}
    assert ENGLISH.plural("%(count)s check", "%(count)s checks", 1) == "1 check"


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(ReportError, match=r"'fr'.*id, en"):
        translations("fr")


def test_a_text_without_the_language_falls_back_to_english() -> None:
    assert INDONESIAN.of({"en": "only English"}) == "only English"
    assert INDONESIAN.of({}) == ""
