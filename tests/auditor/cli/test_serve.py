"""serve and schedule, as a user runs them."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.store.slots import Anchor
from auditor.store.workspace import open_workspace
from auditor.usecases.leader import Lead
from tests.auditor.cli.command import PROGRAM, auditor, environment
from tests.auditor.cli.world import free_network, write_files

CRON = "*/10 * * * *"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose policy prunes every ten minutes, and did so first an hour ago."""
    write_files(tmp_path, {"satu": f"{free_network()}.1"})
    with (tmp_path / "policies.yaml").open("a") as file:
        file.write(f'schedules: [{{id: rapi, work: prune, cron: "{CRON}", window_minutes: 10}}]\n')
    workspace = open_workspace(tmp_path / "audit-data")
    since = datetime.now(UTC) - timedelta(hours=1)
    workspace.slots.set_anchor(Anchor("rapi", f"{CRON} Asia/Jakarta", since))
    workspace.engine.dispose()
    return tmp_path


def test_once_does_what_is_due_and_the_history_tells_it(folder: Path) -> None:
    done = auditor("serve", "--once", cwd=folder)
    assert done.code == 0, done.text
    assert " done" in done.err
    rows = json.loads(auditor("schedule", "history", "--format", "json", cwd=folder).out)
    assert [row["status"] for row in rows] == ["missed"] * (len(rows) - 1) + ["done"]
    assert len(rows) in (6, 7)
    shown = auditor("schedule", "history", "--misfires", cwd=folder).out
    assert shown.count("missed") == len(rows) - 1
    assert "nothing was running that could begin it" in shown
    [listed] = json.loads(auditor("schedule", "list", "--format", "json", cwd=folder).out)
    assert (listed["schedule"], listed["timezone"], listed["status"]) == ("rapi", "Asia/Jakarta", "done")
    assert listed["next"].endswith("+07:00")


def test_two_do_not_serve_one_workspace(folder: Path) -> None:
    workspace = open_workspace(folder / "audit-data")
    lead = Lead(workspace)
    assert lead.take()
    refused = auditor("serve", "--once", cwd=folder)
    assert refused.code == 2
    assert "serves audit-data already" in refused.err
    assert "Process " in auditor("schedule", "list", cwd=folder).err
    lead.leave()
    workspace.engine.dispose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service(folder: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [PROGRAM, "serve"], cwd=folder, env=environment(), stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stderr is not None
        lines = [served.stderr.readline(), served.stderr.readline()]
        served.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            served.wait(120)
        served.kill()
    assert lines[0].startswith("Serving ")
    assert "rapi of " in lines[1]
    assert served.returncode == 0


def test_broken_files_are_told_by_once(folder: Path) -> None:
    (folder / "policies.yaml").write_text("version: 1\nschedules: [{id: x, work: audit, cron: morgen}]\n")
    told = auditor("serve", "--once", cwd=folder)
    assert told.code == 2
    assert "policies.yaml:2" in told.err
