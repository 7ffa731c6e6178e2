"""What the card of one OPD says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auditor.model.check import Confidence, Severity
from auditor.model.evidence import FailureKind
from auditor.model.finding import FindingStatus
from auditor.model.framework import MachineCoverage
from auditor.model.inventory import Category, Responsible
from auditor.model.plan import SkipReason
from auditor.model.report import NotMeasured, ReportData
from auditor.model.run import RunStatus
from auditor.model.scorecard import ControlStatus, Grade, Score
from auditor.model.verdict import Status
from reports.errors import ReportError
from reports.view.context import Context, make_context
from reports.view.details import DETAILS
from reports.view.labels import (
    CATEGORIES,
    CONFIDENCES,
    CONTROL_STATUSES,
    FAILURES,
    FINDING_STATUSES,
    MACHINE_COVERAGES,
    SEVERITIES,
    SIDES,
    SKIPS,
    VERDICTS,
    method_label,
    reason_label,
)
from reports.view.score import grade_view, score_view
from reports.view.scorecard import ScorecardView, scorecard_view
from reports.view.servers import GapView
from reports.view.statuses import verdict_counts
from tests.reports.messages import PACKAGE
from tests.reports.pages import rendered
from tests.reports.sample import report_data

DATA = report_data()


def context(language: str = "id", edition: str = "2022") -> Context:
    return make_context(DATA, language, edition)


def gaps_of(view: ScorecardView) -> list[GapView]:
    return [gap for section in view.gaps for gap in section.gaps.rows]


def card(opd: str = "dinkes", language: str = "id", edition: str = "2022") -> ScorecardView:
    return scorecard_view(context(language, edition), opd)


def test_the_formula_is_printed_with_the_numbers_put_in() -> None:
    formula = dict(card().level.own.score.formula)
    assert formula["Batas bawah"] == "412,5 ÷ 590 = 69,9\u00a0%"
    assert formula["Batas atas"] == "(412,5 + 79,5) ÷ 590 = 83,3\u00a0%"
    assert formula["Cakupan"] == "(412,5 + 98) ÷ 590 = 86,5\u00a0%"


def test_every_server_of_the_opd_is_on_the_card_with_its_state() -> None:
    states = {server.id: server.state.kind for server in card().servers.rows}
    assert states == {
        "dinkes-01": "measured",
        "dinkes-02": "partly",
        "dinkes-03": "measured",
        "dinkes-04": "unmeasured",
    }


def test_what_was_not_measured_is_named_with_its_reason() -> None:
    gaps = {(gap.server, gap.reason) for gap in gaps_of(card())}
    assert ("Peladen arsip lama (dinkes-04)", "tidak menjawab dalam batas waktu") in gaps
    assert ("Sistem Informasi Puskesmas (dinkes-02)", "sambungan diputus: pada jabat tangan kedua") in gaps
    (skipped,) = gaps_of(card("dukcapil"))
    assert skipped.reason == "alamat ini tidak tercakup surat tugas"


def test_a_server_is_named_once_however_many_told_that_it_was_not_measured() -> None:
    reason = context().words.say(SKIPS[SkipReason.NO_AUTHORIZATION])
    told = NotMeasured("dukcapil", "dukcapil-02", "127.20.3.12", "", reason)
    skipped = replace(DATA.skipped[0], scanner="")
    twice = replace(DATA, not_measured=(told,), skipped=(skipped, DATA.skipped[0]))
    (gap,) = gaps_of(scorecard_view(make_context(twice, "id", "2022"), "dukcapil"))
    assert (gap.what, gap.reason) == ("seluruhnya", "alamat ini tidak tercakup surat tugas")


def test_what_failed_for_one_reason_stands_in_one_line() -> None:
    failed = NotMeasured("disdik", "disdik-01", "127.20.2.11", "tls 443", "timeout")
    gaps = (failed, replace(failed, what="ssh 22"))
    data = replace(DATA, not_measured=gaps)
    (gap,) = gaps_of(scorecard_view(make_context(data, "id", "2022"), "disdik"))
    assert gap.what == "pengaturan SSH, port 22, pengaturan TLS, port 443"


def test_what_could_not_be_judged_is_not_called_a_failure_to_examine() -> None:
    counts = verdict_counts(context().words, {Status.UNKNOWN: 2, Status.ERROR: 1})
    assert counts == "1 gagal diperiksa, 2 belum dapat dinilai"


def test_a_server_missing_from_the_run_is_named_even_when_nobody_skipped_it() -> None:
    forgotten = replace(
        DATA,
        skipped=(),
        scorecards={
            "dukcapil": replace(DATA.scorecards["dukcapil"], servers=DATA.scorecards["dukcapil"].servers[:1])
        },
    )
    view = scorecard_view(make_context(forgotten, "id", "2022"), "dukcapil")
    assert [(gap.server, gap.reason) for gap in gaps_of(view)] == [
        ("Cermin data kependudukan (dukcapil-02)", "tidak dipilih pada audit ini")
    ]
    assert [server.level is None for server in view.servers.rows] == [False, True]


def test_an_open_finding_past_its_deadline_is_overdue_and_an_accepted_one_is_not() -> None:
    late = replace(DATA, findings=tuple(replace(f, due=date(2026, 10, 4)) for f in DATA.findings))
    rows = [
        row
        for section in scorecard_view(make_context(late, "id", "2022"), "dinkes").sections
        for group in section.groups
        for row in group.rows
    ]
    assert {row.overdue for row in rows if not row.waiver} == {True}
    assert [row.overdue for row in rows if row.waiver] == [False]


def test_the_deadline_day_itself_is_in_time() -> None:
    today = replace(DATA.findings[0], due=date(2026, 10, 5))
    assert not context().is_overdue(today)
    assert context().is_overdue(replace(today, due=date(2026, 10, 4)))


def test_findings_carry_the_criteria_of_both_editions() -> None:
    groups = [group for section in card().sections for group in section.groups]
    assert all([edition for edition, _ in group.criteria] == ["2013", "2022"] for group in groups)


def test_findings_of_one_check_are_told_together() -> None:
    high = next(section for section in card().sections if section.severity.kind == "high")
    tls = next(group for group in high.groups if group.check == "tls-1-0-refused")
    assert [row.endpoint for row in tls.rows] == ["127.20.1.11:443/tcp", "127.20.1.11:8443/tcp"]


def test_a_closed_finding_is_listed_apart_and_not_counted_as_open() -> None:
    view = card("dukcapil")
    assert view.open == "1"
    assert [one.listed.rows[0].title for one in view.follow_up.lists if one.state.kind == "fixed"] == [
        "HSTS dipasang untuk waktu lama"
    ]


def test_an_accepted_risk_is_counted_apart_from_what_is_open() -> None:
    view = card()
    assert (view.open, view.accepted) == ("9", "1")
    assert sum(section.count for section in view.sections) == 9
    medium = next(section for section in view.sections if section.severity.kind == "medium")
    assert (medium.count, medium.accepted) == (1, "dan 1 risiko diterima")
    assert sum(len(group.rows) for group in medium.groups) == 2


def test_every_control_of_the_edition_is_listed_once() -> None:
    for edition in ("2013", "2022"):
        listed = [c.id for group in card(edition=edition).groups for c in group.controls]
        assert listed == [control.id for control in DATA.frameworks[edition].controls]


def test_the_bars_of_a_group_add_up() -> None:
    for group in card().groups:
        assert sum(segment.count for segment in group.segments) == len(group.controls)
        assert sum(segment.width for segment in group.segments) == pytest.approx(100)


@pytest.mark.parametrize(
    ("grade", "sentence"),
    [
        (Grade("", "nothing_measured"), "Ditahan: tidak ada yang terukur."),
        (Grade("", "coverage"), "Ditahan: cakupan di bawah 70,0\u00a0%."),
        (Grade("B", "band"), "Predikat B: batas bawah mencapai 75,0\u00a0% atau lebih."),
        (
            Grade("D", "cap", Severity.CRITICAL),
            "Dibatasi pada D: ada pemeriksaan bertingkat Kritis yang gagal atau belum dapat dinilai.",
        ),
    ],
)
def test_the_rule_that_decided_the_grade_is_said(grade: Grade, sentence: str) -> None:
    assert grade_view(context(), grade).sentence == sentence


def test_a_score_of_nothing_is_not_applicable() -> None:
    assert not score_view(context().words, Score(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)).applicable


def test_a_first_measurement_says_so_and_a_second_compares() -> None:
    assert card("disdik").level.trend.first
    assert card("dinkes").level.trend.rows[0][1:] == ("61,2\u00a0%", "69,9\u00a0%", "+8,7")


def test_a_stopped_audit_and_a_part_of_the_servers_are_told_above_every_number() -> None:
    whole = card("dinkes").head
    assert (whole.stopped, whole.partial) == (False, "")
    assert card("dukcapil").head.partial.startswith("1 dari 2 ")
    stopped = replace(DATA, run=replace(DATA.run, status=RunStatus.STOPPED))
    assert scorecard_view(make_context(stopped, "id", "2022"), "dinkes").head.stopped


def test_a_card_to_the_2013_edition_is_a_gap_report() -> None:
    assert card(edition="2013").head.gap_report
    assert not card(edition="2022").head.gap_report


def test_exceptions_are_shown_with_the_people_who_answer_for_them() -> None:
    (waiver,) = card().waivers.rows
    assert waiver.what.startswith("Dikecualikan dari: ")
    assert waiver.people == (
        "diajukan oleh Kepala Bidang Aptika, disetujui oleh Kepala Dinas Komunikasi dan Informatika"
    )
    assert waiver.active
    assert card("disdik").waivers.rows == ()


def test_parameters_looser_than_the_control_tolerates_and_switched_off_checks_are_limits() -> None:
    limits = " ".join(value for row in card().method for value in row.values)
    assert "certificate-not-expiring: minimum_days" in limits
    assert "tls-dh-group-strong" in limits


def test_indeks_kami_gets_areas_and_no_score() -> None:
    areas = {area.id: area for area in card().kami}
    assert set(areas) <= {"II", "III", "IV", "V", "VI", "VII"}
    assert (areas["VI"].name, areas["VI"].findings) == (
        "Teknologi dan Keamanan Informasi",
        "9 temuan terbuka",
    )


@pytest.mark.parametrize("kind", [*FailureKind, *SkipReason])
def test_every_stored_reason_is_worded_in_the_reader_s_language(kind: FailureKind | SkipReason) -> None:
    indonesian, english = context("id").words, context("en").words
    label = FAILURES[kind] if isinstance(kind, FailureKind) else SKIPS[kind]
    for stored in (kind.value, indonesian.say(label), english.say(label)):
        for detail in ("", ": 30 s", " (30 s)"):
            assert reason_label(indonesian, stored + detail) == indonesian.say(label) + detail
            assert reason_label(english, stored + detail) == english.say(label) + detail


def test_the_scanners_own_words_beside_a_failure_are_in_the_reader_s_language() -> None:
    words = context("id").words
    for detail in DETAILS:
        assert reason_label(words, f"timeout ({detail})") == (
            f"tidak menjawab dalam batas waktu ({words.say(detail)})"
        )
    assert reason_label(words, "timeout: no connection to TCP port 25, 443") == (
        "tidak menjawab dalam batas waktu: tidak ada sambungan ke port TCP 25, 443"
    )


def test_the_words_of_the_scanners_are_those_that_the_scanners_say() -> None:
    sources = "".join(path.read_text("utf-8") for path in (PACKAGE.parent / "scanners").rglob("*.py"))
    assert [detail for detail in DETAILS if f'"{detail}"' not in sources] == []
    assert 'f"every path is answered {' in sources
    assert 'f"no connection to TCP port {' in sources


def test_one_status_for_every_path_is_no_refused_connection() -> None:
    for stored in ("refused (every path is answered 403)", "sambungan ditolak: every path is answered 403"):
        told = reason_label(context("id").words, stored)
        assert told == "setiap jalur dijawab dengan status 403"
    text = {"en": "connection refused (every path is answered 403)", "id": ""}
    text["id"] = text["en"].replace("connection refused", "sambungan ditolak")
    (one, *others) = DATA.verdicts
    data = replace(DATA, verdicts=(replace(one, reason=text), *others))
    reasons = {
        told.reason for told in scorecard_view(make_context(data, "id", "2022"), "dinkes").unknown.rows
    }
    assert "setiap jalur dijawab dengan status 403" in reasons


def test_an_unknown_reason_stays_as_it_is() -> None:
    assert reason_label(context().words, "timeouts galore\x1b") == "timeouts galore\\x1b"
    assert method_label(context().words, "tls 443") == "pengaturan TLS, port 443"
    assert method_label(context().words, "snmp 161") == "snmp 161"


def test_every_value_has_a_word() -> None:
    for table, values in (
        (SEVERITIES, Severity),
        (CONTROL_STATUSES, ControlStatus),
        (FINDING_STATUSES, FindingStatus),
        (VERDICTS, Status),
        (CONFIDENCES, Confidence),
        (MACHINE_COVERAGES, MachineCoverage),
        (CATEGORIES, Category),
        (SIDES, Responsible),
        (FAILURES, FailureKind),
        (SKIPS, SkipReason),
    ):
        assert set(table) == set(values)


def test_what_does_not_exist_is_refused_with_what_does() -> None:
    with pytest.raises(ReportError, match="dinkes, disdik, dukcapil"):
        card("nowhere")
    with pytest.raises(ReportError, match=r"'2005'.*2013, 2022"):
        context(edition="2005")
    with pytest.raises(ReportError, match="no scorecard of 'dinkes'"):
        scorecard_view(make_context(replace(DATA, scorecards={}), "id", "2022"), "dinkes")


def test_the_card_names_the_rules_that_it_rests_on() -> None:
    def named(data: ReportData) -> tuple[str, ...]:
        view = scorecard_view(make_context(data, "id", "2022"), "dinkes")
        return next(row.values for row in view.document if row.label == "Dasar hukum")

    assert "Peraturan Presiden Nomor 95 Tahun 2018 tentang Sistem Pemerintahan Berbasis Elektronik" in named(
        DATA
    )
    own = replace(DATA.inventory.organization, legal_basis=("Peraturan Bupati Contoh Nomor 12 Tahun 2026",))
    data = replace(DATA, inventory=replace(DATA.inventory, organization=own))
    assert named(data) == ("Peraturan Bupati Contoh Nomor 12 Tahun 2026",)


def test_the_period_begins_with_the_audit_before() -> None:
    def period(data: ReportData) -> str:
        view = scorecard_view(make_context(data, "id", "2022"), "dinkes")
        return next(row.values[0] for row in view.document if row.label == "Periode")

    assert period(DATA) == "5 September 2026 – 5 Oktober 2026"
    assert period(report_data(first=True)) == "audit pertama, 5 Oktober 2026"


def test_a_finding_is_told_with_condition_criterion_cause_effect_recommendation_and_response() -> None:
    groups = [group for section in card().sections for group in section.groups]
    tls = next(group for group in groups if group.check == "tls-1-0-refused")
    assert tls.title == "Tidak terpenuhi: TLS 1.0 ditolak"
    assert tls.cause == "Pengaturan layanan atau kode aplikasi: nginx"
    assert all((tls.why, tls.recommendation, tls.expected, tls.rows[0].observed, tls.rows[0].evidence))
    page = rendered(DATA, "html")["kartu-skor-dinkes.html"]
    for label in ("Kondisi", "Kriteria", "Sebab", "Akibat", "Rekomendasi", "Bukti", "Tanggapan: belum ada"):
        assert label in page
