"""Asking for a waiver, approving, rejecting and revoking it: what is refused, and what the log holds then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.model.decision import Decision, DecisionKind
from auditor.model.policy import WaiverRules, Width
from auditor.model.waiver import WaiverStatus
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from auditor.usecases.errors import UsageProblem
from auditor.usecases.waive import Desk, approve, make_desk, reject, request, revoke
from auditor.usecases.waive_rules import day_of
from auditor.usecases.waive_scope import Wish
from tests.auditor.usecases.waiving import (
    LONG,
    NOW,
    SITE,
    SMALL,
    WANTED,
    WHY,
    failing,
    judged,
    later,
    make_inputs,
    refused,
    rules,
    with_scope,
)
from tests.auditor.usecases.world import DAY, DINKES, INVENTORY, policy
from tests.controls.catalogue import shipped


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    return Desk(workspace, make_inputs(), NOW, "siti")


def test_a_request_is_in_the_log_and_covers_nothing_yet(desk: Desk) -> None:
    asked = request(desk, WANTED)
    (entry,) = desk.workspace.decisions.all()
    assert (entry.kind, entry.account, entry.at, entry.day) == (
        DecisionKind.WAIVER_REQUESTED,
        "siti",
        NOW,
        DAY,
    )
    assert entry.content == asked.waiver
    assert asked.waiver.status is WaiverStatus.REQUESTED
    assert (asked.waiver.valid_from, asked.waiver.valid_until) == (DAY, DAY + timedelta(days=30))
    assert asked.overlaps == ()


def test_from_request_over_approval_to_its_revocation(desk: Desk) -> None:
    asked = request(desk, WANTED).waiver
    approved = approve(later(desk, 2, account="budi"), asked.id, "Budi Santoso").waiver
    assert (approved.status, approved.approved_by) == (WaiverStatus.APPROVED, "Budi Santoso")
    assert approved.approved_on == approved.valid_from == DAY + timedelta(days=2)
    assert approved.valid_until == asked.valid_until
    ended = revoke(later(desk, 5), asked.id, "Rudi Hartono", WHY).waiver
    assert (ended.status, ended.ended_by, ended.ended_on, ended.ended_reason) == (
        WaiverStatus.REVOKED,
        "Rudi Hartono",
        DAY + timedelta(days=5),
        WHY,
    )
    assert [one.account for one in desk.workspace.decisions.all()] == ["siti", "budi", "siti"]
    assert list(desk.workspace.decisions.verify()) == []


def test_an_approval_of_what_begins_later_does_not_move_its_first_day(desk: Desk) -> None:
    first = DAY + timedelta(days=10)
    asked = request(desk, replace(WANTED, valid_from=first)).waiver
    assert approve(desk, asked.id, "Budi Santoso").waiver.valid_from == first


@pytest.mark.parametrize("hours", [16.99, 17])
def test_the_day_of_a_step_is_the_local_one(desk: Desk, hours: float) -> None:
    evening = replace(desk, now=datetime(2026, 12, 31, tzinfo=UTC) + timedelta(hours=hours))
    asked = request(evening, replace(WANTED, valid_until=date(2027, 2, 1))).waiver
    assert asked.requested_on == (date(2026, 12, 31) if hours < 17 else date(2027, 1, 1))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"valid_until": None}, "needs an end. add --until with a day up to 2027-05-21"),
        ({"valid_until": DAY - timedelta(days=1)}, "--until 2026-11-21 has passed"),
        ({"valid_until": DAY + LONG + timedelta(days=1)}, "181 days after the first day"),
        ({"valid_from": DAY - timedelta(days=1)}, "--from 2026-11-21 has passed"),
        ({"valid_from": DAY + timedelta(days=31)}, "comes before --from"),
        ({"valid_from": date.max, "valid_until": date.max}, "too far ahead"),
        ({"reason": "  karena  "}, "--reason says too little"),
        ({"reason": ""}, "--reason says too little"),
        ({"reason": "-" * 40}, "--reason says too little"),
        ({"reason": "sebab " * 400}, "write at most 2000"),
        ({"reason": "Situs arsip \u202e dipindahkan."}, "characters that nobody sees"),
        ({"compensating_control": "ada"}, "--compensating says too little"),
        ({"requested_by": ""}, "--requested-by"),
        ({"requested_by": "-.-"}, "is no name"),
        ({"requested_by": "Siti\u200bAminah"}, "characters that nobody sees"),
        ({"requested_by": "x" * 121}, "is no name"),
    ],
)
def test_what_is_asked_for_wrongly_is_refused(desk: Desk, change: dict[str, Any], told: str) -> None:
    assert told in refused(lambda: request(desk, replace(WANTED, **change)))
    assert desk.workspace.decisions.all() == ()


def test_the_longest_life_is_allowed(desk: Desk) -> None:
    assert request(desk, replace(WANTED, valid_until=DAY + LONG)).waiver.valid_until == DAY + LONG
    one_day = request(desk, replace(WANTED, wish=replace(SITE, port=80), valid_until=DAY)).waiver
    assert one_day.valid_from == one_day.valid_until == DAY


def test_what_is_covered_or_asked_for_already_is_refused_by_name(desk: Desk) -> None:
    first = request(desk, with_scope(address="", port=0)).waiver
    assert first.id in refused(lambda: request(desk, with_scope(address="", port=0)))
    assert f"{first.id} is requested and covers all of this" in refused(lambda: request(desk, WANTED))
    approve(desk, first.id, "Budi Santoso")
    assert f"{first.id} is approved and covers all of this" in refused(lambda: request(desk, WANTED))


def test_what_reaches_further_is_taken_and_the_overlap_told(desk: Desk) -> None:
    narrow = request(desk, WANTED).waiver
    wider = request(desk, with_scope(address="", port=0))
    longer = request(desk, replace(WANTED, valid_until=DAY + timedelta(days=60)))
    other = request(desk, with_scope(port=80, server_name="bkd.example.go.id", check="http-listing-absent"))
    assert wider.overlaps == (narrow.id,)
    assert longer.overlaps == tuple(sorted((narrow.id, wider.waiver.id)))
    assert other.overlaps == ()
    assert narrow.id in approve(desk, wider.waiver.id, "Budi Santoso").overlaps


def test_what_has_ended_stands_in_nobodys_way(desk: Desk) -> None:
    rejected = request(desk, WANTED).waiver
    reject(desk, rejected.id, "Budi Santoso", WHY)
    found = refused(lambda: request(desk, WANTED))
    assert f"as {rejected.id}, which is rejected" in found
    again = request(desk, replace(WANTED, reason="Situs arsip dipindahkan setelah lelang.")).waiver
    approve(desk, again.id, "Budi Santoso")
    revoke(desk, again.id, "Budi Santoso", WHY)
    after = later(desk, 40)
    assert request(after, replace(WANTED, valid_until=after.today)).overlaps == ()


@pytest.mark.parametrize(
    "name", ["Siti Aminah", "SITI  AMINAH, S.Kom., M.T.", "Dr. Sití Aminah", "Hj. Siti Aminah"]
)
def test_nobody_approves_what_they_asked_for(desk: Desk, name: str) -> None:
    asked = request(desk, WANTED).waiver
    assert "nobody approves what they asked for" in refused(lambda: approve(desk, asked.id, name))
    assert desk.waivers()[0].status is WaiverStatus.REQUESTED


def test_only_what_is_open_can_be_decided(desk: Desk) -> None:
    first, second = request(desk, WANTED).waiver, request(desk, with_scope(port=80)).waiver
    assert "only what is approved" in refused(lambda: revoke(desk, first.id, "Budi Santoso", WHY))
    approve(desk, first.id, "Budi Santoso")
    assert "approved already" in refused(lambda: approve(desk, first.id, "Budi Santoso"))
    assert "auditor waive revoke" in refused(lambda: reject(desk, first.id, "Budi Santoso", WHY))
    reject(desk, second.id, "Siti Aminah", WHY)
    assert "rejected already" in refused(lambda: approve(desk, second.id, "Budi Santoso"))
    assert "only what is requested" in refused(lambda: reject(desk, second.id, "Budi Santoso", WHY))
    assert "ended by itself" in refused(lambda: revoke(later(desk, 40), first.id, "Budi Santoso", WHY))
    assert "there is no waiver" in refused(lambda: approve(desk, "W-00000000", "Budi Santoso"))


def test_why_and_who_must_be_said(desk: Desk) -> None:
    asked = request(desk, WANTED).waiver
    assert "--by" in refused(lambda: approve(desk, asked.id, ""))
    assert "--reason" in refused(lambda: reject(desk, asked.id, "Budi Santoso", ""))
    approve(desk, asked.id, "Budi Santoso")
    assert "--by" in refused(lambda: revoke(desk, asked.id, " ", WHY))
    assert len(desk.workspace.decisions.all()) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda desk: later(desk, 30), ""),
        (lambda desk: later(desk, 31), "would have ended with 2026-12-22"),
        (
            lambda desk: replace(
                desk,
                inputs=make_inputs(
                    rules=replace(policy(), waivers=WaiverRules(29, 5, policy().waivers.widest))
                ),
            ),
            "longer than the 29 days",
        ),
        (
            lambda desk: replace(desk, inputs=make_inputs(replace(INVENTORY, opds=(DINKES,)))),
            "OPD is not registered",
        ),
        (
            lambda desk: replace(
                desk,
                inputs=make_inputs(rules=replace(policy(), disabled_checks={SITE.check: "tidak dipakai"})),
            ),
            "its check is not in force",
        ),
    ],
)
def test_an_approval_is_held_against_the_rules_of_its_own_day(
    desk: Desk, change: Callable[[Desk], Desk], told: str
) -> None:
    asked = request(desk, WANTED).waiver
    if told:
        assert told in refused(lambda: approve(change(desk), asked.id, "Budi Santoso"))
    else:
        assert approve(change(desk), asked.id, "Budi Santoso").waiver.status is WaiverStatus.APPROVED


def test_a_policy_that_became_stricter_refuses_what_is_now_too_broad(desk: Desk) -> None:
    asked = request(desk, with_scope(address="", port=0)).waiver
    strict = replace(desk, inputs=rules(Width.ENDPOINT, shipped().checks[SITE.check].severity))
    assert "too broad" in refused(lambda: approve(strict, asked.id, "Budi Santoso"))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A log into which another process writes just before we do."""

    inner: Any
    entry: Decision

    def append(self, entries: list[Decision], _expected: int | None = None) -> Any:
        return self.inner.append([self.entry, *entries])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def test_of_two_who_decide_at_once_the_first_counts_and_the_other_is_told(desk: Desk) -> None:
    asked = request(desk, WANTED).waiver
    first = Decision(DecisionKind.WAIVER_REJECTED, asked.id, "Rudi", DAY, WHY, None, "rudi", NOW)
    meanwhile = replace(desk.workspace, decisions=Elsewhere(desk.workspace.decisions, first))  # type: ignore[arg-type]
    told = refused(lambda: approve(replace(desk, workspace=meanwhile), asked.id, "Budi Santoso"))
    assert "decided by somebody else meanwhile: it is rejected" in told
    assert desk.waivers()[0].status is WaiverStatus.REJECTED


def test_an_approved_waiver_counts_when_the_run_of_its_day_is_judged_again_and_no_earlier_one(
    desk: Desk,
) -> None:
    world = judged(desk.workspace)
    found = failing(world, desk.workspace, "ssh-ciphers-strong")
    asked = request(desk, replace(WANTED, wish=Wish(finding=found))).waiver
    for by, waived in ((None, {}), ("Budi Santoso", {asked.id})):
        if by:
            approve(desk, asked.id, by)
        assess(desk.workspace, world.run, world.inputs, SMALL)
        footing = desk.workspace.results.footing(world.run.id)
        assert footing is not None
        assert set(footing.waived.values()) == set(waived)
    yesterday = replace(world.run, id="run-0", started_at=world.run.started_at - timedelta(days=1))
    earlier = judged(desk.workspace, replace(world, run=yesterday))
    footing = desk.workspace.results.footing(earlier.run.id)
    assert footing is not None
    assert footing.waived == {}
    assert footing.decisions == 2


def test_the_account_is_the_one_that_runs_whatever_the_environment_says(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = make_desk(workspace, make_inputs()).account
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "kepala-dinas")
    assert make_desk(workspace, make_inputs()).account == named != "kepala-dinas"


@pytest.mark.parametrize(
    "text", ["31-12-2026", "2026-02-30", "20261231", "2026-W52-1", "besok", "２０２６-12-31"]
)
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(UsageProblem, match="is no day"):
        day_of(text, "until")
    assert day_of("2028-02-29", "until") == date(2028, 2, 29)
    assert day_of("", "from") is None
