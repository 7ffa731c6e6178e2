"""What an OPD or the centre has to change: one fix per server and cause, most risk per hour first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.check import Remedy, Severity
from auditor.model.finding import Finding
from auditor.model.inventory import Responsible
from auditor.model.scorecard import Level
from reports.remedies import chosen_remedies, remedies_for, software_seen, verify_command
from reports.view.causes import RootCause, ranked_causes, switches_off
from reports.view.context import Context
from reports.view.findings import FindingRow, finding_row, switched_off
from reports.view.identity import Letterhead, Row, document_rows, letterhead, policy_limits, proof_rows
from reports.view.labels import SIDES, Badge, badge, software_label
from reports.view.way import WayView, way_view
from reports.visible import shown
from reports.words import Words

_SIDES = (Responsible.OPD, Responsible.CENTRE)


@dataclass(frozen=True, slots=True)
class RemedyView:
    """One change for one software, with the commands that verify it."""

    software: str
    steps: str
    config: str
    verify: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FixView:
    """One fix on one server. `rank` is its place in its side's order of work; `rows` is what it closes."""

    rank: str
    anchor: str
    title: str
    why: str
    severity: Badge
    server: str
    server_id: str
    sites: tuple[str, ...]
    """Host names that make it this OPD's work, on a server of another OPD."""
    rows: tuple[FindingRow, ...]
    due: str
    overdue: bool
    effort: str
    brings: str
    """What it does for the score, or why it does nothing yet; empty where nobody worked it out."""
    after_switching_off: bool
    """Whether it falls away once a server that is not used any more is switched off."""
    switched_off: str
    """Why no new measurement can close any of it; empty where one can."""
    software: str
    remedies: tuple[RemedyView, ...]


@dataclass(frozen=True, slots=True)
class ServerFixes:
    """All fixes on one server, in the order of work. `owner` is its OPD where the list is not that OPD's."""

    server: str
    owner: str
    fixes: tuple[FixView, ...]


@dataclass(frozen=True, slots=True)
class SideFixes:
    """The fixes that one side answers for, with their effort together; `first` are the critical ones."""

    label: str
    count: str
    effort: str
    first: tuple[FixView, ...]
    order: tuple[FixView, ...]
    servers: tuple[ServerFixes, ...]


@dataclass(frozen=True, slots=True)
class FixListView:
    """The whole list of one OPD, or of the centre; `waived` needs no work while the exception stands."""

    head: Letterhead
    heading: str
    subject: str
    document: tuple[Row, ...]
    proof: tuple[Row, ...]
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
    standing = context.standing_findings(opd_id)
    return FixListView(
        head=letterhead(context, opd_id),
        heading=context.words.say("Fix List"),
        subject=shown(context.opd(opd_id).name),
        document=document_rows(context, "DP", opd_id),
        proof=proof_rows(context),
        way=way_view(context, opd_id),
        sides=_sides(_List(context, opd_id, levels), standing),
        waived=_waived(context, standing),
        limits=policy_limits(context),
    )


def centre_list_view(context: Context) -> FixListView:
    """Return everything that the centre answers for, over all OPD."""
    levels = {Responsible.CENTRE: context.data.organization.centre}
    standing = tuple(f for f in context.standing_findings() if f.responsible is Responsible.CENTRE)
    return FixListView(
        head=letterhead(context),
        heading=context.words.say("Work List of the IT Centre"),
        subject=context.words.say("All OPD"),
        document=document_rows(context, "DKP", None),
        proof=proof_rows(context),
        way=None,
        sides=_sides(_List(context, "", levels), standing),
        waived=_waived(context, standing),
        limits=policy_limits(context),
    )


def _waived(context: Context, standing: tuple[Finding, ...]) -> tuple[tuple[str, FindingRow], ...]:
    return tuple(
        (shown(context.words.of(one.title)), finding_row(context, one)) for one in standing if one.waiver
    )


@dataclass(frozen=True, slots=True)
class _List:
    """Whose list it is (`opd_id` is empty on the centre's), and the levels that its sides work on."""

    context: Context
    opd_id: str
    levels: Mapping[Responsible, Level]

    def brings(self, cause: RootCause) -> str:
        """Word what a fix does for the floor of the side that answers for it."""
        words, first = self.context.words, cause.first
        if not self.context.data.policy.weights[first.severity]:
            return words.say("does not change the score (weight 0)")
        level, weight = self.levels[first.responsible], self.context.data.fix_weights.get(first.id)
        # What is accepted beside it keeps failing in the score without exceptions.
        score = level.with_waivers if cause.beside_accepted else level.score
        if weight is None or not score.applicable:
            return ""
        if not weight:
            return words.say("nothing yet: the rest of the check could not be judged")
        values = {
            "points": words.decimal(100 * weight / score.applicable, 2),
            "weight": words.quantity(weight),
            "whole": words.quantity(score.applicable),
        }
        if cause.beside_accepted:
            return words.say("+%(points)s points with exceptions (%(weight)s ÷ %(whole)s)", **values)
        return words.say("+%(points)s points (%(weight)s ÷ %(whole)s)", **values)

    def owner(self, finding: Finding) -> str:
        """Name the OPD of the server that a fix is made on, where it is another than the list's."""
        server = self.context.servers.get(finding.subject.server)
        opd_id = server.opd if server else finding.opd
        return "" if opd_id == self.opd_id else self.context.opd_label(opd_id)


def _sides(of: _List, standing: tuple[Finding, ...]) -> tuple[SideFixes, ...]:
    ranked = ranked_causes(of.context, standing)
    sides = (_side(of, side, ranked) for side in _SIDES if side in of.levels)
    return tuple(side for side in sides if side.order)


def _side(of: _List, side: Responsible, ranked: tuple[RootCause, ...]) -> SideFixes:
    words = of.context.words
    mine = [cause for cause in ranked if cause.first.responsible is side]
    offs = {cause.first.subject.server for cause in ranked if switches_off(of.context, cause)}
    order = tuple(_fix(of, cause, rank, offs) for rank, cause in enumerate(mine, start=1))
    servers: dict[str, list[FixView]] = defaultdict(list)
    for fix in order:
        servers[fix.server].append(fix)
    owners = {of.context.server_label(c.first.subject.server): of.owner(c.first) for c in mine}
    critical = {fix.anchor for fix in order if fix.severity.kind == Severity.CRITICAL.value}
    return SideFixes(
        label=words.say(SIDES[side]),
        count=words.plural("%(count)s fix", "%(count)s fixes", len(mine)),
        effort=_effort(words, sum(cause.hours for cause in mine)),
        first=tuple(fix for fix in order if fix.anchor in critical),
        order=order,
        servers=tuple(ServerFixes(server, owners[server], tuple(group)) for server, group in servers.items()),
    )


def _fix(of: _List, cause: RootCause, rank: int, offs: set[str]) -> FixView:
    context, words, first = of.context, of.context.words, cause.first
    check = context.data.checks.get(first.check)
    seen = frozenset(software for f in cause.findings for software in software_seen(f, context.data))
    remedies = chosen_remedies(check.remediation, seen) if check else ()
    names = [software_label(words, remedy.software) for remedy in remedies if remedy.software in seen]
    rows = tuple(finding_row(context, finding) for finding in cause.findings)
    return FixView(
        rank=words.integer(rank),
        anchor=f"{first.responsible.value}-{rank}",
        title=shown(words.of(first.title)),
        why=words.of(check.why) if check else "",
        severity=badge(words, first.severity),
        server=context.server_label(first.subject.server),
        server_id=shown(first.subject.server),
        sites=tuple(dict.fromkeys(row.site for row in rows if row.site)),
        rows=rows,
        due=words.day(first.due),
        overdue=any(context.is_overdue(finding) for finding in cause.findings),
        effort=_effort(words, cause.hours),
        brings=of.brings(cause),
        after_switching_off=first.subject.server in offs and not switches_off(context, cause),
        switched_off=_switched_off(context, cause),
        software=words.listed(names),
        remedies=tuple(_remedy(context, remedy, remedies, cause) for remedy in remedies),
    )


def _switched_off(context: Context, cause: RootCause) -> str:
    told = [switched_off(context, finding) for finding in cause.findings]
    return told[0] if all(told) else ""


def _effort(words: Words, hours: float) -> str:
    return words.plural(
        "%(hours)s hour", "%(hours)s hours", 1 if hours == 1 else 2, hours=words.quantity(hours)
    )


def _remedy(context: Context, remedy: Remedy, offered: tuple[Remedy, ...], cause: RootCause) -> RemedyView:
    def concerns(finding: Finding) -> bool:
        # Another program may answer on the port of the next finding: SMTP here, IMAP there.
        own = remedies_for(finding, context.data)
        return remedy in own or not any(one in offered for one in own)

    commands = (verify_command(remedy, one, context.data) for one in cause.findings if concerns(one))
    return RemedyView(
        software_label(context.words, remedy.software),
        context.words.of(remedy.steps).strip(),
        remedy.config.rstrip("\n"),
        tuple(command for command in dict.fromkeys(commands) if command),
    )
