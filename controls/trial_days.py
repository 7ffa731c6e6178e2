"""What was open after each day of a trial, folded from what its runs made of every finding. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from auditor.model.check import Severity
from auditor.model.finding import CLOSED, FindingStatus
from auditor.model.trial_status import TrialDay


@dataclass(frozen=True, slots=True)
class Step:
    """One judged run: the local day on which it began, and the status that it gave each finding it touched.

    `audit` is false for a re-test and for the admission of single servers.
    """

    run: str
    day: date
    statuses: Mapping[str, FindingStatus]
    audit: bool = True


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose a finding is and how severe."""

    opd: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class DayState:
    """What was open after the runs of one day, and what these moved; counted by OPD."""

    day: date
    runs: tuple[str, ...]
    audited: bool
    open: Mapping[tuple[str, Severity], int]
    accepted: Mapping[str, int]
    fixed: Mapping[str, int]
    new: Mapping[str, int]
    baseline: Mapping[tuple[str, Severity], int] | None = None
    """What was open after the baseline itself; None on every day but its own."""

    def shown(self, held_from: Severity, opd: str = "") -> TrialDay:
        """Return the day of one OPD, or of all for ""; severities from `held_from` on are held against."""
        by_severity = {
            severity: sum(
                n for (owner, one), n in self.open.items() if one is severity and opd in ("", owner)
            )
            for severity in Severity
        }
        return TrialDay(
            self.day,
            self.runs,
            by_severity,
            _of(self.accepted, opd),
            _of(self.fixed, opd),
            _of(self.new, opd),
            _held(self.open, held_from, opd),
            None if self.baseline is None else _held(self.baseline, held_from, opd),
        )


def days_of(
    steps: Iterable[Step], owners: Mapping[str, Owned], baseline: str, first: date
) -> tuple[DayState, ...]:
    """Return the day of the baseline and every day from `first` on with a run, in order.

    `steps` are all runs ever judged, oldest first: what is open is what they left open together. A finding
    without an owner is of a check that is no longer there, and left out. What moved is counted from the
    baseline on, which itself moved nothing.
    """
    folding = _Folding(owners)
    found: list[DayState] = []
    begun = False
    for step in steps:
        folding.take(step, counted=begun)
        begun = begun or step.run == baseline
        if begun and (step.run == baseline or step.day >= first):
            if found and found[-1].day == step.day:
                before = found[-1]
                state = folding.state(step, (*before.runs, step.run), before.audited)
                found[-1] = replace(state, baseline=before.baseline)
            else:
                found.append(folding.state(step, (step.run,), audited=False))
            if step.run == baseline:
                found[-1] = replace(found[-1], baseline=found[-1].open)
    return tuple(found)


@dataclass(slots=True)
class _Folding:
    """Where every finding stands, and what was moved on the day that is being read."""

    owners: Mapping[str, Owned]
    standing: dict[str, FindingStatus] = field(default_factory=dict)
    day: date | None = None
    fixed: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)

    def take(self, step: Step, *, counted: bool) -> None:
        if step.day != self.day:
            self.day, self.fixed, self.new = step.day, Counter(), Counter()
        for finding, status in step.statuses.items():
            if finding not in self.owners:
                continue
            before = self.standing.get(finding)
            stood = before is not None and before not in CLOSED
            self.standing[finding] = status
            opd = self.owners[finding].opd
            if counted and stood and status is FindingStatus.FIXED:
                self.fixed[opd] += 1
            elif counted and not stood and status not in CLOSED:
                self.new[opd] += 1

    def state(self, step: Step, runs: tuple[str, ...], audited: bool) -> DayState:
        still: Counter[tuple[str, Severity]] = Counter()
        accepted: Counter[str] = Counter()
        for finding, status in self.standing.items():
            owned = self.owners[finding]
            if status is FindingStatus.WAIVED:
                accepted[owned.opd] += 1
            elif status not in CLOSED:
                still[owned.opd, owned.severity] += 1
        return DayState(
            step.day, runs, audited or step.audit, still, accepted, Counter(self.fixed), Counter(self.new)
        )


def _held(counted: Mapping[tuple[str, Severity], int], held_from: Severity, opd: str) -> int:
    return sum(
        count
        for (owner, severity), count in counted.items()
        if opd in ("", owner) and severity.rank <= held_from.rank
    )


def _of(counted: Mapping[str, int], opd: str) -> int:
    return counted.get(opd, 0) if opd else sum(counted.values())
