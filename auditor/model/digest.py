"""What a digest tells: where things stood at one instant, and what changed since its reader was told last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from auditor.model.changes import Changes
from auditor.model.check import Severity, Text
from auditor.model.message import Delivery
from auditor.model.schedule import Slot
from auditor.model.trial_status import OpdTrial


@dataclass(frozen=True, slots=True)
class ScoreTold:
    """The score of an OPD's own part in its newest audit, in percent; `letter` is empty while withheld.

    `run` began at `measured_at`. The `before` values are None where nothing was told before.
    """

    run: str
    measured_at: datetime
    floor: float
    ceiling: float
    coverage: float
    letter: str
    floor_before: float | None = None
    letter_before: str = ""
    measured_before: datetime | None = None
    same_rules: bool = True


@dataclass(frozen=True, slots=True)
class DueFinding:
    """An open finding with its last day; `days` are left until then, negative when it has passed."""

    finding: str
    check: str
    opd: str
    subject: str
    """Key of the place."""
    severity: Severity
    due: date
    days: int
    owner: str = ""
    """Who has taken it on; empty: nobody."""
    planned: date | None = None


@dataclass(frozen=True, slots=True)
class Unscanned:
    """A server of which nothing (`whole`) or not everything was measured, for one reason.

    `what` holds method and port of each gap. An empty `reason` means that no audit has looked at it yet.
    """

    opd: str
    server: str
    whole: bool
    what: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class TrialTold:
    """A trial month under way. `whole` is None where only single agencies are told of."""

    name: str
    ends: date
    days_left: int
    """0 on the last day, negative when it has passed."""
    whole: OpdTrial | None
    opds: tuple[OpdTrial, ...]
    begins_in_days: int = 0
    """0 once it has begun."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that a digest may tell; `opd` is set when it holds what concerns one agency alone."""

    at: datetime
    since: datetime | None
    """When its reader was told last; None: never."""
    organization: str
    office: str
    classification: str
    timezone: str
    due_soon_days: int
    opd_names: Mapping[str, str]
    server_names: Mapping[str, str]
    check_titles: Mapping[str, Text]
    scores: Mapping[str, ScoreTold]
    """By OPD id, "" for the organisation; absent where no audit was judged."""
    open: Mapping[str, Mapping[Severity, int]]
    """OPD id → its open findings, those taken on or not measured again included."""
    registered: Mapping[str, int]
    """OPD id → servers that are meant to answer."""
    unmeasured: Mapping[str, int]
    """OPD id → those of them of which nothing was measured."""
    changes: Changes
    overdue: tuple[DueFinding, ...]
    due_soon: tuple[DueFinding, ...]
    unscanned: tuple[Unscanned, ...]
    new_audit: bool
    """Whether anything was judged since the reader was told last."""
    misfires: tuple[Slot, ...] = ()
    undelivered: tuple[Delivery, ...] = ()
    trial: TrialTold | None = None
    opd: str = field(default="")

    def of_opd(self, opd: str) -> Digest:
        """Return what concerns one agency, and nothing of any other."""
        unscanned = _of(self.unscanned, opd)
        changes = self.changes.of_opd(opd)
        overdue, due_soon = _of(self.overdue, opd), _of(self.due_soon, opd)
        places = {one.subject.split("|")[1] for one in (*overdue, *due_soon)}
        servers = places | {one.server for one in unscanned} | {one.server for one in changes}
        return replace(
            self,
            opd=opd,
            opd_names=_only(self.opd_names, {opd}),
            server_names=_only(self.server_names, servers),
            scores=_only(self.scores, {opd}),
            open=_only(self.open, {opd}),
            registered=_only(self.registered, {opd}),
            unmeasured=_only(self.unmeasured, {opd}),
            changes=changes,
            overdue=overdue,
            due_soon=due_soon,
            unscanned=unscanned,
            misfires=(),
            undelivered=(),
            trial=self.trial
            and replace(self.trial, whole=None, opds=tuple(one for one in self.trial.opds if one.opd == opd)),
        )


_Kept = TypeVar("_Kept")
_Owned = TypeVar("_Owned", DueFinding, Unscanned)


def _of(listed: Iterable[_Owned], opd: str) -> tuple[_Owned, ...]:
    return tuple(one for one in listed if one.opd == opd)


def _only(named: Mapping[str, _Kept], wanted: set[str]) -> dict[str, _Kept]:
    return {name: value for name, value in named.items() if name in wanted}
