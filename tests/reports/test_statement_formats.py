"""The formats of a statement tell the same, under names made here, in the published shape."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from auditor.documents.schema import schema_text
from auditor.model.run import RunStatus
from auditor.model.scorecard import ControlStatus
from reports.errors import ReportError
from reports.formats.base import RenderedFile
from reports.statement.labels import CODES
from reports.statement.registry import FORMATS, render_statements
from reports.statement.schema import CONTRACT, statement_schema
from reports.view.labels import CONTROL_STATUSES
from reports.words import Words
from tests.reports.messages import messages, translated
from tests.reports.pages import texts, tree
from tests.reports.statements import statement_data
from tests.reports.test_formats import renamed
from tests.reports.test_translations import forms, strings
from tests.reports.workbooks import opened, table

DATA = statement_data()
ROOT = Path(__file__).resolve().parents[2]
STEMS = {"id": "pernyataan-keberlakuan", "en": "statement-of-applicability"}
STATEMENTS = (None, "dinkes", "disdik", "dukcapil")
LANGUAGES = ("id", "en")
EDITIONS = ("2013", "2022")
everywhere = pytest.mark.parametrize("edition", EDITIONS)
both_languages = pytest.mark.parametrize("language", LANGUAGES)


QUICK = tuple(name for name in FORMATS if name != "pdf")
"""Formats but PDF, which is the page printed and takes its time."""


@cache
def rendered(language: str, edition: str) -> dict[str, bytes]:
    """Return name → content of every statement in every format but PDF."""
    files = render_statements(DATA, QUICK, None, language, edition)
    return {file.name: file.content for file in files}


def named(opd: str | None, suffix: str, language: str, edition: str) -> bytes:
    end = "" if opd is None else f"-{opd}"
    return rendered(language, edition)[f"{STEMS[language]}-{edition}{end}.{suffix}"]


def record(opd: str | None, language: str = "id", edition: str = "2022") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(named(opd, "json", language, edition))
    return found


def page(opd: str | None, language: str = "id", edition: str = "2022") -> str:
    return named(opd, "html", language, edition).decode()


def test_by_default_every_opd_and_the_organisation_are_stated_in_every_format() -> None:
    names = [
        f"pernyataan-keberlakuan-2022{'' if opd is None else f'-{opd}'}.{suffix}"
        for opd in STATEMENTS
        for suffix in ("html", "xlsx", "json")
    ]
    assert list(rendered("id", "2022")) == names


@everywhere
@both_languages
@pytest.mark.parametrize("opd", STATEMENTS)
def test_the_same_totals_in_all_formats(opd: str | None, language: str, edition: str) -> None:
    words, totals = Words(language, "Asia/Jakarta"), record(opd, language, edition)["totals"]
    document = opened(named(opd, "xlsx", language, edition)).worksheets[0]
    told = {str(row[0].value): str(row[1].value) for row in document.iter_rows(min_row=2)}
    seen = list(texts(page(opd, language, edition)))
    for label, key in (
        ("Controls of the edition", "controls"),
        ("Applicable", "applicable"),
        ("Left out", "excluded"),
        ("Contradictions", "contradictions"),
    ):
        assert told[words.say(label)] == str(totals[key])
        assert seen[seen.index(words.say(label)) + 1] == str(totals[key])
    decided = words.say(
        "decided: %(decided)s, undecided: %(undecided)s",
        decided=totals["included"],
        undecided=totals["undecided"],
    )
    assert decided in seen
    assert told[words.say("of which decided")] == str(totals["included"])
    assert told[words.say("of which undecided")] == str(totals["undecided"])
    for status in ControlStatus:
        label, count = words.say(CONTROL_STATUSES[status]), totals["statuses"][status.value]
        assert told.get(label, "0") == str(count)
        assert (label in told) is (count > 0)


@everywhere
@both_languages
@pytest.mark.parametrize("opd", STATEMENTS)
def test_the_same_status_and_applicability_of_every_control(
    opd: str | None, language: str, edition: str
) -> None:
    words, controls = Words(language, "Asia/Jakarta"), record(opd, language, edition)["controls"]
    applies = {"yes": words.say("Yes"), "no": words.say("No"), "undecided": words.say("Undecided")}
    expected = [
        (one["control"], applies[one["applies"]], words.say(CONTROL_STATUSES[ControlStatus(one["status"])]))
        for one in controls
    ]
    rows = table(opened(named(opd, "xlsx", language, edition)).worksheets[1])
    columns = (words.say("Control"), words.say("Applicable"), words.say("Status"))
    assert [tuple(row[name] for name in columns) for row in rows] == expected
    shown = []
    for row in tree(page(opd, language, edition)).findall(".//table[@class='stack soa']/tbody/tr"):
        cells = [" ".join("".join(cell.itertext()).split()) for cell in row.findall("td")]
        shown.append((cells[0].split()[0], cells[1], cells[2]))
    assert [(control, status) for control, _, status in shown] == [(c, s) for c, _, s in expected]
    assert all(cell.startswith(word) for (_, cell, _), (_, word, _) in zip(shown, expected, strict=True))


def test_the_matrix_is_the_same_in_all_formats() -> None:
    words = Words("id", "Asia/Jakarta")
    opds = record(None)["opds"]
    expected = {
        (one["name"], control): ControlStatus(status)
        for one in opds
        for control, status in one["statuses"].items()
    }
    assert len(expected) == 3 * len(DATA.frameworks["2022"].controls)
    rows = table(opened(named(None, "xlsx", "id", "2022")).worksheets[2])
    for row in rows:
        for one in opds:
            status = expected[one["name"], row[words.say("Control")]]
            assert row[one["name"]] == words.say(CONTROL_STATUSES[status])
    seen = {}
    for block in tree(page(None)).findall(".//table[@class='matrix']"):
        controls = ["".join(one.itertext()) for one in block.findall("thead/tr/th")][1:]
        for row_ in block.findall("tbody/tr"):
            name = "".join(row_.find("th").itertext())  # type: ignore[union-attr]
            codes = ["".join(cell.itertext()) for cell in row_.findall("td")]
            seen |= {(name, control): code for control, code in zip(controls, codes, strict=True)}
    assert {key: code for key, code in seen.items() if key in expected} == {
        key: CODES["id"][status] for key, status in expected.items()
    }


def test_a_statement_of_one_opd_tells_nothing_of_the_others() -> None:
    for language in LANGUAGES:
        files = render_statements(DATA, FORMATS, ["dinkes"], language, "2022")
        for file in files:
            text = told(file)
            for foreign in ("Dinas Pendidikan", "Dinas Kependudukan", "disdik", "dukcapil"):
                assert foreign not in text, (file.name, foreign)
        assert json.loads(files[-1].content)["opds"] is None


def told(file: RenderedFile) -> str:
    """Return everything that a file says."""
    if file.name.endswith("xlsx"):
        return "\n".join(chain.from_iterable(cells(file.content)))
    if file.name.endswith("pdf"):
        return "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(file.content)).pages)
    return file.content.decode()


def cells(content: bytes) -> list[list[str]]:
    return [
        [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
        for sheet in opened(content).worksheets
    ]


def test_the_table_has_a_head_that_stays_and_a_filter_over_every_row() -> None:
    for opd in STATEMENTS:
        sheet = opened(named(opd, "xlsx", "id", "2022")).worksheets[1]
        count = len(DATA.frameworks["2022"].controls)
        assert sheet.freeze_panes == "C3"
        assert sheet.auto_filter.ref == f"A2:S{count + 2}"
        assert sheet.page_setup.orientation == "landscape"


def test_the_first_sheet_is_the_document() -> None:
    lines = cells(named("dinkes", "xlsx", "id", "2022"))[0]
    for told in (
        "Pemerintah Kabupaten Contoh",
        "Dinas Kesehatan",
        "PK/DINKES/audit-20261005/2022",
        "TERBATAS",
        "5 Oktober 2026",
        DATA.digest,
        DATA.chain_head,
        f"butir 14: {DATA.decisions.head}",
        "Disusun oleh",
        "Diperiksa oleh",
        "Disetujui oleh",
    ):
        assert told in lines, told


def test_a_page_bears_number_date_run_class_signatures_and_digests() -> None:
    seen = list(texts(page("dinkes")))
    said = ("PK/DINKES/audit-20261005/2022", "TERBATAS", "5 Oktober 2026", "Pengesahan", "Disetujui oleh")
    for told in (*said, "audit-20261005", DATA.digest, DATA.chain_head, DATA.policy.digest):
        assert told in seen


def test_a_page_loads_nothing_and_prints_across() -> None:
    for opd in STATEMENTS:
        elements = list(tree(page(opd)).iter())
        assert not {str(one.tag) for one in elements} & {"script", "iframe", "object", "img", "link", "base"}
        assert not [name for one in elements for name in one.attrib if str(name).startswith("on")]
        assert "url(" not in page(opd) and "@import" not in page(opd)
        assert "size: A4 landscape" in page(opd)


def test_ids_are_unique_and_links_stay_on_the_page() -> None:
    for opd in STATEMENTS:
        elements = list(tree(page(opd)).iter())
        ids = [one.attrib["id"] for one in elements if "id" in one.attrib]
        assert len(ids) == len(set(ids))
        assert {one.attrib["href"][1:] for one in elements if "href" in one.attrib} <= set(ids)


@everywhere
@both_languages
@pytest.mark.parametrize("opd", STATEMENTS)
def test_json_has_the_published_shape(opd: str | None, language: str, edition: str) -> None:
    content = named(opd, "json", language, edition)
    assert CONTRACT.dump_python(CONTRACT.validate_json(content), mode="json") == json.loads(content)
    assert content.isascii()


def test_the_published_schema_is_that_of_the_contract() -> None:
    published = (ROOT / "docs/statement.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(statement_schema()), "run scripts/write-schemas"


def test_the_contract_keeps_its_keys() -> None:
    stated = record("dinkes")
    assert list(stated) == [
        *("version", "number", "date", "organization", "classification", "opd", "name", "edition"),
        *("language", "run", "run_status", "started_at", "finished_at", "digest", "chain_head", "policy"),
        *("catalogue", "inventory", "decisions", "decisions_head", "totals", "controls", "opds"),
    ]
    assert list(stated["controls"][0]) == [
        *("control", "title", "group", "applies", "decision", "status", "measured", "attested", "waivers"),
        *("contradiction", "responsible", "counterparts"),
    ]


def test_json_carries_decisions_answers_and_evidence_whole() -> None:
    controls = {one["control"]: one for one in record("dinkes")["controls"]}
    first = controls["A.5.1"]
    assert first["decision"]["bases"] == ["law", "risk"]
    assert first["decision"]["approved_by"] is None
    assert controls["A.5.7"]["decision"]["approved_by"] == "dr. Ratna Dewi"
    assert controls["A.8.20"]["decision"]["opd"] is None and controls["A.8.20"]["decision"]["inherited"]
    parts = controls["A.6.3"]["attested"]
    assert parts["aspects"] == {"design": "conforms", "implementation": "partial"}
    assert [one["evidence"][0]["size_bytes"] for one in parts["given"]] == [182_044, 182_044]
    taken = controls["A.8.5"]["attested"]
    assert (taken["taken_from"], taken["given"][0]["edition"]) == (["A.9.4.2"], "2013")
    assert controls["A.7.1"]["attested"]["answer"] is None
    assert controls["A.8.24"]["waivers"][0]["findings"] == 1
    assert controls["A.8.24"]["contradiction"] == "attested_better"
    assert controls["A.8.9"]["decision"] is None and controls["A.8.9"]["applies"] == "undecided"


def test_the_same_data_gives_the_same_bytes() -> None:
    again = render_statements(statement_data(), QUICK, None, "id", "2022")
    assert {file.name: file.content for file in again} == rendered("id", "2022")


@pytest.mark.parametrize(
    "hostile", ["../../etc/passwd", "a/b", "A B", "nul\x00", "con.", "-rf", "", "ü", "x" * 200]
)
def test_an_odd_opd_id_never_reaches_a_file_name(hostile: str) -> None:
    files = render_statements(renamed(DATA, hostile), ["json"], [hostile], "id", "2022")
    assert [file.name for file in files] == ["pernyataan-keberlakuan-2022-opd_1.json"]


def test_what_cannot_be_rendered_is_refused_with_the_choices() -> None:
    with pytest.raises(ReportError, match=r"docx.*html, pdf, xlsx, json"):
        render_statements(DATA, ["html", "docx"], None, "id", "2022")
    with pytest.raises(ReportError, match="none"):
        render_statements(DATA, [], None, "id", "2022")
    with pytest.raises(ReportError, match="'2005'"):
        render_statements(DATA, ["html"], None, "id", "2005")
    with pytest.raises(ReportError, match="'fr'"):
        render_statements(DATA, ["html"], None, "fr", "2022")
    with pytest.raises(ReportError, match="'nowhere'"):
        render_statements(DATA, ["html"], ["nowhere"], "id", "2022")


def test_a_stopped_audit_is_told_in_every_format() -> None:
    stopped = replace(DATA, run=replace(DATA.run, status=RunStatus.STOPPED))
    html, pdf, xlsx, plain = render_statements(stopped, FORMATS, ["dinkes"], "en", "2022")
    assert "Stopped before the end." in list(texts(html.content.decode()))
    assert "Stopped before the end." in told(pdf)
    assert "Stopped before the end." in cells(xlsx.content)[0]
    assert json.loads(plain.content)["run_status"] == "stopped"


def test_a_statement_to_the_2013_edition_is_a_gap_report() -> None:
    for language, told in (("id", "bukan dasar sertifikasi"), ("en", "no basis for certification")):
        for edition, wanted in (("2013", True), ("2022", False)):
            document = " ".join(cells(named("dinkes", "xlsx", language, edition))[0])
            assert (told in document) is wanted
            assert (told in page("dinkes", language, edition)) is wanted


@everywhere
def test_no_message_of_the_other_language_is_on_a_page(edition: str) -> None:
    listed = [message for message in translated() if message.id]
    english = {form for message in messages() if message.id for form in forms(message)}
    own = {text for message in listed for text in strings(message)}
    for opd in STATEMENTS:
        assert not set(texts(page(opd, "id", edition))) & (english - own), opd
        assert not set(texts(page(opd, "en", edition))) & (own - english), opd
        assert not set(chain(*cells(named(opd, "xlsx", "id", edition)))) & (english - own), opd
        assert not set(chain(*cells(named(opd, "xlsx", "en", edition)))) & (own - english), opd
