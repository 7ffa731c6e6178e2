"""Which answer of people holds: on a day, for an OPD, in either edition."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from auditor.model.attestation import Answer, Applicability, Aspect, Attestation
from auditor.model.decision import Decisions
from controls.attestations import Answers, answers_on
from tests.controls.catalogue import shipped
from tests.controls.decided import DAY, LATER, applicability, attestation

C, P, D = Answer.CONFORMS, Answer.PARTIAL, Answer.DOES_NOT_CONFORM
DESIGN, DONE, WORKS = Aspect.DESIGN, Aspect.IMPLEMENTATION, Aspect.EFFECTIVENESS


def answers(*given: Attestation | Applicability, day: date = DAY) -> Answers:
    decisions = Decisions(
        tuple(one for one in given if isinstance(one, Attestation)),
        tuple(one for one in given if isinstance(one, Applicability)),
    )
    return answers_on(decisions, shipped().frameworks, day)


def answer(found: Answers, control: str = "A.5.1", edition: str = "2022", opd: str = "bkd") -> Answer | None:
    attested = found.attested(edition, control, opd)
    return attested.answer if attested else None


def test_nobody_answered() -> None:
    assert answers().attested("2022", "A.5.1", "bkd") is None
    assert answers().applied("2022", "A.5.1", "bkd") is None


def test_an_answer_holds_on_its_days_both_included() -> None:
    given = attestation(until=DAY + timedelta(days=10))
    for days, expected in ((-1, None), (0, C), (10, C), (11, None)):
        assert answer(answers(given, day=DAY + timedelta(days=days))) is expected, days


def test_what_has_ended_is_told_as_ended() -> None:
    found = answers(attestation(until=DAY), day=LATER).attested("2022", "A.5.1", "bkd")
    assert found is not None
    assert (found.answer, found.valid_until) == (None, DAY)


def test_the_last_word_counts_on_the_same_day_too() -> None:
    assert answer(answers(attestation(answer=C), attestation(answer=D))) is D
    assert answer(answers(attestation(answer=D), attestation(answer=C))) is C
    newer = attestation(answer=P, on=DAY + timedelta(days=1))
    assert answer(answers(newer, attestation(answer=C), day=LATER)) is P


def test_a_newer_answer_that_has_ended_does_not_bring_an_older_one_back() -> None:
    older = attestation(answer=C, until=LATER)
    newer = attestation(answer=D, on=DAY + timedelta(days=1), until=DAY + timedelta(days=2))
    assert answer(answers(older, newer, day=DAY + timedelta(days=3))) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({DESIGN: C, DONE: C, WORKS: C}, C),
        ({DESIGN: C, DONE: C}, P),
        ({DESIGN: C}, P),
        ({DESIGN: C, DONE: P, WORKS: C}, P),
        ({DESIGN: C, DONE: C, WORKS: D}, D),
        ({DONE: D}, D),
    ],
)
def test_aspects_apart_come_to_the_worst_and_to_partial_while_one_is_missing(
    given: dict[Aspect, Answer], expected: Answer
) -> None:
    found = answers(*(attestation(answer=one, aspect=aspect) for aspect, one in given.items()))
    assert answer(found) is expected


def test_a_newer_answer_to_one_aspect_changes_that_aspect_of_the_whole() -> None:
    whole = attestation(answer=C)
    found = answers(whole, attestation(answer=D, aspect=WORKS, on=DAY + timedelta(days=1)), day=LATER)
    attested = found.attested("2022", "A.5.1", "bkd")
    assert attested is not None
    assert (attested.answer, attested.aspects) == (D, {DESIGN: C, DONE: C, WORKS: D})
    again = answers(
        attestation(answer=D, aspect=WORKS), attestation(answer=C, on=DAY + timedelta(days=1)), day=LATER
    )
    assert answer(again) is C


def test_an_opd_inherits_what_was_answered_for_all_unless_it_answered_itself() -> None:
    general = attestation(answer=C, opd="")
    found = answers(general).attested("2022", "A.5.1", "bkd")
    assert found is not None
    assert (found.answer, found.inherited) == (C, True)
    assert answer(answers(general, attestation(answer=D))) is D
    assert answer(answers(general, attestation(answer=D)), opd="dinkes") is C
    assert answer(answers(attestation(answer=D)), opd="") is None


def test_an_opds_ended_answer_leaves_the_general_one() -> None:
    ended = attestation(answer=D, until=DAY)
    assert answer(answers(attestation(answer=C, opd=""), ended, day=DAY + timedelta(days=1))) is C


def test_an_answer_is_taken_over_to_the_other_edition() -> None:
    """A.10.1.1 and A.10.1.2 of 2013 were merged into A.8.24 of 2022."""
    new = answers(attestation("A.8.24", P))
    for old in ("A.10.1.1", "A.10.1.2"):
        assert answer(new, old, "2013") is P
    one = attestation("A.10.1.1", C, edition="2013")
    other = attestation("A.10.1.2", D, edition="2013")
    assert answer(answers(one), "A.8.24") is None
    both = answers(one, other).attested("2022", "A.8.24", "bkd")
    assert both is not None
    assert (both.answer, both.taken_from) == (D, ("A.10.1.1", "A.10.1.2"))
    assert answer(answers(one, other, attestation("A.8.24", P)), "A.8.24") is P


def test_a_control_with_two_counterparts_needs_both() -> None:
    """A.18.2.3 of 2013 went on in A.5.36 and A.8.8 of 2022."""
    assert answer(answers(attestation("A.5.36")), "A.18.2.3", "2013") is None
    assert answer(answers(attestation("A.5.36"), attestation("A.8.8", P)), "A.18.2.3", "2013") is P


def test_a_new_control_takes_nothing_over() -> None:
    everything = [attestation(one.id, edition="2013") for one in shipped().frameworks["2013"].controls]
    assert answer(answers(*everything), "A.8.9") is None
    assert answer(answers(*everything), "A.8.24") is C


def test_leaving_out_needs_somebody_else_s_approval() -> None:
    for approver, applied in (("Sekretaris Daerah", True), ("", False), ("KEPALA DINAS, S.H.", False)):
        found = answers(applicability(approved_by=approver)).applied("2022", "A.5.1", "bkd")
        assert (found is not None) is applied, approver
    included = answers(applicability(applicable=True, approved_by="")).applied("2022", "A.5.1", "bkd")
    assert included is not None
    assert included.applicable


def test_leaving_out_ends_and_the_last_decision_counts() -> None:
    short = applicability(until=DAY)
    assert answers(short, day=DAY + timedelta(days=1)).applied("2022", "A.5.1", "bkd") is None
    found = answers(applicability(), applicability(applicable=True)).applied("2022", "A.5.1", "bkd")
    assert found is not None
    assert found.applicable


def test_leaving_out_is_taken_over_only_when_every_counterpart_is_left_out() -> None:
    one, other = (applicability(name, edition="2013") for name in ("A.10.1.1", "A.10.1.2"))
    assert answers(one).applied("2022", "A.8.24", "bkd") is None
    found = answers(one, other).applied("2022", "A.8.24", "bkd")
    assert found is not None
    assert (found.applicable, found.taken_from) == (False, ("A.10.1.1", "A.10.1.2"))
    kept = applicability("A.10.1.2", applicable=True, edition="2013")
    included = answers(one, kept).applied("2022", "A.8.24", "bkd")
    assert included is not None
    assert included.applicable
