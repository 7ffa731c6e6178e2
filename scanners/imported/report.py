"""What every reader of a foreign report shares: its result, its one way of failing, and strict XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from auditor.model.evidence import Failure
from auditor.model.facts import JSON, Facts

MAXIMUM_BYTES = 50_000_000
"""The largest report that is read; an OpenSCAP report with its whole content is about half of that."""
MAXIMUM_ROWS = 5_000
"""So many entries of one list are kept."""
_TEXT_CHARACTERS = 300


class Unreadable(ValueError):
    """Why a report is taken as nothing, and where: line and column count from 1, 0 is the whole file."""

    def __init__(self, message: str, line: int = 0, column: int = 0):
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Part:
    """What a report says to one task. `address` is canonical, "" where the report is about a whole server.

    Instants without a zone are the clock of the machine that wrote them.
    """

    scanner: str
    address: str
    started_at: datetime
    finished_at: datetime
    facts: Facts
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report as a whole."""

    tool: str
    version: str
    parts: tuple[Part, ...]
    passed_over: Mapping[str, str] = field(default_factory=dict)
    """Address → why the report says nothing usable of it."""
    host: str = ""
    """Name that the machine had for itself, where the report says it."""
    settings: Mapping[str, JSON] = field(default_factory=dict)


def check_size(content: bytes) -> None:
    """Raise Unreadable for an empty or much too large report."""
    if not content.strip():
        raise Unreadable("the file is empty; make the report again")
    if len(content) > MAXIMUM_BYTES:
        raise Unreadable(
            f"larger than {MAXIMUM_BYTES // 1_000_000} MB; make a report of fewer hosts or a smaller profile"
        )


def xml_root(content: bytes, expected: str, *, doctype: bool) -> Element:
    """Return the root of a whole XML document; raise Unreadable.

    Entities are never resolved; `doctype` says whether a document type may be named at all. `expected` is
    what the file should be, for the message.
    """
    check_size(content)
    parser = DefusedXMLParser(target=_Bounded(expected), forbid_dtd=not doctype)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except ParseError as error:
        line, column = error.position
        reason = str(error).partition(":")[0]
        raise Unreadable(f"no whole {expected}: {reason}; {_AGAIN}", line, column + 1) from None
    except DefusedXmlException as error:
        named = type(error).__name__
        raise Unreadable(
            f"no {expected}: it defines entities or a document type ({named}); {_AGAIN}"
        ) from None
    except Unreadable:
        raise
    except (LookupError, ValueError) as error:
        raise Unreadable(f"no {expected}: {error}; {_AGAIN}") from None
    return root


class _Bounded(TreeBuilder):
    """Build a tree of bounded depth and size: a small file of nothing but brackets takes gigabytes."""

    def __init__(self, expected: str) -> None:
        super().__init__()
        self._expected = expected
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """Begin an element; raise Unreadable for one too many."""
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
            what = "nested too deeply" if self._depth > _DEEPEST else "too many elements"
            raise Unreadable(f"no {self._expected}: {what}; hand in a report of fewer hosts or rules")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        """End an element."""
        self._depth -= 1
        return super().end(tag)


_DEEPEST = 100
_MOST_ELEMENTS = 2_000_000
_AGAIN = "make the report again and hand in the file as the tool wrote it"


def tag_of(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, tag: str) -> Iterator[Element]:
    """Give the children of a name, in whatever namespace."""
    return (one for one in element if tag_of(one) == tag)


def text_of(element: Element | None) -> str:
    """Return an element's own text in one line, bounded; "" for none."""
    return line_of("".join(element.itertext())) if element is not None else ""


def line_of(text: str) -> str:
    """Return a text in one line, bounded in length."""
    return " ".join(text.split())[:_TEXT_CHARACTERS]
