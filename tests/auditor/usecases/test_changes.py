"""What changed between two moments: four lists, and what nobody looks at any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from auditor.model.changes import Changes
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.changes import audit_before, changes_between, since_when
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from tests.auditor.usecases.lives import CIPHERS, FIRST, POLICY, TELNET, A, B, Told, judge, server_with, ssh
from tests.auditor.usecases.world import INVENTORY
from tests.controls.catalogue import shipped

FAILS, PASSES, UNKNOWN = Status.FAIL, Status.PASS, Status.UNKNOWN
INPUTS = Inputs(INVENTORY, POLICY, shipped())
OPEN_TELNET = Subject(SubjectKind.SERVICE, "bkd-db-01", A, 23)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace without anything in it."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def told(day: float, ciphers: Status | None, telnet: Status | None = None, **more: object) -> Told:
    """Return a run that saw the ciphers of SSH, and perhaps telnet."""
    seen = {(CIPHERS, ssh()): ciphers, (TELNET, OPEN_TELNET): telnet}
    return Told(day, {place: one for place, one in seen.items() if one is not None}, **more)  # type: ignore[arg-type]


def at(day: float) -> datetime:
    """Return the moment at which the run of a day begins."""
    return FIRST + timedelta(days=day)


def between(workspace: Workspace, since: float | None, until: float) -> Changes:
    """Return what changed after one day of the script until another."""
    return changes_between(workspace, INPUTS, None if since is None else at(since), at(until))


def lists(found: Changes) -> dict[str, list[tuple[str, int]]]:
    """Return list → the checks in it with their days, empty lists left out."""
    names = ("fixed", "new", "redetected", "not_measured", "out_of_scope")
    told_ = {name: [(one.check, one.days) for one in getattr(found, name)] for name in names}
    return {name: listed for name, listed in told_.items() if listed}


def test_each_finding_is_in_the_list_of_what_became_of_it(workspace: Workspace) -> None:
    for one in (
        told(0, FAILS),
        told(4, FAILS, FAILS),
        told(7, PASSES, UNKNOWN),
        told(9, FAILS, UNKNOWN),
        told(10, FAILS, FAILS, off=frozenset({TELNET})),
    ):
        judge(workspace, one)
    assert lists(between(workspace, None, 0)) == {"new": [(CIPHERS, 0)]}
    assert lists(between(workspace, 0, 4)) == {"new": [(TELNET, 0)]}
    assert lists(between(workspace, 4, 7)) == {"fixed": [(CIPHERS, 7)], "not_measured": [(TELNET, 3)]}
    assert lists(between(workspace, 7, 9)) == {"redetected": [(CIPHERS, 0)], "not_measured": [(TELNET, 5)]}
    assert lists(between(workspace, 9, 10)) == {"out_of_scope": [(TELNET, 6)]}
    assert lists(between(workspace, 10, 99)) == {}
    assert lists(between(workspace, 0, 10)) == {"redetected": [(CIPHERS, 1)], "out_of_scope": [(TELNET, 6)]}


def test_what_came_and_went_in_between_is_fixed(workspace: Workspace) -> None:
    for one in (told(0, None), told(1, FAILS), told(3, PASSES)):
        judge(workspace, one)
    assert lists(between(workspace, 0, 3)) == {"fixed": [(CIPHERS, 2)]}


def test_a_retest_between_two_audits_counts(workspace: Workspace) -> None:
    for one in (told(0, FAILS), told(1, PASSES, wanted=((CIPHERS, ssh()),)), told(2, PASSES)):
        judge(workspace, one)
    found = between(workspace, 0, 2)
    assert lists(found) == {"fixed": [(CIPHERS, 1)]}
    assert (found.fixed[0].run, found.runs) == ("run-1", ("run-1", "run-2"))


def test_the_end_of_an_acceptance_is_told(workspace: Workspace) -> None:
    accepted = frozenset({(CIPHERS, ssh())})
    for one in (told(0, FAILS, waived=accepted), told(1, FAILS, waived=accepted), told(2, FAILS)):
        judge(workspace, one)
    assert lists(between(workspace, 0, 1)) == {}
    assert lists(between(workspace, 1, 2)) == {"redetected": [(CIPHERS, 2)]}


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (told(1, UNKNOWN), "no answer in time"),
        (told(1, None), "not measured"),
        (told(1, FAILS, off=frozenset({CIPHERS})), "the check is switched off: not needed here"),
        (Told(1, {}, server_with()), "the server is not registered any more"),
        (Told(1, {}, server_with(A, retired=True)), "the server was retired and does not answer"),
    ],
)
def test_what_is_not_looked_at_says_why(workspace: Workspace, run: Told, reason: str) -> None:
    judge(workspace, told(0, FAILS))
    judge(workspace, run)
    (one,) = between(workspace, 0, 1)
    assert one.reason["en"] == reason
    assert one.reason["id"]


def test_an_address_that_was_taken_off_is_the_reason(workspace: Workspace) -> None:
    judge(workspace, told(0, FAILS, servers=server_with(A, B)))
    judge(workspace, Told(1, {}, server_with(B)))
    (one,) = between(workspace, 0, 1).out_of_scope
    assert one.reason["en"] == "the server does not have this address any more"


def test_an_agency_is_told_of_its_own_alone(workspace: Workspace) -> None:
    judge(workspace, told(0, FAILS, FAILS))
    found = between(workspace, None, 0)
    assert found.of_opd("bkd") == found
    assert [one.check for one in found] == [TELNET, CIPHERS]
    assert lists(found.of_opd("dinkes")) == {}


def test_what_changed_until_a_moment_does_not_depend_on_what_came_later(workspace: Workspace) -> None:
    for one in (told(0, FAILS), told(1, PASSES)):
        judge(workspace, one)
    before = between(workspace, 0, 1)
    for one in (told(50, FAILS), told(51, UNKNOWN)):
        judge(workspace, one)
    assert between(workspace, 0, 1) == before


def test_days_are_those_of_the_agency(workspace: Workspace) -> None:
    judge(workspace, told(13.5 / 24, FAILS, name="at half past two"))
    judge(workspace, told(14.5 / 24, PASSES, name="an hour later"))
    east = replace(INVENTORY, opds=tuple(replace(one, timezone="Asia/Jayapura") for one in INVENTORY.opds))
    days = [
        changes_between(workspace, Inputs(inventory, POLICY, shipped()), None, at(2)).fixed[0].days
        for inventory in (INVENTORY, east)
    ]
    assert days == [0, 1]


def before(workspace: Workspace, run: Told) -> str:
    """Return the audit with which the lists on the cards of a run are compared."""
    found = audit_before(workspace, run.run)
    return found.id if found else ""


def test_servers_that_come_and_go_do_not_hide_the_audit_before(workspace: Workspace) -> None:
    judge(workspace, told(0, FAILS))
    part = Told(1, {}, scope=("bkd-web-01",))
    gone, back = Told(2, {}, server_with()), told(3, FAILS)
    retest = told(4, PASSES, wanted=((CIPHERS, ssh()),))
    last = told(5, FAILS)
    for one in (part, gone, back, retest, last):
        judge(workspace, one)
    runs = (told(0, None), part, gone, back, last)
    assert [before(workspace, one) for one in runs] == ["", "run-0", "run-1", "run-2", "run-3"]


def test_since_is_a_run_or_a_day_or_the_audit_before(workspace: Workspace) -> None:
    for one in (told(0, FAILS), told(1, PASSES)):
        judge(workspace, one)
    newest = workspace.runs.all()[-1]
    midnight = since_when(workspace, "2026-11-23", newest, INVENTORY)
    assert midnight == datetime.fromisoformat("2026-11-22T17:00:00+00:00") - timedelta(microseconds=1)
    assert since_when(workspace, "run-0", newest, INVENTORY) == FIRST
    with pytest.raises(UsageProblem, match="neither an audit nor a day"):
        since_when(workspace, "2026-11-31", newest, INVENTORY)
