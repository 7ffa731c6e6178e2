"""The files of a re-test: for each agency a page in each language to be signed, and the JSON of the whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from auditor.model.retest_report import RetestReport
from reports.formats.base import RenderedFile
from reports.page import MEDIA_TYPE, render_template
from reports.pdf import Imprint, with_pdf
from reports.retest.json import MEDIA_TYPE as JSON_TYPE
from reports.retest.json import dump
from reports.retest.view import retest_view
from reports.words import LANGUAGES, Words

_STEMS = {"id": "berita-acara-uji-ulang", "en": "retest-record"}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def render_retest(report: RetestReport, *, pdf: bool = False) -> tuple[RenderedFile, ...]:
    """Return the pages of a re-test, by agency and language, then its JSON. Names are made here.

    With `pdf` each page is followed by its PDF.
    """
    content = dump(report)
    digest = hashlib.sha256(content).hexdigest()
    ending = _slug(report.record.run)
    files = (
        *_pages(report, digest, ending),
        RenderedFile(f"{_STEMS['en']}-{ending}.json", JSON_TYPE, content),
    )
    made = report.record.finished_at or report.record.started_at
    return tuple(with_pdf(files, Imprint(made, report.organization.name))) if pdf else files


def _pages(report: RetestReport, digest: str, ending: str) -> Iterator[RenderedFile]:
    for opd in report.opds:
        for language in LANGUAGES:
            view = retest_view(report, opd, Words(language, report.timezones[opd]), digest)
            name = f"{_STEMS[language]}-{_slug(opd)}-{ending}.html"
            yield RenderedFile(name, MEDIA_TYPE, render_template(language, "retest.html", view))


def _slug(name: str) -> str:
    """Return an id that is safe in a file name, else the beginning of its digest."""
    return name if _SLUG.fullmatch(name) else hashlib.sha256(name.encode()).hexdigest()[:12]
