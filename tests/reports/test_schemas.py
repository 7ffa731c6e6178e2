"""Every JSON file has the shape that is published for it, and no key that the shape does not name."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from auditor.documents.schema import schema_text
from auditor.model.report import ReportData
from reports.findings import finding_record
from reports.registry import RENDERERS
from reports.schemas import card_schema, findings_schema, summary_schema
from tests.reports.sample import report_data
from tests.reports.whole import whole_data

DOCS = Path(__file__).parents[2] / "docs"
PUBLISHED = {
    "scorecard": card_schema,
    "summary": summary_schema,
    "findings": findings_schema,
}
CASES = [report_data(), report_data(first=True), whole_data(), whole_data("<b>\x1b\u202e\ud800")]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_schema_is_that_of_the_contract(name: str) -> None:
    published = (DOCS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(PUBLISHED[name]()), "run scripts/write-schemas"
    Draft202012Validator.check_schema(json.loads(published))


@pytest.mark.parametrize("data", CASES, ids=["sample", "first", "whole", "hostile"])
@pytest.mark.parametrize("edition", ["2013", "2022"])
def test_every_file_has_the_published_shape(data: ReportData, edition: str) -> None:
    card, summary = strict("scorecard"), strict("summary")
    first, *others = RENDERERS["json"](data, None, "id", edition)
    summary.validate(json.loads(first.content))
    assert len(others) == len(data.scorecards)
    for file in others:
        card.validate(json.loads(file.content))


@pytest.mark.parametrize("data", CASES, ids=["sample", "first", "whole", "hostile"])
def test_listed_findings_have_the_published_shape(data: ReportData) -> None:
    listed = [finding_record(finding, data, "en") for finding in data.findings]
    strict("findings").validate(json.loads(json.dumps(listed)))


def test_what_does_not_fit_is_told() -> None:
    card = json.loads(RENDERERS["json"](whole_data(), "dinkes", "id", "2022")[0].content)
    validator = strict("scorecard")
    for spoil in (
        lambda it: it.pop("digest"),
        lambda it: it.update(started_at="yesterday"),
        lambda it: it.update(version=2),
        lambda it: it["findings"][0].update(severity="grave"),
        lambda it: it["findings"][0].update(due="2026-13-01"),
        lambda it: it["controls"][0].update(said="nobody"),
        lambda it: it["score"].update(floor="69.9"),
    ):
        spoiled = deepcopy(card)
        spoil(spoiled)
        with pytest.raises(ValidationError):
            validator.validate(spoiled)


def strict(name: str) -> Draft202012Validator:
    """Return the validator of a published schema that takes no other keys than those it names."""
    schema = json.loads((DOCS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(_closed(schema), format_checker=FormatChecker())


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    return {**closed, "additionalProperties": False} if isinstance(node.get("properties"), dict) else closed
