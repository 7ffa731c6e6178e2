"""Findings whose place is not asked any more, or that move: neither fixes anything or buys time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from auditor.model.changes import Changes
from auditor.model.finding import FindingStatus, finding_id
from auditor.model.finding_record import FindingRecord, Observed
from auditor.model.inventory import Server
from auditor.model.plan import Place
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.changes import changes_between
from auditor.usecases.findings import sight_of
from auditor.usecases.inputs import Inputs
from controls.finding_sight import Departure, departures
from controls.reasons import DEPARTURES
from tests.auditor.usecases.lives import (
    CIPHERS,
    FIRST,
    LISTING,
    TELNET,
    A,
    B,
    C,
    Told,
    due_in,
    judge,
    server_with,
    ssh,
    state,
    the_finding,
)
from tests.controls.catalogue import shipped

FAILS, PASSES, UNKNOWN = Status.FAIL, Status.PASS, Status.UNKNOWN
GONE = Status.NOT_APPLICABLE
D = "10.1.1.40"
SEEN, STOOD = {(CIPHERS, ssh(A)): FAILS}, {(CIPHERS, Subject(SubjectKind.SSH, "bkd-db-01", A, 2222)): PASSES}
"""The ciphers fail on one port; on another they pass, so that the address was measured."""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace without anything in it."""
    opened = open_workspace(tmp_path / "workspace")
    try:
        yield opened
    finally:
        opened.engine.dispose()


def at(addresses: tuple[str, ...], *failing: str, day: float = 0) -> Told:
    """Return a run over the database at addresses, of which some have weak ciphers."""
    seen = {(CIPHERS, ssh(one)): FAILS if one in failing else PASSES for one in addresses}
    return Told(day, seen, server_with(*addresses))


def standing(workspace: Workspace, check: str = CIPHERS) -> dict[str, FindingRecord]:
    """Return the findings that stand, by subject."""
    found = workspace.results.findings().values()
    return {one.subject: one for one in found if not one.closed and one.check == check}


def why(told: Told, subject: Subject, check: str = CIPHERS) -> Departure | None:
    """Return why a run does not look at a place."""
    place = Place(check, subject.key)
    return departures(sight_of(told.run, told.inputs, told.footing, ()), [place]).get(place)


@pytest.mark.parametrize(
    ("asked", "never"),
    [(((80, 443), (2222, 2222)), ()), (((1, 65535),), (22,)), ((), ())],
    ids=["out of the ranges", "never asked", "nothing asked"],
)
def test_a_port_that_is_not_asked_any_more_is_not_fixed(
    workspace: Workspace, asked: tuple[tuple[int, int], ...], never: tuple[int, ...]
) -> None:
    judge(workspace, Told(0, SEEN))
    blind = Told(1, STOOD, asked=asked, never=never)
    judge(workspace, blind)
    assert the_finding(workspace).status is FindingStatus.NOT_MEASURED
    assert why(blind, ssh(A)) is Departure.PORT_NOT_ASKED
    judge(workspace, Told(2, STOOD))
    assert the_finding(workspace).status is FindingStatus.FIXED


def test_a_retest_that_does_not_ask_the_port_fixes_nothing(workspace: Workspace) -> None:
    judge(workspace, Told(0, SEEN))
    place = (CIPHERS, ssh(A))
    judge(workspace, Told(1, {place: GONE}, wanted=(place,), asked=((80, 80),)))
    assert the_finding(workspace).status is FindingStatus.NEW
    judge(workspace, Told(2, {place: GONE}, wanted=(place,), asked=((22, 22),)))
    assert the_finding(workspace).status is FindingStatus.FIXED


def site(name: str, port: int = 443, address: str = A) -> Subject:
    """Return a site of the database server."""
    return Subject(SubjectKind.HTTP, "bkd-db-01", address, port, server_name=name)


def named(*names: str) -> tuple[Server, ...]:
    """Return the servers, the database with names."""
    web, database = server_with(A)
    return (web, replace(database, hostnames=names))


def listing(day: float, names: tuple[str, ...], *failing: str, else_: Status = PASSES) -> Told:
    """Return a run that asked sites by names, or by the address where there are none."""
    seen = {(LISTING, site(one)): FAILS if one in failing else else_ for one in names or ("",)}
    return Told(day, seen, named(*names))


@pytest.mark.parametrize(("before", "after"), [("a.test", ""), ("", "a.test"), ("a.test", "b.test")])
def test_a_site_goes_with_its_finding_when_it_is_asked_by_another_name(
    workspace: Workspace, before: str, after: str
) -> None:
    first = listing(0, (before,) if before else (), before)
    judge(workspace, first)
    judge(workspace, listing(40, (after,) if after else (), after))
    finding = the_finding(workspace, LISTING)
    assert (finding.id, finding.subject) == (finding_id(LISTING, site(before)), site(after).key)
    assert (finding.status, finding.first_seen, finding.due) == (FindingStatus.OPEN, FIRST, due_in(30))


@pytest.mark.parametrize("failing", [(), ("b.test", "c.test")], ids=["nowhere else", "at two others"])
def test_a_name_that_was_taken_off_is_out_of_scope(workspace: Workspace, failing: tuple[str, ...]) -> None:
    judge(workspace, listing(0, ("a.test",), "a.test"))
    without = listing(1, ("b.test", "c.test"), *failing)
    judge(workspace, without)
    old = workspace.results.findings()[finding_id(LISTING, site("a.test"))]
    assert (old.status, old.subject) == (FindingStatus.OUT_OF_SCOPE, site("a.test").key)
    assert why(without, site("a.test"), LISTING) is Departure.NAME_GONE


def test_a_name_whose_finding_stands_already_takes_no_other_over(workspace: Workspace) -> None:
    judge(workspace, listing(0, ("a.test",), "a.test"))
    judge(workspace, listing(1, ("a.test", "b.test"), "a.test", "b.test"))
    judge(workspace, listing(2, ("b.test",), "b.test"))
    (left,) = standing(workspace, LISTING).values()
    assert left.id == finding_id(LISTING, site("b.test"))


def test_a_name_that_was_taken_off_while_nothing_answers_closes_nothing(workspace: Workspace) -> None:
    judge(workspace, listing(0, ("a.test",), "a.test"))
    judge(workspace, listing(1, (), else_=UNKNOWN))
    assert the_finding(workspace, LISTING).status is FindingStatus.NOT_MEASURED
    judge(workspace, listing(2, (), ""))
    assert the_finding(workspace, LISTING).subject == site("").key
    assert the_finding(workspace, LISTING).due == due_in(30)


def test_moving_in_two_steps_buys_no_time(workspace: Workspace) -> None:
    judge(workspace, at((A,), A))
    judge(workspace, at((A, B), A, B, day=20))
    judge(workspace, at((B,), B, day=29))
    (left,) = standing(workspace).values()
    assert left.subject == ssh(B).key
    assert (left.first_seen, left.due) == (FIRST, due_in(30))
    assert [one.subject for one in left.moved_from] == [ssh(A).key]
    later = workspace.results.findings()[finding_id(CIPHERS, ssh(B))]
    assert (later.status, later.times_fixed) == (FindingStatus.OUT_OF_SCOPE, 0)


def test_moving_while_the_new_address_is_silent_buys_no_time(workspace: Workspace) -> None:
    judge(workspace, at((A,), A))
    judge(workspace, at((A, B), A, day=1))
    judge(workspace, Told(2, {(CIPHERS, ssh(B)): UNKNOWN}, server_with(B)))
    assert the_finding(workspace).status is FindingStatus.NOT_MEASURED
    judge(workspace, at((B,), B, day=3))
    assert (the_finding(workspace).subject, the_finding(workspace).due) == (ssh(B).key, due_in(30))


def test_an_earlier_finding_at_the_other_address_keeps_its_own_day(workspace: Workspace) -> None:
    judge(workspace, at((A, B), B))
    judge(workspace, at((A, B), A, B, day=5))
    judge(workspace, at((B,), B, day=6))
    (left,) = standing(workspace).values()
    assert (left.id, left.due) == (finding_id(CIPHERS, ssh(B)), due_in(30))


def test_what_is_mended_at_the_other_address_takes_nothing_over(workspace: Workspace) -> None:
    judge(workspace, at((A,), A))
    judge(workspace, at((A, B), A, B, day=1))
    judge(workspace, at((B,), day=2))
    assert standing(workspace) == {}
    assert {one.status for one in workspace.results.findings().values()} == {
        FindingStatus.FIXED,
        FindingStatus.OUT_OF_SCOPE,
    }


@pytest.mark.parametrize(("failing", "moved"), [((C,), True), ((C, D), False)], ids=["one twin", "two"])
def test_of_two_new_addresses_the_only_one_that_fails_takes_over(
    workspace: Workspace, failing: tuple[str, ...], moved: bool
) -> None:
    judge(workspace, at((A, B), A))
    judge(workspace, at((C, D), *failing, day=10))
    old = workspace.results.findings()[finding_id(CIPHERS, ssh(A))]
    assert (old.closed, old.subject) == (not moved, ssh(C if moved else A).key)
    assert len(standing(workspace)) == len(failing)


def test_of_two_findings_at_lost_addresses_the_one_due_first_goes_on(workspace: Workspace) -> None:
    judge(workspace, at((A, B), B))
    judge(workspace, at((A, B), A, B, day=9))
    judge(workspace, at((C, D), C, day=10))
    (left,) = standing(workspace).values()
    assert (left.id, left.subject, left.due) == (finding_id(CIPHERS, ssh(B)), ssh(C).key, due_in(30))


def test_an_other_variant_or_port_is_no_twin(workspace: Workspace) -> None:
    elsewhere = Subject(SubjectKind.SSH, "bkd-db-01", B, 2222)
    judge(workspace, at((A,), A))
    judge(workspace, Told(1, {**SEEN, (CIPHERS, elsewhere): FAILS}, server_with(A, B)))
    judge(workspace, Told(2, {(CIPHERS, elsewhere): FAILS}, server_with(B)))
    (left,) = standing(workspace).values()
    assert left.subject == elsewhere.key
    assert left.due == due_in(30, since=1)


def renamed(*addresses: str, new: str = "bkd-data-01") -> tuple[Server, ...]:
    """Return the servers, the database under another id."""
    web, database = server_with(*addresses)
    return (web, replace(database, id=new))


def moved_to(server: str, day: float, *addresses: str, scope: tuple[str, ...] = ()) -> Told:
    """Return a run that finds weak ciphers at the first address of the renamed database."""
    seen = {(CIPHERS, ssh(addresses[0], server)): FAILS}
    return Told(day, seen, renamed(*addresses, new=server), scope)


@pytest.mark.parametrize("scope", [(), ("bkd-data-01",)], ids=["of all", "of the renamed one"])
def test_a_renamed_server_takes_its_findings_along(workspace: Workspace, scope: tuple[str, ...]) -> None:
    telnet = Subject(SubjectKind.SERVICE, "bkd-db-01", A, 23)
    judge(workspace, Told(0, {**SEEN, (TELNET, telnet): FAILS}, server_with(A, B)))
    judge(workspace, moved_to("bkd-data-01", 10, A, B, scope=scope))
    finding = the_finding(workspace)
    assert (finding.id, finding.subject) == (finding_id(CIPHERS, ssh(A)), ssh(A, "bkd-data-01").key)
    assert (finding.status, finding.due) == (FindingStatus.OPEN, due_in(30))
    assert Subject.from_key(the_finding(workspace, TELNET).subject).server == "bkd-data-01"


def test_a_server_registered_twice_for_a_while_buys_no_time(workspace: Workspace) -> None:
    new = ssh(A, "bkd-data-01")
    judge(workspace, Told(0, SEEN, server_with(A)))
    both = (*server_with(A), renamed(A)[1])
    judge(workspace, Told(10, {**SEEN, (CIPHERS, new): FAILS}, both))
    judge(workspace, moved_to("bkd-data-01", 20, A))
    (left,) = standing(workspace).values()
    assert (left.subject, left.first_seen, left.due) == (new.key, FIRST, due_in(30))


def test_another_server_with_some_of_the_addresses_takes_nothing_over(workspace: Workspace) -> None:
    judge(workspace, Told(0, SEEN, server_with(A, B)))
    judge(workspace, moved_to("bkd-data-01", 10, A))
    old = workspace.results.findings()[finding_id(CIPHERS, ssh(A))]
    assert old.status is FindingStatus.OUT_OF_SCOPE


@pytest.mark.parametrize("gone", [None, GONE], ids=["no verdict", "not applicable"])
def test_what_was_only_gone_keeps_the_deadline_that_it_had(workspace: Workspace, gone: Status | None) -> None:
    judge(workspace, Told(0, SEEN))
    judge(workspace, Told(1, STOOD if gone is None else {(CIPHERS, ssh(A)): gone}))
    assert the_finding(workspace).status is FindingStatus.FIXED
    judge(workspace, Told(2, STOOD))
    judge(workspace, Told(400, SEEN))
    finding = the_finding(workspace)
    assert (finding.status, finding.due) == (FindingStatus.REOPENED, due_in(30))
    events = [one.observed for one in workspace.results.life(finding.id)]
    assert events == [Observed.FAILING, Observed.GONE, Observed.FAILING]


def test_a_pass_after_it_was_gone_and_came_back_counts_again(workspace: Workspace) -> None:
    for day, seen in ((0, SEEN), (1, STOOD), (2, SEEN), (3, {(CIPHERS, ssh(A)): PASSES})):
        judge(workspace, Told(day, seen))
    judge(workspace, Told(400, SEEN))
    assert the_finding(workspace).status is FindingStatus.FLAPPING


def test_late_judging_comes_to_the_same_deadlines(workspace: Workspace, tmp_path: Path) -> None:
    story = [
        at((A,), A),
        at((A, B), A, B, day=1),
        at((B,), B, day=2),
        Told(3, {(CIPHERS, ssh(B)): GONE}, server_with(B)),
        at((B,), B, day=100),
        moved_to("bkd-data-01", 101, B),
    ]
    for one in story:
        judge(workspace, one)
    other = open_workspace(tmp_path / "other")
    try:
        for number in (5, 2, 4, 0, 3, 1):
            judge(other, story[number])
        assert state(other) == state(workspace)
        assert [judge(other, one) for one in story] == [0] * len(story)
    finally:
        other.engine.dispose()
    (left,) = standing(workspace).values()
    assert (left.due, left.opened_at) == (due_in(30), FIRST + timedelta(days=100))
    assert left.subject == Subject(SubjectKind.SSH, "bkd-data-01", str(ip_address(B)), 22).key


def test_what_changed_tells_why_a_port_says_nothing_and_what_took_a_place(workspace: Workspace) -> None:
    def told(one: Told) -> Changes:
        judge(workspace, one)
        files = Inputs(one.inventory, one.inputs.policy, shipped())
        return changes_between(workspace, files, one.run.started_at - timedelta(hours=1), one.run.started_at)

    judge(workspace, Told(0, SEEN))
    (blind,) = told(Told(1, STOOD, never=(22,))).not_measured
    assert blind.reason == DEPARTURES["port_not_asked"]
    judge(workspace, at((A, B), A, B, day=2))
    (merged,) = told(at((B,), B, day=3)).out_of_scope
    assert (merged.subject, merged.reason) == (ssh(B).key, DEPARTURES["merged"])
