"""Which programs run. Pure."""

from __future__ import annotations

from scanners.host.report import Reason, Report, Unread

_CUT = 15
"""Characters that the kernel keeps of a program's name (proc(5), comm)."""


def running(report: Report) -> frozenset[str]:
    """Return the names of programs that root or an account of the system runs, as the kernel cuts them.

    Raise Unread where processes are hidden.
    """
    names = report.lines("logs-processes")
    if "!hidden" in names:
        raise Unread(Reason.NEEDS_ROOT, "processes of other accounts are hidden")
    if not names:
        raise ValueError("no process at all")
    return frozenset(names)


def those_of(report: Report, wanted: tuple[str, ...]) -> list[str]:
    """Return those of the wanted programs that run, sorted, by their full names; raise Unread."""
    found = running(report)
    return sorted(name for name in wanted if name[:_CUT] in found)
