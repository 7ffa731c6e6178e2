"""Every format of a roadmap by name: one line per format."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from auditor.model.report import ReportData
from auditor.model.roadmap import Roadmap
from reports.errors import ReportError
from reports.formats.base import RenderedFile, selected
from reports.roadmap import html, json, pdf, xlsx
from reports.view.context import Context, make_context

FORMATS: dict[str, Callable[[Context, Roadmap, str | None], RenderedFile]] = {
    "html": html.render,
    "pdf": pdf.render,
    "xlsx": xlsx.render,
    "json": json.render,
}


def render_roadmap(
    data: ReportData, formats: Iterable[str], opd_id: str | None, language: str, edition: str
) -> tuple[RenderedFile, ...]:
    """Return the files of one OPD, or for None those over all and then of every OPD.

    Raise ReportError for an unknown format, OPD, language or edition, and for data without a plan.
    """
    asked = tuple(dict.fromkeys(formats))
    unknown = [name for name in asked if name not in FORMATS]
    if unknown or not asked:
        raise ReportError(f"unknown format {', '.join(unknown) or '(none)'}; choose of: {', '.join(FORMATS)}")
    plan = data.roadmap
    if plan is None:
        raise ReportError(f"run {data.run.id} was not judged in the policy's first edition; judge it again")
    context = make_context(data, language, edition)
    if opd_id is not None:
        context.opd(opd_id)
    wanted = (None, *selected(data, None)) if opd_id is None else (opd_id,)
    return tuple(FORMATS[name](context, plan, one) for one in wanted for name in asked)
