"""What every format tells of an OPD, read the way its reader reads it: one function per format.

What is right is worked out here from the data alone, without the code that the formats share.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from auditor.model.check import Severity
from auditor.model.finding import Finding, FindingStatus
from auditor.model.report import ReportData
from auditor.model.scorecard import Score
from reports.formats.base import RenderedFile
from reports.formats.pdf import imprint
from reports.names import file_name
from reports.pages import pages
from reports.pdf import MEDIA_TYPE, print_pdf
from reports.registry import RENDERERS
from reports.view.context import make_context
from reports.view.labels import CONTROL_STATUSES, SEVERITIES
from reports.words import Words
from tests.reports.pages import plain_text, texts
from tests.reports.workbooks import opened

Told = dict[str, Any]
"""What a format tells: name → value as in `expected`. What it does not tell is left out."""
NUMBERS = frozenset({"floor", "ceiling", "coverage", "grade", "open", "overdue"})
"""What every format tells."""
_CLOSED = ("fixed", "out_of_scope")
_PERCENT = {"id": "%s\u00a0%%", "en": "%s%%"}


def expected(data: ReportData, opd_id: str, language: str, edition: str) -> Told:
    """Return what is right of an OPD."""
    card = data.scorecards[opd_id]
    listed = [one for one in data.findings if one.opd == opd_id]
    standing = [one for one in listed if one.status not in (FindingStatus.FIXED, FindingStatus.OUT_OF_SCOPE)]
    unaccepted = [one for one in standing if not one.waiver]
    counts = Counter(one.severity for one in unaccepted)
    return {
        **_score(card.own.score, language),
        "grade": card.own.grade.letter or "–",
        "open": len(unaccepted),
        "overdue": sum(_is_late(data, one) for one in unaccepted),
        "accepted": len(standing) - len(unaccepted),
        "severities": {one.value: counts[one] for one in Severity},
        "findings": {one.id for one in listed},
        "standing": {one.id for one in standing},
        "due": {one.id: one.due.isoformat() for one in listed},
        "statuses": {one.control: one.status.value for one in card.controls[edition]},
    }


def _score(score: Score, language: str) -> Told:
    return {name: cut(getattr(score, name), language) for name in ("floor", "ceiling", "coverage")}


def cut(value: float, language: str) -> str:
    """Return a percentage as it is printed, by means of its digits alone."""
    whole, _, rest = f"{round(value, 9):.9f}".partition(".")
    number = f"{whole}{',' if language == 'id' else '.'}{rest[0]}"
    return _PERCENT[language] % number


def _is_late(data: ReportData, finding: Finding) -> bool:
    zone = ZoneInfo(data.inventory.timezone_of(finding.opd))
    return finding.due < data.run.started_at.astimezone(zone).date()


class Files:
    """The files of one format about all OPD; of PDF, which costs most, the card of the first one alone."""

    def __init__(self, data: ReportData, format_: str, language: str, edition: str):
        self.data, self.format, self.language, self.edition = data, format_, language, edition
        self.opds = tuple(data.scorecards)[:1] if format_ == "pdf" else tuple(data.scorecards)
        made = self._first_card() if format_ == "pdf" else RENDERERS[format_](data, None, language, edition)
        self.files = {file.name: file for file in made}

    def _first_card(self) -> Iterator[RenderedFile]:
        context = make_context(self.data, self.language, self.edition)
        for page in pages(context, self.opds[0], "pdf"):
            if page.kind == "scorecard":
                yield RenderedFile(page.name, MEDIA_TYPE, print_pdf(page.html, imprint(self.data)))

    def of(self, kind: str, suffix: str, opd_id: str | None = None) -> RenderedFile:
        """Return one of them."""
        return self.files[file_name(self.data, kind, suffix, self.language, opd_id)]

    def json(self, kind: str, suffix: str = "json", opd_id: str | None = None) -> Any:
        return json.loads(self.of(kind, suffix, opd_id).content)

    def rows(self, kind: str, opd_id: str | None = None) -> list[dict[str, str]]:
        text = self.of(kind, "csv", opd_id).content.decode("utf-8-sig")
        return list(csv.DictReader(StringIO(text)))


def read_json(files: Files, opd_id: str) -> Told:
    card = files.json("scorecard", opd_id=opd_id)
    (row,) = [one for one in files.json("summary")["opds"] if one["opd"] == opd_id]
    shared = set(row) & set(card) - {"opd", "name"}
    assert {name: row[name] for name in shared} == {name: card[name] for name in shared}
    found = card["findings"]
    return {
        **card["score"]["shown"],
        "grade": card["grade"]["letter"] or "–",
        "open": card["open_findings"],
        "overdue": card["overdue_findings"],
        "accepted": card["accepted_findings"],
        **_of_records(found),
        "statuses": {one["control"]: one["status"] for one in card["controls"]},
    }


def _of_records(found: list[dict[str, Any]]) -> Told:
    standing = [one for one in found if one["status"] not in _CLOSED]
    counts = Counter(one["severity"] for one in standing if not one["waiver"])
    return {
        "severities": {one.value: counts[one.value] for one in Severity},
        "findings": {one["id"] for one in found},
        "standing": {one["id"] for one in standing},
        "due": {one["id"]: one["due"] for one in found},
    }


def read_csv(files: Files, opd_id: str) -> Told:
    (row,) = [one for one in files.rows("summary") if one["opd"] == opd_id]
    found = files.rows("findings", opd_id)
    told = _of_records([dict(one) for one in found])
    assert {one.value: int(row[one.value]) for one in Severity} == told["severities"]
    return {
        **{name: row[name] for name in ("floor", "ceiling", "coverage")},
        "grade": row["grade"] or "–",
        "open": sum(told["severities"].values()),
        "overdue": int(row["overdue"]),
        "accepted": int(row["accepted"]),
        **told,
        "statuses": {one["control"]: one["status"] for one in files.rows("controls", opd_id)},
    }


def read_xlsx(files: Files, opd_id: str) -> Told:
    """Read the workbook of an OPD, and hold the row of that OPD in the one over all against it."""
    words = Words(files.language, "Asia/Jakarta")
    first, controls, findings, *_ = (
        list(_table(sheet)) for sheet in opened(files.of("scorecard", "xlsx", opd_id).content).worksheets
    )
    said = {row[words.say("Item")]: row[words.say("Content")] for row in reversed(first)}
    severities = {words.say(label): severity.value for severity, label in SEVERITIES.items()}
    statuses = {words.say(label): status.value for status, label in CONTROL_STATUSES.items()}
    told = {
        **_shares(words, said, files.language),
        "grade": said[words.say("Grade")],
        "open": said[words.say("Open findings")],
        "overdue": said[words.say("Findings overdue")],
        "accepted": said[words.say("Accepted risks")],
        "severities": {value: said[label] for label, value in severities.items()},
        "findings": {row[words.say("Finding")] for row in findings},
        "due": {row[words.say("Finding")]: row[words.say("Due")].date().isoformat() for row in findings},
        "statuses": {row[words.say("Control")]: statuses[row[words.say("Status")]] for row in controls},
    }
    assert _xlsx_row(files, words, opd_id, severities) == {name: told[name] for name in _IN_A_ROW}
    return told


_IN_A_ROW = (*sorted(NUMBERS), "accepted", "severities")


def _xlsx_row(files: Files, words: Words, opd_id: str, severities: Mapping[str, str]) -> Told:
    book = opened(files.of("summary", "xlsx").content)
    (row,) = [one for one in _table(book.worksheets[1]) if one["OPD"] == opd_id]
    return {
        **_shares(words, row, files.language),
        "grade": row[words.say("Grade")],
        "open": row[words.say("Open findings")],
        "overdue": row[words.say("Findings overdue")],
        "accepted": row[words.say("Accepted risks")],
        "severities": {value: row[label] for label, value in severities.items()},
    }


def _table(sheet: Any) -> Iterator[dict[str, Any]]:
    head, *body = ([cell.value for cell in row] for row in sheet[str(sheet.auto_filter.ref)])
    return (dict(zip(head, row, strict=True)) for row in body)


def _shares(words: Words, row: Mapping[str, Any], language: str) -> Told:
    """Return the percentages of a row, stored as parts of one, as they are printed; nothing is 0."""
    names = {"floor": words.say("Floor"), "ceiling": words.say("Ceiling"), "coverage": words.say("Coverage")}
    return {name: cut(100 * (row[label] or 0), language) for name, label in names.items()}


def read_oscal(files: Files, opd_id: str) -> Told:
    (result,) = files.json("oscal-results", opd_id=opd_id)["assessment-results"]["results"]
    plan = files.json("oscal-plan", opd_id=opd_id)["plan-of-action-and-milestones"]
    numbers = _props(result)
    risks = [_props(one) for one in result["risks"] if one["status"] != "closed"]
    assert {_props(one)["finding"] for one in plan["poam-items"]} == {one["finding"] for one in risks}
    open_ = [one for one in risks if "waiver" not in one]
    counts = Counter(one["severity"] for one in open_)
    assert len(open_) == int(numbers["open-findings"])
    assert sum(one["overdue"] == "yes" for one in open_) == int(numbers["overdue-findings"])
    return {
        **{name: numbers[f"{name}-shown"] for name in ("floor", "ceiling", "coverage")},
        "grade": numbers["grade"] if numbers.get("grade") not in (None, "none", "withheld") else "–",
        "open": int(numbers["open-findings"]),
        "overdue": int(numbers["overdue-findings"]),
        "accepted": int(numbers["accepted-findings"]),
        "severities": {one.value: counts[one.value] for one in Severity},
        "standing": {one["finding"] for one in risks},
    }


def _props(one: Mapping[str, Any]) -> dict[str, str]:
    return {prop["name"]: prop["value"] for prop in one["props"]}


def read_sarif(files: Files, opd_id: str) -> Told:
    (run,) = files.json("findings", "sarif", opd_id)["runs"]
    numbers = run["properties"]
    failing = [one for one in run["results"] if one.get("baselineState") != "absent"]
    open_ = [one["properties"] for one in failing if not one["suppressions"]]
    counts = Counter(one["severity"] for one in open_)
    assert numbers["openFindings"] == len(open_)
    return {
        **{name: cut(numbers[name], files.language) for name in ("floor", "ceiling", "coverage")},
        "grade": numbers["grade"] or "–",
        "open": numbers["openFindings"],
        "overdue": numbers["overdueFindings"],
        "accepted": numbers["acceptedFindings"],
        "severities": {one.value: counts[one.value] for one in Severity},
        "standing": {one["fingerprints"]["tilik/finding/v1"] for one in failing},
    }


def read_html(files: Files, opd_id: str) -> Told:
    page = files.of("scorecard", "html", opd_id).content.decode()
    return _of_text(" ".join(texts(page)), files)


def read_pdf(files: Files, opd_id: str) -> Told:
    return _of_text(plain_text(files.of("scorecard", "pdf", opd_id)), files)


def _of_text(text: str, files: Files) -> Told:
    """Read what a card says in words: the numbers beside their names, wherever they stand first."""
    words, plain = Words(files.language, "Asia/Jakarta"), " ".join(text.split())

    def said(pattern: str, label: str) -> str | None:
        found = re.search(pattern % re.escape(words.say(label)), plain, re.IGNORECASE)
        return found.group(1) if found else None

    shares = {"floor": "Floor", "ceiling": "Ceiling", "coverage": "Coverage"}
    counts = {"open": "Open findings", "overdue": "Overdue", "accepted": "Accepted risks"}
    numbers = {name: said(r"%s ?:? ([\d.,]+ ?%%)", label) for name, label in shares.items()}
    totals = {name: said(r"%s ?: ?([\d.,]*\d)", label) for name, label in counts.items()}
    return {
        **{name: one and one.replace(" ", _SPACES[files.language]) for name, one in numbers.items()},
        "grade": said(r"%s (\S+)", "Grade"),
        **{name: int(re.sub(r"\D", "", one)) if one else None for name, one in totals.items()},
    }


_SPACES = {"id": "\u00a0", "en": ""}


READERS: dict[str, Callable[[Files, str], Told]] = {
    "html": read_html,
    "pdf": read_pdf,
    "csv": read_csv,
    "json": read_json,
    "xlsx": read_xlsx,
    "oscal": read_oscal,
    "sarif": read_sarif,
}
"""Every format has a line here."""


def check(files: Files, against: ReportData | None = None) -> None:
    """Hold what a format tells of every OPD against what is right; refuse one that leaves numbers out.

    `against` is other data than what was rendered.
    """
    right = against or files.data
    assert files.opds
    for opd_id in files.opds:
        told = READERS[files.format](files, opd_id)
        wanted = expected(right, opd_id, files.language, files.edition)
        assert told.keys() >= NUMBERS, files.format
        assert told == {name: wanted[name] for name in told}, (files.format, opd_id)
