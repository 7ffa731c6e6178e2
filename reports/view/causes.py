"""The changes that are to be made, with their findings, in the order in which the data has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.model.check import Check
from auditor.model.finding import Finding
from auditor.model.inventory import Responsible
from auditor.model.root_cause import RootCause
from auditor.model.scorecard import Level
from reports.view.context import Context


@dataclass(frozen=True, slots=True)
class Work:
    """One change and the findings that it closes, the text of the first of which is followed."""

    cause: RootCause
    findings: tuple[Finding, ...]

    @property
    def lead(self) -> Finding:
        """Return the finding whose check's text is followed."""
        order = {check: number for number, check in enumerate(self.cause.checks)}
        return min(self.findings, key=lambda one: (order[one.check], one.due, one.subject.key))


def work_of(context: Context, opd_id: str | None = None) -> tuple[Work, ...]:
    """Return the changes that close open findings, of one OPD or of all, the order of work kept."""
    open_ones = {finding.id: finding for finding in context.open_findings(opd_id)}
    causes = (one for one in context.data.causes if opd_id in (None, one.opd))
    listed = ((one, tuple(open_ones[name] for name in one.findings if name in open_ones)) for one in causes)
    return tuple(Work(cause, found) for cause, found in listed if found)


def hours_of(context: Context, findings: Iterable[Finding]) -> float:
    """Return the hours that closing findings takes: each change once, however much it closes."""
    wanted = {finding.id for finding in findings}
    return sum(one.hours for one in context.data.causes if not wanted.isdisjoint(one.findings))


def lead_check(context: Context, work: Work) -> Check | None:
    """Return the check whose text is followed; None when it has left the catalogue."""
    return context.data.checks.get(work.lead.check)


Cell = tuple[str, str, str, Responsible]
"""OPD, server, check and side: what a score counts once."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes do for scores: the levels that they work on, and the findings that stand in each cell."""

    context: Context
    levels: Mapping[Responsible, Level]
    standing: Mapping[Cell, tuple[Finding, ...]]

    def brings(self, work: Work) -> str:
        """Word what a change does for the floor of the side that answers for it; empty where nobody knows."""
        words, data = self.context.words, self.context.data
        if not any(data.policy.weights[one.severity] for one in work.findings):
            return words.say("does not change the score (weight 0)")
        cells = {_cell(one): one for one in work.findings}
        level = self.levels[work.cause.responsible]
        accepted = any(one.waiver for cell in cells for one in self.standing[cell])
        # What is accepted beside it keeps failing in the score without exceptions.
        score = level.with_waivers if accepted else level.score
        weights = {cell: data.fix_weights.get(one.id) for cell, one in cells.items()}
        if None in weights.values() or not score.applicable:
            return ""
        whole = [weights[cell] or 0.0 for cell in cells if self._is_whole(cell, work)]
        if not whole:
            return words.say("nothing alone: the same check fails at other places of the server")
        return self._gain(sum(whole), score.applicable, accepted)

    def _gain(self, weight: float, whole: float, accepted: bool) -> str:
        words = self.context.words
        if not weight:
            return words.say("nothing yet: the rest of the check could not be judged")
        values = {
            "points": words.decimal(100 * weight / whole, 2),
            "weight": words.quantity(weight),
            "whole": words.quantity(whole),
        }
        if accepted:
            return words.say("+%(points)s points with exceptions (%(weight)s ÷ %(whole)s)", **values)
        return words.say("+%(points)s points (%(weight)s ÷ %(whole)s)", **values)

    def _is_whole(self, cell: Cell, work: Work) -> bool:
        """Return whether nothing but accepted risks is left of a check on a server after the change."""
        closed = {one.id for one in work.findings}
        return all(one.waiver or one.id in closed for one in self.standing[cell])


def effect_of(context: Context, levels: Mapping[Responsible, Level]) -> Effect:
    """Return how to tell what changes do for these levels."""
    standing: dict[Cell, list[Finding]] = defaultdict(list)
    for one in context.standing_findings():
        standing[_cell(one)].append(one)
    return Effect(context, levels, {cell: tuple(found) for cell, found in standing.items()})


def _cell(finding: Finding) -> Cell:
    return finding.opd, finding.subject.server, finding.check, finding.responsible
