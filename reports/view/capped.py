"""Long lists on a page: the first rows, and in words how many are left and where the whole list stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Generic, TypeVar

from reports.names import file_name
from reports.view.context import Context

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Capped(Generic[_Row]):
    """The rows that are shown; `left` says how many are not, and is empty when all are."""

    rows: tuple[_Row, ...]
    left: str


def capped(context: Context, opd_id: str, kind: str, rows: Sequence[_Row], longest: int) -> Capped[_Row]:
    """Return the first rows of a list; `kind` is that of the table that holds all of it."""
    return Capped(tuple(rows[:longest]), left_over(context, opd_id, kind, len(rows) - longest))


def left_over(context: Context, opd_id: str, kind: str, count: int) -> str:
    """Word how many rows are not shown, naming the files with the whole list; empty without any."""
    if count <= 0:
        return ""
    data, words = context.data, context.words
    files = [
        file_name(data, kind, "csv", words.language, opd_id) if kind == "findings" else "",
        file_name(data, "scorecard", "xlsx", words.language, opd_id),
        file_name(data, "scorecard", "json", words.language, opd_id),
    ]
    return words.plural(
        "And %(count)s more, told in %(files)s.",
        "And %(count)s more, told in %(files)s.",
        count,
        files=words.listed([name for name in files if name]),
    )


def size_of(*texts: str) -> int:
    """Return how many bytes texts take on a page."""
    return sum(len(escape(text).encode(errors="surrogatepass")) for text in texts)
