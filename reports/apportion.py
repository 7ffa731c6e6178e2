"""Cut numbers off so that their parts still add up to the change that is printed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor

from auditor.model.movement import Cause, Movement
from reports.words import truncated


def change_shown(movement: Movement, digits: int = 1) -> Decimal:
    """Return the change as a reader works it out from the two numbers shown, in percentage points."""
    return truncated(float(movement.after), digits) - truncated(float(movement.before), digits)


def parts_shown(movement: Movement, digits: int = 1) -> dict[Cause, Decimal]:
    """Return the parts with some decimals of a point, so that they add up exactly to the change shown.

    By largest remainder: every part is cut down to a step, and what is then missing goes to those that lost
    most. A part that is 0 stays 0, so that an error of display never blames a cause that moved nothing.
    """
    steps = {cause: movement.parts[cause] * 10**digits for cause in Cause}
    shown = {cause: floor(value) for cause, value in steps.items()}
    missing = int(change_shown(movement, digits).scaleb(digits)) - sum(shown.values())
    for cause in _by_loss(steps, shown)[: max(missing, 0)]:
        shown[cause] += 1
    return {cause: Decimal(value).scaleb(-digits) for cause, value in shown.items()}


def _by_loss(steps: Mapping[Cause, Fraction], shown: Mapping[Cause, int]) -> list[Cause]:
    """Order the causes that moved anything by what cutting down took from them; ties in their own order."""
    moved = [cause for cause, value in steps.items() if value]
    return sorted(moved, key=lambda cause: shown[cause] - steps[cause])
