"""Runs with made-up verdicts, rules, servers, names and waivers, to compare and to try fixes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from hypothesis import strategies as st

from auditor.model.assessment import Rule
from auditor.model.check import Check, Severity
from auditor.model.inventory import Category, Layer, Responsible, Server
from auditor.model.policy import Policy
from auditor.model.scorecard import Scorecard
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.policy.loading import load_policy
from controls.attestations import Answers
from controls.rollup import Rules, Waived, scorecards
from controls.sides import Side
from tests.controls.catalogue import shipped

POLICY = load_policy()
HEAVIER = replace(
    POLICY,
    weights={**POLICY.weights, Severity.MEDIUM: 4},
    criticality={**POLICY.criticality, Category.TINGGI: 2.1},
)
CENTRE_ANSWERS = replace(POLICY, responsible=dict.fromkeys(POLICY.responsible, Responsible.CENTRE))
CHECKS: dict[str, Check] = {
    name: shipped().checks[name]
    for name in (
        "certificate-valid-now",
        "http-vcs-absent",
        "tls-1-0-refused",
        "tls-1-3-offered",
        "tls-aead-only",
        "ssh-terrapin-absent",
    )
}
"""Checks of several severities and weights, and of layers that either side answers for."""
OPDS = ("bkd", "dinkes", "dispora")
LEVELS = ("", *OPDS)
NAMES = ("", "nama.test")
"""Names that subjects were asked for; the second may belong to another OPD than the server."""
JUDGED = (Status.PASS, Status.FAIL, Status.NOT_APPLICABLE)
LOST = (Status.UNKNOWN, Status.ERROR)

Place = tuple[str, str, int]
"""Check, server, number of the subject: the odd ones are asked for the second name."""


def verdict_at(place: Place, status: Status) -> Verdict:
    """Return the verdict at a place."""
    check, server, number = place
    kind = CHECKS[check].subject
    name = NAMES[number % 2]
    return Verdict(check, Subject(kind, server, "10.0.0.1", 1000 + number, server_name=name), status)


@dataclass(frozen=True, slots=True)
class Judged:
    """One run: its verdicts by place, the places that are waived, and all that weighs them."""

    statuses: Mapping[Place, Status]
    servers: Mapping[str, Server]
    checks: Mapping[str, Check]
    digests: Mapping[str, str]
    policy: Policy = POLICY
    waived: frozenset[Place] = frozenset()
    centre: str = ""

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the verdicts of the checks and servers that there are."""
        return tuple(
            verdict_at(place, status)
            for place, status in self.statuses.items()
            if place[0] in self.checks and place[1] in self.servers
        )

    def covered(self) -> Waived:
        """Return the failures among the waived places."""
        failing = (verdict_at(place, Status.FAIL) for place in self.places(Status.FAIL) & self.waived)
        return Waived({(one.check, one.subject.key): "W-1" for one in failing})

    def places(self, *statuses: Status) -> frozenset[Place]:
        """Return where one of some statuses stands."""
        return frozenset(place for place, status in self.statuses.items() if status in statuses)

    def with_statuses(self, changes: Mapping[Place, Status]) -> Judged:
        """Return the run in which some verdicts are others."""
        return replace(self, statuses={**self.statuses, **changes})

    def side(self, run: str = "run") -> Side:
        """Return it as what is compared."""
        rules = {
            name: Rule(self.digests[name], check.severity, check.layer) for name, check in self.checks.items()
        }
        return Side(run, self.verdicts(), rules, self.servers, self.policy, self.covered(), self.centre)

    def cards(self) -> dict[str, Scorecard]:
        """Return its scorecards, as an assessment makes them."""
        rules = Rules(self.checks, {}, self.policy, Answers(date(2026, 11, 22)), self.centre)
        return scorecards(self.servers.values(), self.verdicts(), rules, self.covered(), frozenset())


def server(
    server_id: str,
    opd: str = "bkd",
    category: Category = Category.RENDAH,
    own_host: bool = False,
    name_of: str = "",
) -> Server:
    """Return a server whose second name may belong to another OPD."""
    responsible = {Layer.HOST: Responsible.OPD} if own_host else {}
    owners = {NAMES[1]: name_of} if name_of and name_of != opd else {}
    return Server(server_id, opd, server_id, "lan", category, (), responsible=responsible, name_owners=owners)


def judged(statuses: Mapping[Place, Status], *servers: Server, waived: Iterable[Place] = ()) -> Judged:
    """Return a run by the shipped rules, on one server "s0" when none is named."""
    listed = servers or (server("s0"),)
    digests = dict.fromkeys(CHECKS, "1")
    return Judged(statuses, {one.id: one for one in listed}, CHECKS, digests, waived=frozenset(waived))


SERVER_IDS = ("s0", "s1", "s2")
PLACES = st.tuples(st.sampled_from(sorted(CHECKS)), st.sampled_from(SERVER_IDS), st.integers(0, 2))
STATUSES = st.dictionaries(PLACES, st.sampled_from(Status), max_size=30)
_SERVERS = st.tuples(
    st.sampled_from(OPDS), st.sampled_from(Category), st.booleans(), st.sampled_from(("", *OPDS))
)


@st.composite
def runs(draw: st.DrawFn) -> Judged:
    """Draw a run by the shipped rules: up to three servers, and up to three subjects per check."""
    ids = draw(st.lists(st.sampled_from(SERVER_IDS), min_size=1, unique=True))
    servers = {one: server(one, *draw(_SERVERS)) for one in sorted(ids)}
    statuses = {place: status for place, status in draw(STATUSES).items() if place[1] in servers}
    failing = sorted(place for place, status in statuses.items() if status is Status.FAIL)
    waived = draw(st.frozensets(st.sampled_from(failing))) if failing else frozenset()
    digests = dict.fromkeys(CHECKS, "1")
    return Judged(statuses, servers, CHECKS, digests, waived=waived, centre=draw(st.sampled_from(LEVELS)))


@st.composite
def runs_by_other_rules(draw: st.DrawFn) -> Judged:
    """Draw a run by rules that may be others: checks gone, of another meaning, severity or layer; weights."""
    run = draw(runs())
    kept = draw(st.sets(st.sampled_from(sorted(CHECKS)), min_size=1))
    severe = draw(st.sets(st.sampled_from(sorted(CHECKS)), max_size=2))
    lower = draw(st.sets(st.sampled_from(sorted(CHECKS)), max_size=2))
    checks = {}
    for name in sorted(kept):
        check = replace(CHECKS[name], severity=Severity.CRITICAL) if name in severe else CHECKS[name]
        checks[name] = replace(check, layer=Layer.NETWORK) if name in lower else check
    digests = {name: draw(st.sampled_from("12")) for name in sorted(CHECKS)}
    policy = draw(st.sampled_from((POLICY, HEAVIER, CENTRE_ANSWERS)))
    return replace(run, checks=checks, digests=digests, policy=policy)
