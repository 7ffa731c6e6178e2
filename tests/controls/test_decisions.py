"""What a log of decisions comes to, and that writing around the commands gives nobody an exception."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from auditor.model.decision import DecisionKind
from auditor.model.people import same_person
from auditor.model.waiver import WaiverStatus
from controls.decisions import fold
from tests.controls.decided import DAY, applicability, attestation, entry, waiver

KIND = DecisionKind
ASKED = waiver()
REQUEST = entry(KIND.WAIVER_REQUESTED, ASKED.id, ASKED, by=ASKED.requested_by, sequence=1)


def approval(by: str = "Kepala Dinas", day: date = DAY, about: str = ASKED.id, sequence: int = 2):  # type: ignore[no-untyped-def]
    return entry(KIND.WAIVER_APPROVED, about, by=by, day=day, sequence=sequence)


def test_an_empty_log_decides_nothing() -> None:
    found = fold(())
    assert (found.attestations, found.applicabilities, found.waivers, found.sequence) == ((), (), (), 0)


def test_a_waiver_is_asked_for_then_approved_by_somebody_else() -> None:
    (asked,) = fold([REQUEST]).waivers
    assert asked.status is WaiverStatus.REQUESTED
    found = fold([REQUEST, approval()], "abc")
    assert (found.waivers[0].status, found.waivers[0].approved_by) == (WaiverStatus.APPROVED, "Kepala Dinas")
    assert (found.sequence, found.head) == (2, "abc")


def test_an_approval_on_a_later_day_moves_the_first_day_and_never_back() -> None:
    later = DAY + timedelta(days=3)
    assert fold([REQUEST, approval(day=later)]).waivers[0].valid_from == later
    planned = waiver(valid_from=DAY + timedelta(days=10))
    asked = entry(KIND.WAIVER_REQUESTED, planned.id, planned)
    assert fold([asked, approval(day=later)]).waivers[0].valid_from == planned.valid_from


@pytest.mark.parametrize(
    "name",
    [
        "Kepala Bidang Aptika",
        "KEPALA  BIDANG APTIKA",
        "Kepala Bidang Aptika, S.Kom., M.T.",
        "Dr. Kepala Bidang Aptika",
    ],
)
def test_nobody_approves_what_they_asked_for(name: str) -> None:
    assert fold([REQUEST, approval(by=name)]).waivers[0].status is WaiverStatus.REQUESTED


def test_a_request_that_says_it_is_approved_is_only_a_request() -> None:
    forged = waiver(status=WaiverStatus.APPROVED, approved_by="Kepala Dinas", approved_on=DAY)
    (found,) = fold([entry(KIND.WAIVER_REQUESTED, forged.id, forged)]).waivers
    assert found.status is WaiverStatus.REQUESTED


def test_a_second_request_with_the_same_id_does_not_replace_the_first() -> None:
    wider = waiver(server="")
    found = fold([REQUEST, approval(), entry(KIND.WAIVER_REQUESTED, wider.id, wider)]).waivers
    assert [(one.server, one.status) for one in found] == [("s0", WaiverStatus.APPROVED)]


def test_what_was_rejected_cannot_be_approved_and_what_was_revoked_not_again() -> None:
    rejected = entry(KIND.WAIVER_REJECTED, ASKED.id)
    assert fold([REQUEST, rejected, approval()]).waivers[0].status is WaiverStatus.REJECTED
    revoked = entry(KIND.WAIVER_REVOKED, ASKED.id, day=DAY + timedelta(days=5))
    found = fold([REQUEST, approval(), revoked, approval()]).waivers[0]
    assert (found.status, found.ended_on) == (WaiverStatus.REVOKED, DAY + timedelta(days=5))
    assert fold([REQUEST, revoked]).waivers[0].status is WaiverStatus.REQUESTED


def test_an_ending_of_what_nobody_made_does_nothing() -> None:
    assert fold([approval(about="W-99999999")]).waivers == ()


def test_a_withdrawn_answer_ends_on_the_day_before() -> None:
    answer, decided = attestation(), applicability()
    day = DAY + timedelta(days=7)
    log = [
        entry(KIND.ATTESTED, answer.id, answer),
        entry(KIND.APPLICABILITY_DECIDED, decided.id, decided),
        entry(KIND.ATTESTATION_WITHDRAWN, answer.id, day=day),
        entry(KIND.APPLICABILITY_WITHDRAWN, decided.id, day=day),
    ]
    found = fold(log)
    assert found.attestations[0].valid_until == day - timedelta(days=1)
    assert found.applicabilities[0].valid_until == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Budi Santoso", "budi  SANTOSO", True),
        ("Budi Santoso, S.Kom.", "Drs. Budi Santoso", True),
        ("H. Budi Santoso", "Budi Santoso", True),
        ("Budí Santoso", "Budi Santoso", True),
        ("Budi Santoso", "Budi Susanto", False),
        ("Budi Santoso", "Santoso Budi", True),
        (", Siti Aminah", ", Siti Aminah", True),
        (", Siti Aminah", "Siti Aminah", True),
        ("Siti A\ufe0fminah", "Siti Aminah", True),
        ("Siti A\u3164minah", "Siti Aminah", True),
        ("Siti Aminah S.Kom.", "Siti Aminah", True),
        ("Siti Aminah S.Kom., M.T.", "Siti Aminah", True),
        ("SitiAminah", "Siti Aminah", True),
        ("Siti_Aminah", "siti aminah", True),
        ("Sıti Aminah", "Siti Aminah", True),
        ("S\u0456ti Aminah", "Siti Aminah", True),
        ("Kepala Bidang Aptika", "Kepala Dinas", False),
        ("M. Said", "Said Ali", False),
        ("", "", False),
        ("...", "...", True),
        ("   ", "   ", False),
    ],
)
def test_the_same_person_under_another_spelling(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same
