"""Where a trial month stands: what is open day by day, where each agency is, and when it will be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from auditor.model.check import Severity, Text
from auditor.model.gate import Admission, ServerGate
from auditor.model.trial import Trial, TrialRecord


class ForecastKind(StrEnum):
    """What the pace of the last days lets expect."""

    DONE = "done"
    """Nothing is left by the newest audit."""
    BY_DAY = "by_day"
    NOT_AT_THIS_PACE = "not_at_this_pace"
    """As much is left as before, or more; or what is left would take years."""
    TOO_LITTLE_DATA = "too_little_data"
    """Fewer than three days with an audit among the last ones, or none lately."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When nothing is left that the gate holds against a server, at the pace of the last days.

    From `since` to `until`, both days with an audit, the number went from `before` down to `left`.
    """

    kind: ForecastKind
    left: int
    day: date | None = None
    """Only with BY_DAY."""
    before: int = 0
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TrialDay:
    """What was open after the measurements that began on one local day of the organisation."""

    day: date
    runs: tuple[str, ...]
    open: Mapping[Severity, int]
    """Neither fixed nor accepted, whether measured again or not."""
    accepted: int
    fixed: int
    """Closed by the measurements of this day because they passed."""
    new: int
    """New ones, and those that came back."""
    held: int
    """How many of the open ones the gate holds against a server."""
    held_at_baseline: int | None = None
    """The same after the baseline itself, whatever else was measured on its day; None on every other day."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The score of an agency's own part in one audit, in percent; `letter` is empty while withheld."""

    run: str
    day: date
    floor: float
    ceiling: float
    coverage: float
    letter: str


@dataclass(frozen=True, slots=True)
class OpdTrial:
    """Where one agency stands; of the whole organisation when `opd` is empty, which has no target."""

    opd: str
    name: str
    target: float | None
    baseline: Numbers | None
    now: Numbers | None
    """Of the newest audit of all its servers."""
    open: Mapping[Severity, int]
    accepted: int
    overdue: int
    acknowledged: int
    fixed: int
    """Closed since the baseline because they passed."""
    servers: Mapping[Admission, int]
    forecast: Forecast

    @property
    def reached(self) -> bool:
        """Return whether the target is reached."""
        return self.target is not None and self.now is not None and self.now.floor >= self.target


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A server of which nothing could be judged when it was looked at last; no `reason`: it never was."""

    opd: str
    server: str
    reason: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrialStatus:
    """A trial at one instant. Days are local days of the organisation."""

    record: TrialRecord
    at: datetime
    today: date
    baseline: str
    """Id of the audit that everything is compared with; empty while there is none."""
    newest: str
    """Id of the newest audit that counts; empty while there is none."""
    whole: OpdTrial
    opds: tuple[OpdTrial, ...]
    """In the order of the inventory."""
    days: tuple[TrialDay, ...]
    """The day of the baseline first, then each day on which something was measured."""
    unmeasured: tuple[Unmeasured, ...]
    gates: tuple[ServerGate, ...]
    """One for each server that shall stand in the room, in the order of the inventory."""
    without_audit: tuple[date, ...] = ()
    """Days of the trial that have passed without one."""

    @property
    def trial(self) -> Trial:
        """Return the trial itself."""
        return self.record.trial

    @property
    def days_left(self) -> int:
        """Return the days after today until the last one: 0 on the last day, negative when it has passed."""
        return (self.trial.ends - self.today).days

    @property
    def day_number(self) -> int:
        """Return which day of the trial it is, the first one being 1; 0 or less before it begins."""
        return (self.today - self.trial.starts).days + 1

    @property
    def begins_in_days(self) -> int:
        """Return the days until the first one; 0 once it has begun."""
        return max(0, 1 - self.day_number)
