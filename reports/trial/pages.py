"""The files of a trial and of an admission: a page in each language, and the JSON that both are made from."""

from __future__ import annotations

import hashlib
import re

from auditor.model.trial_report import AdmissionReport, TrialReport
from reports.formats.base import RenderedFile
from reports.page import MEDIA_TYPE, render_template
from reports.pdf import Imprint, with_pdf
from reports.trial.admission import admission_view
from reports.trial.json import MEDIA_TYPE as JSON_TYPE
from reports.trial.json import dump_admission, dump_trial
from reports.trial.view import trial_view
from reports.words import LANGUAGES, Words

_STEMS = {
    "status": {"id": "status-masa-uji-coba", "en": "trial-status"},
    "closing": {"id": "laporan-penutupan-masa-uji-coba", "en": "trial-closing-report"},
    "admission": {"id": "berita-acara-penerimaan-server", "en": "server-admission-record"},
}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def render_trial(report: TrialReport, *, pdf: bool = False) -> tuple[RenderedFile, ...]:
    """Return the pages of a trial in every language, then its JSON. Names are made here.

    With `pdf` each page is followed by its PDF.
    """
    content = dump_trial(report)
    digest = hashlib.sha256(content).hexdigest()
    kind, ending = (
        ("closing", f"-{_slug(report.status.trial.id.lower())}") if report.closed else ("status", "")
    )
    pages = (
        RenderedFile(
            f"{_STEMS[kind][language]}{ending}.html",
            MEDIA_TYPE,
            render_template(
                language,
                "trial.html",
                trial_view(report, Words(language, report.organization.timezone), digest),
            ),
        )
        for language in LANGUAGES
    )
    files = (*pages, RenderedFile(f"{_STEMS[kind]['en']}{ending}.json", JSON_TYPE, content))
    mark = Imprint(report.status.at, report.organization.name)
    return tuple(with_pdf(files, mark)) if pdf else files


def render_admission(report: AdmissionReport, *, pdf: bool = False) -> tuple[RenderedFile, ...]:
    """Return the pages of an admission in every language, then its JSON. Names are made here.

    With `pdf` each page is followed by its PDF.
    """
    content = dump_admission(report)
    digest = hashlib.sha256(content).hexdigest()
    ending = f"-{_slug(report.server)}"
    pages = (
        RenderedFile(
            f"{_STEMS['admission'][language]}{ending}.html",
            MEDIA_TYPE,
            render_template(
                language,
                "admission.html",
                admission_view(report, Words(language, report.organization.timezone), digest),
            ),
        )
        for language in LANGUAGES
    )
    files = (*pages, RenderedFile(f"{_STEMS['admission']['en']}{ending}.json", JSON_TYPE, content))
    mark = Imprint(report.finished_at or report.started_at, report.organization.name)
    return tuple(with_pdf(files, mark)) if pdf else files


def _slug(name: str) -> str:
    """Return an id that is safe in a file name, else the beginning of its digest."""
    return name if _SLUG.fullmatch(name) else hashlib.sha256(name.encode()).hexdigest()[:12]
