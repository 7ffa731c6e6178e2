"""Controls as rows: the status of each, what people answered, what the scans say, and its numbers."""

from __future__ import annotations

from auditor.model.framework import Control, ControlGroup
from auditor.model.scorecard import ControlResult, ControlStatus
from reports.formats.xlsx_parts import lines, percentages, sheet, subject
from reports.statement.labels import ANSWERS, CONTRADICTIONS, CONTROL_SIDES
from reports.statement.sources import Sources, sources
from reports.view.context import Context
from reports.view.labels import CONTROL_STATUSES, MACHINE_COVERAGES, VERDICTS
from reports.view.statuses import group_label
from reports.words import N_
from reports.workbook import Cell, Sheet, Tint, Tinted

_COLUMNS = (
    (N_("Control"), 10),
    (N_("Title"), 40),
    (N_("Clause or theme"), 28),
    (N_("Status"), 20),
    (N_("Measured alone"), 20),
    (N_("Attested"), 20),
    (N_("Valid until"), 12),
    (N_("Decided by"), 28),
    (N_("Justification"), 44),
    (N_("Contradiction"), 30),
    (N_("Checks"), 40),
    (N_("Excepted"), 26),
    (N_("judged too leniently"), 26),
    (N_("Reach of the scan"), 20),
    (N_("Answered for by"), 20),
    (N_("Floor"), 11),
    (N_("Ceiling"), 11),
    (N_("Coverage"), 11),
    (N_("Floor, with exceptions"), 14),
    (N_("Ceiling, with exceptions"), 14),
    (N_("Coverage, with exceptions"), 14),
)
_TINTS = {
    ControlStatus.CONFORMS: Tint.CALM,
    ControlStatus.PARTIAL: Tint.SLIGHT,
    ControlStatus.DOES_NOT_CONFORM: Tint.STRONG,
}


def controls_sheet(context: Context, opd_id: str) -> Sheet:
    """Return every control of the edition for one OPD."""
    found, groups = sources(context), {group.id: group for group in context.framework.groups}
    known = {control.id: control for control in context.framework.controls}
    rows = [
        _row(context, one, known.get(one.control), groups, found)
        for one in context.scorecard(opd_id).controls[context.edition]
    ]
    return sheet(context, N_("Control"), subject(context, opd_id), _COLUMNS, rows, 2)


def _row(
    context: Context,
    result: ControlResult,
    control: Control | None,
    groups: dict[str, ControlGroup],
    found: Sources,
) -> tuple[Cell, ...]:
    words, attested = context.words, result.attested
    status = Tinted(words.say(CONTROL_STATUSES[result.status]), _TINTS.get(result.status, Tint.NONE))
    return (
        result.control,
        words.of(control.title) if control else None,
        _group(context, groups[control.group]) if control and control.group in groups else None,
        status,
        words.say(CONTROL_STATUSES[result.measured]),
        words.say(ANSWERS[attested.answer]) if attested and attested.answer else None,
        attested.valid_until if attested else None,
        *_people(result, found),
        words.say(CONTRADICTIONS[result.contradiction]) if result.contradiction else None,
        lines(f"{check}: {words.say(VERDICTS[one])}" for check, one in sorted(result.checks.items())),
        lines(result.waived),
        lines(result.loosened),
        words.say(MACHINE_COVERAGES[control.coverage]) if control else None,
        words.say(CONTROL_SIDES[control.responsible]) if control else None,
        *percentages(result.level.score),
        *percentages(result.level.with_waivers),
    )


def _group(context: Context, group: ControlGroup) -> str:
    return f"{group_label(context, group)} {context.words.of(group.title)}"


def _people(result: ControlResult, found: Sources) -> tuple[str, str]:
    """Return who decided or answered, and why."""
    decision, given = found.decided(result.applied), found.given(result.attested)
    names = [decision.decided_by, decision.approved_by] if decision else []
    reasons = [decision.justification] if decision else []
    return (
        lines([*names, *(one.attested_by for one in given)]),
        lines([*reasons, *(one.justification for one in given)]),
    )
