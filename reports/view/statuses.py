"""How many controls have which status, and how many checks which verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.model.framework import ControlGroup
from auditor.model.scorecard import ControlStatus, Scorecard
from auditor.model.verdict import WORST_FIRST, Status
from reports.view.context import Context
from reports.view.labels import VERDICTS, Badge, badge
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar: `start` and `width` in percent of the whole."""

    badge: Badge
    count: int
    shown: str
    start: float
    width: float


def segments(words: Words, given: Mapping[ControlStatus, int]) -> tuple[Segment, ...]:
    """Return the parts of a stacked bar in the fixed order of statuses, empty ones left out."""
    counts = Counter(given)
    whole, start, parts = sum(counts.values()), 0, []
    for status in ControlStatus:
        count = counts[status]
        if count:
            share = Segment(
                badge(words, status), count, words.integer(count), 100 * start / whole, 100 * count / whole
            )
            parts.append(share)
        start += count
    return tuple(parts)


def group_label(context: Context, group: ControlGroup) -> str:
    """Return the number that the group's controls begin with (`A.8`); its id when they share none."""
    numbers = {".".join(c.id.split(".")[:2]) for c in context.framework.controls if c.group == group.id}
    return numbers.pop() if len(numbers) == 1 else group.id


def verdict_counts(words: Words, counts: Mapping[Status, int]) -> str:
    """Word how many checks passed, failed and so on, worst first."""
    listed = [
        f"{words.integer(counts[status])} {words.say(VERDICTS[status])}"
        for status in WORST_FIRST
        if counts.get(status)
    ]
    return words.listed(listed)


def status_totals(context: Context, cards: Iterable[Scorecard]) -> tuple[Segment, ...]:
    """Return the statuses of all controls of the edition, over some scorecards."""
    counts = Counter(result.status for card in cards for result in card.controls.get(context.edition, ()))
    return segments(context.words, counts)
