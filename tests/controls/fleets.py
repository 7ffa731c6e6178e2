"""Fleets of servers with made-up verdicts, to try the rules of scoring on.

Some servers carry names of another OPD, one OPD may be the centre, verdicts may rest on a loosened parameter,
and people answer and accept risks: whatever a promise must hold under.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import cycle

from hypothesis import strategies as st

from auditor.model.attestation import Answer, Applicability, Aspect, Attestation
from auditor.model.check import Check
from auditor.model.decision import Decisions
from auditor.model.framework import Framework, MachineCoverage
from auditor.model.inventory import Category, Kind, Responsible, Server
from auditor.model.scorecard import ControlStatus, Level, Scorecard
from auditor.model.subject import Subject
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.policy.loading import load_policy
from controls.attestations import Answers, answers_on
from controls.responsibility import owning_opd
from controls.rollup import Rules, Waived, scorecards
from controls.waivers import waiver_for
from tests.controls.catalogue import shipped
from tests.controls.decided import DAY, applicability, attestation, waiver

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
RULES = Rules(CHECKS, {}, POLICY, Answers(DAY))
OPDS = ("bkd", "dinkes", "dispora")
LEVELS = ("", *OPDS)
"""Every height with a card of its own: the organisation and each OPD."""
STATUSES = st.sampled_from(Status)
NAMES = ("", "satu.example.go.id", "dua.example.go.id")
"""Names by the number of a subject; the first has none, and neither have more."""

GOODNESS: Mapping[ControlStatus, int] = {
    ControlStatus.CONFORMS: 4,
    ControlStatus.NOT_APPLICABLE: 4,
    ControlStatus.PARTIAL: 3,
    ControlStatus.WAIVED: 2,
    ControlStatus.NOT_ASSESSED: 1,
    ControlStatus.NOT_EXAMINED: 0,
    ControlStatus.DOES_NOT_CONFORM: 0,
}
"""How well a status speaks of a control. What could not be examined says nothing good."""
_LETTERS = [band.letter for band in POLICY.grading.bands]

Place = tuple[str, str, int]
"""Check, server, number of the subject."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Servers with the status of every check on every subject of theirs, and what people decided."""

    servers: tuple[Server, ...]
    statuses: Mapping[Place, Status]
    loosened: frozenset[Place] = frozenset()
    """Where a parameter was looser than the control tolerates."""
    centre: str = ""
    decisions: Decisions = field(default_factory=Decisions)
    day: date = DAY

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the verdicts in the order of `statuses`."""
        return tuple(
            verdict_at(place, status, place in self.loosened) for place, status in self.statuses.items()
        )

    def with_status(self, place: Place, status: Status) -> Fleet:
        """Return the same fleet with one verdict changed or added."""
        return replace(self, statuses={**self.statuses, place: status})

    def losing(self, places: Iterable[Place], status: Status = Status.UNKNOWN) -> Fleet:
        """Return the same fleet after some verdicts could not be reached."""
        return replace(self, statuses={**self.statuses, **dict.fromkeys(places, status)})

    def places(self, *statuses: Status) -> list[Place]:
        """Return where one of some statuses stands."""
        return [place for place, status in self.statuses.items() if status in statuses]

    def server(self, server_id: str) -> Server:
        """Return one of its servers."""
        return next(server for server in self.servers if server.id == server_id)

    def owner(self, place: Place) -> str:
        """Return the OPD that a verdict belongs to."""
        check, server, _ = place
        return owning_opd(CHECKS[check].layer, verdict_at(place, Status.FAIL).subject, self.server(server))

    def covered(self) -> Waived:
        """Return the failures that a waiver covers on the day."""
        found = (
            (verdict, waiver_for(verdict, self.owner(place), self.decisions.waivers, self.day))
            for place, verdict in zip(self.statuses, self.verdicts(), strict=True)
        )
        return Waived({(one.check, one.subject.key): by.id for one, by in found if by is not None})


def verdict_at(place: Place, status: Status, loosened: bool = False) -> Verdict:
    """Return the verdict at a place; only what was decided can have been decided too leniently."""
    check, server, number = place
    name = NAMES[number] if number < len(NAMES) else ""
    subject = Subject(CHECKS[check].subject, server, "10.0.0.1", 1000 + number, server_name=name)
    decided = status in (Status.PASS, Status.FAIL)
    return Verdict(check, subject, status, loosened=("minimum_bits",) if loosened and decided else ())


def cards(
    fleet: Fleet, waived: Iterable[Place] = (), frameworks: Mapping[str, Framework] | None = None
) -> dict[str, Scorecard]:
    """Return the card of every OPD, those without a server included, and with "" of them all."""
    covered = {
        (verdict.check, verdict.subject.key): "W-1"
        for verdict in (verdict_at(place, Status.FAIL) for place in waived)
    }
    rules = replace(
        RULES,
        frameworks=frameworks or {},
        answers=answers_on(fleet.decisions, frameworks or {}, fleet.day),
        centre=fleet.centre,
    )
    by_decision = fleet.covered().by_verdict
    made = scorecards(fleet.servers, fleet.verdicts(), rules, Waived({**by_decision, **covered}), frozenset())
    bare = scorecards((), (), rules, Waived({}), frozenset())[""]
    return {opd: made.get(opd, replace(bare, opd=opd)) for opd in LEVELS}


def card(fleet: Fleet, opd: str = "", waived: Iterable[Place] = ()) -> Scorecard:
    """Return the scorecard of an OPD, or with "" of them all; `waived` are accepted risks."""
    return cards(fleet, waived)[opd]


def levels_of(found: Scorecard) -> dict[str, Level]:
    """Return every level on a card by name: both sides, every server, control and clause."""
    controls = [one for results in found.controls.values() for one in results]
    groups = [(edition, one) for edition, results in found.groups.items() for one in results]
    return {
        "own": found.own,
        "centre": found.centre,
        **{f"server {one.server}": one.level for one in found.servers},
        **{f"control {one.control}": one.level for one in controls},
        **{f"group {edition} {one.group}": one.level for edition, one in groups},
    }


def quality(level: Level, with_waivers: bool = False) -> int:
    """Rank a grade: the better the higher; a withheld one is the lowest, for it says nothing good."""
    letter = (level.grade_with_waivers if with_waivers else level.grade).letter
    return -_LETTERS.index(letter) if letter else -len(_LETTERS)


def editions() -> dict[str, Framework]:
    """Return both editions, cut down to what the checks here speak to, with every kind of coverage."""
    found = {edition: _cut(framework) for edition, framework in shipped().frameworks.items()}
    assert {one.coverage for framework in found.values() for one in framework.controls} == set(
        MachineCoverage
    )
    return found


def _cut(framework: Framework) -> Framework:
    links = [check.controls[framework.edition] for check in CHECKS.values()]
    spoken = {name for one in links for name in (*one.implements, *one.related)}
    kept = [one for one in framework.controls if one.id in {*spoken, *_PAPERS[framework.edition]}]
    coverages = cycle(MachineCoverage)
    controls = tuple(replace(one, coverage=next(coverages)) for one in kept)
    used = {one.group for one in controls}
    return replace(
        framework, controls=controls, groups=tuple(one for one in framework.groups if one.id in used)
    )


_PAPERS = {"2013": ("A.5.1.1", "A.14.1.3"), "2022": ("A.5.1",)}
"""Controls that no check here speaks to."""
EDITIONS = editions()
CONTROLS = [(edition, one.id) for edition, framework in EDITIONS.items() for one in framework.controls]


def _server(
    number: int, opd: str, category: Category, own_host: bool, owners: Mapping[str, str], kind: Kind
) -> Server:
    responsible = dict.fromkeys(POLICY.responsible, Responsible.OPD) if own_host else {}
    others = {name: other for name, other in owners.items() if other != opd}
    return Server(
        f"s{number}",
        opd,
        f"s{number}",
        "lan",
        category,
        (),
        hostnames=NAMES[1:],
        responsible=responsible,
        kind=kind,
        name_owners=others,
    )


_OWNERS = st.dictionaries(st.sampled_from(NAMES[1:]), st.sampled_from(OPDS))
_DESCRIPTIONS = st.tuples(
    st.sampled_from(OPDS),
    st.sampled_from(Category),
    st.booleans(),
    _OWNERS,
    st.sampled_from((Kind.SERVER, Kind.SERVER, Kind.DOMAIN, Kind.ZONE)),
)


@st.composite
def fleets(draw: st.DrawFn, minimum_servers: int = 1) -> Fleet:
    """Draw one to four servers of up to three OPDs, with nought to three subjects per check."""
    descriptions = draw(st.lists(_DESCRIPTIONS, min_size=minimum_servers, max_size=4))
    servers = tuple(_server(number, *description) for number, description in enumerate(descriptions))
    places = st.tuples(
        st.sampled_from(sorted(CHECKS)), st.sampled_from([s.id for s in servers]), st.integers(0, 2)
    )
    fullest = len(servers) * len(CHECKS) * len(NAMES)
    least = draw(st.integers(0, min(14, fullest)))
    statuses = draw(st.dictionaries(places, STATUSES, min_size=least, max_size=30))
    loosened = draw(st.sets(st.sampled_from(sorted(statuses)), max_size=3)) if statuses else set()
    return Fleet(servers, statuses, frozenset(loosened), draw(st.sampled_from(("", *OPDS))))


@st.composite
def decided_fleets(draw: st.DrawFn) -> Fleet:
    """Draw a fleet about which people have answered, left controls out and accepted risks."""
    fleet = draw(fleets())
    decisions = Decisions(
        tuple(draw(st.lists(attestations(), max_size=8))),
        tuple(draw(st.lists(_APPLICABILITIES, max_size=4))),
        tuple(draw(_waivers(fleet))),
    )
    return replace(fleet, decisions=decisions)


def _days(earliest: int, latest: int) -> st.SearchStrategy[date]:
    return st.integers(earliest, latest).map(lambda days: DAY + timedelta(days=days))


BEGUN, ENDING = _days(-4, 0), _days(-2, 12)


def attestations(
    answers: st.SearchStrategy[Answer] | None = None, aspects: st.SearchStrategy[Aspect] | None = None
) -> st.SearchStrategy[Attestation]:
    """Draw an answer about one of the controls, given by the day and ending around or after it."""
    return st.builds(
        lambda place, answer, opd, aspect, on, until: attestation(
            place[1], answer, opd=opd, edition=place[0], aspect=aspect, on=on, until=max(on, until)
        ),
        st.sampled_from(CONTROLS),
        answers or st.sampled_from(Answer),
        st.sampled_from(LEVELS),
        aspects or st.sampled_from((Aspect.WHOLE, *Aspect)),
        BEGUN,
        ENDING,
    )


def _left_out(place: tuple[str, str], applicable: bool, opd: str, on: date, until: date) -> Applicability:
    edition, control = place
    return applicability(control, applicable, opd=opd, edition=edition, on=on, until=max(on, until))


_APPLICABILITIES = st.builds(
    _left_out, st.sampled_from(CONTROLS), st.booleans(), st.sampled_from(LEVELS), BEGUN, ENDING
)


@st.composite
def _waivers(draw: st.DrawFn, fleet: Fleet) -> list[Waiver]:
    # Of what there is a verdict, most of all of what fails: other exceptions move nothing.
    failing = [place[:2] for place in fleet.places(Status.FAIL)]
    known = failing or [place[:2] for place in fleet.statuses] or [(sorted(CHECKS)[0], "s0")]
    scopes = draw(
        st.lists(
            st.tuples(
                st.sampled_from(known),
                st.booleans(),
                st.sampled_from(("", "", *OPDS)),
                BEGUN,
                ENDING,
            ),
            max_size=4,
        )
    )
    return [
        waiver(
            id=f"W-{number}",
            check=check,
            opd=opd,
            server=server if one_server else "",
            valid_from=begins,
            valid_until=max(begins, ends),
            status=WaiverStatus.APPROVED,
            approved_by="Kepala Dinas",
        )
        for number, ((check, server), one_server, opd, begins, ends) in enumerate(scopes)
    ]
