"""All formats tell the same, under names made here."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from io import StringIO

import pytest

from auditor.model.report import ReportData
from reports.errors import ReportError
from reports.registry import RENDERERS, render_all
from tests.reports.pages import rendered, texts, tree
from tests.reports.sample import report_data

DATA = report_data()
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
            text = file.content.decode("utf-8-sig")
            for foreign in (
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
    with pytest.raises(ReportError, match=r"pdf.*html, csv, json"):
        render_all(DATA, ["html", "pdf"], None, "id", "2022")
    with pytest.raises(ReportError, match="none"):
        render_all(DATA, [], None, "id", "2022")
    for render in RENDERERS.values():
        with pytest.raises(ReportError, match="'2005'"):
            render(DATA, None, "id", "2005")
        with pytest.raises(ReportError, match="'fr'"):
            render(DATA, None, "fr", "2022")
        with pytest.raises(ReportError, match="'nowhere'"):
            render(DATA, "nowhere", "id", "2022")
