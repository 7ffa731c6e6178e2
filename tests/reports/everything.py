"""Everything that is written for readers, of every kind and as text: what the tests of words look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from auditor.model.message import Audience
from auditor.model.retest import RetestResult
from reports.comparison.registry import render_comparison
from reports.digest.render import render
from reports.formats.base import RenderedFile
from reports.pack import README, readme
from reports.registry import RENDERERS
from reports.retest.pages import render_retest
from reports.roadmap.registry import render_roadmap
from reports.statement.registry import render_statements
from reports.trial.pages import render_admission, render_trial
from reports.wall.files import render_wall
from reports.words import Words
from tests.reports import trials
from tests.reports.comparisons import compared
from tests.reports.digests import DIGEST
from tests.reports.pages import texts
from tests.reports.roadmaps import TIGHT, planned, priced
from tests.reports.sample import report_data
from tests.reports.statements import statement_data
from tests.reports.test_retest import item, report
from tests.reports.walls import wall
from tests.reports.whole import whole_data
from tests.reports.workbooks import opened

_OF_ENGLISH = ("trial-", "retest-", "server-admission-")
"""How names of pages begin that are always written in both languages at once."""


@cache
def everything(language: str, edition: str) -> dict[str, frozenset[str]]:
    """Return name → every text that a reader of one language finds, over all kinds of files."""
    found = {name: frozenset(said) for name, said in _files(language, edition)}
    return found | {name: frozenset(said) for name, said in _messages(language)}


def _files(language: str, edition: str) -> Iterator[tuple[str, Iterable[str]]]:
    for kind, made in _made(language, edition):
        for file in made:
            if file.name.endswith(".html"):
                yield f"{kind}/{file.name}", texts(file.content.decode())
            if file.name.endswith(".xlsx"):
                yield f"{kind}/{file.name}", _cells(file.content)


def _made(language: str, edition: str) -> Iterator[tuple[str, Iterable[RenderedFile]]]:
    for kind, data in (("first", report_data(first=True)), ("later", report_data()), ("whole", whole_data())):
        for form in ("html", "xlsx"):
            yield kind, RENDERERS[form](data, None, language, edition)
    forms = ("html", "xlsx")
    yield "roadmap", render_roadmap(priced(), forms, None, language, edition)
    for kind, data in (("shipped", planned()), ("tight", planned(TIGHT))):
        yield f"roadmap {kind}", render_roadmap(data, ("html",), None, language, edition)
    for kind, two in (("equal", compared()), ("unequal", compared(same_rules=False))):
        yield f"comparison {kind}", render_comparison(two, forms, (), language, edition)
    yield "statement", render_statements(statement_data(), forms, None, language, edition)
    for count in (1, 30):
        yield f"wall {count}", render_wall(wall(count, language=language))
    yield "in both", [one for one in _in_both() if one.name.startswith(_OF_ENGLISH) == (language == "en")]


def _in_both() -> Iterator[RenderedFile]:
    yield from render_trial(trials.trial_report())
    yield from render_trial(trials.trial_report(closed=False))
    for which in range(3):
        yield from render_admission(trials.admission_report(which=which))
    yield from render_retest(report(*(item(result) for result in RetestResult)))


def _cells(content: bytes) -> Iterator[str]:
    """Yield the names of the sheets and every text in them."""
    book = opened(content)
    for sheet in book.worksheets:
        yield sheet.title
        yield from (str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "s")


def _messages(language: str) -> Iterator[tuple[str, Iterable[str]]]:
    words = Words(language, "Asia/Jakarta")
    for audience in Audience:
        digest = DIGEST.of_opd("dinkes") if audience is Audience.OPD else DIGEST
        message = render(digest, audience, language)
        lines = (*message.text.splitlines(), *message.short.splitlines(), message.subject)
        yield f"digest {audience}", (*texts(message.html), *(one.strip("- ") for one in lines))
    yield README[language], readme(words, "Pemerintah Kabupaten Contoh", "", DIGEST.at).splitlines()
