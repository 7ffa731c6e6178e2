"""What no chain shows: a newest end cut off, inputs rewritten before judging again, findings edited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection

import pytest

from auditor.model.decision import DecisionKind
from auditor.store.decisions import LogMovedError
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.errors import UsageProblem
from tests.auditor.store.stores import tampering
from tests.auditor.usecases.test_assess import SMALL, WORLD, store
from tests.controls.decided import entry

RUN = WORLD.run.id


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace with decisions and a judged run."""
    opened = open_workspace(tmp_path / "workspace")
    store(opened, WORLD)
    opened.decisions.append([entry(DecisionKind.WAIVER_REJECTED, f"W-{number}") for number in range(3)])
    assess(opened, WORLD.run, WORLD.inputs, SMALL)
    yield opened
    opened.engine.dispose()


@contextmanager
def hands_on(workspace: Workspace) -> Iterator[Connection]:
    with tampering(workspace.folder) as connection:
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS decisions_no_{verb}")
        yield connection


def told(workspace: Workspace) -> list[str]:
    stores = (workspace.evidence, workspace.heads, workspace.seals, workspace.decisions, workspace.marks)
    return [one.problem for store_ in stores for one in store_.verify()]


def test_nothing_was_changed(judged: Workspace) -> None:
    assert told(judged) == []
    assess(judged, WORLD.run, WORLD.inputs, SMALL)
    assert told(judged) == []


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        ("UPDATE findings SET due = '2030-01-01'", "the findings or their history were changed"),
        ("UPDATE findings SET status = 'fixed'", "the findings or their history were changed"),
        ("UPDATE finding_events SET status = 'fixed'", "the findings or their history were changed"),
        ("UPDATE runs SET kind = 'retest'", f"what {RUN} began with was changed"),
        ("DELETE FROM finding_events", "the findings or their history were changed"),
        ("DELETE FROM marks WHERE name LIKE 'run:%'", f"the mark of {RUN} is gone"),
        ("UPDATE marks SET content = 'x'", "the mark of decisions is not ours"),
        (
            "DELETE FROM decisions WHERE sequence = 3",
            "the newest rows of decisions are gone, or others than were signed",
        ),
        ("UPDATE footings SET content = '{}'", f"what {RUN} was judged with is not readable any more"),
        (
            "DELETE FROM seals; DELETE FROM scorecards; DELETE FROM verdicts; DELETE FROM footings",
            f"the results of {RUN} carry no seal",
        ),
    ],
)
def test_an_edit_outside_the_chains_is_found(judged: Workspace, edit: str, problem: str) -> None:
    with hands_on(judged) as connection:
        connection.executescript(edit)
    assert problem in told(judged)


def test_inputs_rewritten_after_the_start_are_not_judged_and_not_sealed_anew(judged: Workspace) -> None:
    with hands_on(judged) as connection:
        connection.execute("""UPDATE runs SET inputs = replace(inputs, '"high":6', '"high":0')""")
    with pytest.raises(UsageProblem, match="what it began with was changed since"):
        assess(judged, WORLD.run, WORLD.inputs, SMALL)
    assert f"what {RUN} began with was changed" in told(judged)


def test_decisions_that_were_taken_into_account_cannot_be_judged_away(judged: Workspace) -> None:
    with hands_on(judged) as connection:
        connection.execute("DELETE FROM decisions WHERE sequence = 3")
    with pytest.raises(UsageProblem, match="decisions that it was judged with was changed"):
        assess(judged, WORLD.run, WORLD.inputs, SMALL)


def test_whoever_read_an_older_log_is_told(judged: Workspace) -> None:
    with pytest.raises(LogMovedError):
        judged.decisions.append([entry(DecisionKind.WAIVER_REJECTED, "W-9")], expected=2)
    assert judged.decisions.head()[0] == 3
    judged.decisions.append([entry(DecisionKind.WAIVER_REJECTED, "W-9")], expected=3)
    assert judged.decisions.head()[0] == 4
