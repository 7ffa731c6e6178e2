"""Workbooks of cards and of the summary: whole, typed, ready to filter, and the same every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from auditor.model.report import PreviousScore, ReportData
from reports.formats.xlsx import render
from reports.formats.xlsx_parts import sheet
from reports.view.context import make_context
from tests.reports.hostile_data import full_data
from tests.reports.sample import STARTED, report_data
from tests.reports.whole import whole_data
from tests.reports.workbooks import opened, table

CARD = [
    *("Ringkasan", "Kontrol", "Temuan", "Perbaikan", "Server", "Tidak dipindai", "Pengecualian"),
    *("Perubahan", "Uji ulang", "Riwayat"),
]
WHOLE = [
    *("Ringkasan", "Tabel OPD", "Peta panas", "Temuan", "Perbaikan", "Tidak dipindai", "Pengecualian"),
    *("Perubahan", "Uji ulang", "Riwayat"),
]


def sheets(data: ReportData, opd_id: str | None = "dinkes", language: str = "id") -> dict[str, Worksheet]:
    """Return the sheets of an OPD's workbook, or with None of the one over all."""
    first, *_ = render(data, opd_id, language, "2022")
    return {one.title: one for one in opened(first.content).worksheets}


def test_the_sheets_are_named_in_both_languages() -> None:
    assert list(sheets(whole_data())) == CARD
    assert list(sheets(whole_data(), None)) == WHOLE
    english = list(sheets(whole_data(), None, "en"))
    assert len(set(english)) == len(WHOLE) and not set(english) & set(WHOLE) - {"Server"}


def test_every_sheet_has_a_frozen_head_filters_and_widths() -> None:
    for one in (*sheets(whole_data()).values(), *sheets(whole_data(), None).values()):
        head = str(one.auto_filter.ref).split(":")[0]
        assert head.startswith("A") and one.freeze_panes is not None
        assert int(head[1:]) < int("".join(filter(str.isdigit, str(one.freeze_panes))))
        assert all(size.width > 5 for size in one.column_dimensions.values())
        assert "audit-20261005" in str(one["A1"].value) and "TERBATAS" in str(one["A1"].value)


def test_numbers_days_and_percentages_are_no_texts() -> None:
    found = sheets(full_data())["Temuan"]
    head = {cell.value: get_column_letter(place) for place, cell in enumerate(found[2], start=1)}
    due, port, days = (found[f"{head[name]}3"] for name in ("Tenggat", "Port", "Hari terbuka"))
    assert isinstance(due.value, datetime) and due.number_format == "yyyy-mm-dd"
    assert (port.data_type, days.data_type) == ("n", "n")
    row = table(sheets(whole_data(), None)["Tabel OPD"])[0]
    assert (row["Batas bawah"], row["Temuan terbuka"]) == ("0.699", "10")


def test_every_finding_is_a_row_and_every_fix() -> None:
    data = whole_data()
    mine = {one.id for one in data.findings if one.opd == "dinkes"}
    made = sheets(data)
    assert {row["Temuan"] for row in table(made["Temuan"])} == mine
    fixes = table(made["Perbaikan"])
    closed = {name for row in fixes for name in row["Temuan"].split("\n")}
    assert closed == {name for one in data.causes if one.opd == "dinkes" for name in one.findings}
    assert [row["No."] for row in fixes] == [str(number + 1) for number in range(len(fixes))]
    assert all(row["Perintah pengukuran ulang"].startswith("auditor verify F-") for row in fixes)
    everything = table(sheets(data, None)["Temuan"])
    assert {row["Temuan"] for row in everything} == {one.id for one in data.findings}


def test_what_was_not_scanned_is_named_gravest_first() -> None:
    rows = table(sheets(report_data())["Tidak dipindai"])
    assert [row["Jenis kekurangan"] for row in rows] == [
        "Tidak dipindai",
        "Gagal diukur",
        "Belum dapat dinilai",
    ]
    assert "dinkes-04" in rows[0]["Server"] and "tls-1-0-refused" in rows[2]["Hal"]


def test_exceptions_changes_and_retests_are_rows() -> None:
    data = full_data()
    made = sheets(data)
    (waiver,) = table(made["Pengecualian"])
    assert (waiver["Pengecualian"], waiver["Berlaku sampai"]) == ("W-2026-001", "2026-10-31 00:00:00")
    assert data.changes is not None
    assert len(table(made["Perubahan"])) == len(list(data.changes.of_opd("dinkes")))
    tested = [one for listed in data.retests.values() for one in listed if one.opd == "dinkes"]
    assert len(table(made["Uji ulang"])) == len(tested) > 0


def test_earlier_audits_come_before_this_one() -> None:
    data = report_data()
    earlier = tuple(
        PreviousScore(f"audit-{day}", STARTED - timedelta(days=day), 50.0 + day, 90.0, 80.0, "C")
        for day in (3, 2, 1)
    )
    rows = table(sheets(replace(data, history={"dinkes": earlier}))["Riwayat"])
    assert [row["Audit"] for row in rows] == ["audit-3", "audit-2", "audit-1", data.run.id]
    assert [row["Batas bawah"] for row in rows] == ["0.53", "0.52", "0.51", "0.699"]


def test_rows_that_do_not_fit_are_counted() -> None:
    context = make_context(report_data(), "id", "2022")
    made = sheet(context, "Findings", "x", [("Finding", 10.0)], [[place] for place in range(9)], most_rows=6)
    assert [list(row) for row in made.rows] == [[0], [1], [2]]
    assert made.above[1].startswith("6 baris lagi tidak tertampung")
    whole = sheet(context, "Findings", "x", [("Finding", 10.0)], [[place] for place in range(3)], most_rows=6)
    assert (len(whole.rows), len(whole.above)) == (3, 1)


def test_the_same_data_gives_the_same_bytes() -> None:
    assert render(whole_data(), None, "id", "2022") == render(whole_data(), None, "id", "2022")
    turned = replace(whole_data(), findings=whole_data().findings[::-1])
    assert render(turned, None, "id", "2022") == render(whole_data(), None, "id", "2022")
