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

_WIDEST = 38
"""Columns that fit on A4 landscape beside the names."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The status of one control for one OPD; `code` stands for it where there is no room for the word."""

    code: str
    status: Badge


@dataclass(frozen=True, slots=True)
class MatrixBlock:
    """Whole clauses or themes side by side: controls as columns, a row per OPD below all together."""

    label: str
    controls: tuple[str, ...]
    whole: tuple[Cell, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix cut into blocks that fit a page, and what the codes mean."""

    legend: tuple[Cell, ...]
    blocks: tuple[MatrixBlock, ...]


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
    rows = tuple((shown(opd.name), statuses_of(context, opd.id)) for opd in matrix_opds(context))
    blocks = []
    for groups in _packed(context):
        controls = tuple(control for _, mine in groups for control in mine)
        ends = dict.fromkeys((groups[0][0], groups[-1][0]))
        blocks.append(
            MatrixBlock(
                label=" – ".join(ends),
                controls=controls,
                whole=_cells(context, controls, whole),
                rows=tuple((name, _cells(context, controls, found)) for name, found in rows),
            )
        )
    return MatrixView(tuple(_cell(context, status) for status in ControlStatus), tuple(blocks))


_Group = tuple[str, tuple[str, ...]]
"""Label of a clause or theme, and its controls."""


def _packed(context: Context) -> list[list[_Group]]:
    """Put clauses or themes side by side, in their order, as long as a page is wide enough."""
    packed: list[list[_Group]] = []
    width = 0
    for group in context.framework.groups:
        controls = tuple(c.id for c in context.framework.controls if c.group == group.id)
        if not controls:
            continue
        if not packed or width + len(controls) > _WIDEST:
            packed.append([])
            width = 0
        packed[-1].append((group_label(context, group), controls))
        width += len(controls)
    return packed


def _cells(
    context: Context, controls: tuple[str, ...], found: Mapping[str, ControlStatus]
) -> tuple[Cell, ...]:
    return tuple(_cell(context, found[control]) for control in controls)


def _cell(context: Context, status: ControlStatus) -> Cell:
    return Cell(CODES[context.words.language][status], badge(context.words, status))
