"""What the sheets of all workbooks have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from auditor.model.check import Severity
from auditor.model.scorecard import Score
from reports.view.context import Context
from reports.view.labels import SEVERITIES
from reports.workbook import MOST_ROWS, Cell, Column, Percentage, Sheet, Tint, Tinted

Titled = tuple[str, float]
"""A message that is the title of a column, and its width in characters."""

_TINTS = {
    Severity.CRITICAL: Tint.WORST,
    Severity.HIGH: Tint.STRONG,
    Severity.MEDIUM: Tint.CLEAR,
    Severity.LOW: Tint.SLIGHT,
    Severity.INFO: Tint.NONE,
}


def sheet(
    context: Context,
    name: str,
    subject: str,
    titles: Iterable[Titled],
    rows: Sequence[Sequence[Cell]],
    frozen_columns: int = 1,
    most_rows: int = MOST_ROWS,
) -> Sheet:
    """Return a sheet under a line that says what it is about, and one that counts rows that do not fit."""
    words, data = context.words, context.data
    edition, classification = context.words.of(context.framework.title), data.policy.classification.upper()
    above = [" · ".join((subject, edition, data.run.id, classification))]
    most = most_rows - len(above) - 2
    if len(rows) > most:
        rest = words.integer(len(rows) - most)
        above.append(words.say("%(count)s more rows do not fit in a sheet: see the CSV files.", count=rest))
    columns = tuple(Column(words.say(title), width) for title, width in titles)
    return Sheet(words.say(name), columns, rows[:most], tuple(above), frozen_columns)


def subject(context: Context, opd_id: str | None) -> str:
    """Name whose sheet it is: an OPD, or the organisation."""
    return context.data.inventory.organization.name if opd_id is None else context.opd(opd_id).name


def percentages(score: Score) -> tuple[Cell, Cell, Cell]:
    """Return floor, ceiling and coverage; nothing where there was nothing to judge."""
    if not score.applicable:
        return None, None, None
    return Percentage(score.floor), Percentage(score.ceiling), Percentage(score.coverage)


def severity_cell(context: Context, severity: Severity) -> Cell:
    """Return the word for a severity on its colour."""
    return Tinted(context.words.say(SEVERITIES[severity]), _TINTS[severity])


def yes(context: Context, value: bool, *, alarming: bool = False) -> Cell:
    """Return a mark for what holds, and an empty cell for what does not."""
    if not value:
        return None
    return Tinted(context.words.say("Yes"), Tint.STRONG if alarming else Tint.NONE)


def moment(context: Context, value: datetime, opd_id: str = "") -> datetime:
    """Return a moment as local time without a zone, which is how spreadsheets keep it."""
    zone = context.data.inventory.timezone_of(opd_id) if opd_id else context.words.timezone
    return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def lines(parts: Iterable[str]) -> str:
    """Return texts below each other, each once."""
    return "\n".join(dict.fromkeys(part for part in parts if part))
