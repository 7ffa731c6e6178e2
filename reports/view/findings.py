"""Findings of one OPD: by severity, then by check, then one row per place where the check fails."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from auditor.model.check import Check, Reference, Severity
from auditor.model.evidence import Evidence
from auditor.model.finding import Finding, FindingStatus
from reports.remedies import remedies_for
from reports.view.context import Context
from reports.view.labels import CONFIDENCES, SIDES, Badge, badge
from reports.view.loosened import loosened_words
from reports.visible import clipped, shown
from reports.words import Words

_LONGEST_TOOL = 60
"""Characters of a tool's name and version beside each piece of evidence."""


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
    loosened: tuple[str, ...]
    """Parameters with which it was judged too leniently."""
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """All findings of one check; `expected` is empty when it differs between them."""

    check: str
    title: str
    severity: Badge
    confidence: str
    criteria: tuple[tuple[str, str], ...]
    why: str
    references: str
    expected: str
    recommendation: str
    rows: tuple[FindingRow, ...]


@dataclass(frozen=True, slots=True)
class SeveritySection:
    """One severity with how many findings are open; `share` is in percent of the longest bar.

    `groups` holds the accepted risks too, which `accepted` counts in words; it is empty when there are none.
    """

    severity: Badge
    count: int
    shown: str
    accepted: str
    share: float
    groups: tuple[CheckGroup, ...]


def severity_sections(context: Context, opd_id: str) -> tuple[SeveritySection, ...]:
    """Return the findings that stand, in five sections; a section may be empty."""
    standing = context.standing_findings(opd_id)
    counts = Counter(f.severity for f in context.open_findings(opd_id))
    accepted = Counter(f.severity for f in context.accepted_findings(opd_id))
    longest = max([1, *counts.values()])
    return tuple(
        SeveritySection(
            badge(context.words, severity),
            counts[severity],
            context.words.integer(counts[severity]),
            _accepted(context.words, accepted[severity]),
            100 * counts[severity] / longest,
            _groups(context, [f for f in standing if f.severity is severity]),
        )
        for severity in Severity
    )


def _accepted(words: Words, count: int) -> str:
    return words.plural("and %(count)s accepted risk", "and %(count)s accepted risks", count) if count else ""


def _groups(context: Context, findings: list[Finding]) -> tuple[CheckGroup, ...]:
    grouped = groupby(findings, key=lambda finding: finding.check)
    return tuple(_group(context, list(group)) for _, group in grouped)


def _group(context: Context, findings: list[Finding]) -> CheckGroup:
    words, first = context.words, findings[0]
    check = context.data.checks.get(first.check)
    expected = {words.of(finding.expected) for finding in findings}
    return CheckGroup(
        check=shown(first.check),
        title=shown(words.of(first.title)),
        severity=badge(words, first.severity),
        confidence=words.say(CONFIDENCES[first.confidence]),
        criteria=criteria(first),
        why=words.of(check.why) if check else "",
        references=_references(words, check),
        expected=clipped(expected.pop()) if len(expected) == 1 else "",
        recommendation=_recommendation(context, findings),
        rows=tuple(finding_row(context, finding) for finding in findings),
    )


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
        taken_on=_taken_on(context, finding),
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


def _taken_on(context: Context, finding: Finding) -> str:
    answer, words = finding.acknowledgement, context.words
    if answer is None:
        return ""
    who, how = shown(answer.owner), clipped(answer.plan)
    if answer.planned is None:
        return words.say("%(who)s mends it: %(how)s", who=who, how=how)
    day = words.day(answer.planned)
    return words.say("%(who)s mends it until %(day)s: %(how)s", who=who, how=how, day=day)


def _evidence(context: Context, sequence: int) -> str:
    row: Evidence | None = context.data.evidence.get(sequence)
    if row is None:
        return context.words.say("#%(sequence)s, of an earlier audit", sequence=sequence)
    tool = clipped(f"{row.tool} {row.tool_version}".strip(), _LONGEST_TOOL)
    return f"#{sequence} · {tool} · {context.words.moment(row.started_at)} · {row.hash[:10]}"
