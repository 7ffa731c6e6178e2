"""findings changes and history, as a user runs them on two stored audits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.store.workspace import open_workspace
from tests.auditor.cli.command import Result, auditors
from tests.auditor.cli.test_compare import SMALL, judged
from tests.auditor.usecases.test_assess import WORLD, later_world

COMMANDS = {
    "table": "findings changes --language en",
    "json": "findings changes -f json",
    "one": "findings changes --opd dinkes -f json",
    "all": "findings changes --since 2026-11-01 -f json",
    "nothing": "findings changes --since run-2",
    "neither": "findings changes --since yesterday",
    "unknown": "findings changes --opd bogus",
    "stranger": "findings history F-000000000000",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two judged audits; in between, TLS 1.0 was switched off."""
    made = tmp_path_factory.mktemp("changed")
    workspace = open_workspace(made / "audit-data")
    for world in (WORLD, later_world(1, "run-2")):
        judged(workspace, world, SMALL)
    workspace.engine.dispose()
    return made


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[str, Result]:
    """Return what the commands say, run side by side."""
    return dict(zip(COMMANDS, auditors([one.split() for one in COMMANDS.values()], cwd=folder), strict=True))


def listed(result: Result) -> list[dict[str, Any]]:
    assert result.code == 0, result.err
    found: list[dict[str, Any]] = json.loads(result.out)
    return found


def test_what_was_fixed_is_told_with_the_days_it_took(results: dict[str, Result]) -> None:
    (row,) = listed(results["json"])
    assert (row["change"], row["check"], row["status"], row["days"]) == (
        "fixed",
        "tls-1-0-refused",
        "fixed",
        1,
    )
    assert (row["opd"], row["server"], row["port"], row["run"]) == ("bkd", "bkd-web-01", 443, "run-2")
    assert "fixed" in results["table"].out


def test_an_agency_is_told_of_its_own(results: dict[str, Result]) -> None:
    assert listed(results["one"]) == []


def test_since_the_beginning_everything_is_new_or_fixed(results: dict[str, Result]) -> None:
    rows = listed(results["all"])
    assert {row["change"] for row in rows} == {"fixed", "new"}
    assert len(rows) > 3


def test_nothing_is_said_to_have_changed(results: dict[str, Result]) -> None:
    assert (results["nothing"].code, results["nothing"].out) == (0, "Nothing changed.\n")


@pytest.mark.parametrize("name", ["neither", "unknown", "stranger"])
def test_what_does_not_exist_is_refused_with_a_next_step(results: dict[str, Result], name: str) -> None:
    assert results[name].code == 2
    assert results[name].err.count("\n") >= 1


def test_the_history_of_a_closed_finding_is_there(folder: Path, results: dict[str, Result]) -> None:
    finding = listed(results["json"])[0]["id"]
    (result,) = auditors([["findings", "history", finding, "-f", "json"]], cwd=folder)
    seen = [(row["run"], row["observed"], row["status"]) for row in listed(result)]
    assert seen == [("run-1", "failing", "new"), ("run-2", "settled", "fixed")]
