"""Exit codes, the same for every command."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a script may rely on."""

    CLEAN = 0
    FINDINGS = 1
    """Findings at or above the policy's threshold."""
    USAGE = 2
    """Bad usage or bad input; nothing was changed."""
    INCOMPLETE = 3
    """Not everything could be measured or judged, or the evidence was changed."""
    INTERNAL = 4
    """A fault of the auditor."""
