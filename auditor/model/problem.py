"""What is wrong in a file that a person wrote, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

Path = tuple[str | int, ...]
"""Keys and indexes from the root of a tree to one value."""
Position = tuple[int, int]
"""Line and column, both counted from 1."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file, where it is and what to write instead. Line 0 means the whole file."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Return `file:line:column: message`."""
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.message}"


class DocumentError(Exception):
    """Everything wrong in a file, in the order of its lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Locator(Protocol):
    """Whatever can say where a value was written."""

    def problem(self, path: Path, message: str, *, key: bool = False) -> Problem:
        """Return a problem about the value at a path, or about its key."""
        ...
