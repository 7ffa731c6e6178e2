"""One scheduler for a workspace, however many were started."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from auditor.store.workspace import Workspace


class Lead:
    """The hold on a workspace's schedules. It ends with the process, however that ends."""

    def __init__(self, workspace: Workspace):
        self._path = _path(workspace)
        self._descriptor = -1

    def take(self) -> bool:
        """Take the lead; return False while another process has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return True

    def leave(self) -> None:
        """Let another process have it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def leading_process(workspace: Workspace) -> str:
    """Return the number of the process that leads, "" when none does."""
    try:
        descriptor = os.open(_path(workspace), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
    finally:
        os.close(descriptor)
    return ""


def _path(workspace: Workspace) -> Path:
    return workspace.folder / "scheduler.lock"
