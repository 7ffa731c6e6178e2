"""What waivers came to: the list with days left, and one with its whole history and what it covers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.documents.shape import nearest
from auditor.model.decision import Decision, DecisionKind
from auditor.model.plain_text import show
from auditor.model.plan import Place
from auditor.model.run import AuditRun, RunKind
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver
from auditor.model.waiver_standing import (
    UNSETTLED,
    Standing,
    Surroundings,
    WaiverRemark,
    WaiverState,
    standings,
)
from auditor.store.runs import RunInputs
from auditor.usecases.errors import UsageProblem
from auditor.usecases.findings_of_run import ids_of_run
from auditor.usecases.waive import Desk
from auditor.usecases.waive_rules import checks_in_force, known_waiver
from controls.responsibility import owning_opd
from controls.waivers import covers, with_refused_approvals

SAME_ACCOUNT = "same_account"
"""Remark: requester and approver were written from one account of the operating system."""
STATES = (*(one.value for one in WaiverState), *(one.value for one in WaiverRemark), SAME_ACCOUNT)
"""What a list can be narrowed to."""


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest judged run with its unsettled verdicts, each with the OPD that it belongs to."""

    run: AuditRun
    unsettled: tuple[tuple[Verdict, str], ...]
    waived: Mapping[str, str]
    ids: Mapping[Place, str]
    """Of the findings at places in that run."""


def waiver_rows(desk: Desk, wanted: Mapping[str, Collection[str]] | None = None) -> list[dict[str, Any]]:
    """Return one record per waiver, what ends first on top; `wanted` is opd, check or state → values.

    Raise UsageProblem for a value that no waiver could have: an empty list would look like good news.
    """
    log = desk.workspace.decisions.all()
    waivers = with_refused_approvals(desk.waivers(), log)
    chosen = wanted or {}
    _refuse_unknown(desk, waivers, chosen)
    found = standings(waivers, _surroundings(desk, _newest(desk)))
    accounts = _accounts(log)
    rows = [_row(waiver, found[waiver.id], waiver.id in accounts) for waiver in waivers]
    kept = [row for row in rows if _is_wanted(row, chosen)]
    return sorted(kept, key=lambda row: (row["valid_until"], row["id"]))


def describe(desk: Desk, waiver_id: str) -> dict[str, Any]:
    """Return a waiver whole: its record, every entry of the log about it, and the findings in its scope."""
    log = desk.workspace.decisions.all()
    waivers = with_refused_approvals(desk.waivers(), log)
    waiver, newest = known_waiver(waiver_id, waivers), _newest(desk)
    standing = standings(waivers, _surroundings(desk, newest))[waiver.id]
    return {
        **_row(waiver, standing, waiver.id in _accounts(log)),
        "reason": waiver.reason,
        "compensating_control": waiver.compensating_control,
        "ended_by": waiver.ended_by,
        "ended_reason": waiver.ended_reason,
        "history": [_entry(entry) for entry in log if entry.about == waiver.id],
        "run": newest.run.id if newest else None,
        "findings": _findings(waiver, newest) if newest else [],
    }


def _newest(desk: Desk) -> _Newest | None:
    """Return the newest judged audit; to whom a verdict belongs, the inventory says that it was made with."""
    judged = (
        (run, footing)
        for run in reversed(desk.workspace.runs.all())
        if run.kind is not RunKind.RETEST and (footing := desk.workspace.results.footing(run.id)) is not None
    )
    run, footing = next(judged, (None, None))
    if run is None or footing is None:
        return None
    inputs = desk.workspace.runs.inputs(run.id)
    verdicts = desk.workspace.results.verdicts(run.id)
    unsettled = (
        (one, _owner(one, desk, inputs))
        for one in verdicts
        if one.status in UNSETTLED and one.check in desk.inputs.catalogue.checks
    )
    return _Newest(run, tuple(unsettled), footing.waived, ids_of_run(desk.workspace, run))


def _owner(verdict: Verdict, desk: Desk, inputs: RunInputs) -> str:
    layer = desk.inputs.catalogue.checks[verdict.check].layer
    return owning_opd(layer, verdict.subject, inputs.inventory.server(verdict.subject.server))


def _surroundings(desk: Desk, newest: _Newest | None) -> Surroundings:
    inputs = desk.inputs
    return Surroundings(
        day=desk.today,
        rules=inputs.policy.waivers,
        checks=checks_in_force(inputs),
        inventory=inputs.inventory,
        run_scope=frozenset(newest.run.scope) if newest else frozenset(),
        unsettled=newest.unsettled if newest else (),
    )


def _accounts(log: Iterable[Decision]) -> frozenset[str]:
    """Return the waivers that were asked for and approved from one account."""
    asked = {e.about: e.account for e in log if e.kind is DecisionKind.WAIVER_REQUESTED}
    approved = {e.about: e.account for e in log if e.kind is DecisionKind.WAIVER_APPROVED}
    return frozenset(name for name, account in approved.items() if asked.get(name) == account)


def _row(waiver: Waiver, standing: Standing, same_account: bool) -> dict[str, Any]:
    return {
        "id": waiver.id,
        "state": standing.state.value,
        "remarks": [*(one.value for one in standing.remarks), *([SAME_ACCOUNT] if same_account else [])],
        "days_left": standing.days_left,
        "check": waiver.check,
        "opd": waiver.opd,
        "server": waiver.server,
        "address": waiver.address,
        "port": waiver.port,
        "server_name": waiver.server_name,
        "valid_from": waiver.valid_from.isoformat(),
        "valid_until": waiver.valid_until.isoformat(),
        "requested_by": waiver.requested_by,
        "requested_on": waiver.requested_on.isoformat(),
        "approved_by": waiver.approved_by,
        "approved_on": waiver.approved_on.isoformat() if waiver.approved_on else None,
        "ended_on": waiver.ended_on.isoformat() if waiver.ended_on else None,
        "missing": standing.missing.value if standing.missing else None,
        "overlaps": list(standing.overlaps),
    }


def _entry(entry: Decision) -> dict[str, Any]:
    return {
        "sequence": entry.sequence,
        "kind": entry.kind.value,
        "by": entry.by,
        "day": entry.day.isoformat(),
        "reason": entry.reason,
        "account": entry.account,
        "at": entry.at.isoformat(timespec="seconds"),
    }


def _findings(waiver: Waiver, newest: _Newest) -> list[dict[str, Any]]:
    """Return what fails in a waiver's scope; `waived` says whether the run was judged with it."""
    failing = (
        verdict
        for verdict, opd in newest.unsettled
        if verdict.status is Status.FAIL and covers(waiver, verdict, opd)
    )
    return [
        {
            "id": newest.ids[Place(one.check, one.subject.key)],
            "subject": one.subject.key,
            "waived": newest.waived.get(f"{one.check} {one.subject.key}") == waiver.id,
        }
        for one in failing
    ]


def _is_wanted(row: Mapping[str, Any], wanted: Mapping[str, Collection[str]]) -> bool:
    has = {"opd": {row["opd"]}, "check": {row["check"]}, "state": {row["state"], *row["remarks"]}}
    return all(not values or has[what] & set(values) for what, values in wanted.items())


def _refuse_unknown(desk: Desk, waivers: Iterable[Waiver], wanted: Mapping[str, Collection[str]]) -> None:
    listed = tuple(waivers)
    known = {
        "opd": {*(opd.id for opd in desk.inputs.inventory.opds), *(waiver.opd for waiver in listed)},
        "check": {*desk.inputs.catalogue.checks, *(waiver.check for waiver in listed)},
        "state": set(STATES),
    }
    for what, values in wanted.items():
        unknown = sorted(set(values) - known[what])
        if unknown:
            examples = f"choose, for example, of: {', '.join(sorted(known[what])[:8])}"
            raise UsageProblem(
                f"there is no {what} {show(unknown[0])}", nearest(unknown[0], known[what]) or examples
            )
