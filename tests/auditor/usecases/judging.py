"""Judge a made-up world quickly: as `judge_run` does, with the catalogue compiled once for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from auditor.model.evidence import Evidence
from auditor.model.facts import JSON, Facts
from auditor.model.scorecard import Scorecard
from auditor.model.verdict import Status, Verdict
from auditor.usecases.assess import subjects_of
from auditor.usecases.calendar import local_day
from controls.attestations import Answers
from controls.judge import judge_all
from controls.rollup import Rules, Waived, scorecards
from controls.scoring import worst
from tests.auditor.usecases.world import World, policy
from tests.controls.catalogue import compiled_catalogue, shipped

Place = tuple[str, str, str]
"""Check, server, address."""
_RECORDS = ("ports.services", "certificates.deployments")
_IDENTITY = ("service.port", "certificate.key_type")
"""What a record is called by, not something observed about it."""


def verdicts_of(world: World, server: str = "") -> tuple[Verdict, ...]:
    """Return the verdicts of a world, or of one server in it."""
    now = world.run.started_at
    found = subjects_of(world.inputs, world.evidence, shipped().pack, now)
    chosen = [one for one in found if server in ("", one.subject.server)]
    return judge_all(compiled_catalogue(), chosen, now)


def cards_of(world: World, verdicts: tuple[Verdict, ...]) -> dict[str, Scorecard]:
    """Return OPD id → scorecard; "" is the whole organisation."""
    inputs = world.inputs
    organization = inputs.inventory.organization
    answers = Answers(local_day(world.run.started_at, organization))
    rules = Rules(shipped().checks, {}, policy(), answers, organization.centre)
    return scorecards(inputs.inventory.servers(), verdicts, rules, Waived({}), frozenset())


def by_place(verdicts: tuple[Verdict, ...]) -> dict[Place, Status | None]:
    """Return the worst status of every check at every address."""

    def place(verdict: Verdict) -> Place:
        return verdict.check, verdict.subject.server, verdict.subject.address

    ordered = sorted(verdicts, key=place)
    return {at: worst(one.status for one in group) for at, group in groupby(ordered, place)}


def only_became_unknown(before: tuple[Verdict, ...], after: tuple[Verdict, ...]) -> bool:
    """Return whether no verdict changed but to UNKNOWN, those of subjects that came or went included."""
    known = {(one.check, one.subject): one.status for one in before}
    found = {(one.check, one.subject): one.status for one in after}
    kept = all(found[key] in (status, Status.UNKNOWN) for key, status in known.items() if key in found)
    new = {status for key, status in found.items() if key not in known}
    earlier, later = by_place(before), by_place(after)
    places = all(later.get(place) in (status, Status.UNKNOWN) for place, status in earlier.items())
    return kept and new <= {Status.UNKNOWN, Status.NOT_APPLICABLE} and places


def facts_with_one_less(evidence: Evidence) -> Iterator[tuple[str, Facts]]:
    """Yield the facts of a row of evidence without each of them in turn, those inside records included."""
    facts = evidence.facts
    for name, value in facts.items():
        yield name, {key: one for key, one in facts.items() if key != name}
        if name in _RECORDS and isinstance(value, list):
            for number, record in enumerate(value):
                for inner in _without_each(record):
                    shorter: list[JSON] = [*value[:number], inner[1], *value[number + 1 :]]
                    yield f"{name}[{number}].{inner[0]}", {**facts, name: shorter}


def _without_each(record: JSON) -> Iterator[tuple[str, dict[str, JSON]]]:
    assert isinstance(record, dict)
    for name in record:
        if name not in _IDENTITY:
            yield name, {key: value for key, value in record.items() if key != name}
