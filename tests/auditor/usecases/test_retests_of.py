"""Findings measured again after an audit, in its report and in the list of findings."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.model.evidence import Failure, FailureKind
from auditor.model.finding import Finding, FindingStatus
from auditor.model.report import ReportData
from auditor.model.retest import RetestResult
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.reporting import report_data
from auditor.usecases.retests_of import findings_now, retests_of
from reports.findings import finding_record
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.retesting import LATER, SMALL, SMALL_INVENTORY, ask_again, audited
from tests.auditor.usecases.test_assess import store
from tests.auditor.usecases.world import ANSWERS, DB, STARTED, Answers, World, audit_run, make_world

SSH = f"ssh|{DB}|2222|"
MENDED: Answers = {**ANSWERS, SSH: shown.ssh()}
CHECK = "ssh-ciphers-strong"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a workspace in which the government was audited once."""
    folder = tmp_path_factory.mktemp("audited") / "workspace"
    opened = open_workspace(folder)
    audited(opened)
    opened.engine.dispose()
    return folder


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Iterator[Workspace]:
    """Return a copy of that workspace."""
    opened = open_workspace(shutil.copytree(template, tmp_path / "workspace"))
    yield opened
    opened.engine.dispose()


def data_of(workspace: Workspace, number: int = 0) -> ReportData:
    audits = [run for run in workspace.runs.all() if run.kind.value == "audit"]
    return report_data(workspace, audits[number], SMALL)


def the_finding(listed: tuple[Finding, ...]) -> Finding:
    (found,) = (one for one in listed if one.check == CHECK and one.subject.port == 2222)
    return found


def audit_again(workspace: Workspace, days: int) -> World:
    run = audit_run(f"run-{days}", STARTED + timedelta(days=days), SMALL_INVENTORY)
    world = make_world(MENDED, SMALL_INVENTORY, run)
    store(workspace, world)
    assess(workspace, world.run, world.inputs, SMALL)
    return world


def test_a_retest_after_the_audit_is_laid_over_its_findings(workspace: Workspace) -> None:
    known = the_finding(data_of(workspace).findings)
    record = ask_again(workspace, [known.id], MENDED)
    data = data_of(workspace)
    assert the_finding(data.findings).status is FindingStatus.NEW
    now = the_finding(findings_now(workspace, data))
    assert (now.status, now.fixed_at, now.days_open) == (FindingStatus.FIXED, record.started_at, 1)
    (told,) = data.retests[known.id]
    assert (told.run, told.at, told.result) == (record.run, record.started_at, RetestResult.FIXED)
    assert told.asked_by == "Siti Aminah, S.Kom."
    assert finding_record(now, data, "id")["retest"] == {
        "run": record.run,
        "at": record.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "asked_by": "Siti Aminah, S.Kom.",
        "result": "fixed",
    }


def test_what_the_retest_was_not_about_stays_as_the_audit_saw_it(workspace: Workspace) -> None:
    known = the_finding(data_of(workspace).findings)
    ask_again(workspace, [known.id], MENDED)
    data = data_of(workspace)
    now = findings_now(workspace, data)
    assert [one.id for one in now] == [one.id for one in data.findings]
    assert [one for one in now if one.id != known.id] == [one for one in data.findings if one.id != known.id]


def test_what_could_not_be_measured_again_stays_open(workspace: Workspace) -> None:
    known = the_finding(data_of(workspace).findings)
    silent: Answers = {**ANSWERS, SSH: Failure(FailureKind.TIMEOUT, "after 900 s")}
    ask_again(workspace, [known.id], silent)
    data = data_of(workspace)
    assert the_finding(findings_now(workspace, data)).fixed_at is None
    assert data.retests[known.id][-1].result is RetestResult.NOT_MEASURABLE


def test_it_failed_again_after_it_was_fixed(workspace: Workspace) -> None:
    known = the_finding(data_of(workspace).findings)
    ask_again(workspace, [known.id], MENDED)
    ask_again(workspace, [known.id], ANSWERS, at=LATER + timedelta(days=1))
    data = data_of(workspace)
    now = the_finding(findings_now(workspace, data))
    assert now.status is FindingStatus.REOPENED
    assert now.opened_at == data.retests[known.id][-1].at
    assert [one.result for one in data.retests[known.id]] == [RetestResult.FIXED, RetestResult.FAILING]


def test_a_retest_after_the_next_audit_is_none_of_the_report_before(workspace: Workspace) -> None:
    known = the_finding(data_of(workspace).findings)
    ask_again(workspace, [known.id], ANSWERS)
    audit_again(workspace, 3)
    ask_again(workspace, [known.id], MENDED, at=LATER + timedelta(days=4))
    first, second = (run for run in workspace.runs.all() if run.kind.value == "audit")
    assert [one.result for one in retests_of(workspace, first)[known.id]] == [RetestResult.FAILING]
    assert len(retests_of(workspace, second)[known.id]) == 2


def test_without_a_retest_nothing_is_laid_over(workspace: Workspace) -> None:
    data = data_of(workspace)
    assert data.retests == {}
    assert findings_now(workspace, data) is data.findings
