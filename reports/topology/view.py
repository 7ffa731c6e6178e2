"""Say what the map shows, in the reader's words: zones, the OPD in them, servers, addresses, ports. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.finding import Finding
from auditor.model.inventory import Inventory, Kind, Server, State, Zone
from reports.topology.seen import Place, Port, Seen, Stranger, Sweep
from reports.view.labels import CATEGORIES, Badge, badge, reason_label
from reports.visible import clipped, shown
from reports.words import N_, Words

_STATES = {
    "measured": N_("Measured"),
    "unmeasured": N_("Not measured"),
    "retired": N_("Out of service"),
    "stranger": N_("Not registered"),
}
_LONGEST_PRODUCT = 80


@dataclass(frozen=True, slots=True)
class PortView:
    """An open port: `443`, or `161/udp`; `worst` is the severity of its worst open finding."""

    number: str
    name: str
    product: str
    worst: Badge | None


@dataclass(frozen=True, slots=True)
class PlaceView:
    """An address with its open ports; `known` says whether anybody knows which are open."""

    address: str
    ports: tuple[PortView, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class BoxView:
    """A server, or an address that is not registered. `letter` stands in the mark of the worst finding."""

    id: str
    name: str
    category: str
    state: Badge
    reason: str
    worst: Badge | None
    letter: str
    open: int
    findings: str
    places: tuple[PlaceView, ...]
    shared: tuple[str, ...]
    """Whose server it is where that is another OPD, or which others have names on it."""
    names: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """What one OPD has in a zone; without an id, who is not registered."""

    id: str
    name: str
    boxes: tuple[BoxView, ...]


@dataclass(frozen=True, slots=True)
class ZoneView:
    """A zone; `search` says whether, and how far, its networks were searched for what is not registered.

    It is empty for whoever does not answer for the zone.
    """

    id: str
    name: str
    networks: str
    public: bool
    vantage: bool
    searched: bool
    search: str
    groups: tuple[GroupView, ...]

    @property
    def boxes(self) -> tuple[BoxView, ...]:
        """Return everything that stands in the zone, in order."""
        return tuple(box for group in self.groups for box in group.boxes)

    @property
    def servers(self) -> tuple[BoxView, ...]:
        """Return the registered ones."""
        return tuple(box for group in self.groups if group.id for box in group.boxes)

    @property
    def strangers(self) -> tuple[BoxView, ...]:
        """Return those that nobody registered."""
        return tuple(box for group in self.groups if not group.id for box in group.boxes)


@dataclass(frozen=True, slots=True)
class Atlas:
    """What is shown, and to whom: with `opd_id`, one OPD's own, else everything."""

    seen: Seen
    words: Words
    opd_id: str | None
    worst: Mapping[str, Finding]
    """Server id → its worst open finding."""
    counts: Mapping[str, Counter[Severity]]
    at_port: Mapping[tuple[str, str, int, str], Severity]
    """Server, address, port and transport → severity of the worst open finding there."""


def zone_views(seen: Seen, words: Words, opd_id: str | None = None) -> tuple[ZoneView, ...]:
    """Return the zones, those that the internet reaches first; for one OPD only those it has anything in."""
    atlas = _atlas(seen, words, opd_id)
    zones = sorted(seen.inventory.zones, key=lambda zone: not zone.public)
    views = (_zone_view(atlas, zone) for zone in zones)
    return tuple(view for view in views if opd_id is None or view.groups)


def _atlas(seen: Seen, words: Words, opd_id: str | None) -> Atlas:
    findings = [one for one in seen.findings if opd_id in (None, one.opd)]
    worst: dict[str, Finding] = {}
    counts: dict[str, Counter[Severity]] = defaultdict(Counter)
    at_port: dict[tuple[str, str, int, str], Severity] = {}
    for finding in sorted(findings, key=lambda one: (one.severity.rank, one.id)):
        subject = finding.subject
        worst.setdefault(subject.server, finding)
        counts[subject.server][finding.severity] += 1
        at_port.setdefault(
            (subject.server, subject.address, subject.port, subject.transport), finding.severity
        )
    return Atlas(seen, words, opd_id, worst, counts, at_port)


def _zone_view(atlas: Atlas, zone: Zone) -> ZoneView:
    sweeps = atlas.seen.sweeps.get(zone.id, ())
    keeps = atlas.opd_id is None or atlas.opd_id in _keepers(atlas.seen.inventory, zone)
    groups = [*_groups(atlas, zone), *(_unregistered(atlas, zone) if keeps else ())]
    return ZoneView(
        id=shown(zone.id),
        name=shown(zone.name or zone.id),
        networks=", ".join(map(str, zone.networks)),
        public=zone.public,
        vantage=zone.id == atlas.seen.inventory.vantage,
        searched=keeps and bool(sweeps),
        search=_search(atlas.words, sweeps) if keeps else "",
        groups=tuple(groups),
    )


def _groups(atlas: Atlas, zone: Zone) -> Iterator[GroupView]:
    for opd in atlas.seen.inventory.opds:
        boxes = tuple(
            _box(atlas, server)
            for server in opd.machines()
            if server.zone == zone.id and _concerns(server, atlas.opd_id)
        )
        if boxes:
            yield GroupView(shown(opd.id), shown(opd.name), boxes)


def _concerns(server: Server, opd_id: str | None) -> bool:
    return opd_id in (None, server.opd) or bool(server.names_of(opd_id or ""))


def _unregistered(atlas: Atlas, zone: Zone) -> Iterator[GroupView]:
    strangers = atlas.seen.strangers.get(zone.id, ())
    if strangers:
        boxes = tuple(_stranger(atlas.words, one) for one in strangers)
        yield GroupView("", boxes[0].state.label, boxes)


def _keepers(inventory: Inventory, zone: Zone) -> set[str]:
    """Return the OPD that answer for a zone as a whole: they alone are shown what is not registered."""
    kept = (one for one in inventory.servers() if one.kind is Kind.ZONE and one.zone == zone.id)
    return {one.opd for one in kept}


def _search(words: Words, sweeps: Iterable[Sweep]) -> str:
    asked = sum(sweep.asked for sweep in sweeps)
    if not asked:
        return words.say("not searched for unregistered servers")
    answering = sum(sweep.answering for sweep in sweeps)
    return words.say(
        "searched: %(asked)s other addresses asked, %(answering)s answer",
        asked=words.integer(asked),
        answering=words.integer(answering),
    )


def _box(atlas: Atlas, server: Server) -> BoxView:
    words, worst, counts = atlas.words, atlas.worst.get(server.id), atlas.counts.get(server.id, Counter())
    mark = badge(words, worst.severity) if worst else None
    own = atlas.opd_id in (None, server.opd)
    return BoxView(
        id=shown(server.id),
        name=shown(server.name or server.id),
        category=words.say(CATEGORIES[server.category]),
        state=_state(words, _state_of(atlas.seen, server)),
        reason=clipped(reason_label(words, atlas.seen.reasons.get(server.id, ""))),
        worst=mark,
        letter=mark.label[0] if mark else "",
        open=counts.total(),
        findings=", ".join(
            f"{words.integer(counts[one])} {badge(words, one).label}" for one in Severity if counts[one]
        ),
        places=tuple(_places(atlas, server, own)),
        shared=tuple(_shared(atlas, server)),
        names=", ".join(map(shown, server.hostnames if own else server.names_of(atlas.opd_id or ""))),
    )


def _state(words: Words, kind: str) -> Badge:
    return Badge(kind, words.say(_STATES[kind]))


def _state_of(seen: Seen, server: Server) -> str:
    if server.state is State.RETIRED:
        return "retired"
    return "measured" if server.id in seen.measured else "unmeasured"


def _places(atlas: Atlas, server: Server, own: bool) -> Iterator[PlaceView]:
    for address in atlas.seen.addresses.get(server.id, ()):
        place = (server.id, address)
        ports = atlas.seen.ports.get(place)
        asked = None if own else _under_own_names(atlas, server, place)
        chosen = [port for port in ports or () if asked is None or port.number in asked]
        if own or chosen or ports is None:
            views = tuple(_port_view(atlas, place, port) for port in chosen)
            yield PlaceView(shown(address), views, ports is not None)


def _under_own_names(atlas: Atlas, server: Server, place: Place) -> set[int]:
    """Return the ports of another's server at which names of this OPD were asked for."""
    asked = atlas.seen.named.get(place, {})
    return {port for name in server.names_of(atlas.opd_id or "") for port in asked.get(name, ())}


def _port_view(atlas: Atlas, place: Place, port: Port) -> PortView:
    severity = atlas.at_port.get((*place, port.number, port.transport))
    return PortView(
        number=str(port.number) if port.transport == "tcp" else shown(f"{port.number}/{port.transport}"),
        name=shown(port.name),
        product=clipped(port.product, _LONGEST_PRODUCT),
        worst=badge(atlas.words, severity) if severity else None,
    )


def _shared(atlas: Atlas, server: Server) -> Iterator[str]:
    words, labels = atlas.words, {opd.id: shown(opd.name) for opd in atlas.seen.inventory.opds}
    if atlas.opd_id not in (None, server.opd):
        yield words.say("shared, a server of %(opd)s", opd=labels.get(server.opd, shown(server.opd)))
        return
    for other in sorted({owner for owner in server.name_owners.values() if owner != server.opd}):
        names = ", ".join(map(shown, server.names_of(other)))
        label = labels.get(other, shown(other))
        yield words.say("names of %(opd)s on it: %(names)s", opd=label, names=names)


def _stranger(words: Words, one: Stranger) -> BoxView:
    return BoxView(
        id="",
        name=shown(one.address),
        category="",
        state=_state(words, "stranger"),
        reason="",
        worst=None,
        letter="",
        open=0,
        findings="",
        places=(),
        shared=(),
        names=", ".join(map(shown, one.names)),
    )
