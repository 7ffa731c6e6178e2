"""The parts as they are printed: they add up to the printed change, and blame nothing that did not move."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.movement import Cause, Movement
from reports.apportion import change_shown, parts_shown
from reports.words import truncated

PERCENT = st.fractions(0, 100, max_denominator=997)


@st.composite
def movements(draw: st.DrawFn) -> Movement:
    """Draw two percentages and a path between them, of which some steps move nothing."""
    before, after = draw(PERCENT), draw(PERCENT)
    causes = draw(st.permutations(list(Cause)))
    moving = draw(st.integers(1, len(causes)))
    stops = [before, *(draw(PERCENT) for _ in range(moving - 1)), after]
    steps = [later - earlier for earlier, later in pairwise(stops)]
    unmoved = dict.fromkeys(Cause, Fraction(0))
    return Movement(before, after, {**unmoved, **dict(zip(causes, steps, strict=False))})


@pytest.mark.parametrize("digits", [1, 2])
@given(moved=movements())
def test_what_is_printed_adds_up_to_what_is_printed(digits: int, moved: Movement) -> None:
    shown = parts_shown(moved, digits)
    before, after = (truncated(float(one), digits) for one in (moved.before, moved.after))
    assert sum(shown.values()) == change_shown(moved, digits) == after - before
    for cause, exact in moved.parts.items():
        assert abs(Fraction(shown[cause]) - exact) < Fraction(1, 10**digits)
        assert exact or shown[cause] == 0
        assert shown[cause] == shown[cause].quantize(Decimal(1).scaleb(-digits))
