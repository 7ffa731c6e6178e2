"""All formats tell the same, under names made here."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest

from auditor.model.report import ReportData
from reports.errors import ReportError
from reports.registry import RENDERERS, render_all
from tests.reports.pages import plain_text, rendered, texts, tree
from tests.reports.sample import report_data
from tests.reports.whole import whole_data

DATA, WHOLE = report_data(), whole_data()
OPDS = ("dinkes", "disdik", "dukcapil")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_same_numbers_in_all_formats(language: str) -> None:
    stem, summary = {
        "id": ("kartu-skor", "ringkasan-pimpinan"),
        "en": ("scorecard", "leadership-summary"),
    }[language]
    pages, objects = rendered(DATA, "html", language), rendered(DATA, "json", language)
    table = rendered(DATA, "csv", language)[f"{summary}.csv"]
    by_opd = {row["opd"]: row for row in csv.DictReader(StringIO(table))}
    for opd in OPDS:
        words = list(texts(pages[f"{stem}-{opd}.html"]))
        card = json.loads(objects[f"{stem}-{opd}.json"])
        for number in ("floor", "ceiling", "coverage"):
            shown = card["score"]["shown"][number]
            assert shown == by_opd[opd][number]
            assert shown in words
            assert card["score"][number] == getattr(DATA.scorecards[opd].score, number)
        assert (card["grade"]["letter"] or "") == by_opd[opd]["grade"]
        assert (card["grade"]["letter"] or "–") in words
        assert str(card["open_findings"]) in words


def test_levels_of_people_and_centre_are_the_same_in_all_formats() -> None:
    pages, objects = rendered(WHOLE, "html"), rendered(WHOLE, "json")
    rows = {
        row["opd"]: row for row in csv.DictReader(StringIO(rendered(WHOLE, "csv")["ringkasan-pimpinan.csv"]))
    }
    for opd in OPDS:
        words = " ".join(texts(pages[f"kartu-skor-{opd}.html"]))
        card = json.loads(objects[f"kartu-skor-{opd}.json"])
        for of, prefix, suffix in (
            ("_with_waivers", "", "_with_waivers"),
            ("_centre", "centre_", ""),
            ("_centre_with_waivers", "centre_", "_with_waivers"),
        ):
            shown = card[f"score{of}"]["shown"]
            for number in ("floor", "ceiling", "coverage"):
                assert rows[opd][f"{prefix}{number}{suffix}"] == shown[number]
                assert shown[number] in words or not card[f"score{of}"]["passed"]
            assert (card[f"grade{of}"]["letter"] or "") == rows[opd][f"{prefix}grade{suffix}"]
        assert str(card["accepted_findings"]) == rows[opd]["accepted"]


def test_every_control_is_the_same_in_all_formats() -> None:
    pages, tables, objects = (rendered(WHOLE, format_) for format_ in ("html", "csv", "json"))
    for opd in OPDS:
        anchors = {one.attrib.get("id", "") for one in tree(pages[f"kartu-skor-{opd}.html"]).iter("tr")}
        rows = list(csv.DictReader(StringIO(tables[f"kontrol-{opd}.csv"])))
        card = json.loads(objects[f"kartu-skor-{opd}.json"])
        assert [row["control"] for row in rows] == [one["control"] for one in card["controls"]]
        for row, one in zip(rows, card["controls"], strict=True):
            attested, applied = one["attested"] or {}, one["applied"] or {}
            assert row["status"] == one["status"] and row["measured"] == one["measured"]
            assert row["answer"] == (attested.get("answer") or "")
            assert row["valid_until"] == attested.get("valid_until", "")
            assert row["applicable"] == ({True: "yes", False: "no", None: ""}[applied.get("applicable")])
            assert row["contradiction"] == (one["contradiction"] or "")
            assert row["loosened"] == " ".join(one["loosened"])
            assert row["floor"] == one["score"]["shown"]["floor"]
            assert row["floor_with_waivers"] == one["score_with_waivers"]["shown"]["floor"]
            assert f"k-{one['control'].replace('.', '-')}" in anchors


def test_json_tells_who_answered_and_on_what() -> None:
    card = json.loads(rendered(WHOLE, "json")["kartu-skor-dinkes.json"])
    controls = {one["control"]: one for one in card["controls"]}
    (given,) = controls["A.8.20"]["attested"]["given"]
    assert (given["edition"], given["control"], given["attested_by"]) == (
        "2013",
        "A.13.1.1",
        "Siti Aminah, S.Kom.",
    )
    assert given["evidence"][0]["name"] == "berita-acara.pdf" and len(given["evidence"][0]["sha256"]) == 64
    assert controls["A.7.1"]["applied"]["approved_by"] == "Drs. Budi Santoso, M.Si."
    assert controls["A.5.1"]["attested"]["inherited"] and controls["A.5.1"]["applied"] is None
    assert [one["parameters"] for one in card["loosened"]] == [["minimum_days"]] * 2
    assert {group["group"] for group in card["groups"]} == {"A.5", "A.6", "A.7", "A.8"}


def test_the_parts_of_a_change_add_up_in_all_formats() -> None:
    def number(text: str) -> Decimal:
        return Decimal(text.replace("−", "-").lstrip("±").replace(",", ".") or "0")

    change = json.loads(rendered(WHOLE, "json")["kartu-skor-dinkes.json"])["change"]
    for side in ("without_exceptions", "with_exceptions"):
        shown = change[side]["shown"]
        assert sum(map(number, shown["parts"].values())) == number(shown["change"])
    rows = csv.DictReader(StringIO(rendered(WHOLE, "csv")["ringkasan-pimpinan.csv"]))
    row = next(row for row in rows if row["opd"] == "dinkes")
    parts = {key: value for key, value in row.items() if key.startswith("change_")}
    assert sum(map(number, parts.values())) == number(row["change"]) == Decimal("8.7")
    assert row["same_rules"] == "yes"
    words = list(texts(rendered(WHOLE, "html")["kartu-skor-dinkes.html"]))
    assert all(part in words for part in change["without_exceptions"]["shown"]["parts"].values())
    assert json.loads(rendered(WHOLE, "json")["kartu-skor-disdik.json"])["change"] is None


def test_json_tells_the_way_to_the_next_grade() -> None:
    objects = rendered(WHOLE, "json")
    way = json.loads(objects["kartu-skor-dinkes.json"])["next_grade"]
    assert (way["from"], way["to"], way["findings"]) == (
        "D",
        "B",
        list(WHOLE.next_grades["dinkes"].findings),
    )
    blocked = json.loads(objects["kartu-skor-dukcapil.json"])["next_grade"]
    assert blocked["blocked_by"] == [{"obstacle": "coverage", "unjudged": {"high": 3}}]


def test_every_finding_is_in_every_format() -> None:
    pages, tables, objects = (rendered(DATA, format_) for format_ in ("html", "csv", "json"))
    for opd in OPDS:
        mine = {finding.id for finding in DATA.findings if finding.opd == opd}
        assert {f["id"] for f in json.loads(objects[f"kartu-skor-{opd}.json"])["findings"]} == mine
        assert {row["id"] for row in csv.DictReader(StringIO(tables[f"temuan-{opd}.csv"]))} == mine
        assert set(re.findall(r"F-[0-9a-f]{12}", " ".join(texts(pages[f"kartu-skor-{opd}.html"])))) == mine


def test_a_nearly_full_score_is_not_shown_as_full_anywhere() -> None:
    assert DATA.scorecards["disdik"].score.floor > 99.95
    page = rendered(DATA, "html")["kartu-skor-disdik.html"]
    (head,) = (one for one in tree(page).iter("section") if one.attrib.get("id") == "level")
    shown = " ".join(head.itertext())
    score = json.loads(rendered(DATA, "json")["kartu-skor-disdik.json"])["score"]["shown"]
    for text in (shown, " ".join(score.values())):
        assert "99,9" in text
        assert "100,0" not in text
    assert "99,9" in rendered(DATA, "csv")["ringkasan-pimpinan.csv"]


def test_a_card_of_one_opd_tells_nothing_of_the_others() -> None:
    for format_ in RENDERERS:
        for file in RENDERERS[format_](DATA, "dinkes", "id", "2022"):
            text = plain_text(file)
            for foreign in (  # that it shares no server with
                "Dinas Pendidikan",
                "Dinas Kependudukan",
                "disdik",
                "dukcapil",
                "127.20.2",
                "127.20.3",
            ):
                assert foreign not in text, (file.name, foreign)


def test_names_are_made_here() -> None:
    assert [f.name for f in RENDERERS["html"](DATA, "dinkes", "id", "2022")] == [
        "kartu-skor-dinkes.html",
        "daftar-perbaikan-dinkes.html",
        "peta-topologi-dinkes.html",
        "peta-jalan-dinkes.html",
    ]
    assert [f.name for f in RENDERERS["json"](DATA, None, "en", "2022")][:2] == [
        "leadership-summary.json",
        "scorecard-dinkes.json",
    ]


@pytest.mark.parametrize(
    "hostile", ["../../etc/passwd", "a/b", "A B", "nul\x00", "con.", "-rf", "", "ü", "x" * 200]
)
def test_an_odd_opd_id_never_reaches_a_file_name(hostile: str) -> None:
    files = render_all(renamed(DATA, hostile), ["html", "csv", "json"], None, "id", "2022")
    names = [file.name for file in files]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9_]+)*\.(html|csv|json)", name) for name in names)
    assert "kartu-skor-opd_1.html" in names


def renamed(data: ReportData, opd_id: str) -> ReportData:
    first, *others = data.inventory.opds
    moved = replace(first, id=opd_id, servers=tuple(replace(s, opd=opd_id) for s in first.servers))
    cards = {opd_id: replace(data.scorecards["dinkes"], opd=opd_id)} | {
        opd: card for opd, card in data.scorecards.items() if opd != "dinkes"
    }
    findings = tuple(replace(f, opd=opd_id) if f.opd == "dinkes" else f for f in data.findings)
    return replace(
        data,
        inventory=replace(data.inventory, opds=(moved, *others)),
        scorecards=cards,
        findings=findings,
    )


def test_the_index_links_exactly_what_was_made() -> None:
    index, *files = render_all(DATA, ["html", "csv", "json"], None, "id", "2022")
    assert index.name == "index.html"
    links = {one.attrib["href"] for one in tree(index.content.decode()).iter("a")} - {"#top"}
    assert links == {file.name for file in files}
    own, *files = render_all(DATA, ["csv"], "disdik", "id", "2022")
    links = {one.attrib["href"] for one in tree(own.content.decode()).iter("a")} - {"#top"}
    assert links == {"temuan-disdik.csv", "kontrol-disdik.csv"} == {file.name for file in files}


def test_json_is_plain_ascii_and_restores_what_was_said() -> None:
    said = "<b>\x1b\u202e é"
    text = rendered(report_data(hostile=said), "json")["kartu-skor-dinkes.json"]
    assert text.isascii() and text.replace("\n", "").isprintable()
    assert said in {finding["observed"] for finding in json.loads(text)["findings"]}


def test_what_cannot_be_rendered_is_refused_with_the_choices() -> None:
    with pytest.raises(ReportError, match=r"docx.*html, .*csv, json, xlsx"):
        render_all(DATA, ["html", "docx"], None, "id", "2022")
    with pytest.raises(ReportError, match="none"):
        render_all(DATA, [], None, "id", "2022")
    for render in RENDERERS.values():
        with pytest.raises(ReportError, match="'2005'"):
            tuple(render(DATA, None, "id", "2005"))
        with pytest.raises(ReportError, match="'fr'"):
            tuple(render(DATA, None, "fr", "2022"))
        with pytest.raises(ReportError, match="'nowhere'"):
            tuple(render(DATA, "nowhere", "id", "2022"))
