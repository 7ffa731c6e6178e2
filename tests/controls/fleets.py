"""Fleets of servers with made-up verdicts, to try the rules of scoring on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from hypothesis import strategies as st

from auditor.model.check import Check
from auditor.model.inventory import Category, Responsible, Server
from auditor.model.scorecard import Scorecard
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.policy.loading import load_policy
from controls.attestations import Answers
from controls.rollup import Rules, Waived, scorecards
from tests.controls.catalogue import shipped

POLICY = load_policy()
CHECKS: dict[str, Check] = {
    name: shipped().checks[name]
    for name in (
        "certificate-valid-now",
        "http-vcs-absent",
        "tls-1-0-refused",
        "tls-1-3-offered",
        "tls-aead-only",
        "ssh-terrapin-absent",
        "ssh-post-quantum-offered",
    )
}
"""Checks of every severity, and of layers that either side answers for."""
RULES = Rules(CHECKS, {}, POLICY, Answers(date(2026, 11, 22)))
OPDS = ("bkd", "dinkes", "dispora")
STATUSES = st.sampled_from(Status)

Place = tuple[str, str, int]
"""Check, server, number of the subject."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Servers with the status of every check on every subject of theirs."""

    servers: tuple[Server, ...]
    statuses: Mapping[Place, Status]

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the verdicts in the order of `statuses`."""
        return tuple(verdict_at(place, status) for place, status in self.statuses.items())

    def with_status(self, place: Place, status: Status) -> Fleet:
        """Return the same fleet with one verdict changed or added."""
        return replace(self, statuses={**self.statuses, place: status})

    def places(self, *statuses: Status) -> list[Place]:
        """Return where one of some statuses stands."""
        return [place for place, status in self.statuses.items() if status in statuses]


def verdict_at(place: Place, status: Status) -> Verdict:
    """Return the verdict at a place."""
    check, server, number = place
    return Verdict(check, Subject(CHECKS[check].subject, server, "10.0.0.1", 1000 + number), status)


def card(fleet: Fleet, opd: str = "", waived: Iterable[Place] = ()) -> Scorecard:
    """Return the scorecard of an OPD, or with "" of them all; `waived` are accepted risks."""
    covered = {
        (verdict.check, verdict.subject.key): "W-1"
        for verdict in (verdict_at(place, Status.FAIL) for place in waived)
    }
    made = scorecards(fleet.servers, fleet.verdicts(), RULES, Waived(covered), frozenset())
    return (
        made[opd] if opd in made else replace(scorecards((), (), RULES, Waived({}), frozenset())[""], opd=opd)
    )


def _server(number: int, opd: str, category: Category, own_host: bool) -> Server:
    responsible = dict.fromkeys(POLICY.responsible, Responsible.OPD) if own_host else {}
    return Server(f"s{number}", opd, f"s{number}", "lan", category, (), responsible=responsible)


@st.composite
def fleets(draw: st.DrawFn, minimum_servers: int = 1) -> Fleet:
    """Draw one to four servers of up to three OPDs, with nought to three subjects per check."""
    descriptions = draw(
        st.lists(
            st.tuples(st.sampled_from(OPDS), st.sampled_from(Category), st.booleans()),
            min_size=minimum_servers,
            max_size=4,
        )
    )
    servers = tuple(_server(number, *description) for number, description in enumerate(descriptions))
    places = st.tuples(
        st.sampled_from(sorted(CHECKS)), st.sampled_from([s.id for s in servers]), st.integers(0, 2)
    )
    return Fleet(servers, draw(st.dictionaries(places, STATUSES, max_size=30)))
