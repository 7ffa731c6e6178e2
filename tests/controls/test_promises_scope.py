"""Looking at less, or registering less, never looks better without saying so."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.model.movement import Cause
from auditor.model.verdict import Status
from controls.movement import movements
from controls.rules import rules_of
from controls.sides import Side
from tests.controls.fleets import (
    CHECKS,
    EDITIONS,
    LEVELS,
    POLICY,
    Fleet,
    cards,
    decided_fleets,
    levels_of,
    quality,
)


@given(decided_fleets(), st.data())
def test_a_part_of_a_scan_never_grades_better_than_the_whole(fleet: Fleet, data: st.DataObject) -> None:
    """Over the same servers: of some nothing was measured, or of some nothing was asked."""
    servers = data.draw(st.sets(st.sampled_from([server.id for server in fleet.servers])))
    checks = data.draw(st.sets(st.sampled_from(sorted(CHECKS))))
    missed = [place for place in fleet.statuses if place[1] in servers or place[0] in checks]
    whole, part = (cards(one, frameworks=EDITIONS) for one in (fleet, fleet.losing(missed)))
    for opd in LEVELS:
        before = levels_of(whole[opd])
        for name, level in levels_of(part[opd]).items():
            assert quality(level) <= quality(before[name]), (opd, name)
            assert quality(level, with_waivers=True) <= quality(before[name], with_waivers=True)
            assert level.score.floor <= before[name].score.floor
            assert level.with_waivers.floor <= before[name].with_waivers.floor


@given(decided_fleets(), st.data())
def test_a_server_that_is_gone_is_named_wherever_it_moved_a_score(fleet: Fleet, data: st.DataObject) -> None:
    assume(len(fleet.servers) > 1)
    gone = data.draw(st.sampled_from([server.id for server in fleet.servers]))
    less = replace(
        fleet,
        servers=tuple(server for server in fleet.servers if server.id != gone),
        statuses={place: one for place, one in fleet.statuses.items() if place[1] != gone},
    )
    before, after = cards(fleet), cards(less)
    told = movements(side(fleet, "before"), side(less, "after"))
    assert told[""].servers_removed == (gone,)
    for opd, comparison in told.items():
        higher = after[opd].own.score.floor > before[opd].own.score.floor
        lenient = after[opd].own.with_waivers.floor > before[opd].own.with_waivers.floor
        if before[opd].own.score.applicable and (higher or lenient):
            assert comparison.servers_removed == (gone,)
        for movement in (comparison.without_exceptions, comparison.with_exceptions):
            # Nothing else was changed, so the whole of what moved is told as the scope's.
            assert movement.parts[Cause.SCOPE] == movement.after - movement.before


def side(fleet: Fleet, run: str) -> Side:
    """Return a fleet as a run that can be compared with another."""
    return Side(
        run,
        fleet.verdicts(),
        rules_of(CHECKS, POLICY),
        {server.id: server for server in fleet.servers},
        POLICY,
        fleet.covered(),
        fleet.centre,
    )


@given(decided_fleets(), st.data())
def test_a_check_that_no_longer_runs_is_named(fleet: Fleet, data: st.DataObject) -> None:
    """A check that is switched off may raise a score, and then stands in the comparison."""
    assume(fleet.statuses)
    gone = data.draw(st.sampled_from(sorted({place[0] for place in fleet.statuses})))
    kept = {name: check for name, check in CHECKS.items() if name != gone}
    less = replace(fleet, statuses={place: one for place, one in fleet.statuses.items() if place[0] != gone})
    after = replace(side(less, "after"), rules=rules_of(kept, POLICY))
    for comparison in movements(side(fleet, "before"), after).values():
        assert comparison.checks_removed == (gone,)
        assert not comparison.same_rules


@given(decided_fleets(), st.data())
def test_a_server_that_nobody_measured_stays_on_its_card(fleet: Fleet, data: st.DataObject) -> None:
    lost = data.draw(st.sampled_from([server.id for server in fleet.servers]))
    places = [place for place in fleet.statuses if place[1] == lost]
    found = cards(fleet.losing(places))
    for opd in ("", fleet.server(lost).opd):
        shown = next(one for one in found[opd].servers if one.server == lost)
        assert not shown.measured
        assert shown.statuses[Status.PASS] == shown.statuses[Status.FAIL] == 0
