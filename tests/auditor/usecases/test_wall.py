"""What the wall tells of stored audits: how fresh each agency is, and the numbers that digests tell too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.model.check import Severity
from auditor.model.evidence import Failure, FailureKind
from auditor.model.inventory import Opd, State
from auditor.model.message import Audience
from auditor.model.wall import Freshness, Wall, WallRules
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.digest_data import DigestSource
from auditor.usecases.inputs import Inputs
from auditor.usecases.wall import WallKeeper, wall
from tests.auditor.usecases.telling import audit, make_inputs, morning
from tests.auditor.usecases.world import ANSWERS, DB, INVENTORY, STARTED, Answers

DARK: Answers = {
    task: Failure(FailureKind.UNREACHABLE, "no port answered") if DB in task else answer
    for task, answer in ANSWERS.items()
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "data")
    yield opened
    opened.engine.dispose()


def seen(workspace: Workspace, at: datetime, inputs: Inputs | None = None) -> Wall:
    return wall(workspace, inputs or make_inputs(()), at)


def fresh(made: Wall) -> dict[str, Freshness]:
    return {one.id: one.freshness for one in made.opds}


def test_before_any_audit_nothing_is_fresh_and_nothing_has_a_score(workspace: Workspace) -> None:
    made = seen(workspace, morning(0))
    assert set(fresh(made).values()) == {Freshness.NEVER}
    assert made.whole.score is None and all(one.score is None for one in made.opds)
    assert len(made.whole.behind) == made.whole.servers > 0


def test_what_an_audit_could_not_measure_keeps_the_time_of_the_audit_that_could(workspace: Workspace) -> None:
    audit(workspace, 0)
    audit(workspace, 3, DARK)
    made = {one.id: one for one in seen(workspace, morning(3)).opds}
    bkd = made["bkd"]
    newest = STARTED + timedelta(days=3)
    assert (bkd.freshness, bkd.newest, bkd.oldest) == (Freshness.PARTLY, newest, STARTED)
    waiting = {one.id: one.measured_at for one in bkd.behind}
    assert waiting["bkd-db-01"] == STARTED


def test_an_agency_that_is_no_longer_measured_becomes_stale_and_stands_first(workspace: Workspace) -> None:
    audit(workspace, 0)
    assert Freshness.STALE not in fresh(seen(workspace, morning(0))).values()
    later = fresh(seen(workspace, morning(5)))
    assert Freshness.FRESH not in later.values() and Freshness.PARTLY not in later.values()
    order = [list(Freshness).index(one) for one in later.values()]
    assert order == sorted(order)


def test_retired_servers_are_not_waited_for(workspace: Workspace) -> None:
    audit(workspace, 0, DARK)
    opds = tuple(
        replace(opd, servers=tuple(
            replace(one, state=State.RETIRED) if one.id == "bkd-db-01" else one for one in opd.servers
        ))
        for opd in INVENTORY.opds
    )  # fmt: skip
    inputs = replace(make_inputs(()), inventory=replace(INVENTORY, opds=opds))
    before, after = (
        {one.id: one for one in seen(workspace, morning(0), chosen).opds}["bkd"] for chosen in (None, inputs)
    )
    assert "bkd-db-01" in {one.id for one in before.behind}
    assert "bkd-db-01" not in {one.id for one in after.behind}
    assert after.servers == before.servers - 1


def test_numbers_are_those_of_the_digest(workspace: Workspace) -> None:
    audit(workspace, 0)
    at = morning(40)
    made = seen(workspace, at)
    told = DigestSource(workspace, make_inputs(()), at).digest(Audience.LEADERSHIP, "", None)
    assert made.whole.overdue == len(told.overdue) > 0
    assert made.whole.open == {
        one: sum(counts.get(one, 0) for counts in told.open.values()) for one in Severity
    }
    assert made.whole.score == told.scores[""]
    assert sum(one.overdue for one in made.opds) == made.whole.overdue


class Ticking:
    """A clock that is put ahead by hand."""

    def __init__(self, at: datetime):
        self.at = at

    def now(self) -> datetime:
        """Return what it shows."""
        return self.at


def keeper(workspace: Workspace, folder: Path, clock: Ticking) -> WallKeeper:
    inputs = make_inputs(())
    inputs = replace(inputs, policy=replace(inputs.policy, wall=WallRules(str(folder), 5)))
    return WallKeeper(workspace, lambda: inputs, clock.now)


def test_files_are_renewed_when_due_and_as_soon_as_something_was_judged(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder, clock = tmp_path / "wall", Ticking(morning(0))
    keeping = keeper(workspace, folder, clock)

    def written() -> str:
        assert keeping.renew() is None
        return (folder / "feed.json").read_text()

    first = written()
    clock.at += timedelta(minutes=4)
    assert written() == first
    clock.at += timedelta(minutes=1)
    second = written()
    assert second != first
    clock.at += timedelta(seconds=15)
    audit(workspace, 0)
    third = written()
    assert '"level": null' not in third.partition('"opds"')[0] and third != second
    clock.at -= timedelta(days=2)
    assert written() != third


def test_a_web_server_of_the_folders_group_may_read_what_a_service_with_a_tight_umask_writes(
    workspace: Workspace, tmp_path: Path
) -> None:
    before = os.umask(0o077)
    try:
        assert keeper(workspace, tmp_path / "wall", Ticking(morning(0))).renew() is None
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "wall").iterdir()} == {0o640}


def test_a_folder_that_cannot_be_written_is_told_and_tried_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder, clock = tmp_path / "wall", Ticking(morning(0))
    folder.write_text("in the way")
    keeping = keeper(workspace, folder, clock)
    assert isinstance(keeping.renew(), OSError)
    assert isinstance(keeping.renew(), OSError)
    folder.unlink()
    clock.at += timedelta(minutes=5)
    assert keeping.renew() is None
    assert (folder / "tilik.prom").exists()


def test_without_a_folder_nothing_is_written(workspace: Workspace) -> None:
    assert WallKeeper(workspace, lambda: make_inputs(())).renew() is None


def test_an_agency_with_names_on_the_server_of_another_is_shown_too(workspace: Workspace) -> None:
    audit(workspace, 0)
    bkd, dinkes = INVENTORY.opds
    web = replace(bkd.servers[0], name_owners={bkd.servers[0].hostnames[1]: "dpmd"})
    shared = replace(bkd, servers=(web, *bkd.servers[1:]))
    village = Opd("dpmd", "Dinas Pemberdayaan Masyarakat dan Desa", ())
    nothing = Opd("bpbd", "Badan Penanggulangan Bencana Daerah", ())
    inventory = replace(INVENTORY, opds=(shared, dinkes, village, nothing))
    made = seen(workspace, morning(0), replace(make_inputs(()), inventory=inventory))
    found = {one.id: one for one in made.opds}
    assert found.keys() == {"bkd", "dinkes", "dpmd"}
    assert (found["dpmd"].freshness, found["dpmd"].newest) == (Freshness.FRESH, STARTED)
    assert made.whole.servers == found["bkd"].servers + found["dinkes"].servers


def retired(inputs: Inputs, opd: str) -> Inputs:
    opds = tuple(
        replace(one, servers=tuple(replace(server, state=State.RETIRED) for server in one.servers))
        if one.id == opd
        else one
        for one in INVENTORY.opds
    )
    return replace(inputs, inventory=replace(INVENTORY, opds=opds))


def counts(made: Wall) -> tuple[list[int], int]:
    """Return the open findings of each severity and the overdue ones that the lines add up to."""
    lines = [sum(one.open[severity] for one in made.opds) for severity in Severity]
    return lines, sum(one.overdue for one in made.opds)


def test_an_agency_that_left_the_inventory_is_in_no_total_and_named_where_the_score_holds_it(
    workspace: Workspace,
) -> None:
    audit(workspace, 0)
    bkd, dinkes = INVENTORY.opds
    before = seen(workspace, morning(40))
    inputs = replace(make_inputs(()), inventory=replace(INVENTORY, opds=(dinkes,)))
    made = seen(workspace, morning(40), inputs)
    assert [one.id for one in made.opds] == ["dinkes"]
    assert (list(made.whole.open.values()), made.whole.overdue) == counts(made)
    assert sum(made.whole.open.values()) < sum(before.whole.open.values())
    assert made.whole.score is not None and made.whole.score == before.whole.score
    assert (before.left, made.left) == ((), (bkd.name,))


def test_what_is_open_on_retired_servers_alone_stays_on_a_line(workspace: Workspace) -> None:
    audit(workspace, 0)
    made = seen(workspace, morning(40), retired(make_inputs(()), "bkd"))
    assert {one.id for one in made.opds} == {"bkd", "dinkes"}
    assert (list(made.whole.open.values()), made.whole.overdue) == counts(made)


def test_a_clock_that_was_set_back_tells_nothing_of_what_is_yet_to_come(workspace: Workspace) -> None:
    audit(workspace, 0)
    audit(workspace, 3)
    made = seen(workspace, morning(0))
    assert made.whole.newest == STARTED
    assert made.whole.score is not None and made.whole.score.measured_at == STARTED
    made = seen(workspace, STARTED - timedelta(days=1))
    assert set(fresh(made).values()) == {Freshness.NEVER} and made.whole.score is None


def test_an_agency_of_which_nothing_was_ever_measured_stands_first_without_a_score(
    workspace: Workspace,
) -> None:
    audit(workspace, 0)
    bkd, dinkes = INVENTORY.opds
    new = replace(bkd, id="zzz", name="Zzz", servers=(replace(bkd.servers[0], id="zzz-web-01", opd="zzz"),))
    inputs = replace(make_inputs(()), inventory=replace(INVENTORY, opds=(bkd, dinkes, new)))
    first = seen(workspace, morning(0), inputs).opds[0]
    assert (first.id, first.freshness, first.newest, first.score) == ("zzz", Freshness.NEVER, None, None)
    assert set(first.open.values()) == {0} and [one.id for one in first.behind] == ["zzz-web-01"]


def test_agencies_are_never_ordered_by_their_scores(workspace: Workspace) -> None:
    audit(workspace, 0)
    made = seen(workspace, morning(5))
    assert set(fresh(made).values()) == {Freshness.STALE}
    floors = {one.score.floor for one in made.opds if one.score}
    assert len(floors) == 2
    assert [one.name for one in made.opds] == sorted(one.name for one in made.opds)
    bkd, dinkes = INVENTORY.opds
    swapped = (replace(bkd, name=dinkes.name), replace(dinkes, name=bkd.name))
    inputs = replace(make_inputs(()), inventory=replace(INVENTORY, opds=swapped))
    again = seen(workspace, morning(5), inputs)
    assert [one.id for one in again.opds] == [one.id for one in made.opds][::-1]


def test_days_over_are_counted_where_the_agency_is(workspace: Workspace) -> None:
    """At 22.30 in Jakarta it is the next day in Jayapura: what was due that day is late there first."""
    audit(workspace, 0)
    dues = [one.due for one in workspace.results.findings().values() if one.opd == "bkd"]
    at = datetime(min(dues).year, min(dues).month, min(dues).day, 15, 30, tzinfo=UTC)
    bkd, dinkes = INVENTORY.opds

    def late(timezone: str) -> int:
        opds = (replace(bkd, timezone=timezone), dinkes)
        made = seen(workspace, at, replace(make_inputs(()), inventory=replace(INVENTORY, opds=opds)))
        assert made.whole.overdue == counts(made)[1]
        return next(one.overdue for one in made.opds if one.id == "bkd")

    assert (late("Asia/Jakarta"), late("Asia/Jayapura")) == (0, dues.count(min(dues)))
