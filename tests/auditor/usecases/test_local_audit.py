"""This very machine, looked at from inside without inventory: what fails first, and nothing stored."""

from __future__ import annotations

import pytest

from auditor.model.verdict import Status
from auditor.policy.loading import load_policy
from auditor.usecases.errors import UsageProblem
from auditor.usecases.local_audit import (
    audit_this_machine,
    is_grave,
    is_incomplete,
    local_rows,
    summary,
    wanted_statuses,
)


def test_this_machine_gets_a_verdict_for_each_check_of_an_inside() -> None:
    policy = load_policy()
    audit = audit_this_machine(policy)
    assert audit.failure is None
    assert {one.check for one in audit.verdicts} == set(audit.checks)
    assert not any(one.status is Status.ERROR for one in audit.verdicts)
    rows = local_rows(audit, frozenset({Status.FAIL}), "id")
    ranks = [audit.checks[row["check"]].severity.rank for row in rows]
    assert ranks == sorted(ranks)
    assert all(row["fix"] and row["title"] for row in rows)
    assert len(rows) == sum(1 for one in audit.verdicts if one.status is Status.FAIL)
    threshold = policy.exit_threshold.value
    assert is_grave(audit, policy) == any(row["severity"] in ("critical", threshold) for row in rows)
    assert is_incomplete(audit) == any(one.status is Status.UNKNOWN for one in audit.verdicts)
    assert f"{len(rows)} FAIL" in summary(audit)


def test_a_verdict_that_does_not_exist_is_refused() -> None:
    assert wanted_statuses(None) == {Status.FAIL}
    assert wanted_statuses(["pass", "unknown"]) == {Status.PASS, Status.UNKNOWN}
    with pytest.raises(UsageProblem, match="BAD"):
        wanted_statuses(["bad"])
