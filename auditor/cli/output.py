"""Print listings as table, JSON or CSV. Everything that a server said is shown with its controls visible."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from reports.visible import shown


class Format(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def print_listing(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: Format, empty: str
) -> None:
    """Print rows; a table and CSV show `columns` only, JSON shows everything."""
    if form is Format.JSON:
        print_json(rows)
    elif form is Format.CSV:
        _print_csv(rows, columns)
    else:
        _print_table(rows, columns, empty)


def print_json(value: Any) -> None:
    """Print a value as JSON in plain ASCII, which no terminal takes for a control sequence."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=True, default=str) + "\n")


def say(text: str) -> None:
    """Print a line of ours on standard output."""
    sys.stdout.write(shown(text) + "\n")


def say_lines(text: str) -> None:
    """Print a text of several lines of ours on standard output."""
    for line in text.splitlines():
        say(line)


def warn(text: str) -> None:
    """Print a line of ours on standard error."""
    sys.stderr.write(shown(text) + "\n")


def _print_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    from reports.formats.csv import cell

    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([cell(_text(row.get(column))) for column in columns] for row in rows)
    sys.stdout.write(buffer.getvalue())


def _print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], empty: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say(empty)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        # Text, not markup: a banner with [brackets] must stay what it is.
        table.add_row(*(Text(shown(_text(row.get(column)))) for column in columns))
    wide = Console(width=None if sys.stdout.isatty() else 200)
    wide.print(table)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value)
    return str(value)
