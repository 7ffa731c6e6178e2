"""One line per OPD on the leadership's page, and where its controls do not conform."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.finding import Finding
from auditor.model.inventory import Opd
from auditor.model.scorecard import ControlStatus, Scorecard
from reports.view.attention import UNSEEN, contradictions
from reports.view.context import Context
from reports.view.identity import shared_scope
from reports.view.labels import Badge, badge
from reports.view.score import CardLevelView, card_level_view
from reports.view.servers import unmeasured_servers
from reports.visible import shown

_HEAT_STEPS = 4


@dataclass(frozen=True, slots=True)
class HeatCell:
    """Controls of one clause or theme that do not conform, of those that were assessed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class OpdRow:
    """One OPD in the tables and in the heat map."""

    id: str
    name: str
    shared: str
    """How many names it owns on servers of others; empty when it owns none."""
    level: CardLevelView
    change: str
    """Of the floor since the audit before; empty without one that it can be compared with."""
    open: tuple[tuple[Badge, int, str], ...]
    late: int
    overdue: str
    missed: int
    unmeasured: str
    """Servers not measured, of those registered; empty where none is registered."""
    besides: tuple[tuple[str, str], ...]
    """Label and number of what else asks for attention."""
    cells: tuple[HeatCell, ...]


def opd_row(context: Context, opd: Opd, card: Scorecard) -> OpdRow:
    """Return the line of one OPD."""
    words = context.words
    standing = context.open_findings(opd.id)
    counts = {severity: sum(f.severity is severity for f in standing) for severity in Severity}
    level = card_level_view(context, card)
    late = sum(map(context.is_overdue, standing))
    missed, registered = len(unmeasured_servers(context, opd.id, card)), len(opd.machines())
    unmeasured = f"{words.integer(missed)} / {words.integer(registered)}" if registered else ""
    return OpdRow(
        id=opd.id,
        name=shown(opd.name),
        shared=shared_scope(context, opd.id),
        level=level,
        change="" if level.trend.first or level.trend.warning else level.trend.rows[0][3],
        open=tuple((badge(words, one), counts[one], words.integer(counts[one])) for one in Severity),
        late=late,
        overdue=words.integer(late),
        missed=missed,
        unmeasured=unmeasured,
        besides=_besides(context, opd, card, standing, unmeasured),
        cells=_cells(context, card),
    )


def _besides(
    context: Context, opd: Opd, card: Scorecard, standing: tuple[Finding, ...], unmeasured: str
) -> tuple[tuple[str, str], ...]:
    words = context.words
    unseen = sum(one.status in UNSEEN for one in card.controls[context.edition])
    return (
        (words.say("Overdue"), words.integer(sum(map(context.is_overdue, standing)))),
        (words.say("Accepted risks"), words.integer(len(context.accepted_findings(opd.id)))),
        *(((words.say("Servers not measured"), unmeasured),) if unmeasured else ()),
        (words.say("Controls of unknown state"), words.integer(unseen)),
        (words.say("Contradictions"), words.integer(len(contradictions(context, card)))),
    )


def _cells(context: Context, card: Scorecard) -> tuple[HeatCell, ...]:
    """Count, per clause or theme, the controls that do not conform among those that were assessed."""
    statuses = {result.control: result.status for result in card.controls[context.edition]}
    assessed = {ControlStatus.CONFORMS, ControlStatus.PARTIAL, ControlStatus.DOES_NOT_CONFORM}
    cells = []
    for group in context.framework.groups:
        mine = [statuses.get(c.id) for c in context.framework.controls if c.group == group.id]
        judged = sum(status in assessed for status in mine)
        failing = sum(status is ControlStatus.DOES_NOT_CONFORM for status in mine)
        cells.append(_cell(context, failing, judged))
    return tuple(cells)


def _cell(context: Context, failing: int, judged: int) -> HeatCell:
    if not judged:
        return HeatCell("none", "–")
    step = -(-_HEAT_STEPS * failing // judged)  # rounded up: only none at all is step 0
    words = context.words
    return HeatCell(f"{step}", f"{words.integer(failing)}/{words.integer(judged)}")
