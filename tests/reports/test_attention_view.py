"""What nobody has looked at yet, and the questions of Indeks KAMI."""

from __future__ import annotations

from dataclasses import replace

from auditor.model.scorecard import ControlStatus
from reports.view.attention import UnseenSection
from reports.view.context import make_context
from reports.view.kami import AreaView
from reports.view.scorecard import scorecard_view
from tests.reports.whole import QUESTIONS, whole_data

DATA = whole_data()


def unseen() -> UnseenSection:
    return scorecard_view(make_context(DATA, "id", "2022"), "dinkes").unseen


def areas() -> dict[str, AreaView]:
    return {area.id: area for area in scorecard_view(make_context(DATA, "id", "2022"), "dinkes").kami}


def test_every_control_that_nobody_knows_stands_once_under_who_answers() -> None:
    results = DATA.scorecards["dinkes"].controls["2022"]
    unknown = (ControlStatus.NOT_ASSESSED, ControlStatus.NOT_EXAMINED)
    wanted = sorted(one.control for one in results if one.status in unknown)
    assert wanted and sorted(one.id for side in unseen().sides for one in side.controls) == wanted
    sides = {control.id: control.responsible.value for control in DATA.frameworks["2022"].controls}
    labels = {"centre": "Pengelola pusat", "opd": "OPD", "shared": "Pengelola pusat dan OPD"}
    for side in unseen().sides:
        assert {labels[sides[one.id]] for one in side.controls} == {side.label}


def test_question_and_papers_stand_beside_it() -> None:
    for one in (one for side in unseen().sides for one in side.controls):
        assert (one.question, one.papers) == (QUESTIONS["id"], "SK penunjukan; notulen rapat")


def test_what_could_not_be_measured_is_to_be_measured_first() -> None:
    by_id = {one.id: one for side in unseen().sides for one in side.controls}
    assert by_id["A.8.8"].unjudged == "http-hsts-long"
    assert by_id["A.5.7"].unjudged == ""


def test_the_card_says_how_to_write_the_questions_to_a_file() -> None:
    assert unseen().command == (
        "auditor attest export --opd dinkes --edition 2022 --output pertanyaan-dinkes.xlsx"
    )


def test_nothing_unknown_leaves_the_section_empty() -> None:
    card = DATA.scorecards["disdik"]
    known = tuple(replace(one, status=ControlStatus.CONFORMS) for one in card.controls["2022"])
    data = replace(DATA, scorecards={"disdik": replace(card, controls={"2022": known})})
    assert scorecard_view(make_context(data, "id", "2022"), "disdik").unseen.sides == ()


def test_indeks_kami_names_the_questions_that_findings_answers_and_gaps_speak_to() -> None:
    questions = dict(areas()["VI"].questions)
    numbers = {control.id: control.kami[1] for control in DATA.frameworks["2022"].controls}
    failing, answered, open_ = questions.values()
    assert numbers["A.8.5"] in failing.split(", ")
    assert numbers["A.5.1"] in answered.split(", ")
    assert numbers["A.5.7"] in open_.split(", ")  # its answer has ended
    assert numbers["A.5.7"] not in answered.split(", ")


def test_questions_come_in_the_order_of_their_numbers() -> None:
    for area in areas().values():
        for _, questions in area.questions:
            numbers = [int(one.partition(".")[2]) for one in questions.split(", ")]
            assert numbers == sorted(numbers)


def test_indeks_kami_never_gets_a_score() -> None:
    assert not any("%" in text for area in areas().values() for text in (area.findings, str(area.questions)))


def test_what_failed_to_be_examined_is_counted_apart_from_what_nobody_assessed() -> None:
    card = DATA.scorecards["disdik"]
    statuses = (ControlStatus.NOT_EXAMINED, ControlStatus.NOT_ASSESSED, ControlStatus.NOT_ASSESSED)
    some = tuple(replace(one, status=two) for one, two in zip(card.controls["2022"], statuses, strict=False))
    data = replace(DATA, scorecards={"disdik": replace(card, controls={"2022": some})})
    told = scorecard_view(make_context(data, "id", "2022"), "disdik").unseen.count
    assert told == "1 Gagal Diperiksa, 2 Belum Dinilai"
