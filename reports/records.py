"""Numbers and controls of a card as objects of the stable JSON contract.

Numbers are exact; `shown` is the text that the pages print for them. Texts of people stay as they wrote them:
escape them for the medium.
"""

from __future__ import annotations

from auditor.model.attestation import Applicability, Attestation
from auditor.model.framework import Control
from auditor.model.movement import Cause, Movement
from auditor.model.scorecard import (
    Applied,
    Attested,
    ControlResult,
    Grade,
    GroupResult,
    Level,
    Score,
    Scorecard,
)
from reports.apportion import change_shown, parts_shown
from reports.findings import timestamp
from reports.shapes import (
    AppliedShape,
    AttestedShape,
    ChangeShape,
    ControlShape,
    DecidedShape,
    EarlierShape,
    FixShape,
    GivenShape,
    GradeShape,
    GroupShape,
    LevelShape,
    MovementShape,
    NextGradeShape,
    ScoreShape,
)
from reports.statement.sources import Sources, sources
from reports.view.context import Context
from reports.view.score import grade_view


def level_record(context: Context, level: Level) -> LevelShape:
    """Return a level: score and grade, without exceptions and with them."""
    return {
        "score": score_record(context, level.score),
        "score_with_waivers": score_record(context, level.with_waivers),
        "grade": grade_record(context, level.grade),
        "grade_with_waivers": grade_record(context, level.grade_with_waivers),
    }


def score_record(context: Context, score: Score) -> ScoreShape:
    """Return the weights of a score and its percentages."""
    words = context.words
    return {
        "passed": score.passed,
        "failed": score.failed,
        "unjudged": score.unjudged,
        "floor": score.floor,
        "ceiling": score.ceiling,
        "coverage": score.coverage,
        "shown": {
            "floor": words.percent(score.floor),
            "ceiling": words.percent(score.ceiling),
            "coverage": words.percent(score.coverage),
        },
    }


def grade_record(context: Context, grade: Grade) -> GradeShape:
    """Return a grade; the letter is null while it is withheld."""
    return {
        "letter": grade.letter or None,
        "reason": grade.reason,
        "capped_by": grade.capped_by,
        "shown": grade_view(context, grade).sentence,
    }


def change_record(context: Context, opd_id: str) -> ChangeShape | None:
    """Return why the floor moved since the audit before; null when there was none."""
    comparison = context.data.comparisons.get(opd_id)
    if comparison is None:
        return None
    return {
        "before_run": comparison.before_run,
        "after_run": comparison.after_run,
        "same_rules": comparison.same_rules,
        "without_exceptions": _movement(context, comparison.without_exceptions),
        "with_exceptions": _movement(context, comparison.with_exceptions),
        "checks_added": list(comparison.checks_added),
        "checks_removed": list(comparison.checks_removed),
        "checks_changed": list(comparison.checks_changed),
        "weights_changed": comparison.weights_changed,
        "grading_changed": comparison.grading_changed,
        "servers_added": list(comparison.servers_added),
        "servers_removed": list(comparison.servers_removed),
    }


def _movement(context: Context, movement: Movement) -> MovementShape:
    words, shown = context.words, parts_shown(movement)
    return {
        "before": float(movement.before),
        "after": float(movement.after),
        "parts": {cause: float(movement.parts[cause]) for cause in Cause},
        "shown": {
            "before": words.percent(float(movement.before)),
            "after": words.percent(float(movement.after)),
            "change": words.points(change_shown(movement)),
            "parts": {cause: words.points(shown[cause]) for cause in Cause},
        },
    }


def next_grade_record(context: Context, opd_id: str) -> NextGradeShape | None:
    """Return the shortest way to the next grade; null where it was not worked out."""
    way = context.data.next_grades.get(opd_id)
    if way is None:
        return None
    return {
        "from": way.letter_from or None,
        "to": way.letter_to or None,
        "reached": way.letter_reached or None,
        "floor_from": way.floor_from,
        "floor_to": way.floor_to,
        "findings": list(way.findings),
        "hours": way.hours,
        "blocked_by": [
            {
                "obstacle": one.obstacle,
                "unjudged": dict(one.unjudged),
            }
            for one in way.blocked_by
        ],
    }


def history_record(context: Context, opd_id: str) -> list[EarlierShape]:
    """Return the numbers of earlier audits of the same servers, oldest first."""
    return [
        {
            "run": one.run,
            "finished_at": timestamp(one.finished_at),
            "floor": one.floor,
            "ceiling": one.ceiling,
            "coverage": one.coverage,
            "letter": one.letter or None,
        }
        for one in context.data.history.get(opd_id, ())
    ]


def fixes_record(context: Context, opd_id: str) -> list[FixShape]:
    """Return what an OPD has to change, or the centre on its behalf, most risk per hour first."""
    return [
        {
            "id": one.id,
            "responsible": one.responsible,
            "severity": one.severity,
            "checks": list(one.checks),
            "servers": list(one.servers),
            "findings": list(one.findings),
            "due": one.due.isoformat(),
            "hours": one.hours,
            "risk": one.risk,
        }
        for one in context.data.causes
        if one.opd == opd_id
    ]


def groups_record(context: Context, card: Scorecard) -> list[GroupShape]:
    """Return every clause or theme with its level and the statuses of its controls."""
    titles = {group.id: context.words.of(group.title) for group in context.framework.groups}
    return [_group(context, one, titles.get(one.group, "")) for one in card.groups.get(context.edition, ())]


def _group(context: Context, group: GroupResult, title: str) -> GroupShape:
    return {
        "group": group.group,
        "title": title,
        **level_record(context, group.level),
        "statuses": dict(group.statuses),
    }


def controls_record(context: Context, card: Scorecard) -> list[ControlShape]:
    """Return every control with its status and all that it rests on."""
    known, found = {control.id: control for control in context.framework.controls}, sources(context)
    return [_control(context, one, known.get(one.control), found) for one in card.controls[context.edition]]


def _control(
    context: Context, result: ControlResult, control: Control | None, found: Sources
) -> ControlShape:
    return {
        "control": result.control,
        "title": context.words.of(control.title) if control else "",
        "responsible": control.responsible if control else None,
        "status": result.status,
        "measured": result.measured,
        "attested": _attested(result.attested, found),
        "applied": _applied(result.applied, found),
        "contradiction": result.contradiction,
        "checks": dict(sorted(result.checks.items())),
        "related": dict(sorted(result.related.items())),
        "waived": list(result.waived),
        "loosened": list(result.loosened),
        **level_record(context, result.level),
    }


def _attested(attested: Attested | None, found: Sources) -> AttestedShape | None:
    if attested is None:
        return None
    return {
        "answer": attested.answer,
        "aspects": dict(attested.aspects),
        "valid_until": attested.valid_until.isoformat(),
        "inherited": attested.inherited,
        "taken_from": list(attested.taken_from),
        "given": [_given(one) for one in found.given(attested)],
    }


def _given(one: Attestation) -> GivenShape:
    return {
        "id": one.id,
        "edition": one.edition,
        "control": one.control,
        "opd": one.opd or None,
        "aspect": one.aspect,
        "answer": one.answer,
        "justification": one.justification,
        "references": list(one.references),
        "evidence": [
            {"name": file.name, "sha256": file.digest, "size_bytes": file.size_bytes} for file in one.evidence
        ],
        "attested_by": one.attested_by,
        "attested_on": one.attested_on.isoformat(),
        "valid_until": one.valid_until.isoformat(),
    }


def _applied(applied: Applied | None, found: Sources) -> AppliedShape | None:
    if applied is None:
        return None
    decision, none = found.decided(applied), DecidedShape()
    return {
        "applicable": applied.applicable,
        "id": applied.id,
        "inherited": applied.inherited,
        "taken_from": list(applied.taken_from),
        **(_decision(decision) if decision else none),
    }


def _decision(one: Applicability) -> DecidedShape:
    return {
        "bases": list(one.bases),
        "justification": one.justification,
        "decided_by": one.decided_by,
        "approved_by": one.approved_by,
        "decided_on": one.decided_on.isoformat(),
        "valid_until": one.valid_until.isoformat(),
    }
