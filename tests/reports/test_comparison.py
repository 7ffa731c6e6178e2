"""Comparisons of two audits: the same in every format, other rules first, nothing comparable claimed."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook
from pypdf import PdfReader

from auditor.documents.schema import schema_text
from auditor.model.comparison_report import ComparedAudits
from auditor.model.run import RunStatus
from auditor.model.scorecard import ControlStatus
from auditor.model.verdict import Status
from reports.comparison.registry import render_comparison
from reports.comparison.shape import comparison_schema
from reports.errors import ReportError
from reports.words import truncated
from tests.reports.comparisons import compared, earlier, with_control, without_card
from tests.reports.pages import skeleton, texts
from tests.reports.sample import NOTHING

ROOT = Path(__file__).parents[2]
COMPARED = compared()
FORMATS = ("html", "pdf", "xlsx", "json")
HOSTILE = "<script>x</script>\x1b[31m\u202e=1+1\ud800"


def page(one: ComparedAudits, language: str = "id", opds: tuple[str, ...] = (), edition: str = "2022") -> str:
    (file,) = render_comparison(one, ["html"], opds, language, edition)
    return file.content.decode()


def record(one: ComparedAudits, opds: tuple[str, ...] = (), language: str = "id") -> Any:
    (file,) = render_comparison(one, ["json"], opds, language, "2022")
    assert file.content.isascii()
    return json.loads(file.content)


def sheets(one: ComparedAudits) -> dict[str, list[tuple[Any, ...]]]:
    (file,) = render_comparison(one, ["xlsx"], (), "en", "2022")
    book = load_workbook(BytesIO(file.content))
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


def with_first_control(one: ComparedAudits, then: Any, now: Any) -> ComparedAudits:
    """Return both audits with another status of the first control of Dinas Kesehatan."""
    before, after = (
        replace(data, scorecards={**data.scorecards, "dinkes": with_control(data.scorecards["dinkes"], *how)})
        for data, how in ((one.before, then), (one.after, now))
    )
    return ComparedAudits(before, after)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_same_numbers_in_every_format(language: str) -> None:
    words, told = list(texts(page(COMPARED, language))), record(COMPARED, language=language)
    rows = {row[0]: row for row in sheets(COMPARED)["Then and now"]}
    joined = " ".join(words)
    assert [one["opd"] for one in told["opds"]] == ["dinkes", "disdik", "dukcapil"]
    for one in told["opds"]:
        for place, when in enumerate(("before", "after")):
            numbers = one[when]["score"]
            for column, name in enumerate(("floor", "ceiling", "coverage")):
                assert numbers["shown"][name] in joined
                cell = rows[one["opd"]][2 + 4 * place + column]
                assert f"{100 * cell:.1f}" == str(truncated(numbers[name]))
        for part in one["change"]["without_exceptions"]["shown"]["parts"].values():
            assert part in words


def test_the_pdf_holds_the_numbers_and_findings_of_the_page() -> None:
    (file,) = render_comparison(COMPARED, ["pdf"], (), "id", "2022")
    paper = " ".join(one.extract_text() for one in PdfReader(BytesIO(file.content)).pages)
    told = " ".join(paper.split())
    for one in record(COMPARED)["opds"]:
        assert one["name"] in told
        assert one["after"]["score"]["shown"]["floor"].replace("\u00a0", " ") in told.replace("\u00a0", " ")
        assert all(found["id"] in told for listed in one["findings"].values() for found in listed)


def test_json_is_valid_by_the_published_schema() -> None:
    validator = Draft202012Validator(comparison_schema())
    for one in (COMPARED, compared(same_rules=False), compared(hostile=HOSTILE)):
        validator.validate(record(one))
    published = (ROOT / "docs/comparison.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(comparison_schema()), "run scripts/write-schemas"


def test_other_rules_are_said_before_any_number() -> None:
    words = list(texts(page(compared(same_rules=False), "en")))
    warning = next(place for place, word in enumerate(words) if "judged by different rules" in word)
    assert warning < words.index("Then and now") < words.index("Why the score moved")
    assert record(compared(same_rules=False))["same_rules"] is False
    assert "What cannot be compared" not in list(texts(page(COMPARED, "en")))


def test_every_list_of_findings_is_on_the_page_and_in_json() -> None:
    dinkes = record(COMPARED)["opds"][0]["findings"]
    changes = COMPARED.after.changes
    assert changes is not None
    shown = page(COMPARED)
    for name in ("fixed", "new", "redetected", "not_measured", "out_of_scope"):
        ids = [one.finding for one in getattr(changes, name)]
        assert ids and [one["id"] for one in dinkes[name]] == ids
        assert all(one in shown for one in ids)
    assert record(COMPARED)["opds"][1]["findings"]["new"] == []


def test_controls_with_another_status_name_the_checks_behind_them() -> None:
    then = (ControlStatus.CONFORMS, {"tls-1-0-refused": Status.PASS, "http-hsts-long": Status.NOT_APPLICABLE})
    now = (ControlStatus.DOES_NOT_CONFORM, {"tls-1-0-refused": Status.FAIL, "http-hsts-long": Status.PASS})
    one = with_first_control(COMPARED, then, now)
    control = record(one, language="en")["opds"][0]["controls"][0]
    assert (control["before"], control["after"]) == ("conforms", "does_not_conform")
    first, second, *_ = [told for told in control["why"] if "→" in told]
    assert first.endswith("(tls-1-0-refused): passed → failed")
    assert second.endswith("(http-hsts-long): not relevant → passed")
    assert first in list(texts(page(one, "en")))
    rows = sheets(one)["Controls with another status"]
    assert any(row[1] == control["control"] and row[3] == "Conforms" for row in rows)


def test_a_control_with_the_same_status_is_not_listed() -> None:
    same = (ControlStatus.CONFORMS, {"tls-1-0-refused": Status.PASS})
    one = with_first_control(COMPARED, same, same)
    first = one.after.scorecards["dinkes"].controls["2022"][0].control
    assert first not in [told["control"] for told in record(one)["opds"][0]["controls"]]


def test_an_opd_without_a_card_in_one_audit_has_no_difference() -> None:
    one = ComparedAudits(without_card(COMPARED.before, "disdik"), COMPARED.after)
    told = {opd["opd"]: opd for opd in record(one)["opds"]}
    assert told["disdik"]["before"] is None and told["disdik"]["after"] is not None
    (limit,) = record(one, language="en")["not_comparable"]
    assert limit == "Dinas Pendidikan dan Kebudayaan has no scorecard in the audit audit-20260905."
    assert "no scorecard" in list(texts(page(one, "en")))


def test_where_nothing_was_judged_no_difference_is_made_up() -> None:
    cards = {**COMPARED.before.scorecards}
    cards["disdik"] = replace(cards["disdik"], own=NOTHING)
    one = ComparedAudits(replace(COMPARED.before, scorecards=cards), COMPARED.after)
    words = list(texts(page(one, "en")))
    assert "nothing to judge" in words
    rows = {row[0]: row for row in sheets(one)["Then and now"]}
    assert rows["disdik"][2:5] == (None, None, None)


def test_what_one_audit_alone_measured_is_named() -> None:
    card = COMPARED.before.scorecards["dinkes"]
    unseen = tuple(replace(one, measured=False) if one.server == "dinkes-01" else one for one in card.servers)
    cards = {**COMPARED.before.scorecards, "dinkes": replace(card, servers=unseen)}
    one = ComparedAudits(replace(COMPARED.before, scorecards=cards), COMPARED.after)
    (told,) = record(one, language="en")["not_comparable"]
    assert told.startswith("Not measured in the audit audit-20260905, and measured in the other: ")
    assert "dinkes-01" in told


def test_a_stopped_audit_is_told_as_such() -> None:
    stopped = replace(COMPARED.before.run, status=RunStatus.STOPPED)
    one = ComparedAudits(replace(COMPARED.before, run=stopped), COMPARED.after)
    assert record(one, language="en")["not_comparable"] == [
        "The audit audit-20260905 was stopped before its end."
    ]


def test_an_edition_that_one_audit_was_not_judged_against_leaves_controls_out() -> None:
    cards = replace(
        COMPARED.before.organization, controls={"2013": COMPARED.before.organization.controls["2013"]}
    )
    one = ComparedAudits(replace(COMPARED.before, organization=cards), COMPARED.after)
    told = record(one, language="en")
    assert told["controls_compared"] is False and told["opds"][0]["controls"] == []
    assert "Controls with another status" not in list(texts(page(one, "en")))


def test_one_opd_alone_speaks_of_no_other() -> None:
    told = record(COMPARED, ("disdik",))
    assert [one["opd"] for one in told["opds"]] == ["disdik"] and told["organization"] is None
    assert "Dinas Kesehatan" not in page(COMPARED, opds=("disdik",))
    (file,) = render_comparison(COMPARED, ["html"], ("disdik",), "id", "2022")
    assert file.name == "perbandingan-disdik.html"


def test_hostile_texts_change_no_element_and_make_no_formula() -> None:
    plain, hostile = (page(compared(text)) for text in ("plain", HOSTILE))
    assert skeleton(plain) == skeleton(hostile)
    cells = [cell for rows in sheets(compared(HOSTILE)).values() for row in rows for cell in row]
    assert not [cell for cell in cells if isinstance(cell, str) and ("\x1b" in cell or "\u202e" in cell)]


def test_the_same_audits_give_the_same_bytes() -> None:
    first, second = (render_comparison(compared(), FORMATS, (), "id", "2022") for _ in range(2))
    assert first == second


def test_both_audits_are_told_with_their_scope_and_digests() -> None:
    words = list(texts(page(COMPARED, "en")))
    for heading in ("Earlier audit", "Later audit"):
        assert heading in words
    assert words.count("Time of measurement") == words.count("Scope") == 2
    assert words.count(COMPARED.after.digest) >= 1 and "audit-20260905" in words


def test_wrong_choices_are_refused() -> None:
    for formats, opds, language in ((["odt"], (), "id"), ([], (), "id"), (["html"], ("nope",), "id")):
        with pytest.raises(ReportError):
            render_comparison(COMPARED, formats, opds, language, "2022")
    with pytest.raises(ReportError):
        render_comparison(COMPARED, ["html"], (), "xx", "2022")
    with pytest.raises(ReportError):
        render_comparison(COMPARED, ["html"], (), "id", "2005")


def test_the_earlier_audit_is_the_earlier_one() -> None:
    told = record(ComparedAudits(earlier(), COMPARED.after))
    assert (told["before"]["run"], told["after"]["run"]) == ("audit-20260905", "audit-20261005")
