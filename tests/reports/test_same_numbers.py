"""Every format tells the same numbers, which are those of the data."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from reports.registry import RENDERERS
from tests.reports.same_numbers import READERS, Files, check, cut
from tests.reports.sample import report_data
from tests.reports.whole import whole_data

DATA = {"sample": report_data(), "first": report_data(first=True), "whole": whole_data()}


@cache
def files(name: str, format_: str, language: str = "id", edition: str = "2022") -> Files:
    return Files(DATA[name], format_, language, edition)


def test_every_format_is_read() -> None:
    assert set(RENDERERS) <= set(READERS)


@pytest.mark.parametrize(
    ("format_", "name"),
    [(one, name) for one in RENDERERS for name in DATA if (one, name) != ("pdf", "first")],
)
def test_the_same_numbers_in_every_format(format_: str, name: str) -> None:
    check(files(name, format_))


@pytest.mark.parametrize("format_", RENDERERS)
@pytest.mark.parametrize(("language", "edition"), [("en", "2022"), ("id", "2013")])
def test_the_same_numbers_in_the_other_language_and_edition(
    format_: str, language: str, edition: str
) -> None:
    check(files("whole", format_, language, edition))


@pytest.mark.parametrize("format_", RENDERERS)
@pytest.mark.parametrize("number", ["floor", "ceiling", "coverage"])
def test_another_number_would_be_noticed(format_: str, number: str) -> None:
    data = DATA["sample"]
    card = data.scorecards["dinkes"]
    own = replace(card.own, score=replace(card.own.score, **{number: 12.3}))
    other = replace(data, scorecards={**data.scorecards, "dinkes": replace(card, own=own)})
    with pytest.raises(AssertionError):
        check(files("sample", format_), other)


@pytest.mark.parametrize("format_", RENDERERS)
def test_a_finding_too_many_would_be_noticed(format_: str) -> None:
    data = DATA["sample"]
    with pytest.raises(AssertionError):
        check(files("sample", format_), replace(data, findings=data.findings[1:]))


@pytest.mark.parametrize(
    ("value", "shown"), [(99.96, "99,9\u00a0%"), (57.99999999999999, "58,0\u00a0%"), (0.0, "0,0\u00a0%")]
)
def test_a_percentage_is_cut_off(value: float, shown: str) -> None:
    assert cut(value, "id") == shown
