"""Why a score moved since the audit before, in five parts that add up to the change printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from auditor.model.movement import Cause, Comparison, Movement
from reports.apportion import change_shown, parts_shown
from reports.view.context import Context
from reports.view.labels import CAUSES
from reports.view.score import other_rules_warning
from reports.visible import shown


@dataclass(frozen=True, slots=True)
class PartView:
    """One cause: what it is, and what it moved of the score without and with exceptions.

    `start` and `width` draw it as a bar, in percent of the widest sum of parts to either side.
    """

    name: str
    meaning: str
    plain: str
    lenient: str
    rises: bool
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class SumView:
    """The two numbers that are compared, and their difference."""

    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Why the floor moved. `warning` is said before any number when the rules differ."""

    sentence: str
    warning: str
    plain: SumView
    lenient: SumView
    parts: tuple[PartView, ...]
    behind: tuple[tuple[str, tuple[str, ...]], ...]
    """What lies behind it: a label and the names of checks or servers."""


def change_view(context: Context, opd_id: str) -> ChangeView | None:
    """Return why the score of an OPD ("" = the organisation) moved; None when there was no audit before."""
    comparison = context.data.comparisons.get(opd_id)
    if comparison is None:
        return None
    words = context.words
    return ChangeView(
        sentence=words.say(
            "From audit %(before)s to audit %(after)s, in percentage points of the floor.",
            before=shown(comparison.before_run),
            after=shown(comparison.after_run),
        ),
        warning="" if comparison.same_rules else other_rules_warning(words),
        plain=_sum(context, comparison.without_exceptions),
        lenient=_sum(context, comparison.with_exceptions),
        parts=_parts(context, comparison),
        behind=tuple(_behind(context, comparison)),
    )


def _sum(context: Context, movement: Movement) -> SumView:
    words = context.words
    before, after = float(movement.before), float(movement.after)
    return SumView(words.percent(before), words.percent(after), words.points(change_shown(movement)))


def _parts(context: Context, comparison: Comparison) -> tuple[PartView, ...]:
    words = context.words
    plain = parts_shown(comparison.without_exceptions)
    lenient = parts_shown(comparison.with_exceptions)
    widest = max(*map(abs, plain.values()), Decimal("0.1"))
    return tuple(
        PartView(
            name=words.say(CAUSES[cause][0]),
            meaning=words.say(CAUSES[cause][1]),
            plain=words.points(plain[cause]),
            lenient=words.points(lenient[cause]),
            rises=plain[cause] > 0,
            start=50 + min(0.0, 50 * float(plain[cause] / widest)),
            width=50 * abs(float(plain[cause] / widest)),
        )
        for cause in Cause
    )


def _behind(context: Context, comparison: Comparison) -> Iterable[tuple[str, tuple[str, ...]]]:
    words = context.words
    came = words.say("Servers that came or were put back into service")
    went = words.say("Servers that went or were taken out of service (retired)")
    listed = (
        (came, comparison.servers_added, context.server_label),
        (went, comparison.servers_removed, context.server_label),
        (words.say("Checks that came"), comparison.checks_added, context.check_label),
        (words.say("Checks that went"), comparison.checks_removed, context.check_label),
        (words.say("Checks that changed"), comparison.checks_changed, context.check_label),
    )
    for label, ids, name in listed:
        if ids:
            yield label, tuple(name(one) for one in ids)
    if comparison.weights_changed:
        yield words.say("Weights"), (words.say("the policy weighs severities or categories differently"),)
    if comparison.grading_changed:
        yield words.say("Grades"), (words.say("the policy gives letters by other bands, caps or coverage"),)
