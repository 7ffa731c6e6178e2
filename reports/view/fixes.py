"""What one OPD has to change: one fix per server and root cause, the most risk removed per hour first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from auditor.model.check import Remedy
from auditor.model.finding import Finding
from auditor.model.inventory import Responsible
from reports.remedies import chosen_remedies, remedies_for, software_seen, verify_command
from reports.view.context import Context
from reports.view.findings import FindingRow, finding_row
from reports.view.identity import Letterhead, Row, document_rows, letterhead, proof_rows
from reports.view.labels import SIDES, Badge, badge, software_label
from reports.visible import shown
from reports.words import Words

_UNKNOWN_EFFORT_HOURS = 1.0
"""For a finding whose check has left the catalogue."""
_LEAST_EFFORT_HOURS = 0.1


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
    rows: tuple[FindingRow, ...]
    due: str
    overdue: bool
    effort: str
    software: str
    remedies: tuple[RemedyView, ...]


@dataclass(frozen=True, slots=True)
class ServerFixes:
    """All fixes on one server, in the order of work."""

    server: str
    fixes: tuple[FixView, ...]


@dataclass(frozen=True, slots=True)
class SideFixes:
    """The fixes that one side answers for, with their effort together."""

    label: str
    count: str
    effort: str
    order: tuple[FixView, ...]
    servers: tuple[ServerFixes, ...]


@dataclass(frozen=True, slots=True)
class FixListView:
    """The whole list of one OPD; `waived` needs no work while the exception stands."""

    head: Letterhead
    opd_id: str
    opd: str
    document: tuple[Row, ...]
    proof: tuple[Row, ...]
    sides: tuple[SideFixes, ...]
    waived: tuple[tuple[str, FindingRow], ...]


@dataclass(frozen=True, slots=True)
class _Cause:
    """Findings of one check on one server, which one change closes."""

    findings: tuple[Finding, ...]
    hours: float

    @property
    def first(self) -> Finding:
        return min(self.findings, key=lambda finding: (finding.due, finding.subject.key))


def fix_list_view(context: Context, opd_id: str) -> FixListView:
    """Return the fix list of one OPD."""
    standing = context.open_findings(opd_id)
    ranked = _ranked(context, [finding for finding in standing if not finding.waiver])
    sides = (_side(context, side, ranked) for side in (Responsible.OPD, Responsible.CENTRE))
    return FixListView(
        head=letterhead(context, opd_id),
        opd_id=opd_id,
        opd=shown(context.opd(opd_id).name),
        document=document_rows(context, "DP", opd_id),
        proof=proof_rows(context),
        sides=tuple(side for side in sides if side.order),
        waived=tuple((context.words.of(f.title), finding_row(context, f)) for f in standing if f.waiver),
    )


def _ranked(context: Context, findings: list[Finding]) -> list[_Cause]:
    """Order root causes by severity weight per hour of effort; ties by severity, deadline, server."""
    grouped: dict[tuple[str, str, Responsible], list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[finding.subject.server, finding.check, finding.responsible].append(finding)
    causes = [_Cause(tuple(group), effort_hours(context, group[0])) for group in grouped.values()]

    def order(cause: _Cause) -> tuple[float, int, str, str, str]:
        first = cause.first
        gain = context.data.policy.weights[first.severity] / max(cause.hours, _LEAST_EFFORT_HOURS)
        return -gain, first.severity.rank, first.due.isoformat(), first.subject.server, first.check

    return sorted(causes, key=order)


def effort_hours(context: Context, finding: Finding) -> float:
    """Return the hours that closing a finding is expected to take."""
    check = context.data.checks.get(finding.check)
    return check.effort_hours if check else _UNKNOWN_EFFORT_HOURS


def _side(context: Context, side: Responsible, ranked: list[_Cause]) -> SideFixes:
    words = context.words
    mine = [cause for cause in ranked if cause.first.responsible is side]
    order = tuple(_fix(context, cause, rank) for rank, cause in enumerate(mine, start=1))
    servers: dict[str, list[FixView]] = defaultdict(list)
    for fix in order:
        servers[fix.server].append(fix)
    return SideFixes(
        label=words.say(SIDES[side]),
        count=words.plural("%(count)s fix", "%(count)s fixes", len(mine)),
        effort=_effort(words, sum(cause.hours for cause in mine)),
        order=order,
        servers=tuple(ServerFixes(server, tuple(group)) for server, group in servers.items()),
    )


def _fix(context: Context, cause: _Cause, rank: int) -> FixView:
    words, first = context.words, cause.first
    check = context.data.checks.get(first.check)
    seen = frozenset(software for f in cause.findings for software in software_seen(f, context.data))
    remedies = chosen_remedies(check.remediation, seen) if check else ()
    names = [software_label(words, remedy.software) for remedy in remedies if remedy.software in seen]
    return FixView(
        rank=words.integer(rank),
        anchor=f"{first.responsible.value}-{rank}",
        title=shown(words.of(first.title)),
        why=words.of(check.why) if check else "",
        severity=badge(words, first.severity),
        server=context.server_label(first.subject.server),
        server_id=shown(first.subject.server),
        rows=tuple(finding_row(context, finding) for finding in cause.findings),
        due=words.day(first.due),
        overdue=any(context.is_overdue(finding) for finding in cause.findings),
        effort=_effort(words, cause.hours),
        software=words.listed(names),
        remedies=tuple(_remedy(context, remedy, remedies, cause) for remedy in remedies),
    )


def _effort(words: Words, hours: float) -> str:
    return words.plural(
        "%(hours)s hour", "%(hours)s hours", 1 if hours == 1 else 2, hours=words.quantity(hours)
    )


def _remedy(context: Context, remedy: Remedy, offered: tuple[Remedy, ...], cause: _Cause) -> RemedyView:
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
