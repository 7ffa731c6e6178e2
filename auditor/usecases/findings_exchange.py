"""Write findings to a file for people and other tools, and take in who mends what when it comes back."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from auditor.documents.files import read_file
from auditor.documents.workbook import MAXIMUM_ROWS
from auditor.model.acknowledgement import Acknowledgement
from auditor.model.check import Severity
from auditor.model.decision import Decision
from auditor.model.finding import FindingStatus
from auditor.usecases.acknowledge import Ledger, Taken, checked_name, open_ledger
from auditor.usecases.errors import UsageProblem
from auditor.usecases.findings_read import Line, read_findings
from auditor.usecases.findings_table import FIELDS, SHEETS, Findings, Row, Value
from auditor.usecases.questionnaire_exchange import write_new
from auditor.usecases.waive import Desk
from controls.acknowledgements import acknowledgement_of, acknowledgements_on
from reports.formats.csv import cell
from reports.view.labels import FINDING_STATUSES, SEVERITIES
from reports.words import translations
from reports.workbook import Cell, Column, Sheet, write_workbook

_ROWS_OF_A_SHEET = MAXIMUM_ROWS - 1
"""What can be read again, with the head."""
_DAYS = ("first_seen", "last_seen", "due", "planned")


def hand_out(findings: Findings, path: Path) -> None:
    """Write findings to a new file; raise UsageProblem for another form, or what is there already."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UsageProblem(f"{path} is neither .xlsx nor .csv", "name a file that ends with one of both")
    write_new(path, writer(findings))


def write_xlsx(findings: Findings, rows_of_a_sheet: int = _ROWS_OF_A_SHEET) -> bytes:
    """Return a workbook with titles and words in the language of the findings."""
    rows = [[_cell(row[field.key], findings.language) for field in FIELDS] for row in findings.rows]
    parts = [rows[at : at + rows_of_a_sheet] for at in range(0, len(rows), rows_of_a_sheet)] or [[]]
    return write_workbook([_sheet(part, number, findings.language) for number, part in enumerate(parts, 1)])


def _sheet(rows: Sequence[Sequence[Cell]], number: int, language: str) -> Sheet:
    columns = tuple(Column(one.title[language], one.width, holds_days=one.key in _DAYS) for one in FIELDS)
    name = SHEETS[language] if number == 1 else f"{SHEETS[language]} {number}"
    return Sheet(name, columns, rows, frozen_columns=1)


def _cell(value: Value, language: str) -> Cell:
    match value:
        case FindingStatus():
            return translations(language).gettext(FINDING_STATUSES[value])
        case Severity():
            return translations(language).gettext(SEVERITIES[value])
        case _:
            return value


def write_csv(findings: Findings) -> bytes:
    """Return CSV for other tools: keys as titles, values as in JSON, and no cell that is a formula."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow([field.key for field in FIELDS])
    writer.writerows(_csv_row(row) for row in findings.rows)
    return ("\ufeff" + buffer.getvalue()).encode()


def _csv_row(row: Row) -> list[str]:
    return [cell(row[field.key]) for field in FIELDS]


_WRITERS = {".xlsx": write_xlsx, ".csv": write_csv}


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What came of a file. `emptied` are findings whose answer it no longer holds, and which keep it."""

    taken: Taken
    emptied: tuple[str, ...]


def bring_in(desk: Desk, path: Path, by: str) -> BroughtIn:
    """Take in who mends what, all of it or nothing; raise DocumentError with every problem of the file.

    What a file says as it was when it was written changes nothing, whatever was decided since.
    """
    who = checked_name(by)
    lines = read_findings(read_file(path), path)
    ledger, past = open_ledger(desk), _Past(desk.workspace.decisions.all())
    emptied: list[str] = []
    for line in lines:
        if line.is_blank:
            emptied += _emptied(line, ledger, past)
        elif not _is_settled(line, ledger, past):
            ledger.read(line.entry)
    return BroughtIn(ledger.store(who), tuple(emptied))


class _Past:
    """What findings were answered when a file was written."""

    def __init__(self, log: Sequence[Decision]):
        self._log = log
        self._known: dict[int, Mapping[str, Decision]] = {}
        self.last = log[-1].sequence if log else 0

    def given(self, sequence: int) -> Mapping[str, Decision]:
        """Return finding id → the entry that acknowledged it when the log ended with this number."""
        if sequence not in self._known:
            upto = (entry for entry in self._log if entry.sequence <= sequence)
            self._known[sequence] = acknowledgements_on(upto)
        return self._known[sequence]


def _emptied(line: Line, ledger: Ledger, past: _Past) -> list[str]:
    finding = line.entry.finding
    if finding not in ledger.records or line.log_entry is None or ledger.standing(finding) is None:
        return []
    return [finding] if finding in past.given(line.log_entry) else []


def _is_settled(line: Line, ledger: Ledger, past: _Past) -> bool:
    """Return whether a line has nothing to say, or note that others said something else meanwhile."""
    finding, entry = line.entry.finding, line.entry
    record = ledger.records.get(finding)
    if record is None or line.log_entry is None:
        return False
    if line.log_entry > past.last:
        message = "is no entry of this log; give a file that was written from this workspace"
        ledger.problems.append(entry.locate("log_entry", message))
        return True
    then = acknowledgement_of(finding, record.opened_at, past.given(line.log_entry))
    now = ledger.standing(finding)
    if then is not None and line.says(then):
        ledger.known.append(finding)
        return True
    if now == then or (now is not None and line.says(now)):
        return False
    ledger.problems.append(entry.locate("owner", _meanwhile(finding, now, ledger)))
    return True


def _meanwhile(finding: str, now: Acknowledgement | None, ledger: Ledger) -> str:
    given = ledger.given.get(finding)
    what = f"{given.by} wrote something else here on {given.day}" if given and now else "it was withdrawn"
    return f"{what}, after this file was written; export again and fill in this row anew"
