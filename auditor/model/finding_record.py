"""What is kept of a finding between runs, and what a run saw of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from auditor.model.finding import CLOSED, FindingStatus
from auditor.model.plan import Place


class Observed(StrEnum):
    """What one run saw of one finding."""

    FAILING = "failing"
    ACCEPTED = "accepted"
    """Failing, as an accepted risk."""
    SETTLED = "settled"
    """Measured, and it passed."""
    GONE = "gone"
    """Measured, and there is nothing to ask there any more: fixed too, but nothing was seen to pass."""
    NOT_MEASURED = "not_measured"
    OUT_OF_SCOPE = "out_of_scope"
    """Nobody looks there any more: server, address or check is not part of what is audited."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What a run saw of a finding. `at` is when it began; runs count in the order of `at`, then `run`."""

    run: str
    at: datetime
    observed: Observed
    opd: str = ""
    """Owner of the finding in that run, where it fails."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a finding that opens in a run is given: the days its deadline allows, and the last one in time."""

    days: int
    due: date


@dataclass(frozen=True, slots=True)
class Moved:
    """The subject that a finding had until its server had another address in the run that began at `at`."""

    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """The history that a finding keeps between runs."""

    id: str
    check: str
    subject: str
    """Key of the place where it is now."""
    opd: str
    status: FindingStatus
    first_run: str
    last_run: str
    """The last that saw it fail."""
    first_seen: datetime
    last_seen: datetime
    due: date
    opened_at: datetime
    """When it last began to fail."""
    fixed_run: str = ""
    """The run that closed it, fixed or out of scope; empty while it stands."""
    fixed_at: datetime | None = None
    """When that run began."""
    moved_from: tuple[Moved, ...] = ()
    """The subjects it had before, oldest first."""
    times_fixed: int = 0

    @property
    def closed(self) -> bool:
        """Return whether it stands no more."""
        return self.status in CLOSED

    def subject_at(self, instant: datetime) -> str:
        """Return the key of the place where it was in a run that began at an instant."""
        return next((moved.subject for moved in self.moved_from if instant < moved.at), self.subject)

    def place_at(self, instant: datetime) -> Place:
        """Return the place where it was in a run that began at an instant."""
        return Place(self.check, self.subject_at(instant))


@dataclass(frozen=True, slots=True)
class FindingEvent:
    """What a run saw of a finding, and what that made of it."""

    finding: str
    run: str
    at: datetime
    """When the run began."""
    observed: Observed
    status: FindingStatus
    told_at: datetime | None = None
    """When it was written down; None while it was not."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the lives of findings were worked out from: the mark over them, and the runs judged so far."""

    mark: str
    judged: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lives:
    """All findings as one run leaves them, with what it and the later ones saw of them."""

    records: Mapping[str, FindingRecord]
    """Every finding by id; one that is stored and not here was never seen."""
    events: Mapping[str, tuple[FindingEvent, ...]]
    """Run → everything that it saw."""
    basis: Basis
