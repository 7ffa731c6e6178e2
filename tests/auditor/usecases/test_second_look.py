"""What got worse since the audit before is measured twice, and counts when both looks found it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.model.evidence import Failure, Observation
from auditor.model.facts import Facts
from auditor.model.run import RunStatus
from auditor.model.verdict import Status
from auditor.store.evidence import Timing
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess, judge_run
from auditor.usecases.second_look import second_looks
from controls.reasons import LOOKS_DIFFER
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.world import (
    BKD,
    INVENTORY,
    STARTED,
    Answers,
    World,
    audit_run,
    make_world,
)
from tests.controls.catalogue import shipped

CHECK = "ssh-ciphers-strong"
SMALL = replace(shipped(), checks={CHECK: shipped().checks[CHECK]})
ONLY_DB = replace(INVENTORY, opds=(replace(BKD, servers=(BKD.servers[1],)),))
PLACE = "bkd-db-01|10.1.1.10"
WEAK = shown.ssh(ssh__ciphers=["aes128-cbc"])
STRONG = shown.ssh()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def world(day: int, ssh: Facts | Failure) -> World:
    """Return a run of a server with SSH alone."""
    answers: Answers = {**shown.host(PLACE, shown.service(22, "ssh")), f"ssh|{PLACE}|22|": ssh}
    at = STARTED + timedelta(days=day)
    return make_world(answers, ONLY_DB, audit_run(f"run-{day}", at, ONLY_DB))


def stored(workspace: Workspace, run: World) -> World:
    """Return a run as it stands once its evidence was stored."""
    workspace.runs.create(run.run, run.inputs)
    for one in run.evidence.values():
        observed = Observation("fake", "1", {}, one.facts, one.failure)
        workspace.evidence.append(run.run.id, one.task, Timing(STARTED, STARTED, 1.0), observed)
    return replace(run, evidence=workspace.evidence.of_run(run.run.id))


def complete(workspace: Workspace, run: World) -> None:
    """Store and judge a run."""
    stored(workspace, run)
    assess(workspace, run.run, run.inputs, SMALL)
    found = workspace.runs.get(run.run.id)
    assert found is not None
    assert found.status is RunStatus.COMPLETE


def looked_at(workspace: Workspace, run: World) -> list[str]:
    return [task.id for task in second_looks(workspace, run.run, run.inputs, SMALL, run.evidence)]


def test_a_first_audit_has_no_second_looks(workspace: Workspace) -> None:
    assert looked_at(workspace, stored(workspace, world(0, WEAK))) == []


def test_what_was_well_and_fails_now_is_looked_at_again(workspace: Workspace) -> None:
    complete(workspace, world(0, STRONG))
    assert looked_at(workspace, stored(workspace, world(1, WEAK))) == [f"ssh|{PLACE}|22||2"]


@pytest.mark.parametrize(("before", "now"), [(WEAK, WEAK), (STRONG, STRONG), (WEAK, STRONG)])
def test_what_did_not_get_worse_is_left_alone(workspace: Workspace, before: Facts, now: Facts) -> None:
    complete(workspace, world(0, before))
    assert looked_at(workspace, stored(workspace, world(1, now))) == []


@pytest.mark.parametrize(("again", "status"), [(WEAK, Status.FAIL), (STRONG, Status.UNKNOWN)])
def test_the_second_look_decides_whether_it_counts(
    workspace: Workspace, again: Facts, status: Status
) -> None:
    complete(workspace, world(0, STRONG))
    run = stored(workspace, world(1, WEAK))
    (task,) = second_looks(workspace, run.run, run.inputs, SMALL, run.evidence)
    observed = Observation("fake", "1", {}, again)
    workspace.evidence.append(run.run.id, task, Timing(STARTED, STARTED, 1.0), observed)
    evidence = workspace.evidence.of_run(run.run.id)
    assert looked_at(workspace, replace(run, evidence=evidence)) == ([task.id] if again == WEAK else [])
    (verdict,) = judge_run(run.run, run.inputs, SMALL, evidence).verdicts
    assert verdict.status is status
    assert (verdict.reason == LOOKS_DIFFER) is (status is Status.UNKNOWN)
    assert max(verdict.evidence) == max(one.sequence for one in evidence.values())


def test_what_failed_before_too_is_not_taken_back_by_a_second_look(workspace: Workspace) -> None:
    other = "ssh-macs-strong"
    both = replace(shipped(), checks={name: shipped().checks[name] for name in (CHECK, other)})
    weaker = shown.ssh(ssh__ciphers=["aes128-cbc"], ssh__macs=["hmac-md5"])
    before = stored(workspace, world(0, WEAK))
    assess(workspace, before.run, before.inputs, both)
    run = stored(workspace, world(1, weaker))
    (task,) = second_looks(workspace, run.run, run.inputs, both, run.evidence)
    workspace.evidence.append(
        run.run.id, task, Timing(STARTED, STARTED, 1.0), Observation("fake", "1", {}, STRONG)
    )
    verdicts = judge_run(run.run, run.inputs, both, workspace.evidence.of_run(run.run.id)).verdicts
    assert {one.check: one.status for one in verdicts} == {CHECK: Status.FAIL, other: Status.UNKNOWN}
