"""Spreadsheets show every cell and calculate none."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.formats.csv import CONTROL_COLUMNS, FINDING_COLUMNS, cell, render
from tests.reports.pages import rendered
from tests.reports.sample import report_data
from tests.reports.test_html import PAYLOADS, everywhere
from tests.reports.whole import whole_data

STARTS = "=+-@|\t\r\n＝＋－＠｜"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline="")))


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("blanks", ["", " ", "\u00a0", "\u3000", "\n"])
def test_a_formula_sign_never_leads_a_cell(start: str, blanks: str) -> None:
    assert cell(f"{blanks}{start}1+1").lstrip()[0] not in STARTS


@given(st.text(st.characters()))
def test_no_text_becomes_a_formula(text: str) -> None:
    assert cell(text).lstrip()[:1] not in set(STARTS)


@pytest.mark.parametrize("payload", [*PAYLOADS, "=1+1", "@SUM(A1)", "+1", "-1", "|calc", "＝1"])
def test_hostile_findings_keep_their_rows_and_columns(payload: str) -> None:
    for text in rendered(everywhere(payload), "csv").values():
        table = rows(text)
        assert {len(row) for row in table} == {len(table[0])}
        assert all(value.lstrip()[:1] not in set(STARTS) for row in table for value in row)


def test_one_row_per_finding_of_the_opd() -> None:
    file, _ = render(report_data(), "dinkes", "id", "2022")
    table = rows(file.content.decode("utf-8-sig"))
    assert tuple(table[0]) == FINDING_COLUMNS
    mine = [f.id for f in report_data().findings if f.opd == "dinkes"]
    assert sorted(row[0] for row in table[1:]) == sorted(mine)


def test_one_row_per_control_with_what_people_said() -> None:
    _, file = render(whole_data(), "dinkes", "id", "2022")
    table = rows(file.content.decode("utf-8-sig"))
    assert tuple(table[0]) == CONTROL_COLUMNS
    assert [row[1] for row in table[1:]] == [c.id for c in whole_data().frameworks["2022"].controls]
    by_id = {row[1]: dict(zip(CONTROL_COLUMNS, row, strict=True)) for row in table[1:]}
    assert by_id["A.7.1"]["justification"] == "Perangkat daerah tidak mengelola ruang server."
    assert by_id["A.6.3"]["answered_by"] == "Siti Aminah, S.Kom."
    assert (by_id["A.8.20"]["taken_from"], by_id["A.5.1"]["inherited"]) == ("A.13.1.1", "yes")
    assert by_id["A.5.7"]["answer"] == ""  # it has ended


def test_the_file_starts_with_the_mark_that_spreadsheets_look_for() -> None:
    for file in render(report_data(), "dinkes", "id", "2022"):
        assert file.content.startswith(b"\xef\xbb\xbf")
