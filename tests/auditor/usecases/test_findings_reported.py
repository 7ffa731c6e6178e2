"""Findings of a server that was taken out of the inventory, in every form of a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.model.finding import FindingStatus
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.reporting import report_data
from reports.registry import render_all
from tests.auditor.usecases.test_assess import SMALL, WORLD, store
from tests.auditor.usecases.world import ANSWERS, BKD, DINKES, INVENTORY, STARTED, audit_run, make_world

GONE = "bkd-db-01"
LEFT = replace(INVENTORY, opds=(replace(BKD, servers=BKD.servers[:1]), DINKES))
LATER = make_world(ANSWERS, LEFT, audit_run("run-2", STARTED + timedelta(days=1), LEFT))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Return a workspace with an audit of all servers, and one after a server had left the inventory."""
    opened = open_workspace(tmp_path_factory.mktemp("left") / "workspace")
    for world in (WORLD, LATER):
        store(opened, world)
        assess(opened, world.run, world.inputs, SMALL)
    yield opened
    opened.engine.dispose()


def test_its_findings_are_told_as_closed_and_not_fixed(workspace: Workspace) -> None:
    data = report_data(workspace, LATER.run, SMALL)
    mine = [one for one in data.findings if one.subject.server == GONE]
    assert mine
    assert {(one.status, one.opd, one.days_open) for one in mine} == {(FindingStatus.OUT_OF_SCOPE, "bkd", 1)}
    assert all(one.fixed_at == LATER.run.started_at for one in mine)
    assert data.changes is not None
    assert {one.finding for one in data.changes.out_of_scope} == {one.id for one in mine}
    assert {one.reason["en"] for one in data.changes.out_of_scope} == {
        "the server is not registered any more"
    }


def test_the_report_of_the_audit_before_stays_what_it_was(workspace: Workspace) -> None:
    data = report_data(workspace, WORLD.run, SMALL)
    mine = [one for one in data.findings if one.subject.server == GONE]
    assert {one.status for one in mine} == {FindingStatus.NEW}
    assert {(one.days_open, one.fixed_at) for one in mine} == {(0, None)}
    assert data.changes is None


@pytest.mark.parametrize("form", ["html", "csv", "json"])
def test_every_form_can_tell_of_a_server_that_is_gone(workspace: Workspace, form: str) -> None:
    data = report_data(workspace, LATER.run, SMALL)
    for language in ("id", "en"):
        files = render_all(data, [form], None, language, "2022")
        assert any(GONE.encode() in file.content for file in files)
