"""Risks: one for each finding, with its deadline, its remedies, and whether somebody answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.check import Remedy
from auditor.model.facts import JSON
from auditor.model.finding import Finding
from auditor.model.inventory import Responsible
from auditor.model.waiver import Waiver
from reports.command_comments import in_language
from reports.oscal.components import origin
from reports.oscal.observations import of_finding
from reports.oscal.paper import Paper
from reports.oscal.parts import (
    NAMESPACE,
    code,
    end_of_day,
    filled,
    line,
    moment,
    paragraphs,
    prop,
    props,
    start_of_day,
)
from reports.remedies import remedies_for, verify_command
from reports.view.labels import FINDING_STATUSES, not_met, software_label


def of_risk(paper: Paper, finding: Finding) -> str:
    """Return the identifier of a finding's risk: the same in every run."""
    return paper.ids.of("risk", finding.id)


def risks(paper: Paper, findings: Iterable[Finding]) -> Iterator[dict[str, JSON]]:
    """Yield the risk of each finding. An accepted one is a deviation, and has no deadline while it is."""
    for finding in findings:
        waiver = paper.waiver(finding)
        stands = paper.context.stands(finding)
        yield filled(
            {
                "uuid": of_risk(paper, finding),
                "title": title(paper, finding),
                "description": paper.say("Observed: %(what)s", what=paper.context.words.of(finding.observed)),
                "statement": _why(paper, finding),
                "props": finding_props(paper, finding),
                "status": _status(paper, finding),
                "origins": [origin(paper)],
                "characterizations": [_characterization(paper, finding)],
                "mitigating-factors": [_mitigation(paper, waiver)] if _compensated(waiver) else [],
                "deadline": end_of_day(finding.due, paper.zone) if stands and waiver is None else None,
                "remediations": list(_remediations(paper, finding, waiver)),
                "risk-log": {"entries": list(_log(paper, finding, waiver))},
                "related-observations": [{"observation-uuid": of_finding(paper, finding)}],
            }
        )


def title(paper: Paper, finding: Finding) -> str:
    """Name a finding: the title of a check says what would be right."""
    words = paper.context.words
    return line(not_met(words, words.of(finding.title)))


def finding_props(paper: Paper, finding: Finding) -> list[JSON]:
    """Return what a finding is known by, and the controls of both editions that its check implements."""
    return props(
        prop("finding", finding.id),
        prop("check", finding.check),
        prop("severity", finding.severity.value),
        prop("confidence", finding.confidence.value),
        prop("status", paper.context.state(finding).value),
        prop("overdue", "yes" if paper.context.is_overdue(finding) else "no"),
        prop("responsible", finding.responsible.value),
        prop("due", finding.due.isoformat()),
        prop("waiver", finding.waiver),
        *(
            prop(f"control-{edition}", control)
            for edition, controls in sorted(finding.controls.items())
            for control in controls
        ),
    )


def _status(paper: Paper, finding: Finding) -> str:
    if not paper.context.stands(finding):
        return "closed"
    if paper.context.is_accepted(finding):
        return "deviation-approved"
    return "remediating" if finding.acknowledgement else "open"


def _why(paper: Paper, finding: Finding) -> str:
    check = paper.context.data.checks.get(finding.check)
    return line(paper.context.words.of(check.why) if check else "")


def _characterization(paper: Paper, finding: Finding) -> dict[str, JSON]:
    values = (("severity", finding.severity.value), ("confidence", finding.confidence.value))
    return {
        "origin": origin(paper),
        "facets": [{"name": name, "system": NAMESPACE, "value": value} for name, value in values],
    }


def _compensated(waiver: Waiver | None) -> bool:
    return waiver is not None and bool(waiver.compensating_control.strip())


def _mitigation(paper: Paper, waiver: Waiver | None) -> dict[str, JSON]:
    text = waiver.compensating_control if waiver else ""
    return {"uuid": paper.ids.of("mitigation", waiver.id if waiver else ""), "description": line(text)}


def _remediations(paper: Paper, finding: Finding, waiver: Waiver | None) -> Iterator[dict[str, JSON]]:
    if not paper.context.stands(finding):
        return
    for place, remedy in enumerate(remedies_for(finding, paper.context.data)):
        yield _recommendation(paper, finding, remedy, place)
    if waiver is None:
        yield _planned(paper, finding, finding.acknowledgement)


def _recommendation(paper: Paper, finding: Finding, remedy: Remedy, place: int) -> dict[str, JSON]:
    words = paper.context.words
    return {
        "uuid": paper.ids.of("remedy", finding.id, remedy.software, str(place)),
        "lifecycle": "recommendation",
        "title": line(software_label(words, remedy.software)),
        "description": paragraphs(
            (
                line(words.of(remedy.steps)),
                code(in_language(remedy.config, words.language)),
                code(in_language(verify_command(remedy, finding, paper.context.data), words.language)),
            )
        ),
    }


def _planned(paper: Paper, finding: Finding, answer: Acknowledgement | None) -> dict[str, JSON]:
    """Return the milestone by which it has to be mended, with the plan of whoever took it on."""
    owner = answer.owner if answer else ""
    side = (
        paper.ids.of("centre")
        if finding.responsible is Responsible.CENTRE
        else paper.ids.of("opd", paper.opd_id)
    )
    planned = answer.planned if answer else None
    return {
        "uuid": paper.ids.of("response", finding.id),
        "lifecycle": "planned",
        "title": paper.say("To be mended, and verified by measurement"),
        "description": line(answer.plan) if answer else paper.say("Nobody has named a plan yet."),
        "props": props(prop("planned", planned.isoformat() if planned else None), prop("owner", owner))
        or props(prop("owner", "none")),
        "tasks": [
            {
                "uuid": paper.ids.of("milestone", finding.id),
                "type": "milestone",
                "title": paper.say("Verify: %(command)s", command=f"auditor verify {finding.id}"),
                "timing": {
                    "within-date-range": {
                        "start": moment(finding.opened_at),
                        "end": end_of_day(finding.due, paper.zone),
                    }
                },
                "responsible-roles": [
                    {
                        "role-id": "risk-owner",
                        "party-uuids": [side, *([paper.person(owner)] if owner in paper.people else [])],
                    }
                ],
            }
        ],
    }


def _log(paper: Paper, finding: Finding, waiver: Waiver | None) -> Iterator[dict[str, JSON]]:
    yield _entry(paper, finding, "opened", paper.say("Found"), moment(finding.opened_at), "open")
    if waiver is not None:
        yield from _accepted(paper, finding, waiver)
    if finding.fixed_at is not None:
        told = paper.say(FINDING_STATUSES[finding.status])
        yield _entry(paper, finding, "closed", told, moment(finding.fixed_at), "closed")


def _accepted(paper: Paper, finding: Finding, waiver: Waiver) -> Iterator[dict[str, JSON]]:
    asked = _entry(
        paper,
        finding,
        "requested",
        paper.say("Asked to be accepted"),
        start_of_day(waiver.requested_on, paper.zone),
        "deviation-requested",
    )
    yield {**asked, "description": line(waiver.reason), **_by(paper, waiver.requested_by)}
    approved = _entry(
        paper,
        finding,
        "accepted",
        paper.say("Accepted as a risk, until a day"),
        start_of_day(waiver.valid_from, paper.zone),
        "deviation-approved",
    )
    yield {**approved, "end": end_of_day(waiver.valid_until, paper.zone), **_by(paper, waiver.approved_by)}


def _by(paper: Paper, name: str) -> dict[str, JSON]:
    return {"logged-by": [{"party-uuid": paper.person(name)}]} if name in paper.people else {}


def _entry(paper: Paper, finding: Finding, kind: str, told: str, start: str, status: str) -> dict[str, JSON]:
    return {
        "uuid": paper.ids.of("log", kind, finding.id, start),
        "title": told,
        "start": start,
        "status-change": status,
    }
