"""The roadmap for readers: the same plan on the page, in the workbook and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from auditor.documents.schema import schema_text
from auditor.model.report import ReportData
from reports.errors import ReportError
from reports.roadmap.registry import FORMATS, render_roadmap
from reports.roadmap.schema import roadmap_schema
from tests.reports.pages import skeleton, texts
from tests.reports.roadmaps import TIGHT, planned, priced
from tests.reports.sample import report_data
from tests.reports.workbooks import opened, parts, table

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = '<script>alert(1)</script>=1+1"\x1b[31m‮'
QUICK = ("html", "xlsx", "json")
"""Formats that cost nothing to make; PDF is printed once."""
DATA = {"shipped": planned(), "priced": priced(), "tight": planned(TIGHT)}
both_languages = pytest.mark.parametrize("language", ["id", "en"])


@cache
def files(kind: str, language: str = "id", opd: str | None = None, edition: str = "2022") -> dict[str, bytes]:
    data = DATA[kind]
    return {one.name: one.content for one in render_roadmap(data, QUICK, opd, language, edition)}


def test_the_page_is_printed_with_its_numbers() -> None:
    assert list(FORMATS) == ["html", "pdf", "xlsx", "json"]
    (printed,) = render_roadmap(DATA["priced"], ["pdf"], "dinkes", "id", "2022")
    assert printed.name == "peta-jalan-dinkes.pdf"
    text = " ".join(one.extract_text() for one in PdfReader(BytesIO(printed.content)).pages)
    whole = json.loads(files("priced")["peta-jalan-dinkes.json"])
    found = "".join(text.split())  # an id may be broken over lines
    assert all(one["id"] in found for one in whole["packages"])


def record(kind: str, name: str = "peta-jalan.json") -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files(kind)[name])
    return loaded


def page(kind: str, name: str = "peta-jalan.html", language: str = "id") -> str:
    return " ".join(texts(files(kind, language)[name].decode()))


def test_there_is_a_file_of_each_format_over_all_and_of_every_opd() -> None:
    stems = ("peta-jalan", *(f"peta-jalan-{opd}" for opd in ("dinkes", "disdik", "dukcapil")))
    assert list(files("shipped")) == [f"{stem}.{suffix}" for stem in stems for suffix in QUICK]
    assert list(files("shipped", "en", "disdik")) == [f"roadmap-disdik.{suffix}" for suffix in QUICK]


@both_languages
@pytest.mark.parametrize("kind", ["shipped", "priced", "tight"])
def test_equal_plans_make_equal_bytes(kind: str, language: str) -> None:
    first = files(kind, language)
    files.cache_clear()
    assert files(kind, language) == first


@pytest.mark.parametrize("kind", ["shipped", "priced", "tight"])
def test_every_json_has_the_published_shape(kind: str) -> None:
    validator = Draft202012Validator(roadmap_schema())
    for name, content in files(kind).items():
        if name.endswith(".json"):
            assert list(validator.iter_errors(json.loads(content))) == []
            assert content.isascii()


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "docs/roadmap.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(roadmap_schema()), "run scripts/write-schemas"


@pytest.mark.parametrize("kind", ["priced", "tight"])
def test_the_workbook_holds_the_packages_of_the_json_as_plain_values(kind: str) -> None:
    packages = record(kind)["packages"]
    book = opened(files(kind)["peta-jalan.xlsx"])
    rows = table(book["Paket"])
    assert [(r["Nomor"], float(r["Orang-hari"]), float(r["Risiko"])) for r in rows] == [
        (one["id"], one["days"], one["risk"]) for one in packages
    ]
    assert [int(r["Biaya"]) for r in rows] == [one["cost"] for one in packages]
    assert "<f>" not in "".join(parts(files(kind)["peta-jalan.xlsx"]).values())


@pytest.mark.parametrize("kind", ["priced", "tight"])
def test_sums_are_those_of_the_packages_in_every_format(kind: str) -> None:
    whole = record(kind)
    days = sum(one["days"] for one in whole["packages"])
    cost = sum(one["cost"] for one in whole["packages"])
    assert (whole["sums"]["days"], whole["sums"]["cost"]) == (days, cost)
    unplaced = [one for one in whole["packages"] if one["year"] is None]
    placed = sum(one["sums"]["days"] for one in whole["quarters"])
    assert placed + sum(one["days"] for one in unplaced) == days
    rows = table(opened(files(kind)["peta-jalan.xlsx"])["Triwulan dan tahun"])
    assert (float(rows[-1]["Orang-hari"]), int(rows[-1]["Biaya"])) == (days, cost)
    assert f"Rp\u00a0{cost:,}".replace(",", ".") in page(kind)
    opds = table(opened(files(kind)["peta-jalan.xlsx"])["Setiap OPD"])
    assert sum(float(row["Orang-hari"]) for row in opds) == days


def test_each_package_of_an_opd_stands_on_its_page_with_its_number() -> None:
    for opd in ("dinkes", "disdik", "dukcapil"):
        own = record("tight", f"peta-jalan-{opd}.json")["packages"]
        shown = page("tight", f"peta-jalan-{opd}.html")
        assert own
        assert {one["opd"] for one in own} == {opd}
        assert all(one["id"] in shown for one in own)


def test_without_rates_no_cost_is_shown_and_that_is_said() -> None:
    told = page("shipped")
    assert "Rp" not in told
    assert "tidak ada dalam kebijakan, sehingga biaya tidak ditampilkan" in told
    assert record("shipped")["sums"]["cost"] is None
    assert all(not row["Biaya"] for row in table(opened(files("shipped")["peta-jalan.xlsx"])["Paket"]))


def test_example_values_are_called_examples_until_they_are_replaced() -> None:
    assert "Nilai contoh." in page("shipped")
    assert "Nilai contoh." in page("priced")
    assert record("shipped")["rules"]["example"] is True
    assert "Nilai contoh." not in page("tight")
    assert record("tight")["rules"]["example"] is False


def test_what_is_late_and_what_has_no_room_is_said() -> None:
    whole = record("tight")
    assert whole["sums"]["late"] > 0
    assert any(one["year"] is None for one in whole["packages"])
    told = page("tight")
    assert "tidak dapat dipenuhi" in told
    assert "Tidak tertampung dalam tahun-tahun ini" in told
    assert "no_room" in {one["reason"] for one in whole["left_out"]}


@both_languages
def test_risk_units_and_what_is_left_out_are_explained(language: str) -> None:
    stem = {"id": "peta-jalan", "en": "roadmap"}[language]
    told = page("priced", f"{stem}.html", language)
    wanted = {
        "id": ("bobot tingkat keparahan", "Temuan yang risikonya diterima", "Pemeriksaan yang belum dapat"),
        "en": (
            "the weight of a failing check's severity",
            "Findings accepted as risks",
            "could not be judged",
        ),
    }
    assert all(one in told for one in wanted[language])


def test_a_report_without_a_plan_says_so_and_writes_none() -> None:
    data = report_data()
    with pytest.raises(ReportError, match="was not judged in the policy's first edition"):
        render_roadmap(data, ["json"], None, "id", "2022")


@pytest.mark.parametrize("formats", [[], ["docx"], ["html", "odt"]])
def test_an_unknown_format_is_refused_with_those_there_are(formats: list[str]) -> None:
    with pytest.raises(ReportError, match="choose of: html"):
        render_roadmap(priced(), formats, None, "id", "2022")


def test_an_unknown_opd_is_refused() -> None:
    with pytest.raises(ReportError, match="no OPD 'bdk'"):
        render_roadmap(priced(), ["json"], "bdk", "id", "2022")


def hostile() -> ReportData:
    """Return a plan in which a check that has left the catalogue bears a hostile id."""
    data = priced()
    assert data.roadmap is not None
    first, *rest = data.roadmap.packages
    named = replace(first, checks=(HOSTILE,), title={"id": HOSTILE, "en": HOSTILE})
    return replace(data, roadmap=replace(data.roadmap, packages=(named, *rest)))


def test_hostile_text_adds_nothing_to_the_page_and_no_formula_to_the_workbook() -> None:
    plain = {one.name: one.content for one in render_roadmap(priced(), QUICK, None, "id", "2022")}
    worse = {one.name: one.content for one in render_roadmap(hostile(), QUICK, None, "id", "2022")}
    before, after = (skeleton(one["peta-jalan.html"].decode()) for one in (plain, worse))
    # The row of the first package names one check, as before or fewer.
    assert set(after) == set(before)
    assert len(after) <= len(before)
    for name, text in parts(worse["peta-jalan.xlsx"]).items():
        assert "<f>" not in text, name
    assert "\x1b" not in worse["peta-jalan.html"].decode()
