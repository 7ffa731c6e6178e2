"""OSCAL of NIST as JSON: assessment results, and plan of action and milestones, of each OPD."""

from __future__ import annotations

import json

from auditor.model.facts import JSON
from auditor.model.report import ReportData
from reports.formats.base import RenderedFile, selected
from reports.names import file_name
from reports.oscal.documents import assessment_results, plan_of_action
from reports.oscal.paper import make_paper
from reports.view.context import make_context

MEDIA_TYPE = "application/json"
_DOCUMENTS = (("oscal-results", assessment_results), ("oscal-plan", plan_of_action))


def render(data: ReportData, opd_id: str | None, language: str, edition: str) -> tuple[RenderedFile, ...]:
    """Return both documents of one OPD, or with None of every OPD."""
    context = make_context(data, language, edition)
    return tuple(
        RenderedFile(file_name(data, kind, "json", language, one), MEDIA_TYPE, _text(write(paper)))
        for one in selected(data, opd_id)
        for paper in (make_paper(context, one),)
        for kind, write in _DOCUMENTS
    )


def _text(document: dict[str, JSON]) -> bytes:
    # ASCII only: no control or bidi character reaches a terminal, and any JSON reader restores them.
    return (json.dumps(document, ensure_ascii=True, indent=1, allow_nan=False) + "\n").encode("ascii")
