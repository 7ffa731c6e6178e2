"""What digests tell of stored audits: what is new since a reader was told, and what stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.decision import Decision, DecisionKind
from auditor.model.evidence import Failure, FailureKind
from auditor.model.inventory import State
from auditor.model.message import Audience, Delivery, DeliveryStatus, Recipient
from auditor.model.schedule import Slot, SlotReason, SlotStatus, Work
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.digest import preview, send_digests, send_sample
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import Inputs
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.telling import (
    BKD,
    DINKES,
    LEADERSHIP,
    SECURITY,
    Hands,
    audit,
    make_inputs,
    morning,
    refusing,
)
from tests.auditor.usecases.world import ANSWERS, DB, INVENTORY, STARTED, WEB, Answers

FIXED: Answers = {**ANSWERS, f"ssh|{DB}|2222|": shown.ssh()}
WORSE: Answers = {**ANSWERS, f"ssh|{WEB}|22|": shown.ssh(ssh__ciphers=["aes128-cbc"])}
DARK: Answers = {**ANSWERS, f"ports|{DB}|0|": Failure(FailureKind.UNREACHABLE, "no port answered")}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "data")
    yield opened
    opened.engine.dispose()


def told(
    workspace: Workspace, at: datetime, recipient: Recipient = SECURITY, inputs: Inputs | None = None
) -> dict[str, Any]:
    """Send the digest of a morning to one reader and return it as data."""
    hands = Hands()
    send_digests(workspace, inputs or make_inputs((recipient,)), at, at, hands)
    (message,) = hands.to(recipient.to[0])
    record = message.record
    assert isinstance(record, dict)
    return record


def listed(record: dict[str, Any], name: str) -> list[tuple[str, str]]:
    return [(one["check"], one["server"]) for one in record["changes"][name]]


def test_before_any_audit_every_server_is_named_as_not_audited(workspace: Workspace) -> None:
    record = told(workspace, morning(0))
    assert record["scores"] == []
    assert record["new_audit"] is False
    registered = {one.id for one in INVENTORY.servers()}
    assert {one["server"] for one in record["not_scanned"]} == registered
    assert {one["reason"] for one in record["not_scanned"]} == {None}


def test_the_first_digest_tells_what_the_first_audit_found(workspace: Workspace) -> None:
    run = audit(workspace)
    record = told(workspace, morning(0))
    assert [score["run"] for score in record["scores"]] == [run] * 3
    assert ("http-vcs-absent", "bkd-web-01") in listed(record, "new")
    assert record["scores"][0]["floor_before"] is None
    named = {one["server"]: (one["whole"], one["reason"]) for one in record["not_scanned"]}
    assert named["dinkes-silent-01"] == (True, "tidak dapat dijangkau (no port answered)")
    assert named["dinkes-outside-01"] == (True, "alamat ini tidak tercakup surat tugas")
    assert named["dinkes-mail-01"][0] is False
    assert record["servers"]["not_measured"] == {"bkd": 0, "dinkes": 3}


def test_every_morning_tells_what_changed_since_the_one_before(workspace: Workspace) -> None:
    audit(workspace, 0)
    first = told(workspace, morning(0))
    audit(workspace, 1, FIXED)
    second = told(workspace, morning(1))
    assert listed(second, "fixed") == [("ssh-ciphers-strong", "bkd-db-01")]
    assert listed(second, "new") == []
    assert second["scores"][0]["floor_before"] == first["scores"][0]["floor"]
    audit(workspace, 2, ANSWERS)
    third = told(workspace, morning(2))
    assert listed(third, "came_back") == [("ssh-ciphers-strong", "bkd-db-01")]
    audit(workspace, 3, DARK)
    fourth = told(workspace, morning(3))
    assert ("ssh-ciphers-strong", "bkd-db-01") in listed(fourth, "not_measured")
    assert listed(fourth, "fixed") == []


def test_a_morning_without_an_audit_says_so_and_compares_nothing(workspace: Workspace) -> None:
    audit(workspace, 0)
    told(workspace, morning(0))
    record = told(workspace, morning(1))
    assert record["new_audit"] is False
    assert record["scores"][0]["floor_before"] is None
    assert not any(record["changes"].values())


def test_what_a_reader_was_not_told_is_told_the_next_time(workspace: Workspace) -> None:
    audit(workspace, 0)
    told(workspace, morning(0))
    audit(workspace, 1, WORSE)
    inputs = make_inputs((SECURITY,), attempts=1)
    send_digests(workspace, inputs, morning(1), morning(1), refusing("ditolak"))
    audit(workspace, 2, WORSE)
    record = told(workspace, morning(2))
    assert listed(record, "new") == [("ssh-ciphers-strong", "bkd-web-01")]
    assert record["since"] == morning(0).isoformat()
    assert [one["status"] for one in record["undelivered"]] == ["failed"]


def test_an_audit_that_was_still_running_is_told_the_next_morning(workspace: Workspace) -> None:
    audit(workspace, 0)
    told(workspace, morning(0))
    # The second audit begins an hour before this digest, and is judged after it.
    meanwhile = told(workspace, STARTED + timedelta(days=1, hours=1))
    assert meanwhile["new_audit"] is False
    audit(workspace, 1, FIXED)
    record = told(workspace, morning(1))
    assert listed(record, "fixed") == [("ssh-ciphers-strong", "bkd-db-01")]


def test_deadlines_are_counted_in_the_days_of_the_agency(workspace: Workspace) -> None:
    audit(workspace, 0)
    # The critical finding of 22 November is due on the 25th. In Jakarta that day ends at 17:00 UTC.
    last = datetime.fromisoformat("2026-11-25T16:59:59+00:00")
    within, over = told(workspace, last, BKD), told(workspace, last + timedelta(seconds=1), BKD)
    assert [(one["check"], one["days"]) for one in within["due_soon"]] == [("http-vcs-absent", 0)]
    assert within["overdue"] == []
    assert [(one["check"], one["days"]) for one in over["overdue"]] == [("http-vcs-absent", -1)]
    eastern = replace(
        INVENTORY, opds=(replace(INVENTORY.opds[0], timezone="Asia/Jayapura"), INVENTORY.opds[1])
    )
    inputs = replace(make_inputs((BKD,)), inventory=eastern)
    earlier = told(workspace, last - timedelta(hours=2) + timedelta(seconds=2), BKD, inputs)
    assert [one["check"] for one in earlier["overdue"]] == ["http-vcs-absent"]


def test_a_deadline_names_who_has_taken_it_on(workspace: Workspace) -> None:
    audit(workspace, 0)
    finding = next(one for one in workspace.results.findings().values() if one.check == "http-vcs-absent")
    answer = Acknowledgement(finding.id, "Rina", "Folder dihapus.", morning(3).date())
    workspace.decisions.append(
        [
            Decision(
                DecisionKind.FINDING_ACKNOWLEDGED,
                finding.id,
                "Rina",
                morning(0).date(),
                "",
                answer,
                "akun",
                morning(0),
            )
        ]
    )
    record = told(workspace, morning(1))
    (due,) = record["due_soon"]
    assert (due["owner"], due["planned"]) == ("Rina", morning(3).date().isoformat())


def test_only_security_is_told_what_did_not_run(workspace: Workspace) -> None:
    audit(workspace, 0)
    for number, status in enumerate((SlotStatus.MISSED, SlotStatus.DONE, SlotStatus.CUT)):
        at = morning(0) - timedelta(hours=20 - number)
        workspace.slots.claim(
            [Slot("audit", at, Work.AUDIT, status, reason=SlotReason.OFF if number != 1 else "")]
        )
    record = told(workspace, morning(0))
    assert [one["status"] for one in record["misfires"]] == ["missed", "cut"]
    for reader in (LEADERSHIP, BKD):
        assert told(workspace, morning(0), reader)["misfires"] == []
    assert told(workspace, morning(1))["misfires"] == []


def test_what_ended_badly_after_a_digest_is_told_by_the_next(workspace: Workspace) -> None:
    begun = morning(0) - timedelta(hours=1)
    slot = Slot("audit", begun, Work.AUDIT, SlotStatus.RUNNING, "run-9", begun)
    workspace.slots.claim([slot])
    assert told(workspace, morning(0))["misfires"] == []
    workspace.slots.update(
        replace(
            slot, status=SlotStatus.CUT, finished_at=morning(0) + timedelta(hours=2), reason=SlotReason.WINDOW
        )
    )
    assert [one["status"] for one in told(workspace, morning(1))["misfires"]] == ["cut"]


@pytest.mark.parametrize(("mine", "other"), [(BKD, "dinkes"), (DINKES, "bkd")])
def test_no_agency_reads_of_another(mine: Recipient, other: str, workspace: Workspace) -> None:
    audit(workspace, 0)
    hands = Hands()
    send_digests(workspace, make_inputs((mine,)), morning(0), morning(0), hands)
    (message,) = hands.to(mine.to[0])
    everything = "\n".join(
        (message.subject, message.text, message.html, message.short, json.dumps(message.record))
    )
    assert mine.opd in everything
    for one in INVENTORY.opd(other).servers:
        assert one.id not in everything
    assert INVENTORY.opd(other).name not in everything
    assert not any(
        record.id in everything for record in workspace.results.findings().values() if record.opd == other
    )


def test_a_retired_server_is_not_missed(workspace: Workspace) -> None:
    audit(workspace, 0)
    dinkes = INVENTORY.opds[1]
    servers = tuple(replace(one, state=State.RETIRED) for one in dinkes.servers)
    inventory = replace(INVENTORY, opds=(INVENTORY.opds[0], replace(dinkes, servers=servers)))
    record = told(workspace, morning(0), inputs=replace(make_inputs((SECURITY,)), inventory=inventory))
    assert record["servers"]["registered"] == {"bkd": 2, "dinkes": 0}
    assert {one["opd"] for one in record["not_scanned"]} <= {"bkd"}


def test_each_reader_has_a_language_and_a_history_of_its_own(workspace: Workspace) -> None:
    audit(workspace, 0)
    hands = Hands()
    send_digests(workspace, make_inputs((LEADERSHIP,)), morning(0), morning(0), hands)
    audit(workspace, 1, FIXED)
    send_digests(workspace, make_inputs((LEADERSHIP, SECURITY)), morning(1), morning(1), hands)
    assert "Since 23 November 2026 06:30 WIB: 1 fixed" in hands.to("sekda@example.go.id")[1].text
    assert "Sejak audit sebelumnya: 1 diperbaiki" in hands.to("tim@example.go.id")[0].text


def test_a_preview_is_what_would_be_sent_and_leaves_nothing_behind(workspace: Workspace) -> None:
    audit(workspace, 0)
    inputs = make_inputs((LEADERSHIP,))
    seen = preview(workspace, inputs, morning(0), Audience.LEADERSHIP, "", "en")
    assert workspace.deliveries.all() == ()
    hands = Hands()
    send_digests(workspace, inputs, morning(0), morning(0), hands)
    assert hands.to("sekda@example.go.id")[0] == seen


@pytest.mark.parametrize(
    ("audience", "opd", "language", "problem"),
    [
        (Audience.OPD, "", "", "names its opd"),
        (Audience.SECURITY, "bkd", "", "names its opd"),
        (Audience.OPD, "bkdd", "", "no opd bkdd"),
        (Audience.SECURITY, "", "fr", "language fr"),
    ],
)
def test_a_reader_that_cannot_be_is_refused(
    audience: Audience, opd: str, language: str, problem: str, workspace: Workspace
) -> None:
    with pytest.raises(UsageProblem, match=problem):
        preview(workspace, make_inputs(), morning(0), audience, opd, language)


def test_a_channel_is_tried_out_without_telling_anything() -> None:
    hands = Hands()
    sent = send_sample(make_inputs(), "surel", "admin@example.go.id", morning(0), hands)
    assert (sent.to, sent.status) == ("admin@example.go.id", DeliveryStatus.WAITING)
    (message,) = hands.to("admin@example.go.id")
    assert "Saluran ini berfungsi" in message.text
    for channel, to, problem in (("lain", "a@b.id", "no channel lain"), ("surel", "", "nobody to send to")):
        with pytest.raises(UsageProblem, match=problem):
            send_sample(make_inputs(), channel, to, morning(0), hands)
    with pytest.raises(UsageProblem, match="535 ditolak"):
        send_sample(make_inputs(), "surel", "a@b.id", morning(0), refusing("535 ditolak"))


def test_a_delivery_knows_what_it_told(workspace: Workspace) -> None:
    (sent,) = send_digests(workspace, make_inputs((BKD,)), morning(0), morning(0), Hands())
    assert isinstance(sent, Delivery)
    message = workspace.deliveries.message(sent.id)
    assert message is not None
    assert (sent.subject, sent.opd) == (message.subject, "bkd")
    assert "Badan Kepegawaian Daerah" in message.subject
