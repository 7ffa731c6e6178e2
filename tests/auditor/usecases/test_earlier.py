"""What a task is told of the audit before, and for how long that may be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.model.evidence import Evidence, Failure, FailureKind, Observation
from auditor.model.facts import JSON, Facts
from auditor.model.inventory import Fragility
from auditor.model.plan import Task
from auditor.model.policy import Reuse
from auditor.store.evidence import Timing
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.earlier import Earlier, earlier
from scanners.registry import REUSABLE
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.world import BKD, INVENTORY, STARTED, World, audit_run, make_world
from tests.controls.catalogue import shipped

TLS = Task("tls", "bkd-web-01", "bkd", "10.1.0.10", 443)
SSH = replace(TLS, scanner="ssh", port=22)
WEEK = Reuse(days=7, reference_days=30)
AT = STARTED.isoformat()
PLACE = "bkd-db-01|10.1.1.10"
ONLY_DB = replace(INVENTORY, opds=(replace(BKD, servers=(BKD.servers[1],)),))
WEAK_KEY = shown.ssh(ssh__host_keys=[{"type": "ssh-rsa", "bits": 1024, "sha256": "e" * 64}])


def row(task: Task, facts: Facts, settings: Mapping[str, JSON], failure: Failure | None = None) -> Evidence:
    return Evidence(
        1, "run-0", task, STARTED, STARTED, 1.0, "fake", "1", settings, facts, failure, {}, "", ""
    )


def told(
    days: float,
    task: Task = TLS,
    settings: Mapping[str, JSON] | None = None,
    failure: Failure | None = None,
    reuse: Reuse = WEEK,
) -> dict[str, JSON]:
    """Return what a task is told so many days after it was measured."""
    facts = shown.tls() if task.scanner == "tls" else shown.ssh()
    earlier = {task.id: row(task, facts, settings or {}, failure)}
    return Earlier(earlier, reuse, STARTED + timedelta(days=days)).options(task)


@pytest.mark.parametrize("task", [TLS, SSH])
def test_what_costs_much_is_told_with_what_it_depends_on(task: Task) -> None:
    previous = told(1, task)["previous"]
    assert isinstance(previous, dict)
    reusable = REUSABLE[task.scanner]
    assert set(previous["compared"]) == set(reusable.compared)  # type: ignore[arg-type]
    assert set(previous["facts"]) == set(reusable.kept)  # type: ignore[arg-type]
    assert previous["measured_at"] == AT


def test_after_some_days_everything_is_measured_anew() -> None:
    assert told(6.9)["previous"] is not None
    assert told(7)["previous"] is None
    assert told(0, reuse=replace(WEEK, days=0))["previous"] is None
    assert told(-0.1, reuse=replace(WEEK, days=0))["previous"] is None


def test_what_was_taken_over_keeps_the_day_on_which_it_was_measured() -> None:
    taken = {"reused": {"measured_at": (STARTED - timedelta(days=5)).isoformat(), "facts": ["x"]}}
    assert told(1, settings=taken)["previous"] is not None
    assert told(2, settings=taken)["previous"] is None


def test_a_measurement_that_failed_is_nothing_to_build_on() -> None:
    assert told(1, failure=Failure(FailureKind.TIMEOUT, ""))["previous"] is None


def test_a_port_that_was_never_measured_is_measured_whole() -> None:
    nothing = Earlier({}, WEEK, STARTED)
    assert nothing.options(TLS) == {"previous": None, "reference": True}
    assert nothing.options(SSH) == {"previous": None}
    assert nothing.options(replace(TLS, scanner="http")) == {}


def test_sslyze_is_asked_at_first_contact_and_then_at_an_interval() -> None:
    done = {"reference": {"at": AT}}
    assert told(1)["reference"] is True
    assert told(29.9, settings=done)["reference"] is False
    assert told(30, settings=done)["reference"] is True


def test_the_reference_can_be_left_out() -> None:
    assert told(99, reuse=replace(WEEK, reference_days=0))["reference"] is False


def test_a_delicate_server_is_spared_the_reference() -> None:
    for fragility in (Fragility.SENSITIVE, Fragility.FRAGILE):
        assert told(99, replace(TLS, fragility=fragility))["reference"] is False


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def complete(workspace: Workspace, hour: int, ssh: Facts, again: Facts | None = None) -> World:
    """Store and judge the audit of a server with SSH alone; `again` is what a second look found."""
    at = STARTED + timedelta(hours=hour)
    answers = {**shown.host(PLACE, shown.service(22, "ssh")), f"ssh|{PLACE}|22|": ssh}
    run = make_world(answers, ONLY_DB, audit_run(f"run-{hour}", at, ONLY_DB))
    workspace.runs.create(run.run, run.inputs)
    rows = [(one.task, one.facts) for one in run.evidence.values()]
    rows += [(replace(run.evidence[f"ssh|{PLACE}|22|"].task, look=2), again)] if again is not None else []
    for task, facts in rows:
        workspace.evidence.append(run.run.id, task, Timing(at, at, 1.0), Observation("fake", "1", {}, facts))
    assess(workspace, run.run, run.inputs, shipped())
    return run


def told_next(workspace: Workspace, run: World, hours: int = 24) -> JSON:
    """Return what the next audit tells the SSH scanner."""
    at = STARTED + timedelta(hours=hours)
    task = run.evidence[f"ssh|{PLACE}|22|"].task
    return earlier(workspace, audit_run("next", at, ONLY_DB), WEEK, shipped().checks, at).options(task)[
        "previous"
    ]


def test_what_passed_is_taken_over(workspace: Workspace) -> None:
    assert told_next(workspace, complete(workspace, 0, shown.ssh())) is not None


def test_what_two_looks_saw_differently_is_nothing_to_build_on(workspace: Workspace) -> None:
    complete(workspace, 0, shown.ssh())
    assert told_next(workspace, complete(workspace, 1, WEAK_KEY, shown.ssh())) is None


def test_a_failure_is_measured_anew_so_that_its_correction_shows(workspace: Workspace) -> None:
    assert told_next(workspace, complete(workspace, 0, WEAK_KEY)) is None


def test_a_failure_that_rests_on_nothing_reusable_spares_the_rest(workspace: Workspace) -> None:
    run = complete(workspace, 0, shown.ssh(ssh__ciphers=["aes128-cbc"]))
    assert told_next(workspace, run) is not None


def test_an_audit_taken_up_again_counts_the_days_from_then(workspace: Workspace) -> None:
    run = complete(workspace, 0, shown.ssh())
    task, started = run.evidence[f"ssh|{PLACE}|22|"].task, audit_run("next", STARTED + timedelta(1), ONLY_DB)
    later = STARTED + timedelta(days=8)
    assert earlier(workspace, started, WEEK, shipped().checks, later).options(task)["previous"] is None
