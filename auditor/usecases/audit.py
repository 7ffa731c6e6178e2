"""Start an audit, or take up one that was interrupted; then measure and judge."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from auditor.inventory.resolve import pin_addresses, system_resolvers
from auditor.model.run import AuditRun, Provenance, RunKind, RunStatus
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import local_day
from auditor.usecases.clock import SYSTEM_CLOCK, Clock
from auditor.usecases.errors import UsageProblem
from auditor.usecases.holding import holder, take
from auditor.usecases.imported import plan_imports, usable
from auditor.usecases.inputs import Inputs, load_inputs
from auditor.usecases.planning import Selection, build_plan
from auditor.usecases.rotation import longest_ago_first

_TOOLS = ("sslyze", "nassl", "cryptography", "python-nmap", "asyncssh", "cel-expr-python")


def plan_audit(inputs: Inputs, selection: Selection, now: datetime) -> RunInputs:
    """Return what an audit would measure today; names are resolved once and pinned.

    Raise UsageProblem for an OPD or server that the inventory does not know.
    """
    unknown = selection.unknown(inputs.inventory)
    if unknown:
        raise UsageProblem(
            f"the inventory knows no OPD or server named {', '.join(unknown)}",
            "see the ids with: auditor validate --inventory FILE",
        )
    inventory, unresolved = pin_addresses(inputs.inventory)
    policy = replace(inputs.policy, resolvers=inputs.policy.resolvers or system_resolvers())
    today = local_day(now, inventory.organization)
    plan = build_plan(inventory, policy, selection, today, unresolved)
    return RunInputs(inventory, policy, plan)


def with_reports(workspace: Workspace, planned: RunInputs, now: datetime) -> RunInputs:
    """Return what is planned with the reports of other tools that fit, as they stand now."""
    inventory = planned.inventory
    today = local_day(now, inventory.organization)
    plan = plan_imports(
        workspace.imports.all(), planned.plan, inventory, planned.policy.import_days, now, today
    )
    return replace(planned, plan=plan)


def start_run(
    workspace: Workspace,
    inputs: Inputs,
    planned: RunInputs,
    selection: Selection,
    clock: Clock = SYSTEM_CLOCK,
    kind: RunKind = RunKind.AUDIT,
    run_id: str = "",
) -> AuditRun:
    """Store a new run. Raise UsageProblem when nothing of it may be measured.

    `run_id` is one that new_run_id() gave before, for those who note what they begin.
    """
    if not planned.plan.tasks:
        raise UsageProblem(
            "nothing may be measured: no chosen server lies inside a valid authorization",
            "see why, server by server, with: auditor plan",
        )
    now = clock.now()
    run = AuditRun(
        id=run_id or new_run_id(now),
        status=RunStatus.RUNNING,
        started_at=now,
        finished_at=None,
        provenance=Provenance(
            policy=inputs.policy.digest,
            catalogue=inputs.catalogue.digest,
            inventory=inputs.inventory.digest,
            tools={name: _version(name) for name in _TOOLS},
            auditor=_version("tilik"),
        ),
        scope=tuple(server.id for server in planned.inventory.servers() if selection.chooses(server)),
        kind=kind,
    )
    workspace.runs.create(run, planned)
    return run


def new_run_id(now: datetime) -> str:
    """Return an id for a run that begins now."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def interrupted_run(workspace: Workspace, run_id: str) -> AuditRun:
    """Return the run to resume: the one named, or with "" the newest that is not complete.

    Raise UsageProblem when there is none.
    """
    open_states = (RunStatus.RUNNING, RunStatus.STOPPED, RunStatus.COLLECTED)
    run = stored_run(workspace, run_id) if run_id else workspace.runs.latest(*open_states)
    if run is None or run.status not in open_states:
        raise UsageProblem(
            f"there is no interrupted audit {run_id}".rstrip(), "start a new one with: auditor audit"
        )
    workspace.runs.set_status(run.id, RunStatus.RUNNING)
    return replace(run, status=RunStatus.RUNNING)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "source tree"


def stored_run(workspace: Workspace, run_id: str) -> AuditRun:
    """Return the audit named, or with "" the newest; raise UsageProblem when there is none.

    A re-test is no audit: it is judged when it is made, and never taken up again.
    """
    run = workspace.runs.get(run_id) if run_id else workspace.runs.latest(*RunStatus)
    if run is None:
        raise UsageProblem(f"there is no audit {run_id or 'yet'}", "make one with: auditor audit")
    if run.kind is RunKind.RETEST:
        raise UsageProblem(
            f"{run.id} is a re-test, not an audit", f"see it with: auditor verify --show {run.id}"
        )
    return run


def refuse_when_stopped(workspace: Workspace) -> None:
    """Raise UsageProblem while the kill switch is set."""
    if workspace.kill_switch.exists():
        raise UsageProblem(
            f"the kill switch is set: {workspace.kill_switch}",
            "when measuring is safe again, remove that file",
        )


class MeasuredElsewhereError(UsageProblem):
    """Another process measures with the same workspace."""


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for measuring, so that two audits never meet at one address.

    Raise UsageProblem while another process holds it. The hold ends with the process, however that ends.
    """
    descriptor = take(_measuring(workspace))
    if descriptor is None:
        raise MeasuredElsewhereError(
            f"another audit is being measured in {workspace.folder}",
            f"wait until it ends, or stop it with: touch {workspace.kill_switch}",
        )
    try:
        yield
    finally:
        os.close(descriptor)


def is_measured(workspace: Workspace) -> bool:
    """Return whether an audit is being measured now, without standing in the way of one that begins."""
    return holder(_measuring(workspace)) is not None


def _measuring(workspace: Workspace) -> Path:
    return workspace.folder / "measuring.lock"


def begin(
    workspace: Workspace,
    inventory: Path,
    policy: Path | None,
    selection: Selection,
    resume: bool,
    *,
    imported_only: bool = False,
    clock: Clock = SYSTEM_CLOCK,
    run_id: str = "",
) -> tuple[AuditRun, RunInputs]:
    """Start a new run, or take up an interrupted one with the inputs it was started with.

    `run_id` names the one to take up, the newest by default, or is what a new one shall be called. Raise
    UsageProblem with `imported_only` where no report fits.
    """
    if resume:
        run = interrupted_run(workspace, run_id)
        return run, workspace.runs.inputs(run.id)
    inputs = load_inputs(inventory, policy)
    now = clock.now()
    planned = with_reports(workspace, plan_audit(inputs, selection, now), now)
    if imported_only and not usable(planned.plan):
        raise UsageProblem(
            "no report that was handed in fits what is chosen, or is new enough",
            "see them with: auditor import list",
        )
    planned = longest_ago_first(workspace, planned)
    return start_run(workspace, inputs, planned, selection, clock, run_id=run_id), planned
