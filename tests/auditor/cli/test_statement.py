"""`auditor statement` writes what it was asked for and says where; a wrong wish writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.auditor.cli.command import Result, auditors
from tests.auditor.cli.world import write_files
from tests.auditor.usecases.statements import judged_workspace
from tests.auditor.usecases.test_assess import SMALL, WORLD
from tests.reports.workbooks import opened

RIGHT = {
    "default": "statement -o default",
    "named": f"statement {WORLD.run.id} --opd dinkes --format json -o named",
    "both": "statement --opd bkd --organization --format json,json --edition 2013 --language en -o both",
    "again": "statement -o default",
}
WRONG = [
    "statement no-such-run -o wrong",
    "statement --opd bdk -o wrong",
    "statement --format docx -o wrong",
    "statement --format , -o wrong",
    "statement --language xx -o wrong",
    "statement --edition 2005 -o wrong",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose workspace holds one judged run."""
    made = tmp_path_factory.mktemp("stated")
    judged_workspace(made / "audit-data", SMALL).engine.dispose()
    return made


@pytest.fixture(scope="module")
def ended(folder: Path) -> dict[str, Result]:
    """Return how every command ended."""
    lines = [*RIGHT.values(), *WRONG]
    seen = auditors([line.split() for line in lines], cwd=folder)
    return dict(zip([*RIGHT, *WRONG], seen, strict=True))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_by_default_every_opd_and_the_organisation_are_written(
    folder: Path, ended: dict[str, Result]
) -> None:
    seen = ended["default"]
    first = folder.resolve() / "default" / "pernyataan-keberlakuan-2022.html"
    assert (seen.code, seen.err) == (0, "")
    assert seen.out == f"6 files written to {first.parent}; start with {first}\n"
    assert names(folder / "default") == [
        f"pernyataan-keberlakuan-2022{end}.{suffix}"
        for end in ("-bkd", "-dinkes", "")
        for suffix in ("html", "xlsx")
    ]
    assert opened((folder / "default" / "pernyataan-keberlakuan-2022-bkd.xlsx").read_bytes()).sheetnames
    assert ended["again"].out == seen.out


def test_what_was_asked_for_is_written(folder: Path, ended: dict[str, Result]) -> None:
    assert [ended[name].code for name in RIGHT] == [0, 0, 0, 0]
    assert names(folder / "named") == ["pernyataan-keberlakuan-2022-dinkes.json"]
    assert names(folder / "both") == [
        "statement-of-applicability-2013-bkd.json",
        "statement-of-applicability-2013.json",
    ]
    stated = json.loads((folder / "both" / "statement-of-applicability-2013.json").read_bytes())
    assert (stated["opd"], stated["edition"], stated["language"]) == (None, "2013", "en")
    assert [one["opd"] for one in stated["opds"]] == ["bkd", "dinkes"]


@pytest.mark.parametrize("command", WRONG)
def test_a_wrong_wish_is_refused_with_what_there_is(
    command: str, folder: Path, ended: dict[str, Result]
) -> None:
    seen = ended[command]
    assert (seen.code, seen.out) == (2, ""), seen.text
    assert "Traceback" not in seen.err
    assert seen.err.strip()
    assert not (folder / "wrong").exists()


def test_without_any_audit_the_command_says_how_to_make_one(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": "127.30.1.1"})
    (seen,) = auditors([["statement"]], cwd=tmp_path)
    assert (seen.code, seen.out) == (2, "")
    assert "Next: make one with: auditor audit" in seen.err
