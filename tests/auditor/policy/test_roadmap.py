"""What a policy says of the roadmap, as the plan reads it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.model.document import DocumentError
from auditor.model.framework import MachineCoverage
from auditor.model.inventory import Responsible
from auditor.model.roadmap import RoadmapRules, Role
from auditor.policy.loading import load_policy
from auditor.store.records import POLICY

WRITTEN = """\
version: 1
roadmap:
  start: 2027-01-04
  years: 5
  days_per_quarter: {opd: 8}
  contingency_percent: 0
  rates: {administrator: 750000, developer: 900000, governance: 0}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "policies.yaml"
    path.write_text(text)
    return path


def test_the_shipped_policy_gives_the_examples_and_no_rates() -> None:
    shipped = load_policy().roadmap
    assert shipped == RoadmapRules()
    assert set(shipped.rates.values()) == {None}


def test_what_is_written_lies_over_the_examples(tmp_path: Path) -> None:
    rules = load_policy(written(tmp_path, WRITTEN)).roadmap
    assert (rules.start, rules.years, rules.contingency_percent) == (date(2027, 1, 4), 5, 0)
    assert rules.days_per_quarter == {Responsible.CENTRE: 60, Responsible.OPD: 8}
    assert rules.rates == {Role.ADMINISTRATOR: 750_000, Role.DEVELOPER: 900_000, Role.GOVERNANCE: 0}
    assert rules.control_hours == {MachineCoverage.SUPPORTING: 6, MachineCoverage.ATTESTATION: 8}


def test_a_policy_is_stored_with_its_roadmap_and_read_without_one(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, WRITTEN))
    assert POLICY.value(POLICY.text(policy)) == policy
    older = POLICY.plain(policy)
    del older["roadmap"]
    assert POLICY._adapter.validate_python(older).roadmap == RoadmapRules()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rates: {administrator: 750000}", "developer, governance has no rate while others have one"),
        ("control_hours: {attestation: 2}", "write at least 6"),
        ("currency: rupiah", "currency"),
        ("days_per_quarter: {centre: 0}", "centre must be at least 0.25"),
        ("years: 11", "years must be at most 10"),
        ("start: soon", "2026-11-30"),
        ("start: 9999-10-01", "9999-10-01 is too far; write a day until 2199-12-31, or null"),
    ],
)
def test_what_contradicts_itself_is_refused_with_what_to_write(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load_policy(written(tmp_path, f"version: 1\nroadmap:\n  {text}\n"))
    (problem,) = caught.value.problems
    assert told in str(problem)
    assert f"{tmp_path}/policies.yaml:" in str(problem)
