"""What an OPD or the centre has to change: one fix per server and root cause, most risk per hour first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from auditor.model.check import Severity
from auditor.model.finding import Finding
from auditor.model.inventory import Responsible
from reports.remedies import software_seen
from reports.view.causes import Effect, Work, effect_of, lead_check, work_of
from reports.view.context import Context
from reports.view.findings import FindingRow, finding_row, switched_off
from reports.view.fix_neighbours import Neighbours, Reference, neighbours_of
from reports.view.fix_remedies import RemedyView, remedy_views
from reports.view.identity import Letterhead, Row, document_rows, letterhead, policy_limits, proof_rows
from reports.view.labels import SIDES, Badge, badge, excepted, not_met, software_label
from reports.view.tried import Tried, tried_texts
from reports.view.way import WayView, way_view
from reports.visible import shown
from reports.words import Words

_SIDES = (Responsible.OPD, Responsible.CENTRE)
MOST_DETAILED = 150
"""Fixes of one side that are told in full: nobody works down a page with thousands."""


@dataclass(frozen=True, slots=True)
class Places:
    """Findings of one check that say the same of several places."""

    check: str
    """What is not met there; empty where it is what the whole fix is named by."""
    observed: str
    """Empty where the same was said of the same places just before."""
    rows: tuple[FindingRow, ...]

    @property
    def said(self) -> FindingRow:
        """Return the finding whose words hold for all of them."""
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class FixView:
    """One fix. `rank` is its place in its side's order of work; `rows` is what it closes."""

    rank: str
    anchor: str
    detailed: bool
    """Whether more than its line in the order of work is told."""
    name: str
    """What would be right, for where a heading says that it is not."""
    title: str
    besides: str
    """How many more checks are not met for the same cause; empty for none."""
    why: str
    severity: Badge
    server: str
    server_id: str
    other_servers: tuple[str, ...]
    """Where the same change has to be made too: one certificate on several servers."""
    sites: tuple[str, ...]
    """Host names that make it this OPD's work, on a server of another OPD."""
    rows: tuple[FindingRow, ...]
    places: tuple[Places, ...]
    due: str
    overdue: bool
    effort: str
    brings: str
    """What it does for the score, or why it does nothing yet; empty where nobody worked it out."""
    taken_on: tuple[str, ...]
    """Who mends it, with the plan and the day."""
    after_switching_off: bool
    """Whether it falls away once a server that is not used any more is switched off."""
    switched_off: str
    """Why no new measurement can close any of it; empty where one can."""
    software: str
    remedies: tuple[RemedyView, ...]
    beside: Neighbours
    verify: str
    """The command by which whoever measures closes its findings."""


@dataclass(frozen=True, slots=True)
class ServerFixes:
    """All fixes on one server, in the order of work; `owner` is its OPD where the list is not that OPD's."""

    server: str
    owner: str
    measured_again: str
    """When a schedule measures it, where that is not told once for the whole list."""
    fixes: tuple[FixView, ...]


@dataclass(frozen=True, slots=True)
class SideFixes:
    """The fixes that one side answers for, with their effort together; `first` are the critical ones.

    `order` has all of them, `servers` those that come first; `left` counts the others in words.
    """

    label: str
    count: str
    effort: str
    first: tuple[FixView, ...]
    order: tuple[FixView, ...]
    servers: tuple[ServerFixes, ...]
    left: str


@dataclass(frozen=True, slots=True)
class FixListView:
    """The whole list of one OPD, or of the centre; `waived` needs no work while the exception stands."""

    head: Letterhead
    heading: str
    subject: str
    document: tuple[Row, ...]
    proof: tuple[Row, ...]
    measured_again: str
    way: WayView | None
    sides: tuple[SideFixes, ...]
    waived: tuple[tuple[str, FindingRow], ...]
    limits: tuple[str, ...]


def fix_list_view(context: Context, opd_id: str) -> FixListView:
    """Return the fix list of one OPD: its own work, and what the centre does on its behalf."""
    card = context.scorecard(opd_id)
    levels = {Responsible.OPD: card.own, Responsible.CENTRE: card.centre}
    if opd_id == context.data.inventory.organization.centre:
        levels[Responsible.CENTRE] = card.own  # it answers for both
    listed = _List(context, opd_id, effect_of(context, levels), tried_texts(context.data))
    return FixListView(
        head=letterhead(context, opd_id),
        heading=context.words.say("Fix List"),
        subject=shown(context.opd(opd_id).name),
        document=document_rows(context, "DP", opd_id),
        proof=proof_rows(context),
        measured_again=_measured_again(context, opd_id),
        way=way_view(context, opd_id),
        sides=_sides(listed, work_of(context, opd_id)),
        waived=_waived(context, context.standing_findings(opd_id)),
        limits=policy_limits(context),
    )


def centre_list_view(context: Context) -> FixListView:
    """Return everything that the centre answers for, over all OPD."""
    levels = {Responsible.CENTRE: context.data.organization.centre}
    mine = tuple(one for one in work_of(context) if one.cause.responsible is Responsible.CENTRE)
    standing = (f for f in context.standing_findings() if f.responsible is Responsible.CENTRE)
    listed = _List(context, "", effect_of(context, levels), tried_texts(context.data))
    return FixListView(
        head=letterhead(context),
        heading=context.words.say("Work List of the IT Centre"),
        subject=context.words.say("All OPD"),
        document=document_rows(context, "DKP", None),
        proof=proof_rows(context),
        measured_again="",
        way=None,
        sides=_sides(listed, mine),
        waived=_waived(context, standing),
        limits=policy_limits(context),
    )


def _waived(context: Context, standing: Iterable[Finding]) -> tuple[tuple[str, FindingRow], ...]:
    return tuple(
        (excepted(context.words, shown(context.words.of(one.title))), finding_row(context, one))
        for one in standing
        if one.waiver
    )


def _measured_again(context: Context, opd_id: str) -> str:
    at = context.data.next_audits.get(opd_id)
    return context.words.moment(at) if at else context.words.say("not planned")


@dataclass(frozen=True, slots=True)
class _List:
    """Whose list it is (`opd_id` is empty on the centre's), what its fixes do for scores, what was tried."""

    context: Context
    opd_id: str
    effect: Effect
    tried: Tried

    def owner(self, server_id: str, otherwise: str) -> str:
        """Return the OPD of the server that a fix is made on, where it is another than the list's."""
        server = self.context.servers.get(server_id)
        opd_id = server.opd if server else otherwise
        return "" if opd_id == self.opd_id else opd_id


def _sides(of: _List, works: tuple[Work, ...]) -> tuple[SideFixes, ...]:
    sides = (
        _side(of, side, tuple(one for one in works if one.cause.responsible is side))
        for side in _SIDES
        if side in of.effect.levels
    )
    return tuple(side for side in sides if side.order)


def _side(of: _List, side: Responsible, mine: tuple[Work, ...]) -> SideFixes:
    words = of.context.words
    references = {
        one.cause.id: Reference(rank, words.integer(rank), f"{side.value}-{rank}")
        for rank, one in enumerate(mine, start=1)
    }
    beside = neighbours_of(of.context, mine, references, of.tried)
    order = tuple(_fix(of, one, references[one.cause.id], beside[one.cause.id]) for one in mine)
    return SideFixes(
        label=words.say(SIDES[side]),
        count=words.plural("%(count)s fix", "%(count)s fixes", len(mine)),
        effort=_effort(words, sum(one.cause.hours for one in mine)),
        first=tuple(fix for fix in order if fix.severity.kind == Severity.CRITICAL.value),
        order=order,
        servers=_by_server(of, mine[:MOST_DETAILED], order[:MOST_DETAILED]),
        left=_left(words, len(order) - MOST_DETAILED),
    )


def _left(words: Words, count: int) -> str:
    told = words.plural(
        "%(count)s more fix is told in full once these are done; the workbook has them all.",
        "%(count)s more fixes are told in full once these are done; the workbook has them all.",
        count,
    )
    return told if count > 0 else ""


def _by_server(of: _List, mine: tuple[Work, ...], order: tuple[FixView, ...]) -> tuple[ServerFixes, ...]:
    grouped: dict[str, list[FixView]] = defaultdict(list)
    owners: dict[str, str] = {}
    for work, fix in zip(mine, order, strict=True):
        server = work.cause.servers[0]
        grouped[server].append(fix)
        owners.setdefault(server, of.owner(server, work.cause.opd))
    return tuple(
        ServerFixes(
            server=of.context.server_label(server),
            owner=of.context.opd_label(owners[server]) if owners[server] else "",
            measured_again=_measured_again(of.context, owners[server]) if owners[server] else "",
            fixes=tuple(fixes),
        )
        for server, fixes in grouped.items()
    )


def _fix(of: _List, work: Work, place: Reference, beside: Neighbours) -> FixView:
    context, words, check = of.context, of.context.words, lead_check(of.context, work)
    rows = tuple(finding_row(context, finding) for finding in work.findings)
    titles = {one.check: not_met(words, shown(words.of(one.title))) for one in work.findings}
    lead = work.lead.check
    first, *others = work.cause.servers
    return FixView(
        rank=place.rank,
        anchor=place.anchor,
        detailed=place.number <= MOST_DETAILED,
        name=shown(words.of(work.lead.title)),
        title=titles[lead],
        besides=_besides(words, len(titles) - 1),
        why=words.of(check.why) if check else "",
        severity=badge(words, work.cause.severity),
        server=context.server_label(first),
        server_id=shown(first),
        other_servers=tuple(map(context.server_label, others)),
        sites=tuple(dict.fromkeys(row.site for row in rows if row.site)),
        rows=rows,
        places=_places(work, rows, titles),
        due=words.day(work.cause.due),
        overdue=any(context.is_overdue(finding) for finding in work.findings),
        effort=_effort(words, work.cause.hours),
        brings=of.effect.brings(work),
        taken_on=tuple(dict.fromkeys(row.taken_on for row in rows if row.taken_on)),
        after_switching_off=work.cause.after_switching_off,
        switched_off=_switched_off(context, work),
        software=_software(context, work),
        remedies=remedy_views(context, work, of.tried),
        beside=beside,
        verify="auditor verify " + " ".join(one.id for one in work.findings),
    )


def _besides(words: Words, count: int) -> str:
    return words.plural("and %(count)s more check", "and %(count)s more checks", count) if count else ""


def _software(context: Context, work: Work) -> str:
    seen = frozenset(name for one in work.findings for name in software_seen(one, context.data))
    check = lead_check(context, work)
    named = [one.software for one in check.remediation if one.software in seen] if check else []
    return context.words.listed([software_label(context.words, one) for one in named])


def _places(work: Work, rows: tuple[FindingRow, ...], titles: Mapping[str, str]) -> tuple[Places, ...]:
    """Return the places, those together that the same is said of, in the order of the checks' texts."""
    order = {check: number for number, check in enumerate(work.cause.checks)}
    grouped: dict[tuple[int, str, str, tuple[str, ...]], list[FindingRow]] = defaultdict(list)
    names: dict[int, str] = {}
    for finding, row in zip(work.findings, rows, strict=True):
        number = order[finding.check]
        names[number] = titles[finding.check] if len(titles) > 1 else ""
        grouped[number, row.observed, row.expected, row.loosened].append(row)
    listed = [
        Places(names[number], observed, tuple(found))
        for (number, observed, *_), found in sorted(grouped.items())
    ]
    return tuple(_unless_repeated(one, before) for before, one in zip((None, *listed), listed, strict=False))


def _unless_repeated(one: Places, before: Places | None) -> Places:
    def key(places: Places) -> tuple[str, list[str]]:
        return places.said.observed, [row.endpoint for row in places.rows]

    return replace(one, observed="") if before and key(before) == key(one) else one


def _switched_off(context: Context, work: Work) -> str:
    told = [switched_off(context, finding) for finding in work.findings]
    return told[0] if all(told) else ""


def _effort(words: Words, hours: float) -> str:
    return words.plural(
        "%(hours)s hour", "%(hours)s hours", 1 if hours == 1 else 2, hours=words.quantity(hours)
    )
