"""Whatever is accepted, the score without exceptions stays, and the one with them stays honest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.scorecard import Scorecard
from auditor.model.verdict import Status
from auditor.model.waiver import Waiver, WaiverStatus
from controls.responsibility import owning_opd
from controls.rollup import Waived, scorecards
from controls.waivers import waiver_for
from tests.controls.fleets import CHECKS, OPDS, RULES, Fleet, Place, fleets, verdict_at
from tests.controls.test_waivers import WAIVER

DAY = date(2026, 11, 22)
PEOPLE = st.sampled_from(("Siti Aminah", "Budi Santoso", "siti  AMINAH, S.Kom."))
DAYS = st.integers(-3, 3).map(lambda days: DAY + timedelta(days=days))


@st.composite
def waivers(draw: st.DrawFn) -> Waiver:
    """Draw a waiver of any scope and state, with days around the day of the run."""
    return replace(
        WAIVER,
        id=f"W-{draw(st.integers(0, 99)):08x}",
        check=draw(st.sampled_from(sorted(CHECKS))),
        opd=draw(st.sampled_from(("", *OPDS))),
        server=draw(st.sampled_from(("", "s0", "s1", "s2"))),
        address=draw(st.sampled_from(("", "10.0.0.1", "10.0.0.2"))),
        port=draw(st.sampled_from((0, 1000, 1001))),
        requested_by=draw(PEOPLE),
        approved_by=draw(PEOPLE),
        valid_from=draw(DAYS),
        valid_until=draw(DAYS),
        status=draw(st.sampled_from(WaiverStatus)),
        ended_on=draw(DAYS),
    )


LISTS = st.lists(waivers(), max_size=6)


def covered(fleet: Fleet, listed: Iterable[Waiver]) -> dict[Place, Waiver]:
    """Return what is accepted on the day, as an assessment finds it."""
    servers = {server.id: server for server in fleet.servers}
    given_to = tuple(listed)
    found = {}
    for place, status in fleet.statuses.items():
        verdict = verdict_at(place, status)
        opd = owning_opd(CHECKS[verdict.check].layer, verdict.subject, servers[verdict.subject.server])
        waiver = waiver_for(verdict, opd, given_to, DAY)
        if waiver is not None:
            found[place] = waiver
    return found


def cards(fleet: Fleet, listed: Iterable[Waiver]) -> dict[str, Scorecard]:
    """Return OPD id → card, judged with waivers."""
    by_verdict = {
        (place[0], verdict_at(place, Status.FAIL).subject.key): waiver.id
        for place, waiver in covered(fleet, listed).items()
    }
    return scorecards(fleet.servers, fleet.verdicts(), RULES, Waived(by_verdict), frozenset())


@given(fleets(), LISTS)
def test_a_waiver_never_moves_the_score_without_exceptions(fleet: Fleet, listed: list[Waiver]) -> None:
    raw, accepted = cards(fleet, ()), cards(fleet, listed)
    for opd, card in raw.items():
        assert accepted[opd].own.score == card.own.score
        assert accepted[opd].own.grade == card.own.grade
        assert accepted[opd].centre.score == card.centre.score
        assert [one.level.score for one in accepted[opd].servers] == [one.level.score for one in card.servers]
        pooled = {
            severity: accepted[opd].findings[severity] + accepted[opd].accepted[severity]
            for severity in card.findings
        }
        assert pooled == card.findings


@given(fleets(), LISTS)
def test_the_score_with_exceptions_lies_between_without_them_and_as_if_mended(
    fleet: Fleet, listed: list[Waiver]
) -> None:
    mended = fleet
    for place in covered(fleet, listed):
        mended = mended.with_status(place, Status.PASS)
    best = cards(mended, ())
    for opd, card in cards(fleet, listed).items():
        for level, above in ((card.own, best[opd].own), (card.centre, best[opd].centre)):
            assert level.score.floor <= level.with_waivers.floor <= above.score.floor


@given(fleets(), LISTS)
def test_an_expired_waiver_is_as_good_as_none(fleet: Fleet, listed: list[Waiver]) -> None:
    yesterday = DAY - timedelta(days=1)
    expired = [replace(one, valid_until=min(one.valid_until, yesterday)) for one in listed]
    assert covered(fleet, expired) == {}
    assert cards(fleet, expired) == cards(fleet, ())


@given(fleets(), LISTS)
def test_a_waiver_covers_nothing_of_another_opd_server_or_check_nor_self_approved(
    fleet: Fleet, listed: list[Waiver]
) -> None:
    owners = {server.id: server.opd for server in fleet.servers}
    for (check, server, number), waiver in covered(fleet, listed).items():
        assert fleet.statuses[check, server, number] is Status.FAIL
        assert waiver.check == check
        assert waiver.opd in ("", owners[server])
        assert waiver.server in ("", server)
        assert waiver.port in (0, 1000 + number)
        assert waiver.approved_by.casefold().split()[0] != waiver.requested_by.casefold().split()[0]
        assert waiver.status in (WaiverStatus.APPROVED, WaiverStatus.REVOKED)
        assert waiver.valid_from <= DAY <= waiver.valid_until


@given(fleets(), LISTS, st.randoms(use_true_random=False))
def test_the_order_of_waivers_is_irrelevant(fleet: Fleet, listed: list[Waiver], random: object) -> None:
    by_id = {one.id: one for one in listed}.values()
    assert covered(fleet, reversed(by_id)) == covered(fleet, by_id)


@given(fleets(minimum_servers=2), LISTS)
def test_a_waiver_of_one_opd_never_moves_the_card_of_another(fleet: Fleet, listed: list[Waiver]) -> None:
    mine = fleet.servers[0].opd
    others = [replace(one, opd=next(o for o in OPDS if o != mine)) for one in listed]
    assert cards(fleet, others)[mine] == cards(fleet, ())[mine]
