"""Random damage to stored evidence: rows lost, rows turned into failures, facts taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from auditor.model.evidence import Evidence, Failure, FailureKind
from auditor.model.facts import JSON, Facts

Rows = Mapping[str, Evidence]
"""Task id → evidence."""
RECORDS = ("ports.services", "certificates.deployments")
"""Facts that hold records of facts."""
IDENTITY = ("service.port", "certificate.key_type")
"""What a record is called by, not something observed about it."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """Evidence after some damage. `servers` are those of which something is missing."""

    rows: Rows
    servers: frozenset[str]
    told: str
    """What was done, for whoever looks at a violation."""


def damaged(rows: Rows, random: Random) -> Damaged:
    """Take a few things or many: a fact, some rows, one scanner, one server, or a good part of everything."""
    task_ids = sorted(rows)
    chosen = _chosen(rows, task_ids, random)
    left = dict(rows)
    told = []
    for task in chosen:
        way = random.choice(("lost", "failed", "thinned", "thinned"))
        told.append(f"{way} {task}")
        if way == "lost":
            del left[task]
        elif way == "failed":
            # What was measured before a failure stays, or nothing was.
            facts = thinned(left[task].facts, random) if random.random() < 0.5 else {}
            failure = Failure(random.choice(tuple(FailureKind)), "taken away")
            left[task] = replace(left[task], facts=facts, failure=failure)
        else:
            left[task] = replace(left[task], facts=thinned(left[task].facts, random))
    return Damaged(left, frozenset(rows[task].task.server for task in chosen), "; ".join(told))


def _chosen(rows: Rows, task_ids: Sequence[str], random: Random) -> list[str]:
    match random.choice(("one", "few", "few", "scanner", "server", "many")):
        case "one":
            return [random.choice(task_ids)]
        case "few":
            return random.sample(task_ids, min(len(task_ids), random.randint(2, 12)))
        case "scanner":
            scanner = rows[random.choice(task_ids)].task.scanner
            return [one for one in task_ids if rows[one].task.scanner == scanner and random.random() < 0.7]
        case "server":
            server = rows[random.choice(task_ids)].task.server
            return [one for one in task_ids if rows[one].task.server == server and random.random() < 0.7]
        case _:
            share = random.choice((0.1, 0.3, 0.6, 0.95))
            return [one for one in task_ids if random.random() < share]


def thinned(facts: Facts, random: Random) -> Facts:
    """Return the facts without some of them, those inside records included."""
    share = random.choice((0.03, 0.2, 0.6))
    kept = {name: value for name, value in facts.items() if random.random() >= share}
    for name in RECORDS:
        value = kept.get(name)
        if isinstance(value, list):
            kept[name] = [_record(one, share, random) for one in value]
    return kept


def _record(record: JSON, share: float, random: Random) -> JSON:
    if not isinstance(record, dict):
        return record
    return {name: one for name, one in record.items() if name in IDENTITY or random.random() >= share}
