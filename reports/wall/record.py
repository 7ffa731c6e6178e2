"""The JSON contract of the feed. A removed or renamed key, or another meaning, raises `VERSION`.

Keys may be added without that: whoever reads a feed ignores those it does not know. Moments are UTC.
Percentages are exact numbers from 0 to 100. Names are exactly as registered: escape them for the medium.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from auditor.model.wall import Freshness

VERSION: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """Findings that are neither fixed nor accepted, by severity; those not measured again are among them."""

    critical: int
    high: int
    medium: int
    low: int
    info: int


@dataclass(frozen=True, slots=True)
class LevelRecord:
    """The level of compliance by the newest audit of all servers; `grade` is null while it is withheld."""

    run: str
    measured_at: datetime.datetime
    floor: float
    ceiling: float
    coverage: float
    grade: str | None


@dataclass(frozen=True, slots=True)
class BehindRecord:
    """A server without a recent measurement; `measured_at` is null where there never was one."""

    server: str
    name: str
    measured_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class StandRecord:
    """How things stand at one agency, or in the whole organisation.

    `newest_measurement` is when anything was measured last, `oldest_measurement` when the server was that has
    waited longest: null where one never was. `level` is null where no audit of all servers was judged.
    """

    freshness: Freshness
    newest_measurement: datetime.datetime | None
    oldest_measurement: datetime.datetime | None
    servers: int
    servers_behind: int
    level: LevelRecord | None
    open: OpenRecord
    overdue: int


@dataclass(frozen=True, slots=True)
class OpdRecord(StandRecord):
    """One agency, with its servers that wait for a measurement, those that waited longest first."""

    opd: str
    name: str
    behind: tuple[BehindRecord, ...]


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """The trial month under way. `days_left` is 0 on the last day and negative when it has passed."""

    name: str
    ends: datetime.date
    days_left: int
    begins_in_days: int


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """Everything at one instant. `opds`: those without recent measurements first, then by name.

    `renewed_every_minutes` and `stale_after_hours` are what the policy says: a feed that is much older than
    the first is itself out of date, and a measurement older than the second counts as old. `level_still_with`
    names agencies that are no longer registered, but are part of the level of the whole; nothing else is.
    """

    version: Literal[1]
    written_at: datetime.datetime
    organization: str
    classification: str
    renewed_every_minutes: int
    stale_after_hours: int
    whole: StandRecord
    trial: TrialRecord | None
    opds: tuple[OpdRecord, ...]
    level_still_with: tuple[str, ...]
