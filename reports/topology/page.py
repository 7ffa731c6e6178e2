"""The map as a page of a report: what is known of the run, the sheets, and the same as a table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.finding import CLOSED
from auditor.model.inventory import Inventory, Kind, Server
from auditor.model.report import ReportData
from reports.topology.layout import Sheet, sheets
from reports.topology.seen import Seen, see
from reports.topology.view import BoxView, ZoneView, zone_views
from reports.view.context import Context
from reports.view.identity import Letterhead, Row, document_rows, letterhead
from reports.view.labels import Badge, badge
from reports.visible import shown
from reports.words import N_, Words

PREFIX = "PT"
"""Of the number of the document: peta topologi."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with what it means."""

    label: str
    value: str
    note: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone in numbers."""

    zone: ZoneView
    opds: str
    servers: str
    unmeasured: str
    ports: str
    strangers: str


@dataclass(frozen=True, slots=True)
class MapView:
    """The whole page. `whole` says whether it is about every OPD."""

    head: Letterhead
    subject: str
    document: tuple[Row, ...]
    whole: bool
    measured: bool
    """Whether there was an audit at all."""
    vantage: str
    tiles: tuple[Tile, ...]
    overview: tuple[ZoneRow, ...]
    zones: tuple[ZoneView, ...]
    sheets: tuple[Sheet, ...]
    legend: tuple[tuple[Badge, str], ...]
    """Severities with the letters that stand in their marks."""
    nameless: str
    """What may look like a stranger because nobody knows its address; empty when there is none."""


def map_view(context: Context) -> MapView:
    """Return the map of everything, for those who may see all OPD."""
    return drawn(
        seen_of(context.data),
        context.words,
        letterhead(context),
        document_rows(context, PREFIX, None),
        shown(context.data.inventory.organization.name),
    )


def opd_map_view(context: Context, opd_id: str) -> MapView:
    """Return the map of one OPD: its own servers, and its names on those of others."""
    return drawn(
        seen_of(context.data),
        context.words,
        letterhead(context, opd_id),
        document_rows(context, PREFIX, opd_id),
        context.opd_label(opd_id),
        opd_id,
    )


def seen_of(data: ReportData, inventory: Inventory | None = None) -> Seen:
    """Return what an audit saw of the inventory it was made with, or of another one."""
    scores = (score for card in data.scorecards.values() for score in card.servers)
    unseen = [(gap.server, gap.reason) for gap in data.not_measured if not gap.what]
    skipped = [(one.server, one.reason.value) for one in data.skipped if not one.scanner]
    return see(
        inventory or data.inventory,
        data.evidence.values(),
        tuple(one for one in data.findings if one.status not in CLOSED and not one.waiver),
        frozenset(score.server for score in scores if score.measured),
        dict([*skipped, *unseen]),
    )


def drawn(
    seen: Seen,
    words: Words,
    head: Letterhead,
    document: tuple[Row, ...],
    subject: str,
    opd_id: str | None = None,
    *,
    measured: bool = True,
) -> MapView:
    """Return the page about what was seen: of one OPD, or of all for None."""
    zones = zone_views(seen, words, opd_id)
    return MapView(
        head=head,
        subject=subject,
        document=document,
        whole=opd_id is None,
        measured=measured,
        vantage=_vantage(seen.inventory),
        tiles=tuple(_tiles(zones, words, opd_id is None)),
        overview=tuple(_overview(zones, words)),
        zones=zones,
        sheets=sheets(zones),
        legend=tuple((badge(words, one), badge(words, one).label[0]) for one in Severity),
        nameless=_nameless(seen, words, opd_id),
    )


def _vantage(inventory: Inventory) -> str:
    return next((shown(zone.name) for zone in inventory.zones if zone.id == inventory.vantage), "")


def _tiles(zones: tuple[ZoneView, ...], words: Words, whole: bool) -> Iterator[Tile]:
    servers = [box for zone in zones for box in zone.servers]
    strangers = [box for zone in zones for box in zone.strangers]
    unmeasured = _unmeasured(servers)
    groups = {group.id for zone in zones for group in zone.groups if group.id}
    searched = bool(strangers) or any(zone.searched for zone in zones)
    count = words.integer
    yield Tile(
        words.say("Registered servers"), count(len(servers)), words.say("of %(count)s OPD", count=len(groups))
    )
    public = count(sum(zone.public for zone in zones))
    note = words.say("%(count)s reached from the internet", count=public)
    yield Tile(words.say("Zones"), count(len(zones)), note)
    yield Tile(words.say("Open ports"), count(_open_ports(servers)), words.say("as found, not as planned"))
    names = _first_names(unmeasured, words)
    yield Tile(words.say("Servers not measured"), count(len(unmeasured)), names, bool(unmeasured))
    unsearched = N_("no zone was searched") if whole else N_("told to whoever answers for the networks")
    note = _first_names(strangers, words) if searched else words.say(unsearched)
    shown_count = count(len(strangers)) if searched else "–"
    yield Tile(words.say("Not registered"), shown_count, note, bool(strangers))


def _overview(zones: Iterable[ZoneView], words: Words) -> Iterator[ZoneRow]:
    for zone in zones:
        searched = zone.searched or zone.strangers
        yield ZoneRow(
            zone,
            words.integer(sum(bool(group.id) for group in zone.groups)),
            words.integer(len(zone.servers)),
            words.integer(len(_unmeasured(zone.servers))),
            words.integer(_open_ports(zone.servers)),
            words.integer(len(zone.strangers)) if searched else "–",
        )


def _unmeasured(boxes: Iterable[BoxView]) -> list[BoxView]:
    return [box for box in boxes if box.state.kind == "unmeasured"]


def _open_ports(boxes: Iterable[BoxView]) -> int:
    return sum(len(place.ports) for box in boxes for place in box.places)


_NAMED_IN_A_TILE = 3


def _first_names(boxes: Sequence[BoxView], words: Words) -> str:
    if not boxes:
        return words.say("none")
    names = [box.id or box.name for box in boxes[:_NAMED_IN_A_TILE]]
    rest = len(boxes) - len(names)
    return words.listed([*names, words.plural("%(count)s more", "%(count)s more", rest)] if rest else names)


def _nameless(seen: Seen, words: Words, opd_id: str | None) -> str:
    """Name the servers that are registered by name alone, and whose names led nowhere."""
    lost = [one for one in _machines(seen.inventory, opd_id) if not seen.addresses.get(one.id)]
    return words.listed([shown(one.id) for one in lost])


def _machines(inventory: Inventory, opd_id: str | None) -> Iterator[Server]:
    for server in inventory.servers():
        if server.kind is Kind.SERVER and opd_id in (None, server.opd):
            yield server
