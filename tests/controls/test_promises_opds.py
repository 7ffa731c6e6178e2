"""Between agencies: nobody moves another's number, and nothing falls between two of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.model.attestation import Answer
from auditor.model.check import Severity
from auditor.model.inventory import Category, Responsible, Server
from auditor.model.scorecard import Score, Scorecard
from auditor.model.verdict import Status
from controls.rollup import judge_servers
from tests.controls.decided import attestation
from tests.controls.fleets import (
    CHECKS,
    CONTROLS,
    EDITIONS,
    NAMES,
    OPDS,
    POLICY,
    STATUSES,
    Fleet,
    Place,
    cards,
    decided_fleets,
    fleets,
)


@given(decided_fleets(), st.data(), STATUSES)
def test_the_change_of_another_never_moves_mine(fleet: Fleet, data: st.DataObject, status: Status) -> None:
    """On a server that both share, too."""
    mine = data.draw(st.sampled_from(OPDS))
    others = [place for place in places_of(fleet) if fleet.owner(place) != mine]
    assume(others)
    place = data.draw(st.sampled_from(others))
    before, after = (cards(one, frameworks=EDITIONS) for one in (fleet, fleet.with_status(place, status)))
    assert after[mine] == before[mine]


@given(decided_fleets(), st.sampled_from(OPDS), st.data())
def test_what_another_answers_or_accepts_never_moves_mine(
    fleet: Fleet, mine: str, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from([opd for opd in OPDS if opd != mine]))
    edition, control = data.draw(st.sampled_from(CONTROLS))
    more = attestation(control, data.draw(st.sampled_from(Answer)), opd=other, edition=edition)
    decisions = fleet.decisions
    changed = replace(
        decisions,
        attestations=(*decisions.attestations, more),
        waivers=tuple(one for one in decisions.waivers if one.opd != other),
    )
    before = cards(fleet, frameworks=EDITIONS)
    after = cards(replace(fleet, decisions=changed), frameworks=EDITIONS)
    assert after[mine] == before[mine]


def test_a_fault_of_a_name_is_its_owner_s_and_one_of_the_machine_its_keeper_s() -> None:
    keeper = Fleet((shared(),), {}, centre="dispora")
    name, machine = ("http-vcs-absent", "s0", 1), ("ssh-terrapin-absent", "s0", 0)
    both = keeper.with_status(name, Status.FAIL).with_status(machine, Status.FAIL)
    found = cards(both)
    assert (found["dinkes"].findings[Severity.CRITICAL], found["bkd"].findings[Severity.MEDIUM]) == (1, 1)
    assert (found["bkd"].findings[Severity.CRITICAL], found["dinkes"].findings[Severity.MEDIUM]) == (0, 0)
    assert [one.server for one in found["dinkes"].servers] == ["s0"]
    # Seen by that name, too: below the name, the machine is its keeper's.
    by_name = cards(keeper.with_status(("ssh-terrapin-absent", "s0", 1), Status.FAIL))
    assert (by_name["bkd"].findings[Severity.MEDIUM], by_name["dinkes"].findings[Severity.MEDIUM]) == (1, 0)


def shared() -> Server:
    """Return a server of BKD with a name of Dinkes on it."""
    owners = {"satu.example.go.id": "dinkes"}
    return Server("s0", "bkd", "s0", "lan", Category.RENDAH, (), name_owners=owners)


@given(fleets(minimum_servers=2))
def test_the_whole_is_what_every_agency_and_the_centre_answer_for(fleet: Fleet) -> None:
    """What counts twice is shown twice on purpose: the centre as an agency answers for both sides."""
    found = cards(fleet)
    parts = [part for opd in OPDS for part in sides(found[opd], fleet.centre)]
    for pooled, of in (
        (found[""].score, parts),
        (found[""].score_centre, [found[opd].score_centre for opd in OPDS]),
    ):
        assert exact(pooled) == tuple(map(sum, zip(*map(exact, of), strict=True)))
        some = [part for part in of if part.applicable]
        if some:
            assert min(part.floor for part in some) <= pooled.floor <= max(part.floor for part in some)


def sides(found: Scorecard, centre: str) -> list[Score]:
    """Return what an agency answers for, and what the centre answers for on its servers."""
    return [found.score] if found.opd == centre else [found.score, found.score_centre]


def exact(score: Score) -> tuple[Fraction, ...]:
    """Return the weights exactly: those here are whole or halves, so that floats hold them."""
    return tuple(Fraction(weight) for weight in (score.passed, score.failed, score.unjudged))


@given(fleets())
def test_every_judged_thing_is_one_agency_s_and_one_side_s(fleet: Fleet) -> None:
    """Each verdict goes into one cell of one owner and one side, and every cell has a card."""
    servers = {server.id: server for server in fleet.servers}
    judged = judge_servers(fleet.verdicts(), servers, CHECKS, POLICY, fleet.covered())
    expected = {(fleet.owner(place), *place[:2]) for place in fleet.statuses}
    assert Counter((one.opd, one.check, one.server) for one in judged) == Counter(expected)
    found = cards(fleet)
    for opd in OPDS:
        mine = [one for one in judged if one.opd == opd]
        split = Counter(one.side for one in mine)
        assert split[Responsible.OPD] + split[Responsible.CENTRE] == len(mine)
        weights = sum(applicable(found[opd], side) for side in ("own", "centre"))
        if opd == fleet.centre:
            weights = applicable(found[opd], "own")
        assert weights == pytest.approx(sum(weighs(one.severity, one.status, one.multiplier) for one in mine))


def applicable(found: Scorecard, side: str) -> float:
    level = found.own if side == "own" else found.centre
    return level.score.applicable


def weighs(severity: Severity, status: Status, multiplier: float) -> float:
    return 0 if status is Status.NOT_APPLICABLE else POLICY.weights[severity] * multiplier


@given(fleets(minimum_servers=2))
def test_the_servers_of_all_agencies_are_those_of_the_whole(fleet: Fleet) -> None:
    found = cards(fleet)
    for server in found[""].servers:
        shown = [one for opd in OPDS for one in found[opd].servers if one.server == server.server]
        summed: Counter[Status] = Counter()
        for one in shown:
            summed.update(one.statuses)
        assert summed == Counter(dict(server.statuses))
        owners = {fleet.server(server.server).opd, *fleet.server(server.server).name_owners.values()}
        assert len(shown) == len(owners)


@given(decided_fleets(), st.lists(st.sampled_from(OPDS), min_size=4, max_size=4), st.data())
def test_merging_or_splitting_agencies_keeps_the_number_of_findings(
    fleet: Fleet, drawn: list[str], data: st.DataObject
) -> None:
    merged = {"bkd": "bkd", "dinkes": data.draw(st.sampled_from(("bkd", "dinkes"))), "dispora": "dispora"}
    # An exception of an agency that is no more covers nothing: only findings as such are compared.
    bare = replace(fleet, decisions=replace(fleet.decisions, waivers=()))
    others = [
        tuple(moved(server, merged[server.opd], merged) for server in fleet.servers),
        tuple(moved(server, opd, {}) for server, opd in zip(fleet.servers, drawn, strict=False)),
    ]
    before = cards(bare)
    for servers in others:
        after = cards(replace(bare, servers=servers))
        for severity in Severity:
            assert after[""].findings[severity] == before[""].findings[severity]
            assert sum(after[opd].findings[severity] for opd in OPDS) == after[""].findings[severity]


def moved(server: Server, opd: str, merged: dict[str, str]) -> Server:
    """Return a server of another agency, the names on it going along."""
    owners = {name: merged.get(other, other) for name, other in server.name_owners.items()}
    return replace(server, opd=opd, name_owners={name: one for name, one in owners.items() if one != opd})


@given(decided_fleets())
def test_an_exception_is_told_from_what_is_open_at_every_height(fleet: Fleet) -> None:
    found = cards(fleet)
    for severity in Severity:
        for counts in ("findings", "accepted"):
            whole = getattr(found[""], counts)[severity]
            assert sum(getattr(found[opd], counts)[severity] for opd in OPDS) == whole


def places_of(fleet: Fleet) -> list[Place]:
    """Return every place that a verdict can stand at."""
    numbers = range(len(NAMES))
    return [
        (check, server.id, number)
        for check in sorted(CHECKS)
        for server in fleet.servers
        for number in numbers
    ]
