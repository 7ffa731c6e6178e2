"""compare and findings what-if, as a user runs them on two stored audits."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.assess import assess
from controls.loading import Catalogue
from tests.auditor.cli.command import Result, auditors
from tests.auditor.usecases.test_assess import WORLD, later_world, store
from tests.auditor.usecases.world import World
from tests.controls.catalogue import shipped

PARTS = ("posture", "scope", "coverage", "exceptions", "rule_pack")
KINDS = ("network-ports-approved", "tls-1-0-refused", "certificate-trusted", "ssh-ciphers-strong")
SMALL = replace(shipped(), checks={name: shipped().checks[name] for name in KINDS})
WITHOUT_ONE = replace(SMALL, checks={name: SMALL.checks[name] for name in KINDS[:3]})
BACKWARDS = "Backwards in time: run-1 came before run-2. Name the earlier audit first.\n"
COMMANDS = {
    "table": "compare",
    "english": "compare run-1 run-2 --language en",
    "json": "compare -f json",
    "csv": "compare run-2 run-1 -f csv",
    "one": "compare latest previous --opd bkd -f json",
    "report": "compare run-1 run-2 -o compared --format html,xlsx,json",
    "report of one": "compare run-1 run-2 -o one --opd bkd --language en",
    "rules": "compare run-2 run-3 --language en",
    "rules json": "compare run-2 run-3 -f json",
    "way": "findings what-if --run run-1 --language en",
    "way in Indonesian": "findings what-if --run run-1 --opd dinkes",
    "way json": "findings what-if --run run-1 -f json",
    "way csv": "findings what-if --run run-1 -f csv",
    "way to E": "findings what-if --run run-1 --grade E --opd bkd --language en",
    "way with exceptions": "findings what-if --run run-1 --with-exceptions --opd bkd -f json",
    "findings": "findings list run-1 -f json",
}


def judged(workspace: Workspace, world: World, catalogue: Catalogue = SMALL) -> None:
    store(workspace, world)
    assess(workspace, world.run, world.inputs, catalogue)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two judged audits, and in `other` a third that was judged by fewer checks."""
    made = tmp_path_factory.mktemp("compared")
    workspace = open_workspace(made / "audit-data")
    for world in (WORLD, later_world(1, "run-2")):
        judged(workspace, world)
    workspace.engine.dispose()
    return made


@pytest.fixture(scope="module")
def seen(folder: Path) -> dict[str, Result]:
    """Return how every command ended; those about rules are run once a third audit was judged by others."""
    first = {name: line.split() for name, line in COMMANDS.items() if not name.startswith("rules")}
    results = dict(zip(first, auditors(list(first.values()), cwd=folder), strict=True))
    workspace = open_workspace(folder / "audit-data")
    stricter = later_world(2, "run-3")
    policy = stricter.inputs.policy
    grading = replace(policy.grading, coverage_floor=policy.grading.coverage_floor + 1)
    inputs = replace(stricter.inputs, policy=replace(policy, grading=grading))
    judged(workspace, replace(stricter, inputs=inputs), WITHOUT_ONE)
    workspace.engine.dispose()
    later = {name: line.split() for name, line in COMMANDS.items() if name.startswith("rules")}
    return results | dict(zip(later, auditors(list(later.values()), cwd=folder), strict=True))


def objects(result: Result) -> list[dict[str, Any]]:
    """Return the list that a command printed as JSON, numbers as they are printed."""
    assert (result.code, result.err.removesuffix(BACKWARDS)) == (0, "")
    found: list[dict[str, Any]] = json.loads(result.out, parse_float=Decimal)
    return found


def rows(result: Result) -> list[dict[str, str]]:
    assert (result.code, result.err.removesuffix(BACKWARDS)) == (0, "")
    return list(csv.DictReader(io.StringIO(result.out, newline="")))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_form_is_printed_without_a_complaint(name: str, seen: dict[str, Result]) -> None:
    told = [line for line in seen[name].err.splitlines() if not line.startswith("Backwards in time: ")]
    assert (seen[name].code, told) == (0, [])
    assert seen[name].out.strip()


@pytest.mark.parametrize("name", ["json", "one", "rules json"])
def test_what_is_printed_adds_up_to_the_hundredth(name: str, seen: dict[str, Result]) -> None:
    for record in objects(seen[name]):
        for number in ("without_exceptions", "with_exceptions"):
            shown = record[number]
            assert sum(shown[part] for part in PARTS) == shown["change"] == shown["after"] - shown["before"]
        assert record["without_exceptions"]["exceptions"] == 0


def test_what_was_fixed_is_told_as_posture_with_the_finding(seen: dict[str, Result]) -> None:
    by_opd = {record["opd"]: record for record in objects(seen["json"])}
    assert list(by_opd) == ["", "bkd", "dinkes"]
    bkd = by_opd["bkd"]
    assert bkd["same_rules"] is True
    assert bkd["without_exceptions"]["posture"] == bkd["without_exceptions"]["change"] > 0
    assert bkd["findings"] == {"new": 0, "fixed": 1, "not_judged": 0}
    assert (bkd["before_run"], bkd["after_run"]) == ("run-1", "run-2")


def test_the_latest_and_the_one_before_can_be_told_by_name(seen: dict[str, Result]) -> None:
    (one,) = objects(seen["one"])
    assert (one["opd"], one["before_run"], one["after_run"]) == ("bkd", "run-2", "run-1")
    assert one["findings"]["new"] == 1


def test_csv_has_two_rows_per_opd_and_a_minus_that_is_no_formula(seen: dict[str, Result]) -> None:
    listed = rows(seen["csv"])
    assert [row["opd"] for row in listed] == ["(organization)"] * 2 + ["bkd"] * 2 + ["dinkes"] * 2
    assert {row["score"] for row in listed} == {"without exceptions", "with exceptions"}
    bkd = listed[2]
    assert bkd["posture"] == bkd["change"]
    assert bkd["change"].startswith("−")
    assert {row["same_rules"] for row in listed} == {"yes"}


def test_the_parts_are_explained_in_either_language(seen: dict[str, Result]) -> None:
    english, indonesian = seen["english"].out, seen["table"].out
    for part in PARTS:
        lines = [
            next(line for line in text.splitlines() if line.startswith(part.replace("_", " ") + ": "))
            for text in (english, indonesian)
        ]
        assert lines[0] != lines[1]


def test_that_rules_differ_is_said_before_any_number(seen: dict[str, Result]) -> None:
    lines = seen["rules"].out.splitlines()
    assert "different rules" in lines[1]
    assert "neither progress nor a setback" in lines[1]
    assert lines[2].startswith("The bands or caps of grades")
    assert next(number for number, line in enumerate(lines) if "before" in line) > 2
    assert "Checks removed: ssh-ciphers-strong" in lines
    for record in objects(seen["rules json"]):
        told = (record["same_rules"], record["weights_changed"], record["grading_changed"])
        assert told == (False, False, True)
    assert "different rules" not in seen["english"].out


def test_the_way_names_findings_that_are_open(seen: dict[str, Result]) -> None:
    open_findings = {one["id"] for one in objects(seen["findings"]) if one["verdict"] == "FAIL"}
    bkd, dinkes = objects(seen["way json"])
    assert set(bkd["findings"]) <= open_findings
    assert bkd["findings"] == [finding for step in bkd["steps"] for finding in step["findings"]]
    assert bkd["hours"] == sum(step["hours"] for step in bkd["steps"])
    assert [step["floor"] for step in bkd["steps"]] == sorted(step["floor"] for step in bkd["steps"])
    assert bkd["steps"][-1]["grade"] == bkd["grade_after"] < bkd["grade"]
    assert (dinkes["findings"], dinkes["grade"]) == ([], "withheld")
    assert dinkes["blocked_by"][0]["obstacle"] == "coverage"
    assert "dinkes: grade withheld" in seen["way"].out
    assert "Fixing alone cannot reach" in seen["way"].out
    assert all(finding in seen["way"].out for finding in bkd["findings"])
    assert [row["check"] for row in rows(seen["way csv"])] == [step["check"] for step in bkd["steps"]]
    indonesian = seen["way in Indonesian"].out
    assert "dinkes: predikat ditahan, batas bawah" in indonesian
    assert "grade" not in indonesian
    assert dinkes["unjudged_checks"]
    assert f"belum dapat dinilai: {', '.join(dinkes['unjudged_checks'][:5])}" in indonesian
    assert "auditor verdicts --opd dinkes --status UNKNOWN" in indonesian
    assert "E is reached already" in seen["way to E"].out
    (excepted,) = objects(seen["way with exceptions"])
    assert (excepted["with_exceptions"], excepted["findings"]) == (True, bkd["findings"])


def test_trying_the_findings_of_the_way_gives_what_it_says(folder: Path, seen: dict[str, Result]) -> None:
    bkd = objects(seen["way json"])[0]
    words = ["findings", "what-if", *bkd["findings"], "--run", "run-1"]
    tried, table = auditors([[*words, "-f", "json"], words], cwd=folder)
    own = next(row for row in objects(tried) if (row["opd"], row["answers"]) == ("bkd", "own"))
    for key in ("floor", "floor_after", "grade", "grade_after", "hours"):
        assert own[key] == bkd[key]
    assert sorted(own["findings"]) == sorted(bkd["findings"])
    assert all(finding in table.out for finding in bkd["findings"])


def test_a_finding_that_was_fixed_is_told_on_the_error_output(folder: Path, seen: dict[str, Result]) -> None:
    finding = next(one["id"] for one in objects(seen["findings"]) if one["check"] == "tls-1-0-refused")
    (tried,) = auditors([["findings", "what-if", finding, "--run", "run-2", "-f", "json"]], cwd=folder)
    assert tried.code == 0
    assert tried.err == f"{finding} does not fail in run-2 (fixed): fixing it changes nothing\n"
    (row,) = json.loads(tried.out)
    assert (row["findings"], row["floor"]) == ([], row["floor_after"])


def test_a_report_says_where_it_lies_and_tells_what_the_table_tells(
    folder: Path, seen: dict[str, Result]
) -> None:
    assert seen["report"].out.startswith("run-1 and run-2: 3 files written to ")
    names = {path.name for path in (folder / "compared").iterdir()}
    assert names == {"perbandingan.html", "perbandingan.xlsx", "perbandingan.json"}
    told = json.loads((folder / "compared" / "perbandingan.json").read_text(encoding="utf-8"))
    by_opd = {one["opd"]: one for one in told["opds"]}
    table = {record["opd"]: record for record in objects(seen["json"])}
    for opd, one in by_opd.items():
        for number in ("before", "after"):
            exact = table[opd]["without_exceptions"][number]
            assert one["change"]["without_exceptions"][number] == pytest.approx(float(exact), abs=0.01)
    (fixed,) = by_opd["bkd"]["findings"]["fixed"]
    assert fixed["check"] == "tls-1-0-refused"
    assert [path.name for path in (folder / "one").iterdir()] == ["comparison-bkd.html"]


WRONG = (
    "compare run-1 run-1 -o same",
    "compare run-2 run-1 -o backwards",
    "compare run-1 run-2 -o odd --format odt",
    "compare run-1 run-2 -o odd --opd dinkse",
    "compare run-1 run-2 -o odd --edition 2005",
    "compare 1999-01-01 latest",
    "compare 2026-02-30 latest",
    "compare run-1 run-9",
    "compare previous previous",
    "compare previous run-1",
    "compare --opd dinkse",
    "compare --language xx",
    "compare --format xml",
    "findings what-if F-000000000000",
    "findings what-if --grade F",
    "findings what-if --opd dinkse",
    "findings what-if --run run-9",
    "findings what-if --language xx",
    "findings what-if F-000000000000 --grade A",
)


def test_what_is_not_there_is_refused_with_the_next_step(folder: Path) -> None:
    for line, result in zip(WRONG, auditors([line.split() for line in WRONG], cwd=folder), strict=True):
        assert (result.code, result.out) == (2, ""), line
        assert "Traceback" not in result.err
        assert len(result.err.splitlines()) >= 2, line


def test_without_any_audit_both_say_how_to_make_one(tmp_path: Path) -> None:
    for result in auditors([["compare"], ["findings", "what-if"]], cwd=tmp_path):
        assert (result.code, result.out) == (2, "")
        assert "auditor audit" in result.err


def test_runs_named_backwards_are_told_as_such(seen: dict[str, Result]) -> None:
    assert seen["csv"].err == BACKWARDS
    assert seen["english"].err == ""
