"""Comparing judged runs of a workspace: the parts, the findings, and what cannot be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from auditor.model.evidence import Failure, FailureKind
from auditor.model.inventory import Inventory, Server, State
from auditor.model.movement import Cause, Comparison
from auditor.model.policy import Policy
from auditor.model.run import AuditRun, RunStatus
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import judge_run
from auditor.usecases.compare import (
    FindingChanges,
    as_side,
    chosen_opds,
    comparisons,
    comparisons_with_previous,
    finding_changes,
    side_of,
)
from auditor.usecases.compare_runs import chosen_runs
from auditor.usecases.errors import UsageProblem
from controls.sides import cells_of
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.test_assess import SMALL, WORLD, judge, later_world, store
from tests.auditor.usecases.world import ANSWERS, DB, INVENTORY, WEB, audit_run, make_world

TLS = f"tls|{WEB}|443|"
LOST = Failure(FailureKind.TIMEOUT, "")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace with two judged runs, between which TLS 1.0 was switched off."""
    opened = open_workspace(tmp_path / "workspace")
    for world in (WORLD, later_world(1, "run-2")):
        store(opened, world)
        judge(opened, world.run.id)
    yield opened
    opened.engine.dispose()


def run_of(workspace: Workspace, run_id: str) -> AuditRun:
    found = workspace.runs.get(run_id)
    assert found is not None
    return found


def compared(workspace: Workspace, before: str = "run-1", after: str = "run-2") -> dict[str, Comparison]:
    return comparisons(workspace, run_of(workspace, before), run_of(workspace, after))


def since_previous(workspace: Workspace, run_id: str) -> dict[str, Comparison]:
    run = run_of(workspace, run_id)
    return comparisons_with_previous(workspace, run, side_of(workspace, run))


def causes(one: Comparison) -> set[Cause]:
    return {cause for cause, part in one.without_exceptions.parts.items() if part}


def changes(workspace: Workspace, before: str, after: str) -> dict[str, FindingChanges]:
    return finding_changes(*(side_of(workspace, run_of(workspace, one)) for one in (before, after)))


def test_what_was_fixed_is_posture_between_the_scores_that_are_stored(workspace: Workspace) -> None:
    found = compared(workspace)
    assert found.keys() == {"", "bkd", "dinkes"}
    assert {opd: causes(one) for opd, one in found.items()} == {
        "": {Cause.POSTURE}, "bkd": {Cause.POSTURE}, "dinkes": set()
    }  # fmt: skip
    for opd, one in found.items():
        assert one.same_rules
        for number, run in (("before", "run-1"), ("after", "run-2")):
            card = workspace.results.scorecards(run)[opd]
            assert float(getattr(one.without_exceptions, number)) == card.score.floor
            assert float(getattr(one.with_exceptions, number)) == card.score_with_waivers.floor


def test_a_report_compares_with_the_run_before_where_there_is_one(workspace: Workspace) -> None:
    assert since_previous(workspace, "run-1") == {}
    assert since_previous(workspace, "run-2") == compared(workspace)


def test_other_rules_are_the_part_of_the_rule_pack(workspace: Workspace) -> None:
    fewer = {name: check for name, check in SMALL.checks.items() if name != "http-vcs-absent"}
    judge(workspace, "run-2", replace(SMALL, checks=fewer))
    found = compared(workspace)["bkd"]
    assert not found.same_rules
    assert found.checks_removed == ("http-vcs-absent",)
    assert causes(found) == {Cause.RULE_PACK, Cause.POSTURE}


def test_a_run_without_recorded_rules_is_judged_again_first(workspace: Workspace) -> None:
    with workspace.engine.begin() as connection:
        connection.execute(text("DELETE FROM footings WHERE run = 'run-1'"))
    with pytest.raises(UsageProblem) as problem:
        compared(workspace)
    assert problem.value.next_step == "judge it again with: auditor assess run-1"
    assert since_previous(workspace, "run-2") == {}
    judge(workspace, "run-1")
    assert causes(compared(workspace)["bkd"]) == {Cause.POSTURE}


def test_findings_are_fixed_by_a_new_look_and_new_by_a_failure(workspace: Workspace) -> None:
    fixed = FindingChanges(fixed=1)
    assert changes(workspace, "run-1", "run-2") == {"": fixed, "bkd": fixed}
    new = FindingChanges(new=1)
    assert changes(workspace, "run-2", "run-1") == {"": new, "bkd": new}
    assert changes(workspace, "run-1", "run-1") == {"": FindingChanges()}


def test_findings_out_of_sight_are_not_fixed(workspace: Workspace) -> None:
    at = WORLD.run.started_at + timedelta(days=2)
    store(workspace, make_world({**ANSWERS, TLS: LOST}, run=audit_run("run-3", at)))
    judge(workspace, "run-3")
    assert changes(workspace, "run-1", "run-3")["bkd"] == FindingChanges(not_judged=1)
    assert causes(compared(workspace, "run-1", "run-3")["bkd"]) == set()


def look_again(workspace: Workspace, policy: Policy) -> None:
    """Store and judge what run-1 saw once more, as run-3, by another policy."""
    world = make_world(run=audit_run("run-3", WORLD.run.started_at + timedelta(days=2)))
    store(workspace, replace(world, inputs=replace(world.inputs, policy=policy)))
    judge(workspace, "run-3")


def with_server(server_id: str, **changes: Any) -> Inventory:
    """Return the inventory in which a server is declared differently."""

    def changed(one: Server) -> Server:
        return replace(one, **changes) if one.id == server_id else one

    opds = (replace(opd, servers=tuple(map(changed, opd.servers))) for opd in INVENTORY.opds)
    return replace(INVENTORY, opds=tuple(opds))


def test_ports_that_are_approved_afterwards_are_scope_and_no_fix(workspace: Workspace) -> None:
    every = dict.fromkeys(("web", "linux", "database"), frozenset(range(65536)))
    look_again(workspace, policy=replace(WORLD.inputs.policy, role_services=every))
    assert causes(compared(workspace, "run-1", "run-3")[""]) == {Cause.SCOPE}
    found = changes(workspace, "run-1", "run-3")["bkd"]
    assert found.fixed == 0
    assert found.not_judged > 0


def test_a_server_that_is_retired_leaves_and_nothing_of_it_is_fixed(workspace: Workspace) -> None:
    at = WORLD.run.started_at + timedelta(days=2)
    silent = {task: LOST if DB in task else facts for task, facts in ANSWERS.items()}
    silent[f"ports|{DB}"] = {"ports.answered": False, "ports.scanned": "1-1024"}
    retired = with_server("bkd-db-01", state=State.RETIRED)
    store(workspace, make_world(silent, inventory=retired, run=audit_run("run-3", at)))
    judge(workspace, "run-3")
    found = compared(workspace, "run-1", "run-3")["bkd"]
    assert found.servers_removed == ("bkd-db-01",)
    assert causes(found) == {Cause.SCOPE}
    assert changes(workspace, "run-1", "run-3")["bkd"].fixed == 0


@pytest.mark.parametrize("lost", ANSWERS)
def test_lost_evidence_leaves_every_check_that_was_made(lost: str) -> None:
    """What is lost is unknown, and coverage: a check that is absent would be taken for one not asked for."""
    less = make_world(defaultdict(lambda: LOST, {**ANSWERS, lost: LOST}))
    cells = []
    for world in (WORLD, less):
        found = judge_run(world.run, world.inputs, SMALL, world.evidence)
        cells.append(cells_of(as_side(world.run, world.inputs, found.verdicts, found.footing)))
    assert cells[0].keys() <= cells[1].keys()


def test_findings_on_a_port_that_was_closed_are_fixed(workspace: Workspace) -> None:
    at = WORLD.run.started_at + timedelta(days=2)
    closed = {**ANSWERS, **shown.host(DB, shown.service(5432, "postgresql", postgresql__tls=True))}
    store(workspace, make_world(closed, run=audit_run("run-3", at)))
    judge(workspace, "run-3")
    found = changes(workspace, "run-1", "run-3")["bkd"]
    assert (found.new, found.not_judged) == (0, 0)
    assert found.fixed > 0


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("previous", "latest", ("run-1", "run-2")),
        ("latest", "previous", ("run-2", "run-1")),
        ("run-1", "run-2", ("run-1", "run-2")),
        ("previous", "run-2", ("run-1", "run-2")),
        ("run-2", "run-2", ("run-2", "run-2")),
    ],
)
def test_runs_are_named_by_id_or_as_the_latest_and_the_one_before(
    workspace: Workspace, before: str, after: str, expected: tuple[str, str]
) -> None:
    first, second = chosen_runs(workspace, before, after)
    assert (first.id, second.id) == expected


def test_a_run_that_was_not_judged_is_not_the_one_before(workspace: Workspace) -> None:
    at = WORLD.run.started_at + timedelta(days=2)
    for number in (3, 4):
        store(workspace, make_world(run=audit_run(f"run-{number}", at + timedelta(days=number))))
    judge(workspace, "run-4")
    assert [run.id for run in chosen_runs(workspace, "previous", "latest")] == ["run-2", "run-4"]
    with pytest.raises(UsageProblem, match="run-3 was not judged"):
        chosen_runs(workspace, "run-3", "latest")


@pytest.mark.parametrize(
    ("before", "after", "next_step"),
    [
        ("run-9", "latest", "run-2"),
        ("previuos", "latest", "previous"),
        ("previous", "previous", "auditor compare"),
        ("previous", "run-1", "auditor runs"),
    ],
)
def test_a_run_that_is_not_there_is_told_with_those_that_are(
    workspace: Workspace, before: str, after: str, next_step: str
) -> None:
    with pytest.raises(UsageProblem) as problem:
        chosen_runs(workspace, before, after)
    assert next_step in problem.value.next_step


def test_a_day_names_the_newest_complete_audit_until_then(workspace: Workspace) -> None:
    """The two runs began on two days in a row; those days are the organisation's, east of UTC."""
    zone = ZoneInfo(INVENTORY.organization.timezone)
    first, second = (run_of(workspace, one).started_at.astimezone(zone).date() for one in ("run-1", "run-2"))
    later = second + timedelta(days=30)
    for days, expected in (((first, second), ("run-1", "run-2")), ((first, later), ("run-1", "run-2"))):
        assert tuple(one.id for one in chosen_runs(workspace, *map(str, days))) == expected
    assert [one.id for one in chosen_runs(workspace, str(first), "latest")] == ["run-1", "run-2"]
    assert [one.id for one in chosen_runs(workspace, "previous", str(second))] == ["run-1", "run-2"]


def test_a_day_begins_where_the_organisation_is(workspace: Workspace) -> None:
    at = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)  # already the second of March in Jakarta
    store(workspace, make_world(run=audit_run("run-3", at)))
    judge(workspace, "run-3")
    (_, until_first), (_, until_second) = (
        chosen_runs(workspace, "run-1", day) for day in ("2027-03-01", "2027-03-02")
    )
    assert (until_first.id, until_second.id) == ("run-2", "run-3")


def test_a_day_before_the_first_audit_names_that_one(workspace: Workspace) -> None:
    with pytest.raises(UsageProblem, match="no complete audit until 1999-01-01; the first is of 20"):
        chosen_runs(workspace, "1999-01-01", "latest")


def test_what_was_stopped_is_no_audit_of_a_day(workspace: Workspace) -> None:
    at = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
    stopped = replace(audit_run("run-3", at), status=RunStatus.STOPPED)
    store(workspace, make_world(run=stopped))
    judge(workspace, "run-3")
    assert [one.id for one in chosen_runs(workspace, "run-1", "2027-03-01")] == ["run-1", "run-2"]


def test_without_any_run_the_next_step_is_an_audit(tmp_path: Path) -> None:
    empty = open_workspace(tmp_path / "empty")
    for before in ("previous", "run-1"):
        with pytest.raises(UsageProblem) as problem:
            chosen_runs(empty, before, "latest")
        assert problem.value.next_step == "make one with: auditor audit"
    empty.engine.dispose()


def test_only_known_opds_can_be_asked_for() -> None:
    assert chosen_opds(("", "bkd", "dinkes"), []) == ("", "bkd", "dinkes")
    assert chosen_opds(("", "bkd", "dinkes"), ["dinkes", "bkd"]) == ("bkd", "dinkes")
    with pytest.raises(UsageProblem) as problem:
        chosen_opds(("", "bkd", "dinkes"), ["dinkse"])
    assert "dinkes" in problem.value.next_step
