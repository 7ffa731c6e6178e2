"""Lines and tables of the generated pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MADE = "<!-- Made by scripts/write-docs from controls/catalogue; change the catalogue, not this page. -->"


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a table."""
    names = tuple(columns)
    yield _row(names)
    yield _row("---" for _ in names)
    yield from (_row(row) for row in rows)


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
