"""The numbers of earlier audits that a trend is drawn from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.model.inventory import Inventory
from auditor.model.run import AuditRun, RunStatus
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.reporting import report_data
from controls.loading import Catalogue
from tests.auditor.usecases.retesting import RULES, SMALL, SMALL_INVENTORY, ask_again
from tests.auditor.usecases.test_assess import store
from tests.auditor.usecases.world import ANSWERS, BKD, DINKES, STARTED, audit_run, make_world

GROWN = replace(SMALL_INVENTORY, opds=(BKD, replace(DINKES, servers=DINKES.servers[:3])))
FEWER = replace(SMALL, checks={name: one for name, one in SMALL.checks.items() if name != "tls-1-0-refused"})


@pytest.fixture
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path_factory.mktemp("history") / "workspace")
    yield opened
    opened.engine.dispose()


def audit(
    workspace: Workspace,
    day: int,
    inventory: Inventory = SMALL_INVENTORY,
    scope: tuple[str, ...] = (),
    catalogue: Catalogue = SMALL,
) -> AuditRun:
    """Store and judge an audit that began some days after the first."""
    run = audit_run(f"run-{day}", STARTED + timedelta(days=day), inventory)
    digests = replace(run.provenance, inventory=f"{len(list(inventory.servers()))} servers")
    world = make_world(ANSWERS, inventory, replace(run, scope=scope or run.scope, provenance=digests))
    store(workspace, world)
    assess(workspace, world.run, world.inputs, catalogue)
    workspace.runs.set_status(run.id, RunStatus.COMPLETE, run.started_at + timedelta(hours=1))
    return next(one for one in workspace.runs.all() if one.id == run.id)


def told(workspace: Workspace, run: AuditRun, opd: str = "") -> list[str]:
    return [one.run for one in report_data(workspace, run, SMALL).history.get(opd, ())]


def test_earlier_audits_come_oldest_first_and_later_ones_not_at_all(workspace: Workspace) -> None:
    runs = [audit(workspace, day) for day in (0, 1, 2)]
    assert told(workspace, runs[0]) == []
    assert told(workspace, runs[1]) == ["run-0"]
    assert told(workspace, runs[2], "dinkes") == ["run-0", "run-1"]


def test_the_numbers_are_those_of_the_card_of_that_day(workspace: Workspace) -> None:
    first, second = audit(workspace, 0), audit(workspace, 1)
    card = report_data(workspace, first, SMALL).scorecards["dinkes"]
    (point,) = report_data(workspace, second, SMALL).history["dinkes"]
    assert (point.floor, point.ceiling, point.coverage, point.letter) == (
        card.score.floor,
        card.score.ceiling,
        card.score.coverage,
        card.grade.letter,
    )
    assert point.finished_at == first.finished_at
    assert point.same_rules


def test_an_audit_of_some_of_the_servers_is_no_point_of_the_line(workspace: Workspace) -> None:
    audit(workspace, 0)
    audit(workspace, 1, scope=tuple(one.id for one in BKD.servers))
    last = audit(workspace, 2)
    assert told(workspace, last, "dinkes") == ["run-0"]
    assert told(workspace, last, "bkd") == ["run-0", "run-1"]
    assert told(workspace, last) == ["run-0"]


def test_a_server_that_came_since_breaks_no_line(workspace: Workspace) -> None:
    audit(workspace, 0)
    assert told(workspace, audit(workspace, 1, GROWN), "dinkes") == ["run-0"]


def test_a_retest_and_a_stopped_audit_are_no_points(workspace: Workspace) -> None:
    first = audit(workspace, 0)
    (finding, *_) = report_data(workspace, first, SMALL).findings
    ask_again(workspace, [finding.id], rules=RULES)
    workspace.runs.set_status(audit(workspace, 2).id, RunStatus.STOPPED)
    assert told(workspace, audit(workspace, 3)) == ["run-0"]


def test_audits_by_other_rules_are_marked(workspace: Workspace) -> None:
    audit(workspace, 0, catalogue=FEWER)
    audit(workspace, 1)
    data = report_data(workspace, audit(workspace, 2), SMALL)
    assert [one.same_rules for one in data.history[""]] == [False, True]
