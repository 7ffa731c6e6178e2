"""What became of findings between two moments, as four lists and those that nobody looks at any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from auditor.model.check import Severity, Text
from auditor.model.finding import FindingStatus


@dataclass(frozen=True, slots=True)
class ChangedFinding:
    """One finding in a list of changes, as it stood at the later moment."""

    finding: str
    """Its id."""
    check: str
    opd: str
    server: str
    subject: str
    """Key of the place where it was seen last."""
    severity: Severity
    status: FindingStatus
    due: date
    days: int
    """Fixed: days from when it opened until it was fixed. Not measured: days since it was last seen. All
    others: days since it opened. Always local days of its OPD."""
    run: str
    """The run that told so."""
    at: datetime
    """When that run began."""
    reason: Text = field(default_factory=dict)
    """Not measured, out of scope: why, by language; empty where nothing is known."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after `since` and until `until`; every list worst first, then by OPD, server and check.

    A finding is in one list at most: what came and was fixed in between is fixed.
    """

    since: datetime | None
    """None: everything ever seen is a change."""
    until: datetime
    runs: tuple[str, ...]
    """The runs judged in between, oldest first, re-tests included."""
    fixed: tuple[ChangedFinding, ...] = ()
    """Closed because they were measured again and passed."""
    new: tuple[ChangedFinding, ...] = ()
    redetected: tuple[ChangedFinding, ...] = ()
    """Were closed or accepted, and fail again."""
    not_measured: tuple[ChangedFinding, ...] = ()
    """Seen before, and not measured now: neither better nor worse."""
    out_of_scope: tuple[ChangedFinding, ...] = ()
    """Closed without being fixed: not looked at any more."""

    def __iter__(self) -> Iterator[ChangedFinding]:
        """Yield every change, list by list."""
        for listed in (self.fixed, self.new, self.redetected, self.not_measured, self.out_of_scope):
            yield from listed

    def of_opd(self, opd: str) -> Changes:
        """Return the same for one agency alone."""
        mine = [
            tuple(one for one in listed if one.opd == opd)
            for listed in (self.fixed, self.new, self.redetected, self.not_measured, self.out_of_scope)
        ]
        return Changes(self.since, self.until, self.runs, *mine)
