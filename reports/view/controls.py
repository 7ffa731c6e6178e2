"""One control of an OPD: its status and everything that it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from auditor.model.framework import Control
from auditor.model.scorecard import ControlResult, ControlStatus
from reports.statement.labels import CONTRADICTIONS, CONTROL_SIDES
from reports.statement.sources import Sources
from reports.view.answers import AnswerView, AppliedView, answer_view, applied_view
from reports.view.context import Context
from reports.view.labels import MACHINE_COVERAGES, Badge, badge
from reports.view.loosened import loosened_words
from reports.view.score import LevelView, level_view
from reports.view.statuses import verdict_counts
from reports.visible import shown
from reports.words import Words


@dataclass(frozen=True, slots=True)
class ControlView:
    """One control; `measured` counts checks, `by_scans` is the status that scans alone would give."""

    id: str
    title: str
    anchor: str
    status: Badge
    side: str
    machine: str
    measured: str
    by_scans: str
    level: LevelView
    answers: AnswerView | None
    applied: AppliedView | None
    contradiction: Badge | None
    loosened: tuple[str, ...]


def status_of(result: ControlResult | None) -> ControlStatus:
    """Return the status of a control; one without a result was looked at by nobody."""
    return result.status if result else ControlStatus.NOT_ASSESSED


def anchor(control: Control) -> str:
    """Return the id under which a control stands on a page."""
    return "k-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in control.id)


def control_view(
    context: Context, control: Control, result: ControlResult | None, sources: Sources
) -> ControlView | None:
    """Return one control in words; None when the run has no result of it."""
    if result is None:
        return None
    words = context.words
    return ControlView(
        id=control.id,
        title=words.of(control.title),
        anchor=anchor(control),
        status=badge(words, result.status),
        side=words.say(CONTROL_SIDES[control.responsible]),
        machine=words.say(MACHINE_COVERAGES[control.coverage]),
        measured=_measured(words, result),
        by_scans=badge(words, result.measured).label,
        level=level_view(context, result.level),
        answers=answer_view(context, result.attested, sources),
        applied=applied_view(context, result.applied, sources),
        contradiction=contradiction(words, result),
        loosened=_loosened(context, result),
    )


def contradiction(words: Words, result: ControlResult) -> Badge | None:
    """Return what does not agree between people and measurements, with its mark."""
    if result.contradiction is None:
        return None
    return Badge("contradiction", words.say(CONTRADICTIONS[result.contradiction]))


def _measured(words: Words, result: ControlResult) -> str:
    if not (result.checks or result.related):
        return words.say("no check speaks to it")
    if result.checks:
        return verdict_counts(words, Counter(result.checks.values()))
    counted = verdict_counts(words, Counter(result.related.values()))
    return words.say("only related checks: %(counts)s", counts=counted)


def _loosened(context: Context, result: ControlResult) -> tuple[str, ...]:
    """Name the checks that were judged too leniently, with the parameters that the policy loosened."""
    told = []
    for check in result.loosened:
        names = sorted({name for one in context.lenient if one.check == check for name in one.loosened})
        detail = context.words.listed(list(loosened_words(context, check, names)))
        told.append(f"{shown(check)}: {detail}" if detail else shown(check))
    return tuple(told)
