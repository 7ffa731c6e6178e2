"""The page that links all others."""

from __future__ import annotations

from dataclasses import dataclass

from reports.names import file_name
from reports.view.context import Context
from reports.view.identity import Letterhead, Row, document_rows
from reports.visible import shown
from reports.words import N_

_KINDS = {
    "scorecard": N_("Scorecard"),
    "fixes": N_("Fix list"),
    "findings": N_("Findings"),
    "controls": N_("Controls one by one"),
    "summary": N_("Leadership summary"),
    "centre": N_("Work list of the IT centre"),
    "map": N_("Topology map"),
    "roadmap": N_("Roadmap and budget"),
    "oscal-results": N_("OSCAL assessment results"),
    "oscal-plan": N_("OSCAL plan of action"),
}
_SUFFIXES = ("html", "pdf", "xlsx", "csv", "json", "sarif")


@dataclass(frozen=True, slots=True)
class Link:
    """A file, what it is, and its format."""

    name: str
    label: str
    format: str


@dataclass(frozen=True, slots=True)
class IndexView:
    """Links about the whole organisation, then OPD by OPD."""

    head: Letterhead
    document: tuple[Row, ...]
    whole: tuple[Link, ...]
    opds: tuple[tuple[str, tuple[Link, ...]], ...]
    statement: str
    """The command that writes statements of applicability, which are no part of these files."""


def index_view(context: Context, head: Letterhead, names: tuple[str, ...]) -> IndexView:
    """Return links to those of this package's files that were really made."""
    opds = ((shown(opd.name), _links(context, opd.id, names)) for opd in context.data.inventory.opds)
    return IndexView(
        head=head,
        document=document_rows(context, "IDX", None),
        whole=_links(context, None, names),
        opds=tuple((name, links) for name, links in opds if links),
        statement=f"auditor statement --edition {context.edition}",
    )


def _links(context: Context, opd_id: str | None, names: tuple[str, ...]) -> tuple[Link, ...]:
    links = []
    for kind, label in _KINDS.items():
        for suffix in _SUFFIXES:
            name = file_name(context.data, kind, suffix, context.words.language, opd_id)
            if name in names:
                links.append(Link(name, context.words.say(label), suffix.upper()))
    return tuple(links)
