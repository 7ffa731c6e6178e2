"""Measuring findings again from the command line: a real site, exit codes, the record, every mistake told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.cli.command import auditor
from tests.auditor.cli.world import free_network, site, write_files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which one site was audited, and then measured again: as it was, and switched off."""
    made = tmp_path_factory.mktemp("verified")
    address = f"{free_network()}.1"
    with site(address) as web:
        write_files(made, {"situs": web.address})
        assert auditor("scan", cwd=made).code == 0
        assert auditor("assess", cwd=made).code in (1, 3)
        finding = _failing(made)["id"]
        first = auditor("verify", finding, "-f", "json", "--output", "keluar", cwd=made)
        (made / "first.json").write_text(json.dumps([first.code, json.loads(first.out)]))
    second = auditor("verify", finding, "--by", "Siti Aminah", cwd=made)
    (made / "second.txt").write_text(f"{second.code}\n{second.out}")
    return made


def _failing(folder: Path) -> dict[str, Any]:
    listed = json.loads(auditor("findings", "list", "-f", "json", cwd=folder).out)
    return next(one for one in listed if one["check"].startswith("http-") and one["verdict"] == "FAIL")


def records(folder: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(auditor("verify", "--list", "-f", "json", cwd=folder).out)
    return listed


def test_what_still_fails_ends_with_one_and_is_written_for_signing(folder: Path) -> None:
    code, (item,) = json.loads((folder / "first.json").read_text())
    assert (code, item["result"], item["server"]) == (1, "failing", "situs")
    assert item["evidence"]
    names = sorted(path.name.rpartition("-2")[0] for path in (folder / "keluar").iterdir())
    assert names == ["berita-acara-uji-ulang-dinkes", "retest-record", "retest-record-dinkes"]


def test_what_is_not_there_any_more_ends_clean(folder: Path) -> None:
    code, *lines = (folder / "second.txt").read_text().splitlines()
    assert code == "0"
    assert any("fixed" in line for line in lines)
    assert lines[-1].endswith("1 fixed, 0 still failing, 0 not measurable.")


def test_the_list_of_findings_shows_what_was_measured_again_since_the_audit(folder: Path) -> None:
    (again,) = [one for one in json.loads(_listed(folder, "json")) if one["retest"]]
    assert (again["status"], again["overdue"]) == ("fixed", False)
    assert (again["retest"]["result"], again["retest"]["asked_by"]) == ("fixed", "Siti Aminah")
    assert again["fixed_at"] == again["retest"]["at"]
    assert f"fixed {again['retest']['at']}" in _listed(folder, "csv", "--status", "fixed")
    assert again["id"] not in _listed(folder, "csv", "--status", "new")


def _listed(folder: Path, form: str, *more: str) -> str:
    return auditor("findings", "list", "-f", form, *more, cwd=folder).out


def test_records_are_listed_and_shown_again_without_measuring(folder: Path) -> None:
    first, second = records(folder)
    assert [(one["state"], one["fixed"], one["failing"]) for one in (first, second)] == [
        ("complete", 0, 1),
        ("complete", 1, 0),
    ]
    assert second["asked_by"] == "Siti Aminah"
    again = auditor("verify", "--show", first["run"], "--output", "lagi", "-f", "json", cwd=folder)
    assert again.code == 1
    assert json.loads(again.out)[0]["result"] == "failing"
    before, after = (
        {path.name: path.read_bytes() for path in (folder / name).iterdir()} for name in ("keluar", "lagi")
    )
    assert before == after
    assert len(records(folder)) == 2


def test_a_retest_is_listed_as_one_and_is_no_audit(folder: Path) -> None:
    runs = json.loads(auditor("runs", "-f", "json", cwd=folder).out)
    assert [run["kind"] for run in runs] == ["audit", "retest", "retest"]
    for command in (("report", runs[1]["run"]), ("assess", runs[1]["run"])):
        refused = auditor(*command, cwd=folder)
        assert refused.code == 2
        assert "is a re-test, not an audit" in refused.err
    assert auditor("report", cwd=folder).code == 0
    assert auditor("evidence", "verify", cwd=folder).code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "nothing to measure again was named"),
        (("F-000000000000",), "there is no finding F-000000000000"),
        (("--opd", "dinkess"), "no OPD or server named dinkess"),
        (("--list", "--opd", "dinkes"), "too many things at once"),
        (("--show", "run-9"), "there is no re-test run-9"),
        (("--opd", "dinkes", "--by", "1"), '--by "1" is no name'),
        (("--opd", "dinkes", "--reason", "ya"), "--reason says too little"),
    ],
)
def test_every_mistake_is_told_with_the_next_step(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    refused = auditor("verify", *arguments, cwd=folder)
    assert refused.code == 2
    assert told in refused.err
    assert len(records(folder)) == 2
