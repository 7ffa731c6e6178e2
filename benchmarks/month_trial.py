"""What a trial must show of a simulated month, day by day, counted from the lives in the script alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.model.check import Check, Severity
from auditor.model.trial_status import TrialStatus
from auditor.store.workspace import Workspace
from auditor.usecases.trial import Start, close_trial, start_trial
from auditor.usecases.trial_status import open_trial, trial_status
from auditor.usecases.waive import Desk
from benchmarks.month_expected import History, Key
from benchmarks.month_world import World
from controls.acknowledgements import acknowledgement_of, acknowledgements_on

_STANDING = "NORLM"


@dataclass(frozen=True, slots=True)
class Day:
    """What stood at the end of one day, and what was fixed on it."""

    open: Mapping[Severity, int]
    accepted: int
    fixed: int


def begin_trial(world: World, workspace: Workspace) -> None:
    """Start the trial in the morning of its first day."""
    desk = Desk(workspace, world.inputs(), world.at(1, 9), "root")
    start_trial(desk, Start("Uji coba ruang server", "Sekretaris Daerah", days=world.script.nights))


def expected_days(
    world: World, histories: Mapping[Key, History], checks: Mapping[str, Check]
) -> dict[date, Day]:
    """Return what stands at the end of each day."""
    return {world.day(night): _day(night, histories, checks) for night in range(1, world.script.nights + 1)}


def _day(night: int, histories: Mapping[Key, History], checks: Mapping[str, Check]) -> Day:
    standing = {key: standing_letter(one.life, night) for key, one in histories.items()}
    still = Counter(checks[key[0]].severity for key, letter in standing.items() if letter in _STANDING)
    return Day(
        dict(still),
        sum(letter == "W" for letter in standing.values()),
        sum(one.life[night - 1] == "F" for one in histories.values()),
    )


def standing_letter(life: str, night: int) -> str:
    """Return the last letter that a life had until a night; a dot before it began."""
    return (life[:night].replace(".", "") or ".")[-1]


def expected_acknowledged(world: World, histories: Mapping[Key, History], night: int) -> int:
    """Return how many findings stand at the end of a night that somebody took on since they opened."""
    return sum(
        _is_taken_on(one.life, taken, night)
        for taken, server in world.script.acknowledged.items()
        for key, one in histories.items()
        if key[1] == server
    )


def _is_taken_on(life: str, taken: int, night: int) -> bool:
    """Return whether a life that stood when it was taken on stands still, without having been closed."""
    since = life[taken - 1 : night]
    return taken <= night and standing_letter(life, taken - 1) in _STANDING and not set(since) & set("FX")


def acknowledged(workspace: Workspace) -> int:
    """Return how many findings stand that somebody took on since they opened."""
    given = acknowledgements_on(workspace.decisions.all())
    standing = (one for one in workspace.results.findings().values() if not one.closed)
    return sum(acknowledgement_of(one.id, one.opened_at, given) is not None for one in standing)


def trial_differences(world: World, workspace: Workspace, wanted: Mapping[date, Day]) -> list[str]:
    """Close the trial on the morning after its last day; return where its days differ from the script."""
    now = world.at(world.script.nights + 1, 9)
    record = open_trial(workspace)
    if record is None:
        return ["there is no open trial"]
    status = trial_status(workspace, world.inputs(), record, now)
    closing, _report = close_trial(
        Desk(workspace, world.inputs(), now, "root"), "Sekretaris Daerah", "Uji coba selesai"
    )
    told = [
        f"{day}: {found} instead of {wanted[day]}"
        for day, found in _days_of(status).items()
        if found != wanted.get(day)
    ]
    told += [f"no day {day}" for day in wanted.keys() - _days_of(status).keys()]
    if record.trial.ends != world.first_day + timedelta(days=world.script.nights - 1):
        told.append(f"it ends on {record.trial.ends}")
    return told if closing.newest == status.newest else [*told, "it was closed by another audit"]


def _days_of(status: TrialStatus) -> dict[date, Day]:
    return {
        one.day: Day({key: count for key, count in one.open.items() if count}, one.accepted, one.fixed)
        for one in status.days
    }
