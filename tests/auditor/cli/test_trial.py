"""A trial from the command line: started, measured, looked at, closed; and the admission of one server."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.auditor.cli.command import Result, auditor
from tests.auditor.cli.world import free_network, site, write_files

BY = ("--by", "Siti Aminah, S.Kom.")
SAID = ("--remark", "Uji coba berjalan sesuai rencana.")


def listed(seen: Result) -> list[dict[str, object]]:
    """Return the rows that a command printed as JSON."""
    rows = json.loads(seen.out)
    assert isinstance(rows, list)
    return rows


def test_a_trial_from_its_first_to_its_last_command(tmp_path: Path) -> None:
    network = free_network()
    with site(f"{network}.1") as web:
        write_files(tmp_path, {"situs": web.address, "kosong": f"{network}.2"})
        assert auditor("audit", cwd=tmp_path).code in (0, 1, 3)
        started = auditor(
            "trial", "start", "--name", "Uji coba ruang server", *BY, "--days", "10", cwd=tmp_path
        )
        assert started.code == 0, started.text
        assert "dinkes: target 75 %" in started.out
        again = auditor("trial", "start", "--name", "Kedua", *BY, cwd=tmp_path)
        assert (again.code, "is open until" in again.err) == (2, True)
        status = auditor("trial", "status", "-o", "pages", cwd=tmp_path)
        assert status.code == 0, status.text
        assert "9 days left" in status.out
        assert (tmp_path / "pages" / "status-masa-uji-coba.html").is_file()
        gate = auditor("trial", "gate", "-f", "json", cwd=tmp_path)
        assert gate.code == 1
        decisions = {str(row["server"]): row["decision"] for row in listed(gate)}
        assert set(decisions) == {"situs", "kosong"}
        assert {row["check"] for row in listed(gate) if row["server"] == "situs"} >= {"http-login-encrypted"}
    short = auditor("trial", "close", *BY, "--remark", "Beres", "-o", "pages", cwd=tmp_path)
    assert (short.code, "--remark says too little" in short.err) == (2, True)
    closed = auditor("trial", "close", *BY, *SAID, "-o", "pages", cwd=tmp_path)
    assert closed.code == 0, closed.text
    (report,) = (tmp_path / "pages").glob("laporan-penutupan-*.html")
    assert auditor("trial", "close", *BY, *SAID, "-o", "pages", cwd=tmp_path).code == 2
    assert auditor("trial", "status", cwd=tmp_path).code == 2
    assert auditor("trial", "report", "-o", "again", cwd=tmp_path).code == 0
    assert (tmp_path / "again" / report.name).read_bytes() == report.read_bytes()
    (row,) = listed(auditor("trial", "list", "-f", "json", cwd=tmp_path))
    assert (row["name"], row["closed_by"]) == ("Uji coba ruang server", "Siti Aminah, S.Kom.")
    assert auditor("evidence", "verify", cwd=tmp_path).code == 0


def test_an_admission_measures_one_server_and_writes_its_record(tmp_path: Path) -> None:
    network = free_network()
    with site(f"{network}.1") as web:
        write_files(tmp_path, {"situs": web.address, "lain": f"{network}.2"})
        seen = auditor("admission", "situs", *BY, "-o", "pages", cwd=tmp_path)
    assert seen.code == 1, seen.text
    assert "situs: not yet admitted" in seen.out or "situs: admitted with conditions" in seen.out
    names = sorted(path.name for path in (tmp_path / "pages").iterdir())
    assert names == [
        "berita-acara-penerimaan-server-situs.html",
        "server-admission-record-situs.html",
        "server-admission-record-situs.json",
    ]
    record = json.loads((tmp_path / "pages" / names[-1]).read_bytes())
    assert record["gate"]["server"] == "situs"
    assert record["asked_by"] == "Siti Aminah, S.Kom."
    assert record["proof"]["run"] == record["gate"]["run"]
    gate = listed(auditor("trial", "gate", "--server", "lain", "-f", "json", cwd=tmp_path))
    assert [row["reason"] for row in gate] == ["never_measured"]


def test_a_server_without_anything_wrong_is_admitted(tmp_path: Path) -> None:
    write_files(tmp_path, {"kosong": f"{free_network()}.1"})
    seen = auditor("admission", "kosong", "-o", "pages", cwd=tmp_path)
    assert (seen.code, "kosong: admitted" in seen.out) == (0, True), seen.text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("admission", "tak-ada"), "tak-ada is no server that could stand in the room"),
        (("admission", "situs", "--by", "x"), '--by "x" is no name'),
        (("trial", "gate", "--server", "tak-ada"), "tak-ada is no server that could stand in the room"),
        (("trial", "status"), "no trial is open"),
        (("trial", "report", "-o", "pages"), "no trial was closed yet"),
        (("trial", "start", "--name", "Uji", *BY, "--from", "besok"), '--from "besok" is no day'),
        (("trial", "start", "--name", "Uji", *BY, "--days", "0"), "--days 0 is no length of a trial"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_next_step(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    write_files(tmp_path, {"situs": "127.30.0.1"})
    seen = auditor(*words, cwd=tmp_path)
    assert seen.code == 2
    assert told in seen.err
    assert "Next: " in seen.err
    assert not (tmp_path / "pages").exists()


def test_a_trial_begins_on_the_day_that_is_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": "127.30.0.1"})
    # Two days ahead, so that midnight between the two commands changes nothing.
    first = date.today() + timedelta(days=2)  # noqa: DTZ011 - any day ahead will do
    seen = auditor("trial", "start", "--name", "Uji coba", *BY, "--from", str(first), cwd=tmp_path)
    assert seen.code == 0, seen.text
    assert f"{first} to {first + timedelta(days=29)}" in seen.out
    assert "the first audit of its days" in seen.out
    status = auditor("trial", "status", cwd=tmp_path)
    assert f"{first + timedelta(days=29)}, begins in " in status.out
    assert "days left" not in status.out
    assert "day -" not in status.out


def test_a_trial_that_is_closed_without_any_audit_says_so(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": "127.30.0.1"})
    assert auditor("trial", "start", "--name", "Uji coba", *BY, cwd=tmp_path).code == 0
    closed = auditor("trial", "close", *BY, *SAID, "-o", "pages", cwd=tmp_path)
    assert closed.code == 0, closed.text
    assert "This trial had no audit" in closed.err
