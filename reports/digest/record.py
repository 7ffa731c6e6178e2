"""A digest as data for programs. Numbers are exact; texts of people and servers stay as they are."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.model.changes import ChangedFinding, Changes
from auditor.model.digest import Digest, DueFinding, ScoreTold, TrialTold, Unscanned
from auditor.model.facts import JSON
from auditor.model.message import Audience, Delivery
from auditor.model.schedule import Slot

SCHEMA = "tilik-digest-1"


def record(digest: Digest, audience: Audience) -> JSON:
    """Return everything that a digest tells."""
    return {
        "schema": SCHEMA,
        "audience": audience.value,
        "opd": digest.opd or None,
        "at": digest.at.isoformat(),
        "since": digest.since.isoformat() if digest.since else None,
        "new_audit": digest.new_audit,
        "scores": [{"opd": opd or None, **_score(score)} for opd, score in sorted(digest.scores.items())],
        "open": {
            opd: {severity.value: count for severity, count in counts.items()}
            for opd, counts in sorted(digest.open.items())
        },
        "servers": {"registered": dict(digest.registered), "not_measured": dict(digest.unmeasured)},
        "changes": _changes(digest.changes),
        "overdue": _due(digest.overdue),
        "due_soon": _due(digest.due_soon),
        "not_scanned": _unscanned(digest.unscanned),
        "misfires": _misfires(digest.misfires),
        "undelivered": _undelivered(digest.undelivered),
        "trial": _trial(digest.trial) if digest.trial else None,
    }


def _score(score: ScoreTold) -> dict[str, JSON]:
    return {
        "run": score.run,
        "measured_at": score.measured_at.isoformat(),
        "floor": score.floor,
        "ceiling": score.ceiling,
        "coverage": score.coverage,
        "letter": score.letter or None,
        "floor_before": score.floor_before,
        "same_rules": score.same_rules,
    }


def _changes(changes: Changes) -> dict[str, JSON]:
    return {
        "fixed": _changed(changes.fixed),
        "new": _changed(changes.new),
        "came_back": _changed(changes.redetected),
        "not_measured": _changed(changes.not_measured),
        "out_of_scope": _changed(changes.out_of_scope),
    }


def _changed(listed: Iterable[ChangedFinding]) -> list[JSON]:
    return [
        {
            "finding": one.finding,
            "check": one.check,
            "opd": one.opd,
            "server": one.server,
            "subject": one.subject,
            "severity": one.severity.value,
            "status": one.status.value,
            "due": one.due.isoformat(),
            "days": one.days,
        }
        for one in listed
    ]


def _due(listed: Iterable[DueFinding]) -> list[JSON]:
    return [
        {
            "finding": one.finding,
            "check": one.check,
            "opd": one.opd,
            "subject": one.subject,
            "severity": one.severity.value,
            "due": one.due.isoformat(),
            "days": one.days,
            "owner": one.owner or None,
            "planned": one.planned.isoformat() if one.planned else None,
        }
        for one in listed
    ]


def _unscanned(listed: Iterable[Unscanned]) -> list[JSON]:
    return [
        {
            "opd": one.opd,
            "server": one.server,
            "whole": one.whole,
            "what": list(one.what),
            "reason": one.reason or None,
        }
        for one in listed
    ]


def _misfires(listed: Iterable[Slot]) -> list[JSON]:
    return [
        {
            "schedule": one.schedule,
            "at": one.at.isoformat(),
            "work": one.work.value,
            "status": one.status.value,
            "reason": one.reason,
        }
        for one in listed
    ]


def _undelivered(listed: Iterable[Delivery]) -> list[JSON]:
    return [
        {"id": one.id, "channel": one.channel, "to": one.to, "status": one.status.value} for one in listed
    ]


def _trial(trial: TrialTold) -> dict[str, JSON]:
    rows = (*((trial.whole,) if trial.whole else ()), *trial.opds)
    return {
        "name": trial.name,
        "ends": trial.ends.isoformat(),
        "days_left": trial.days_left,
        "begins_in_days": trial.begins_in_days,
        "agencies": [
            {
                "opd": row.opd or None,
                "target": row.target,
                "floor": row.now.floor if row.now else None,
                "forecast": row.forecast.kind.value,
                "day": row.forecast.day.isoformat() if row.forecast.day else None,
                "left": row.forecast.left,
            }
            for row in rows
        ],
    }
