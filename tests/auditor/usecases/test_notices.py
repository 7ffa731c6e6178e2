"""Beside the numbers, whoever judges is told of lenience, exceptions, answers and contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.model.attestation import Attestation
from auditor.model.decision import DecisionKind
from auditor.model.waiver import Waiver
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.notices import notices
from tests.auditor.usecases.test_assess import SMALL, WORLD, store
from tests.auditor.usecases.world import DAY
from tests.controls.decided import attestation, entry, waiver


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace with a run that is not judged yet."""
    opened = open_workspace(tmp_path / "workspace")
    store(opened, WORLD)
    yield opened
    opened.engine.dispose()


def told(workspace: Workspace, **policy: object) -> tuple[str, ...]:
    inputs = replace(WORLD.inputs, policy=replace(WORLD.inputs.policy, **policy))  # type: ignore[arg-type]
    return notices(workspace, WORLD.run, inputs, SMALL, assess(workspace, WORLD.run, inputs, SMALL))


def decide(workspace: Workspace, *things: Attestation | Waiver, approve: bool = True) -> None:
    for one in things:
        kind = DecisionKind.ATTESTED if isinstance(one, Attestation) else DecisionKind.WAIVER_REQUESTED
        workspace.decisions.append([entry(kind, one.id, one, day=DAY)])
        if isinstance(one, Waiver) and approve:
            workspace.decisions.append([entry(DecisionKind.WAIVER_APPROVED, one.id, day=DAY)])


def test_nothing_to_tell_is_nothing_told(workspace: Workspace) -> None:
    assert told(workspace) == ()


def test_a_parameter_that_is_too_loose_is_told(workspace: Workspace) -> None:
    check = SMALL.checks["ssh-ciphers-strong"]
    assert check.parameters, "the check has no parameter to loosen"
    loosened = {check.id: {check.parameters[0].name: ["3des-cbc"]}}
    (line,) = told(workspace, parameters=loosened)
    assert line.startswith(
        "1 check was judged with parameters looser than the controls tolerate: ssh-ciphers"
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "1 answer ends within 30 days"),
        (30, "1 answer ends within 30 days"),
        (31, ""),
        (-1, "1 answer has ended"),
    ],
)
def test_an_answer_is_warned_of_before_it_ends(workspace: Workspace, days: int, said: str) -> None:
    on = DAY - timedelta(days=100)
    decide(workspace, attestation("A.5.1", opd="bkd", on=on, until=DAY + timedelta(days=days)))
    assert [line.partition(" (see")[0] for line in told(workspace)] == ([said] if said else [])


def test_waivers_that_wait_end_or_name_nothing_are_told(workspace: Workspace) -> None:
    asked = waiver(
        id="W-1", opd="bkd", server="bkd-web-01", valid_until=DAY + timedelta(days=3), requested_on=DAY
    )
    gone = replace(asked, id="W-2", server="bkd-web-99")
    decide(workspace, asked, gone)
    decide(workspace, replace(asked, id="W-3"), approve=False)
    assert [line.partition(":")[0] for line in told(workspace)] == [
        "1 waiver ends within 14 days",
        "1 waiver waits for approval",
        "1 waiver names what is no longer there",
    ]


def test_a_withdrawn_answer_is_not_told_as_ended(workspace: Workspace) -> None:
    given = attestation("A.5.1", opd="bkd", on=DAY - timedelta(days=9), until=DAY + timedelta(days=3))
    decide(workspace, given)
    workspace.decisions.append([entry(DecisionKind.ATTESTATION_WITHDRAWN, given.id, day=DAY)])
    assert told(workspace) == ()


def test_only_an_approved_waiver_of_the_time_names_what_is_gone(workspace: Workspace) -> None:
    gone = waiver(
        id="W-1", opd="bkd", server="bkd-web-99", valid_until=DAY + timedelta(days=60), requested_on=DAY
    )
    decide(workspace, gone, approve=False)
    assert told(workspace) == ()
    later = replace(gone, id="W-2", requested_on=DAY + timedelta(days=1))
    decide(workspace, later)
    assert told(workspace) == ()
    decide(workspace, replace(gone, id="W-3"))
    assert ["W-3" in line and "no longer there" in line for line in told(workspace)] == [True]


def test_an_answer_against_the_measurement_is_told(workspace: Workspace) -> None:
    card = assess(workspace, WORLD.run, WORLD.inputs, SMALL).scorecards["bkd"]
    failing = next(one.control for one in card.controls["2022"] if one.status.value == "does_not_conform")
    decide(workspace, attestation(failing, opd="bkd"))
    (line,) = told(workspace)
    assert f"bkd 2022 {failing}" in line
    assert "contradict" in line
