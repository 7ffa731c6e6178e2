"""Mistakes of use, told with the next step."""

from __future__ import annotations


class UsageProblem(Exception):
    """Something the user can mend: what is wrong, and what to do."""

    def __init__(self, problem: str, next_step: str):
        super().__init__(problem)
        self.problem = problem
        self.next_step = next_step
