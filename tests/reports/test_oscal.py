"""OSCAL documents are valid by NIST's schema, whole in themselves, and the same every time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from auditor.model.report import ReportData
from reports.formats.oscal import render
from reports.registry import render_all
from tests.reports.oscal_documents import documents, faults, walk
from tests.reports.sample import report_data
from tests.reports.whole import whole_data

DATA, WHOLE = report_data(), whole_data()
HOSTILE = (
    "]]><script>x</script> **b** `c` [l](http://x) {{ insert: param, p }} \x1b[31m\u202e\x00 \ud800\n# h"
)
_CODE = re.compile(r"^```$.+?^```$", re.MULTILINE | re.DOTALL)
_REFERENCE = re.compile(r".+-uuids?")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("edition", ["2013", "2022"])
@pytest.mark.parametrize("data", [DATA, WHOLE, report_data(first=True)], ids=["sample", "whole", "first"])
def test_every_document_is_valid_by_the_schema_of_nist(data: ReportData, edition: str, language: str) -> None:
    made = documents(data, language, edition)
    assert len(made) == 2 * len(data.scorecards)
    assert {name: faults(document) for name, document in made.items()} == {name: [] for name in made}


def test_the_schema_finds_what_is_wrong() -> None:
    document = documents(DATA)["oscal-hasil-penilaian-dinkes.json"]
    result = document["assessment-results"]["results"][0]
    result["risks"][0]["uuid"] = "not-a-uuid"
    result["findings"][0]["target"]["target-id"] = "5 with blanks"
    assert len(faults(document)) == 2


def test_texts_of_servers_and_people_stay_text() -> None:
    made = documents(whole_data(hostile=HOSTILE))
    assert all(faults(document) == [] for document in made.values())
    texts = [value for one in made.values() for _, value in walk(one) if isinstance(value, str)]
    assert any("&lt;script&gt;" in text for text in texts)
    markup = [
        value
        for one in made.values()
        for key, value in walk(one)
        if key in ("title", "description", "statement", "remarks") and isinstance(value, str)
    ]
    live = re.compile(r"[<\x1b\u202e]|(?<!\\)[][*`{}]")
    assert not [text for text in markup if live.search(_CODE.sub("", text))]
    assert all(file.content.isascii() for file in render(whole_data(hostile=HOSTILE), None, "id", "2022"))


def test_everything_referred_to_is_in_the_document() -> None:
    for document in documents(WHOLE).values():
        known = {value for key, value in walk(document) if key == "uuid"}
        named = {
            value for key, value in walk(document) if _REFERENCE.fullmatch(key) and isinstance(value, str)
        }
        assert named and named <= known


def test_identifiers_are_unique_within_a_document() -> None:
    for document in documents(WHOLE).values():
        listed = [value for key, value in walk(document) if key == "uuid"]
        assert len(listed) == len(set(listed))


def test_the_same_data_gives_the_same_bytes() -> None:
    first, second = (render(whole_data(), None, "id", "2022") for _ in range(2))
    assert first == second


def test_two_organisations_share_no_identifier() -> None:
    organization = replace(DATA.inventory.organization, name="Pemerintah Kabupaten Lain")
    other = replace(DATA, inventory=replace(DATA.inventory, organization=organization))
    mine, theirs = (
        {value for one in documents(data).values() for key, value in walk(one) if key == "uuid"}
        for data in (DATA, other)
    )
    assert not mine & theirs


def test_a_risk_keeps_its_identifier_in_the_next_audit() -> None:
    later = replace(DATA, run=replace(DATA.run, id="audit-20261105"))

    def risks(data: ReportData) -> set[str]:
        plan = documents(data)["oscal-rencana-tindak-dinkes.json"]["plan-of-action-and-milestones"]
        return {one["uuid"] for one in plan["risks"]}

    assert risks(DATA) == risks(later)


def test_the_index_links_both_documents() -> None:
    files = {file.name: file for file in render_all(DATA, ["oscal"], None, "id", "2022")}
    page = files["index.html"].content.decode()
    assert 'href="oscal-hasil-penilaian-dinkes.json"' in page
    assert 'href="oscal-rencana-tindak-disdik.json"' in page
