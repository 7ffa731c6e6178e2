"""Gather what the pages of a trial and of an admission show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from auditor.model.check import Check
from auditor.model.gate import ServerGate
from auditor.model.inventory import Inventory
from auditor.model.report import ReportData
from auditor.model.trial_report import (
    VERSION,
    AdmissionReport,
    Closed,
    NamedCheck,
    NamedServer,
    Proof,
    TrialReport,
)
from auditor.model.trial_status import TrialStatus
from auditor.store.workspace import Workspace
from auditor.usecases.gate import Room, coverage_of
from auditor.usecases.inputs import Inputs


def trial_report(
    workspace: Workspace, inputs: Inputs, status: TrialStatus, closed: Closed | None = None
) -> TrialReport:
    """Return what the page of a trial shows, of a status that was made from the same files."""
    policy = inputs.policy
    named = {one.server for one in status.gates} | {one.server for one in status.unmeasured}
    return TrialReport(
        version=VERSION,
        organization=inputs.inventory.organization,
        classification=policy.classification,
        status=status,
        closed=closed,
        rules=policy.admission,
        pace_days=policy.trial.pace_days,
        servers=named_servers(inputs.inventory, named),
        checks=_checks(inputs.catalogue.checks, status.gates),
        runs=tuple(dict.fromkeys(run for day in status.days for run in day.runs)),
        proof=_proof(workspace, inputs, status.newest),
    )


def admission_report(
    workspace: Workspace, room: Room, data: ReportData, found: ServerGate, asked_by: str
) -> AdmissionReport:
    """Return what the page of an admission shows, of a server that the run of the data chose."""
    run, inputs = data.run, room.inputs
    verdicts = [one for one in data.verdicts if one.subject.server == found.server]
    rows = [row for row in data.evidence.values() if row.task.server == found.server]
    return AdmissionReport(
        version=VERSION,
        organization=inputs.inventory.organization,
        classification=inputs.policy.classification,
        server=found.server,
        named=named_servers(inputs.inventory, {found.server})[found.server],
        asked_by=asked_by,
        letters=tuple(sorted({row.task.authorization for row in rows if row.task.authorization})),
        started_at=run.started_at,
        finished_at=run.finished_at,
        gate=found,
        judged=dict(sorted(Counter(one.status.value for one in verdicts).items())),
        coverage=coverage_of(inputs.inventory.server(found.server), verdicts, room),
        rules=inputs.policy.admission,
        checks=_checks(inputs.catalogue.checks, [found]),
        gaps=tuple(one for one in data.not_measured if one.server == found.server),
        tools=dict(sorted({row.tool: row.tool_version for row in rows if row.tool_version}.items())),
        proof=_proof(workspace, inputs, run.id),
    )


def named_servers(inventory: Inventory, named: Iterable[str]) -> dict[str, NamedServer]:
    """Return server id → the server as its owners know it, of those that are registered."""
    wanted = set(named)
    return {
        server.id: NamedServer(
            server.name,
            opd.id,
            opd.name,
            server.zone,
            server.category,
            tuple(str(address) for address in server.addresses),
            server.hostnames,
        )
        for opd in inventory.opds
        for server in opd.servers
        if server.id in wanted
    }


def _checks(checks: Mapping[str, Check], gates: Iterable[ServerGate]) -> dict[str, NamedCheck]:
    named = {one.detail for found in gates for one in found.reasons}
    return {
        name: NamedCheck(checks[name].title, checks[name].severity) for name in sorted(named & checks.keys())
    }


def _proof(workspace: Workspace, inputs: Inputs, run: str) -> Proof:
    decisions, decisions_head = workspace.decisions.head()
    stored = workspace.runs.get(run) if run else None
    return Proof(
        run=run,
        results=workspace.seals.digest(run) if run else "",
        evidence=workspace.evidence.head()[1],
        decisions=decisions,
        decisions_head=decisions_head,
        policy=inputs.policy.digest,
        catalogue=inputs.catalogue.digest,
        inventory=inputs.inventory.digest,
        auditor=stored.provenance.auditor if stored else "",
    )
