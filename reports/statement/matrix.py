"""Every OPD against every control: the status of each, as the scorecards say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.inventory import Opd
from auditor.model.scorecard import ControlStatus
from reports.formats.base import selected
from reports.statement.labels import CODES
from reports.view.context import Context
from reports.view.labels import Badge, badge
from reports.view.statuses import group_label
from reports.visible import shown


@dataclass(frozen=True, slots=True)
class Cell:
    """The status of one control for one OPD; `code` stands for it where there is no room for the word."""

    code: str
    status: Badge


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """One clause or theme: its controls as columns, one row of cells per OPD and the organisation's first."""

    id: str
    title: str
    controls: tuple[str, ...]
    whole: tuple[Cell, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix cut into clauses or themes, and what the codes mean."""

    legend: tuple[Cell, ...]
    groups: tuple[MatrixGroup, ...]


def matrix_opds(context: Context) -> tuple[Opd, ...]:
    """Return the OPD that have a card, in the order of the inventory."""
    return tuple(context.opd(one) for one in selected(context.data, None))


def statuses_of(context: Context, opd_id: str | None) -> Mapping[str, ControlStatus]:
    """Return control → status for an OPD, or for the organisation."""
    card = context.data.organization if opd_id is None else context.scorecard(opd_id)
    return {result.control: result.status for result in card.controls[context.edition]}


def matrix_view(context: Context) -> MatrixView:
    """Word the statuses of all controls over all OPD."""
    whole = statuses_of(context, None)
    rows = [(shown(opd.name), statuses_of(context, opd.id)) for opd in matrix_opds(context)]
    groups = []
    for group in context.framework.groups:
        controls = tuple(c.id for c in context.framework.controls if c.group == group.id)
        groups.append(
            MatrixGroup(
                id=group_label(context, group),
                title=context.words.of(group.title),
                controls=controls,
                whole=_cells(context, controls, whole),
                rows=tuple((name, _cells(context, controls, found)) for name, found in rows),
            )
        )
    return MatrixView(tuple(_cell(context, status) for status in ControlStatus), tuple(groups))


def _cells(
    context: Context, controls: tuple[str, ...], found: Mapping[str, ControlStatus]
) -> tuple[Cell, ...]:
    return tuple(_cell(context, found[control]) for control in controls)


def _cell(context: Context, status: ControlStatus) -> Cell:
    return Cell(CODES[context.words.language][status], badge(context.words, status))
