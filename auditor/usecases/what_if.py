"""What fixing findings of a judged run would bring, and the shortest way to a better grade."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from auditor.model.finding import FindingStatus
from auditor.model.next_grade import NextGrade
from auditor.model.run import AuditRun
from auditor.model.verdict import Status
from auditor.store.workspace import Workspace
from auditor.usecases.compare import chosen_opds, side_of
from auditor.usecases.errors import UsageProblem
from controls.attestations import ORGANIZATION
from controls.loading import Catalogue
from controls.next_grade import Way, next_grade, next_grades, shortest
from controls.scoring import UNJUDGED
from controls.sides import Side, by_opd, cells_of, judged_cell, opds_of
from controls.what_if import Change, what_if


@dataclass(frozen=True, slots=True)
class Fixed:
    """What fixing some findings changes, by OPD id, and those among them that do not fail in the run."""

    changes: Mapping[str, Change]
    not_failing: Mapping[str, FindingStatus | None]
    """Finding id → what the run made of it; None when it was no part of the run."""


def hours_of(catalogue: Catalogue) -> dict[str, float]:
    """Return check id → hours of effort for one server."""
    return {check.id: check.effort_hours for check in catalogue.checks.values()}


def fixed(
    workspace: Workspace, run: AuditRun, catalogue: Catalogue, findings: Sequence[str], opds: Collection[str]
) -> Fixed:
    """Return what fixing some findings would change for their OPDs, or for those named, and for all ("").

    Raises UsageProblem for an id that no finding ever had, and for an unknown OPD.
    """
    side = side_of(workspace, run)
    wanted = chosen_opds(sorted(opds_of(side)), opds)
    failing = {side.finding(v) for v in side.verdicts if v.status is Status.FAIL}
    known, events = workspace.results.findings(), workspace.results.events(run.id)
    _refuse_unknown(sorted(set(findings) - failing - known.keys()), sorted(failing))
    changes = what_if(side, findings, hours_of(catalogue))
    return Fixed(
        {opd: change for opd, change in changes.items() if opd in (ORGANIZATION, *wanted)},
        {one: events.get(one) for one in findings if one not in failing},
    )


def ways(
    workspace: Workspace,
    run: AuditRun,
    catalogue: Catalogue,
    opds: Collection[str],
    letter: str = "",
    *,
    excepted: bool = False,
) -> tuple[Way, ...]:
    """Return the shortest way of every OPD, or of those named, to the next grade or to a letter.

    With `excepted` it is about the grade with exceptions. Raises UsageProblem for an unknown OPD or letter.
    """
    side, hours = side_of(workspace, run), hours_of(catalogue)
    letters = [band.letter for band in side.policy.grading.bands]
    if letter and letter not in letters:
        raise UsageProblem(f"there is no grade {letter}", f"choose of: {', '.join(letters)}")
    wanted, parts = chosen_opds(sorted(opds_of(side)), opds), by_opd(side)
    chosen = {opd: parts.get(opd, replace(side, verdicts=())) for opd in wanted}
    return tuple(shortest(part, opd, hours, letter, excepted=excepted) for opd, part in chosen.items())


def unjudged_checks(workspace: Workspace, run: AuditRun, opd: str) -> tuple[str, ...]:
    """Return the checks that an OPD answers for and that could not be judged somewhere, the gravest first."""
    part = by_opd(side_of(workspace, run)).get(opd)
    if part is None:
        return ()
    found = {
        cell[1]: judged_cell(part, cell, verdicts).severity.rank
        for cell, verdicts in cells_of(part).items()
        if part.answers_for(opd, cell) and any(one.status in UNJUDGED for one in verdicts)
    }
    return tuple(sorted(found, key=lambda check: (found[check], check)))


def next_grades_of(side: Side, catalogue: Catalogue) -> dict[str, NextGrade]:
    """Return OPD id → its shortest way to the next grade, the organisation's ("") included, for the cards."""
    hours = hours_of(catalogue)
    return {ORGANIZATION: next_grade(side, ORGANIZATION, hours), **next_grades(side, hours)}


def _refuse_unknown(unknown: Sequence[str], failing: Sequence[str]) -> None:
    if not unknown:
        return
    near = get_close_matches(unknown[0], failing, n=3, cutoff=0.6)
    next_step = f"did you mean: {', '.join(near)}?" if near else "list them with: auditor findings list"
    raise UsageProblem(f"there is no finding {', '.join(unknown)}", next_step)
