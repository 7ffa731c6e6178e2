"""The four invariants of every audit, whatever goes wrong in collecting its evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.evidence import Failure, FailureKind
from auditor.model.verdict import Status
from auditor.store.records import SCORECARD, VERDICT
from auditor.usecases.assess import Assessment, judge_run, targets
from controls.subjects import SERVER_KINDS, enumerate_subjects
from tests.auditor.usecases.judging import (
    cards_of,
    facts_with_one_less,
    only_became_unknown,
    verdicts_of,
)
from tests.auditor.usecases.world import AUTHORIZATION, World, make_world, policy
from tests.controls.catalogue import shipped

WHOLE = make_world()
VERDICTS = verdicts_of(WHOLE)
CARDS = cards_of(WHOLE, VERDICTS)
JUDGED = judge_run(WHOLE.run, WHOLE.inputs, shipped(), WHOLE.evidence)
LETTERS = ["", *(band.letter for band in reversed(policy().grading.bands))]
TASKS = st.sampled_from(sorted(WHOLE.evidence))
WHOLE_RUNS = settings(max_examples=settings().max_examples // 3)
"""A whole run is judged in each example, which takes longer than most properties."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Rows lost, rows that became failures, and facts taken from others."""

    lost: frozenset[str]
    failed: tuple[tuple[str, FailureKind], ...]
    taken: tuple[tuple[str, str], ...]

    def done(self) -> World:
        """Return the world after this damage."""
        world = WHOLE
        for task, name in self.taken:
            facts = world.evidence[task].facts
            world = world.with_facts(task, {key: one for key, one in facts.items() if key != name})
        for task, kind in self.failed:
            world = world.with_failure(task, Failure(kind, ""))
        return world.without(self.lost)


FACTS = [(task, name) for task, one in sorted(WHOLE.evidence.items()) for name in sorted(one.facts)]
DAMAGES = st.builds(
    Damage,
    st.frozensets(TASKS, max_size=5),
    st.lists(st.tuples(TASKS, st.sampled_from(FailureKind)), max_size=3).map(tuple),
    st.lists(st.sampled_from(FACTS), max_size=20).map(tuple),
)


def test_the_helper_judges_as_an_audit_does() -> None:
    assert JUDGED.verdicts == VERDICTS
    for opd, card in JUDGED.scorecards.items():
        bare = replace(card, controls={}, servers=(), groups={})
        assert bare == replace(CARDS[opd], controls={}, servers=(), groups={})
    assert {one.status for one in VERDICTS} == set(Status) - {Status.ERROR}


@WHOLE_RUNS
@given(DAMAGES)
def test_every_check_is_answered_for_every_subject_whatever_is_missing(damage: Damage) -> None:
    world = damage.done()
    verdicts = verdicts_of(world)
    places = targets(world.inputs, world.evidence)
    subjects = Counter(one.subject.kind for one in enumerate_subjects(places))
    # No domain is registered in this world, and no zone searched: those have a test of their own.
    checks = [check for check in shipped().checks.values() if not check.consent]
    checks = [check for check in checks if check.subject in SERVER_KINDS]
    consented = {one.check for one in verdicts if shipped().checks[one.check].consent}
    assert consented == AUTHORIZATION.consent
    assert sum(one.check not in consented for one in verdicts) == sum(subjects[c.subject] for c in checks)
    assert len({(one.check, one.subject.key) for one in verdicts}) == len(verdicts)
    answered = {(one.check, one.subject.server, one.subject.address) for one in verdicts}
    assert {(c.id, p.server, p.address) for c in checks for p in places} <= answered


@WHOLE_RUNS
@given(DAMAGES)
def test_losing_evidence_turns_verdicts_to_unknown_only(damage: Damage) -> None:
    assert only_became_unknown(VERDICTS, verdicts_of(damage.done()))


@pytest.mark.parametrize("task", sorted(key for key, one in WHOLE.evidence.items() if one.facts))
def test_taking_any_one_fact_turns_verdicts_to_unknown_only(task: str) -> None:
    server = WHOLE.evidence[task].task.server
    before = tuple(one for one in VERDICTS if one.subject.server == server)
    for name, facts in facts_with_one_less(WHOLE.evidence[task]):
        assert only_became_unknown(before, verdicts_of(WHOLE.with_facts(task, facts), server)), name


@pytest.mark.parametrize("task", sorted(key for key in WHOLE.evidence if key.startswith("ports|")))
def test_without_its_ports_an_address_is_unknown_in_every_check(task: str) -> None:
    server = WHOLE.evidence[task].task.server
    for world in (WHOLE.without([task]), WHOLE.with_failure(task, Failure(FailureKind.TIMEOUT, "x"))):
        found = verdicts_of(world, server)
        assert {one.subject.port for one in found} == {0}
        # Where the inventory alone says that a check does not apply, it still does not.
        assert {one.status for one in found} <= {Status.UNKNOWN, Status.NOT_APPLICABLE}
        measured = (one for one in VERDICTS if one.subject.server == server)
        applied = {one.check for one in measured if one.status is not Status.NOT_APPLICABLE}
        assert all(one.status is Status.UNKNOWN and one.reason for one in found if one.check in applied)


@WHOLE_RUNS
@given(DAMAGES)
def test_losing_evidence_never_raises_score_coverage_nor_grade(damage: Damage) -> None:
    world = damage.done()
    for opd, card in cards_of(world, verdicts_of(world)).items():
        assert card.score.floor <= CARDS[opd].score.floor
        assert card.score_centre.floor <= CARDS[opd].score_centre.floor
        assert card.score.coverage <= CARDS[opd].score.coverage
        assert LETTERS.index(card.grade.letter) <= LETTERS.index(CARDS[opd].grade.letter)


def test_a_server_of_which_nothing_was_measured_scores_nought() -> None:
    card = cards_of(WHOLE, VERDICTS)["dinkes"]
    for server in ("dinkes-silent-01", "dinkes-outside-01", "dinkes-name-01"):
        found = next(one for one in card.servers if one.server == server)
        assert (found.score.floor, found.score.coverage) == (0.0, 0.0)
        assert found.score.unjudged > 0


def texts(assessment: Assessment) -> list[str]:
    """Return what is stored of an assessment, byte for byte."""
    cards = [opd + SCORECARD.text(card) for opd, card in assessment.scorecards.items()]
    return [*(VERDICT.text(one) for one in assessment.verdicts), *cards]


@settings(max_examples=3)
@given(st.randoms(use_true_random=False))
def test_judging_again_gives_the_same_bytes_in_whatever_order(random: Random) -> None:
    items, checks = list(WHOLE.evidence.items()), list(shipped().checks.items())
    random.shuffle(items)
    random.shuffle(checks)
    again = judge_run(WHOLE.run, WHOLE.inputs, replace(shipped(), checks=dict(checks)), dict(items))
    assert texts(again) == texts(JUDGED)


def test_the_same_evidence_again_changes_no_card() -> None:
    """Stored a second time, rows have other numbers and hashes and say the same."""
    again = {
        key: replace(one, sequence=one.sequence + 1_000, hash=one.hash[::-1])
        for key, one in reversed(WHOLE.evidence.items())
    }
    judged = judge_run(WHOLE.run, WHOLE.inputs, shipped(), {**WHOLE.evidence, **again})
    assert judged.scorecards == JUDGED.scorecards
    assert [(one.check, one.subject, one.status) for one in judged.verdicts] == [
        (one.check, one.subject, one.status) for one in JUDGED.verdicts
    ]


def test_another_opd_s_evidence_never_moves_mine() -> None:
    others = [key for key, one in WHOLE.evidence.items() if one.task.opd != "bkd"]
    cards = cards_of(WHOLE, verdicts_of(WHOLE.without(others)))
    assert cards["bkd"] == CARDS["bkd"]
    assert cards["dinkes"] != CARDS["dinkes"]


def test_the_day_of_the_run_decides_and_not_the_day_of_judging() -> None:
    """The certificates of this world end in January; judged for March, they have expired."""

    def expired(world: World) -> int:
        return sum(
            one.status is Status.FAIL for one in verdicts_of(world) if one.check == "certificate-valid-now"
        )

    march = replace(
        WHOLE, run=replace(WHOLE.run, started_at=WHOLE.run.started_at.replace(year=2027, month=3))
    )
    assert expired(WHOLE) == 0
    assert expired(march) == 5
