"""What is read from workbooks that spreadsheet programs write, and what is told of unusable ones."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from auditor.documents.workbook import MAXIMUM_COLUMNS, MAXIMUM_ROWS, Cell, read_workbook
from auditor.model.document import DocumentError
from tests.auditor.documents.workbooks import BOOK, cell, packed, parts, sheet, strings


def read(rows: str = "", **changed: str) -> list[str]:
    """Return the texts of the only sheet's cells."""
    (only,) = read_workbook(packed(parts(rows, **changed)), "isian.xlsx")
    return [one.text for row in only.rows for one in row]


def complaint(data: bytes) -> str:
    """Return what is told of a workbook that is refused."""
    with pytest.raises(DocumentError) as raised:
        read_workbook(data, "isian.xlsx")
    return str(raised.value)


def test_cells_know_their_names_and_empty_ones_are_left_out() -> None:
    rows = (
        '<row r="2"><c r="B2" t="s"><v>1</v></c><c r="AB2" t="inlineStr"><is><t>isi</t></is></c></row>'
        '<row r="3"><c r="A3" s="1"/><c r="C3" t="s"><v>0</v></c></row><row r="4"><c r="A4"/></row>'
    )
    (only,) = read_workbook(packed(parts(rows)), "isian.xlsx")
    assert only.rows == ((Cell(2, 2, "dua"), Cell(2, 28, "isi")), (Cell(3, 3, "satu"),))
    assert [one.name for row in only.rows for one in row] == ["B2", "AB2", "C3"]


def test_cells_without_names_follow_each_other() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    (only,) = read_workbook(packed(parts(rows)), "isian.xlsx")
    assert [one.name for row in only.rows for one in row] == ["A1", "B1", "A2"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<c><v>2022</v></c>", "2022"),
        ("<c><v>2022.0</v></c>", "2022"),
        ("<c><v>0.50</v></c>", "0.50"),
        ("<c><v>1E-3</v></c>", "1E-3"),
        ("<c><v>-12.00</v></c>", "-12"),
        ('<c t="b"><v>1</v></c>', "true"),
        ('<c t="b"><v>0</v></c>', "false"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="d"><v>2026-11-30T00:00:00</v></c>', "2026-11-30"),
        ('<c s="1"><v>46356</v></c>', "2026-11-30"),
        ('<c s="2"><v>46356</v></c>', "2026-11-30"),
        ('<c s="1"><v>46356.5</v></c>', "2026-11-30T12:00:00"),
        ('<c s="1"><v>0.25</v></c>', "06:00:00"),
        ('<c s="1"><v>9999999</v></c>', "9999999"),
        ('<c s="1"><v>-1</v></c>', "-1"),
        ('<c s="3"><v>46356</v></c>', "46356"),
        ('<c t="inlineStr"><is><t>=1+1</t></is></c>', "=1+1"),
        ('<c t="inlineStr"><is><t>a_x000D_&#10;b_x0009_</t></is></c>', "a\nb\t"),
        ('<c t="inlineStr"><is><t>_x005F_x0041_</t></is></c>', "_x0041_"),
        ('<c t="inlineStr"><is><r><t>SK </t></r><r><t>Bupati</t></r></is></c>', "SK Bupati"),
        ('<c t="str"><v>teks</v></c>', "teks"),
    ],
)
def test_a_cell_says_as_text_what_it_shows(content: str, text: str) -> None:
    assert read(sheet=cell(content)) == [text]


def test_shared_texts_leave_out_how_they_are_pronounced() -> None:
    shared = strings("<r><t>東</t></r><rPh><t>ひがし</t></rPh><r><t>京</t></r>")
    assert read('<row><c t="s"><v>0</v></c></row>', strings=shared) == ["東京"]


def test_days_can_be_counted_from_1904() -> None:
    book = BOOK.replace("<workbookPr/>", '<workbookPr date1904="1"/>')
    assert read('<row><c s="1"><v>44894</v></c></row>', book=book) == ["2026-11-30"]


def test_what_openpyxl_writes_is_read() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(
        ["A.5.1", date(2026, 11, 30), datetime.fromisoformat("2026-11-30T08:00"), 3, 0.5, True, None, "é\n"]
    )
    buffer = io.BytesIO()
    book.save(buffer)
    (only,) = read_workbook(buffer.getvalue(), "isian.xlsx")
    found = [one.text for one in only.rows[0]]
    assert found == ["A.5.1", "2026-11-30", "2026-11-30T08:00:00", "3", "0.5", "true", "é\n"]


def test_only_the_wanted_sheets_are_read() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Jawaban"
    book.worksheets[0]["A1"] = "isi"
    book.create_sheet("Hitungan")["A1"] = "=SUM(1,2)"
    buffer = io.BytesIO()
    book.save(buffer)
    (only,) = read_workbook(buffer.getvalue(), "isian.xlsx", wanted=("JAWABAN",))
    assert (only.name, only.rows[0][0].text) == ("Jawaban", "isi")
    assert complaint(buffer.getvalue()).startswith("isian.xlsx:1:1: A1 holds a formula; paste it as a value")


def test_every_formula_and_merged_cell_is_told_with_its_place() -> None:
    rows = '<row r="12"><c r="E12"><f>1+1</f><v>2</v></c><c r="F12" t="str"><f>A1</f><v>x</v></c></row>'
    merged = '<mergeCells><mergeCell ref="A3:B4"/></mergeCells>'
    assert complaint(packed(parts(sheet=sheet(rows, merged)))).splitlines() == [
        "isian.xlsx:3:1: A3 is merged with others; unmerge the cells",
        "isian.xlsx:12:5: E12 holds a formula; paste it as a value",
        "isian.xlsx:12:6: F12 holds a formula; paste it as a value",
    ]


def test_cells_far_out_are_refused_and_empty_ones_there_are_not() -> None:
    far = f'<row r="{MAXIMUM_ROWS + 1}"><c r="A{MAXIMUM_ROWS + 1}">%s</c></row>'
    assert read(far % "") == []
    assert "A5001 lies beyond 5,000 rows" in complaint(packed(parts(far % "<v>1</v>")))
    wide = '<row r="1">' + "<c><v>1</v></c>" * (MAXIMUM_COLUMNS + 1) + "</row>"
    assert "CW1 lies beyond" in complaint(packed(parts(wide)))


def test_no_sheet_and_no_cell_are_no_fault() -> None:
    assert read() == []
    empty = BOOK.replace('<sheet name="Data" sheetId="1" r:id="rId1"/>', "")
    assert read_workbook(packed(parts(book=empty)), "isian.xlsx") == ()
