"""Answers from the command line: given, listed, sent round as a workbook, brought back, judged with."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from tests.auditor.cli.command import Result, auditor, auditors
from tests.auditor.cli.world import free_network, site, write_files

SITI = ("--by", "Siti Aminah, S.Kom.")
WHY = ("--justification", "Peraturan Bupati berlaku.\n=cmd|' /C calc'!A0")
PAPER = ("--reference", "Perbup 12/2025")


def day(days: int) -> str:
    """Return a day from today on, in the zone of the inventory that the tests write."""
    return (datetime.now(ZoneInfo("Asia/Jakarta")).date() + timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which one server was measured and judged."""
    made = tmp_path_factory.mktemp("attested")
    with site(f"{free_network()}.1") as web:
        write_files(made, {"situs": web.address})
        assert auditor("scan", cwd=made).code == 0
    assert auditor("assess", cwd=made).code in (1, 3)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder without any audit, with a file to hand in."""
    write_files(tmp_path, {"situs": "127.30.1.1"})
    (tmp_path / "sk.pdf").write_bytes(b"%PDF-1.7 isi")
    return tmp_path


def answered(folder: Path, control: str, *more: str) -> Result:
    """Give an answer for dinkes, which must succeed."""
    seen = auditor("attest", "set", control, "--opd", "dinkes", *SITI, *WHY, *more, cwd=folder)
    assert (seen.code, seen.err) == (0, ""), seen.text
    return seen


def listed(folder: Path, *more: str) -> list[dict[str, object]]:
    """Return the answers as JSON."""
    seen = auditor("attest", "list", "-f", "json", *more, cwd=folder)
    assert seen.code == 0, seen.text
    rows: list[dict[str, object]] = json.loads(seen.out)
    return rows


def test_from_a_workbook_to_a_card_that_counts_the_answer(judged: Path) -> None:
    book = judged / "isian.xlsx"
    seen = auditor("attest", "export", "--opd", "dinkes", "-o", book, cwd=judged)
    assert (seen.code, seen.err) == (0, "")
    assert f"auditor attest import {book}" in seen.out
    opened = openpyxl.load_workbook(book)
    sheet = opened.worksheets[0]
    head = {str(cell.value): cell.column for cell in sheet[2]}
    rows = {str(row[2].value): row[0].row for row in sheet.iter_rows(min_row=3)}
    assert len(rows) == 93
    measured = sheet.cell(rows["A.8.24"], head["Status terukur"]).value
    assert measured not in (None, "", "Belum Dinilai")
    (judged / "bukti").mkdir()
    (judged / "bukti/sk.pdf").write_bytes(b"%PDF")
    for title, value in {
        "Jawaban": "Sesuai",
        "Penjelasan jawaban": "Ditetapkan.",
        "Berkas bukti, satu per baris": "bukti/sk.pdf",
        "Dijawab oleh": "Siti Aminah",
    }.items():
        sheet.cell(rows["A.5.1"], head[title]).value = value
    opened.save(book)
    taken = auditor("attest", "import", book, cwd=judged)
    assert (taken.code, taken.err) == (0, "")
    assert taken.out.splitlines()[0] == "Taken in: 1 answer, 0 decisions on applicability, 1 file."
    assert "auditor assess" in taken.out
    again = auditor("attest", "import", book, cwd=judged)
    assert (again.code, again.out) == (0, "Nothing is new; nothing was changed.\n")
    assert auditor("assess", cwd=judged).code in (1, 3)
    assert auditor("report", "--format", "json", "-o", "kartu", cwd=judged).code == 0
    card = (judged / "kartu/kartu-skor-dinkes.json").read_text()
    (row,) = listed(judged)
    assert str(row["id"]) in card
    verified = auditor("evidence", "verify", cwd=judged)
    assert (verified.code, "1 decisions, all as written" in verified.out) == (0, True)


def test_an_answer_is_given_listed_shown_and_withdrawn(folder: Path) -> None:
    seen = answered(folder, "a.5.1", "--answer", "sesuai", *PAPER, "--evidence", "sk.pdf", "--until", day(10))
    name = seen.out.splitlines()[0].partition(":")[0]
    assert seen.out.splitlines()[0] == f"{name}: A.5.1, conforms, until {day(10)}"
    (row,) = listed(folder)
    assert (row["id"], row["state"], row["days_left"], row["attested_on"]) == (name, "expiring", 10, day(0))
    warned = auditor("attest", "list", cwd=folder)
    assert "1 answer will end within 30 days" in warned.err
    assert f"sha256:{row['evidence'][0]['digest']}" in auditor("attest", "show", name, cwd=folder).out  # type: ignore[index]
    assert auditor("attest", "withdraw", name, "--by", "Budi", "--reason", "Salah.", cwd=folder).code == 0
    assert listed(folder) == []
    (ended,) = listed(folder, "--state", "withdrawn")
    assert ended["id"] == name
    (shown,) = json.loads(auditor("attest", "show", name, "-f", "json", cwd=folder).out)
    assert (shown["withdrawn_by"], shown["withdrawn_because"]) == ("Budi", "Salah.")


def test_evidence_is_written_back_and_overwrites_nothing(folder: Path) -> None:
    answered(folder, "A.5.1", "--answer", "sesuai", "--evidence", "sk.pdf")
    digest = listed(folder)[0]["evidence"][0]["digest"]  # type: ignore[index]
    seen = auditor("attest", "evidence", digest, "-o", "lagi.pdf", cwd=folder)
    assert (seen.code, seen.out) == (0, "wrote lagi.pdf, which was called sk.pdf\n")
    assert (folder / "lagi.pdf").read_bytes() == b"%PDF-1.7 isi"
    for path in ("lagi.pdf", "sk.pdf"):
        again = auditor("attest", "evidence", digest, "-o", path, cwd=folder)
        assert (again.code, again.out) == (2, "")
    assert (folder / "sk.pdf").read_bytes() == b"%PDF-1.7 isi"
    kept = folder / "audit-data/raw" / digest[:2] / digest
    kept.write_bytes(b"lain")
    changed = auditor("attest", "evidence", digest, "-o", "lain.pdf", cwd=folder)
    assert (changed.code, (folder / "lain.pdf").exists()) == (2, False)
    assert auditor("evidence", "verify", cwd=folder).code == 3


def test_no_link_is_followed_and_no_folder_taken(folder: Path) -> None:
    (folder / "tautan.pdf").symlink_to("/etc/passwd")
    given = ("attest", "set", "A.5.1", "--opd", "dinkes", *SITI, *WHY, "--answer", "sesuai")
    wrong_ones = ("tautan.pdf", ".", "/dev/zero", "tidak-ada.pdf")
    commands = [[*given, "--evidence", wrong] for wrong in wrong_ones]
    for wrong, seen in zip(wrong_ones, auditors(commands, cwd=folder), strict=True):
        assert (seen.code, seen.out) == (2, ""), wrong
        assert seen.err.startswith(f'--evidence: "{wrong}": '), seen.err
    assert listed(folder) == []


def test_every_wrong_option_is_told_at_once(folder: Path) -> None:
    seen = auditor(
        *("attest", "set", "A.99", "--opd", "dinas", "--edition", "2022", "--answer", "mungkin"),
        *("--justification", "", "--by", "1", "--on", "besok", "--until", "kapan"),
        cwd=folder,
    )
    assert (seen.code, seen.out) == (2, "")
    told = {line.partition(":")[0] for line in seen.err.splitlines()[:-1]}
    assert told == {"--answer", "--by", "--justification", "--on", "--opd", "--until", "CONTROL"}
    assert seen.err.splitlines()[-1] == "7 problems; nothing was changed."


def test_parts_and_the_whole_organisation_can_be_answered(folder: Path) -> None:
    answered(folder, "A.5.1", "--answer", "partial", *PAPER, "--aspect", "effectiveness")
    whole = auditor(
        *(
            "attest",
            "set",
            "A.7.1.1",
            "--organization",
            "--edition",
            "2013",
            *SITI,
            *WHY,
            "--answer",
            "tidak-sesuai",
        ),
        cwd=folder,
    )
    assert whole.code == 0, whole.text
    assert [(row["edition"], row["opd"], row["aspect"]) for row in listed(folder)] == [
        ("2013", "*", "whole"),
        ("2022", "dinkes", "effectiveness"),
    ]
    assert [row["control"] for row in listed(folder, "--edition", "2013", "--opd", "*")] == ["A.7.1.1"]


def test_listings_tell_the_same_in_three_forms_and_hold_no_formula(folder: Path) -> None:
    answered(folder, "A.5.1", "--answer", "sesuai", *PAPER)
    table, plain = auditors([["attest", "list"], ["attest", "list", "-f", "csv"]], cwd=folder)
    (row,) = listed(folder)
    assert str(row["id"]) in table.out
    (written,) = csv.DictReader(io.StringIO(plain.out, newline=""))
    assert written["id"] == row["id"]
    for form in ("table", "csv"):
        shown = auditor("attest", "show", str(row["id"]), "-f", form, cwd=folder).out
        hidden = {one for one in shown if one != "\n" and unicodedata.category(one) in ("Cc", "Cf", "Cs")}
        assert not hidden - {"\r"}
    values = list(csv.reader(io.StringIO(shown, newline="")))
    assert not [cell for line in values for cell in line if cell.startswith(("=", "+", "-", "@"))]


WRONG = [
    "attest list --opd dinas",
    "attest list --control A.99",
    "attest list --edition 2005",
    "attest list --state lama",
    "attest show A-0000000000",
    "attest withdraw A-0000000000 --by Budi --reason Salah",
    "attest evidence 00 -o x",
    "attest evidence ../../keys/chain-head.key -o x",
    "attest export -o x.xlsx",
    "attest export --opd dinkes --organization -o x.xlsx",
    "attest export --opd dinas -o x.xlsx",
    "attest export --opd dinkes -o x.pdf",
    "attest export --opd dinkes -o inventory.yaml",
    "attest export --opd dinkes --edition 2005 -o x.xlsx",
    "attest export --opd dinkes --language xx -o x.xlsx",
    "attest import tidak-ada.xlsx",
    "attest import inventory.yaml",
    "attest import sk.pdf",
    "attest import .",
    "attest set A.5.1 --opd dinkes --by Budi --answer sesuai --justification x --aspect semua --reference SK",
    "attest set A.5.1 --by Budi --answer sesuai --justification x --reference SK",
    "attest set A.5.1 --opd dinkes --edition 2005 --by Budi --answer sesuai --justification x --reference SK",
]


def test_what_does_not_exist_is_refused_and_changes_nothing(folder: Path) -> None:
    before = (folder / "inventory.yaml").read_bytes()
    for line, seen in zip(WRONG, auditors([line.split() for line in WRONG], cwd=folder), strict=True):
        assert (seen.code, seen.out) == (2, ""), line
        assert "Traceback" not in seen.err, line
        assert seen.err.splitlines(), line
    assert (folder / "inventory.yaml").read_bytes() == before
    assert listed(folder, "--state", "in_force", "--state", "superseded") == []
    assert not list(folder.glob("x*"))


def test_without_any_answer_it_is_told_how_to_begin(folder: Path) -> None:
    seen = auditor("attest", "list", cwd=folder)
    assert (seen.code, seen.out) == (
        0,
        "No answer and no decision on applicability. Begin with: auditor attest export\n",
    )
    schema = auditor("attest", "schema", cwd=folder)
    assert json.loads(schema.out)["properties"]["version"] == {"const": 1, "type": "integer"}
