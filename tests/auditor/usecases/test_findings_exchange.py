"""Findings out to a table and back: only who mends what is read, and reading twice changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from auditor.usecases.acknowledge import acknowledge, withdraw
from auditor.usecases.errors import UsageProblem
from auditor.usecases.findings_exchange import bring_in, hand_out, write_csv, write_xlsx
from auditor.usecases.findings_read import read_findings
from auditor.usecases.findings_table import FIELDS, Findings, findings_table
from auditor.usecases.waive import Desk
from tests.auditor.usecases.taking_on import PLAN, WHO, Office, copied, judged_office, problems, some_finding
from tests.auditor.usecases.waiving import later
from tests.auditor.usecases.world import World

BY = "Siti Aminah"
COLUMN = {field.key: number for number, field in enumerate(FIELDS, start=1)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    return judged_office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(made: tuple[Path, World], tmp_path: Path) -> Iterator[Office]:
    office = copied(made, tmp_path)
    yield office
    office.workspace.engine.dispose()


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def exported(desk: Desk, path: Path, language: str = "id") -> Path:
    hand_out(findings_table(desk, language), path)
    return path


Filled = Mapping[str, object]


def fill_xlsx(path: Path, filled: Mapping[str, Filled]) -> None:
    """Write into the rows of some findings, as a spreadsheet program would."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        for key, value in filled.get(str(row[0].value), {}).items():
            sheet.cell(row[0].row, COLUMN[key]).value = value
    book.save(path)


def fill_csv(path: Path, filled: Mapping[str, Filled]) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    for row in rows:
        row.update({key: str(value) for key, value in filled.get(row["id"], {}).items()})
    out = io.StringIO()
    # As a spreadsheet program in Indonesian writes it.
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8")


FORMS = [("t.xlsx", fill_xlsx), ("t.csv", fill_csv)]


@pytest.mark.parametrize(("name", "fill"), FORMS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_filled_in_is_taken_in_once_and_the_rest_is_ignored(
    desk: Desk, folder: Path, name: str, fill: Callable[[Path, Mapping[str, Filled]], None], language: str
) -> None:
    path = exported(desk, folder / name, language)
    first, second = some_finding(desk), some_finding(desk, 1)
    answer = {"owner": WHO[0], "plan": WHO[1]}
    fill(
        path,
        {
            first: {**answer, "planned": "2026-11-30", "severity": "info", "due": "2099-01-01"},
            second: answer,
        },
    )
    dues = {one.id: one.due for one in desk.workspace.results.findings().values()}
    taken = bring_in(desk, path, BY).taken
    assert {(one.finding, one.owner, one.plan, one.planned) for one in taken.made} == {
        (first, *WHO, date(2026, 11, 30)),
        (second, *WHO, None),
    }
    assert {one.id: one.due for one in desk.workspace.results.findings().values()} == dues
    log = desk.workspace.decisions.all()
    again = bring_in(replace(desk, seen=len(log)), path, "Rudi Hartono")
    assert (again.taken.made, set(again.taken.known)) == ((), {first, second})
    assert desk.workspace.decisions.all() == log


@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
def test_an_export_brought_in_untouched_changes_nothing_even_later(
    desk: Desk, folder: Path, name: str
) -> None:
    finding = some_finding(desk)
    acknowledge(desk, [finding], *WHO, "2026-11-23", BY)
    path = exported(desk, folder / name)
    withdraw(desk, [finding], BY, "Pindah bidang")
    acknowledge(desk, [some_finding(desk, 1)], *WHO, "", BY)
    log = desk.workspace.decisions.all()
    brought = bring_in(later(desk, 40), path, BY)
    assert (brought.taken.made, brought.emptied) == ((), ())
    assert desk.workspace.decisions.all() == log


def test_a_row_that_others_changed_meanwhile_is_not_overwritten(desk: Desk, folder: Path) -> None:
    finding = some_finding(desk)
    path = exported(desk, folder / "t.xlsx")
    acknowledge(desk, [finding], "Rudi Hartono", PLAN, "", "Rudi Hartono")
    fill_xlsx(path, {finding: {"owner": WHO[0], "plan": WHO[1]}})
    (told,) = problems(lambda: bring_in(desk, path, BY))
    assert "Rudi Hartono wrote something else here on 2026-11-22" in told
    assert "export again" in told
    assert len(desk.workspace.decisions.all()) == 1


def test_rows_that_were_emptied_keep_their_answer_and_are_told(desk: Desk, folder: Path) -> None:
    finding = some_finding(desk)
    acknowledge(desk, [finding], *WHO, "", BY)
    path = exported(desk, folder / "t.csv")
    fill_csv(path, {finding: {"owner": "", "plan": "", "planned": ""}})
    brought = bring_in(desk, path, BY)
    assert (brought.taken.made, brought.emptied) == ((), (finding,))


def test_every_problem_is_told_at_once_with_its_sheet_row_and_column(desk: Desk, folder: Path) -> None:
    path = exported(desk, folder / "t.xlsx")
    ids = [some_finding(desk, number) for number in range(4)]
    fill_xlsx(
        path,
        {
            ids[0]: {"owner": "Budi Santoso"},
            ids[1]: {"plan": PLAN, "owner": "!", "planned": "30/11/2026"},
            ids[2]: {"owner": WHO[0], "plan": PLAN, "planned": datetime(2026, 11, 1)},  # noqa: DTZ001
            ids[3]: {"id": "F-ffffffffffff", "owner": WHO[0], "plan": PLAN},
        },
    )
    rows = {str(row[0].value): row[0].row for row in load_workbook(path).worksheets[0].iter_rows()}
    told = problems(lambda: bring_in(desk, path, BY))
    places = {one.removeprefix(f"{path}:").split(":")[2].strip() for one in told}
    assert places == {
        f"Temuan!S{rows[ids[0]]}",
        f"Temuan!R{rows[ids[1]]}",
        f"Temuan!T{rows[ids[1]]}",
        f"Temuan!T{rows[ids[2]]}",
        f"Temuan!A{rows['F-ffffffffffff']}",
    }
    assert desk.workspace.decisions.all() == ()


def test_what_was_fixed_meanwhile_is_told_and_hinders_nothing(desk: Desk, folder: Path) -> None:
    fixed, open_one = some_finding(desk), some_finding(desk, 1)
    path = exported(desk, folder / "t.csv")
    fill_csv(path, {one: {"owner": WHO[0], "plan": PLAN} for one in (fixed, open_one)})
    with desk.workspace.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE findings SET status = 'fixed' WHERE id = ?", (fixed,))
    brought = bring_in(desk, path, BY)
    assert [one.finding for one in brought.taken.made] == [open_one]
    assert brought.taken.closed == (fixed,)
    assert fixed not in {row["id"] for row in findings_table(desk, "id").rows}
    assert fixed in {row["id"] for row in findings_table(desk, "id", closed=True).rows}


def test_no_cell_is_a_formula_and_texts_come_back_as_they_were(desk: Desk, folder: Path) -> None:
    finding = some_finding(desk)
    plan = "=HYPERLINK(siti) lalu - perbarui"
    acknowledge(desk, [finding], "@Budi Santoso", plan, "", BY)
    for name in ("t.xlsx", "t.csv"):
        path = exported(desk, folder / name)
        (line,) = [one for one in read_findings(path.read_bytes(), path) if one.entry.finding == finding]
        assert (line.entry.owner, line.entry.plan) == ("@Budi Santoso", plan)
        assert bring_in(replace(desk, seen=1), path, BY).taken.made == ()
    sheet = load_workbook(folder / "t.xlsx").worksheets[0]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    cells = [
        cell for row in csv.reader(io.StringIO((folder / "t.csv").read_text("utf-8-sig"))) for cell in row
    ]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]


def test_a_table_of_another_tool_needs_only_id_owner_and_plan(desk: Desk, folder: Path) -> None:
    finding = some_finding(desk)
    path = folder / "jira.csv"
    path.write_text(
        f'"Kunci","id","owner","plan"\n"OPD-1","{finding}","{WHO[0]}","{PLAN}"\n"OPD-2","","",""\n'
    )
    assert [one.finding for one in bring_in(desk, path, BY).taken.made] == [finding]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("owner,plan\nBudi,Perbarui\n", "has no column"),
        ("id,plan\nF-1,Perbarui\n", "there is no column"),
        ("id,owner,plan,owner\nF-1,Budi,Perbarui,Rudi\n", "is there twice"),
        ("id,owner,plan\n,Budi Santoso,Perbarui nginx\n", "write its id"),
        ("id,owner,plan\nF-1,Budi,Satu\nF-1,Rudi,Dua\n", "line 2 says something else of it"),
        ("id,owner,plan,log_entry\nF-1,Budi Santoso,Perbarui,satu\n", "leave it as it was"),
        ('id,owner,plan\nF-1,"Budi\n', "is no CSV"),
        ("", "has no column"),
        ("\x00", "has no column"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(desk: Desk, folder: Path, text: str, told: str) -> None:
    path = folder / "rusak.csv"
    path.write_text(text)
    assert any(told in one for one in problems(lambda: bring_in(desk, path, BY)))


def test_a_log_entry_of_another_workspace_is_told(desk: Desk, folder: Path) -> None:
    path = folder / "lain.csv"
    path.write_text(f"id,owner,plan,log_entry\n{some_finding(desk)},Budi Santoso,Perbarui nginx,77\n")
    (told,) = problems(lambda: bring_in(desk, path, BY))
    assert "is no entry of this log" in told


@pytest.mark.parametrize("name", ["t.ods", "t.txt", "t"])
def test_other_forms_are_refused_both_ways(desk: Desk, folder: Path, name: str) -> None:
    with pytest.raises(UsageProblem):
        exported(desk, folder / name)
    (folder / name).write_text("id,owner,plan\n")
    assert "neither .xlsx nor .csv" in problems(lambda: bring_in(desk, folder / name, BY))[0]


def test_a_file_that_is_there_is_not_overwritten(desk: Desk, folder: Path) -> None:
    path = exported(desk, folder / "t.csv")
    with pytest.raises(UsageProblem):
        exported(desk, path)


def test_more_findings_than_a_sheet_holds_come_back_from_several(desk: Desk) -> None:
    row = findings_table(desk, "id").rows[0]
    many = Findings(tuple({**row, "id": f"F-{number:012x}", "owner": "Budi"} for number in range(7)), "id")
    for path, content in ((Path("t.xlsx"), write_xlsx(many, 3)), (Path("t.csv"), write_csv(many))):
        lines = read_findings(content, path)
        assert [one.entry.finding for one in lines] == [row["id"] for row in many.rows]


def test_one_agency_is_handed_only_its_own(desk: Desk) -> None:
    rows = findings_table(desk, "id", ("bkd",)).rows
    assert {row["opd"] for row in rows} == {"bkd"}
    assert len(rows) < len(findings_table(desk, "id").rows)
