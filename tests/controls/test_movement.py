"""Why a score moved: five parts, each of one cause, that add up exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.inventory import Category, State
from auditor.model.movement import Cause, Comparison, Movement
from auditor.model.verdict import Status
from controls.movement import movement, movements
from controls.sides import Side
from tests.controls.judged_runs import (
    CHECKS,
    HEAVIER,
    JUDGED,
    LEVELS,
    LOST,
    SERVER_IDS,
    Judged,
    Place,
    judged,
    runs,
    runs_by_other_rules,
    server,
)

P, F, U, E, N = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.ERROR, Status.NOT_APPLICABLE
HIGH, MEDIUM, LOW = "tls-1-0-refused", "tls-1-3-offered", "tls-aead-only"


def moved(before: Judged, after: Judged) -> dict[str, Comparison]:
    return movements(before.side("before"), after.side("after"))


def both(compared: Comparison) -> tuple[Movement, Movement]:
    return compared.without_exceptions, compared.with_exceptions


def causes(before: Judged, after: Judged) -> set[Cause]:
    """Return what moved any number of anybody."""
    numbers = (number for compared in moved(before, after).values() for number in both(compared))
    return {cause for number in numbers for cause, part in number.parts.items() if part}


def parts(before: Judged, after: Judged, excepted: bool = False) -> dict[Cause, Fraction]:
    """Return the parts of the organisation that are not nought."""
    number = both(moved(before, after)[""])[excepted]
    return {cause: part for cause, part in number.parts.items() if part}


def agrees(number: Fraction, card_floor: float) -> bool:
    return float(number) == card_floor


@given(runs_by_other_rules(), runs_by_other_rules())
def test_parts_add_up_and_both_ends_are_the_scores_of_the_cards(before: Judged, after: Judged) -> None:
    compared = moved(before, after)
    earlier, later = before.cards(), after.cards()
    assert compared.keys() == earlier.keys() | later.keys()
    for opd, one in compared.items():
        for number in both(one):
            assert number.parts.keys() == set(Cause)
            assert sum(number.parts.values()) == number.after - number.before
        assert one.without_exceptions.parts[Cause.EXCEPTIONS] == 0
        for cards, ends in ((earlier, "before"), (later, "after")):
            levels = (cards[opd].score, cards[opd].score_with_waivers) if opd in cards else (None, None)
            for number, score in zip(both(one), levels, strict=True):
                assert agrees(getattr(number, ends), score.floor if score else 0.0)


@given(runs_by_other_rules(), runs_by_other_rules(), st.randoms(use_true_random=False))
def test_the_order_of_verdicts_and_rules_is_irrelevant(before: Judged, after: Judged, random: Random) -> None:
    def again(mapping: Mapping[Any, Any]) -> dict[Any, Any]:
        return dict(random.sample(list(mapping.items()), len(mapping)))

    def shuffled(run: Judged) -> Judged:
        statuses, checks, servers = again(run.statuses), again(run.checks), again(run.servers)
        return replace(run, statuses=statuses, checks=checks, servers=servers)

    assert moved(shuffled(before), shuffled(after)) == moved(before, after)


@given(runs_by_other_rules(), runs_by_other_rules())
def test_one_opd_is_compared_as_all_are(before: Judged, after: Judged) -> None:
    for opd, compared in moved(before, after).items():
        assert movement(before.side("before"), after.side("after"), opd) == compared


@given(runs_by_other_rules())
def test_the_same_run_twice_moved_nothing(run: Judged) -> None:
    assert causes(run, run) == set()
    assert all(compared.same_rules for compared in moved(run, run).values())


@given(runs(), st.data())
def test_waivers_alone_move_only_exceptions(run: Judged, data: st.DataObject) -> None:
    failing = sorted(run.places(F))
    assume(failing)
    waived = data.draw(st.frozensets(st.sampled_from(failing)))
    assert causes(run, replace(run, waived=waived)) <= {Cause.EXCEPTIONS}


@given(runs(), runs())
def test_servers_that_come_or_go_move_only_the_scope(run: Judged, other: Judged) -> None:
    servers = {**other.servers, **run.servers}
    statuses = {**other.statuses, **run.statuses}
    own = {place: status for place, status in statuses.items() if place[1] in run.servers}
    more = replace(run, servers=servers, statuses=statuses, waived=run.waived | other.waived)
    less = replace(more, servers=run.servers, statuses=own)
    assert causes(less, more) <= {Cause.SCOPE}
    assert causes(more, less) <= {Cause.SCOPE}


@given(runs(), st.lists(st.sampled_from(Category), min_size=3, max_size=3), st.data())
def test_another_category_owner_or_side_moves_only_the_scope(
    run: Judged, categories: list[Category], data: st.DataObject
) -> None:
    others = data.draw(runs())
    servers = {name: others.servers.get(name, one) for name, one in run.servers.items()}
    recategorised = {
        name: replace(one, category=category)
        for (name, one), category in zip(servers.items(), categories, strict=False)
    }
    assert causes(run, replace(run, servers=recategorised, centre=others.centre)) <= {Cause.SCOPE}


@given(runs(), runs(), st.data())
def test_changed_checks_move_only_the_rule_pack(run: Judged, other: Judged, data: st.DataObject) -> None:
    changed = data.draw(st.sets(st.sampled_from(sorted(CHECKS)), min_size=1))
    theirs = {p: s for p, s in other.statuses.items() if p[0] in changed and p[1] in run.servers}
    kept = {place: status for place, status in run.statuses.items() if place[0] not in changed}
    after = replace(
        run,
        statuses={**kept, **theirs},
        digests={**run.digests, **dict.fromkeys(changed, "2")},
        waived=frozenset(p for p in run.waived if p[0] not in changed) | other.waived & theirs.keys(),
    )
    assert causes(run, after) <= {Cause.RULE_PACK}
    compared = moved(run, after)[""]
    assert compared.checks_changed == tuple(sorted(changed))
    assert not compared.same_rules


@given(runs(), st.sampled_from(sorted(CHECKS)))
def test_other_severities_weights_and_checks_move_only_the_rule_pack(run: Judged, name: str) -> None:
    severe = replace(run, checks={**CHECKS, name: replace(CHECKS[name], severity=Severity.CRITICAL)})
    fewer = replace(run, checks={key: check for key, check in CHECKS.items() if key != name})
    heavier = replace(run, policy=HEAVIER)
    for after in (severe, fewer, heavier):
        assert causes(run, after) <= {Cause.RULE_PACK}
        assert causes(after, run) <= {Cause.RULE_PACK}
        assert moved(run, after)[""].same_rules == (after == run)
    assert moved(run, fewer)[""].checks_removed == moved(fewer, run)[""].checks_added == (name,)
    assert moved(run, heavier)[""].weights_changed


@given(runs(), st.booleans())
def test_other_bands_caps_or_coverage_are_told_though_they_move_nothing(run: Judged, caps: bool) -> None:
    grading = run.policy.grading
    changed = replace(grading, caps={}) if caps else replace(grading, coverage_floor=0)
    after = replace(run, policy=replace(run.policy, grading=changed))
    assert causes(run, after) == set()
    compared = moved(run, after)[""]
    assert compared.grading_changed
    assert not compared.same_rules
    assert not moved(run, run)[""].grading_changed


@given(runs(), st.data())
def test_fixes_move_only_the_posture_and_never_down(run: Judged, data: st.DataObject) -> None:
    failing = sorted(run.places(F))
    assume(failing)
    fixed = data.draw(st.sets(st.sampled_from(failing), min_size=1))
    after = run.with_statuses(dict.fromkeys(fixed, P))
    assert causes(run, after) <= {Cause.POSTURE}
    for compared in moved(run, after).values():
        assert compared.without_exceptions.parts[Cause.POSTURE] >= 0


@given(runs(), st.data())
def test_what_is_judged_in_both_runs_moves_only_the_posture(run: Judged, data: st.DataObject) -> None:
    known = replace(run, statuses={place: s if s in JUDGED else P for place, s in run.statuses.items()})
    changes = {place: data.draw(st.sampled_from(JUDGED)) for place in sorted(known.statuses)}
    after = known.with_statuses(changes)
    kept = frozenset(place for place in run.waived if changes[place] is F)
    assert causes(known, replace(after, waived=kept)) <= {Cause.POSTURE}


@given(runs(), st.data())
def test_lost_evidence_moves_only_the_coverage_and_never_up(run: Judged, data: st.DataObject) -> None:
    assume(run.statuses)
    lost = data.draw(st.sets(st.sampled_from(sorted(run.statuses)), min_size=1))
    after = run.with_statuses({place: data.draw(st.sampled_from(LOST)) for place in sorted(lost)})
    assert causes(run, after) <= {Cause.COVERAGE}
    assert causes(after, run) <= {Cause.COVERAGE, Cause.EXCEPTIONS}
    for compared in moved(run, after).values():
        assert all(number.parts[Cause.COVERAGE] <= 0 for number in both(compared))


def run_of(statuses: dict[str, Status], waived: Iterable[str] = ()) -> Judged:
    """Return a run on one server with one subject per check, or with `check:number` more of them."""

    def place(text: str) -> Place:
        check, _, number = text.partition(":")
        return check, "s0", int(number or 0)

    return judged({place(text): status for text, status in statuses.items()}, waived=map(place, waived))


def test_what_weighs_six_of_ten_and_is_fixed_is_sixty_points_of_posture() -> None:
    before = run_of({HIGH: F, MEDIUM: P, LOW: F})
    assert parts(before, run_of({HIGH: P, MEDIUM: P, LOW: F})) == {Cause.POSTURE: Fraction(60)}


def test_each_cause_has_its_own_part() -> None:
    before = run_of({HIGH: F, MEDIUM: P, LOW: U, "http-vcs-absent": F}, waived=["http-vcs-absent"])
    more = judged(
        {(HIGH, "s0", 0): P, (MEDIUM, "s0", 0): P, (LOW, "s0", 0): P, (HIGH, "s1", 0): F},
        server("s0"),
        server("s1"),
    )
    after = replace(
        more,
        statuses={**more.statuses, ("http-vcs-absent", "s0", 0): F},
        checks={**CHECKS, MEDIUM: replace(CHECKS[MEDIUM], severity=Severity.HIGH)},
    )
    raw, excepted = both(moved(before, after)[""])
    assert raw.before == Fraction(300, 20)
    assert raw.after == Fraction(1300, 29)
    assert raw.parts == {
        Cause.RULE_PACK: Fraction(600, 23) - Fraction(300, 20),
        Cause.COVERAGE: Fraction(700, 23) - Fraction(600, 23),
        Cause.POSTURE: Fraction(1300, 23) - Fraction(700, 23),
        Cause.EXCEPTIONS: 0,
        Cause.SCOPE: Fraction(1300, 29) - Fraction(1300, 23),
    }
    assert excepted.before == Fraction(300, 10)
    assert excepted.parts[Cause.EXCEPTIONS] == Fraction(1300, 23) - 100


def test_a_subject_that_came_and_fails_is_posture_where_its_check_passed() -> None:
    before, after = run_of({HIGH: P, LOW: P}), run_of({HIGH: P, f"{HIGH}:2": F, LOW: P})
    assert parts(before, after).keys() == {Cause.POSTURE}
    assert parts(after, before) == {Cause.POSTURE: Fraction(600, 7)}


def test_a_check_first_found_not_to_apply_is_posture_and_one_not_judged_before_is_coverage() -> None:
    rest = {LOW: P}
    assert parts(run_of({HIGH: F, **rest}), run_of({HIGH: N, **rest})).keys() == {Cause.POSTURE}
    assert parts(run_of({HIGH: U, **rest}), run_of({HIGH: N, **rest})).keys() == {Cause.COVERAGE}


def test_a_check_that_was_made_of_a_server_only_once_is_scope() -> None:
    """As when a letter no longer names a check that needs its consent, or a site is no longer registered."""
    with_it, without = run_of({HIGH: F, LOW: P}), run_of({LOW: P})
    assert parts(with_it, without) == {Cause.SCOPE: Fraction(600, 7)}
    assert parts(without, with_it) == {Cause.SCOPE: Fraction(-600, 7)}
    unknown = with_it.with_statuses({(HIGH, "s0", 0): U})
    assert parts(without, unknown) == {Cause.SCOPE: Fraction(-600, 7)}


def test_a_site_that_is_no_longer_registered_leaves_with_its_failures() -> None:
    one = server("s0", "bkd", name_of="dinkes")
    statuses = {(HIGH, "s0", 0): P, (HIGH, "s0", 1): F, (LOW, "s0", 1): P}
    before = judged(statuses, one)
    after = replace(before, statuses={(HIGH, "s0", 0): P, (LOW, "s0", 1): P})
    assert moved(before, after)["dinkes"].without_exceptions.parts[Cause.SCOPE] == Fraction(600, 7)
    assert parts(before, after).keys() == {Cause.SCOPE}


def declared(run: Judged, ports: list[int], asking: str = HIGH) -> Side:
    """Return a run in which one check asks for the approved ports of every server."""
    side = run.side()
    rules = {**side.rules, asking: replace(side.rules[asking], asks=("server.approved_ports",))}
    return replace(side, rules=rules, known={one: {"server.approved_ports": ports} for one in side.servers})


@given(runs(), runs())
def test_what_another_declaration_changes_is_scope(run: Judged, other: Judged) -> None:
    """Whatever the check that asks for it comes to then; nobody touched the servers."""
    kept = {place: one for place, one in run.statuses.items() if place[0] != HIGH}
    theirs = {p: s for p, s in other.statuses.items() if p[0] == HIGH and p[1] in run.servers}
    waived = frozenset(place for place in run.waived if place[0] != HIGH)
    before, after = replace(run, waived=waived), replace(run, statuses={**kept, **theirs}, waived=waived)
    for compared in movements(declared(before, [22]), declared(after, [22, 443])).values():
        for number in both(compared):
            assert {cause for cause, part in number.parts.items() if part} <= {Cause.SCOPE}
            assert sum(number.parts.values()) == number.after - number.before
        assert compared.same_rules


def test_a_declaration_that_a_check_does_not_ask_for_leaves_it_comparable() -> None:
    before, after = run_of({HIGH: F, LOW: F}), run_of({HIGH: P, LOW: P})
    number = movements(declared(before, [22]), declared(after, [443]))[""].without_exceptions
    assert number.parts[Cause.POSTURE] == 100
    same = movements(declared(before, [22], LOW), declared(after, [443], LOW))[""].without_exceptions
    assert same.parts[Cause.SCOPE] == 0
    assert same.parts[Cause.POSTURE] == 100


def test_rules_recorded_without_what_they_ask_are_the_same_rules() -> None:
    before, after = run_of({HIGH: F, LOW: P}), declared(run_of({HIGH: P, LOW: P}), [443])
    old = replace(before.side(), known={"s0": {"server.approved_ports": [22]}})
    found = movements(old, after)[""]
    assert found.same_rules
    assert {cause for cause, part in found.without_exceptions.parts.items() if part} == {Cause.SCOPE}


def test_losing_the_passing_half_of_a_waived_failure_is_coverage() -> None:
    """Without exceptions the check fails before and after; with them it passed, and is now unknown."""
    before = run_of({HIGH: F, f"{HIGH}:2": P, LOW: P}, waived=[HIGH])
    after = run_of({HIGH: F, f"{HIGH}:2": U, LOW: P}, waived=[HIGH])
    assert parts(before, after) == {}
    assert parts(before, after, excepted=True) == {Cause.COVERAGE: Fraction(100, 7) - 100}


def test_a_waived_failure_that_is_fixed_is_posture_in_both_numbers() -> None:
    before, after = run_of({HIGH: F, LOW: F}, waived=[HIGH]), run_of({HIGH: P, LOW: F})
    assert parts(before, after) == {Cause.POSTURE: Fraction(600, 7)}
    assert parts(before, after, excepted=True) == {Cause.POSTURE: Fraction(600, 7)}


def test_a_new_failure_under_a_waiver_is_posture_and_the_exception_gives_it_back() -> None:
    before, after = run_of({HIGH: P, LOW: P}), run_of({HIGH: F, LOW: P}, waived=[HIGH])
    assert parts(before, after, excepted=True) == {
        Cause.POSTURE: Fraction(-600, 7),
        Cause.EXCEPTIONS: Fraction(600, 7),
    }


def test_a_name_that_changes_hands_takes_its_failures_along() -> None:
    statuses = {(HIGH, "s0", 1): F, (HIGH, "s0", 0): P}
    before = judged(statuses, server("s0", "bkd"))
    after = judged(statuses, server("s0", "bkd", name_of="dinkes"))
    compared = moved(before, after)
    assert compared["bkd"].without_exceptions.parts[Cause.SCOPE] == 100
    assert compared["dinkes"].without_exceptions.parts[Cause.SCOPE] == 0
    assert compared["dinkes"].servers_added == ("s0",)
    assert compared["bkd"].servers_added == compared["bkd"].servers_removed == ()


def test_a_server_that_is_taken_out_of_service_goes_and_one_put_back_comes() -> None:
    """What falls silent because it is retired was not mended."""
    statuses = {(HIGH, "s0", 0): P, (HIGH, "s1", 0): F, (LOW, "s1", 0): F}
    before = judged(statuses, server("s0"), server("s1"))
    silent = before.with_statuses({(HIGH, "s1", 0): N, (LOW, "s1", 0): N})
    retired = replace(server("s1"), state=State.RETIRED)
    after = replace(silent, servers={**before.servers, "s1": retired})
    assert parts(before, after).keys() == parts(after, before).keys() == {Cause.SCOPE}
    gone, back = moved(before, after), moved(after, before)
    for opd in ("", "bkd"):
        assert (gone[opd].servers_added, gone[opd].servers_removed) == ((), ("s1",))
        assert (back[opd].servers_added, back[opd].servers_removed) == (("s1",), ())
    assert parts(before, silent).keys() == {Cause.POSTURE}


@given(runs(), runs(), st.sets(st.sampled_from(SERVER_IDS)))
def test_retiring_servers_moves_only_the_scope(run: Judged, other: Judged, ids: set[str]) -> None:
    retired = ids & run.servers.keys()
    theirs = {place: status for place, status in other.statuses.items() if place[1] in retired}
    kept = {place: status for place, status in run.statuses.items() if place[1] not in retired}
    states = {one: replace(run.servers[one], state=State.RETIRED) for one in retired}
    after = replace(run, statuses={**kept, **theirs}, servers={**run.servers, **states}, waived=frozenset())
    assert causes(replace(run, waived=frozenset()), after) <= {Cause.SCOPE}
    assert moved(run, after)[""].servers_removed == tuple(sorted(retired))


def test_an_opd_that_is_in_one_run_only_begins_or_ends_at_nought() -> None:
    before = judged({(HIGH, "s0", 0): P}, server("s0", "bkd"))
    after = judged({(HIGH, "s1", 0): P}, server("s1", "dinkes"))
    compared = moved(before, after)
    assert set(compared) == {"", "bkd", "dinkes"}
    assert compared["bkd"].without_exceptions.parts[Cause.SCOPE] == -100
    assert compared["dinkes"].without_exceptions.parts[Cause.SCOPE] == 100
    assert set(LEVELS) >= set(compared)
