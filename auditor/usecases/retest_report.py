"""Gather what the page of a re-test shows, from what was stored when it was made."""

from __future__ import annotations

from auditor.model.retest import RetestRecord
from auditor.model.retest_report import VERSION, RetestReport
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.trial_report import named_servers


def stored_record(workspace: Workspace, run: str) -> RetestRecord:
    """Return the record of a re-test that has ended; raise UsageProblem when there is none."""
    record = workspace.retests.get(run)
    if record is None:
        raise UsageProblem(f"there is no re-test {run}", "list them with: auditor verify --list")
    if record.finished_at is None:
        raise UsageProblem(
            f"the re-test {run} was cut off before it could be judged", "measure again with: auditor verify"
        )
    return record


def retest_report(workspace: Workspace, record: RetestRecord) -> RetestReport:
    """Return what the page of a re-test shows: names and times as they were when it was made."""
    inputs = workspace.runs.inputs(record.run)
    inventory = inputs.inventory
    rows = workspace.evidence.of_run(record.run).values()
    owners = {item.opd for item in record.items}
    known = {opd.id: opd.name for opd in inventory.opds}
    return RetestReport(
        version=VERSION,
        organization=inventory.organization,
        classification=inputs.policy.classification,
        record=record,
        opds={opd: known.get(opd, opd) for opd in sorted(owners)},
        timezones={opd: inventory.timezone_of(opd) for opd in sorted(owners)},
        servers=named_servers(inventory, {item.server for item in record.items}),
        letters=tuple(sorted({row.task.authorization for row in rows if row.task.authorization})),
        tools=dict(sorted({row.tool: row.tool_version for row in rows if row.tool_version}.items())),
    )
