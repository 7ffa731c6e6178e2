"""What may move a score, at every height: server, control, clause, agency, centre and organisation."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.scorecard import Score, Scorecard
from auditor.model.verdict import Status
from tests.controls.fleets import (
    CHECKS,
    EDITIONS,
    LEVELS,
    STATUSES,
    Fleet,
    cards,
    decided_fleets,
    fleets,
    levels_of,
    quality,
)

LOST = st.sampled_from((Status.UNKNOWN, Status.ERROR))


def made(fleet: Fleet) -> dict[str, Scorecard]:
    """Return every card, with every control and clause of both editions."""
    return cards(fleet, frameworks=EDITIONS)


def floors(found: Scorecard) -> dict[str, tuple[float, float]]:
    """Return both floors of every level on a card: without exceptions and with them."""
    return {name: (level.score.floor, level.with_waivers.floor) for name, level in levels_of(found).items()}


def never_raises(before: Fleet, after: Fleet, *, exceptions: bool = True) -> None:
    earlier, later = made(before), made(after)
    for opd in LEVELS:
        higher, lower = floors(earlier[opd]), floors(later[opd])
        for name, (plain, lenient) in lower.items():
            assert plain <= higher[name][0], (opd, name)
            assert not exceptions or lenient <= higher[name][1], (opd, name)


@given(decided_fleets(), st.data())
def test_fixing_a_failure_never_lowers_a_score(fleet: Fleet, data: st.DataObject) -> None:
    failing = fleet.places(Status.FAIL)
    assume(failing)
    fixed = fleet.with_status(data.draw(st.sampled_from(failing)), Status.PASS)
    never_raises(fixed, fleet)
    before = made(fleet)
    for opd, found in made(fixed).items():
        # The failure may have stood before something unknown, which then withholds the letter.
        withheld = found.grade.reason == "coverage"
        assert withheld or quality(found.own) >= quality(before[opd].own)


@given(decided_fleets(), st.data())
def test_a_failure_more_never_raises_a_score(fleet: Fleet, data: st.DataObject) -> None:
    server = data.draw(st.sampled_from([server.id for server in fleet.servers]))
    place = (data.draw(st.sampled_from(sorted(CHECKS))), server, data.draw(st.integers(0, 4)))
    # Accepted at once, a failure takes a check out of the score with exceptions: that is the exception's.
    worse = replace(fleet, decisions=replace(fleet.decisions, waivers=()))
    never_raises(worse, worse.with_status(place, Status.FAIL))


@given(decided_fleets(), st.data())
def test_order_moves_nothing(fleet: Fleet, data: st.DataObject) -> None:
    random = data.draw(st.randoms(use_true_random=False))
    servers, items = shuffled(fleet.servers, random), shuffled(fleet.statuses.items(), random)
    waivers = shuffled(fleet.decisions.waivers, random)
    mixed = replace(
        fleet,
        servers=tuple(servers),
        statuses=dict(items),
        decisions=replace(fleet.decisions, waivers=tuple(waivers)),
    )
    assert made(mixed) == made(fleet)


def shuffled(found: Iterable[Any], random: Random) -> list[Any]:
    listed = list(found)
    random.shuffle(listed)
    return listed


@given(decided_fleets())
def test_exceptions_leave_the_score_alone_and_help_less_than_a_fix(fleet: Fleet) -> None:
    covered = fleet.covered()
    accepted = [
        place
        for place, verdict in zip(fleet.statuses, fleet.verdicts(), strict=True)
        if covered.covers(verdict)
    ]
    bare = replace(fleet, decisions=replace(fleet.decisions, waivers=()))
    with_them, without, fixed = made(fleet), made(bare), made(bare.losing(accepted, Status.PASS))
    for opd in LEVELS:
        fixed_levels, raw_levels = levels_of(fixed[opd]), levels_of(without[opd])
        for name, level in levels_of(with_them[opd]).items():
            assert (level.score, level.grade) == (raw_levels[name].score, raw_levels[name].grade)
            assert raw_levels[name].with_waivers == raw_levels[name].score
            assert level.score.floor <= level.with_waivers.floor <= fixed_levels[name].score.floor
        for severity in Severity:
            found = with_them[opd].findings[severity] + with_them[opd].accepted[severity]
            assert found == without[opd].findings[severity]


@given(decided_fleets(), st.data(), LOST)
def test_losing_verdicts_raises_neither_score_nor_grade_nor_coverage(
    fleet: Fleet, data: st.DataObject, status: Status
) -> None:
    assume(fleet.statuses)
    lost = data.draw(st.sets(st.sampled_from(sorted(fleet.statuses)), min_size=1))
    after = fleet.losing(lost, status)
    never_raises(fleet, after)
    whole, less = made(fleet), made(after)
    for opd in LEVELS:
        before = levels_of(whole[opd])
        for name, level in levels_of(less[opd]).items():
            assert level.score.coverage <= before[name].score.coverage
            assert quality(level) <= quality(before[name])
            assert quality(level, with_waivers=True) <= quality(before[name], with_waivers=True)


@given(fleets(), st.data(), LOST)
def test_a_pass_that_is_lost_is_seen_in_the_coverage(
    fleet: Fleet, data: st.DataObject, status: Status
) -> None:
    server = data.draw(st.sampled_from([server.id for server in fleet.servers]))
    check = data.draw(st.sampled_from([one.id for one in CHECKS.values() if one.severity != "info"]))
    others = {place: one for place, one in fleet.statuses.items() if place[:2] != (check, server)}
    passing = replace(fleet, statuses={**others, (check, server, 0): Status.PASS})
    known, lost = cards(passing)[""].score, cards(passing.with_status((check, server, 0), status))[""].score
    assert lost.floor < known.floor
    assert lost.coverage < known.coverage
    assert lost.ceiling == known.ceiling


@given(decided_fleets())
def test_every_number_lies_between_nought_and_a_hundred(fleet: Fleet) -> None:
    for found in made(fleet).values():
        for level in levels_of(found).values():
            for score in (level.score, level.with_waivers):
                assert all(math.isfinite(one) and 0 <= one <= 100 for one in percentages(score))
                assert score.floor <= min(score.ceiling, score.coverage)


def percentages(score: Score) -> tuple[float, float, float]:
    return score.floor, score.ceiling, score.coverage


@given(fleets(), st.data())
def test_one_verdict_told_twice_counts_once(fleet: Fleet, data: st.DataObject) -> None:
    """Twenty endpoints of one check on one server neither dilute nor multiply it."""
    assume(fleet.statuses)
    check, server, number = data.draw(st.sampled_from(sorted(fleet.statuses)))
    assume(number == 0)
    again = fleet.with_status((check, server, 7), fleet.statuses[check, server, 0])
    before = made(fleet)
    assert all(levels_of(found) == levels_of(before[opd]) for opd, found in made(again).items())


@given(fleets(), st.data(), STATUSES)
def test_a_parameter_too_loose_is_told_and_moves_no_number(
    fleet: Fleet, data: st.DataObject, status: Status
) -> None:
    assume(fleet.statuses)
    place = data.draw(st.sampled_from(sorted(fleet.statuses)))
    strict = replace(fleet.with_status(place, status), loosened=fleet.loosened - {place})
    loose = replace(strict, loosened=strict.loosened | {place})
    before = made(strict)
    for opd, found in made(loose).items():
        assert levels_of(found) == levels_of(before[opd])
        assert loosened(found) >= loosened(before[opd])


def loosened(found: Scorecard) -> set[str]:
    """Return the controls that tell of a loosened parameter."""
    return {one.control for results in found.controls.values() for one in results if one.loosened}
