"""Findings of one OPD: by severity, then by check, then one row per place where the check fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from auditor.model.check import Check, Reference, Severity
from auditor.model.evidence import Evidence
from auditor.model.finding import Finding, FindingStatus
from reports.remedies import remedies_for, software_seen
from reports.view.capped import left_over, size_of
from reports.view.context import Context
from reports.view.labels import CONFIDENCES, LAYER_CAUSES, SIDES, Badge, badge, not_met, software_label
from reports.view.loosened import loosened_words
from reports.view.response import response, retest_words
from reports.visible import clipped, shown
from reports.words import Words

_LONGEST_TOOL = 60
"""Characters of a tool's name and version beside each piece of evidence."""
_LONGEST_GROUP = 20
"""Places of one check that are shown."""
_ROOM_BYTES = 150_000
"""For all findings of a page, so that a card can be sent by mail however much fails."""
_GROUP_BYTES, _ROW_BYTES = 1_100, 1_000
"""What the page itself needs beside the texts of a group and of a row."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding. `waiver` and `evidence` are words; `overdue` is said in words beside the deadline."""

    id: str
    server: str
    server_id: str
    site: str
    """The host name that makes it this OPD's finding, on a server of another OPD; else empty."""
    endpoint: str
    observed: str
    expected: str
    owner: str
    due: str
    overdue: bool
    status: Badge
    first_seen: str
    waiver: str
    taken_on: str
    """Who mends it, how and until when; empty while nobody does."""
    retest: str
    """What measuring it again came to; empty while nobody did."""
    loosened: tuple[str, ...]
    """Parameters with which it was judged too leniently."""
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """Findings of one check; `expected` is empty when it differs between them.

    `left` says how many places are not shown, and is empty when all are.
    """

    check: str
    title: str
    severity: Badge
    confidence: str
    criteria: tuple[tuple[str, str], ...]
    cause: str
    why: str
    references: str
    expected: str
    recommendation: str
    rows: tuple[FindingRow, ...]
    left: str


@dataclass(frozen=True, slots=True)
class SeveritySection:
    """One severity with how many findings are open; `share` is in percent of the longest bar.

    `groups` holds the accepted risks too, which `accepted` counts in words; it is empty when there are none.
    `left` says how many findings are not shown for want of room, and is empty when all are.
    """

    severity: Badge
    count: int
    shown: str
    accepted: str
    share: float
    groups: tuple[CheckGroup, ...]
    left: str


def severity_sections(context: Context, opd_id: str) -> tuple[SeveritySection, ...]:
    """Return the findings that stand, in five sections; a section may be empty.

    The worst are shown until the page is full; the others are counted.
    """
    standing = context.standing_findings(opd_id)
    counts = Counter(f.severity for f in context.open_findings(opd_id))
    longest = max([1, *counts.values()])
    page = _Page(context, opd_id)
    return tuple(
        _section(page, severity, [f for f in standing if f.severity is severity], counts[severity], longest)
        for severity in Severity
    )


def _section(
    page: _Page, severity: Severity, findings: list[Finding], count: int, longest: int
) -> SeveritySection:
    words = page.context.words
    groups = page.groups(findings)
    told = sum(len(group.rows) for group in groups) + sum(page.untold[group.check] for group in groups)
    accepted = sum(map(page.context.is_accepted, findings))
    return SeveritySection(
        badge(words, severity),
        count,
        words.integer(count),
        _accepted(words, accepted),
        100 * count / longest,
        groups,
        left_over(page.context, page.opd_id, "findings", len(findings) - told),
    )


class _Page:
    """The room that findings have on a page: what a server says may be as long as it likes."""

    def __init__(self, context: Context, opd_id: str):
        self.context, self.opd_id = context, opd_id
        self.untold: dict[str, int] = {}
        """Check → its places that are counted below its table."""
        self._left = _ROOM_BYTES

    def groups(self, findings: list[Finding]) -> tuple[CheckGroup, ...]:
        """Return the findings by check, as many as there is room for."""
        grouped = (list(group) for _, group in groupby(findings, key=lambda finding: finding.check))
        return tuple(group for one in grouped if (group := self._group(one)) is not None)

    def _group(self, findings: list[Finding]) -> CheckGroup | None:
        if self._left <= 0:
            return None
        rows = tuple(self._rows(findings[:_LONGEST_GROUP]))
        group = _group(self.context, findings, rows)
        self._left -= _GROUP_BYTES + size_of(group.why, group.cause, group.recommendation, group.references)
        self.untold[group.check] = len(findings) - len(rows)
        left = left_over(self.context, self.opd_id, "findings", len(findings) - len(rows))
        return replace(group, left=left)

    def _rows(self, findings: list[Finding]) -> Iterator[FindingRow]:
        for number, finding in enumerate(findings):
            row = finding_row(self.context, finding)
            if number and self._left <= 0:
                return
            self._left -= _ROW_BYTES + size_of(row.observed, row.expected, row.taken_on, row.retest)
            yield row


def _accepted(words: Words, count: int) -> str:
    return words.plural("and %(count)s accepted risk", "and %(count)s accepted risks", count) if count else ""


def _group(context: Context, findings: list[Finding], rows: tuple[FindingRow, ...]) -> CheckGroup:
    words, first = context.words, findings[0]
    check = context.data.checks.get(first.check)
    expected = {words.of(finding.expected) for finding in findings}
    return CheckGroup(
        check=shown(first.check),
        title=not_met(words, shown(words.of(first.title))),
        severity=badge(words, first.severity),
        confidence=words.say(CONFIDENCES[first.confidence]),
        criteria=criteria(first),
        cause=_cause(context, findings, check),
        why=words.of(check.why) if check else "",
        references=_references(words, check),
        expected=clipped(expected.pop()) if len(expected) == 1 else "",
        recommendation=_recommendation(context, findings),
        rows=rows,
        left="",
    )


def _cause(context: Context, findings: list[Finding], check: Check | None) -> str:
    """Name what a measurement can tell of the cause: which layer it lies in, and of which software."""
    if check is None:
        return ""
    words = context.words
    told = words.say(LAYER_CAUSES[check.layer])
    seen = sorted(
        {one for finding in findings[:_LONGEST_GROUP] for one in software_seen(finding, context.data)}
    )
    wanted = {remedy.software for remedy in check.remediation}
    named = [software_label(words, one) for one in seen if one in wanted]
    return words.say("%(layer)s: %(software)s", layer=told, software=words.listed(named)) if named else told


def criteria(finding: Finding) -> tuple[tuple[str, str], ...]:
    """Return edition → the controls that a finding speaks to, both editions."""
    return tuple((edition, ", ".join(ids)) for edition, ids in sorted(finding.controls.items()) if ids)


def _references(words: Words, check: Check | None) -> str:
    """Name where the thresholds come from; a rule of our own has no document that one could look into."""
    listed = check.references if check else ()
    return "; ".join(_reference(words, one) for one in listed)


def _reference(words: Words, one: Reference) -> str:
    if one.source == _OWN_RULE:
        return words.say("Own rule of this catalogue")
    return f"{one.source} § {one.section}" if one.section else one.source


_OWN_RULE = "Own rule of this catalogue"


def _recommendation(context: Context, findings: list[Finding]) -> str:
    steps = [context.words.of(remedy.steps) for f in findings for remedy in remedies_for(f, context.data)]
    return steps[0].strip() if steps else ""


def finding_row(context: Context, finding: Finding) -> FindingRow:
    """Return one finding in words."""
    words = context.words
    return FindingRow(
        id=finding.id,
        server=context.server_label(finding.subject.server),
        server_id=finding.subject.server,
        site=_site(context, finding),
        endpoint=context.endpoint(finding.subject),
        observed=clipped(words.of(finding.observed)),
        expected=clipped(words.of(finding.expected)),
        owner=words.say(SIDES[finding.responsible]),
        due=words.day(finding.due),
        overdue=context.is_overdue(finding),
        status=_status(context, finding),
        first_seen=words.day(context.day_of(finding.first_seen, finding.opd)),
        waiver=_waiver(context, finding),
        taken_on=response(context, finding),
        retest=retest_words(context, finding.id),
        loosened=loosened_words(context, finding.check, context.loosened.get(finding.id, ())),
        evidence=tuple(_evidence(context, row) for row in finding.evidence),
    )


def _status(context: Context, finding: Finding) -> Badge:
    """Word the state; what nobody checks any more cannot be closed by measuring it again."""
    known = badge(context.words, context.state(finding))
    reason = switched_off(context, finding)
    return Badge(known.kind, reason) if reason else known


def switched_off(context: Context, finding: Finding) -> str:
    """Word why a finding that was not measured again cannot be: the policy switched its check off."""
    if context.state(finding) is not FindingStatus.NOT_MEASURED:
        return ""
    reason = context.data.policy.disabled_checks.get(finding.check)
    return "" if reason is None else shown(context.words.say("check switched off: %(reason)s", reason=reason))


def _site(context: Context, finding: Finding) -> str:
    server = context.servers.get(finding.subject.server)
    return shown(finding.subject.server_name) if server and server.opd != finding.opd else ""


def _waiver(context: Context, finding: Finding) -> str:
    if not finding.waiver:
        return ""
    waiver = context.data.waivers.get(finding.waiver)
    if waiver is None:
        return context.words.say("excepted: %(id)s", id=finding.waiver)
    day = context.words.day(waiver.valid_until)
    return context.words.say("excepted until %(day)s: %(id)s", day=day, id=finding.waiver)


def _evidence(context: Context, sequence: int) -> str:
    row: Evidence | None = context.data.evidence.get(sequence)
    if row is None:
        return context.words.say("#%(sequence)s, of an earlier audit", sequence=sequence)
    tool = clipped(f"{row.tool} {row.tool_version}".strip(), _LONGEST_TOOL)
    return f"#{sequence} · {tool} · {context.words.moment(row.started_at)} · {row.hash[:10]}"
