"""The small parts that OSCAL documents are made of: identifiers, properties, texts, moments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from auditor.model.facts import JSON
from reports.findings import timestamp
from reports.uuids import URLS, named, text_of
from reports.visible import shown, shown_block

VERSION = "1.2.1"
"""Version of OSCAL that is written; the parts of it that are used are the same since 1.1."""
NAMESPACE = "https://tilik.invalid/ns/oscal"
"""Namespace of properties and facets that OSCAL does not define: a name, at which nothing is to be had.

Other tools take a URL alone.
"""

# Entities hold in Markdown and HTML alike; the rest are what Markdown and OSCAL read specially in a line.
_MARKUP = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", **{sign: f"\\{sign}" for sign in "\\`*_[]{}~^|#"}}
)


@dataclass(frozen=True, slots=True)
class Ids:
    """Make the same identifier for the same thing every time; two organisations never share one."""

    organization: str

    def of(self, *parts: str) -> str:
        """Return a UUID (version 5) made of what a thing is called; the first part is its kind."""
        space = named(named(URLS, NAMESPACE), self.organization)
        return text_of(named(space, *parts))


def filled(values: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return an object without what is empty: OSCAL knows no empty text and no empty list."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def prop(name: str, value: object, *, own: bool = True) -> dict[str, JSON] | None:
    """Return a property, or None where there is no value; `own` says that the name is not OSCAL's."""
    text = shown(str(value)).strip()
    if value is None or not text:
        return None
    return filled({"name": name, "ns": NAMESPACE if own else None, "value": text})


def props(*given: dict[str, JSON] | None) -> list[JSON]:
    """Return those properties that have a value."""
    return [one for one in given if one is not None]


def line(text: str) -> str:
    """Return text as one line of markup that shows exactly the text, whatever a server or a person wrote."""
    return shown(text).strip().translate(_MARKUP) or "–"


def paragraphs(texts: Iterable[str]) -> str:
    """Return texts that are markup already as paragraphs."""
    return "\n\n".join(text for text in texts if text)


def code(text: str) -> str:
    """Return lines as a block of code that nothing inside can end."""
    body = shown_block(text).strip("\n")
    if not body.strip():
        return ""
    fence = "`" * 3
    while fence in body:
        fence += "`"
    return f"{fence}\n{body}\n{fence}"


def moment(value: datetime) -> str:
    """Return a moment with its zone."""
    return timestamp(value)


def end_of_day(day: date, zone: str) -> str:
    """Return the last second of a local day."""
    return timestamp(datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC))


def start_of_day(day: date, zone: str) -> str:
    """Return the first second of a local day."""
    return timestamp(datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC))
