"""What an earlier audit spares an unchanged server, and what a change costs."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.model.inventory import Fragility
from auditor.model.plan import Task
from scanners.tls.facts import CONSENT_FACTS, FACTS, HANDSHAKE_FACTS, SESSION_FACTS
from scanners.tls.parse import parse
from scanners.tls.reuse import Earlier, reference_wanted
from tests.scanners.tls.test_parse import recorded

MODERN = dict(parse(recorded("modern")))
HANDSHAKE = {name: MODERN[name] for name in HANDSHAKE_FACTS}
SESSION = {"tls.client_renegotiation": False, "tls.early_data": False}
SURVEYED = {name: value for name, value in MODERN.items() if name not in SESSION}


def task(previous: Any, fragility: Fragility = Fragility.NORMAL, **options: Any) -> Task:
    """Return a task that is told of an earlier audit."""
    told = {**options, "previous": previous}
    return Task("tls", "server", "opd", "127.0.0.1", 443, fragility=fragility, options=told)


def previous(**changes: Any) -> dict[str, Any]:
    """Return what an audit of the same modern server left, with changes."""
    return {
        "measured_at": "2026-11-01T00:00:00+00:00",
        "reference_at": None,
        "compared": HANDSHAKE,
        "facts": SESSION,
        **changes,
    }


def test_every_fact_belongs_to_one_kind() -> None:
    names = [*HANDSHAKE_FACTS, *SESSION_FACTS, *CONSENT_FACTS]
    assert sorted(names) == sorted(spec.name for spec in FACTS)


def test_nothing_is_known_without_an_earlier_audit() -> None:
    assert Earlier.of(task(None)) is None
    assert Earlier.of(Task("tls", "server", "opd", "127.0.0.1")) is None


def test_an_unchanged_server_keeps_its_session_facts() -> None:
    earlier = Earlier.of(task(previous()))
    assert earlier is not None
    assert earlier.kept(SURVEYED) == SESSION


def test_what_follows_from_the_survey_is_not_taken_over() -> None:
    earlier = Earlier.of(task(previous()))
    assert earlier is not None
    assert earlier.kept({**SURVEYED, "tls.early_data": False}) == {"tls.client_renegotiation": False}


@pytest.mark.parametrize("name", HANDSHAKE_FACTS)
def test_any_change_or_gap_in_the_survey_takes_nothing_over(name: str) -> None:
    earlier = Earlier.of(task(previous()))
    assert earlier is not None
    assert earlier.kept({**SURVEYED, name: "changed"}) == {}
    assert earlier.kept({key: value for key, value in SURVEYED.items() if key != name}) == {}


def test_what_was_not_measured_before_is_measured_now() -> None:
    earlier = Earlier.of(task(previous(facts={"tls.early_data": True})))
    assert earlier is not None
    assert earlier.kept(SURVEYED) == {"tls.early_data": True}


REFERRED = previous(reference_at="2026-10-01T00:00:00+00:00")
CHANGED = {**SURVEYED, "tls.tls_1_0": True}


@pytest.mark.parametrize(
    ("told", "facts", "wanted"),
    [
        (task(None), SURVEYED, False),
        (task(None, reference=True), SURVEYED, True),
        (task(REFERRED), SURVEYED, False),
        (task(REFERRED), CHANGED, True),
        (task(REFERRED, Fragility.SENSITIVE), CHANGED, False),
        (task(previous()), CHANGED, False),
    ],
    ids=["unknown", "ordered", "unchanged", "changed", "changed but delicate", "never referred"],
)
def test_sslyze_is_asked_when_ordered_and_on_a_change_since_it_was(
    told: Task, facts: dict[str, Any], wanted: bool
) -> None:
    assert reference_wanted(told, Earlier.of(told), facts) is wanted
