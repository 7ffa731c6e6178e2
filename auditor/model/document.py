"""Strict YAML: text to a plain tree in which every key and value knows its line and column.

Scalars follow YAML 1.2 in the narrow form of JSON: only `true`, `false`, `null` and decimal numbers are
anything but text, so `no`, `0123`, `22:30`, `1_000`, `1e3`, `.nan` and dates stay what was written.
Anchors, aliases, merge keys, tags, duplicate keys and several documents in one file are refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from auditor.model.facts import JSON
from auditor.model.plain_text import find_hidden, name_character
from auditor.model.problem import DocumentError, Locator, Path, Position, Problem
from auditor.model.yaml_tree import TreeBuilder

__all__ = [
    "Document",
    "DocumentError",
    "Locator",
    "Path",
    "Position",
    "Problem",
    "decode_text",
    "parse_document",
]

MAXIMUM_BYTES = 5_000_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_HINTS = (
    (
        "mapping values are not allowed",
        "a second ': ' on one line, or wrong indentation; put the text in quotes",
    ),
    ("could not find expected ':'", "this is neither 'key: value' nor '- item'; write 'key: value'"),
    ("cannot start any token", "this character cannot start a value; put the text in quotes"),
    ("did not find expected key", "wrong indentation; align this line with the others of its block"),
    ("did not find expected '-'", "wrong indentation; align this line with the others of its list"),
    (
        "did not find expected ',' or",
        "a bracket is not closed, or a comma is missing; close it or add the comma",
    ),
    ("unexpected end of stream", "a quote is opened here and never closed; close it"),
    ("did not find expected node content", "a value is missing here; write it or close the bracket"),
    ("unknown escape character", "this backslash is no known escape; write the text in single quotes"),
    ("undefined alias", "aliases are not allowed; write the value out"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its plain tree, where everything in it stands, and the SHA-256 of its bytes."""

    file: str
    data: JSON
    digest: str
    text: str = ""
    keys: Mapping[Path, Position] = field(default_factory=dict)
    values: Mapping[Path, Position] = field(default_factory=dict)
    last_lines: Mapping[Path, int] = field(default_factory=dict)
    """Path of every scalar and bracketed collection → the last line it stands on."""

    def position(self, path: Path, *, key: bool = False) -> Position:
        """Return where the value (or its key) stands; for an unknown path, where its nearest parent does."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
            if path in self.keys:
                return self.keys[path]
        return self.values.get(path, (1, 1))

    def problem(self, path: Path, message: str, *, key: bool = False) -> Problem:
        """Return a problem located at the value (or the key) of a path."""
        return Problem(self.file, *self.position(path, key=key), message)


def parse_document(data: bytes, file: str) -> Document:
    """Parse YAML bytes; raise DocumentError with every problem found. `file` only names it in messages."""
    text = decode_text(data, file)
    problems = list(_text_problems(text, file))
    builder = TreeBuilder(file)
    if not problems:
        try:
            builder.build(yaml.parse(text, Loader=_LOADER))
        except yaml.MarkedYAMLError as error:
            problems.append(_syntax_problem(error, file))
    problems += builder.problems
    if problems:
        raise DocumentError(problems)
    digest = hashlib.sha256(data).hexdigest()
    return Document(file, builder.root, digest, text, builder.keys, builder.values, builder.last_lines)


def decode_text(data: bytes, file: str) -> str:
    """Return bytes as text without a byte order mark; raise DocumentError when too long or not UTF-8."""
    if len(data) > MAXIMUM_BYTES:
        raise DocumentError(
            [
                Problem(
                    file, 0, 0, f"larger than {MAXIMUM_BYTES:,} bytes; split it or remove what is not needed"
                )
            ]
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError([Problem(file, 1, 1, "saved as UTF-16; save it as UTF-8")])
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise DocumentError([Problem(file, *_position_after(before), message)]) from None


def _position_after(text: str) -> Position:
    lines = re.split("\r\n|\r|\n", text)
    return len(lines), len(lines[-1]) + 1


def _text_problems(text: str, file: str) -> Iterator[Problem]:
    offset = find_hidden(text)
    if offset is not None:
        message = f"hidden character {name_character(text[offset])}; delete it"
        yield Problem(file, *_position_after(text[:offset]), message)
    tab = re.search(r"(?m)^ *(\t)[ \t]*[^\s#]", text)
    if tab is not None:
        yield Problem(
            file, *_position_after(text[: tab.start(1)]), "a tab indents this line; use two spaces instead"
        )


def _syntax_problem(error: yaml.MarkedYAMLError, file: str) -> Problem:
    said = error.problem or "not valid"
    hint = next((hint for part, hint in _HINTS if part in said), f"{said}; check indentation and quotes")
    mark = error.problem_mark
    if "end of stream" in said and error.context_mark is not None:
        mark = error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Problem(file, line, column, f"not valid YAML: {hint}")
