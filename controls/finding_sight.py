"""What one run saw of every finding that it could speak to, and what became of them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from auditor.model.assessment import Rule
from auditor.model.finding_record import FindingEvent, FindingRecord, Observation, Observed
from auditor.model.inventory import Inventory, Kind, State
from auditor.model.plan import Place, ScanPlan, Task
from auditor.model.run import AuditRun, RunKind
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from controls.asked_ports import asks_port
from controls.finding_life import Terms, advance, free_id, ids_by_place, opened
from controls.finding_moves import Addresses, Rehomed, move, moves, rehome, twins
from controls.responsibility import owning_opd

_FIXED_BY = {Status.PASS: Observed.SETTLED, Status.NOT_APPLICABLE: Observed.GONE}
_KNOWN = (*_FIXED_BY, Status.FAIL)
_OF_STATE = "server.status"
_NAMED = (SubjectKind.CERTIFICATE, SubjectKind.HTTP)
"""Kinds that are asked by every name of a server, and by none only where it has none."""
Closing = Callable[[str], Observed | None]
"""Finding id → what the run before last saw of it, which closed it if it is closed."""


class Departure(StrEnum):
    """Why nobody looks at a finding's place any more."""

    CHECK_OFF = "check_off"
    SERVER_GONE = "server_gone"
    ADDRESS_GONE = "address_gone"
    NAME_GONE = "name_gone"
    PORT_NOT_ASKED = "port_not_asked"
    """Not measured, so it closes nothing."""
    MERGED = "merged"
    """An earlier finding went on in its place."""
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Sight:
    """One judged run: `statuses` of every verdict, `rules` of the checks in force, places `waived`."""

    run: AuditRun
    inventory: Inventory
    statuses: Mapping[Place, Status]
    rules: Mapping[str, Rule]
    waived: frozenset[Place] = frozenset()
    wanted: frozenset[Place] = frozenset()
    """Of a re-test: the places that it is about."""
    addresses: Addresses = field(default_factory=dict)
    """Of servers of which any are known."""
    ports: Mapping[tuple[str, str], Task] = field(default_factory=dict)
    """Server, address → the port scan planned there."""

    @property
    def scope(self) -> frozenset[str]:
        """Return the ids of the servers chosen."""
        return frozenset(self.run.scope)


@dataclass(frozen=True, slots=True)
class Step:
    """All findings after a run, and what it saw of those that it could speak to."""

    records: dict[str, FindingRecord]
    events: tuple[FindingEvent, ...]


def statuses_of(verdicts: Iterable[Verdict]) -> dict[Place, Status]:
    """Return what a run judged, by place."""
    return {Place(one.check, one.subject.key): one.status for one in verdicts}


def place_of(text: str) -> Place:
    """Return the place that a `check subject-key` stands for."""
    check, _, subject = text.partition(" ")
    return Place(check, subject)


def addresses_of(inventory: Inventory, plan: ScanPlan) -> dict[str, frozenset[str]]:
    """Return server id → its registered addresses; those planned where only names are registered.

    A zone has networks instead.
    """
    found: dict[str, set[str]] = defaultdict(set)
    pairs = [(one.server, one.address) for one in plan.tasks]
    for server, address in (*pairs, *((one.server, one.address) for one in plan.skipped)):
        if address:
            found[server].add(address)
    entries = [one for one in inventory.servers() if one.kind is not Kind.DOMAIN]
    named = {one.id: frozenset(map(str, one.addresses)) for one in entries if one.addresses}
    others = {one.id: frozenset(found[one.id]) for one in entries if one.id not in named and one.id in found}
    return {**named, **others}


def port_scans(plan: ScanPlan) -> dict[tuple[str, str], Task]:
    """Return server and address → the port scan planned there."""
    return {(one.server, one.address): one for one in plan.tasks if one.scanner == "ports" and one.look == 1}


def step(
    records: Mapping[str, FindingRecord],
    sight: Sight,
    before: Addresses,
    terms: Terms,
    closing: Closing = lambda _: None,
) -> Step:
    """Return the findings after a run that began after all they have seen.

    `before` are the addresses of servers in the run before, `closing` tells what closed a finding. From the
    same records it gives the same again.
    """
    run = sight.run
    looks = _Looks.of(sight, {one.check for one in records.values() if not one.closed})
    homes = moves(before, sight.addresses, looks.registered)
    first = move(records, homes, run.started_at)
    second = _follow(first, looks)
    moved, merged = second.records, first.merged | second.merged
    failing, new = _failing(moved, merged, sight)
    gone = {key: Observation(run.id, run.started_at, Observed.OUT_OF_SCOPE) for key in merged}
    seen = {**failing, **_not_failing(moved, failing, looks), **gone}
    events = []
    for key, observation in sorted(seen.items()):
        was = moved.get(key)
        begins = opened(key, new[key], observation) if key in new else None
        passed = was is None or not was.closed or closing(key) is not Observed.GONE
        now = advance(was, observation, terms, begins, passed=passed)
        if now is None or (now == was and now.closed):
            continue
        moved[key] = now
        events.append(FindingEvent(key, run.id, run.started_at, observation.observed, now.status))
    return Step(moved, tuple(events))


def _follow(known: Rehomed, looks: _Looks) -> Rehomed:
    """Return the findings after those went along whose address or name left the server, where that is sure.

    A finding goes where alone the same thing fails and no finding stands. From an address that left, it also
    goes where alone one stands that was found later; that one ends.
    """
    run = looks.sight.run
    if run.kind is RunKind.RETEST:
        return Rehomed(known.records)
    standing = {key: one for key, one in known.records.items() if not one.closed and key not in known.merged}
    taken = {Place(one.check, one.subject) for one in standing.values()}
    failing = set(_places_failing(looks.sight))
    unsettled = {one for one in taken if one in failing or looks.observe(one) is Observed.NOT_MEASURED}
    free, held = _by_check(failing - taken), _by_check(unsettled)
    going = {}
    for key, record in standing.items():
        place = Place(record.check, record.subject)
        why = looks.departed(place)
        if why not in (Departure.ADDRESS_GONE, Departure.NAME_GONE):
            continue
        subject, left = Subject.from_key(place.subject), why is Departure.ADDRESS_GONE
        name = not looks.asks_name(subject)
        there = twins(subject, free.get(place.check, ()), address=left, name=name)
        if not there and left:
            found = twins(subject, held.get(place.check, ()), address=left, name=name)
            there = [one for one in found if looks.departed(Place(place.check, one.key)) is None]
        if len(there) == 1:
            going[key] = there[0].key
    return rehome(known.records, going, run.started_at)


def _by_check(places: Iterable[Place]) -> dict[str, list[Subject]]:
    found: dict[str, list[Subject]] = defaultdict(list)
    for place in places:
        found[place.check].append(Subject.from_key(place.subject))
    return found


def _failing(
    records: Mapping[str, FindingRecord], merged: frozenset[str], sight: Sight
) -> tuple[dict[str, Observation], dict[str, Place]]:
    """Return what was seen of all that fails, by id, and the places of those that were never seen before."""
    ids = ids_by_place(one for key, one in records.items() if key not in merged)
    taken = dict[str, object](records)
    found, new = {}, {}
    for place in sorted(_places_failing(sight), key=lambda one: (one.check, one.subject)):
        key = ids.get(place)
        if key is None:
            key = free_id(place, taken)
            taken[key], new[key] = True, place
        observed = Observed.ACCEPTED if place in sight.waived else Observed.FAILING
        found[key] = Observation(sight.run.id, sight.run.started_at, observed, _owner(place, sight))
    return found, new


def _places_failing(sight: Sight) -> Iterable[Place]:
    failing = (place for place, status in sight.statuses.items() if status is Status.FAIL)
    if sight.run.kind is RunKind.RETEST:
        return [place for place in failing if place in sight.wanted]
    return list(failing)


def _owner(place: Place, sight: Sight) -> str:
    subject = Subject.from_key(place.subject)
    return owning_opd(sight.rules[place.check].layer, subject, sight.inventory.server(subject.server))


def _not_failing(
    records: Mapping[str, FindingRecord], failing: Mapping[str, object], looks: _Looks
) -> dict[str, Observation]:
    """Return what was seen of the findings that stand and do not fail."""
    standing = {key: one for key, one in records.items() if not one.closed and key not in failing}
    found = ((key, looks.observe(Place(one.check, one.subject))) for key, one in standing.items())
    run = looks.sight.run
    return {key: Observation(run.id, run.started_at, seen) for key, seen in found if seen is not None}


@dataclass(frozen=True, slots=True)
class _Looks:
    """A run, with what it takes to tell what it saw of a place that does not fail in it."""

    sight: Sight
    scope: frozenset[str]
    registered: frozenset[str]
    at_addresses: Mapping[tuple[str, str, str], bool]
    """Check, server, address → whether all that the check asked there was measured."""
    still_there: frozenset[str]
    """Servers at which something fails."""

    @classmethod
    def of(cls, sight: Sight, checks: set[str]) -> _Looks:
        known: dict[tuple[str, str, str], bool] = {}
        still_there = set()
        for place, status in sight.statuses.items():
            server = _server(place)
            if status is Status.FAIL:
                still_there.add(server)
            if place.check in checks:
                at = (place.check, server, _address(place))
                known[at] = known.get(at, True) and status in _KNOWN
        registered = frozenset(one.id for one in sight.inventory.servers())
        return cls(sight, sight.scope, registered, known, frozenset(still_there))

    def observe(self, place: Place) -> Observed | None:
        """Return what the run saw of a place; None where it cannot speak to it."""
        if self.sight.run.kind is RunKind.RETEST:
            return self._measured_again(place)
        why = self.departed(place)
        if why is not None:
            return Observed.OUT_OF_SCOPE if self._is_sure(place, why) else Observed.NOT_MEASURED
        if _server(place) not in self.scope:
            return None
        status = self.sight.statuses.get(place)
        if status is None:
            settled = self.at_addresses.get((place.check, _server(place), _address(place)), False)
            return Observed.GONE if settled and self.asks_port(place) else Observed.NOT_MEASURED
        return _FIXED_BY.get(status, Observed.NOT_MEASURED)

    def _is_sure(self, place: Place, why: Departure) -> bool:
        """Return whether nothing hides: what left one address or name may go on at another that is silent."""
        server, address = _server(place), _address(place)
        if why is Departure.NAME_GONE:
            return self._is_known(place, address)
        if why is not Departure.ADDRESS_GONE:
            return True
        return all(self._is_known(place, one) for one in self.sight.addresses.get(server, ()))

    def _is_known(self, place: Place, address: str) -> bool:
        server, port = _server(place), Subject.from_key(place.subject).port
        known = self.at_addresses.get((place.check, server, address), True)
        return known and self._asks(server, address, port)

    def _measured_again(self, place: Place) -> Observed | None:
        """Return what a re-test saw: what it could not measure stays as it was, for the audits to tell."""
        status = self.sight.statuses.get(place)
        found = _FIXED_BY.get(status) if status is not None and place in self.sight.wanted else None
        return None if found is Observed.GONE and not self.asks_port(place) else found

    def asks_port(self, place: Place) -> bool:
        """Return whether the run asked the port of a place, so that its silence says something."""
        subject = Subject.from_key(place.subject)
        return self._asks(subject.server, subject.address, subject.port)

    def _asks(self, server: str, address: str, port: int) -> bool:
        if not port:
            return True
        task = self.sight.ports.get((server, address))
        return task is not None and asks_port(task, port)

    def asks_name(self, subject: Subject) -> bool:
        """Return whether a subject is asked by the name that it has."""
        names = self.sight.inventory.server(subject.server).hostnames or ("",)
        return subject.kind not in _NAMED or subject.server_name in names

    def unasked(self, place: Place) -> Departure | None:
        """Return why a place of a server that was looked at was not asked."""
        out = _server(place) not in self.scope or place in self.sight.statuses
        return None if out or self.asks_port(place) else Departure.PORT_NOT_ASKED

    def departed(self, place: Place) -> Departure | None:
        """Return why nobody looks at a place any more; None while somebody does, or the run cannot know."""
        server = _server(place)
        if server not in self.registered:
            # A run over chosen servers says nothing of others, and one over all has all that are registered.
            whole = self.sight.run.kind is RunKind.AUDIT and self.registered <= self.scope
            return Departure.SERVER_GONE if whole else None
        if server not in self.scope:
            return None
        if place.check not in self.sight.rules:
            return Departure.CHECK_OFF
        address, own = _address(place), self.sight.addresses.get(server, frozenset())
        if address and own and address not in own:
            return Departure.ADDRESS_GONE
        if not self.asks_name(Subject.from_key(place.subject)):
            return Departure.NAME_GONE
        return Departure.RETIRED if self._silent(place) else None

    def _silent(self, place: Place) -> bool:
        """Return whether a place is on a retired server at which nothing fails any more.

        A check that asks whether a server is retired was answered by that.
        """
        server = _server(place)
        if self.sight.inventory.server(server).state is not State.RETIRED or server in self.still_there:
            return False
        return _OF_STATE not in self.sight.rules[place.check].asks


def departures(sight: Sight, places: Iterable[Place]) -> dict[Place, Departure]:
    """Return why places are not looked at any more, or were not asked, of those that are not."""
    looks = _Looks.of(sight, set())
    found = ((place, looks.departed(place) or looks.unasked(place)) for place in places)
    return {place: why for place, why in found if why is not None}


def _server(place: Place) -> str:
    return place.subject.split("|", 2)[1]


def _address(place: Place) -> str:
    """Return the address of a place; a network is one for itself."""
    kind, _, endpoint, name, _ = place.subject.split("|")
    return name if kind == "network" else endpoint.partition("/")[0]
