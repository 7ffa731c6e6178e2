"""Inventory and policy as they are now; where they are broken, as they last were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from auditor.model.document import DocumentError
from auditor.model.schedule import Schedule
from auditor.store.workspace import Workspace
from auditor.usecases.inputs import Inputs, catalogue_for, load_inputs

Load = Callable[[], Inputs]
"""Read both files; raise DocumentError or OSError."""


class Files:
    """Reads inventory and policy, and again only once one of them was changed."""

    def __init__(self, inventory: Path, policy: Path | None):
        self._inventory, self._policy = inventory, policy
        self._seen: tuple[tuple[int, int, int], ...] = ()
        self._inputs: Inputs | None = None

    def __call__(self) -> Inputs:
        """Return what stands in the files now; raise DocumentError or OSError."""
        seen = tuple(_stamp(path) for path in (self._inventory, self._policy) if path is not None)
        if self._inputs is None or seen != self._seen:
            self._inputs, self._seen = load_inputs(self._inventory, self._policy), seen
        return self._inputs


class Rulebook:
    """What schedules go by. It is read anew again and again: both files may be edited at any time."""

    def __init__(self, workspace: Workspace, load: Load):
        self._workspace, self._load = workspace, load
        self._known: Inputs | None = None
        self.problem = ""
        """Why what stands in the files now cannot be used; empty where it can."""

    def read(self) -> None:
        """Read both files. Where they are broken, keep what was known, at least from the newest audit.

        Raise DocumentError or OSError where nothing is known.
        """
        try:
            self._known, self.problem = self._load(), ""
        except (DocumentError, OSError) as error:
            self._known = self._known or self._of_newest_audit()
            if self._known is None:
                raise
            self.problem = _told(error)

    def inputs(self) -> Inputs:
        """Return what was read last; raise LookupError before that."""
        if self._known is None:
            raise LookupError("nothing was read yet")
        return self._known

    def schedules(self) -> tuple[Schedule, ...]:
        """Return the schedules of the policy, in its order."""
        return self.inputs().policy.schedules

    def zone(self, schedule: Schedule) -> str:
        """Return the time zone that a schedule's times mean."""
        return schedule.timezone or self.inputs().inventory.organization.timezone

    def _of_newest_audit(self) -> Inputs | None:
        runs = self._workspace.runs.all()
        if not runs:
            return None
        stored = self._workspace.runs.inputs(runs[-1].id)
        try:
            return Inputs(stored.inventory, stored.policy, catalogue_for(stored.policy))
        except DocumentError:
            return None


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _told(error: DocumentError | OSError) -> str:
    if isinstance(error, OSError):
        return str(error)
    more = len(error.problems) - 1
    first = str(error.problems[0]) if error.problems else str(error)
    return first + (f" (and {more} more)" if more > 0 else "")
