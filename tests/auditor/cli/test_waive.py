"""Waivers from the command line: two people, one log, and every mistake told with the next step."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.auditor.cli.command import Result, auditor, auditors
from tests.auditor.cli.world import free_network, site, write_files

WHY = ("--reason", "Situs arsip dipindahkan pada akhir bulan.")
MEANWHILE = ("--compensating", "Hanya terbuka dari jaringan dalam.")
ASKS = (*WHY, *MEANWHILE, "--requested-by", "Siti Aminah, S.Kom.")


def today() -> date:
    """Return today in the zone of the inventory that the tests write."""
    return datetime.now(ZoneInfo("Asia/Jakarta")).date()


def day(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def asked(seen: Result) -> str:
    """Return the id that a request was given."""
    assert (seen.code, seen.err) == (0, ""), seen.text
    found = re.match(r"(W-[0-9a-f]{8}) requested", seen.out)
    assert found, seen.out
    return found[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which one server was measured and judged."""
    made = tmp_path_factory.mktemp("waived")
    with site(f"{free_network()}.1") as web:
        write_files(made, {"situs": web.address})
        assert auditor("scan", cwd=made).code == 0
    assert auditor("assess", cwd=made).code in (1, 3)
    return made


def failing(folder: Path) -> dict[str, str]:
    listed = json.loads(auditor("findings", "list", "-f", "json", cwd=folder).out)
    return next(f for f in listed if f["verdict"] == "FAIL" and f["port"] and not f["waiver"])


def test_from_a_finding_over_two_people_to_a_report_that_says_so(folder: Path) -> None:
    finding = failing(folder)
    request = auditor("waive", "request", "--finding", finding["id"], "--until", day(30), *ASKS, cwd=folder)
    waiver = asked(request)
    assert f"Next: another person approves it: auditor waive approve {waiver}" in request.out
    assert "Nothing that it covers fails" not in request.out
    own = auditor("waive", "approve", waiver, "--by", "SITI AMINAH", cwd=folder)
    assert (own.code, own.out) == (2, "")
    assert "Next: let another person approve it" in own.err
    approved = auditor("waive", "approve", waiver, "--by", "Budi Santoso", cwd=folder)
    assert approved.code == 0
    assert "auditor assess" in approved.out
    assert "Audits of earlier days keep their numbers." in approved.out
    assert auditor("assess", cwd=folder).code in (1, 3)
    again = json.loads(auditor("findings", "list", "-f", "json", cwd=folder).out)
    (same,) = [one for one in again if one["id"] == finding["id"]]
    assert (same["verdict"], same["waiver"]) == ("FAIL", waiver)
    assert (same["first_seen"], same["due"]) == (finding["first_seen"], finding["due"])

    shown = json.loads(auditor("waive", "show", waiver, "-f", "json", cwd=folder).out)
    assert shown["state"] == "in_force"
    assert shown["days_left"] == 30
    assert shown["remarks"] == ["same_account"]
    assert [entry["kind"] for entry in shown["history"]] == ["waiver_requested", "waiver_approved"]
    assert [(one["id"], one["waived"]) for one in shown["findings"]] == [(finding["id"], True)]
    table = auditor("waive", "show", waiver, cwd=folder).out
    assert "Budi Santoso" in table
    assert f"finding {finding['id']}" in table

    revoked = auditor(
        *("waive", "revoke", waiver, "--by", "Rudi Hartono", "--reason", "Situs sudah dipindahkan."),
        cwd=folder,
    )
    assert revoked.code == 0, revoked.text
    assert auditor("assess", cwd=folder).code in (1, 3)
    after = json.loads(auditor("findings", "list", "-f", "json", cwd=folder).out)
    assert [one["waiver"] for one in after if one["id"] == finding["id"]] == [None]
    assert auditor("evidence", "verify", cwd=folder).code == 0


def test_a_request_for_what_passes_is_told_as_such_and_taken_in(folder: Path) -> None:
    passing = json.loads(auditor("verdicts", "--status", "PASS", "-f", "json", cwd=folder).out)
    failing_ones = {
        one["check"] for one in json.loads(auditor("findings", "list", "-f", "json", cwd=folder).out)
    }
    check = next(one["check"] for one in passing if one["check"] not in failing_ones)
    scope = ("--check", check, "--opd", "dinkes", "--server", "situs", "--until", day(4))
    seen = auditor("waive", "request", *scope, *ASKS, cwd=folder)
    assert asked(seen)
    assert "Nothing that it covers fails in " in seen.out


def test_a_list_says_the_same_in_three_forms_and_obeys_nobody(folder: Path) -> None:
    hostile = "\u202eSiti \x1b[31m".encode() + b"\xff"
    refused = auditor(
        *("waive", "request", "--check", "http-csp-strict", "--opd", "dinkes", "--until", day(9)),
        *(*WHY, *MEANWHILE, "--requested-by", hostile),
        cwd=folder,
    )
    assert (refused.code, refused.out) == (2, "")
    formula = ("--requested-by", "=HYPERLINK(siti)")
    scope = ("--check", "http-csp-strict", "--opd", "dinkes", "--until", day(9))
    waiver = asked(auditor("waive", "request", *scope, *WHY, *MEANWHILE, *formula, cwd=folder))
    told, table, cells, other = auditors(
        [
            ["waive", "list", "-f", "json", "--state", "requested"],
            ["waive", "list", "--state", "requested"],
            ["waive", "list", "-f", "csv", "--state", "requested"],
            ["waive", "list", "--state", "rejected", "--opd", "dinkes"],
        ],
        cwd=folder,
    )
    assert waiver in {one["id"] for one in json.loads(told.out)}
    assert waiver in table.out
    rows = list(csv.DictReader(io.StringIO(cells.out, newline="")))
    (row,) = [one for one in rows if one["id"] == waiver]
    assert not row["requested_by"].startswith("=")
    assert (row["state"], row["port"]) == ("requested", "")
    assert (other.code, other.out) == (0, "No waivers.\n")
    rejected = auditor("waive", "reject", waiver, "--by", "Budi Santoso", *WHY, cwd=folder)
    assert rejected.out.startswith(f"{waiver} rejected.")


WRONG = [
    ["request"],
    ["request", "--check", "http-csp-strict", "--until", "2030-01-01"],
    ["request", "--check", "http-csp-strict", "--opd", "dinkes", "--until", "besok", *ASKS],
    ["request", "--check", "http-csp-strict", "--opd", "dinkes", "--until", "2020-01-01", *ASKS],
    ["request", "--check", "http-csp-strict", "--opd", "dinkes", "--until", "9999-12-31", *ASKS],
    ["request", "--check", "http-csp-strct", "--opd", "dinkes", "--until", day(5), *ASKS],
    ["request", "--check", "http-csp-strict", "--opd", "dinkse", "--until", day(5), *ASKS],
    ["request", "--check", "http-vcs-absent", "--opd", "dinkes", "--until", day(5), *ASKS],
    ["request", "--check", "http-csp-strict", "--opd", "dinkes", "--port", "80", "--until", day(5), *ASKS],
    ["request", "--finding", "F-000000000000", "--until", day(5), *ASKS],
    ["approve", "W-00000000", "--by", "Budi Santoso"],
    ["reject", "W-00000000", "--by", "Budi Santoso", *WHY],
    ["revoke", "W-00000000", "--by", "Budi Santoso", *WHY],
    ["show", "W-00000000"],
    ["list", "--opd", "dinkse"],
    ["list", "--state", "in-force"],
    ["list", "--check", "http-csp"],
    ["list", "--inventory", "no-such-file.yaml"],
]


def test_every_mistake_is_one_line_with_the_next_step(folder: Path) -> None:
    seen = auditors([["waive", *words] for words in WRONG], cwd=folder)
    for words, result in zip(WRONG, seen, strict=True):
        assert (result.code, result.out) == (2, ""), words
        assert len(result.err.splitlines()) == 2, (words, result.err)
    nexts = [result.err.splitlines()[1] for result in seen[:-1]]
    assert all(line.startswith("Next: ") for line in nexts), nexts


def test_every_command_explains_itself(tmp_path: Path) -> None:
    commands = ("request", "approve", "reject", "revoke", "list", "show")
    seen = auditors([["waive", "--help"], *(["waive", one, "--help"] for one in commands)], cwd=tmp_path)
    assert all(one.code == 0 for one in seen)
    assert all(one in seen[0].out for one in commands)


def test_a_mistake_in_the_files_makes_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "inventory.yaml").write_text("version: 1\n", encoding="utf-8")
    assert auditor("waive", "list", cwd=tmp_path).code == 2
    assert not (tmp_path / "audit-data").exists()
