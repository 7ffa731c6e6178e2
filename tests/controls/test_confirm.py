"""A new failure counts when a second look finds it too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auditor.model.evidence import Evidence, Failure, FailureKind
from auditor.model.plan import Task
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from controls.confirm import WORSE, confirm
from controls.reasons import LOOKS_DIFFER, SECOND_LOOK_FAILED

TASK = Task("tls", "bkd-web-01", "bkd", "10.0.0.1", 443)
SUBJECT = Subject(SubjectKind.TLS, "bkd-web-01", "10.0.0.1", 443)
AT = datetime(2026, 11, 22, tzinfo=UTC)


def row(sequence: int, task: Task, failure: Failure | None = None) -> Evidence:
    return Evidence(sequence, "run", task, AT, AT, 1.0, "fake", "1", {}, {}, failure, {}, "", "")


PORTS = row(1, replace(TASK, scanner="ports", port=0))
FIRST = row(2, TASK)
AGAIN = replace(TASK, look=2, options={WORSE: [f"tls-1-0-refused {SUBJECT.key}"]})
SECOND = row(7, AGAIN)


def verdict(status: Status) -> Verdict:
    return Verdict("tls-1-0-refused", SUBJECT, status, observed={"en": "x"}, evidence=(1, 2))


def confirmed(first: Status, second: Status | None, again: Evidence | None = SECOND) -> Verdict:
    looks = {TASK.id: again} if again else {}
    others = [verdict(second)] if second else []
    (found,) = confirm([verdict(first)], others, [PORTS, FIRST], looks)
    return found


def test_a_failure_that_both_looks_found_stands_on_the_rows_of_both() -> None:
    found = confirmed(Status.FAIL, Status.FAIL)
    assert (found.status, found.evidence) == (Status.FAIL, (1, 2, 7))


@pytest.mark.parametrize("second", [Status.PASS, Status.NOT_APPLICABLE, None])
def test_a_failure_that_the_second_look_did_not_find_is_unknown(second: Status | None) -> None:
    found = confirmed(Status.FAIL, second)
    assert (found.status, found.reason, found.observed) == (Status.UNKNOWN, LOOKS_DIFFER, {})
    assert found.evidence == (1, 2, 7)


def test_a_second_look_that_came_to_nothing_says_so() -> None:
    lost = row(7, AGAIN, Failure(FailureKind.TIMEOUT, ""))
    assert confirmed(Status.FAIL, Status.UNKNOWN).reason == SECOND_LOOK_FAILED
    assert confirmed(Status.FAIL, None, lost).reason == SECOND_LOOK_FAILED


@pytest.mark.parametrize("status", [Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE])
def test_a_second_look_never_makes_anything_fail(status: Status) -> None:
    assert confirmed(status, Status.FAIL) == verdict(status)


def test_a_failure_that_was_there_before_needs_no_second_look() -> None:
    assert confirmed(Status.FAIL, None, again=None) == verdict(Status.FAIL)


def test_a_second_look_at_something_else_takes_nothing_back() -> None:
    other = row(7, replace(AGAIN, options={WORSE: [f"tls-1-1-refused {SUBJECT.key}"]}))
    assert confirmed(Status.FAIL, Status.PASS, other) == verdict(Status.FAIL)
