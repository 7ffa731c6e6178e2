"""Controls that ask for a person: contradictions, answers that end, and what nobody has looked at yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.framework import Control, ControlSide
from auditor.model.scorecard import ControlResult, ControlStatus, Scorecard
from auditor.model.verdict import Status
from reports.names import slug
from reports.statement.labels import CONTROL_SIDES
from reports.view.answers import warning
from reports.view.context import Context
from reports.view.controls import anchor, contradiction
from reports.view.labels import CONTROL_STATUSES, Badge, badge
from reports.visible import shown

UNSEEN = (ControlStatus.NOT_EXAMINED, ControlStatus.NOT_ASSESSED)
"""Statuses of a control of which nobody knows how it stands."""
_SIDES = (ControlSide.OPD, ControlSide.SHARED, ControlSide.CENTRE)


@dataclass(frozen=True, slots=True)
class Notice:
    """A control and what there is to tell about it, linked to where it stands on the page."""

    control: str
    title: str
    anchor: str
    told: Badge


@dataclass(frozen=True, slots=True)
class UnseenView:
    """A control that nobody has looked at, or that could not be examined, with the way to an answer.

    `question` goes to people and `papers` are what they are usually asked for, in Indonesian. `unjudged`
    names the checks that must be measured first: no answer takes the place of a measurement that failed.
    """

    id: str
    title: str
    anchor: str
    status: Badge
    question: str
    papers: str
    unjudged: str


@dataclass(frozen=True, slots=True)
class UnseenSide:
    """The unseen controls that one side answers for."""

    label: str
    count: str
    controls: tuple[UnseenView, ...]


@dataclass(frozen=True, slots=True)
class UnseenSection:
    """Every control of unknown state, and the command that writes the questions to a file.

    `count` tells those that failed to be examined from those that nobody assessed.
    """

    count: str
    command: str
    sides: tuple[UnseenSide, ...]


def contradictions(context: Context, card: Scorecard) -> tuple[Notice, ...]:
    """Return the controls where answers and measurements do not agree."""
    return tuple(
        _notice(context, control, told)
        for control, result in _pairs(context, card)
        if (told := contradiction(context.words, result)) is not None
    )


def ending_answers(context: Context, card: Scorecard) -> tuple[Notice, ...]:
    """Return the controls whose answers have ended or end soon."""
    return tuple(
        _notice(context, control, told)
        for control, result in _pairs(context, card)
        if (told := warning(context, result.attested)) is not None
    )


def _pairs(context: Context, card: Scorecard) -> Iterable[tuple[Control, ControlResult]]:
    results = {result.control: result for result in card.controls.get(context.edition, ())}
    return ((c, results[c.id]) for c in context.framework.controls if c.id in results)


def _notice(context: Context, control: Control, told: Badge) -> Notice:
    return Notice(control.id, context.words.of(control.title), anchor(control), told)


def unseen_section(context: Context, card: Scorecard) -> UnseenSection:
    """Return the controls of which nobody knows how they stand, by who answers for them."""
    unseen = [(c, result) for c, result in _pairs(context, card) if result.status in UNSEEN]
    sides = (_side(context, side, [(c, r) for c, r in unseen if c.responsible is side]) for side in _SIDES)
    words = context.words
    stem = words.say("questions")  # no call within an f-string: it would not be found for translation
    file = f"{stem}-{slug(context.data, card.opd)}.xlsx"
    return UnseenSection(
        _counts(context, [result.status for _, result in unseen]),
        f"auditor attest export --opd {shown(card.opd)} --edition {context.edition} --output {file}",
        tuple(side for side in sides if side.controls),
    )


def _counts(context: Context, statuses: Iterable[ControlStatus]) -> str:
    """Word how many controls failed to be examined, and how many nobody assessed; these are not the same."""
    words, counts = context.words, Counter(statuses)
    told = [
        f"{words.integer(counts[one])} {words.say(CONTROL_STATUSES[one])}" for one in UNSEEN if counts[one]
    ]
    return words.listed(told)


def _side(context: Context, side: ControlSide, unseen: list[tuple[Control, ControlResult]]) -> UnseenSide:
    words = context.words
    return UnseenSide(
        words.say(CONTROL_SIDES[side]),
        words.plural("%(count)s control", "%(count)s controls", len(unseen)),
        tuple(_unseen(context, control, result) for control, result in unseen),
    )


def _unseen(context: Context, control: Control, result: ControlResult) -> UnseenView:
    words = context.words
    unjudged = sorted(name for name, one in result.checks.items() if one in (Status.UNKNOWN, Status.ERROR))
    return UnseenView(
        id=control.id,
        title=words.of(control.title),
        anchor=anchor(control),
        status=badge(words, result.status),
        question=words.of(control.question),
        papers=control.papers,
        unjudged=words.listed([shown(name) for name in unjudged]),
    )
