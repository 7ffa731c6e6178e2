"""Trying fixes on a judged run of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from auditor.model.finding import FindingStatus
from auditor.model.run import AuditRun
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.compare import side_of
from auditor.usecases.errors import UsageProblem
from auditor.usecases.what_if import Fixed, fixed, next_grades_of, ways
from tests.auditor.usecases.test_assess import SMALL, WORLD, judge, later_world, store

HOURS = {name: check.effort_hours for name, check in SMALL.checks.items()}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace with one judged run."""
    opened = open_workspace(tmp_path / "workspace")
    store(opened, WORLD)
    judge(opened, "run-1")
    yield opened
    opened.engine.dispose()


def run_of(workspace: Workspace, run_id: str = "run-1") -> AuditRun:
    found = workspace.runs.get(run_id)
    assert found is not None
    return found


def failing(workspace: Workspace, check: str) -> list[str]:
    """Return the open findings of a check."""
    records = workspace.results.findings().values()
    return [one.id for one in records if one.check == check and one.status is not FindingStatus.FIXED]


def tried(
    workspace: Workspace, findings: list[str], run_id: str = "run-1", opds: tuple[str, ...] = ()
) -> Fixed:
    return fixed(workspace, run_of(workspace, run_id), SMALL, findings, opds)


def test_the_fix_that_was_made_brought_what_was_said(workspace: Workspace) -> None:
    (finding,) = failing(workspace, "tls-1-0-refused")
    change = tried(workspace, [finding]).changes["bkd"]
    store(workspace, later_world(1, "run-2"))
    judge(workspace, "run-2")
    before, after = (workspace.results.scorecards(run)["bkd"].own for run in ("run-1", "run-2"))
    assert change.own == (before, after)
    assert float(change.hours) == HOURS["tls-1-0-refused"]


def test_a_fixed_finding_changes_nothing_and_is_told(workspace: Workspace) -> None:
    (finding,) = failing(workspace, "tls-1-0-refused")
    store(workspace, later_world(1, "run-2"))
    judge(workspace, "run-2")
    found = tried(workspace, [finding], "run-2")
    assert found.not_failing == {finding: FindingStatus.FIXED}
    assert found.changes[""].own[0] == found.changes[""].own[1]
    assert tried(workspace, [finding], "run-1").not_failing == {}


def test_findings_of_several_opds_are_told_apart(workspace: Workspace) -> None:
    records = workspace.results.findings().values()
    found = tried(workspace, [one.id for one in records])
    assert found.changes.keys() == {"", "bkd", "dinkes"}
    assert tried(workspace, [one.id for one in records], opds=("dinkes",)).changes.keys() == {"", "dinkes"}
    for opd in ("bkd", "dinkes"):
        assert set(found.changes[opd].findings) == {one.id for one in records if one.opd == opd}


def test_an_unknown_finding_is_refused_with_the_one_meant(workspace: Workspace) -> None:
    (finding,) = failing(workspace, "tls-1-0-refused")
    with pytest.raises(UsageProblem) as problem:
        tried(workspace, [finding[:-1] + "x"])
    assert finding in problem.value.next_step
    with pytest.raises(UsageProblem) as problem:
        tried(workspace, ["tls-1-0-refused"])
    assert problem.value.next_step == "list them with: auditor findings list"


def test_the_way_to_a_grade_is_that_of_every_opd_or_of_those_asked_for(workspace: Workspace) -> None:
    found = ways(workspace, run_of(workspace), SMALL, ())
    assert [way.opd for way in found] == ["bkd", "dinkes"]
    (one,) = ways(workspace, run_of(workspace), SMALL, ("bkd",))
    assert one == found[0]
    card = workspace.results.scorecards("run-1")["bkd"]
    assert one.before == card.own
    assert len(one.findings) > 0
    after = tried(workspace, list(one.findings)).changes["bkd"].own[1]
    assert after == one.after
    assert after.grade.letter < card.grade.letter


def test_a_letter_or_opd_that_is_not_there_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UsageProblem, match="grade F"):
        ways(workspace, run_of(workspace), SMALL, (), "F")
    with pytest.raises(UsageProblem, match="dinkse"):
        ways(workspace, run_of(workspace), SMALL, ("dinkse",))


def test_the_cards_say_what_the_command_says(workspace: Workspace) -> None:
    found = next_grades_of(side_of(workspace, run_of(workspace)), SMALL)
    assert found.keys() == {"", "bkd", "dinkes"}
    for way in ways(workspace, run_of(workspace), SMALL, ()):
        own = found[way.opd]
        assert (own.findings, own.letter_to, own.blocked_by) == (way.findings, way.letter, way.blocked_by)
        assert (own.hours, own.floor_to) == (float(way.hours), way.after.score.floor)


def test_a_run_judged_by_an_older_version_is_judged_again_first(workspace: Workspace) -> None:
    with workspace.engine.begin() as connection:
        connection.execute(text("DELETE FROM footings"))
    with pytest.raises(UsageProblem, match="older version"):
        ways(workspace, run_of(workspace), SMALL, ())
