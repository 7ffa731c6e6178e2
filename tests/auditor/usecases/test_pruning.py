"""What the policy keeps no longer goes, what something rests on stays, and the chain verifies after both."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor.model.attestation import Answer, Aspect, Attestation
from auditor.model.decision import Decision, DecisionKind
from auditor.model.evidence import Observation, RawOutput
from auditor.model.facts import Facts
from auditor.model.trial import Trial
from auditor.model.verdict import Status
from auditor.store.evidence import Timing
from auditor.store.prunings import Pruning
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.errors import UsageProblem
from auditor.usecases.keeping import keeping
from auditor.usecases.pruning import Need, prune
from tests.auditor.usecases.keeping import (
    INPUTS,
    NOW,
    aged,
    days_ago,
    kept,
    measured,
    problems,
    pruned,
    row_of,
)
from tests.auditor.usecases.waiving import SMALL
from tests.auditor.usecases.world import audit_run, make_world


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def file_of(workspace: Workspace, content: str) -> Path:
    return workspace.artefacts.path(hashlib.sha256(content.encode()).hexdigest())


def test_what_is_older_than_the_policy_keeps_it_goes_and_everything_verifies(workspace: Workspace) -> None:
    measured(workspace, 150, "old", "older")
    measured(workspace, 100, "as old as it may be")
    measured(workspace, 0, "new")
    found = pruned(workspace)
    assert (found.outputs, found.size_bytes, found.kept) == (2, 8, {})
    assert kept(workspace) == {"as old as it may be", "new"}
    assert problems(workspace) == []
    assert [one.reason for one in workspace.prunings.all()] == ["retention.raw_days 100"] * 2


def test_a_second_time_there_is_nothing_to_do(workspace: Workspace) -> None:
    measured(workspace, 150, "old")
    measured(workspace, 0, "new")
    pruned(workspace)
    before = workspace.prunings.all()
    assert pruned(workspace, -1).outputs == 0
    assert workspace.prunings.all() == before


def test_a_dry_run_tells_the_same_and_removes_nothing(workspace: Workspace) -> None:
    measured(workspace, 150, "old", "older")
    measured(workspace, 0, "new")
    told = prune(workspace, INPUTS, NOW, dry_run=True)
    assert kept(workspace) == {"old", "older", "new"}
    assert workspace.prunings.all() == ()
    assert pruned(workspace) == told


def test_a_file_that_goes_without_a_row_is_still_a_problem(workspace: Workspace) -> None:
    measured(workspace, 150, "old", "older")
    measured(workspace, 0, "new")
    file_of(workspace, "new").unlink()
    pruned(workspace)
    assert problems(workspace) == ["its raw output answer is gone"]


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE prunings SET reason = 'asked to'",
        "UPDATE prunings SET pruned_at = '2036-01-01T00:00:00+00:00'",
        "UPDATE prunings SET public_key = signature",
        "UPDATE prunings SET signature = 'no hex'",
        "UPDATE prunings SET pruned_at = 'no time'",
    ],
)
def test_a_row_that_somebody_else_wrote_excuses_nothing(workspace: Workspace, edit: str) -> None:
    measured(workspace, 150, "old")
    measured(workspace, 0, "new")
    pruned(workspace)
    with sqlite3.connect(workspace.folder / "audit.db") as connection:
        connection.execute(edit)
    told = problems(workspace)
    assert "its raw output answer is gone" in told
    assert any(one.startswith("the pruning of ") for one in told)


def test_neither_a_row_of_another_file_nor_of_another_key_excuses_what_was_deleted(
    workspace: Workspace, tmp_path: Path
) -> None:
    measured(workspace, 150, "old")
    measured(workspace, 0, "new")
    pruned(workspace)
    deleted = file_of(workspace, "new")
    deleted.unlink()
    stranger = open_workspace(tmp_path / "stranger")
    stranger.prunings.add([Pruning(deleted.name, days_ago(-1), "retention.raw_days 100")])
    stranger.engine.dispose()
    with sqlite3.connect(workspace.folder / "audit.db") as connection:
        connection.execute("ATTACH ? AS other", (str(tmp_path / "stranger" / "audit.db"),))
        connection.execute("INSERT INTO prunings SELECT * FROM other.prunings")
    told = [f"the pruning of {deleted.name[:12]} is not ours, or was changed"]
    assert problems(workspace) == ["its raw output answer is gone", *told]
    with sqlite3.connect(workspace.folder / "audit.db") as connection:
        connection.execute("DELETE FROM prunings WHERE digest = ?", (deleted.name,))
        connection.execute("UPDATE prunings SET digest = ?", (deleted.name,))
    assert problems(workspace) == ["its raw output answer is gone"] * 2 + told


def test_without_its_row_what_was_pruned_is_gone(workspace: Workspace) -> None:
    measured(workspace, 150, "old")
    measured(workspace, 0, "new")
    pruned(workspace)
    with sqlite3.connect(workspace.folder / "audit.db") as connection:
        connection.execute("DELETE FROM prunings")
    assert problems(workspace) == ["its raw output answer is gone"]


def test_what_a_newer_row_names_too_stays(workspace: Workspace) -> None:
    measured(workspace, 150, "same", "old")
    measured(workspace, 0, "same")
    assert pruned(workspace).outputs == 1
    assert kept(workspace) == {"same"}


def test_what_is_measured_anew_after_its_pruning_must_not_go_again(workspace: Workspace) -> None:
    measured(workspace, 150, "same")
    measured(workspace, 10, "new")
    pruned(workspace, 5)
    measured(workspace, 1, "same")
    assert problems(workspace) == []
    file_of(workspace, "same").unlink()
    assert problems(workspace) == ["its raw output answer is gone"]


def test_it_may_be_pruned_again_when_that_is_old_too(workspace: Workspace) -> None:
    measured(workspace, 350, "same")
    measured(workspace, 230, "new")
    pruned(workspace, 230)
    measured(workspace, 200, "same")
    measured(workspace, 0, "newest")
    assert pruned(workspace).outputs == 2
    assert problems(workspace) == []
    assert kept(workspace) == {"newest"}


def test_the_newest_audit_of_every_server_stays(workspace: Workspace) -> None:
    measured(workspace, 300, "of a first", server="a")
    measured(workspace, 250, "of a last", server="a")
    measured(workspace, 0, "of b", server="b")
    found = pruned(workspace)
    assert kept(workspace) == {"of a last", "of b"}
    assert found.kept == {Need.NEWEST: 1}


@pytest.mark.parametrize("days", [1, 500, 20_000])
def test_neither_a_wrong_clock_nor_a_pause_removes_what_was_measured_last(
    workspace: Workspace, days: int
) -> None:
    measured(workspace, 99, "first")
    measured(workspace, 0, "last")
    assert pruned(workspace, -days).outputs == 0
    assert kept(workspace) == {"first", "last"}


def test_an_audit_that_runs_keeps_what_it_stores_meanwhile(workspace: Workspace) -> None:
    measured(workspace, 150, "old")
    measured(workspace, 0, "new")
    # Stored a moment ago: the row that names it once more is on its way.
    workspace.artefacts.put(b"old")
    found = pruned(workspace)
    assert (found.outputs, found.kept) == (0, {Need.STORED_AGAIN: 1})
    row_of(workspace, "run-0", 0, "old")
    assert pruned(workspace).outputs == 0
    assert problems(workspace) == []


def test_what_was_handed_in_as_proof_of_an_answer_stays(workspace: Workspace) -> None:
    measured(workspace, 150, "old", "letter")
    measured(workspace, 0, "new")
    file = workspace.decisions.keep_file("letter.pdf", b"letter")
    aged(workspace)
    day = date(2026, 6, 1)
    answer = Attestation(
        "A-1", "2022", "A.5.1", "", Aspect.WHOLE, Answer.CONFORMS, "ada", (), (file,), "Siti", day, day
    )
    entry = Decision(DecisionKind.ATTESTED, "A-1", "Siti", day, "", answer, "root", NOW)
    workspace.decisions.append([entry])
    assert pruned(workspace).kept == {Need.DECISION: 1}
    assert kept(workspace) == {"letter", "new"}
    assert problems(workspace) == []


def test_an_open_trial_keeps_its_baseline_and_its_days(workspace: Workspace) -> None:
    measured(workspace, 300, "long before")
    measured(workspace, 200, "baseline")
    measured(workspace, 180, "between")
    measured(workspace, 150, "first day")
    measured(workspace, 0, "new")
    day = days_ago(150).date()
    trial = Trial("T-1", "Uji coba", day, day + timedelta(days=30), "run-200", {})
    start = Decision(DecisionKind.TRIAL_STARTED, "T-1", "Siti", day, "", trial, "root", NOW)
    workspace.decisions.append([start])
    assert pruned(workspace).kept == {Need.TRIAL: 2}
    assert kept(workspace) == {"baseline", "first day", "new"}
    workspace.decisions.append([replace(start, kind=DecisionKind.TRIAL_CLOSED, content=None)])
    assert pruned(workspace).outputs == 2
    assert kept(workspace) == {"new"}


def store_world(workspace: Workspace, days: float, ssh: Facts | None = None) -> None:
    """Store and judge an audit of the small government whose every row has a raw output of its own."""
    run = audit_run(f"run-{days}", days_ago(days))
    world = make_world(run=run)
    workspace.runs.create(run, world.inputs)
    for one in world.evidence.values():
        facts = {**one.facts, **(ssh or {})} if one.task.scanner == "ssh" else one.facts
        raw = (RawOutput("answer", "text/plain", f"{days} {one.task.id}".encode()),)
        seen = Observation(one.tool, one.tool_version, one.settings, facts, one.failure, raw)
        timing = Timing(days_ago(days), days_ago(days), 1.0)
        workspace.evidence.append(run.id, one.task, timing, seen)
    assess(workspace, run, world.inputs, SMALL)
    aged(workspace)


def test_what_an_open_finding_rests_on_stays_from_its_first_and_its_last_day(workspace: Workspace) -> None:
    for days in (300, 250, 200):
        store_world(workspace, days)
    store_world(workspace, 0, {"ssh.ciphers": ["aes256-gcm@openssh.com"]})
    failing = {
        row
        for run in ("run-300", "run-0")
        for one in workspace.results.verdicts(run)
        if one.status is Status.FAIL
        for row in one.evidence
    }
    found = pruned(workspace)
    assert found.outputs > 0
    assert found.kept[Need.FINDING] > 0
    for sequence in sorted(failing):
        row = workspace.evidence.get(sequence)
        assert row is not None
        closed = row.run == "run-300" and row.task.scanner == "ssh"
        assert closed or workspace.evidence.raw(row.raw["answer"]) is not None, row.task.id
    assert not [one for one in kept(workspace) if one.startswith("250 ")]
    assert problems(workspace) == []


def test_two_do_not_prune_at_once(workspace: Workspace) -> None:
    with keeping(workspace), pytest.raises(UsageProblem, match="another process"):
        pruned(workspace)


def ended_at(workspace: Workspace, step: int) -> bool:
    """Prune in another process that is killed at one of its steps; return whether it came that far."""
    child = os.fork()
    if child == 0:
        left = [step]
        for name in ("set_aside", "remove_aside"):
            _kill_at(workspace.artefacts, name, left)
        _kill_at(workspace.prunings, "add", left)
        pruned(workspace)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _kill_at(owner: object, name: str, left: list[int]) -> None:
    """Let a method end the process before it does anything, or after it did everything, in its turn."""
    before = getattr(type(owner), name)

    def step(*arguments: object) -> object:
        for act in (lambda: None, lambda: before(*arguments)):
            left[0] -= 1
            done = act()
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(type(owner), name, step)


def test_killed_anywhere_it_leaves_what_verifies_and_the_next_time_ends_it(tmp_path: Path) -> None:
    steps = 0
    while True:
        opened = open_workspace(tmp_path / str(steps))
        measured(opened, 150, "old", "older")
        measured(opened, 0, "new")
        opened.engine.dispose()
        killed = ended_at(opened, steps)
        assert problems(opened) == []
        pruned(opened)
        assert kept(opened) == {"new"}
        assert problems(opened) == []
        assert not list(opened.folder.glob("raw/??/.*"))
        opened.engine.dispose()
        if not killed:
            break
        steps += 1
    assert steps == 10
