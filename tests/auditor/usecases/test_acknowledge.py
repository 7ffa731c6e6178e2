"""Taking on findings: what the log holds, what is refused, and what ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.decision import Decision, DecisionKind
from auditor.model.finding import Finding, FindingStatus
from auditor.usecases.acknowledge import Entry, acknowledge, open_ledger, withdraw
from auditor.usecases.errors import UsageProblem
from auditor.usecases.reporting import report_data
from auditor.usecases.waive import Desk
from controls.acknowledgements import acknowledgement_of, acknowledgements_on
from tests.auditor.usecases.taking_on import PLAN, WHO, Office, copied, judged_office, problems, some_finding
from tests.auditor.usecases.waiving import NOW, SMALL, judged, later
from tests.auditor.usecases.world import DAY, World, audit_run, make_world


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    return judged_office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(made: tuple[Path, World], tmp_path: Path) -> Iterator[Office]:
    office = copied(made, tmp_path)
    yield office
    office.workspace.engine.dispose()


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk


@pytest.fixture
def world(office: Office) -> World:
    return office.world


def found(desk: Desk, world: World, finding: str) -> Finding:
    data = report_data(desk.workspace, world.run, SMALL)
    return next(one for one in data.findings if one.id == finding)


def test_who_takes_a_finding_on_is_in_the_log_and_on_the_card_and_moves_nothing_else(
    desk: Desk, world: World
) -> None:
    finding = some_finding(desk)
    before = report_data(desk.workspace, world.run, SMALL)
    taken = acknowledge(desk, [finding], *WHO, "2026-11-30", "Siti Aminah")
    answer = Acknowledgement(finding, "Budi Santoso", PLAN, date(2026, 11, 30))
    assert taken.made == (answer,)
    (entry,) = desk.workspace.decisions.all()
    assert (entry.kind, entry.about, entry.by, entry.day, entry.account) == (
        DecisionKind.FINDING_ACKNOWLEDGED,
        finding,
        "Siti Aminah",
        DAY,
        "siti",
    )
    after = report_data(desk.workspace, world.run, SMALL)
    changed = next(one for one in after.findings if one.id == finding)
    assert (changed.status, changed.acknowledgement) == (FindingStatus.ACKNOWLEDGED, answer)
    same = tuple(one if one.id != finding else changed for one in before.findings)
    assert after.findings == same
    assert (after.scorecards, after.verdicts, after.digest) == (
        before.scorecards,
        before.verdicts,
        before.digest,
    )
    assert list(desk.workspace.decisions.verify()) == []


def test_the_same_said_again_changes_nothing_and_something_else_replaces_it(desk: Desk, world: World) -> None:
    finding = some_finding(desk)
    acknowledge(desk, [finding], *WHO, "", "Siti Aminah")
    again = acknowledge(replace(desk, seen=1), [finding], "  Budi   Santoso ", PLAN, "", "Rudi")
    assert (again.made, again.known) == ((), (finding,))
    other = acknowledge(desk, [finding, finding], "Rudi Hartono", PLAN, "", "Rudi")
    assert [one.owner for one in other.made] == ["Rudi Hartono"]
    assert len(desk.workspace.decisions.all()) == 2
    told = found(desk, world, finding).acknowledgement
    assert told is not None
    assert told.owner == "Rudi Hartono"


def test_every_mistake_is_told_at_once_and_nothing_is_stored(desk: Desk) -> None:
    chosen = [some_finding(desk), "F-000000000000"]
    told = problems(lambda: acknowledge(desk, chosen, "", "ok", "besok", ""))
    assert len(told) == 5
    for one, starts in zip(
        told, ("--by: ", "--owner: ", "--plan: ", '--until: "besok"', "FINDING: "), strict=True
    ):
        assert one.startswith(starts)
    assert desk.workspace.decisions.all() == ()


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), date(2036, 1, 1)])
def test_a_day_that_has_passed_or_is_a_slip_of_the_pen_is_refused(desk: Desk, day: date) -> None:
    (told,) = problems(lambda: acknowledge(desk, [some_finding(desk)], *WHO, day.isoformat(), "Siti Aminah"))
    assert told.startswith(f"--until: {day}")


def test_a_plan_past_the_deadline_is_taken_in_and_told(desk: Desk, world: World) -> None:
    finding = some_finding(desk)
    due = desk.workspace.results.findings()[finding].due
    on_time = acknowledge(desk, [finding], *WHO, due.isoformat(), "Siti Aminah")
    late = acknowledge(desk, [finding], *WHO, (due + timedelta(days=1)).isoformat(), "Siti Aminah")
    assert (on_time.late, late.late) == ((), (finding,))
    assert found(desk, world, finding).due == due


def test_nobody_takes_on_what_does_not_stand_any_more(desk: Desk) -> None:
    ledger = open_ledger(desk)
    finding = some_finding(desk)
    closed = replace(ledger.records[finding], status=FindingStatus.FIXED)
    ledger.records = {**ledger.records, finding: closed}
    ledger.read(Entry(finding, *WHO, "", lambda key, message: pytest.fail(message)))
    assert (ledger.made, ledger.closed) == ([], [finding])


def test_what_was_taken_on_can_be_given_back(desk: Desk, world: World) -> None:
    finding = some_finding(desk)
    acknowledge(desk, [finding], *WHO, "", "Siti Aminah")
    assert withdraw(desk, [finding], "Siti Aminah", "Pindah bidang") == (finding,)
    assert found(desk, world, finding).acknowledgement is None
    assert found(desk, world, finding).status is FindingStatus.NEW
    (told,) = problems(lambda: withdraw(desk, [finding], "Siti Aminah", "Pindah bidang"))
    assert "nobody has taken on" in told


def test_an_answer_ends_when_the_finding_is_closed_and_opens_again(desk: Desk) -> None:
    finding = some_finding(desk)
    acknowledge(desk, [finding], *WHO, "", "Siti Aminah")
    given = acknowledgements_on(desk.workspace.decisions.all())
    assert acknowledgement_of(finding, NOW, given) is not None
    assert acknowledgement_of(finding, NOW + timedelta(seconds=1), given) is None


def test_a_report_of_before_does_not_learn_what_was_said_after_the_next_audit(
    desk: Desk, world: World
) -> None:
    finding = some_finding(desk)
    next_day = judged(desk.workspace, make_world(run=audit_run("run-2", NOW + timedelta(hours=1))))
    acknowledge(later(desk, 1), [finding], *WHO, "", "Siti Aminah")
    assert found(desk, world, finding).acknowledgement is None
    assert found(desk, next_day, finding).acknowledgement is not None


def test_an_entry_written_around_the_commands_takes_on_nothing_else(desk: Desk) -> None:
    finding = some_finding(desk)
    foreign = Acknowledgement("F-000000000000", *WHO)
    entry = Decision(DecisionKind.FINDING_ACKNOWLEDGED, finding, "x", DAY, "", foreign, "x", NOW)
    assert acknowledgements_on([entry]) == {}


def test_of_two_who_decide_at_once_the_second_is_told(desk: Desk) -> None:
    finding = some_finding(desk)
    slow = replace(desk, seen=desk.workspace.decisions.head()[0])
    acknowledge(desk, [finding], *WHO, "", "Siti Aminah")
    with pytest.raises(UsageProblem):
        acknowledge(slow, [finding], "Rudi Hartono", PLAN, "", "Rudi Hartono")
