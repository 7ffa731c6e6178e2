"""Everything that verification can find wrong with what is stored."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.store.evidence import ChainProblem
from auditor.store.workspace import Workspace


def stored_problems(workspace: Workspace) -> Iterator[ChainProblem]:
    """Yield every row, decision, result or raw output that was changed, dropped, inserted or moved."""
    yield from workspace.evidence.verify()
    yield from workspace.heads.verify()
    yield from workspace.seals.verify()
    yield from workspace.decisions.verify()
    yield from workspace.marks.verify()
    yield from workspace.imports.verify()
    yield from workspace.prunings.verify()
    yield from workspace.retests.verify()
