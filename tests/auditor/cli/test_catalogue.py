"""The catalogue at the command line: controls shown and counted, files held against rules, checks begun."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from controls.lint_rules import RULES
from tests.auditor.cli.command import Result, auditor, auditors
from tests.auditor.cli.world import write_files
from tests.controls.broken_files import BROKEN

NAME = "local-sample-refused"


def listed(cwd: Path, *words: str) -> list[dict[str, Any]]:
    """Return the rows of a listing."""
    seen = auditor("controls", *words, "-f", "json", cwd=cwd)
    assert seen.code == 0, seen.text
    rows: list[dict[str, Any]] = json.loads(seen.out)
    return rows


def shown(cwd: Path, *words: str) -> dict[str, Any]:
    """Return a control or check as it is shown."""
    seen = auditor("controls", "show", *words, "-f", "json", cwd=cwd)
    assert seen.code == 0, seen.text
    fields: dict[str, Any] = json.loads(seen.out)
    return fields


def test_all_controls_of_both_editions_are_listed(tmp_path: Path) -> None:
    rows = listed(tmp_path, "list", "--edition", "both")
    assert len(rows) == 114 + 93
    assert len(listed(tmp_path, "list", "--edition", "2013")) == 114
    assert len(listed(tmp_path, "list")) == 93
    row = next(row for row in rows if row["control"] == "A.8.24")
    assert row["implements"] > 10
    assert row["related"] > 0
    assert row["responsible"] in ("centre", "opd", "shared")
    assert row["other_edition"] == ["A.10.1.1", "A.10.1.2"]


def test_filters_narrow_the_list_together(tmp_path: Path) -> None:
    rows = listed(tmp_path, "list", "--edition", "both")
    chosen = listed(
        *(tmp_path, "list", "--edition", "both", "--coverage", "supporting", "--coverage", "attestation"),
        *("--group", "A.7", "--group", "A.11", "--responsible", "centre", "--without-checks"),
    )
    assert chosen
    assert chosen == [
        row
        for row in rows
        if row["coverage"] in ("supporting", "attestation")
        and row["group"] in ("A.7", "A.11")
        and row["responsible"] == "centre"
        and row["implements"] == 0
    ]


def test_a_control_is_shown_whole_in_the_chosen_language(tmp_path: Path) -> None:
    english = shown(tmp_path, "A.8.15", "--language", "en")
    indonesian = shown(tmp_path, "A.8.15")
    assert english.keys() == indonesian.keys()
    assert english["title"] == "Logging"
    assert indonesian["title"] == "Pencatatan log"
    for field in ("reason", "question", "crosswalk", "implemented by", "related checks"):
        assert english[field] and indonesian[field], field
        assert english[field] != indonesian[field], field
    assert english["papers"] == indonesian["papers"]
    assert english["why no check"] == ""
    assert english["crosswalk"] == ["merges A.12.4.1, A.12.4.2 and A.12.4.3"]
    checks = [*english["implemented by"], *english["related checks"]]
    assert all(set(check) == {"check", "title"} for check in checks)


def test_the_edition_is_that_of_the_control(tmp_path: Path) -> None:
    assert shown(tmp_path, "A.18.2.3")["edition"] == "2013"
    assert shown(tmp_path, "A.8.24")["edition"] == "2022"
    assert shown(tmp_path, "A.8.24", "--edition", "2022") == shown(tmp_path, "A.8.24")


def test_a_table_speaks_the_language_and_keeps_every_line(tmp_path: Path) -> None:
    indonesian, english, check = auditors(
        [
            ["controls", "show", "A.8.24"],
            ["controls", "show", "A.8.24", "-l", "en"],
            ["controls", "show", "tls-1-0-refused"],
        ],
        cwd=tmp_path,
    )
    assert "penanggung jawab" in indonesian.out
    assert "teknis" in indonesian.out
    assert "responsible" in english.out
    assert "technical" in english.out
    assert "\\x0a" not in check.out
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in check.out


def test_a_check_tells_which_of_its_fixes_were_tried_or_why_none_was(tmp_path: Path) -> None:
    tried = shown(tmp_path, "tls-1-0-refused")["proven on"].splitlines()
    assert any(line.startswith("nginx: nginx 1.") and line.endswith(", Debian 12") for line in tried)
    assert "go.id" in shown(tmp_path, "http-domain-official")["not proven"]
    assert "# kemudian" in shown(tmp_path, "tls-heartbleed-absent")["fix system"]


def test_coverage_adds_up_however_it_is_counted(tmp_path: Path) -> None:
    by_class = listed(tmp_path, "coverage")
    by_group = listed(tmp_path, "coverage", "--by", "group", "--language", "en")
    for edition, controls, groups in (("2013", 114, 14), ("2022", 93, 4)):
        classes = [row for row in by_class if row["edition"] == edition]
        parts = [row for row in by_group if row["edition"] == edition]
        assert len(parts) == groups
        for rows in (classes, parts):
            assert sum(row["controls"] for row in rows) == controls
            assert all(row["controls"] == row["with_checks"] + row["without_checks"] for row in rows)
        for reach in ("technical", "partial", "supporting", "attestation"):
            counted = next(row["controls"] for row in classes if row["coverage"] == reach)
            assert sum(row[reach] for row in parts) == counted
        judged = [row for row in classes if row["coverage"] in ("technical", "partial")]
        assert all(row["explained"] == row["without_checks"] for row in judged)
    assert {row["title"] for row in by_group} >= {"Cryptography", "People controls"}


WRONG = {
    "controls show A.8.244": "did you mean A.8.24?",
    "controls show a.8.24": "did you mean A.8.24?",
    "controls show tls-1-0-refusd": "did you mean tls-1-0-refused?",
    "controls show apa-saja": "controls list --edition both",
    "controls show A.8.24 --edition 2013": "--edition 2022",
    "controls show A.10.1.1 --edition 2022": "--edition 2013",
    "controls show A.8.24 --edition 2005": "choose of: 2013, 2022",
    "controls list --edition 2005": "choose of: 2013, 2022, both",
    "controls list --coverage technicl": "did you mean technical?",
    "controls list --group A.55": "did you mean A.5?",
    "controls list --edition 2022 --group A.12": "choose of: A.5, A.6, A.7, A.8",
    "controls list --responsible pusat": "choose of: centre, opd, shared",
    "controls coverage --by clause": "choose of: coverage, group",
    "controls list --language xx": "choose of: id, en",
    "controls coverage --language xx": "choose of: id, en",
    "controls not-automated --language xx": "choose of: id, en",
    "controls lint no-such-folder": "auditor controls new-check",
    "controls list --policy missing.yaml": "missing.yaml: no such file",
    "controls new-check http-status-hidden --subject http --severity low": "begin with local-",
    "controls new-check local-a --subject http --severity low": "area-object-state",
    "controls new-check local-a-b --subject web --severity low": "choose of: address",
    "controls new-check local-a-b --subject http --severity severe": "choose of: critical",
    "controls new-check local-a-b --subject http": "Missing option '--severity'",
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Return how each wrong command ended."""
    results = auditors([line.split() for line in WRONG], cwd=tmp_path_factory.mktemp("wrong"))
    return dict(zip(WRONG, results, strict=True))


@pytest.mark.parametrize("command", WRONG)
def test_a_wrong_wish_is_refused_with_what_to_write(command: str, refused: dict[str, Result]) -> None:
    seen = refused[command]
    assert (seen.code, seen.out) == (2, ""), seen.text
    assert WRONG[command] in seen.err


def test_rules_are_listed_with_what_they_demand(tmp_path: Path) -> None:
    assert listed(tmp_path, "lint", "--rules") == [
        {"rule": rule, "demands": demands} for rule, demands in RULES.items()
    ]


@pytest.fixture
def local(tmp_path: Path) -> Path:
    """Return a folder with an inventory, and a policy that names one sound local check."""
    write_files(tmp_path, {"situs": "127.30.1.1"})
    with (tmp_path / "policies.yaml").open("a", encoding="utf-8") as policy:
        policy.write("local_checks: my-checks\n")
    (tmp_path / "my-checks").mkdir()
    text = (BROKEN / "id-local.yaml").read_text(encoding="utf-8")
    (tmp_path / "my-checks" / f"{NAME}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_local_checks_are_shown_and_counted_beside_shipped_ones(local: Path) -> None:
    assert auditor("controls", "lint", "my-checks", cwd=local).out == "1 file, no problem.\n"
    assert shown(local, NAME)["check"] == NAME
    names = [check["check"] for check in shown(local, "A.8.24")["implemented by"]]
    assert NAME in names
    row = next(row for row in listed(local, "list") if row["control"] == "A.8.24")
    assert row["implements"] == len(names)
    assert auditor("validate", cwd=local).code == 0


def test_a_broken_local_check_stops_every_command_that_would_use_it(local: Path) -> None:
    file = local / "my-checks" / f"{NAME}.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("severity: high", "severity: severe"), "utf-8")
    lint, *others = auditors(
        [
            ["controls", "lint", "my-checks", "-f", "json"],
            ["controls", "list"],
            ["validate"],
            ["plan"],
            ["audit"],
        ],
        cwd=local,
    )
    (row,) = json.loads(lint.out)
    assert lint.code == 2
    assert (row["rule"], row["line"]) == ("shape", 4)
    for seen in others:
        assert (seen.code, seen.out) == (2, "")
        assert f"{NAME}.yaml:4:11: severity must be" in seen.err
        assert "(shape)" in seen.err


def test_a_check_is_begun_and_told_what_is_to_be_filled_in(tmp_path: Path) -> None:
    words = ("local-http-status-hidden", "--subject", "http", "--severity", "medium")
    begun = auditor("controls", "new-check", *words, cwd=tmp_path)
    assert begun.code == 0, begun.text
    assert begun.out.splitlines()[-1].endswith("auditor controls lint my-checks")
    held = auditor("controls", "lint", "my-checks", cwd=tmp_path)
    assert held.code == 2
    assert "still to be filled in" in held.out
    again = auditor("controls", "new-check", *words, cwd=tmp_path)
    assert (again.code, again.out) == (2, "")
    assert "is there already" in again.err
