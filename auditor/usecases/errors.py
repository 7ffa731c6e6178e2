"""Mistakes of use, told with the next step."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

_FEW = 8
"""So many choices are told all."""


class UsageProblem(Exception):
    """Something the user can mend: what is wrong, and what to do."""

    def __init__(self, problem: str, next_step: str):
        super().__init__(problem)
        self.problem = problem
        self.next_step = next_step


def choices_near(word: str, known: Collection[str]) -> str:
    """Return what may be chosen instead of a word: everything where that is little, else what is near."""
    ordered = list(known) if isinstance(known, list | tuple) else sorted(known)
    if len(ordered) <= _FEW:
        return f"choose of: {', '.join(ordered)}"
    near = get_close_matches(word, ordered, n=5, cutoff=0.4) or ordered[:5]
    return f"choose, for example, of: {', '.join(near)}"
