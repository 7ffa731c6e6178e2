"""Whatever a server, a person or a file says stays text: on pages, in tables, in print and on a terminal."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from reports.registry import RENDERERS
from tests.reports.hostile_checks import SHAPES, csv_shape, html_shape, json_shape, xlsx_shape
from tests.reports.hostile_data import Planter, full_data, plant
from tests.reports.hostile_rounds import Rounds, screen
from tests.reports.hostile_texts import PIECES, hostile_texts
from tests.reports.pages import texts

WANTED = 300
"""Texts here; `scripts/hostile-texts` tries 5,000."""


def test_hostile_texts_change_no_file_and_no_screen() -> None:
    rounds = Rounds()
    while rounds.texts < WANTED:
        assert list(rounds.next()) == []
    assert rounds.texts >= max(WANTED, len(PIECES))


def test_every_format_is_looked_at() -> None:
    assert set(RENDERERS) - {"pdf"} <= set(SHAPES)  # which test_hostile_print looks at


def test_the_places_that_servers_and_people_fill_are_filled() -> None:
    planter = Planter(hostile_texts())
    plant(full_data(), planter)
    assert planter.places >= {
        "Evidence.facts",
        "Evidence.tool_version",
        "Finding.observed",
        "Finding.expected",
        "Subject.server_name",
        "Server.hostnames",
        "Server.name",
        "Opd.name",
        "Verdict.reason",
        "NotMeasured.reason",
        "ChangedFinding.reason",
        "Waiver.reason",
        "Acknowledgement.plan",
        "Retested.asked_by",
        "EvidenceFile.name",
    }
    assert len(set(planter.given)) == len(planter.given)


@pytest.mark.parametrize(
    "page",
    [
        "<p>a<b>b</b></p>",
        "<p title=x>a</p>",
        "<div><p>a</p></div>",
        "<p>a</p><p>b</p>",
        '<p><a href="x">a</a></p>',
    ],
)
def test_another_element_attribute_or_address_would_be_noticed(page: str) -> None:
    assert html_shape(page.encode()) != html_shape(b"<p>a</p>")
    assert html_shape(b'<p><a href="y">a</a></p>') != html_shape(b'<p><a href="x">a</a></p>')
    assert html_shape(b"<p>b</p>") == html_shape(b"<p>a</p>")


@pytest.mark.parametrize("change", ["formula", "link"])
def test_a_formula_or_link_in_a_workbook_would_be_noticed(change: str) -> None:
    book, out = Workbook(), io.BytesIO()
    cell = book.worksheets[0]["A1"]
    cell.value = "=1+1" if change == "formula" else "x"
    if change == "link":
        cell.hyperlink = "http://a.test"
    book.save(out)
    with pytest.raises(AssertionError):
        xlsx_shape(out.getvalue())


def test_a_formula_in_csv_and_a_control_in_json_would_be_noticed() -> None:
    with pytest.raises(AssertionError):
        csv_shape(b'"a"\r\n" =1+1"\r\n')
    with pytest.raises(AssertionError):
        json_shape(b'{"a": "\x7f"}')


def test_hostile_text_can_still_be_read() -> None:
    text = "<b>=1+1\x1b[31m\u202e{{ 7 }}"
    planter = Planter(text for _ in iter(int, 1))
    data = plant(full_data(), planter)
    seen = r"<b>=1+1\x1b[31m\u202e{{ 7 }}"
    pages = RENDERERS["html"](data, "dinkes", "id", "2022")
    assert all(seen in " ".join(texts(page.content.decode())) for page in pages)
    assert seen in screen(data)
