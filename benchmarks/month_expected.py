"""What must be known of every finding after a simulated month, from the script alone, and what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from auditor.model.check import Check
from auditor.model.finding import FindingStatus, finding_id
from auditor.model.finding_record import FindingRecord
from auditor.model.policy import Policy
from auditor.model.subject import Subject
from auditor.store.workspace import Workspace
from benchmarks.month_script import Script
from benchmarks.month_world import ZONES, World

LETTERS = {
    FindingStatus.NEW: "N",
    FindingStatus.OPEN: "O",
    FindingStatus.REOPENED: "R",
    FindingStatus.FLAPPING: "L",
    FindingStatus.WAIVED: "W",
    FindingStatus.FIXED: "F",
    FindingStatus.NOT_MEASURED: "M",
    FindingStatus.OUT_OF_SCOPE: "X",
}
_SEEN, _CLOSED, _BEGUN = "NORLW", "FX", "NRL"
_WEST = ZoneInfo("Asia/Jakarta")
Key = tuple[str, str, int, str]
"""Check, server, port, server name."""


@dataclass(frozen=True, slots=True)
class History:
    """Everything that is compared of one finding. Days are those of the organisation, `due` of the OPD."""

    life: str
    id: str
    opd: str
    status: str
    first_seen: date
    last_seen: date
    opened: date
    closed: date | None
    due: date
    times_fixed: int
    addresses: tuple[str, ...]


def spelled(life: str) -> str:
    """Return a life with one letter for each night."""
    return "".join(letter * int(count) for letter, count in re.findall(r"([A-Z.])(\d+)", life))


def expected(
    world: World, checks: Mapping[str, Check], policy: Policy, expires: datetime | None
) -> dict[Key, History]:
    """Return every finding that the script tells of, with its history."""
    found: dict[Key, History] = {}
    for group in world.script.groups:
        life = spelled(group.life.replace("{expired}", _expired(world, group.life, expires)))
        for truth in group.truths:
            severity = checks[truth.check].severity
            days = policy.deadline_days[severity]
            key = (truth.check, group.server, truth.port, truth.server_name)
            found[key] = _history(world, group.server, life, days)
    return found


def _expired(world: World, life: str, expires: datetime | None) -> str:
    """Return the life of what begins when a certificate expires, up to where the rest begins."""
    if expires is None:
        return ""
    rest = len(spelled(life))
    nights = [night for night in range(1, world.script.nights - rest + 1) if world.at(night, 22) > expires]
    before = world.script.nights - rest - len(nights)
    return f".{before} N1 O{len(nights) - 1} "


def _history(world: World, server: str, life: str, days: int) -> History:
    nights = list(enumerate(life, 1))
    seen = [night for night, letter in nights if letter in _SEEN]
    closed_now = next((letter in _CLOSED for _, letter in reversed(nights) if letter != "."), False)
    opened, due, fixed = seen[0], None, 0
    last = last_closed = ""
    last_closed_night = 0
    opd = next(iter(world.script.servers[server].values()))
    owner = opd.opd if opd else ""
    for night, letter in nights:
        if letter == "N" or (letter in _BEGUN and last in _CLOSED):
            opened = night
            rested = night - last_closed_night >= max(days, 1)
            if due is None or (last_closed == "F" and fixed <= 1 and rested):
                due = world.at(night, 22).astimezone(ZoneInfo(ZONES.get(owner, _WEST.key))).date()
                due += timedelta(days=days)
        if letter in _CLOSED:
            last_closed, last_closed_night = letter, night
            fixed += letter == "F"
        if letter != ".":
            last = letter
    assert due is not None
    return History(
        life,
        "",
        owner,
        last,
        world.day(seen[0]),
        world.day(seen[-1]),
        world.day(opened),
        world.day(last_closed_night) if closed_now else None,
        due,
        fixed,
        _addresses(world.script, server, seen[0]),
    )


def _addresses(script: Script, server: str, first: int) -> tuple[str, ...]:
    """Return where a finding was since it was first seen; closed ones go with their server too."""
    known = [script.server(server, night) for night in range(first, script.nights + 1)]
    return tuple(dict.fromkeys(one.address for one in known if one is not None))


def actual(world: World, workspace: Workspace) -> Iterator[tuple[Key, History]]:
    """Yield every finding that is stored, with its history."""
    by_finding: dict[str, dict[date, str]] = {}
    for event in workspace.results.history():
        by_finding.setdefault(event.finding, {})[_local(event.at)] = LETTERS[event.status]
    for record in workspace.results.findings().values():
        subject = Subject.from_key(record.subject_at(record.first_seen))
        letters = by_finding.get(record.id, {})
        days = [world.day(night) for night in range(1, world.script.nights + 1)]
        life = "".join(letters.pop(day, ".") for day in days)
        yield (
            (record.check, subject.server, subject.port, subject.server_name),
            _stored(record, subject, life + "".join(f"?{day}" for day in letters)),
        )


def _stored(record: FindingRecord, subject: Subject, life: str) -> History:
    keys = (*(moved.subject for moved in record.moved_from), record.subject)
    named = "" if record.id == finding_id(record.check, subject) else record.id
    return History(
        life,
        named,
        record.opd,
        LETTERS[record.status],
        _local(record.first_seen),
        _local(record.last_seen),
        _local(record.opened_at),
        _local(record.fixed_at) if record.fixed_at else None,
        record.due,
        record.times_fixed,
        tuple(Subject.from_key(key).address for key in keys),
    )


def _local(instant: datetime) -> date:
    return instant.astimezone(_WEST).date()


def differences(wanted: Mapping[Key, History], found: list[tuple[Key, History]]) -> list[str]:
    """Return every finding that is missing, invented, there twice, or has another history."""
    told = [f"missing: {key}: {wanted[key].life}" for key in wanted.keys() - {key for key, _ in found}]
    seen: set[Key] = set()
    for key, history in found:
        if key not in wanted:
            told.append(f"invented: {key}: {history.life}")
        elif key in seen:
            told.append(f"twice: {key}")
        elif history != wanted[key]:
            told.append(f"different: {key}: {history} instead of {wanted[key]}")
        seen.add(key)
    return sorted(told)
