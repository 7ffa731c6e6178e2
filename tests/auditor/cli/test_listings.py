"""Listings of one audit of a hostile server: three forms, no formula, no control character, no silence."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest

from tests.auditor.cli.command import Result, auditor, auditors
from tests.auditor.cli.world import free_network, site, write_files

LISTINGS = {
    "plan": "plan",
    "runs": "runs",
    "findings": "findings list",
    "controls": "controls list",
    "coverage": "controls coverage",
    "control": "controls show A.8.24",
    "check": "controls show tls-1-0-refused",
    "doctor": "doctor",
    "verify": "evidence verify",
    "verdicts": "verdicts",
}
FORMULA = "=+-@|\t\r\n＝＋－＠｜"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which one server was audited."""
    made = tmp_path_factory.mktemp("audited")
    with site(f"{free_network()}.1", tls=True) as web:
        write_files(made, {"situs": web.address})
        seen = auditor("audit", cwd=made)
    assert seen.code == 1, seen.text
    assert seen.err == ""
    return made


@pytest.fixture(scope="module")
def listed(folder: Path) -> dict[tuple[str, str], Result]:
    """Return every listing in every form."""
    wanted = [(name, form) for name in LISTINGS for form in ("table", "json", "csv")]
    commands = [[*LISTINGS[name].split(), "--format", form] for name, form in wanted]
    return dict(zip(wanted, auditors(commands, cwd=folder), strict=True))


def hidden(text: str) -> set[str]:
    """Return the characters of a text that a terminal obeys or that reorder it."""
    return {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}


@pytest.mark.parametrize("name", LISTINGS)
def test_a_table_obeys_no_server(name: str, listed: dict[tuple[str, str], Result]) -> None:
    seen = listed[name, "table"]
    assert (seen.code, seen.err) == (0, "")
    assert seen.out.strip()
    assert hidden(seen.out) == set()


@pytest.mark.parametrize("name", LISTINGS)
def test_json_is_plain_ascii_and_a_list_where_there_are_rows(
    name: str, listed: dict[tuple[str, str], Result]
) -> None:
    seen = listed[name, "json"]
    assert (seen.code, seen.err) == (0, "")
    assert seen.out.isascii()
    assert hidden(seen.out) == set()
    value = json.loads(seen.out)
    assert isinstance(value, dict if name in ("control", "check") else list)


@pytest.mark.parametrize("name", LISTINGS)
def test_csv_is_one_table_without_a_formula(name: str, listed: dict[tuple[str, str], Result]) -> None:
    seen = listed[name, "csv"]
    assert (seen.code, seen.err) == (0, "")
    head, *rows = csv.reader(io.StringIO(seen.out, newline=""))
    assert all(len(row) == len(head) for row in rows)
    assert [cell for row in rows for cell in row if cell.lstrip()[:1] and cell.lstrip()[0] in FORMULA] == []
    assert hidden("".join(cell for row in rows for cell in row)) == set()


def test_the_three_forms_tell_the_same_findings(listed: dict[tuple[str, str], Result]) -> None:
    findings = json.loads(listed["findings", "json"].out)
    assert findings
    rows = list(csv.DictReader(io.StringIO(listed["findings", "csv"].out, newline="")))
    assert [row["id"] for row in rows] == [finding["id"] for finding in findings]
    table = listed["findings", "table"].out
    assert all(finding["id"] in table for finding in findings)


def test_findings_hold_what_the_contract_promises(listed: dict[tuple[str, str], Result]) -> None:
    keys = {
        "id", "check", "severity", "confidence", "status", "verdict", "opd", "responsible", "server",
        "address", "port", "protocol", "server_name", "title", "observed", "expected", "controls",
        "remediation", "first_seen", "last_seen", "due", "waiver", "evidence",
    }  # fmt: skip
    for finding in json.loads(listed["findings", "json"].out):
        assert keys <= finding.keys()
        assert set(finding["controls"]) == {"2013", "2022"}


def test_a_hostile_banner_is_shown_escaped_all_the_way_down(folder: Path) -> None:
    findings = json.loads(auditor("findings", "list", "-f", "json", cwd=folder).out)
    shown = next(f for f in findings if f["check"] == "http-version-hidden")
    whole = auditor("findings", "show", shown["id"], cwd=folder)
    assert whole.code == 0
    assert "nginx/1.18.0 \\x9b31m=cmd" in whole.out
    assert hidden(whole.out) == set()
    assert json.loads(auditor("findings", "show", shown["id"], "-f", "json", cwd=folder).out) == shown
    sequence = str(shown["evidence"][0]["sequence"])
    row = auditor("evidence", "show", sequence, cwd=folder)
    assert row.code == 0
    assert row.out.isascii()
    assert hidden(row.out) == set()
    raw = json.loads(row.out)["raw"]
    for name in raw:
        assert auditor("evidence", "show", sequence, "--raw", name, cwd=folder).code == 0


def test_the_lines_of_a_configuration_can_be_copied(folder: Path) -> None:
    findings = json.loads(auditor("findings", "list", "-f", "json", cwd=folder).out)
    shown = next(f for f in findings if any(r["config"].count("\n") > 1 for r in f["remediation"]))
    whole = auditor("findings", "show", shown["id"], cwd=folder).out
    assert "\\x0a" not in whole
    assert all(line[:60] in whole for r in shown["remediation"] for line in r["config"].splitlines())


def test_findings_can_be_narrowed(folder: Path) -> None:
    everything = json.loads(auditor("findings", "list", "-f", "json", cwd=folder).out)
    narrow = auditor(
        *("findings", "list", "-f", "json", "--severity", "high", "--opd", "dinkes", "--server", "situs"),
        cwd=folder,
    )
    assert json.loads(narrow.out) == [f for f in everything if f["severity"] == "high"]
    check = everything[0]["check"]
    one = auditor("findings", "list", "-f", "json", "--check", check, cwd=folder)
    assert {finding["check"] for finding in json.loads(one.out)} == {check}


WRONG = [
    "findings list --opd dinkse",
    "findings list --server tidak-ada",
    "findings list --severity gawat",
    "findings list --check tls-1-0-refusd",
    "findings list --status opened",
    "findings list --language xx",
    "findings list no-such-run",
    "findings show F-000000000000",
    "findings show F-000000000000 --run no-such-run",
    "report no-such-run",
    "report --opd dinkse",
    "report --format docx",
    "report --format ,",
    "report --language xx",
    "report --edition 2005",
    "assess no-such-run",
    "evidence show 999999",
    "evidence show 0",
    "evidence show -- -1",
    "evidence show 99999999999999999999999",
    "evidence show 1 --raw no-such-output",
    "evidence show 1 --raw ../../keys/chain-head.key",
    "controls show A.99",
    "controls show A.8.24 --edition 2005",
    "controls show A.8.24 --language xx",
    "controls list --edition 2005",
    "controls list --format xml",
]


@pytest.fixture(scope="module")
def refused(folder: Path) -> dict[str, Result]:
    """Return how each wrong command ended."""
    return dict(zip(WRONG, auditors([line.split() for line in WRONG], cwd=folder), strict=True))


@pytest.mark.parametrize("command", WRONG)
def test_what_does_not_exist_is_refused_with_what_does(command: str, refused: dict[str, Result]) -> None:
    seen = refused[command]
    assert (seen.code, seen.out) == (2, ""), seen.text
    assert "Traceback" not in seen.err
    assert len(seen.err.splitlines()) >= 1


EMPTY = [
    "findings list --format json",
    "findings list",
    "findings show F-000000000000",
    "report",
    "assess",
    "audit --resume",
    "evidence show 1",
]


def test_without_any_audit_every_command_says_how_to_make_one(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": "127.30.1.1"})
    for command, seen in zip(EMPTY, auditors([line.split() for line in EMPTY], cwd=tmp_path), strict=True):
        assert (seen.code, seen.out) == (2, ""), command
        assert "Next: " in seen.err, command
    runs, listed, verified = auditors(
        [["runs"], ["runs", "-f", "json"], ["evidence", "verify"]], cwd=tmp_path
    )
    assert (runs.code, runs.out) == (0, "No audits yet.\n")
    assert (listed.code, json.loads(listed.out)) == (0, [])
    assert verified.code == 0


def test_changed_evidence_is_found_and_has_its_own_code(folder: Path) -> None:
    """Comes last here: nothing else can be told of this audit afterwards."""
    with closing(sqlite3.connect(folder / "audit-data" / "audit.db")) as connection:
        query = "SELECT sql FROM sqlite_master WHERE name = 'evidence_no_update'"
        [(trigger,)] = connection.execute(query).fetchall()
        connection.execute("DROP TRIGGER evidence_no_update")
        connection.execute("UPDATE evidence SET row = replace(row, 'situs', 'lain') WHERE sequence = 2")
        connection.execute(trigger)
        connection.commit()
    seen = auditor("evidence", "verify", "-f", "json", cwd=folder)
    assert seen.code == 3
    assert [problem["row"] for problem in json.loads(seen.out)] == [2]
