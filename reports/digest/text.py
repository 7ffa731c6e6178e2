"""A digest as plain text: for the readers of mail without HTML, and short enough for a chat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.digest.lines import Line
from reports.digest.sections import Section
from reports.digest.view import DigestView

LONGEST_SHORT = 3500
"""UTF-16 code units; Telegram takes 4096."""
_FEW = 3


def as_text(view: DigestView) -> str:
    """Return everything that a digest tells, as lines."""
    return "\n".join(_lines(view)) + "\n"


def as_short(view: DigestView) -> str:
    """Return the numbers and the first entries of each list, whole lines up to what a chat takes."""
    kept: list[str] = []
    left = LONGEST_SHORT
    for line in _short_lines(view):
        left -= len(line.encode("utf-16-le")) // 2 + 1
        if left < 0:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join(kept)


def _lines(view: DigestView) -> Iterator[str]:
    yield from (part for part in (view.mark.upper(), view.organization, view.office) if part)
    yield ""
    yield view.title
    yield view.whom
    yield ""
    yield from view.lead
    yield ""
    yield from _numbers(view, with_notes=True)
    for section in view.sections:
        yield ""
        yield _heading(section).upper()
        yield from _entries(section.lines)
        if section.more:
            yield f"  {section.more}"
    yield ""
    yield "--"
    yield from view.foot


def _short_lines(view: DigestView) -> Iterator[str]:
    if view.mark:
        yield view.mark.upper()
    yield view.title
    yield f"{view.organization}, {view.whom}"
    yield ""
    yield from view.lead
    yield ""
    yield from _numbers(view, with_notes=False)
    for section in view.sections:
        yield ""
        yield _heading(section)
        yield from _entries(section.lines[:_FEW])
        if len(section.lines) > _FEW or section.more:
            yield "  …"


def _heading(section: Section) -> str:
    return f"{section.heading} ({section.count})"


def _numbers(view: DigestView, *, with_notes: bool) -> Iterator[str]:
    for one in view.numbers:
        yield f"{'! ' if one.alarm else ''}{one.label}: {one.value}"
        if with_notes and one.note:
            yield f"    {one.note}"


def _entries(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        yield f"- {f'[{line.badge.label}] ' if line.badge else ''}{line.text}"
        if line.note:
            yield f"  {line.note}"
