"""Clauses or themes of the edition: level, statuses, and their controls one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.framework import Control, ControlGroup
from auditor.model.scorecard import ControlResult, GroupResult, Scorecard
from reports.statement.sources import Sources
from reports.view.context import Context
from reports.view.controls import ControlView, control_view, status_of
from reports.view.score import LevelView, level_view
from reports.view.statuses import Segment, group_label, segments


@dataclass(frozen=True, slots=True)
class GroupView:
    """One clause or theme with its bar and its controls. `level` is None where the run has none of it."""

    id: str
    title: str
    total: str
    segments: tuple[Segment, ...]
    level: LevelView | None
    controls: tuple[ControlView, ...]


def group_views(context: Context, card: Scorecard, sources: Sources) -> tuple[GroupView, ...]:
    """Return every clause or theme of the edition in its order."""
    results = {result.control: result for result in card.controls.get(context.edition, ())}
    levels = {result.group: result for result in card.groups.get(context.edition, ())}
    return tuple(
        _group_view(context, group, results, levels.get(group.id), sources)
        for group in context.framework.groups
    )


def controls_of(context: Context, group: ControlGroup) -> tuple[Control, ...]:
    """Return the controls of a clause or theme in their order."""
    return tuple(control for control in context.framework.controls if control.group == group.id)


def _group_view(
    context: Context,
    group: ControlGroup,
    results: Mapping[str, ControlResult],
    level: GroupResult | None,
    sources: Sources,
) -> GroupView:
    words, controls = context.words, controls_of(context, group)
    views = (control_view(context, control, results.get(control.id), sources) for control in controls)
    return GroupView(
        group_label(context, group),
        words.of(group.title),
        words.plural("%(count)s control", "%(count)s controls", len(controls)),
        segments(words, Counter(status_of(results.get(control.id)) for control in controls)),
        level_view(context, level.level) if level else None,
        tuple(view for view in views if view is not None),
    )
