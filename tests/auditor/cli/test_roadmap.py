"""`auditor roadmap` writes the plan, says what it comes to, and what another capacity would change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.cli.command import Result, auditors
from tests.auditor.usecases.statements import judged_workspace
from tests.auditor.usecases.test_assess import SMALL, WORLD

RIGHT = {
    "default": "roadmap -o default",
    "named": f"roadmap {WORLD.run.id} --opd dinkes --format json --language en -o named",
    "less": "roadmap --format json --capacity 1 --opd-capacity 1 --years 1 -o less",
    "report": "report -o report",
}
WRONG = {
    "roadmap no-such-run -o wrong": "there is no audit no-such-run",
    "roadmap --opd bdk -o wrong": "no OPD 'bdk'",
    "roadmap --format docx -o wrong": "unknown format docx; choose of: html",
    "roadmap --capacity 0 -o wrong": "Next: write a number from 0.25 to 10000",
    "roadmap --opd-capacity -3 -o wrong": "Next: write a number from 0.25 to 10000",
    "roadmap --capacity nan -o wrong": "Next: write a number from 0.25 to 10000",
    "roadmap --opd-capacity nan -o wrong": "Next: write a number from 0.25 to 10000",
    "roadmap --capacity inf -o wrong": "Next: write a number from 0.25 to 10000",
    "roadmap --capacity 1e308 -o wrong": "Next: write a number from 0.25 to 10000",
    "roadmap --years 11 -o wrong": "--years",
    "roadmap --language xx -o wrong": "there are no reports in language xx",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose workspace holds one judged run."""
    made = tmp_path_factory.mktemp("planned")
    judged_workspace(made / "audit-data", SMALL).engine.dispose()
    return made


@pytest.fixture(scope="module")
def ended(folder: Path) -> dict[str, Result]:
    """Return how every command ended."""
    lines = [*RIGHT.values(), *WRONG]
    seen = auditors([line.split() for line in lines], cwd=folder)
    return dict(zip([*RIGHT, *WRONG], seen, strict=True))


def plan(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def test_by_default_page_and_workbook_are_written_and_summed_up(
    folder: Path, ended: dict[str, Result]
) -> None:
    seen, out = ended["default"], folder.resolve() / "default"
    assert (seen.code, seen.err) == (0, "")
    told, written = seen.out.splitlines()
    assert "person-days, done by 20" in told
    files = sorted(path.name for path in out.iterdir())
    assert written == f"{len(files)} files written to {out}; start with {out / 'peta-jalan.html'}"
    assert {"peta-jalan.html", "peta-jalan.xlsx", "peta-jalan-dinkes.html"} <= set(files)


def test_one_opd_is_written_alone(folder: Path, ended: dict[str, Result]) -> None:
    assert ended["named"].code == 0
    assert [path.name for path in (folder / "named").iterdir()] == ["roadmap-dinkes.json"]
    assert plan(folder / "named" / "roadmap-dinkes.json")["opd"] == "dinkes"


def test_less_capacity_is_told_and_written(folder: Path, ended: dict[str, Result]) -> None:
    less = plan(folder / "less" / "peta-jalan.json")
    assert less["rules"]["days_per_quarter"] == {"centre": 1, "opd": 1}
    assert less["rules"]["years"] == 1
    without = sum(one["year"] is None for one in less["packages"])
    assert without > 0
    assert f"without room: {without}\n" in ended["less"].out


def test_a_report_has_the_page_too(folder: Path, ended: dict[str, Result]) -> None:
    assert ended["report"].code == 0
    page = (folder / "report" / "peta-jalan-dinkes.html").read_text()
    assert (folder / "default" / "peta-jalan-dinkes.html").read_text() == page
    assert 'href="peta-jalan.html"' in (folder / "report" / "index.html").read_text()


@pytest.mark.parametrize(("line", "told"), WRONG.items())
def test_a_wrong_wish_writes_nothing_and_says_what_to_do(
    folder: Path, ended: dict[str, Result], line: str, told: str
) -> None:
    assert ended[line].code == 2
    assert told in ended[line].err
    assert not (folder / "wrong").exists()
