"""Any number can be followed down: control, check, verdict, rows of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from auditor.model.verdict import Status
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.errors import UsageProblem, choices_near
from auditor.usecases.verdicts import Wanted, verdict_rows
from tests.auditor.usecases.test_assess import SMALL, WORLD, store


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Return a workspace with one judged run."""
    opened = open_workspace(tmp_path_factory.mktemp("verdicts"))
    store(opened, WORLD)
    assess(opened, WORLD.run, WORLD.inputs, SMALL)
    yield opened
    opened.engine.dispose()


def rows(workspace: Workspace, edition: str = "2022", **chosen: Any) -> list[dict[str, Any]]:
    return verdict_rows(workspace, WORLD.run, SMALL, Wanted(**chosen), edition, "id")


def test_every_verdict_is_listed_once_with_its_evidence(workspace: Workspace) -> None:
    listed = rows(workspace)
    stored = workspace.results.verdicts(WORLD.run.id)
    assert len(listed) == len(stored)
    for row in listed:
        for sequence in row["evidence"]:
            found = workspace.evidence.get(sequence)
            assert found is not None
            assert found.task.server == row["server"]
    assert any(row["evidence"] for row in listed if row["status"] == "PASS")


def test_a_number_on_a_card_is_the_sum_of_its_rows(workspace: Workspace) -> None:
    for opd, card in workspace.results.scorecards(WORLD.run.id).items():
        if opd:
            failing = rows(workspace, opds=[opd], statuses=["FAIL"])
            assert len(failing) == sum(card.findings.values()) + sum(card.accepted.values())
            for result in card.controls["2022"]:
                listed = rows(workspace, opds=[opd], controls=[result.control])
                assert {row["check"] for row in listed} == set(result.checks)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"opds": ["bdk"]}, "there is no opd bdk"),
        ({"servers": ["bkd-web-1"]}, "there is no server bkd-web-1"),
        ({"checks": ["tls-1-0"]}, "there is no check tls-1-0"),
        ({"controls": ["A.9.2.1"]}, "there is no control of 2022 A.9.2.1"),
        ({"statuses": ["FIAL"]}, "there is no status FIAL"),
        ({"edition": "2005"}, "no edition 2005"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(
    workspace: Workspace, chosen: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageProblem) as refused:
        rows(workspace, **chosen)
    assert refused.value.problem == said
    assert refused.value.next_step.startswith("choose")


def test_small_sets_are_told_whole() -> None:
    statuses = [status.value for status in Status]
    assert choices_near("GAGAL", statuses) == f"choose of: {', '.join(statuses)}"
    many = [f"opd-{number}" for number in range(9)]
    assert choices_near("opd8", many).startswith("choose, for example, of: opd-8")
