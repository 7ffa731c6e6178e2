"""Let one process at a time remove or copy what is kept, so that no copy lacks what its rows name."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem


@contextmanager
def keeping(workspace: Workspace) -> Iterator[None]:
    """Hold what a workspace keeps while audits go on. Raise UsageProblem when another process holds it."""
    descriptor = os.open(workspace.folder / "keeping.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageProblem(
                f"another process prunes or copies {workspace.folder}", "wait until it ends, then try again"
            ) from None
        yield
    finally:
        os.close(descriptor)
