"""Findings as results of SARIF: with a fingerprint that stays, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model.facts import JSON
from auditor.model.finding import Finding, FindingStatus
from auditor.model.waiver import Waiver
from reports.findings import timestamp
from reports.remedies import remedies_for, verify_command
from reports.sarif.rules import LEVELS
from reports.sarif.texts import filled, guid, message, place
from reports.view.context import Context
from reports.view.labels import not_met
from reports.visible import shown

_FINGERPRINT = "tilik/finding/v1"


def results(context: Context, opd_id: str, rules: Mapping[str, int]) -> Iterator[dict[str, JSON]]:
    """Yield the findings of an OPD, worst first, accepted and closed ones marked as such.

    What is closed is left out where no audit before says from what it is absent: tools would count it.
    """
    for finding in context.findings(opd_id):
        baseline = _baseline(context, finding)
        if baseline is None and not context.stands(finding):
            continue
        yield filled(
            {
                "ruleId": shown(finding.check),
                "ruleIndex": rules[finding.check],
                "kind": "fail",
                "level": LEVELS[finding.severity],
                "message": message(_told(context, finding)),
                "locations": [place(finding.subject)],
                "guid": guid("result", context.data.run.id, finding.id),
                "correlationGuid": guid("finding", finding.id),
                "fingerprints": {_FINGERPRINT: finding.id},
                "baselineState": baseline,
                "suppressions": _suppressions(context, finding),
                "provenance": {
                    "firstDetectionTimeUtc": timestamp(finding.first_seen),
                    "lastDetectionTimeUtc": timestamp(finding.last_seen),
                },
                "properties": _properties(context, finding),
            }
        )


def _told(context: Context, finding: Finding) -> str:
    """Return what was found. A finding that was not measured again keeps its level: silence helps nobody."""
    words = context.words
    told = [
        f"{not_met(words, words.of(finding.title))}.",
        words.say("Observed: %(what)s", what=words.of(finding.observed)) + ".",
        words.say("Expected: %(what)s", what=words.of(finding.expected)) + ".",
    ]
    if finding.status is FindingStatus.NOT_MEASURED:
        told.append(words.say("Not measured again since %(day)s.", day=words.moment(finding.last_seen)))
    return " ".join(told)


def _baseline(context: Context, finding: Finding) -> str | None:
    """Return how the audit before saw it; None where there was none."""
    changes = context.data.changes
    if changes is None or changes.since is None:
        return None
    if not context.stands(finding):
        return "absent"
    came = {one.finding for one in (*changes.new, *changes.redetected)}
    return "new" if finding.id in came else "unchanged"


def _suppressions(context: Context, finding: Finding) -> list[JSON]:
    """Return the accepted risk that hides a result; an empty list says that nothing hides it."""
    if not context.is_accepted(finding):
        return []
    waiver = context.data.waivers.get(finding.waiver)
    return [
        filled(
            {
                "guid": guid("waiver", finding.waiver),
                "kind": "external",
                "status": "accepted",
                "justification": shown(waiver.reason) if waiver else None,
                "properties": _waiver(finding, waiver),
            }
        )
    ]


def _waiver(finding: Finding, waiver: Waiver | None) -> dict[str, JSON]:
    if waiver is None:
        return {"waiver": shown(finding.waiver)}
    return {
        "waiver": shown(waiver.id),
        "approvedBy": shown(waiver.approved_by),
        "validUntil": waiver.valid_until.isoformat(),
    }


def _properties(context: Context, finding: Finding) -> dict[str, JSON]:
    verify = [verify_command(remedy, finding, context.data) for remedy in remedies_for(finding, context.data)]
    answer = finding.acknowledgement
    return filled(
        {
            "finding": finding.id,
            "opd": shown(finding.opd),
            "server": shown(finding.subject.server),
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "status": context.state(finding).value,
            "responsible": finding.responsible.value,
            "due": finding.due.isoformat(),
            "overdue": context.is_overdue(finding),
            "owner": shown(answer.owner) if answer else None,
            "controls": {edition: list(ids) for edition, ids in sorted(finding.controls.items())},
            "verify": [shown(command) for command in dict.fromkeys(verify) if command],
            "evidence": list(finding.evidence),
        }
    )
