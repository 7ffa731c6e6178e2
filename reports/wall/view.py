"""The wall screen in words: freshness first, then what the measurements say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.model.check import Severity
from auditor.model.digest import ScoreTold, TrialTold
from auditor.model.wall import Freshness, Wall, WallOpd
from reports.visible import clipped, shown
from reports.words import N_, Words

ROWS = 12
"""So many agencies on one screen are still read from five metres."""
ROWS_IN_TURNS = 10
"""Where they do not fit on one screen, room is left for the names of those that are out of date."""
SECONDS_A_SCREEN = 15
_NAMED = 4
"""So many servers of an agency are named; the rest is counted."""
_LONGEST_NAME = 90
_NOTHING = "–"
_FRESHNESS = {
    Freshness.NEVER: N_("Never measured"),
    Freshness.STALE: N_("Out of date"),
    Freshness.PARTLY: N_("Partly out of date"),
    Freshness.FRESH: N_("Up to date"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One number over all agencies; `alarm` when it asks for action."""

    label: str
    value: str
    note: str
    alarm: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One agency. `kind` is its freshness, and `behind` names the servers that wait for a measurement.

    `age` and `at` are empty where nothing was ever measured.
    """

    name: str
    kind: str
    state: str
    age: str
    at: str
    behind: str
    floor: str
    coverage: str
    grade: str
    critical: str
    high: str
    overdue: str
    alarms: frozenset[str]
    """Which of the numbers ask for action."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The agencies that are shown at the same time, and when their turn is, in seconds."""

    number: int
    lines: tuple[Line, ...]
    delay: int


@dataclass(frozen=True, slots=True)
class WallView:
    """Everything on the wall. `id` names this very rendering, and `refresh` is in seconds."""

    language: str
    organization: str
    office: str
    classification: str
    at: str
    id: str
    refresh: int
    late: int
    other: str
    unrenewed: str
    fresh: str
    sentence: str
    stale: tuple[str, ...]
    tiles: tuple[Tile, ...]
    screens: tuple[Screen, ...]
    turn: int
    """Seconds until every screen was shown."""


def wall_view(wall: Wall, words: Words, other: str) -> WallView:
    """Return the wall; `other` is the file that the page turns to for what is newer."""
    lines = tuple(_line(wall, one, words) for one in wall.opds)
    count = 1 if len(lines) <= ROWS else -(-len(lines) // ROWS_IN_TURNS)
    each = -(-len(lines) // count)  # as many on the last screen as on the others, as far as that goes
    screens = tuple(
        Screen(number + 1, lines[number * each : (number + 1) * each], number * SECONDS_A_SCREEN)
        for number in range(count)
    )
    fresh = sum(one.freshness is Freshness.FRESH for one in wall.opds)
    refresh = wall.rules.minutes * 2 * 60
    return WallView(
        language=words.language,
        organization=shown(wall.organization),
        office=shown(wall.office),
        classification=shown(wall.classification.upper()),
        at=words.moment(wall.at),
        id=f"r{wall.at:%Y%m%d%H%M%S}",
        refresh=refresh,
        late=refresh + 60,
        other=other,
        unrenewed=words.say("Not renewed since %(moment)s", moment=words.moment(wall.at)),
        fresh=words.say("%(fresh)s of %(all)s", fresh=words.integer(fresh), all=words.integer(len(lines))),
        sentence=words.plural(
            "every server measured within %(count)s hour",
            "every server measured within %(count)s hours",
            wall.rules.stale_hours,
        ),
        stale=tuple(shown(one.name) for one in wall.opds if one.freshness is not Freshness.FRESH),
        tiles=tuple(_tiles(wall, words)),
        screens=screens,
        turn=count * SECONDS_A_SCREEN,
    )


def _line(wall: Wall, one: WallOpd, words: Words) -> Line:
    critical, overdue = one.open[Severity.CRITICAL], one.overdue
    alarms = {"critical": critical, "high": one.open[Severity.HIGH], "overdue": overdue}
    return Line(
        name=clipped(one.name, _LONGEST_NAME),
        kind=one.freshness.value,
        state=words.say(_FRESHNESS[one.freshness]),
        age=age(words, one.newest, wall.at) if one.newest else "",
        at=words.moment(one.newest) if one.newest else "",
        behind=_behind(one, words),
        floor=words.percent(one.score.floor) if one.score else _NOTHING,
        coverage=words.percent(one.score.coverage) if one.score else _NOTHING,
        grade=(one.score.letter if one.score else "") or _NOTHING,
        critical=words.integer(critical),
        high=words.integer(one.open[Severity.HIGH]),
        overdue=words.integer(overdue),
        alarms=frozenset(name for name, count in alarms.items() if count),
    )


def _behind(one: WallOpd, words: Words) -> str:
    if not one.behind:
        return ""
    return words.say(
        "not measured: %(behind)s of %(all)s – %(names)s",
        behind=words.integer(len(one.behind)),
        all=words.integer(one.servers),
        names=_named([server.name for server in one.behind], words),
    )


def _named(names: Sequence[str], words: Words) -> str:
    named = [clipped(name, _LONGEST_NAME) for name in names[:_NAMED]]
    more = len(names) - len(named)
    if more:
        named.append(words.plural("%(count)s more", "%(count)s more", more))
    return words.listed(named)


def age(words: Words, then: datetime, now: datetime) -> str:
    """Word how long ago something was, in the largest unit that it fills twice."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 120:
        return words.plural("%(count)s minute ago", "%(count)s minutes ago", minutes)
    if minutes < 48 * 60:
        return words.plural("%(count)s hour ago", "%(count)s hours ago", minutes // 60)
    return words.plural("%(count)s day ago", "%(count)s days ago", minutes // (24 * 60))


def _tiles(wall: Wall, words: Words) -> Iterable[Tile]:
    whole = wall.whole
    yield _level(whole.score, wall.left, words)
    critical, high = whole.open[Severity.CRITICAL], whole.open[Severity.HIGH]
    label, note = words.say("Open, critical"), words.say("high: %(high)s", high=words.integer(high))
    yield Tile(label, words.integer(critical), note, critical > 0)
    note = words.say("of %(all)s open", all=words.integer(sum(whole.open.values())))
    yield Tile(words.say("Overdue"), words.integer(whole.overdue), note, whole.overdue > 0)
    note = words.say("of %(all)s servers", all=words.integer(whole.servers))
    waiting = words.integer(len(whole.behind))
    yield Tile(words.say("Not measured recently"), waiting, note, bool(whole.behind))
    if wall.trial is not None:
        yield _trial(wall.trial, words)


def _level(score: ScoreTold | None, left: tuple[str, ...], words: Words) -> Tile:
    label = words.say("Floor")
    if score is None:
        return Tile(label, _NOTHING, words.say("No audit of all servers yet."), True)
    note = words.say(
        "ceiling %(ceiling)s, coverage %(coverage)s",
        ceiling=words.percent(score.ceiling),
        coverage=words.percent(score.coverage),
    )
    if left:
        names = _named(left, words)
        note += " · " + words.say("still with %(names)s, no longer registered", names=names)
    return Tile(label, words.percent(score.floor), note, False)


def _trial(trial: TrialTold, words: Words) -> Tile:
    name = clipped(trial.name, _LONGEST_NAME)
    if trial.begins_in_days:
        return Tile(words.say("Days until the trial"), words.integer(trial.begins_in_days), name, False)
    if trial.days_left < 0:
        return Tile(words.say("Days past the trial"), words.integer(-trial.days_left), name, True)
    return Tile(words.say("Trial days left"), words.integer(trial.days_left), name, False)
