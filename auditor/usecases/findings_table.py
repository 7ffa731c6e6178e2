"""Findings as a table for people and other tools: what they are, and the columns that come back filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.check import Check, Text
from auditor.model.finding import CLOSED
from auditor.model.finding_record import FindingRecord
from auditor.model.subject import Subject
from auditor.model.verdict import Verdict
from auditor.usecases.calendar import days_left, opd_day
from auditor.usecases.standing import standings
from auditor.usecases.waive import Desk
from controls.acknowledgements import acknowledgement_of, acknowledgements_on, shown_status
from reports.view.labels import not_met
from reports.words import Words

SHEETS = {"en": "Findings", "id": "Temuan"}
"""Name of the sheet; where there are too many rows for one, the others have a number behind it."""
EDITABLE = ("owner", "plan", "planned")
Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key, its title and its width in characters. Only those of EDITABLE are read back."""

    key: str
    title: Text
    width: float


FIELDS = (
    Field("id", {"en": "Finding", "id": "Temuan"}, 18),
    Field("status", {"en": "Status", "id": "Status"}, 18),
    Field("severity", {"en": "Severity", "id": "Tingkat keparahan"}, 12),
    Field("check", {"en": "Check", "id": "Pemeriksaan"}, 24),
    Field("title", {"en": "Title", "id": "Judul"}, 34),
    Field("opd", {"en": "OPD", "id": "OPD"}, 14),
    Field("server", {"en": "Server", "id": "Server"}, 18),
    Field("address", {"en": "Address", "id": "Alamat"}, 16),
    Field("port", {"en": "Port", "id": "Port"}, 8),
    Field("protocol", {"en": "Protocol", "id": "Protokol"}, 10),
    Field("server_name", {"en": "Host name", "id": "Nama host"}, 22),
    Field("observed", {"en": "Observed", "id": "Teramati"}, 40),
    Field("expected", {"en": "Expected", "id": "Seharusnya"}, 30),
    Field("first_seen", {"en": "First seen", "id": "Pertama terlihat"}, 14),
    Field("last_seen", {"en": "Last seen", "id": "Terakhir terlihat"}, 14),
    Field("due", {"en": "Deadline", "id": "Tenggat"}, 14),
    Field("days_left", {"en": "Days left", "id": "Sisa hari"}, 10),
    Field("owner", {"en": "Who mends it (fill in)", "id": "Penanggung jawab tindak lanjut (diisi)"}, 26),
    Field("plan", {"en": "How (fill in)", "id": "Rencana tindak lanjut (diisi)"}, 45),
    Field("planned", {"en": "Planned for (fill in)", "id": "Rencana selesai (diisi)"}, 16),
    Field("log_entry", {"en": "Log entry", "id": "Entri log"}, 10),
)
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Findings:
    """The rows of a table, what is due first on top, and the language of their texts."""

    rows: tuple[Row, ...]
    language: str


def findings_table(desk: Desk, language: str, opds: tuple[str, ...] = (), closed: bool = False) -> Findings:
    """Return the findings that stand, of some OPD or of all; with `closed` those that do not stand too."""
    log = desk.workspace.decisions.all()
    given = acknowledgements_on(log)
    last = log[-1].sequence if log else 0
    seen = _verdicts(desk)
    words = Words(language, desk.inputs.inventory.organization.timezone)
    chosen = [
        record
        for record in desk.workspace.results.findings().values()
        if (closed or record.status not in CLOSED) and (not opds or record.opd in opds)
    ]
    rows = (
        _row(
            record,
            desk,
            words,
            seen.get((record.check, record.subject)),
            acknowledgement_of(record.id, record.opened_at, given),
            last,
        )
        for record in sorted(chosen, key=lambda one: (one.due, one.opd, one.subject, one.check))
    )
    return Findings(tuple(rows), language)


def _verdicts(desk: Desk) -> dict[tuple[str, str], Verdict]:
    """Return check and subject → what was seen there last."""
    standing = standings(desk.workspace)
    return {(one.check, one.subject.key): one for server in standing.values() for one in server.verdicts}


def _row(
    record: FindingRecord,
    desk: Desk,
    words: Words,
    verdict: Verdict | None,
    answer: Acknowledgement | None,
    log_entry: int,
) -> Row:
    inventory, subject = desk.inputs.inventory, Subject.from_key(record.subject)
    check = desk.inputs.catalogue.checks.get(record.check)
    left = days_left(record.due, desk.now, inventory, record.opd)
    return {
        "id": record.id,
        "status": shown_status(record.status, answer),
        "severity": check.severity if check else None,
        "check": record.check,
        "title": _title(words, check, record) if check else None,
        "opd": record.opd,
        "server": subject.server,
        "address": subject.address,
        "port": subject.port or None,
        "protocol": subject.transport,
        "server_name": subject.server_name,
        "observed": words.of(verdict.observed or verdict.reason) if verdict else None,
        "expected": words.of(verdict.expected) if verdict else None,
        "first_seen": opd_day(record.first_seen, inventory, record.opd),
        "last_seen": opd_day(record.last_seen, inventory, record.opd),
        "due": record.due,
        "days_left": None if record.status in CLOSED else left,
        "owner": answer.owner if answer else None,
        "plan": answer.plan if answer else None,
        "planned": answer.planned if answer else None,
        "log_entry": log_entry,
    }


def _title(words: Words, check: Check, record: FindingRecord) -> str:
    """Return the title of a check, which tells what would be right, and that it is not so where it is not."""
    title = words.of(check.title)
    return title if record.status in CLOSED else not_met(words, title)
