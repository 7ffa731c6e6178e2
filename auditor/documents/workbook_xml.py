"""The XML inside a workbook: parsed with limits as it streams by, and nothing kept but what is read. Pure."""

from __future__ import annotations

import re
from typing import Any, Protocol

import defusedxml.ElementTree as ElementTree

MAXIMUM_ELEMENTS = 500_000
MAXIMUM_DEPTH = 60
LONGEST_CELL = 32_767
"""Characters that a cell holds."""

_CHUNK_BYTES = 65_536
_SILENT_CHUNKS = 16
"""After a megabyte without an element or a text, something in it is too long to be meant well."""
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


class UnfitXml(ValueError):
    """What is wrong with a part, in words that follow its name."""


class Handler(Protocol):
    """Whatever picks from a part what it is read for. Names come without their namespaces."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take a piece of text."""


def parse_part(content: bytes, handler: Handler) -> None:
    """Stream a part through a handler; raise UnfitXml when it is broken, too large, or declares a DTD."""
    counted = _Counted(handler)
    parser = ElementTree.XMLParser(target=counted, forbid_dtd=True)
    silent = 0
    try:
        for start in range(0, len(content), _CHUNK_BYTES):
            seen = counted.events
            parser.feed(content[start : start + _CHUNK_BYTES])
            silent = silent + 1 if counted.events == seen else 0
            if silent > _SILENT_CHUNKS:
                raise UnfitXml("holds something far too long")
        parser.close()
    except UnfitXml:
        raise
    # A DTD and an unknown encoding are ValueErrors, what is not well-formed is a SyntaxError.
    except (ElementTree.ParseError, ValueError, LookupError):
        raise UnfitXml("is not plain XML") from None


class _Counted:
    """Counts elements and depth on their way to a handler."""

    def __init__(self, handler: Handler):
        self._handler = handler
        self._depth = 0
        self._elements = 0
        self.events = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.events += 1
        self._elements += 1
        self._depth += 1
        if self._elements > MAXIMUM_ELEMENTS or self._depth > MAXIMUM_DEPTH:
            raise UnfitXml("holds far too many elements")
        self._handler.start(_local(tag), {_local(name): value for name, value in attributes.items()})

    def end(self, tag: str) -> None:
        self.events += 1
        self._depth -= 1
        self._handler.end(_local(tag))

    def data(self, text: str) -> None:
        self.events += 1
        self._handler.text(text)

    def close(self) -> Any:
        return None


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def plain_text(stored: str) -> str:
    """Return a text as a cell shows it: escapes such as `_x000D_` decoded, line ends as line feeds."""
    decoded = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), stored)
    return decoded.replace("\r\n", "\n").replace("\r", "\n")
