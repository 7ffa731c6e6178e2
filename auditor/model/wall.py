"""What a wall screen and other systems are shown: how fresh the measurements are, then what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from auditor.model.check import Severity
from auditor.model.digest import ScoreTold, TrialTold


class Freshness(StrEnum):
    """How recent the measurements of an agency are, the worst first."""

    NEVER = "never"
    """Nothing of it was ever measured."""
    STALE = "stale"
    """No server was measured recently."""
    PARTLY = "partly"
    """Some servers were measured recently, and some were not."""
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class WallRules:
    """The wall screen: where it is written, how often it is renewed, and when a measurement is old."""

    folder: str = ""
    """Absolute path; empty: nothing is written by itself."""
    minutes: int = 5
    stale_hours: int = 36


@dataclass(frozen=True, slots=True)
class WallServer:
    """A server without a recent measurement; `measured_at` is None where there never was one."""

    id: str
    name: str
    measured_at: datetime | None


@dataclass(frozen=True, slots=True)
class WallOpd:
    """One agency at one instant; of the whole organisation where `id` is empty.

    `newest` is when anything of it was measured last, `oldest` when its longest unmeasured server was: None
    where one never was. `behind` holds the servers without a recent measurement, worst first.
    """

    id: str
    name: str
    freshness: Freshness
    newest: datetime | None
    oldest: datetime | None
    servers: int
    behind: tuple[WallServer, ...]
    score: ScoreTold | None
    """None where no audit of all its servers was judged."""
    open: Mapping[Severity, int]
    overdue: int


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything at one instant. `opds` are those without recent measurements first, then by name."""

    at: datetime
    organization: str
    office: str
    classification: str
    timezone: str
    language: str
    rules: WallRules
    whole: WallOpd
    opds: tuple[WallOpd, ...]
    trial: TrialTold | None
    left: tuple[str, ...] = ()
    """Names of agencies that are no longer registered, but are part of the stored score of the whole."""
