"""Every page of a report by its kind: one line per page. Each format that has pages is made from these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from auditor.model.report import ReportData
from reports.formats.base import selected
from reports.names import INDEX, file_name
from reports.page import render_page
from reports.roadmap.view import opd_roadmap_view, roadmap_view
from reports.topology.page import map_view, opd_map_view
from reports.view.context import Context
from reports.view.fixes import centre_list_view, fix_list_view
from reports.view.identity import letterhead
from reports.view.index import index_view
from reports.view.scorecard import scorecard_view
from reports.view.summary import summary_view


@dataclass(frozen=True, slots=True)
class Page:
    """One page as HTML; `name` is its file, of the format that it is made for."""

    kind: str
    opd_id: str
    name: str
    html: bytes


@dataclass(frozen=True, slots=True)
class _Whole:
    """A page over all OPD."""

    kind: str
    template: str
    view: Callable[[Context], object]


@dataclass(frozen=True, slots=True)
class _OfOpd:
    """A page that every OPD has."""

    kind: str
    template: str
    view: Callable[[Context, str], object]


_WHOLE = (
    _Whole("summary", "summary.html", summary_view),
    _Whole("centre", "fixes.html", centre_list_view),
    _Whole("map", "map.html", map_view),
    _Whole("roadmap", "roadmap.html", roadmap_view),
)
_OF_OPD = (
    _OfOpd("scorecard", "scorecard.html", scorecard_view),
    _OfOpd("fixes", "fixes.html", fix_list_view),
    _OfOpd("map", "map.html", opd_map_view),
    _OfOpd("roadmap", "roadmap.html", opd_roadmap_view),
)


def count_pages(data: ReportData, opd_id: str | None) -> int:
    """Return how many pages there are of one OPD, or with None of all and of every OPD."""
    whole = 0 if opd_id is not None else len(_WHOLE)
    return whole + len(_OF_OPD) * len(selected(data, opd_id))


def pages(context: Context, opd_id: str | None, suffix: str) -> Iterator[Page]:
    """Yield the pages of one OPD, or with None those over all and then of every OPD.

    `suffix` is that of the files: the pages link each other by it.
    """
    whole = () if opd_id is not None else _WHOLE
    chosen = selected(context.data, opd_id)

    def name(kind: str, of: str | None) -> str:
        return file_name(context.data, kind, suffix, context.words.language, of)

    made: dict[tuple[str, str | None], str] = {(one.kind, None): name(one.kind, None) for one in whole}
    made |= {(one.kind, of): name(one.kind, of) for of in chosen for one in _OF_OPD}

    def link(kind: str, of: str | None = None) -> str:
        return made.get((kind, of), "")

    for over in whole:
        html = render_page(context, over.template, over.view(context), link)
        yield Page(over.kind, "", made[over.kind, None], html)
    for of in chosen:
        for one in _OF_OPD:
            html = render_page(context, one.template, one.view(context, of), link)
            yield Page(one.kind, of, made[one.kind, of], html)


def index_page(context: Context, names: Iterable[str]) -> Page:
    """Return the page that links the files with these names, OPD by OPD."""
    view = index_view(context, letterhead(context), tuple(names))
    return Page("index", "", INDEX, render_page(context, "index.html", view))
