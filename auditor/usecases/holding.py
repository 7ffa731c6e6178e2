"""Holds on a workspace that one process has at a time, and that end with it, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

_LONGEST_NOTE = 20


def take(path: Path, note: str = "") -> int | None:
    """Return a descriptor that holds `path` until it is closed, None while another process holds it.

    Whoever looks meanwhile reads `note`. Raises OSError where the file cannot be written.
    """
    gate = os.open(_gate(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _has(descriptor):
            os.close(descriptor)
            return None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, note.encode("ascii")[:_LONGEST_NOTE], 0)
        return descriptor
    finally:
        os.close(gate)


def holder(path: Path) -> str | None:
    """Return the note of whoever holds `path`, None when nobody does. It keeps nobody from taking it."""
    try:
        # Made by whoever took it first, and never by who looks, who may be another user.
        gate = os.open(_gate(path), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        # A look is a hold for a moment. Those who take wait here until it is over.
        fcntl.flock(gate, fcntl.LOCK_EX)
        return _look(path)
    finally:
        os.close(gate)


def _look(path: Path) -> str | None:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        if _has(descriptor):
            return None
        return os.pread(descriptor, _LONGEST_NOTE, 0).decode("ascii", "replace")
    finally:
        os.close(descriptor)


def _has(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _gate(path: Path) -> Path:
    return path.with_suffix(".gate")
