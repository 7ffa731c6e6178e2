"""Pages of trials and admissions: whole, in one language, safe, and the same whenever they are made."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from auditor.model.check import Severity
from auditor.model.gate import Admission, GateReason, ServerGate
from auditor.model.operation import AdmissionRules
from auditor.model.trial_status import ForecastKind
from reports.formats.base import RenderedFile
from reports.trial.chart import chart_view
from reports.trial.json import dump_trial, load_trial
from reports.trial.pages import render_admission, render_trial
from reports.trial.reasons import reason_views, told
from reports.trial.view import forecast_sentence
from reports.words import LANGUAGES, Words
from tests.reports import trials
from tests.reports.pages import skeleton, texts, tree
from tests.reports.test_html import PAYLOADS
from tests.reports.test_translations import STORED, forms, strings

ENGLISH, INDONESIAN = Words("en", "Asia/Jakarta"), Words("id", "Asia/Jakarta")
Made = Callable[[trials.Say], tuple[RenderedFile, ...]]
MAKERS: dict[str, Made] = {
    "closing": lambda say: render_trial(trials.trial_report(say)),
    "status": lambda say: render_trial(trials.trial_report(say, closed=False)),
    "refused": lambda say: render_admission(trials.admission_report(say, 0)),
    "conditions": lambda say: render_admission(trials.admission_report(say, 1)),
    "admitted": lambda say: render_admission(trials.admission_report(say, 2)),
}


def pages(made: Made, say: trials.Say = trials.plain) -> dict[str, str]:
    return {file.name: file.content.decode() for file in made(say) if file.name.endswith(".html")}


@cache
def skeletons(made: Made) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return what the pages of harmless texts are built of."""
    return {name: skeleton(page) for name, page in pages(made, lambda _text: "x").items()}


def test_there_is_a_page_in_each_language_and_the_data_of_both() -> None:
    assert [file.name for file in render_trial(trials.trial_report())] == [
        "laporan-penutupan-masa-uji-coba-t-0123abcd.html",
        "trial-closing-report-t-0123abcd.html",
        "trial-closing-report-t-0123abcd.json",
    ]
    assert [file.name for file in render_trial(trials.trial_report(closed=False))] == [
        "status-masa-uji-coba.html",
        "trial-status.html",
        "trial-status.json",
    ]
    assert [file.name for file in render_admission(trials.admission_report())] == [
        "berita-acara-penerimaan-server-web.html",
        "server-admission-record-web.html",
        "server-admission-record-web.json",
    ]


def test_a_name_of_a_file_is_never_taken_from_a_person() -> None:
    report = replace(trials.admission_report(), server="../../etc/passwd")
    for file in render_admission(report):
        assert Path(file.name).name == file.name
        assert re.fullmatch(r"[a-z-]+-[0-9a-f]{12}\.(html|json)", file.name)


@pytest.mark.parametrize("made", MAKERS.values(), ids=MAKERS)
def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(made: Made) -> None:
    for page in pages(made).values():
        names = {str(one.tag) for one in tree(page).iter()}
        assert not names & {"script", "img", "link", "iframe", "object", "form"}
        assert "default-src 'none'" in page
        for one in tree(page).iter():
            assert not {"src", "onload", "onclick", "style"} & set(one.attrib)
            assert str(one.attrib.get("href", "#")).startswith("#")


@pytest.mark.parametrize("made", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_people_wrote_stays_text(made: Made, payload: str) -> None:
    # A subject of a place is looked up by its key, which holds no bar of its own.
    say = lambda _text: payload.replace("|", " ")  # noqa: E731 - one line says it
    expected = skeletons(made)
    for name, page in pages(made, say).items():
        assert skeleton(page) == expected[name]
        assert not re.search(r"[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]", page)


@pytest.mark.parametrize("made", MAKERS.values(), ids=MAKERS)
def test_no_english_message_is_on_an_indonesian_page(made: Made) -> None:
    own = {text for message in STORED for text in strings(message)}
    english = {form for message in STORED for form in forms(message)} - own
    phrases = {form for form in english if " " in form and "%" not in form}
    (page,) = (page for name, page in pages(made).items() if name.startswith(("lap", "sta", "ber")))
    seen = set(texts(page))
    assert not seen & english
    assert not [phrase for phrase in phrases if any(phrase in text for text in seen)]
    assert 'lang="id"' in page


@pytest.mark.parametrize("made", MAKERS.values(), ids=MAKERS)
def test_the_same_data_give_the_same_bytes(made: Made) -> None:
    assert made(trials.plain) == made(trials.plain)


def test_what_was_kept_can_be_read_again_exactly() -> None:
    for report in (trials.trial_report(), trials.trial_report(closed=False)):
        content = dump_trial(report)
        assert content.isascii()
        assert load_trial(content) == report
        assert dump_trial(load_trial(content)) == content
    with pytest.raises(ValueError, match="version"):
        load_trial(dump_trial(trials.trial_report()).replace(b'"version": 1', b'"version": 2'))


def test_a_page_names_the_digest_of_the_data_it_was_made_from() -> None:
    *made, data = render_trial(trials.trial_report())
    digest = hashlib.sha256(data.content).hexdigest()
    assert all(digest in page.content.decode() for page in made)
    assert json.loads(data.content)["closed"]["by"] == "Budi Santoso"


def test_only_the_closing_report_is_signed_and_says_what_was_decided() -> None:
    closing, standing = (
        pages(MAKERS[kind])[name]
        for kind, name in (
            ("closing", "trial-closing-report-t-0123abcd.html"),
            ("status", "trial-status.html"),
        )
    )
    assert "Decision about every server" in closing
    assert "Where every server would stand today" in standing
    assert ("Signatures" in closing, "Signatures" in standing) == (True, False)
    assert "Berjalan sesuai rencana." in closing


def test_every_server_is_on_the_page_with_its_decision() -> None:
    page = pages(MAKERS["closing"])["trial-closing-report-t-0123abcd.html"]
    shown = list(texts(page))
    for server in ("web", "mail", "old", "new"):
        assert any(f"Situs {server} ({server})" in text for text in shown)
    headings = ["".join(one.itertext()).strip() for one in tree(page).iter("h3")]
    assert headings == ["Not yet admitted (2)", "Admitted with conditions (1)", "Admitted (1)"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", list(GateReason))
def test_every_reason_has_words_of_its_own(reason: GateReason, language: str) -> None:
    words, found = Words(language, "Asia/Jakarta"), trials.gates()[0]
    text = told(words, trials.because(reason), found, AdmissionRules())
    others = {
        told(words, trials.because(other), found, AdmissionRules()) for other in GateReason if other != reason
    }
    assert text
    assert text not in others


def test_a_reason_shows_where_and_until_when() -> None:
    found = trials.gates()[1]
    (view,) = reason_views(INDONESIAN, found, trials.CHECKS, AdmissionRules())
    assert view.checks[0][1] == "Tidak terpenuhi: Tidak ada folder kendali sumber (http-vcs-absent)"
    assert view.places == ("10.1.0.10:443/tcp (situs.example.go.id)",)
    assert (view.day, view.findings) == ("19 Januari 2027", ("F-0123456789ab",))


def test_one_check_at_many_places_is_one_line_with_its_first_day() -> None:
    first = trials.because(GateReason.FAILING_MILDER)
    second = replace(
        first,
        finding="F-other",
        subject=first.subject.replace("443", "8443"),
        due=trials.ENDS - timedelta(days=5),
    )
    found = ServerGate("web", "bkd", Admission.CONDITIONS, (first, second), "run-9", trials.AT)
    (view,) = reason_views(ENGLISH, found, trials.CHECKS, AdmissionRules())
    assert len(view.places) == 2
    assert view.findings == ("F-0123456789ab", "F-other")
    assert view.day == "14 January 2027"


def test_all_that_could_not_be_judged_is_one_line() -> None:
    one = trials.because(GateReason.UNKNOWN)
    found = ServerGate(
        "web", "bkd", Admission.NOT_YET, (one, replace(one, detail="telnet")), "run-9", trials.AT
    )
    (view,) = reason_views(ENGLISH, found, trials.CHECKS, AdmissionRules())
    assert [title for _, title in view.checks] == ["No source control folder (http-vcs-absent)", "telnet"]
    assert view.day == ""


@pytest.mark.parametrize(
    ("kind", "late", "said"),
    [
        (ForecastKind.DONE, 0, "No finding is left that counts against admission."),
        (ForecastKind.TOO_LITTLE_DATA, 0, "12 left; too few audits lately for a forecast."),
        (
            ForecastKind.NOT_AT_THIS_PACE,
            0,
            "30 on 21 December 2026, 12 on 28 December 2026. At this pace it will not be done.",
        ),
        (
            ForecastKind.BY_DAY,
            0,
            "30 on 21 December 2026, 12 on 28 December 2026."
            " At this pace nothing is left on 19 January 2027, in time.",
        ),
        (
            ForecastKind.BY_DAY,
            1,
            "30 on 21 December 2026, 12 on 28 December 2026."
            " At this pace nothing is left on 20 January 2027, 1 day after the end.",
        ),
    ],
)
def test_a_forecast_is_told_with_the_numbers_that_it_rests_on(
    kind: ForecastKind, late: int, said: str
) -> None:
    expected = trials.expected(kind, trials.ENDS + timedelta(days=late))
    assert forecast_sentence(ENGLISH, expected, trials.trial_report(forecast=expected)) == said


def test_the_bars_are_as_high_as_what_was_open_and_stand_on_their_days() -> None:
    status = trials.status()
    chart = chart_view(ENGLISH, status.days, trials.STARTS, trials.ENDS, status.whole.forecast)
    assert chart is not None
    top = float(chart.top)
    assert top >= 40
    columns = sorted({block.x for block in chart.blocks})
    assert len(columns) == len(status.days)
    for x, day in zip(columns, status.days, strict=True):
        heights = sum(block.height for block in chart.blocks if block.x == x)
        drawn = sum(day.open[severity] for severity in Severity if severity is not Severity.INFO)
        assert heights == pytest.approx(100 * drawn / top)
    steps = [(later - before) for before, later in pairwise(columns)]
    one_day = 100 / 31
    assert steps == [pytest.approx(one_day * days) for days in (1, 2, 5)]
    assert all(0 <= block.y <= 100 and block.x + block.width <= 100 for block in chart.blocks)
    assert chart.forecast == pytest.approx(100 - one_day / 2)
    assert chart.end == pytest.approx(100)


def test_without_a_day_there_is_no_chart_and_the_page_says_so() -> None:
    report = trials.trial_report(closed=False)
    nothing = replace(trials.expected(ForecastKind.TOO_LITTLE_DATA), since=None, until=None)
    empty = replace(report.status, days=(), whole=replace(report.status.whole, forecast=nothing))
    page = render_trial(replace(report, status=empty))[1].content.decode()
    assert "There is no audit of these days yet." in page
    assert "<rect" not in page


@pytest.mark.parametrize(
    ("today", "label", "value"),
    [
        (trials.STARTS - timedelta(days=3), "Days until it begins", "3"),
        (trials.STARTS, "Days left", "29"),
        (trials.ENDS, "Days left", "0"),
        (trials.ENDS + timedelta(days=2), "Days over time", "2"),
    ],
)
def test_the_first_number_is_the_days_that_are_left(today: object, label: str, value: str) -> None:
    report = trials.trial_report(closed=False)
    at_that_day = replace(report, status=replace(report.status, today=today))  # type: ignore[arg-type]
    seen = list(texts(render_trial(at_that_day)[1].content.decode()))
    assert seen[seen.index(label) + 1] == value
