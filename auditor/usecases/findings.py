"""Follow failing checks over time: a finding is fixed only when the same thing is measured again and passes.

What a run saw comes from its verdicts; what findings become by it, `controls.finding_sight` and
`controls.finding_life` decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from auditor.model.assessment import Footing
from auditor.model.finding_record import (
    FindingEvent,
    FindingRecord,
    Lives,
    Observation,
    Observed,
    Term,
)
from auditor.model.run import AuditRun
from auditor.model.scorecard import Scorecard
from auditor.model.verdict import Verdict
from auditor.store.results import FindingsMovedError
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import deadline
from auditor.usecases.errors import UsageProblem
from controls.finding_life import Terms, fold
from controls.finding_moves import Addresses
from controls.finding_sight import Sight, addresses_of, place_of, port_scans, statuses_of, step

_ATTEMPTS = 20
_INSTANT = timedelta(microseconds=1)
_Order = tuple[datetime, str]


def store_results(
    workspace: Workspace,
    run: AuditRun,
    inputs: RunInputs,
    verdicts: tuple[Verdict, ...],
    scorecards: Mapping[str, Scorecard],
    footing: Footing,
    now: datetime,
) -> int:
    """Store what a run came to and bring the findings up to date; return how many rows changed.

    Where another process judges a run at the same time, whoever comes second works it out anew.
    """
    for _ in range(_ATTEMPTS):
        lives = update_findings(workspace, run, inputs, verdicts, footing)
        try:
            return workspace.results.save(run.id, verdicts, lives, scorecards, now, footing)
        except FindingsMovedError:
            continue
    raise UsageProblem(
        f"{run.id} could not be judged: others judge audits all the time", "try again in a minute"
    )


def update_findings(
    workspace: Workspace, run: AuditRun, inputs: RunInputs, verdicts: Iterable[Verdict], footing: Footing
) -> Lives:
    """Return all findings with what a run saw of them. The same run judged again gives the same.

    A run newer than all that were judged takes every finding one step on. For an older one, or the same
    again, the findings are put back to what they were before it, and every later run is gone through again.
    """
    history = _History(workspace)
    basis = workspace.results.basis(run.id)
    judged = [one for one in workspace.runs.all() if one.id in basis.judged]
    later = [one for one in judged if _order(one) > _order(run)]
    before = max((one for one in judged if _order(one) < _order(run)), key=_order, default=None)
    records = workspace.results.findings()
    if later or workspace.results.events(run.id):
        records = history.records_before(records, run)
    known = history.addresses(before) if before else {}
    events: dict[str, tuple[FindingEvent, ...]] = {}
    seen: dict[str, Observed] = {}
    first = sight_of(run, inputs, footing, verdicts)
    for sight, terms in (
        (first, terms_of(inputs, footing)),
        *((history.sight(one), history.terms(one.id)) for one in later),
    ):
        stepped = step(records, sight, known, terms, partial(_closing, workspace, run, seen))
        records, known = stepped.records, sight.addresses
        events[sight.run.id] = stepped.events
        seen |= {one.finding: one.observed for one in stepped.events}
    return Lives(records, events, basis)


def _closing(
    workspace: Workspace, run: AuditRun, seen: Mapping[str, Observed], finding: str
) -> Observed | None:
    """Return what was seen last of a finding: in what is gone through now, or before that run."""
    if finding in seen:
        return seen[finding]
    life = [one for one in workspace.results.life(finding) if (one.at, one.run) < _order(run)]
    return life[-1].observed if life else None


def records_as_of(workspace: Workspace, run: AuditRun) -> dict[str, FindingRecord]:
    """Return the findings as they were when a run had been judged, whatever came after it."""
    records = workspace.results.findings()
    judged = workspace.results.judged()
    if not any(one.id in judged and _order(one) > _order(run) for one in workspace.runs.all()):
        return records
    return _History(workspace).records_before(records, run, inclusive=True)


def sight_of(run: AuditRun, inputs: RunInputs, footing: Footing, verdicts: Iterable[Verdict]) -> Sight:
    """Return a judged run as the findings are brought up to date by it."""
    return Sight(
        run=run,
        inventory=inputs.inventory,
        statuses=statuses_of(verdicts),
        rules=footing.rules,
        waived=frozenset(map(place_of, footing.waived)),
        wanted=frozenset(inputs.plan.wanted),
        addresses=addresses_of(inputs.inventory, inputs.plan),
        ports=port_scans(inputs.plan),
    )


class _History:
    """What earlier and later runs say, read once and only where it is asked for."""

    def __init__(self, workspace: Workspace):
        self._workspace = workspace
        self._inputs: dict[str, RunInputs] = {}
        self._footings: dict[str, Footing] = {}

    def inputs(self, run: str) -> RunInputs:
        if run not in self._inputs:
            self._inputs[run] = self._workspace.runs.inputs(run)
        return self._inputs[run]

    def addresses(self, run: AuditRun) -> Addresses:
        inputs = self.inputs(run.id)
        return addresses_of(inputs.inventory, inputs.plan)

    def footing(self, run: str) -> Footing:
        if run not in self._footings:
            footing = self._workspace.results.footing(run)
            if footing is None:
                raise KeyError(run)
            self._footings[run] = footing
        return self._footings[run]

    def sight(self, run: AuditRun) -> Sight:
        inputs, footing = self.inputs(run.id), self.footing(run.id)
        return replace(sight_of(run, inputs, footing, ()), statuses=self._workspace.results.statuses(run.id))

    def terms(self, run: str) -> Terms:
        return terms_of(self.inputs(run), self.footing(run))

    def records_before(
        self, records: Mapping[str, FindingRecord], run: AuditRun, *, inclusive: bool = False
    ) -> dict[str, FindingRecord]:
        """Return the findings as they were before a run, or just after it."""
        seen: dict[str, list[Observation]] = defaultdict(list)
        for event in self._workspace.results.history(until=run.started_at):
            order = (event.at, event.run)
            if order < _order(run) or (inclusive and order == _order(run)):
                opd = records[event.finding].opd
                seen[event.finding].append(Observation(event.run, event.at, event.observed, opd))
        until = run.started_at + _INSTANT if inclusive else run.started_at
        folded = {
            key: fold(records[key], listed, until, self._stored_terms(records[key]))
            for key, listed in seen.items()
        }
        return {key: record for key, record in folded.items() if record is not None}

    def _stored_terms(self, stored: FindingRecord) -> Terms:
        """Return what findings were given; what is stored for the opening that lasts goes before all else."""

        def terms(record: FindingRecord) -> Term:
            if record.opened_at == stored.opened_at:
                return Term(0, stored.due)
            footing = self.footing(record.last_run)
            if record.check not in footing.rules:
                return Term(0, stored.due)
            return terms_of(self.inputs(record.last_run), footing)(record)

        return terms


def terms_of(inputs: RunInputs, footing: Footing) -> Terms:
    """Return what is given to a finding that opens in a run, by its policy, rules and calendar."""

    def terms(record: FindingRecord) -> Term:
        severity = footing.rules[record.check].severity
        due = deadline(record.opened_at, severity, inputs.policy, inputs.inventory, record.opd)
        return Term(inputs.policy.deadline_days[severity], due)

    return terms


def _order(run: AuditRun) -> _Order:
    return run.started_at, run.id
