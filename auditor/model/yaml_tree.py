"""From the events of a YAML parser to a plain tree, refusing what surprises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from auditor.model.facts import JSON
from auditor.model.plain_text import find_hidden, name_character, show
from auditor.model.problem import Path, Position, Problem

MAXIMUM_DEPTH = 50
MAXIMUM_DIGITS = 15
MAXIMUM_VALUES = 400_000

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, JSON] = {"true": True, "false": False, "null": None, "": None}


def read_scalar(text: str) -> JSON:
    """Return what an unquoted scalar stands for; anything but the JSON words and numbers is its text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _is_long_number(text: str) -> bool:
    number = _INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text)
    return number is not None and sum(map(str.isdigit, text)) > MAXIMUM_DIGITS


@dataclass(slots=True)
class _Frame:
    """A collection that is still open; `key` is the mapping key whose value comes next."""

    path: Path
    content: Any
    bracketed: bool
    key: str | None = None


class _Stop(Exception):
    """What follows cannot be read sensibly."""


class TreeBuilder:
    """Build the tree from parser events, one after the other, so that depth costs no recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: JSON = None
        self.problems: list[Problem] = []
        self.keys: dict[Path, Position] = {}
        self.values: dict[Path, Position] = {}
        self.last_lines: dict[Path, int] = {}
        self._frames: list[_Frame] = []
        self._documents = 0

    def build(self, events: Iterable[Any]) -> None:
        """Consume the events up to the end, or to the first thing that makes the rest unreadable."""
        try:
            for event in events:
                self._take(event)
        except _Stop:
            return

    def _take(self, event: Any) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._start_document(event)
            case yaml.AliasEvent():
                self._complain(event, f"alias *{event.anchor} is not allowed; write the value out")
                self._place(event, None)
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.CollectionStartEvent():
                self._open(event)
            case yaml.CollectionEndEvent():
                frame = self._frames.pop()
                if frame.bracketed:
                    self.last_lines[frame.path] = _last_line(event)
            case _:
                pass

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._complain(event, "a second document starts here; keep one document per file", stop=True)
        if event.version or event.tags:
            self._complain(event, "% directives are not allowed; remove the line above '---'")

    def _complain(self, event: Any, message: str, *, stop: bool = False) -> None:
        self.problems.append(Problem(self.file, *_start(event), message))
        if stop:
            raise _Stop

    def _check_marks(self, event: Any) -> None:
        if event.anchor:
            self._complain(
                event, f"anchor &{event.anchor} is not allowed; write the value out where it is needed"
            )
        if event.tag:
            self._complain(event, f"tag {show(event.tag)} is not allowed; remove it")

    def _scalar(self, event: Any) -> None:
        self._check_marks(event)
        text: str = event.value
        offset = find_hidden(text)
        if offset is not None:
            self._complain(event, f"hidden character {name_character(text[offset])} in the text; remove it")
        if self._awaits_key():
            self._key(event, text)
            return
        plain = event.style in (None, "")
        if plain and _is_long_number(text):
            self._complain(
                event, f"more than {MAXIMUM_DIGITS} digits; write a shorter number, or put it in quotes"
            )
            text = "0"
        path = self._place(event, read_scalar(text) if plain else text)
        self.last_lines[path] = _last_line(event)

    def _awaits_key(self) -> bool:
        return (
            bool(self._frames) and isinstance(self._frames[-1].content, dict) and self._frames[-1].key is None
        )

    def _key(self, event: Any, text: str) -> None:
        frame = self._frames[-1]
        path = (*frame.path, text)
        if text == "<<" and event.style in (None, ""):
            self._complain(event, "merge key << is not allowed; write the keys out")
        if path in self.keys:
            first = self.keys[path][0]
            self._complain(
                event, f"duplicate key {show(text)}, first written in line {first}; keep one of them"
            )
        self.keys[path] = _start(event)
        frame.key = text

    def _open(self, event: Any) -> None:
        self._check_marks(event)
        if self._awaits_key():
            self._complain(event, "a list or mapping cannot be a key; put the text in quotes", stop=True)
        if len(self._frames) >= MAXIMUM_DEPTH:
            message = f"nested deeper than {MAXIMUM_DEPTH} levels; remove brackets or indentation"
            self._complain(event, message, stop=True)
        content: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._frames.append(_Frame(self._place(event, content), content, bool(event.flow_style)))

    def _place(self, event: Any, value: Any) -> Path:
        if len(self.values) >= MAXIMUM_VALUES:
            self._complain(event, f"more than {MAXIMUM_VALUES:,} values; split the file", stop=True)
        path: Path = ()
        if self._frames:
            path = self._place_inside(self._frames[-1], value)
        else:
            self.root = value
        self.values[path] = _start(event)
        return path

    @staticmethod
    def _place_inside(frame: _Frame, value: Any) -> Path:
        if isinstance(frame.content, list):
            frame.content.append(value)
            return (*frame.path, len(frame.content) - 1)
        key, frame.key = frame.key, None
        frame.content[key] = value
        return (*frame.path, str(key))


def _start(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _last_line(event: Any) -> int:
    """Return the last line of a scalar or bracket; a block scalar ends where the next line starts."""
    mark = event.end_mark
    return int(mark.line if mark.column == 0 and mark.line > event.start_mark.line else mark.line + 1)
