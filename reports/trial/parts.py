"""What the pages of trials and admissions have in common: head, rows of facts, proof."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.inventory import Organization
from auditor.model.trial_report import NamedServer, Proof
from reports.view.identity import Row
from reports.view.labels import CATEGORIES
from reports.visible import shown
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Head:
    """Who speaks, and how freely it may be passed on."""

    organization: str
    office: str
    address: str
    classification: str
    language: str


def head(words: Words, organization: Organization, classification: str) -> Head:
    """Return the letterhead of a page."""
    return Head(
        shown(organization.name),
        shown(organization.office),
        shown(organization.address),
        shown(classification.upper()),
        words.language,
    )


def server_label(server_id: str, named: NamedServer | None) -> str:
    """Name a server for a reader: its name with its id."""
    if named is None or named.name in ("", server_id):
        return shown(server_id)
    return shown(f"{named.name} ({server_id})")


def server_rows(words: Words, server_id: str, named: NamedServer) -> tuple[Row, ...]:
    """Return who a server is."""
    where = words.listed([*named.addresses, *named.hostnames]) or "–"
    return (
        Row(words.say("Server"), (server_label(server_id, named),)),
        Row(words.say("OPD"), (shown(named.opd_name),)),
        Row(words.say("Address"), (shown(where),)),
        Row(words.say("Zone"), (shown(named.zone),)),
        Row(words.say("Category"), (words.say(CATEGORIES[named.category]),)),
    )


def proof_rows(words: Words, proof: Proof, report: str) -> tuple[Row, ...]:
    """Return the digests by which the numbers can be traced; `report` is that of the report as JSON."""
    decisions = words.say("entry %(number)s", number=words.integer(proof.decisions))
    rows = (
        (words.say("This report as JSON"), report),
        (words.say("Audit"), proof.run),
        (words.say("Digest of the data"), proof.results),
        (words.say("Head of the evidence chain"), proof.evidence),
        (words.say("Log of decisions"), f"{decisions}: {proof.decisions_head}"),
        (words.say("Policy"), proof.policy),
        (words.say("Catalogue of checks"), proof.catalogue),
        (words.say("Inventory"), proof.inventory),
        (words.say("Auditor"), proof.auditor),
    )
    return tuple(Row(label, (shown(value),)) for label, value in rows if value)
