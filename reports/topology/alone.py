"""The map outside of a report: of the inventory as it stands, with what an audit found of it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from auditor.model.policy import Policy
from auditor.model.run import AuditRun, RunStatus
from reports.page import fill, no_link
from reports.topology.layout import sheets
from reports.topology.page import PREFIX, MapView, drawn
from reports.topology.seen import Seen
from reports.view.identity import Letterhead, Row
from reports.visible import shown
from reports.words import Words

TEMPLATES: Mapping[str, str] = {".html": "map.html", ".svg": "map-alone.svg"}
"""Suffix of a file → the template it is made of."""


def map_alone(
    seen: Seen,
    policy: Policy,
    words: Words,
    today: date,
    run: AuditRun | None,
    opd_id: str | None = None,
) -> MapView:
    """Return the map on a day; `run` is the audit whose evidence was seen, None without any."""
    organization = seen.inventory.organization
    audit = words.say("audit %(run)s", run=run.id) if run else words.say("no audit yet")
    head = Letterhead(
        shown(organization.name),
        shown(organization.office),
        shown(organization.address),
        shown(policy.classification.upper()),
        words.say("Inventory as it stands, %(audit)s", audit=audit),
        False,
        run is not None and run.status is RunStatus.STOPPED,
        "",
        words.language,
    )
    number = "/".join(filter(None, (PREFIX, (opd_id or "").upper(), run.id if run else "", str(today))))
    document = (
        Row(words.say("Number"), (shown(number),)),
        Row(words.say("Date"), (words.day(today),)),
        Row(words.say("Time of measurement"), (words.moment(run.started_at) if run else audit,)),
        Row(words.say("Inventory"), (seen.inventory.digest,)),
    )
    names = {opd.id: opd.name for opd in seen.inventory.opds}
    subject = shown(names[opd_id]) if opd_id else shown(organization.name)
    return drawn(seen, words, head, document, subject, opd_id, measured=run is not None)


def render_alone(view: MapView, suffix: str) -> bytes:
    """Return the map as a page, or as one drawing as high as it takes; raise KeyError for other kinds."""
    whole = sheets(view.zones, math.inf)
    return fill(
        TEMPLATES[suffix], view.head.language, view=view, link=no_link, whole=whole[0] if whole else None
    ).encode()
