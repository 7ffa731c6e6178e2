"""Everything that verification can find wrong with what is stored."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.exc import DatabaseError

from auditor.store.evidence import ChainProblem
from auditor.store.shape import MisplacedBytesError, refuse_bytes, shape_problems
from auditor.store.workspace import Workspace


def stored_problems(workspace: Workspace) -> Iterator[ChainProblem]:
    """Yield every row, decision, result or raw output that was changed, dropped, inserted or moved.

    Before them comes what the database holds besides, or instead of, what our migrations make. Raise
    MisplacedBytesError or DatabaseError for what cannot be checked.
    """
    yield from (ChainProblem(0, problem) for problem in shape_problems(workspace.engine))
    refuse_bytes(workspace.engine)
    yield from workspace.evidence.verify()
    yield from workspace.heads.verify()
    yield from workspace.seals.verify()
    yield from workspace.decisions.verify()
    yield from workspace.marks.verify()
    yield from workspace.imports.verify()
    yield from workspace.prunings.verify()
    yield from workspace.retests.verify()


def readable_problems(workspace: Workspace) -> tuple[ChainProblem, ...]:
    """Return the same, as far as it can be checked: tables or columns may be gone, or hold bytes."""
    found: list[ChainProblem] = []
    try:
        found.extend(stored_problems(workspace))
    except DatabaseError:
        if not found:
            raise
        found.append(ChainProblem(0, "nothing further is readable"))
    except MisplacedBytesError as error:
        found.append(ChainProblem(0, f"{error}, so nothing further is read"))
    return tuple(found)
