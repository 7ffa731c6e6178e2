"""What takes evidence away takes nothing else, and sees what looks better."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import pytest

from auditor.model.decision import Decisions
from auditor.model.facts import Facts
from auditor.model.scorecard import ControlStatus
from auditor.model.verdict import Status
from auditor.model.waiver_standing import in_force
from benchmarks.damage import IDENTITY, RECORDS, damaged
from benchmarks.made_up_decisions import made_up
from benchmarks.removing import Removals, better_cards
from tests.auditor.usecases.test_run_invariants import JUDGED, VERDICTS, WHOLE
from tests.controls.catalogue import shipped


@cache
def removals() -> Removals:
    return Removals.judged_whole(WHOLE.run, WHOLE.inputs, shipped(), WHOLE.evidence, Decisions())


def test_the_whole_is_what_an_audit_comes_to() -> None:
    assert removals().wholes[0].cards == JUDGED.scorecards
    assert sorted(removals().verdicts(), key=str) == sorted(VERDICTS, key=str)


def test_nothing_looks_better_under_damage() -> None:
    tried = removals().tried(range(30))
    assert tried.violations == []
    assert tried.counted["verdicts lost"] > 1_000
    assert tried.counted["compared with judge_run"] == 1


@pytest.mark.parametrize("number", range(40))
def test_damage_only_takes_away(number: int) -> None:
    damage = damaged(WHOLE.evidence, Random(number))
    assert damage.rows != WHOLE.evidence
    assert damage.rows.keys() <= WHOLE.evidence.keys()
    for task, row in damage.rows.items():
        whole = WHOLE.evidence[task]
        assert is_part(row.facts, whole.facts)
        assert row.failure == whole.failure or row.task.server in damage.servers
    changed = {key for key, one in WHOLE.evidence.items() if damage.rows.get(key) != one}
    assert {WHOLE.evidence[key].task.server for key in changed} <= damage.servers


def is_part(less: Facts, whole: Facts) -> bool:
    """Return whether facts are some of others; a record keeps what it is called by."""
    for name, value in less.items():
        records = whole[name]
        if name not in RECORDS:
            assert value == records
            continue
        assert isinstance(value, list)
        assert isinstance(records, list)
        for one, other in zip(value, records, strict=True):
            assert one.items() <= other.items()
            assert {key for key in IDENTITY if key in other} <= one.keys()
    return True


def test_what_looks_better_is_told() -> None:
    lost = WHOLE.without([key for key in WHOLE.evidence if "bkd-web-01" in key])
    less = Removals.judged_whole(lost.run, lost.inputs, shipped(), lost.evidence, Decisions())
    assert not list(better_cards(JUDGED.scorecards, less.wholes[0].cards))
    told = list(better_cards(less.wholes[0].cards, JUDGED.scorecards))
    assert any("bkd: server bkd-web-01 is better" in one for one in told)
    card = JUDGED.scorecards["bkd"]
    first, *others = card.controls["2022"]
    lifted = replace(first, status=ControlStatus.CONFORMS, measured=ControlStatus.CONFORMS)
    lowered = replace(first, status=ControlStatus.NOT_EXAMINED, measured=ControlStatus.NOT_EXAMINED)
    cards = [
        {"bkd": replace(card, controls={**card.controls, "2022": (one, *others)})}
        for one in (lowered, lifted)
    ]
    assert list(better_cards(*cards)) == [f"bkd: 2022 {first.control} not_examined → conforms"]


def test_a_verdict_that_turns_out_well_is_told() -> None:
    """Evidence that says something else instead of less: a fault is gone that was there."""
    task = next(key for key, one in WHOLE.evidence.items() if one.facts.get("tls.tls_1_0") is True)
    mended = {**WHOLE.evidence[task].facts, "tls.tls_1_0": False}
    careless = removals()
    better = replace(careless, evidence=WHOLE.with_facts(task, mended).evidence)
    tried = better.tried(range(5))
    assert any("something else than UNKNOWN" in one for one in tried.violations)


def test_decisions_are_made_up_for_the_day_of_the_run() -> None:
    found = made_up(WHOLE.run, WHOLE.inputs, shipped(), VERDICTS, 1)
    assert found == made_up(WHOLE.run, WHOLE.inputs, shipped(), VERDICTS, 1)
    failing = sum(one.status is Status.FAIL for one in VERDICTS)
    assert 0 < len(found.waivers) < failing
    assert len(found.attestations) > 100
    assert found.applicabilities
    assert all(in_force(one, one.valid_from) for one in found.waivers)
