"""One scheduler for a workspace, however many were started."""

from __future__ import annotations

import os
from pathlib import Path

from auditor.store.workspace import Workspace
from auditor.usecases.holding import holder, take


class Lead:
    """The hold on a workspace's schedules. It ends with the process, however that ends."""

    def __init__(self, workspace: Workspace):
        self._path = _path(workspace)
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take the lead; return False while another process has it."""
        self._descriptor = take(self._path, str(os.getpid()))
        return self._descriptor is not None

    def leave(self) -> None:
        """Let another process have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def leading_process(workspace: Workspace) -> str:
    """Return the number of the process that leads, "" when none does."""
    return (holder(_path(workspace)) or "").strip()


def _path(workspace: Workspace) -> Path:
    return workspace.folder / "scheduler.lock"
