"""Say why a score moved between two runs, in five parts that add up exactly. Pure.

One run is turned into the other along one fixed path, a step at a time, and what a step moves is its part:

1. rule pack: checks leave that are gone or changed; the others weigh as they do afterwards
2. scope: servers leave, and whatever cannot be compared of the others; what stays gets its later category,
   owner and responsible side
3. coverage: what could be judged in only one of the runs
4. posture: what could be judged in both
5. exceptions: the waivers of the first run end, those of the second begin
6. scope: servers come, and what could not be compared of the others comes back as it is now
7. rule pack: checks come that are new or changed

So whatever cannot be compared is taken out before what can, or put in after it: other checks, other servers,
a server that is registered as retired in one of the runs (what is silent because it is meant to be was not
mended), a check that asks for what was declared differently, and a check made of a server in one run only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from auditor.model.assessment import Rule
from auditor.model.inventory import Server, State
from auditor.model.movement import Cause, Comparison, Movement
from auditor.model.policy import Policy
from auditor.model.verdict import Verdict
from controls.attestations import ORGANIZATION
from controls.scoring import UNJUDGED
from controls.sides import (
    NOTHING_WAIVED,
    Floors,
    Side,
    cell_of,
    cells_of,
    declared_alike,
    exact_floors,
    opds_of,
)


def movement(before: Side, after: Side, opd: str) -> Comparison:
    """Return why the score of an OPD ("" = the organisation) moved from one run to another."""
    return _Trails.between(before, after).comparison(opd)


def movements(before: Side, after: Side) -> dict[str, Comparison]:
    """Return OPD id → why its score moved, of every OPD in either run; "" is the organisation."""
    trails = _Trails.between(before, after)
    return {opd: trails.comparison(opd) for opd in (ORGANIZATION, *sorted(opds_of(before) | opds_of(after)))}


def _steps(before: Side, after: Side) -> Iterator[tuple[Cause, Side]]:
    """Yield every step with what stands after it; the last is `after` itself."""
    same = {check for check in before.rules.keys() & after.rules.keys() if _unchanged(check, before, after)}
    at = replace(
        before,
        verdicts=tuple(one for one in before.verdicts if one.check in same),
        rules=after.rules,
        policy=_reweighed(before.policy, after.policy),
    )
    yield Cause.RULE_PACK, at
    unchanged = tuple(one for one in after.verdicts if one.check in same)
    at, later = _comparable(before, at, replace(after, verdicts=unchanged))
    yield Cause.SCOPE, at
    at = replace(at, verdicts=_newly_judged(at, later))
    yield Cause.COVERAGE, at
    at = replace(at, verdicts=later)
    yield Cause.POSTURE, at
    at = replace(at, waived=after.waived)
    yield Cause.EXCEPTIONS, at
    yield Cause.SCOPE, replace(at, verdicts=unchanged)
    yield Cause.RULE_PACK, after


def _comparable(before: Side, at: Side, after: Side) -> tuple[Side, tuple[Verdict, ...]]:
    """Return what stands once all that cannot be compared left, and what it becomes in the later run.

    Evidence that is lost leaves a cell in which something is unknown, never none: a cell that is in one run
    only was not asked for in the other.
    """
    stay = tuple(one for one in at.verdicts if one.subject.server in after.servers)
    at = replace(
        at, verdicts=stay, servers=after.servers, policy=after.policy, centre=after.centre, known=after.known
    )
    both = cells_of(at).keys() & cells_of(after).keys()
    cells = {cell for cell in both if declared_alike(before, after, cell[1], cell[2])}
    left = tuple(one for one in stay if cell_of(at, one) in cells)
    return replace(at, verdicts=left), tuple(one for one in after.verdicts if cell_of(after, one) in cells)


def _unchanged(check: str, before: Side, after: Side) -> bool:
    return before.rules[check].digest == after.rules[check].digest


def _reweighed(policy: Policy, later: Policy) -> Policy:
    return replace(policy, weights=later.weights, criticality=later.criticality)


def _newly_judged(at: Side, later: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Return the verdicts with the later ones in every cell that could not be judged in both runs.

    Both have the same cells. One whose failures are all accepted was judged. The waivers are those of the
    first run on both sides, so that nothing but verdicts moves here.
    """
    now, then = cells_of(at), cells_of(replace(at, verdicts=later))
    chosen: list[Verdict] = []
    for cell, earlier in now.items():
        newer = then[cell]
        chosen += earlier if _is_judged(at, earlier) and _is_judged(at, newer) else newer
    return tuple(chosen)


def _is_judged(at: Side, verdicts: list[Verdict]) -> bool:
    return at.unwaived(verdicts) not in UNJUDGED


@dataclass(frozen=True, slots=True)
class _Trail:
    """The floors at the start of the path and after each step."""

    start: Floors
    steps: tuple[tuple[Cause, Floors], ...]

    @classmethod
    def along(cls, before: Side, after: Side) -> _Trail:
        start = floors = exact_floors(before)
        steps, at = [], before
        for cause, side in _steps(before, after):
            # Between two runs of the same servers by the same rules most steps change nothing.
            floors = floors if side == replace(at, run=side.run) else exact_floors(side)
            steps.append((cause, floors))
            at = side
        return cls(start, tuple(steps))

    def movement(self, opd: str) -> Movement:
        """Return what each cause moved; an OPD without anything applicable stands at 0."""
        parts = dict.fromkeys(Cause, Fraction(0))
        start = at = self.start.get(opd, Fraction(0))
        for cause, floors in self.steps:
            now = floors.get(opd, Fraction(0))
            parts[cause] += now - at
            at = now
        return Movement(start, at, parts)


@dataclass(frozen=True, slots=True)
class _Trails:
    """Both numbers' trails between two runs."""

    before: Side
    after: Side
    without_exceptions: _Trail
    with_exceptions: _Trail

    @classmethod
    def between(cls, before: Side, after: Side) -> _Trails:
        plain = [replace(side, waived=NOTHING_WAIVED) for side in (before, after)]
        without = _Trail.along(plain[0], plain[1])
        waived = before.waived.by_verdict or after.waived.by_verdict
        return cls(before, after, without, _Trail.along(before, after) if waived else without)

    def comparison(self, opd: str) -> Comparison:
        """Return both movements of an OPD and what lies behind them."""
        before, after = self.before, self.after
        rules, later = before.rules, after.rules
        shared = rules.keys() & later.keys()
        earlier_servers, servers = _servers(before, opd), _servers(after, opd)
        return Comparison(
            opd=opd,
            before_run=before.run,
            after_run=after.run,
            without_exceptions=self.without_exceptions.movement(opd),
            with_exceptions=self.with_exceptions.movement(opd),
            checks_added=tuple(sorted(later.keys() - rules.keys())),
            checks_removed=tuple(sorted(rules.keys() - later.keys())),
            checks_changed=tuple(sorted(one for one in shared if not _same_rule(rules[one], later[one]))),
            weights_changed=_reweighed(before.policy, after.policy) != before.policy,
            servers_added=_came(earlier_servers, servers),
            servers_removed=_came(servers, earlier_servers),
            grading_changed=before.policy.grading != after.policy.grading,
        )


def _same_rule(before: Rule, after: Rule) -> bool:
    """Return whether two rules judge and weigh alike, whether or not it was recorded what they ask for."""
    return replace(before, asks=after.asks) == after


def _servers(side: Side, opd: str) -> dict[str, Server]:
    """Return the servers of an OPD, and those on which it owns a name, by id."""
    return {
        server.id: server
        for server in side.servers.values()
        if opd in (ORGANIZATION, server.opd, *server.name_owners.values())
    }


def _came(earlier: Mapping[str, Server], later: Mapping[str, Server]) -> tuple[str, ...]:
    """Return the servers that were not there before, or were retired and are no longer."""
    return tuple(sorted(one.id for one in later.values() if _is_new(earlier.get(one.id), one)))


def _is_new(before: Server | None, now: Server) -> bool:
    return before is None or (before.state is State.RETIRED and now.state is not State.RETIRED)
