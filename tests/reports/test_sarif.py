"""SARIF files are valid, say what the pages say, and mark what is accepted, closed or not measured."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from auditor.model.report import ReportData
from reports.formats.sarif import render
from reports.registry import render_all
from reports.view.context import make_context
from tests.reports.sample import report_data
from tests.reports.whole import whole_data

SCHEMA = Path(__file__).parents[1] / "fixtures" / "sarif" / "sarif-schema-2.1.0.json"
DATA, WHOLE = report_data(), whole_data()
HOSTILE = "[click](http://x) {0} \x1b[31m\u202e <b> \ud800"


@cache
def validator() -> Draft7Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    suppression = schema["definitions"]["suppression"]["properties"]
    suppression["status"] = suppression.pop("state")  # see README.md beside the schema
    return Draft7Validator(schema)


def runs(data: ReportData, language: str = "id") -> dict[str, Any]:
    """Return OPD → its run."""
    files = (json.loads(file.content) for file in render(data, None, language, "2022"))
    return {one["runs"][0]["properties"]["opd"]: one["runs"][0] for one in files}


def found(run: Any, **properties: object) -> list[Any]:
    wanted = properties.items()
    return [
        one for one in run["results"] if all(one["properties"].get(key) == value for key, value in wanted)
    ]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "data", [DATA, WHOLE, whole_data(hostile=HOSTILE)], ids=["sample", "whole", "hostile"]
)
def test_every_file_is_valid_by_the_schema(data: ReportData, language: str) -> None:
    for file in render(data, None, language, "2022"):
        assert list(validator().iter_errors(json.loads(file.content))) == []
        assert file.content.isascii() and file.name.endswith(".sarif")


def test_the_schema_finds_what_is_wrong() -> None:
    (document,) = (json.loads(file.content) for file in render(DATA, "dinkes", "id", "2022"))
    document["runs"][0]["results"][0]["level"] = "terrible"
    assert list(validator().iter_errors(document))


def test_every_finding_is_a_result_with_its_own_fingerprint() -> None:
    for opd, run in runs(WHOLE).items():
        mine = [one.id for one in make_context(WHOLE, "id", "2022").findings(opd)]
        assert [one["fingerprints"]["tilik/finding/v1"] for one in run["results"]] == mine
        rules = run["tool"]["driver"]["rules"]
        assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])


def test_the_numbers_are_those_of_the_card() -> None:
    for opd, run in runs(WHOLE).items():
        context, card = make_context(WHOLE, "id", "2022"), WHOLE.scorecards[opd]
        assert run["properties"]["floor"] == card.score.floor
        assert run["properties"]["openFindings"] == len(context.open_findings(opd))
        hidden = [one for one in run["results"] if one["suppressions"]]
        assert len(hidden) == run["properties"]["acceptedFindings"] == len(context.accepted_findings(opd))


def test_levels_follow_the_severities() -> None:
    for run in runs(WHOLE).values():
        for severity, level in (
            ("critical", "error"),
            ("high", "error"),
            ("medium", "warning"),
            ("low", "note"),
        ):
            assert {one["level"] for one in found(run, severity=severity)} <= {level}


def test_a_result_names_server_and_endpoint() -> None:
    (result,) = found(runs(DATA)["dinkes"], server="dinkes-03")
    endpoint, server = result["locations"][0]["logicalLocations"]
    assert endpoint["fullyQualifiedName"] == "dinkes-03/127.20.1.13:6379/tcp"
    assert server["name"] == "dinkes-03"


def test_an_accepted_risk_is_suppressed_with_its_reason() -> None:
    (result,) = found(runs(DATA)["dinkes"], status="waived")
    (suppression,) = result["suppressions"]
    assert suppression["status"] == "accepted"
    assert suppression["justification"].startswith("Aplikasi lama")
    assert suppression["properties"]["validUntil"] == "2026-10-31"


def test_what_was_not_measured_again_keeps_its_level_and_says_so() -> None:
    (result,) = found(runs(DATA)["dinkes"], status="not_measured")
    assert (result["kind"], result["level"]) == ("fail", "note")
    assert "Tidak diukur lagi sejak" in result["message"]["text"]


def test_gaps_are_warnings_by_name() -> None:
    for opd, expected in (("dinkes", 2), ("disdik", 0), ("dukcapil", 1)):
        notices = runs(DATA)[opd]["invocations"][0]["toolExecutionNotifications"]
        assert len(notices) == expected
        assert all(one["locations"][0]["logicalLocations"][0]["name"].startswith(opd) for one in notices)


def test_the_state_against_the_audit_before_is_told_only_where_there_was_one() -> None:
    assert not any("baselineState" in one for one in runs(report_data(first=True))["dinkes"]["results"])
    states = {one["properties"]["finding"]: one["baselineState"] for one in runs(WHOLE)["dinkes"]["results"]}
    assert WHOLE.changes is not None
    assert all(states[one.finding] == "new" for one in (*WHOLE.changes.new, *WHOLE.changes.redetected))
    closed = runs(WHOLE)["dukcapil"]
    assert [one["baselineState"] for one in found(closed, status="fixed")] == ["absent"]


def test_rules_speak_both_languages() -> None:
    run = runs(DATA)["dinkes"]
    driver, (other,) = run["tool"]["driver"], run["translations"]
    assert (driver["language"], other["language"]) == ("id", "en")
    assert [one["id"] for one in driver["rules"]] == [one["id"] for one in other["rules"]]
    by_id = {one["id"]: one for one in other["rules"]}
    assert by_id["tls-1-0-refused"]["shortDescription"]["text"] == "Not met: TLS 1.0 is refused"
    assert "ssl_protocols" in by_id["tls-1-0-refused"]["help"]["text"]


def test_rules_name_the_controls_of_both_editions() -> None:
    run = runs(DATA)["dinkes"]
    names = [one["name"] for one in run["taxonomies"]]
    assert names == ["ISO/IEC 27001:2013", "ISO/IEC 27001:2022"]
    for rule in run["tool"]["driver"]["rules"]:
        targets = {
            (one["target"]["toolComponent"]["name"], one["target"]["id"]) for one in rule["relationships"]
        }
        check = DATA.checks[rule["id"]]
        assert targets == {
            (f"ISO/IEC 27001:{edition}", control)
            for edition, links in check.controls.items()
            for control in links.implements
        }


def test_a_check_that_left_the_catalogue_is_a_rule_without_texts() -> None:
    data = replace(DATA, checks={key: one for key, one in DATA.checks.items() if key != "tls-1-0-refused"})
    run = runs(data)["dinkes"]
    assert {"id", "guid"} == set(
        next(r for r in run["tool"]["driver"]["rules"] if r["id"] == "tls-1-0-refused")
    )
    assert len(run["results"]) == len(runs(DATA)["dinkes"]["results"])


def test_texts_of_servers_make_no_link_and_no_place_to_fill_in() -> None:
    run = runs(whole_data(hostile=HOSTILE))["dinkes"]
    (result,) = [one for one in run["results"] if "click" in one["message"]["text"]]
    assert "\\[click\\](http://x) {{0}} \\\\x1b\\[31m\\\\u202e" in result["message"]["text"]


def test_the_same_data_gives_the_same_bytes() -> None:
    assert render(whole_data(), None, "id", "2022") == render(whole_data(), None, "id", "2022")


def test_the_index_links_every_file() -> None:
    page = render_all(DATA, ["sarif"], None, "id", "2022")[0].content.decode()
    assert all(f'href="temuan-{opd}.sarif"' in page for opd in DATA.scorecards)
