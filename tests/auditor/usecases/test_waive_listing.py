"""What waivers are listed as, and one with its history and the findings in its scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.model.decision import Decision, DecisionKind
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.errors import UsageProblem
from auditor.usecases.waive import Desk, approve, reject, request, revoke
from auditor.usecases.waive_listing import describe, waiver_rows
from auditor.usecases.waive_scope import Wish
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.waiving import (
    NOW,
    SITE,
    SMALL,
    WANTED,
    WHY,
    failing,
    judged,
    later,
    make_inputs,
    with_scope,
)
from tests.auditor.usecases.world import ANSWERS, DAY, DB, DINKES, INVENTORY, make_world


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_workspace(tmp_path / "workspace")
    yield Desk(opened, make_inputs(), NOW, "siti")
    opened.engine.dispose()


def row(desk: Desk, waiver_id: str) -> dict[str, Any]:
    return next(one for one in waiver_rows(desk) if one["id"] == waiver_id)


def state(desk: Desk, waiver_id: str) -> tuple[str, list[str], int | None]:
    found = row(desk, waiver_id)
    return found["state"], found["remarks"], found["days_left"]


def approved(desk: Desk, **scope: Any) -> str:
    """Return the id of a waiver that a second account approved."""
    asked = request(desk, with_scope(**scope)).waiver
    return approve(replace(desk, account="budi"), asked.id, "Budi Santoso").waiver.id


def test_a_waiver_from_day_to_day(desk: Desk) -> None:
    asked = request(desk, WANTED).waiver
    assert state(desk, asked.id) == ("requested", [], None)
    approve(replace(desk, account="budi"), asked.id, "Budi Santoso")
    assert state(desk, asked.id) == ("in_force", [], 30)
    assert state(later(desk, 15), asked.id) == ("in_force", [], 15)
    assert state(later(desk, 16), asked.id) == ("in_force", ["ending"], 14)
    assert state(later(desk, 30), asked.id) == ("in_force", ["ending"], 0)
    assert state(later(desk, 31), asked.id) == ("expired", [], None)
    revoke(desk, asked.id, "Rudi Hartono", WHY)
    assert state(desk, asked.id) == ("revoked", [], None)


def test_one_that_begins_later_is_not_in_force_yet(desk: Desk) -> None:
    wanted = replace(WANTED, valid_from=DAY + timedelta(days=3))
    asked = request(desk, wanted).waiver
    approve(replace(desk, account="budi"), asked.id, "Budi Santoso")
    assert state(desk, asked.id) == ("not_yet", [], None)
    assert state(later(desk, 3), asked.id) == ("in_force", [], 27)


def test_a_request_that_nobody_decided_on_expires(desk: Desk) -> None:
    asked = request(desk, WANTED).waiver
    assert state(later(desk, 31), asked.id)[0] == "expired"


def test_what_one_account_wrote_twice_is_told_and_not_refused(desk: Desk) -> None:
    asked = request(desk, WANTED).waiver
    approve(desk, asked.id, "Budi Santoso")
    assert state(desk, asked.id) == ("in_force", ["same_account"], 30)
    assert describe(desk, asked.id)["remarks"] == ["same_account"]


def test_an_approval_that_the_requester_wrote_past_the_commands_is_told(desk: Desk) -> None:
    asked = request(desk, WANTED).waiver
    entry = Decision(DecisionKind.WAIVER_APPROVED, asked.id, "SITI AMINAH", DAY, "", None, "siti", desk.now)
    desk.workspace.decisions.append([entry])
    found = row(desk, asked.id)
    assert (found["state"], found["days_left"], found["approved_by"]) == (
        "self_approved",
        None,
        "SITI AMINAH",
    )
    approve(replace(desk, account="budi"), asked.id, "Budi Santoso")
    assert state(desk, asked.id)[0] == "in_force"


def test_one_whose_server_or_check_left_is_orphaned(desk: Desk) -> None:
    name = approved(desk)
    gone = replace(desk, inputs=make_inputs(replace(INVENTORY, opds=(DINKES,))))
    assert (row(gone, name)["state"], row(gone, name)["missing"]) == ("orphaned", "opd")
    off = replace(desk.inputs.policy, disabled_checks={SITE.check: "tidak dipakai"})
    switched = replace(desk, inputs=make_inputs(rules=off))
    assert (row(switched, name)["state"], row(switched, name)["missing"]) == ("orphaned", "check")


def test_two_that_share_a_part_name_each_other(desk: Desk) -> None:
    narrow = approved(desk)
    wide = approved(desk, address="", port=0)
    assert row(desk, narrow)["overlaps"] == [wide]
    assert state(desk, wide)[1] == ["overlapping"]


def test_one_under_which_nothing_fails_any_more_is_idle(desk: Desk) -> None:
    before = judged(desk.workspace)
    finding = failing(before, desk.workspace, "ssh-ciphers-strong")
    asked = request(desk, replace(WANTED, wish=Wish(finding=finding))).waiver
    approve(replace(desk, account="budi"), asked.id, "Budi Santoso")
    assert state(desk, asked.id)[1] == []
    mended = make_world({**ANSWERS, f"ssh|{DB}|2222|": shown.ssh()})
    run = replace(mended.run, id="run-2", started_at=mended.run.started_at + timedelta(hours=1))
    judged(desk.workspace, replace(mended, run=run))
    assert state(desk, asked.id)[1] == ["idle"]
    silent = mended.without([f"ssh|{DB}|2222|"])
    run = replace(run, id="run-3", started_at=run.started_at + timedelta(hours=1))
    judged(desk.workspace, replace(silent, run=run))
    assert state(desk, asked.id)[1] == []


def test_what_ends_first_is_listed_first_and_a_list_can_be_narrowed(desk: Desk) -> None:
    short = request(desk, replace(WANTED, valid_until=DAY + timedelta(days=3))).waiver.id
    long = approved(desk, port=80)
    of_dinkes = request(desk, with_scope(opd="dinkes", server="dinkes-mail-01", address="", port=0)).waiver.id
    reject(desk, of_dinkes, "Budi Santoso", WHY)
    assert next(one["id"] for one in waiver_rows(desk)) == short

    def chosen(**wanted: list[str]) -> set[str]:
        return {one["id"] for one in waiver_rows(desk, wanted)}

    assert chosen() == chosen(opd=[], state=[]) == {short, long, of_dinkes}
    assert chosen(opd=["dinkes"]) == {of_dinkes}
    assert chosen(state=["requested", "rejected"]) == {short, of_dinkes}
    assert chosen(state=["in_force"], opd=["bkd"]) == {long}
    assert chosen(check=["ssh-ciphers-strong"]) == set()


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"opd": ["bkdd"]}, 'did you mean "bkd"'),
        ({"state": ["in force"]}, 'did you mean "in_force"'),
        ({"check": ["http-vcs"]}, "http-vcs"),
    ],
)
def test_a_list_of_what_cannot_be_is_refused(desk: Desk, wanted: dict[str, list[str]], told: str) -> None:
    with pytest.raises(UsageProblem) as found:
        waiver_rows(desk, wanted)
    assert told in f"{found.value.problem} {found.value.next_step}"


def test_a_waiver_that_names_what_left_can_still_be_listed_by_it(desk: Desk) -> None:
    name = approved(desk)
    gone = replace(desk, inputs=make_inputs(replace(INVENTORY, opds=(DINKES,))))
    assert [one["id"] for one in waiver_rows(gone, {"opd": ["bkd"]})] == [name]


def test_one_is_shown_with_every_entry_and_what_fails_in_its_scope(desk: Desk) -> None:
    world = judged(desk.workspace)
    finding = failing(world, desk.workspace, "ssh-ciphers-strong")
    asked = request(desk, replace(WANTED, wish=Wish(finding=finding))).waiver
    shown_first = describe(desk, asked.id)
    assert [(f["id"], f["waived"]) for f in shown_first["findings"]] == [(finding, False)]
    approve(later(desk, 0.1, account="budi"), asked.id, "Budi Santoso")
    assess(desk.workspace, world.run, world.inputs, SMALL)
    whole = describe(desk, asked.id)
    assert [(f["id"], f["waived"]) for f in whole["findings"]] == [(finding, True)]
    assert whole["run"] == world.run.id
    assert whole["reason"] == WANTED.reason
    assert whole["compensating_control"] == WANTED.compensating_control
    assert [(e["kind"], e["by"], e["account"], e["sequence"]) for e in whole["history"]] == [
        ("waiver_requested", "Siti Aminah, S.Kom.", "siti", 1),
        ("waiver_approved", "Budi Santoso", "budi", 2),
    ]
    revoke(desk, asked.id, "Rudi Hartono", WHY)
    assert describe(desk, asked.id)["history"][-1]["reason"] == WHY


def test_a_waiver_shows_nothing_that_belongs_to_another_opd(desk: Desk) -> None:
    """The failing name on BKD's server belongs to Dinkes, as the run's inventory says."""
    inventory = desk.inputs.inventory
    domainless = replace(inventory, opds=tuple(replace(o, servers=o.machines()) for o in inventory.opds))
    judged(desk.workspace, make_world(inventory=domainless))
    mine = request(desk, WANTED).waiver
    theirs = request(desk, with_scope(opd="dinkes")).waiver
    assert describe(desk, mine.id)["findings"] == []
    assert len(describe(desk, theirs.id)["findings"]) == 1


def test_without_an_audit_nothing_is_idle_and_nothing_is_found(desk: Desk) -> None:
    name = approved(desk)
    assert state(desk, name)[1] == []
    found = describe(desk, name)
    assert (found["run"], found["findings"]) == (None, [])


def test_what_is_not_there_is_told(desk: Desk) -> None:
    asked = request(desk, WANTED).waiver
    close = asked.id[:-1] + ("0" if asked.id[-1] != "0" else "1")
    with pytest.raises(UsageProblem) as found:
        describe(desk, close)
    assert asked.id in found.value.next_step
    assert "auditor waive list" in found.value.next_step


def test_an_empty_workspace_has_an_empty_list(desk: Desk) -> None:
    workspace: Workspace = desk.workspace
    assert waiver_rows(desk) == []
    assert workspace.decisions.all() == ()
