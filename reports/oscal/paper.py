"""What both documents of an OPD are written from, and how they begin and end."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from auditor.model.facts import JSON
from auditor.model.finding import Finding
from auditor.model.waiver import Waiver
from reports.oscal.parts import VERSION, Ids, line, moment, paragraphs, prop, props
from reports.statement.sources import Sources, sources
from reports.view.context import Context
from reports.view.identity import document_rows, method_rows
from reports.visible import shown


@dataclass(frozen=True, slots=True)
class Paper:
    """One OPD in one run. `people` are all whom the document names, by the name that they signed with."""

    context: Context
    opd_id: str
    ids: Ids
    findings: tuple[Finding, ...]
    sources: Sources
    people: tuple[str, ...]

    @property
    def zone(self) -> str:
        """Return the zone of the OPD's days."""
        return self.context.data.inventory.timezone_of(self.opd_id)

    def say(self, message: str, /, **values: object) -> str:
        """Return a message in the language of the document, as markup."""
        return line(self.context.words.say(message, **values))

    def person(self, name: str) -> str:
        """Return the identifier of a person; raise KeyError for one whom the document does not name."""
        if name not in self.people:
            raise KeyError(name)
        return self.ids.of("person", name)

    def waiver(self, finding: Finding) -> Waiver | None:
        """Return the accepted risk that a finding stands as."""
        return self.context.data.waivers.get(finding.waiver) if self.context.is_accepted(finding) else None


def make_paper(context: Context, opd_id: str) -> Paper:
    """Return what the documents of an OPD are written from; raise ReportError for an OPD without a card."""
    card = context.scorecard(opd_id)
    findings, found = context.findings(opd_id), sources(context)
    names = [one.acknowledgement.owner for one in findings if one.acknowledgement]
    for finding in findings:
        waiver = context.data.waivers.get(finding.waiver)
        names += [waiver.requested_by, waiver.approved_by] if waiver else []
    for result in card.controls[context.edition]:
        names += [one.attested_by for one in found.given(result.attested)]
    people = tuple(sorted({name for name in names if shown(name).strip()}))
    ids = Ids(context.data.inventory.organization.name)
    return Paper(context, opd_id, ids, findings, found, people)


def metadata(paper: Paper, title: str) -> dict[str, JSON]:
    """Return the head of a document: title, version, digests, and who is named in it."""
    data = paper.context.data
    run, provenance = data.run, data.run.provenance
    return {
        "title": line(title),
        "last-modified": moment(run.finished_at or run.started_at),
        "version": shown(run.id),
        "oscal-version": VERSION,
        "props": props(
            prop("marking", data.policy.classification, own=False),
            prop("run", run.id),
            prop("opd", paper.opd_id),
            prop("edition", paper.context.edition),
            prop("language", paper.context.words.language),
            prop("digest", data.digest),
            prop("chain-head", data.chain_head),
            prop("policy", provenance.policy),
            prop("catalogue", provenance.catalogue),
            prop("inventory", provenance.inventory),
        ),
        "roles": [
            {"id": "prepared-by", "title": paper.say("Made by")},
            {"id": "prepared-for", "title": paper.say("Made for")},
            {"id": "risk-owner", "title": paper.say("Answers for mending it")},
        ],
        "parties": _parties(paper),
        "responsible-parties": [
            {"role-id": "prepared-by", "party-uuids": [paper.ids.of("centre")]},
            {"role-id": "prepared-for", "party-uuids": [paper.ids.of("opd", paper.opd_id)]},
        ],
    }


def _parties(paper: Paper) -> list[JSON]:
    organization = paper.context.data.inventory.organization
    centre = ", ".join(filter(None, (organization.office, organization.name)))
    listed: list[JSON] = [
        _party(paper.ids.of("centre"), "organization", centre),
        _party(paper.ids.of("opd", paper.opd_id), "organization", paper.context.opd_label(paper.opd_id)),
    ]
    return listed + [_party(paper.person(name), "person", name) for name in paper.people]


def _party(uuid: str, kind: str, name: str) -> dict[str, JSON]:
    return {"uuid": uuid, "type": kind, "name": shown(name).strip() or "–"}


def back_matter(paper: Paper) -> dict[str, JSON]:
    """Return what the document refers to: the assignment it was measured under, and the edition."""
    context = paper.context
    rows = (*document_rows(context, "OSCAL", paper.opd_id), *method_rows(context))
    told = [f"{row.label}: {'; '.join(row.values)}" for row in rows]
    edition = context.words.of(context.framework.title)
    return {
        "resources": [
            {
                "uuid": paper.ids.of("assignment", context.data.run.id, paper.opd_id),
                "title": paper.say("Assignment, scope, method and limits"),
                "description": paragraphs(map(line, told)),
                "base64": _attached("assignment.txt", told),
            },
            {
                "uuid": paper.ids.of("edition", context.edition),
                "title": line(edition),
                "description": paper.say(
                    "Only numbers and short titles of controls are used. The standard itself is to be had "
                    "from its publisher."
                ),
                "base64": _attached(
                    "controls.txt",
                    [f"{one.id} {context.words.of(one.title)}" for one in context.framework.controls],
                ),
            },
        ]
    }


def _attached(name: str, lines: list[str]) -> dict[str, JSON]:
    text = "".join(f"{shown(one)}\n" for one in lines)
    return {"filename": name, "media-type": "text/plain", "value": b64encode(text.encode()).decode("ascii")}
