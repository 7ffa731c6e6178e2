"""Cells of a workbook hold what they were given as text, whatever it looks like, in every program."""

from __future__ import annotations

import io
import itertools
import unicodedata
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.workbook import read_workbook
from reports.workbook import (
    LONGEST_CELL,
    MOST_ROWS,
    Cell,
    Column,
    Percentage,
    Sheet,
    Tint,
    Tinted,
    cell_text,
    write_workbook,
)

BEGINNINGS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n=",
    " =",
    "＝",
    "＋",
    "－",
    "＠",
    "%",
    "|",
    "'=",
    "\u202e=",
    "\x00=",
)
ENDINGS = (
    *(
        "1+1",
        "cmd|' /C calc'!A0",
        'HYPERLINK("http://x.test","x")',
        "SUM(A1:A9)",
        "DDE(1,2)",
        "A1",
        "",
        "#N/A",
    ),
    *(
        "#REF!",
        "_x003D_1",
        "<f>1</f>",
        "]]>",
        "&amp;",
        '"',
        "\x1b[31m",
        "\ud800",
        "\uffff",
        "é",
        "😀",
        "a\nb",
    ),
)
PAYLOADS = [first + rest for first, rest in itertools.product(BEGINNINGS, ENDINGS)]


def of_text(*texts: Cell) -> bytes:
    """Return a workbook with one column of cells."""
    return write_workbook([Sheet("Data", (Column("Isi"),), [[text] for text in texts])])


def seen(data: bytes) -> list[object]:
    """Return the cells below the head as another program reads them."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


def test_nothing_becomes_a_formula() -> None:
    data = of_text(*PAYLOADS)
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in archive.namelist():
        tags = {one.tag.rpartition("}")[2] for one in fromstring(archive.read(name)).iter()}
        assert not tags & {"f", "hyperlink", "externalReference", "oleObject", "ddeLink"}, name
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(min_row=2)]
    assert {one.data_type for one in cells} == {"s"}
    assert all(one.quotePrefix and one.number_format == "@" for one in cells)


def test_no_character_is_hidden() -> None:
    (only,) = read_workbook(of_text(*PAYLOADS), "x.xlsx")
    texts = [one.text for row in only.rows[1:] for one in row]
    assert len(texts) == len(PAYLOADS)
    assert not {
        one
        for one in "".join(texts)
        if one != "\n" and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }
    assert texts[0] == "=1+1"


@given(st.lists(st.text(max_size=60).map(cell_text).filter(lambda text: text.strip()), max_size=6))
def test_what_is_written_is_read_again(texts: list[str]) -> None:
    (only,) = read_workbook(of_text(*texts), "x.xlsx")
    assert [one.text for row in only.rows[1:] for one in row] == texts


def test_what_looks_like_an_escape_stays_as_it_was_written() -> None:
    texts = ["_x0041_", "_x005F_", "x005F_", "__x0041__x0042_", "_x00_", "_X0041_"]
    (only,) = read_workbook(of_text(*texts), "x.xlsx")
    assert [one.text for row in only.rows[1:] for one in row] == texts


@pytest.mark.parametrize("text", ["a" * 40_000, "😀" * 20_000, "_x0041_" * 6_000])
def test_a_long_text_is_cut_where_a_cell_ends(text: str) -> None:
    (found,) = seen(of_text(text))
    assert isinstance(found, str)
    assert len(found.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert text.startswith(found.rstrip("…").replace("_x005F_", "_")[:10_000])


def test_numbers_and_days_stay_numbers_and_days_where_a_program_keeps_them_exactly() -> None:
    given_cells: list[Cell] = [3, 0.5, -7, 10**20, float("nan"), float("inf"), True, None]
    found = seen(of_text(*given_cells, date(2026, 11, 30), date(1899, 1, 1)))
    assert found[:8] == [3, 0.5, -7, "100000000000000000000", "nan", "inf", "True", None]
    (only,) = read_workbook(of_text(date(2026, 11, 30), date(1899, 1, 1)), "x.xlsx")
    assert [row[0].text for row in only.rows[1:]] == ["2026-11-30", "1899-01-01"]


def test_percentages_and_moments_are_numbers_that_show_what_the_pages_show() -> None:
    moment = datetime(2026, 11, 30, 14, 5)  # noqa: DTZ001 - local, as a spreadsheet keeps it
    data = of_text(Percentage(99.96), Percentage(0), moment, Tinted(Percentage(12.34), Tint.WORST))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cells = [sheet[f"A{row}"] for row in range(2, 6)]
    assert [cell.value for cell in cells] == [0.999, 0, moment, 0.123]
    assert [cell.number_format for cell in cells] == ["0.0%", "0.0%", "yyyy-mm-dd hh:mm", "0.0%"]
    assert [cell.fill.fgColor.rgb for cell in cells[2:]] == ["00000000", f"00{Tint.WORST}"]


def test_more_rows_than_a_sheet_holds_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="holds 1048576 rows"):
        write_workbook([Sheet("a", (Column("b"),), [()] * MOST_ROWS)])


def test_a_sheet_is_laid_out_for_reading_and_filling_in() -> None:
    columns = (
        Column("Kontrol", 12),
        Column("Jawaban", 18, ("Sesuai", "Tidak Sesuai")),
        Column("Hari", holds_days=True),
    )
    data = write_workbook([Sheet("Jawaban", columns, [["A.5.1"], ["A.5.2"]], ("Terbatas",), 1)])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref == "A2:C4"
    assert (sheet["A1"].value, sheet["A2"].value, sheet["A3"].value) == ("Terbatas", "Kontrol", "A.5.1")
    assert sheet.column_dimensions["A"].width == 12
    assert sheet["A3"].alignment.wrap_text
    (offered,) = sheet.data_validations.dataValidation
    assert (str(offered.sqref), offered.formula1) == ("B3:B4", '"Sesuai,Tidak Sesuai"')
    assert (sheet["B3"].number_format, sheet["C3"].number_format) == ("@", "yyyy-mm-dd")


@pytest.mark.parametrize("choices", [("a,b",), ('a"',), ("a" * 200, "b" * 60)])
def test_choices_that_a_cell_cannot_offer_are_a_mistake(choices: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="cannot be offered"):
        write_workbook([Sheet("a", (Column("b", choices=choices),), [["c"]])])


def test_a_row_longer_than_its_head_and_no_sheet_are_mistakes() -> None:
    with pytest.raises(ValueError, match="2 cells under a head of 1"):
        write_workbook([Sheet("a", (Column("b"),), [["c", "d"]])])
    with pytest.raises(ValueError, match="needs a sheet"):
        write_workbook([])


def test_names_of_sheets_are_made_fit() -> None:
    names = ["Dinas [A]/B: *?", "Dinas [A]/B; *?", "a" * 40, "A" * 40, "", "History", "'x'", "\u202eabc"]
    data = write_workbook([Sheet(name, (Column("b"),), []) for name in names])
    made = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert len({name.casefold() for name in made}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in made)
    assert made[:2] == ["Dinas _A__B_ __", "Dinas _A__B; __"]


def test_the_same_sheets_give_the_same_bytes() -> None:
    assert of_text("a", 1, date(2026, 11, 30)) == of_text("a", 1, date(2026, 11, 30))
    for entry in zipfile.ZipFile(io.BytesIO(of_text("a"))).infolist():
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
