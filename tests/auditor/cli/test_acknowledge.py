"""Findings taken on from the command line, in a table, and in a calendar."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.auditor.cli.command import auditor, auditors
from tests.auditor.cli.world import free_network, site, write_files

WHO = ("--owner", "Budi Santoso", "--plan", "Memperbarui konfigurasi nginx.")
BY = ("--by", "Siti Aminah, S.Kom.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which one server was measured and judged."""
    made = tmp_path_factory.mktemp("taken-on")
    with site(f"{free_network()}.1") as web:
        write_files(made, {"situs": web.address})
        assert auditor("scan", cwd=made).code == 0
    assert auditor("assess", cwd=made).code in (1, 3)
    return made


def listed(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(auditor("findings", "list", "-f", "json", cwd=folder).out)
    return found


def test_a_finding_is_taken_on_shown_and_given_back(folder: Path) -> None:
    finding = str(listed(folder)[0]["id"])
    taken = auditor("findings", "acknowledge", finding, *WHO, "--until", "2026-01-01", *BY, cwd=folder)
    assert (taken.code, taken.out) == (2, "")
    assert "--until: 2026-01-01 has passed" in taken.err
    taken = auditor("findings", "acknowledge", finding, *WHO, *BY, cwd=folder)
    assert taken.code == 0, taken.text
    assert taken.out.startswith(f"Taken on: 1 finding ({finding}).")
    told, shown, table = auditors(
        [
            ["findings", "list", "-f", "json", "--status", "acknowledged"],
            ["findings", "show", finding],
            ["findings", "list", "-f", "csv"],
        ],
        cwd=folder,
    )
    (one,) = json.loads(told.out)
    assert one["id"] == finding
    assert one["acknowledgement"] == {"owner": "Budi Santoso", "plan": WHO[3], "planned": None}
    assert one["overdue"] is False
    assert "Memperbarui konfigurasi nginx." in shown.out
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(table.out, newline=""))}
    assert (rows[finding]["owner"], rows[finding]["overdue"]) == ("Budi Santoso", "")
    back = auditor("findings", "unacknowledge", finding, *BY, "--reason", "Pindah bidang", cwd=folder)
    assert back.code == 0, back.text
    assert "acknowledged" not in {one["status"] for one in listed(folder)}
    assert auditor("evidence", "verify", cwd=folder).code == 0


def test_a_table_goes_out_and_comes_back(folder: Path) -> None:
    sent = auditor("findings", "export", "-o", "temuan.csv", "--opd", "dinkes", cwd=folder)
    assert sent.code == 0, sent.text
    assert "auditor findings import temuan.csv --by NAME" in sent.out
    path = folder / "temuan.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    rows[0].update(owner="Budi Santoso", plan="Memperbarui konfigurasi nginx.")
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8")
    nobody, first, second, over = auditors(
        [
            ["findings", "import", "temuan.csv"],
            ["findings", "import", "temuan.csv", *BY],
            ["findings", "import", "temuan.csv", *BY],
            ["findings", "export", "-o", "temuan.csv"],
        ],
        cwd=folder,
    )
    assert (nobody.code, over.code) == (2, 2)
    assert first.out.startswith("Taken on: 1 finding")
    assert second.out == "Nothing is new; nothing was changed.\n"


def test_a_card_says_who_mends_what_in_both_languages(folder: Path) -> None:
    finding = str(listed(folder)[0]["id"])
    assert auditor("findings", "acknowledge", finding, *WHO, *BY, cwd=folder).code == 0
    for language, said in (("id", "Ditangani oleh Budi Santoso"), ("en", "Budi Santoso mends it")):
        out = folder / f"cards-{language}"
        made = auditor("report", "-o", str(out), "-l", language, cwd=folder)
        assert made.code == 0, made.text
        assert any(said in page.read_text("utf-8") for page in out.glob("*.html"))


def test_a_calendar_is_written_and_written_again(folder: Path) -> None:
    first, second, other = auditors(
        [
            ["calendar", "-o", "tilik.ics"],
            ["calendar", "-o", "tilik.ics", "--opd", "dinkes", "--days", "3"],
            ["calendar", "-o", "lain.ics", "--opd", "dikes"],
        ],
        cwd=folder,
    )
    assert (first.code, second.code, other.code) == (0, 0, 2)
    assert "choose of: dinkes" in other.err
    assert (folder / "tilik.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert not (folder / "lain.ics").exists()
