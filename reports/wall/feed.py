"""The feed: how things stand now, as JSON in the shape of the published contract."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from auditor.documents.schema import DIALECT
from auditor.model.digest import ScoreTold, TrialTold
from auditor.model.wall import Wall, WallOpd
from reports.wall.record import (
    VERSION,
    BehindRecord,
    FeedRecord,
    LevelRecord,
    OpdRecord,
    OpenRecord,
    StandRecord,
    TrialRecord,
)

CONTRACT: TypeAdapter[FeedRecord] = TypeAdapter(FeedRecord)


def feed_schema() -> dict[str, Any]:
    """Return the JSON Schema of a feed."""
    return {"$schema": DIALECT, **CONTRACT.json_schema(), "title": "Feed for other systems"}


def feed_text(wall: Wall) -> str:
    """Return the feed as ASCII: no control or bidi character reaches a terminal or another system."""
    plain = CONTRACT.dump_python(make_record(wall), mode="json")
    return json.dumps(plain, ensure_ascii=True, indent=1, allow_nan=False) + "\n"


def make_record(wall: Wall) -> FeedRecord:
    """Return how things stand in the shape of the contract."""
    return FeedRecord(
        version=VERSION,
        written_at=wall.at,
        organization=wall.organization,
        classification=wall.classification,
        renewed_every_minutes=wall.rules.minutes,
        stale_after_hours=wall.rules.stale_hours,
        whole=StandRecord(**_stand(wall.whole)),
        trial=_trial(wall.trial),
        opds=tuple(_opd(one) for one in wall.opds),
        level_still_with=wall.left,
    )


def _opd(one: WallOpd) -> OpdRecord:
    waiting = tuple(BehindRecord(server.id, server.name, server.measured_at) for server in one.behind)
    return OpdRecord(**_stand(one), opd=one.id, name=one.name, behind=waiting)


def _stand(one: WallOpd) -> dict[str, Any]:
    return {
        "freshness": one.freshness,
        "newest_measurement": one.newest,
        "oldest_measurement": one.oldest,
        "servers": one.servers,
        "servers_behind": len(one.behind),
        "level": _level(one.score),
        "open": OpenRecord(**{severity.value: count for severity, count in one.open.items()}),
        "overdue": one.overdue,
    }


def _level(score: ScoreTold | None) -> LevelRecord | None:
    if score is None:
        return None
    letter = score.letter or None
    return LevelRecord(score.run, score.measured_at, score.floor, score.ceiling, score.coverage, letter)


def _trial(trial: TrialTold | None) -> TrialRecord | None:
    if trial is None:
        return None
    return TrialRecord(trial.name, trial.ends, trial.days_left, trial.begins_in_days)
