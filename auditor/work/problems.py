"""What is wrong while a service goes on: told when it begins or changes, and when it is over."""

from __future__ import annotations

import enum
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class Trouble(enum.Enum):
    """What can be wrong: how it is told, and how that it is over."""

    FILES = ("Inventory or policy cannot be used; audits wait", "Inventory and policy can be used again.")
    STEP = ("What is due could not be done, and is tried again", "What is due can be done again.")
    WALL = ("The wall screen could not be renewed, and is tried again", "The wall screen is renewed again.")
    MESSAGES = ("Messages could not be sent, and are tried again", "Messages can be sent again.")


class Problems:
    """Tells problems, each once as long as it lasts."""

    def __init__(self, tell: Callable[[str], None]):
        self._tell = tell
        self._told: dict[Trouble, str] = {}

    def found(self, trouble: Trouble, problem: str) -> None:
        """Take note of what is wrong now; "" where nothing is."""
        begins, over = trouble.value
        before = self._told.get(trouble, "")
        self._told[trouble] = problem
        if problem and problem != before:
            self._tell(f"{begins}: {problem}")
        elif before and not problem:
            self._tell(over)


def why(error: OSError | SQLAlchemyError) -> str:
    """Return one line on an error, without the statement and the values that a database error holds."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return " ".join(said.split()) or type(error).__name__
