"""What OSCAL documents say is what the pages say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from auditor.model.acknowledgement import Acknowledgement
from auditor.model.evidence import Evidence
from auditor.model.plan import IMPORTED_LOOK
from auditor.model.report import ReportData
from reports.view.context import make_context
from tests.reports.oscal_documents import plan_of, prop, props, results_of
from tests.reports.sample import STARTED, report_data
from tests.reports.whole import whole_data

DATA, WHOLE = report_data(), whole_data()


def test_the_numbers_of_the_card_are_those_of_the_result() -> None:
    for opd, card in WHOLE.scorecards.items():
        context = make_context(WHOLE, "id", "2022")
        (result,) = results_of(WHOLE, opd)["results"]
        for name in ("floor", "ceiling", "coverage"):
            assert float(prop(result, name)) == getattr(card.score, name)
            assert float(prop(result, f"{name}-with-exceptions")) == getattr(card.score_with_waivers, name)
            assert prop(result, f"{name}-shown") == context.words.percent(getattr(card.score, name))
        assert int(prop(result, "open-findings")) == len(context.open_findings(opd))
        assert int(prop(result, "accepted-findings")) == len(context.accepted_findings(opd))


def test_every_finding_is_a_risk_with_its_deadline_and_both_editions() -> None:
    (result,) = results_of(DATA, "dinkes")["results"]
    risks = {prop(one, "finding"): one for one in result["risks"]}
    for finding in (one for one in DATA.findings if one.opd == "dinkes"):
        risk = risks[finding.id]
        assert prop(risk, "severity") == finding.severity.value
        for edition, controls in finding.controls.items():
            assert props(risk, f"control-{edition}") == list(controls)
        if not finding.waiver:
            # The last second of the day in the zone of the agency, UTC+7.
            assert risk["deadline"] == f"{finding.due.isoformat()}T16:59:59Z"
            (task,) = risk["remediations"][-1]["tasks"]
            assert task["timing"]["within-date-range"]["end"] == risk["deadline"]
            assert f"auditor verify {finding.id}" in task["title"]


def test_an_accepted_risk_is_a_deviation_with_who_approved_it_and_until_when() -> None:
    document = results_of(DATA, "dinkes")
    (risk,) = (one for one in document["results"][0]["risks"] if props(one, "waiver"))
    assert risk["status"] == "deviation-approved" and "deadline" not in risk
    opened, asked, approved = risk["risk-log"]["entries"]
    assert (opened["status-change"], asked["status-change"]) == ("open", "deviation-requested")
    assert approved["end"] == "2026-10-31T16:59:59Z"
    names = {one["uuid"]: one["name"] for one in document["metadata"]["parties"]}
    assert names[asked["logged-by"][0]["party-uuid"]] == "Kepala Bidang Aptika"
    assert names[approved["logged-by"][0]["party-uuid"]] == "Kepala Dinas Komunikasi dan Informatika"
    assert risk["mitigating-factors"][0]["description"] == "Akses dibatasi pada jaringan dalam."


def test_what_was_not_measured_is_told_as_such() -> None:
    (result,) = results_of(DATA, "dinkes")["results"]
    gaps = [one for one in result["observations"] if one.get("types") == ["not-measured"]]
    servers = {one["uuid"]: prop(one, "asset-id") for one in result["local-definitions"]["components"]}
    named = {servers[one["subjects"][0]["subject-uuid"]] for one in gaps}
    assert named == {"dinkes-04", "dinkes-02"}
    assert len(gaps) == sum(gap.opd == "dinkes" for gap in DATA.not_measured)


def test_controls_that_nobody_judged_are_not_called_unsatisfied() -> None:
    (result,) = results_of(WHOLE, "dinkes")["results"]
    (selection,) = result["reviewed-controls"]["control-selections"]
    included, excluded = (
        {one["control-id"] for one in selection[key]} for key in ("include-controls", "exclude-controls")
    )
    targets = {one["target"]["target-id"]: one for one in result["findings"]}
    assert set(targets) == included and not included & excluded
    assert props(selection, "not-applicable") == ["A.7.1"]
    assert "A.5.7" in props(selection, "not-assessed")
    assert targets["A.8.20"]["target"]["status"]["state"] == "satisfied"
    assert targets["A.8.5"]["target"]["status"] == {
        "state": "not-satisfied",
        "reason": "fail",
        "remarks": "Tidak Sesuai",
    }
    assert targets["A.8.8"]["target"]["status"]["reason"] == "other"


def test_a_control_names_its_counterparts_in_the_other_edition() -> None:
    framework = replace(DATA.frameworks["2022"], crosswalk={"A.8.20": ("A.13.1.1", "A.13.1.2")})
    data = replace(DATA, frameworks={**DATA.frameworks, "2022": framework})
    findings = {
        one["target"]["target-id"]: one for one in results_of(data, "disdik")["results"][0]["findings"]
    }
    assert props(findings["A.8.20"], "control-2013") == ["A.13.1.1", "A.13.1.2"]


def test_an_answer_of_people_is_an_interview_that_ends() -> None:
    document = results_of(WHOLE, "dinkes")
    interviews = [one for one in document["results"][0]["observations"] if one["methods"] == ["INTERVIEW"]]
    one = next(one for one in interviews if prop(one, "control-id") == "A.6.3")
    assert one["expires"] == "2027-09-30T16:59:59Z"
    assert one["origins"][0]["actors"][0]["type"] == "party"
    control = next(
        found for found in document["results"][0]["findings"] if found["target"]["target-id"] == "A.6.3"
    )
    related = {seen["observation-uuid"] for seen in control["related-observations"]}
    assert one["uuid"] in related


def test_what_another_tool_found_was_examined_not_tested() -> None:
    def imported(row: Evidence) -> Evidence:
        return replace(row, task=replace(row.task, look=IMPORTED_LOOK))

    evidence = {number: imported(row) for number, row in DATA.evidence.items()}
    for data, method in ((DATA, "TEST"), (replace(DATA, evidence=evidence), "EXAMINE")):
        (result,) = results_of(data, "dinkes")["results"]
        seen = next(one for one in result["observations"] if one.get("types") == ["finding"])
        assert seen["methods"] == [method]


def test_an_observation_ends_when_a_schedule_measures_again() -> None:
    again = STARTED + timedelta(days=7)
    data = replace(DATA, next_audits={"dinkes": again})
    for opd, expected in (("dinkes", {"2026-10-12T01:30:00Z"}), ("disdik", set())):
        (result,) = results_of(data, opd)["results"]
        seen = [one for one in result["observations"] if one.get("types") == ["finding"]]
        assert {one["expires"] for one in seen if "expires" in one} == expected


def test_a_finding_somebody_took_on_is_being_dealt_with() -> None:
    first = DATA.findings[0]
    answer = Acknowledgement(first.id, "Budi, S.Kom.", "Pasang kata sandi", planned=first.due)
    data = replace(DATA, findings=(replace(first, acknowledgement=answer), *DATA.findings[1:]))
    plan = plan_of(data, "dinkes")
    risk = next(one for one in plan["risks"] if prop(one, "finding") == first.id)
    assert risk["status"] == "remediating"
    assert risk["remediations"][-1]["description"] == "Pasang kata sandi"
    assert prop(risk["remediations"][-1], "owner") == "Budi, S.Kom."
    assert "Budi, S.Kom." in [one["name"] for one in plan["metadata"]["parties"]]


def test_the_plan_has_an_item_for_every_finding_that_stands() -> None:
    for opd in WHOLE.scorecards:
        standing = make_context(WHOLE, "id", "2022").standing_findings(opd)
        items = plan_of(WHOLE, opd)["poam-items"]
        assert [prop(one, "finding") for one in items] == [one.id for one in standing]


def test_a_plan_without_findings_says_so() -> None:
    data: ReportData = replace(DATA, findings=())
    (item,) = plan_of(data, "disdik")["poam-items"]
    assert item["title"] == "Tidak ada temuan yang berlaku"
    assert "risks" not in plan_of(data, "disdik")
