"""What a host printed, section by section, and why a part of it tells nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, cast

T = TypeVar("T")


class Reason(StrEnum):
    """Why a fact could not be read."""

    NEEDS_ROOT = "needs root"
    """What shows it is for root alone, and sudo was not granted for it."""
    TIMEOUT = "timeout"
    TOO_MUCH = "too much"
    """More was printed than is taken."""
    BROKEN_OFF = "broken off"
    """The output ended before or within the section."""
    TOOL_MISSING = "tool missing"
    """The program that would tell is not there."""
    NOT_UNDERSTOOD = "not understood"


class Unread(Exception):
    """A fact that the report does not tell, with the reason and a detail for the reader."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason, self.detail = reason, detail


class State(StrEnum):
    """How a section ended."""

    RAN = "ran"
    ABSENT = "absent"
    """The file or program is not there: an observation of its own."""
    DENIED = "denied"
    BROKEN = "broken"


_LATE = frozenset({124, 129, 137, 143})
"""Exit status of a command that ran out of time: of timeout(1), of sudo's own limit, and of a killed one."""


@dataclass(frozen=True, slots=True)
class Section:
    """What one command printed. `limit` is how many bytes were taken at most."""

    name: str
    state: State
    content: bytes = b""
    exit_code: int = 0
    limit: int = 0

    @property
    def text(self) -> str:
        """Return the output as text, bytes that are not UTF-8 replaced."""
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Report:
    """Every section of one collection, by name."""

    sections: Mapping[str, Section]
    _worked_out: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, work_out: Callable[[Report], T]) -> T:
        """Return what a function makes of this report, worked out when first asked; it raises every time."""
        if work_out not in self._worked_out:
            self._worked_out[work_out] = work_out(self)
        return cast(T, self._worked_out[work_out])

    def section(self, name: str) -> Section:
        """Return a section that ran or is absent; raise Unread for any that tells nothing."""
        section = self.sections.get(name)
        if section is None or section.state is State.BROKEN:
            raise Unread(Reason.BROKEN_OFF, name)
        if section.state is State.DENIED:
            raise Unread(Reason.NEEDS_ROOT, name)
        if section.state is State.RAN:
            if section.exit_code in _LATE:
                raise Unread(Reason.TIMEOUT, name)
            if section.limit and len(section.content) >= section.limit:
                raise Unread(Reason.TOO_MUCH, name)
        return section

    def optional(self, name: str) -> str | None:
        """Return what a section printed, None where the file or program is not there; raise Unread."""
        section = self.section(name)
        return None if section.state is State.ABSENT else section.text

    def text(self, name: str) -> str:
        """Return what a section printed; raise Unread, also where the file or program is not there."""
        found = self.optional(name)
        if found is None:
            raise Unread(Reason.TOOL_MISSING, name)
        return found

    def lines(self, name: str) -> list[str]:
        """Return the lines of a section that are not blank, stripped; raise Unread."""
        return _lines(self.text(name))

    def optional_lines(self, name: str) -> list[str]:
        """Return the lines as `lines` does, none where the file or program is not there; raise Unread."""
        return _lines(self.optional(name) or "")

    def files(self, name: str) -> dict[str, str]:
        """Return path → text of the files of a `copies` section, in order; raise Unread.

        Raise Unread NEEDS_ROOT when one of them is there and may not be read.
        """
        found: dict[str, str] = {}
        text = self.optional(name) or ""
        # re.split with two groups gives: before, path, state, text, path, state, text …
        parts = re.split(r"^==> (.+) <== (read|denied)\n", text, flags=re.MULTILINE)
        for path, state, content in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            if state == "denied":
                raise Unread(Reason.NEEDS_ROOT, path)
            # The script puts a line end behind every file, so that the next header begins a line.
            found[path] = content.removesuffix("\n")
        return found


def parse_report(output: bytes, nonce: str) -> Report:
    """Return the sections of a collection's output; `nonce` marks the lines that are the script's own.

    What stands outside of sections (greetings, noise of a login shell) is passed over. A section that comes
    twice is BROKEN: the script prints each once.
    """
    marker = re.compile(
        rb"^@@"
        + re.escape(nonce.encode())
        + rb" (begin|end) ([a-z0-9-]{1,60})(?: ([a-z]+) (\d{1,5}) (\d{1,10}))?\r?$",
        re.MULTILINE,
    )
    sections: dict[str, Section] = {}
    begun: tuple[str, int] | None = None
    for match in marker.finditer(output):
        word, name = match[1], match[2].decode()
        if word == b"begin":
            if begun is not None:
                sections[begun[0]] = Section(begun[0], State.BROKEN)
            begun = (name, match.end() + 1)
        elif begun is not None and begun[0] == name and match[3] is not None:
            # The script puts a line end before each of its own lines.
            content = output[begun[1] : max(begun[1], match.start() - 1)]
            ended = _ended(name, match[3].decode(), content, int(match[4]), int(match[5]))
            sections[name] = Section(name, State.BROKEN) if name in sections else ended
            begun = None
    if begun is not None:
        sections[begun[0]] = Section(begun[0], State.BROKEN)
    return Report(sections)


def _ended(name: str, state: str, content: bytes, exit_code: int, limit: int) -> Section:
    try:
        return Section(name, State(state), content, exit_code, limit)
    except ValueError:
        return Section(name, State.BROKEN)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
