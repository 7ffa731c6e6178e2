"""Versions of banners are ordered as their makers count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.versions import is_within, numbers, version_key


@pytest.mark.parametrize(
    "rising",
    [
        ("1.3.5rc3", "1.3.5", "1.3.5a", "1.3.5b", "1.3.5.1", "1.3.6"),
        ("8.5p1", "9.2p1", "9.7p1", "9.8", "9.8p1", "10.0p1"),
        ("1.0.1", "1.0.1f", "1.0.1g", "1.0.2k", "1.1.0", "3.0.0"),
        ("9.9.7", "9.9.7-P1", "9.9.7-P2", "9.10.0", "9.10.2-P3"),
        ("8.8.15", "8.8.15.p0", "8.8.15.p45", "8.8.15.p46", "9.0.0"),
        ("9.0.0.M1", "9.0.0", "9.0.31"),
        ("2.0b1", "2.0b2", "2.0"),
    ],
)
def test_versions_rise(rising: tuple[str, ...]) -> None:
    assert sorted(rising, key=version_key, reverse=True) == list(reversed(rising))


@pytest.mark.parametrize(
    ("text", "leading"),
    [("9.2p1", (9, 2)), ("1.1.1w", (1, 1, 1)), ("15.00.2000.00", (15, 0, 2000, 0)), ("X", ()), ("", ())],
)
def test_leading_numbers(text: str, leading: tuple[int, ...]) -> None:
    assert numbers(text) == leading


def test_a_range_holds_its_first_version_and_not_the_fixed_one() -> None:
    held = [text for text in ("2.4.48", "2.4.49", "2.4.50", "2.4.51") if is_within(text, "2.4.49", "2.4.51")]
    assert held == ["2.4.49", "2.4.50"]
    assert is_within("0.1", "", "1")
    assert is_within("99", "1", "")


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    assert (version_key(one) < version_key(other)) is not (version_key(one) >= version_key(other))
    assert all(isinstance(number, int) for number in numbers(one))
