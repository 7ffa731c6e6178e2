"""Digests say what they should, to those who should read it, and in a form that nothing in them can break."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.model.changes import Changes
from auditor.model.digest import Digest, Unscanned
from auditor.model.message import Audience, Message
from auditor.store.records import MESSAGE
from reports.digest.render import render
from reports.digest.sample import sample
from reports.digest.text import LONGEST_SHORT
from reports.words import LANGUAGES
from tests.reports.digests import AT, CHANGES, DIGEST, changed, due, score
from tests.reports.pages import skeleton, texts, tree
from tests.reports.test_html import PAYLOADS

QUIET = replace(DIGEST, changes=Changes(DIGEST.since, AT, ("run-2",)), overdue=(), due_soon=(), unscanned=())


def told(digest: Digest, audience: Audience, language: str = "en") -> Message:
    return render(digest.of_opd("dinkes") if audience is Audience.OPD else digest, audience, language)


def forms(message: Message) -> str:
    """Return everything that a reader could find in a message."""
    return "\n".join((message.subject, message.text, message.html, message.short, json.dumps(message.record)))


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("language", LANGUAGES)
def test_five_numbers_come_first(audience: Audience, language: str) -> None:
    page = tree(told(DIGEST, audience, language).html)
    before_lists = page.find(".//table/tbody/tr/td/table/tbody")
    assert before_lists is not None
    assert [one.tag for one in page.iter() if one.tag in ("td", "h2")].index("h2") > 5
    assert len(page.findall(".//th[@scope='row']")) == 5


def test_security_is_told_everything() -> None:
    text = told(DIGEST, Audience.SECURITY).text
    for words in (
        "Newest audit: 21 November 2026 22:00 WIB, 8 hours ago.",
        "Since 21 November 2026 06:30 WIB: 1 fixed, 2 new, 1 came back, 1 not measured again.",
        "Level of compliance (floor): 71.9%",
        "+1.4 points since 20 November 2026, grade C, ceiling 80.0%, coverage 91.9%",
        "OVERDUE (2)",
        "due 18 November 2026 (4 days over) · F-000000000007",
        "taken on by Rina, Tim TI · planned until 25 November 2026",
        "DUE WITHIN 3 DAYS (2)",
        "today is the last day",
        "CAME BACK (1)",
        "[Critical] Not met: No version control folder is served",
        "fixed after 1 day ·",
        "seen 5 days ago · no answer in time",
        "NOT LOOKED AT ANY MORE (1)",
        "nothing measured · no answer in time",
        "dinkes-baru-01\n  Dinas Kesehatan · nothing measured · not audited yet",
        "TLS settings, port 443, SSH settings, port 22, web settings, port 80, 1 more · connection refused",
        "audit (audit): did not run\n  21 November 2026 10:30 WIB · nothing was running that could begin it",
        "surel: ti@bkd.example.go.id\n  21 November 2026 06:30 WIB · 6 attempts · given up",
        "60.2%, grade D · −6.3 points since 20 November 2026 · 5 open findings · 1 overdue",
        "floor 60.2% of a target of 75.0% · not done at this pace (7 left)",
        "Days left of the trial: 18\n    at this pace done by 3 December 2026 (7 left)",
    ):
        assert words in text


def test_what_is_fixed_is_named_by_what_is_right_now() -> None:
    text = told(DIGEST, Audience.SECURITY).text
    fixed = text.partition("PROVEN FIXED (1)\n")[2].partition("\n")[0]
    assert fixed == "- [High] TLS 1.0 is refused"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agency_is_told_of_itself_alone(language: str) -> None:
    everything = forms(told(DIGEST, Audience.OPD, language))
    assert "Dinas Kesehatan" in everything
    for foreign in ("bkd", "Kepegawaian", "71.9", "71,9", "60.2", "60,2", "F-000000000002", "F-000000000007"):
        assert foreign not in everything
    for of_the_service in ("M-1", "nothing was running", "tidak ada layanan"):
        assert of_the_service not in everything


def test_the_leadership_is_not_told_of_schedules_and_messages() -> None:
    told_to_leadership = replace(DIGEST, misfires=(), undelivered=())
    text = told(told_to_leadership, Audience.LEADERSHIP).text
    assert "AGENCIES TO LOOK AT (2)" in text
    assert "NEW FINDINGS" not in text
    assert len(text.splitlines()) < 45


def test_a_day_without_changes_says_so() -> None:
    message = told(QUIET, Audience.SECURITY)
    assert "Nothing changed: no finding came, was fixed or came back." in message.text
    assert "Findings overdue: 0" in message.text
    assert "OVERDUE" not in message.text.replace("Findings overdue", "")
    indonesian = told(QUIET, Audience.OPD, "id").text
    assert "Tidak ada perubahan: tidak ada temuan yang baru, diperbaiki, atau dibuka kembali." in indonesian


def test_a_day_without_an_audit_says_so() -> None:
    still = replace(QUIET, new_audit=False, at=AT + timedelta(days=3))
    text = told(still, Audience.LEADERSHIP).text
    assert "Newest audit: 21 November 2026 22:00 WIB, 3 days ago." in text
    assert "Nothing was measured since the last digest, so nothing changed." in text


def test_before_the_first_audit_there_is_nothing_to_tell() -> None:
    empty = replace(QUIET, scores={}, open={}, trial=None, new_audit=False)
    text = told(empty, Audience.LEADERSHIP).text
    assert "No audit has been judged yet" in text
    assert "Level of compliance (floor): –" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Days until the trial begins: 3\n"), ("id", "Hari sebelum masa uji coba dimulai: 3\n")],
)
def test_a_trial_that_did_not_begin_says_when_it_does(language: str, words: str) -> None:
    assert DIGEST.trial is not None
    ahead = replace(DIGEST, trial=replace(DIGEST.trial, begins_in_days=3))
    text = told(ahead, Audience.SECURITY, language).text
    assert words in text
    assert "Days left of the trial" not in text
    assert "Sisa hari masa uji coba" not in text


def test_without_a_trial_the_fifth_number_is_what_was_fixed() -> None:
    text = told(replace(DIGEST, trial=None), Audience.LEADERSHIP).text
    assert "Proven fixed since the last digest: 1\n    2 new, 1 came back" in text


def test_scores_by_other_rules_are_not_compared() -> None:
    other = replace(DIGEST, scores={"": replace(score(80, 70), same_rules=False)})
    text = told(other, Audience.SECURITY).text
    assert "It was judged by other rules than the one before" in text
    assert "points since" not in text.partition("Open critical")[0]


def test_long_lists_are_cut_and_counted() -> None:
    many = tuple(due(number, "dinkes", -1) for number in range(100, 400))
    message = told(replace(DIGEST, overdue=many), Audience.SECURITY)
    assert "OVERDUE (300)" in message.text
    assert "and 285 more" in message.text
    assert message.text.count("F-0000000001") == 15
    assert len(json.dumps(message.record)) > 300 * 100


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chat_takes_even_the_longest_digest(audience: Audience, language: str) -> None:
    wide = "𝔸" * 400
    many = replace(
        DIGEST,
        opd_names=dict.fromkeys(DIGEST.opd_names, wide),
        server_names=dict.fromkeys(DIGEST.server_names, wide),
        overdue=tuple(due(number, "dinkes", -1) for number in range(100, 400)),
    )
    short = told(many, audience, language).short
    assert len(short.encode("utf-16-le")) // 2 <= LONGEST_SHORT + 2
    assert short.endswith("\n…") is (audience is not Audience.LEADERSHIP)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_zone_is_the_readers(language: str) -> None:
    digest = replace(DIGEST, timezone="Asia/Jayapura")
    assert "WIT" in told(digest, Audience.OPD, language).text
    assert "WIB" not in told(digest, Audience.OPD, language).text


def hostile(text: str) -> Digest:
    """Return the digest with a text wherever somebody else's words stand."""
    reason = {"en": text, "id": text}
    return replace(
        DIGEST,
        organization=text,
        office=text,
        classification=text,
        opd_names=dict.fromkeys(DIGEST.opd_names, text),
        server_names=dict.fromkeys(DIGEST.server_names, text),
        check_titles=dict.fromkeys(DIGEST.check_titles, reason),
        changes=replace(
            CHANGES, not_measured=tuple(replace(one, reason=reason) for one in CHANGES.not_measured)
        ),
        overdue=tuple(replace(one, owner=text) for one in DIGEST.overdue),
        unscanned=tuple(Unscanned(one.opd, one.server, one.whole, (text,), text) for one in DIGEST.unscanned),
        misfires=tuple(replace(one, schedule=text, reason=text) for one in DIGEST.misfires),
        undelivered=tuple(replace(one, to=text) for one in DIGEST.undelivered),
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_is_told_can_become_a_part_of_the_page(payload: str) -> None:
    benign, message = told(hostile("x"), Audience.SECURITY), told(hostile(payload), Audience.SECURITY)
    assert skeleton(message.html) == skeleton(benign.html)
    for shown in (
        message.subject,
        *message.text.splitlines(),
        *message.short.splitlines(),
        *texts(message.html),
    ):
        assert shown.replace("\u00a0", " ").isprintable() or "\n" in shown
    assert "\n" not in message.subject
    assert MESSAGE.value(MESSAGE.text(message)).text == message.text


@pytest.mark.parametrize("audience", Audience)
def test_a_mail_loads_nothing_and_runs_nothing(audience: Audience) -> None:
    html = told(DIGEST, audience).html
    tags = {str(one.tag) for one in tree(html).iter()}
    assert not tags & {"script", "img", "link", "iframe", "form", "style", "svg", "object", "a"}
    assert "url(" not in html
    assert "http" not in html.replace("http-vcs-absent", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trial_message_tells_nothing_of_any_audit(language: str) -> None:
    message = sample("Pemerintah Kabupaten Contoh", "Asia/Jakarta", language, AT)
    assert "Pemerintah Kabupaten Contoh" in message.text
    assert message.classification == ""
    assert "06" in message.text
    assert len(message.text.splitlines()) < 12


def test_one_finding_moved_to_another_agency_is_told_to_its_owner_alone() -> None:
    shared = replace(changed(9, "dinkes", "tls-1-0-refused", CHANGES.new[1].severity, CHANGES.new[1].status))
    moved = replace(
        shared, server="bkd-web-01", subject="tls|bkd-web-01|10.1.0.9/443/tcp|dinkes.example.go.id|"
    )
    digest = replace(DIGEST, changes=replace(CHANGES, new=(moved,)))
    text = told(digest, Audience.OPD).text
    assert "Situs Kepegawaian (bkd-web-01):443 (dinkes.example.go.id)" in text
    assert "Badan Kepegawaian Daerah" not in text
