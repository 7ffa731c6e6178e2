"""Findings through a workspace: the same in whatever order runs are judged, and as often as they are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.finding import FindingStatus, finding_id
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from auditor.store.workspace import Workspace, open_workspace
from tests.auditor.usecases.lives import (
    ANSWERS,
    CIPHERS,
    FIRST,
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

FAILS, PASSES, UNKNOWN = Status.FAIL, Status.PASS, Status.UNKNOWN


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a workspace without anything in it."""
    folder = tmp_path_factory.mktemp("empty") / "workspace"
    open_workspace(folder).engine.dispose()
    return folder


@contextmanager
def fresh(empty: Path) -> Iterator[Workspace]:
    with TemporaryDirectory() as folder:
        shutil.copytree(empty, Path(folder) / "workspace")
        opened = open_workspace(Path(folder) / "workspace")
        try:
            yield opened
        finally:
            opened.engine.dispose()


@pytest.fixture
def workspace(empty: Path) -> Iterator[Workspace]:
    """Return a workspace without anything in it."""
    with fresh(empty) as opened:
        yield opened


def told(day: float, status: Status | None, address: str = A, **more: object) -> Told:
    """Return a run that saw the ciphers of the database's SSH."""
    statuses = {} if status is None else {(CIPHERS, ssh(address)): status}
    return Told(day, statuses, **more)  # type: ignore[arg-type]


def words(workspace: Workspace, *runs: Told) -> list[str]:
    """Return the status of the finding after each run."""
    found = []
    for one in runs:
        judge(workspace, one)
        found.append(the_finding(workspace).status.value)
    return found


STORY = (
    told(0, FAILS),
    told(1, FAILS, waived=frozenset({(CIPHERS, ssh())})),
    told(2, PASSES),
    told(3, FAILS, C, servers=server_with(C)),
    told(4, UNKNOWN, C, servers=server_with(C)),
)


def test_every_order_of_judging_comes_to_the_same(empty: Path) -> None:
    found = []
    for order in permutations(STORY[1:]):
        with fresh(empty) as opened:
            for one in (*order[:2], STORY[0], *order[2:]):
                judge(opened, one)
            found.append(state(opened))
    assert len(found) == 24
    assert all(one == found[0] for one in found)
    records, _ = found[0]
    (finding,) = records.values()
    assert finding.status is FindingStatus.NOT_MEASURED
    assert (finding.id, finding.subject) == (finding_id(CIPHERS, ssh(A)), ssh(C).key)


def test_judging_again_changes_no_row_whatever_was_judged_since(workspace: Workspace) -> None:
    assert all(judge(workspace, one) > 0 for one in STORY)
    before, mark = state(workspace), workspace.results.basis("")
    assert [judge(workspace, one, FIRST + timedelta(days=99)) for one in STORY] == [0] * len(STORY)
    assert (state(workspace), workspace.results.basis("")) == (before, mark)
    assert [one.problem for one in workspace.marks.verify()] == []


def test_what_a_run_is_judged_to_have_seen_later_takes_the_place_of_what_it_saw(workspace: Workspace) -> None:
    known = [told(0, FAILS), told(1, PASSES), told(2, FAILS)]
    assert words(workspace, *known) == ["new", "fixed", "reopened"]
    judge(workspace, told(1, FAILS))
    finding = the_finding(workspace)
    assert (finding.status, finding.times_fixed, finding.opened_at) == (FindingStatus.OPEN, 0, FIRST)
    judge(workspace, told(0, PASSES))
    finding = the_finding(workspace)
    assert (finding.first_run, finding.status) == ("run-1", FindingStatus.OPEN)


def test_what_nothing_ever_saw_is_no_finding(workspace: Workspace) -> None:
    judge(workspace, told(0, FAILS))
    judge(workspace, told(1, UNKNOWN))
    judge(workspace, told(0, PASSES))
    assert state(workspace) == ({}, ())


def test_an_approval_and_its_end_in_the_same_run_leave_no_trace(workspace: Workspace) -> None:
    judge(workspace, told(0, FAILS))
    accepted = frozenset({(CIPHERS, ssh())})
    runs = [told(1, FAILS, waived=one) for one in (frozenset(), accepted, frozenset(), frozenset())]
    assert words(workspace, *runs) == ["open", "waived", "open", "open"]


statuses = st.sampled_from([FAILS, FAILS, PASSES, UNKNOWN, Status.NOT_APPLICABLE, Status.ERROR, None])
homes = st.sampled_from([(A,), (A,), (B,), (C,), (A, B), (B, C), ()])


@st.composite
def runs(draw: st.DrawFn, day: int) -> Told:
    """Return anything that a run could be."""
    addresses = draw(homes)
    places = [(CIPHERS, ssh(one)) for one in addresses]
    places += [(TELNET, Subject(SubjectKind.SERVICE, "bkd-db-01", one, 23)) for one in addresses]
    seen = {place: status for place in places if (status := draw(statuses)) is not None}
    asked = draw(st.sets(st.sampled_from(places))) if places else set()
    retest = tuple(sorted(asked)) if draw(st.booleans()) else ()
    servers = server_with(*addresses, retired=draw(st.booleans()))
    if addresses and draw(st.integers(0, 3)) == 0:
        servers = (servers[0], replace(servers[1], id="bkd-data-01"))
        seen = {(check, replace(one, server="bkd-data-01")): status for (check, one), status in seen.items()}
    return Told(
        day,
        seen,
        servers,
        scope=draw(st.sampled_from([(), (), ("bkd-web-01",)])),
        off=draw(st.sampled_from([frozenset(), frozenset(), frozenset({TELNET})])),
        waived=frozenset(draw(st.sets(st.sampled_from(places)))) if places else frozenset(),
        wanted=retest,
        never=draw(st.sampled_from([(), (), (22,)])),
    )


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Told], list[Told]]:
    """Return runs in the order of their days, and the same in any order, some judged otherwise before."""
    ordered = [draw(runs(day)) for day in range(draw(st.integers(2, 5)))]
    shuffled = draw(st.permutations(ordered))
    for one in draw(st.lists(st.sampled_from(ordered), max_size=2)):
        other = replace(one, statuses=draw(runs(0)).statuses, waived=frozenset())
        shuffled = [replace(other, statuses=_possible(one, other)), *shuffled]
    return ordered, shuffled


def _possible(one: Told, other: Told) -> dict[tuple[str, Subject], Status]:
    """Return what another judgement may say of the places that the run has."""
    return {place: status for place, status in other.statuses.items() if place in one.statuses}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories())
def test_any_story_in_any_order_comes_to_the_same(empty: Path, story: tuple[list[Told], list[Told]]) -> None:
    ordered, shuffled = story
    with fresh(empty) as first, fresh(empty) as second:
        for one in ordered:
            judge(first, one)
        for one in shuffled:
            judge(second, one)
        assert state(first) == state(second)
        assert [judge(second, one) for one in ordered] == [0] * len(ordered)
        assert [one.problem for one in second.marks.verify()] == []


def test_a_moved_server_takes_its_findings_along(workspace: Workspace) -> None:
    judge(workspace, told(0, FAILS))
    judge(workspace, told(5, FAILS, B, servers=server_with(B)))
    finding = the_finding(workspace)
    assert finding.id == finding_id(CIPHERS, ssh(A))
    assert (finding.subject, finding.subject_at(FIRST)) == (ssh(B).key, ssh(A).key)
    assert (finding.status, finding.first_seen, finding.due) == (FindingStatus.OPEN, FIRST, due_in(30))
    judge(workspace, told(6, PASSES, B, servers=server_with(B)))
    assert the_finding(workspace).status is FindingStatus.FIXED


def test_an_address_that_others_take_over_later_has_findings_of_its_own(workspace: Workspace) -> None:
    judge(workspace, told(0, FAILS))
    judge(workspace, told(1, FAILS, B, servers=server_with(B)))
    both = {(CIPHERS, ssh(A)): FAILS, (CIPHERS, ssh(B)): FAILS}
    judge(workspace, Told(2, both, server_with(A, B)))
    found = {one.subject: one for one in workspace.results.findings().values()}
    assert found[ssh(B).key].id == finding_id(CIPHERS, ssh(A))
    assert found[ssh(A).key].first_run == "run-2"
    assert len({one.id for one in found.values()}) == 2


@pytest.mark.parametrize("after", [(B, C), (B,), (A, C)])
def test_where_it_is_not_certain_what_moved_nothing_moves(
    workspace: Workspace, after: tuple[str, ...]
) -> None:
    before = server_with(A, B) if after != (B, C) else server_with(A)
    judge(workspace, told(0, FAILS, A, servers=before))
    judge(workspace, told(1, None, servers=server_with(*after)))
    finding = the_finding(workspace)
    assert finding.subject == ssh(A).key
    kept = FindingStatus.NOT_MEASURED if A in after else FindingStatus.OUT_OF_SCOPE
    assert finding.status is kept


GONE = server_with()


@pytest.mark.parametrize(
    "run",
    [
        Told(1, {}, GONE),
        told(1, UNKNOWN, servers=server_with(A, retired=True)),
        told(1, Status.NOT_APPLICABLE, servers=server_with(A, retired=True)),
        told(1, FAILS, off=frozenset({CIPHERS})),
    ],
    ids=["unregistered", "retired and out of reach", "retired and silent", "check switched off"],
)
def test_what_nobody_looks_at_any_more_is_closed_and_not_fixed(workspace: Workspace, run: Told) -> None:
    assert words(workspace, told(0, FAILS), run, told(2, FAILS)) == ["new", "out_of_scope", "reopened"]
    finding = the_finding(workspace)
    assert (finding.times_fixed, finding.due) == (0, due_in(30))
    assert finding.opened_at == FIRST + timedelta(days=2)


def test_a_run_over_other_servers_does_not_know_what_is_registered(workspace: Workspace) -> None:
    judge(workspace, told(0, FAILS))
    rest = (*GONE, replace(GONE[0], id="bkd-new-01"))
    judge(workspace, Told(1, {}, rest, scope=("bkd-new-01",)))
    assert the_finding(workspace).status is FindingStatus.NEW


def test_a_retired_server_on_which_something_still_fails_closes_nothing_unmeasured(
    workspace: Workspace,
) -> None:
    judge(workspace, told(0, FAILS))
    still = Subject(SubjectKind.SERVICE, "bkd-db-01", A, 23)
    seen = {(CIPHERS, ssh()): UNKNOWN, (TELNET, still): FAILS}
    judge(workspace, Told(1, seen, server_with(A, retired=True)))
    assert the_finding(workspace).status is FindingStatus.NOT_MEASURED


def test_what_asks_whether_a_server_is_retired_is_answered_by_retiring_it(workspace: Workspace) -> None:
    silent = Subject(SubjectKind.ADDRESS, "bkd-db-01", A)
    judge(workspace, Told(0, {(ANSWERS, silent): FAILS}))
    seen = {(ANSWERS, silent): Status.NOT_APPLICABLE}
    judge(workspace, Told(1, seen, server_with(A, retired=True)))
    assert the_finding(workspace, ANSWERS).status is FindingStatus.FIXED


@pytest.mark.parametrize(
    ("rest", "due"), [(29.9, due_in(30)), (30, due_in(30, since=31)), (400, due_in(30, since=401))]
)
def test_a_deadline_begins_anew_only_after_a_rest_as_long_as_itself(
    workspace: Workspace, rest: float, due: object
) -> None:
    for one in (told(0, FAILS), told(1, PASSES), told(1 + rest, FAILS)):
        judge(workspace, one)
    finding = the_finding(workspace)
    assert (finding.status, finding.due) == (FindingStatus.REOPENED, due)
    assert finding.opened_at == FIRST + timedelta(days=1 + rest)


def test_what_comes_and_goes_keeps_the_deadline_it_had(workspace: Workspace) -> None:
    for number in range(5):
        judge(workspace, told(40 * number, FAILS if number % 2 == 0 else PASSES))
    finding = the_finding(workspace)
    assert (finding.status, finding.times_fixed) == (FindingStatus.FLAPPING, 2)
    assert finding.due == due_in(30, since=80)


def test_a_retest_speaks_only_of_what_it_was_asked(workspace: Workspace) -> None:
    telnet = Subject(SubjectKind.SERVICE, "bkd-db-01", A, 23)
    both = {(CIPHERS, ssh()): FAILS, (TELNET, telnet): FAILS}
    judge(workspace, Told(0, both))
    passed = dict.fromkeys(both, PASSES)
    judge(workspace, Told(1, passed, wanted=((CIPHERS, ssh()),)))
    assert the_finding(workspace).status is FindingStatus.FIXED
    assert the_finding(workspace, TELNET).status is FindingStatus.NEW


@pytest.mark.parametrize("status", [UNKNOWN, Status.ERROR, None])
def test_what_a_retest_cannot_measure_stays_as_it_was(workspace: Workspace, status: Status | None) -> None:
    again = told(1, status, wanted=((CIPHERS, ssh()),))
    assert words(workspace, told(0, FAILS), again) == ["new", "new"]


def test_a_deadline_counts_the_days_of_the_agency(workspace: Workspace) -> None:
    late = FIRST.replace(hour=16, minute=30)
    day = (late - FIRST) / timedelta(days=1)
    judge(workspace, told(day, FAILS, timezone="Asia/Jayapura"))
    assert the_finding(workspace).due == due_in(31)


def test_another_id_where_a_finding_took_its_own_along() -> None:
    from auditor.model.plan import Place
    from controls.finding_life import free_id

    place = Place(CIPHERS, ssh().key)
    first = free_id(place, {})
    second = free_id(place, {first: 1})
    assert first == finding_id(CIPHERS, ssh())
    assert len({first, second, free_id(place, {first: 1, second: 1})}) == 3
    assert second.startswith("F-")
    assert len(second) == len(first)
