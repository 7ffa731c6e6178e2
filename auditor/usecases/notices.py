"""What whoever judges a run is told beside the numbers: exceptions, answers, contradictions, lenience."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from auditor.model.attestation import Attestation
from auditor.model.run import AuditRun
from auditor.model.waiver import WaiverStatus
from auditor.model.waiver_standing import Surroundings, WaiverRemark, WaiverState, standings
from auditor.store.results import ORGANIZATION
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.assess import Assessment, decisions_of
from auditor.usecases.attest_log import History, State
from auditor.usecases.calendar import local_day
from controls.loading import Catalogue

_NAMED = 5


def notices(
    workspace: Workspace, run: AuditRun, inputs: RunInputs, catalogue: Catalogue, assessment: Assessment
) -> tuple[str, ...]:
    """Return one line for each thing to be told on the day of the run; none when there is nothing."""
    day = local_day(run.started_at, inputs.inventory.organization)
    return (
        *_loosened(assessment),
        *_waivers(workspace, inputs, catalogue, day),
        *_answers(workspace, inputs, day),
        *_contradictions(assessment),
    )


def _loosened(assessment: Assessment) -> Iterator[str]:
    named = sorted({verdict.check for verdict in assessment.verdicts if verdict.loosened})
    if named:
        yield (
            f"{_count(named, 'check was', 'checks were')} judged with parameters looser than the controls "
            f"tolerate: {_listed(named)}; no control counts as conforming by them"
        )


def _waivers(workspace: Workspace, inputs: RunInputs, catalogue: Catalogue, day: date) -> Iterator[str]:
    rules, policy = inputs.policy.waivers, inputs.policy
    checks = {name: one for name, one in catalogue.checks.items() if name not in policy.disabled_checks}
    around = Surroundings(day, rules, checks, inputs.inventory)
    # What was asked for after the run may name what this run's inventory and rules did not know yet.
    known = {one.id: one for one in decisions_of(workspace).waivers if one.requested_on <= day}
    found = standings(known.values(), around)
    waiting = [name for name, one in found.items() if one.state is WaiverState.REQUESTED]
    ending = [name for name, one in found.items() if WaiverRemark.ENDING in one.remarks]
    orphaned = [name for name, one in found.items() if one.state is WaiverState.ORPHANED]
    gone = [name for name in orphaned if known[name].status is not WaiverStatus.REQUESTED]
    for names, one, many, told in (
        (ending, "waiver ends", "waivers end", f"within {rules.warn_days} days"),
        (waiting, "waiver waits", "waivers wait", "for approval"),
        (gone, "waiver names", "waivers name", "what is no longer there"),
    ):
        if names:
            yield f"{_count(names, one, many)} {told}: {_listed(sorted(names))} (see: auditor waive list)"


def _answers(workspace: Workspace, inputs: RunInputs, day: date) -> Iterator[str]:
    # What was withdrawn since needs no attention any more, whenever that was.
    history = History(one for one in workspace.decisions.all() if one.content is None or one.day <= day)
    warn_days = inputs.policy.attestations.warn_days
    states = [
        (history.state(one, day, warn_days), one.content.control)
        for one in history.all()
        if isinstance(one.content, Attestation) and one.day <= day
    ]
    ended = [control for state, control in states if state is State.EXPIRED]
    ending = [control for state, control in states if state is State.EXPIRING]
    if ended:
        yield (
            f"{_count(ended, 'answer has', 'answers have')} ended (see: auditor attest list --state expired)"
        )
    if ending:
        yield (
            f"{_count(ending, 'answer ends', 'answers end')} within {warn_days} days "
            "(see: auditor attest list --state expiring)"
        )


def _contradictions(assessment: Assessment) -> Iterator[str]:
    found = sorted(
        f"{opd} {edition} {result.control}"
        for opd, card in assessment.scorecards.items()
        if opd != ORGANIZATION
        for edition, results in card.controls.items()
        for result in results
        if result.contradiction is not None
    )
    if found:
        yield (
            f"{_count(found, 'answer contradicts', 'answers contradict')} what was measured: "
            f"{_listed(found)}; the cards tell how"
        )


def _count(things: list[str], one: str, many: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else many}"


def _listed(names: list[str]) -> str:
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + rest
