"""File names of reports: made here, never taken from a server or a person."""

from __future__ import annotations

import re

from auditor.model.report import ReportData
from reports.errors import ReportError

INDEX = "index.html"

_STEMS = {
    "id": {
        "scorecard": "kartu-skor",
        "fixes": "daftar-perbaikan",
        "centre": "daftar-kerja-pusat",
        "controls": "kontrol",
        "findings": "temuan",
        "summary": "ringkasan-pimpinan",
        "map": "peta-topologi",
        "roadmap": "peta-jalan",
        "oscal-results": "oscal-hasil-penilaian",
        "oscal-plan": "oscal-rencana-tindak",
    },
    "en": {
        "scorecard": "scorecard",
        "fixes": "fix-list",
        "centre": "centre-work-list",
        "controls": "controls",
        "findings": "findings",
        "summary": "leadership-summary",
        "map": "topology-map",
        "roadmap": "roadmap",
        "oscal-results": "oscal-assessment-results",
        "oscal-plan": "oscal-plan-of-action",
    },
}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def slug(data: ReportData, opd_id: str) -> str:
    """Return an OPD id that is safe in a file name, else its place in the inventory."""
    if _SLUG.fullmatch(opd_id):
        return opd_id
    for place, opd in enumerate(data.inventory.opds, start=1):
        if opd.id == opd_id:
            return f"opd_{place}"  # an underscore, so that no id can collide with it
    raise ReportError(f"no OPD {opd_id!r} in the inventory")


def file_name(data: ReportData, kind: str, suffix: str, language: str, opd_id: str | None = None) -> str:
    """Return the name of a report: `kartu-skor-dinkes.html`, `ringkasan-pimpinan.json`."""
    stem = _STEMS[language][kind]
    return f"{stem}-{slug(data, opd_id)}.{suffix}" if opd_id is not None else f"{stem}.{suffix}"
