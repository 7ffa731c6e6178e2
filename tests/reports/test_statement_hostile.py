"""Whatever people write into a decision stays text: in pages, in workbooks and in JSON."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, repeat

import pytest

from auditor.model.attestation import Applicability, Attestation, EvidenceFile
from auditor.model.inventory import Organization
from auditor.model.report import ReportData
from reports.formats.base import RenderedFile
from reports.statement.registry import FORMATS, render_statements
from reports.workbook import cell_text
from tests.reports.pages import skeleton
from tests.reports.statements import statement_data
from tests.reports.test_html import PAYLOADS
from tests.reports.workbooks import opened, parts

_PIECES = (
    *PAYLOADS,
    *("=1+1", "+1", "-1", "@SUM(A1)", "|calc", "＝1+1", "\t=1", "\r=1", "\n=1", " =1", "'=1", "_x003D_1"),
    *('=HYPERLINK("http://a.test")', "=cmd|'/C calc'!A1", "#N/A", "#REF!", "TRUE", "1e5", "2026-10-05"),
    *(
        "</td></tr>",
        "<tr><td>",
        "<b",
        "b>",
        "<a href=//a.test>",
        "onload=x",
        "style=x",
        '"',
        "'",
        "`",
        "&",
        ";",
    ),
    *(
        "</p>",
        "<plaintext>",
        "<!DOCTYPE",
        "<?xml?>",
        "&amp;",
        "&#0;",
        "\\",
        "{%",
        "%}",
        "%(who)s",
        "%%",
        "${x}",
    ),
    *("nama biasa", "A.5.1", "x", "\u200b", "\ufeff", "\x7f", "\x85", "🚀", "é", "\U000e0001"),
)
PAYLOADS_WANTED = 1000


def payloads() -> Iterator[str]:
    """Yield the pieces alone, then random joins of them; none is blank to a reader."""
    dice = random.Random(20261005)
    yield from _PIECES
    while True:
        joined = "".join(dice.choices(_PIECES, k=dice.randint(2, 6)))
        if joined.strip():
            yield joined


def hostile(told: Iterator[str]) -> ReportData:
    """Return the sample with another text in every place that a person, a server or a name can fill."""
    data = statement_data()
    (waiver,) = data.waivers.values()
    opds = tuple(replace(opd, name=next(told)) for opd in data.inventory.opds)
    organization = Organization(next(told), "Asia/Jakarta", next(told), next(told))
    log = replace(
        data.decisions,
        attestations=tuple(_given(one, told) for one in data.decisions.attestations),
        applicabilities=tuple(_decided(one, told) for one in data.decisions.applicabilities),
    )
    excepted = replace(
        waiver,
        reason=next(told),
        compensating_control=next(told),
        requested_by="Pemohon " + next(told),
        approved_by="Penyetuju " + next(told),
    )
    return replace(
        data,
        decisions=log,
        waivers={waiver.id: excepted},
        inventory=replace(data.inventory, opds=opds, organization=organization),
        policy=replace(data.policy, classification=next(told)),
    )


def _given(one: Attestation, told: Iterator[str]) -> Attestation:
    file = EvidenceFile("0" * 64, next(told), 1)
    return replace(
        one,
        justification=next(told),
        attested_by=next(told),
        references=(next(told),),
        evidence=(file,) if one.evidence else (),
    )


def _decided(one: Applicability, told: Iterator[str]) -> Applicability:
    approver = next(told) if one.approved_by else ""
    return replace(one, justification=next(told), decided_by=next(told), approved_by=approver)


class Counted:
    """Hand out texts and remember them."""

    def __init__(self, source: Iterator[str]):
        self.source = source
        self.given: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.given.append(next(self.source))
        return self.given[-1]


def files(data: ReportData) -> dict[str, RenderedFile]:
    # PDF is printed from the very page.
    made = render_statements(data, set(FORMATS) - {"pdf"}, [None, "dinkes"], "id", "2022")
    return {file.name: file for file in made}


@pytest.fixture(scope="module")
def benign() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return the elements of every page about harmless texts."""
    # All different, as the payloads are: what is named twice is shown once.
    plain = files(hostile(f"x{number}" for number in count()))
    return {name: skeleton(one.content.decode()) for name, one in plain.items() if name.endswith("html")}


def rounds() -> Iterator[tuple[list[str], dict[str, RenderedFile]]]:
    """Yield the files made of ever new payloads until all were handed in."""
    source, used = payloads(), 0
    while used < PAYLOADS_WANTED:
        told = Counted(source)
        made = files(hostile(told))
        used += len(told.given)
        yield told.given, made


def test_a_thousand_payloads_stay_text_everywhere(
    benign: dict[str, list[tuple[str, tuple[str, ...]]]],
) -> None:
    seen = 0
    for told, made in rounds():
        seen += len(told)
        for name, file in made.items():
            if name.endswith("html"):
                assert skeleton(file.content.decode()) == benign[name], (name, told)
            elif name.endswith("xlsx"):
                _assert_only_text(file.content)
            else:
                _assert_plain(file.content)
    assert seen >= PAYLOADS_WANTED


def _assert_only_text(content: bytes) -> None:
    inside = parts(content)
    sheets = [text for name, text in inside.items() if name.startswith("xl/worksheets/")]
    assert sheets
    for text in sheets:
        assert not re.search(r"<f[\s>/]|<hyperlink|<oleObject|<drawing", text)
        kinds = set(re.findall(r'<c [^>]*?t="(\w+)"', text))
        assert kinds <= {"s", "inlineStr", "n"}
    assert not [name for name in inside if "external" in name.lower() or "vba" in name.lower()]
    for sheet in opened(content).worksheets:
        assert all(cell.data_type in ("s", "n", "inlineStr") for row in sheet.iter_rows() for cell in row)


def _assert_plain(content: bytes) -> None:
    assert content.isascii()
    assert content.decode().replace("\n", "").isprintable()
    json.loads(content)


def test_hostile_text_can_still_be_read() -> None:
    text = "<b>=1+1\x1b[31m\u202e\nbaris kedua"
    made = files(hostile(repeat(text)))
    page = made["pernyataan-keberlakuan-2022-dinkes.html"].content.decode()
    assert r"&lt;b&gt;=1+1\x1b[31m\u202e" in page
    book = opened(made["pernyataan-keberlakuan-2022-dinkes.xlsx"].content).worksheets[1]
    values = {str(cell.value) for row in book.iter_rows() for cell in row}
    assert cell_text(text) in values
    stated = json.loads(made["pernyataan-keberlakuan-2022-dinkes.json"].content)
    assert stated["controls"][0]["decision"]["justification"] == text
    assert stated["controls"][0]["attested"]["given"][0]["justification"] == text


@pytest.mark.parametrize("text", ["\ud800\udfff lone", "\x00", "\ud83d"])
def test_what_is_no_character_is_restored_from_json(text: str) -> None:
    made = files(hostile(repeat(text)))
    stated = json.loads(made["pernyataan-keberlakuan-2022-dinkes.json"].content)
    assert stated["name"] in (text, text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def test_a_very_long_justification_is_whole_on_the_page_and_in_json() -> None:
    text = "Uraian panjang. " * 4000
    made = files(hostile(repeat(text)))
    assert text.strip() in made["pernyataan-keberlakuan-2022-dinkes.html"].content.decode()
    stated = json.loads(made["pernyataan-keberlakuan-2022-dinkes.json"].content)
    assert stated["controls"][0]["decision"]["justification"] == text
    assert made["pernyataan-keberlakuan-2022-dinkes.xlsx"].content
