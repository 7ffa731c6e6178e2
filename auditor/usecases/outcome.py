"""What a judged run means for a script: anything grave, anything undecided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.run import AuditRun
from auditor.model.verdict import Status
from auditor.store.results import ORGANIZATION
from auditor.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts behind the exit code, and one line that tells them."""

    grave: int
    undecided: int
    summary: str


def outcome_of(workspace: Workspace, run: AuditRun) -> Outcome:
    """Return how many findings reach the policy's threshold, and how many verdicts could not be reached."""
    inputs = workspace.runs.inputs(run.id)
    card = workspace.results.scorecards(run.id)[ORGANIZATION]
    counts = Counter(verdict.status for verdict in workspace.results.verdicts(run.id))
    threshold = inputs.policy.exit_threshold.rank
    grave = sum(card.findings[severity] for severity in Severity if severity.rank <= threshold)
    undecided = counts[Status.UNKNOWN] + counts[Status.ERROR] + len(inputs.plan.skipped)
    summary = (
        f"{counts.total()} verdicts: {counts[Status.PASS]} pass, {counts[Status.FAIL]} fail "
        f"({grave} at or above {inputs.policy.exit_threshold}), {counts[Status.UNKNOWN]} unknown, "
        f"{counts[Status.ERROR]} error, {counts[Status.NOT_APPLICABLE]} not applicable"
    )
    return Outcome(grave, undecided, summary)
