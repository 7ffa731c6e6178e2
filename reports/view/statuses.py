"""Controls of the edition: their statuses, one by one and per clause or theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.model.framework import Control, ControlGroup
from auditor.model.scorecard import ControlResult, ControlStatus, Scorecard
from auditor.model.verdict import WORST_FIRST, Status
from reports.view.context import Context
from reports.view.labels import MACHINE_COVERAGES, VERDICTS, Badge, badge
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar: `start` and `width` in percent of the whole."""

    badge: Badge
    count: int
    shown: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class ControlView:
    """One control with its status and what that rests on."""

    id: str
    title: str
    status: Badge
    basis: str
    machine: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """One clause or theme with its bar and its controls."""

    id: str
    title: str
    total: str
    segments: tuple[Segment, ...]
    controls: tuple[ControlView, ...]


def group_views(context: Context, card: Scorecard) -> tuple[GroupView, ...]:
    """Return every clause or theme of the edition in its order."""
    results = {result.control: result for result in card.controls.get(context.edition, ())}
    return tuple(_group_view(context, group, results) for group in context.framework.groups)


def _group_view(context: Context, group: ControlGroup, results: dict[str, ControlResult]) -> GroupView:
    controls = [control for control in context.framework.controls if control.group == group.id]
    statuses = Counter(_status(results.get(control.id)) for control in controls)
    words = context.words
    return GroupView(
        group_label(context, group),
        words.of(group.title),
        words.plural("%(count)s control", "%(count)s controls", len(controls)),
        segments(words, statuses),
        tuple(_control_view(words, control, results.get(control.id)) for control in controls),
    )


def segments(words: Words, counts: Counter[ControlStatus]) -> tuple[Segment, ...]:
    """Return the parts of a stacked bar in the fixed order of statuses, empty ones left out."""
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


def _status(result: ControlResult | None) -> ControlStatus:
    return result.status if result else ControlStatus.NOT_ASSESSED


def _control_view(words: Words, control: Control, result: ControlResult | None) -> ControlView:
    return ControlView(
        control.id,
        words.of(control.title),
        badge(words, _status(result)),
        _basis(words, result),
        words.say(MACHINE_COVERAGES[control.coverage]),
    )


def _basis(words: Words, result: ControlResult | None) -> str:
    if result is None or not (result.checks or result.related):
        return words.say("no check speaks to it")
    if result.checks:
        return verdict_counts(words, Counter(result.checks.values()))
    counted = verdict_counts(words, Counter(result.related.values()))
    return words.say("only related checks: %(counts)s", counts=counted)


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
