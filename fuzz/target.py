"""What a target is, and how its seeds are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"


@dataclass(frozen=True, slots=True)
class Target:
    """A reader to be tried: `run` gives it bytes; only `declared` errors may come out of it.

    `seeds` are real inputs, recorded from servers or written by people.
    """

    name: str
    run: Callable[[bytes], None]
    declared: tuple[type[BaseException], ...]
    seeds: Callable[[], list[bytes]]

    def try_bytes(self, data: bytes) -> bool:
        """Return whether the bytes were read; raise whatever is not declared."""
        try:
            self.run(data)
        except self.declared:
            return False
        return True


def files(folder: str, pattern: str) -> list[bytes]:
    """Return the contents of recorded files below tests/, in the order of their names."""
    found = [path.read_bytes() for path in sorted((TESTS / folder).glob(pattern))]
    if not found:
        raise FileNotFoundError(f"no seed {pattern} in tests/{folder}")
    return found


def choose(data: bytes, choices: Iterable[object]) -> tuple[int, bytes]:
    """Return an index that the first byte chooses, and the other bytes."""
    count = len(list(choices))
    return (data[0] % count if data else 0), data[1:]
