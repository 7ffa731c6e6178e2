"""What is taken in as an answer or a decision, what is refused, and what the log comes to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from auditor.model.attestation import Answer, Aspect, Attestation, Basis
from auditor.model.decision import DecisionKind
from auditor.model.document import DocumentError
from auditor.usecases.assess import decisions_of
from auditor.usecases.attest import Taken, take_in, withdraw
from auditor.usecases.attest_listing import Wanted, given_rows, history_rows, write_evidence
from auditor.usecases.attest_log import State
from auditor.usecases.errors import UsageProblem
from auditor.usecases.handed_in import Shelf, files_beside
from auditor.usecases.waive import Desk
from controls.attestations import answers_on
from tests.auditor.usecases.attesting import (
    ANSWER,
    EXCLUSION,
    INCLUSION,
    NOON,
    answer,
    catalogue,
    decide,
    desk_in,
    desk_over,
    entry,
    problems,
)

TODAY = date(2026, 11, 22)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk over an empty workspace."""
    made = desk_in(tmp_path)
    yield made
    made.workspace.engine.dispose()


def refused(
    desk: Desk, *, references: tuple[str, ...] = ("SK",), evidence: tuple[str, ...] = (), **texts: str
) -> dict[str, str]:
    """Return what is told of an answer that is refused, and make sure that nothing was stored."""
    before = desk.workspace.decisions.head()
    shelf = Shelf(files_beside(desk.workspace.folder, 1_000))
    with pytest.raises(DocumentError) as raised:
        take_in([entry({**ANSWER, **texts}, references, evidence)], desk, shelf, "berkas")
    assert desk.workspace.decisions.head() == before
    return problems(raised.value)


def states(desk: Desk) -> list[tuple[str, str, str]]:
    """Return aspect, answer and state of every answer."""
    rows = given_rows(desk, Wanted(state=tuple(State)))
    return [(row["aspect"], row["answer"], row["state"]) for row in rows]


def test_an_answer_is_an_entry_of_the_log_and_counts_from_its_day(desk: Desk) -> None:
    (one,) = answer(desk).answers
    assert (one.answer, one.aspect, one.opd) == (Answer.CONFORMS, Aspect.WHOLE, "bkd")
    assert (one.attested_on, one.valid_until) == (TODAY, TODAY + timedelta(days=365))
    (made,) = desk.workspace.decisions.all()
    assert (made.kind, made.about, made.content) == (DecisionKind.ATTESTED, one.id, one)
    assert (made.by, made.account, made.at, made.day) == ("Siti Aminah, S.Kom.", "auditor", NOON, TODAY)
    held = answers_on(decisions_of(desk.workspace), catalogue().frameworks, TODAY)
    found = held.attested("2022", "A.5.1", "bkd")
    assert found is not None
    assert found.answer is Answer.CONFORMS


def test_today_is_the_day_of_the_organisation(tmp_path: Path) -> None:
    late = desk_in(tmp_path, datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    (one,) = answer(late).answers
    assert one.attested_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("conforms", Answer.CONFORMS),
        ("Sesuai", Answer.CONFORMS),
        ("sesuai-sebagian", Answer.PARTIAL),
        ("SESUAI SEBAGIAN", Answer.PARTIAL),
        ("partial", Answer.PARTIAL),
        ("partly conforms", Answer.PARTIAL),
        ("tidak-sesuai", Answer.DOES_NOT_CONFORM),
        ("does-not-conform", Answer.DOES_NOT_CONFORM),
        ("does_not_conform", Answer.DOES_NOT_CONFORM),
    ],
)
def test_answers_are_taken_in_either_language(desk: Desk, word: str, meant: Answer) -> None:
    (one,) = answer(desk, answer=word).answers
    assert one.answer is meant


def test_the_same_answer_again_changes_nothing(desk: Desk) -> None:
    answer(desk)
    assert answer(desk).nothing
    assert answer(desk_over(desk.workspace, NOON + timedelta(days=30))).nothing
    assert answer(desk, attested_on="2026-11-22", valid_until="2027-11-22").nothing
    assert desk.workspace.decisions.head()[0] == 1


def test_another_answer_takes_its_place_and_both_stay(desk: Desk) -> None:
    answer(desk)
    (second,) = answer(desk, answer="tidak-sesuai").answers
    assert states(desk) == [("whole", "conforms", "superseded"), ("whole", "does_not_conform", "in_force")]
    assert [row["entry"] for row in history_rows(desk, second.id)] == [1, 2]


def test_an_answer_that_has_ended_is_given_anew_by_the_same_words(desk: Desk) -> None:
    answer(desk, valid_until="2026-12-01")
    later = desk_over(desk.workspace, NOON + timedelta(days=30))
    (again,) = answer(later).answers
    assert again.attested_on == date(2026, 12, 22)


WRONG = {
    "an unknown control": ({"control": "A.5.99"}, "control", "write one from A.5.1 to A.8.24"),
    "an unknown edition": ({"edition": "2005"}, "edition", "write 2013 or 2022"),
    "an unknown OPD": ({"opd": "bdk"}, "opd", 'did you mean "bkd"?'),
    "no OPD": ({"opd": ""}, "opd", "for the whole organisation"),
    "no answer at all": ({"answer": "mungkin"}, "answer", "is no answer"),
    "no justification": ({"justification": ""}, "justification", "is missing"),
    "a hidden character": ({"justification": "a\u202eb"}, "justification", "hidden character U+202E"),
    "half a character": ({"justification": "a\ud800b"}, "justification", "hidden character U+D800"),
    "an escape": ({"justification": "a\x1b[0mb"}, "justification", "hidden character U+001B"),
    "a long justification": ({"justification": "a" * 5_001}, "justification", "write at most 5,000"),
    "nobody": ({"attested_by": ""}, "attested_by", "is missing"),
    "no name": ({"attested_by": "12"}, "attested_by", "is no name"),
    "no day": ({"attested_on": "30/11/2026"}, "attested_on", "write year-month-day"),
    "no such day": ({"attested_on": "2026-02-30"}, "attested_on", "no day of the calendar"),
    "tomorrow": ({"attested_on": "2026-11-23"}, "attested_on", "lies ahead"),
    "91 days ago": ({"attested_on": "2026-08-23"}, "attested_on", "more than 90 days ago"),
    "an end that has passed": ({"valid_until": "2026-11-21"}, "valid_until", "has passed"),
    "an end too far away": ({"valid_until": "2027-11-23"}, "valid_until", "write 2027-11-22"),
    "the whole and a part": ({"design": "sesuai"}, "design", "the whole control or its parts"),
    "a mark of no log": ({"log_entry": "7-0000000a"}, "log_entry", "not of this log"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_breaks_a_rule_is_refused(desk: Desk, name: str) -> None:
    texts, key, told = WRONG[name]
    found = refused(desk, **texts)
    assert list(found) == [key]
    assert told in found[key]


def test_the_first_and_the_last_possible_days_are_taken(desk: Desk) -> None:
    (one,) = answer(desk, attested_on="2026-08-24", valid_until="2027-08-24").answers
    assert (one.attested_on, one.valid_until) == (date(2026, 8, 24), date(2027, 8, 24))
    (other,) = answer(desk, control="A.5.2", valid_until="2026-11-22").answers
    assert other.valid_until == TODAY


def test_every_problem_is_told_at_once(desk: Desk) -> None:
    wrong = {"control": "A.99", "opd": "x", "attested_by": "", "attested_on": "2027-01-01"}
    assert set(refused(desk, evidence=("tidak-ada.pdf",), **wrong)) == {*wrong, "evidence"}


def test_conforming_needs_a_paper_or_a_file_and_not_conforming_does_not(desk: Desk) -> None:
    assert "needs evidence" in refused(desk, references=())["evidence"]
    assert "needs evidence" in refused(desk, references=(), answer="sesuai sebagian")["evidence"]
    shelf = Shelf(files_beside(desk.workspace.folder, 1_000))
    taken = take_in([entry({**ANSWER, "answer": "tidak sesuai"}, ())], desk, shelf, "berkas")
    assert len(taken.answers) == 1


def test_details_without_an_answer_are_not_lost_silently(desk: Desk) -> None:
    assert "there is no answer beside it" in refused(desk, answer="")["justification"]


def test_an_older_day_than_that_of_the_answer_there_is_refused(desk: Desk) -> None:
    answer(desk)
    assert (
        "answer of 2026-11-22 already"
        in refused(desk, attested_on="2026-11-20", justification="x")["attested_on"]
    )


def test_parts_are_answered_apart_and_the_whole_takes_their_place(desk: Desk) -> None:
    answer(desk, answer="", design="sesuai", implementation="tidak sesuai")
    assert states(desk) == [
        ("design", "conforms", "in_force"),
        ("implementation", "does_not_conform", "in_force"),
    ]
    answer(desk)
    answer(desk, answer="", effectiveness="sesuai sebagian")
    assert sorted(states(desk)) == [
        ("design", "conforms", "superseded"),
        ("effectiveness", "partial", "in_force"),
        ("implementation", "does_not_conform", "superseded"),
        ("whole", "conforms", "in_force"),
    ]
    held = answers_on(decisions_of(desk.workspace), catalogue().frameworks, TODAY).attested(
        "2022", "A.5.1", "bkd"
    )
    assert held is not None
    assert held.answer is Answer.PARTIAL


def test_in_one_document_an_answer_to_a_part_counts_beside_that_to_the_whole(desk: Desk) -> None:
    part = entry({**ANSWER, "answer": "", "design": "tidak sesuai"})
    for _ in range(2):
        shelf = Shelf(files_beside(desk.workspace.folder, 1_000))
        take_in([part, entry(ANSWER)], desk, shelf, "berkas")
    assert sorted(states(desk)) == [
        ("design", "does_not_conform", "in_force"),
        ("whole", "conforms", "in_force"),
    ]


def test_two_rows_that_answer_the_same_are_a_problem(desk: Desk) -> None:
    shelf = Shelf(files_beside(desk.workspace.folder, 1_000))
    with pytest.raises(DocumentError, match="answers the same; keep one of both"):
        take_in([entry(ANSWER), entry({**ANSWER, "answer": "partial"})], desk, shelf, "berkas")
    assert desk.workspace.decisions.head()[0] == 0


def test_a_withdrawn_answer_stands_no_more_and_can_be_given_again(desk: Desk) -> None:
    (one,) = answer(desk).answers
    withdraw(desk, one.id, "Budi Santoso", "Ternyata belum ditandatangani.")
    assert states(desk) == [("whole", "conforms", "withdrawn")]
    held = answers_on(decisions_of(desk.workspace), catalogue().frameworks, TODAY).attested(
        "2022", "A.5.1", "bkd"
    )
    assert held is not None
    assert held.answer is None
    (row,) = history_rows(desk, one.id)
    assert (row["withdrawn_by"], row["withdrawn_because"]) == (
        "Budi Santoso",
        "Ternyata belum ditandatangani.",
    )
    with pytest.raises(UsageProblem, match="already"):
        withdraw(desk, one.id, "Budi Santoso", "Sekali lagi.")
    assert len(answer(desk).answers) == 1
    assert sorted(states(desk)) == [("whole", "conforms", "in_force"), ("whole", "conforms", "superseded")]


@pytest.mark.parametrize(("by", "reason", "told"), [("", "Salah.", "--by"), ("Budi", "", "--reason")])
def test_a_withdrawal_names_somebody_and_a_reason(desk: Desk, by: str, reason: str, told: str) -> None:
    (one,) = answer(desk).answers
    with pytest.raises(DocumentError, match=told):
        withdraw(desk, one.id, by, reason)
    assert desk.workspace.decisions.head()[0] == 1


def test_what_is_unknown_or_replaced_cannot_be_withdrawn(desk: Desk) -> None:
    with pytest.raises(UsageProblem, match="no answer or decision A-0000000000"):
        withdraw(desk, "A-0000000000", "Budi", "Salah.")
    (part,) = answer(desk, answer="", design="sesuai").answers
    answer(desk)
    with pytest.raises(UsageProblem, match="replaced"):
        withdraw(desk, part.id, "Budi", "Salah.")


@pytest.mark.parametrize(
    ("days", "state"), [(-1, "in_force"), (0, "expiring"), (30, "expiring"), (31, "expired")]
)
def test_answers_warn_before_they_end(desk: Desk, days: int, state: str) -> None:
    answer(desk, valid_until="2027-01-21")
    then = desk_over(desk.workspace, NOON + timedelta(days=30 + days))
    (row,) = given_rows(then, Wanted())
    assert (row["state"], row["days_left"]) == (state, max(0, 30 - days))


def test_listings_can_be_narrowed_and_refuse_what_does_not_exist(desk: Desk) -> None:
    answer(desk)
    answer(desk, opd="*", control="a.5.2")
    rows = given_rows(desk, Wanted(opd=("*",), control=("a.5.2",), edition=("2022",), state=("in_force",)))
    assert [(row["opd"], row["control"]) for row in rows] == [("*", "A.5.2")]
    for wanted in (
        Wanted(opd=("bdk",)),
        Wanted(control=("A.5",)),
        Wanted(edition=("2005",)),
        Wanted(state=("ok",)),
    ):
        with pytest.raises(UsageProblem):
            given_rows(desk, wanted)


def test_decisions_on_applicability_are_taken_in(desk: Desk) -> None:
    (left_out,) = decide(desk).decisions
    assert (left_out.applicable, left_out.bases, left_out.approved_by) == (False, (), "Budi Santoso")
    assert decide(desk).nothing
    (included,) = take(desk, INCLUSION).decisions
    assert included.bases == (Basis.RISK, Basis.LAW)
    applied = answers_on(decisions_of(desk.workspace), catalogue().frameworks, TODAY).applied(
        "2022", "A.5.1", "bkd"
    )
    assert applied is not None
    assert applied.applicable
    withdraw(desk, included.id, "Budi Santoso", "Dibahas lagi.")
    assert answers_on(decisions_of(desk.workspace), {}, TODAY).applied("2022", "A.5.1", "bkd") is None
    assert [row["state"] for row in history_rows(desk, included.id)] == ["superseded", "withdrawn"]


def test_decisions_on_applicability_are_listed_beside_answers(desk: Desk) -> None:
    answer(desk, control="A.5.2")
    (left_out,) = decide(desk).decisions
    (row,) = given_rows(desk, Wanted(control=("A.5.1",), opd=("bkd",)))
    assert (row["id"], row["kind"], row["answer"]) == (left_out.id, "applicability", "does_not_apply")
    assert (row["by"], row["state"]) == (left_out.decided_by, "in_force")
    assert {row["kind"] for row in given_rows(desk, Wanted())} == {"answer", "applicability"}
    withdraw(desk, left_out.id, "Budi Santoso", "Dibahas lagi.")
    assert [row["id"] for row in given_rows(desk, Wanted(state=("withdrawn",)))] == [left_out.id]


def take(desk: Desk, texts: dict[str, str]) -> Taken:
    shelf = Shelf(files_beside(desk.workspace.folder, 1_000))
    return take_in([entry(texts, ())], desk, shelf, "berkas")


@pytest.mark.parametrize(
    ("changed", "key", "told"),
    [
        ({"approved_by": ""}, "approved_by", "needs an approver"),
        ({"approved_by": "SITI  AMINAH, M.T."}, "approved_by", "nobody approves their own decision"),
        ({"applicability_justification": ""}, "applicability_justification", "is missing"),
        ({"bases": "risiko"}, "bases", "empty this"),
        ({"applicable": "mungkin"}, "applicable", "neither yes nor no"),
        ({"applicable": ""}, "applicability_justification", "it is not written whether the control applies"),
        ({"decided_by": ""}, "decided_by", "is missing"),
        ({"decided_on": "2026-11-23"}, "decided_on", "lies ahead"),
        ({"decided_until": "2028-01-01"}, "decided_until", "too far ahead"),
        ({"applicable": "ya"}, "bases", "why it applies is missing"),
        ({"applicable": "ya", "bases": "firasat"}, "bases", "is no basis"),
    ],
)
def test_a_decision_that_breaks_a_rule_is_refused(
    desk: Desk, changed: dict[str, str], key: str, told: str
) -> None:
    with pytest.raises(DocumentError) as raised:
        take(desk, {**EXCLUSION, **changed})
    assert told in problems(raised.value)[key]
    assert desk.workspace.decisions.head()[0] == 0


def test_evidence_is_kept_by_its_digest_and_written_back_whole(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "bukti").mkdir()
    (tmp_path / "bukti/sk.pdf").write_bytes(b"%PDF-1.7 isi")
    taken = answer(desk, tmp_path, evidence=("bukti/sk.pdf",))
    (file,) = taken.answers[0].evidence
    assert (file.name, file.size_bytes, taken.files) == ("sk.pdf", 12, 1)
    assert write_evidence(desk, f"sha256:{file.digest}", tmp_path / "salinan.pdf") == "sk.pdf"
    assert (tmp_path / "salinan.pdf").read_bytes() == b"%PDF-1.7 isi"
    with pytest.raises(UsageProblem, match="there already"):
        write_evidence(desk, file.digest, tmp_path / "salinan.pdf")
    with pytest.raises(UsageProblem, match="no answer rests on"):
        write_evidence(desk, "0" * 64, tmp_path / "lain.pdf")
    (other,) = answer(desk, tmp_path, control="A.5.2", evidence=(f"sha256:{file.digest}",)).answers
    assert other.evidence == (file,)
    assert list(desk.workspace.decisions.verify()) == []


def test_a_digest_that_was_never_handed_in_is_no_evidence(desk: Desk) -> None:
    foreign = desk.workspace.decisions.keep_file("x", b"raw output of a scan").digest
    assert "no file that was taken in" in refused(desk, evidence=(f"sha256:{foreign}",))["evidence"]


def test_a_file_that_changes_meanwhile_stops_everything(desk: Desk, tmp_path: Path) -> None:
    contents = iter((b"satu", b"dua"))
    shelf = Shelf(lambda written: next(contents))
    with pytest.raises(DocumentError, match="was changed meanwhile"):
        take_in([entry(ANSWER, evidence=("a.pdf",))], desk, shelf, "berkas")
    assert desk.workspace.decisions.head()[0] == 0


def test_too_many_lines_are_refused(desk: Desk) -> None:
    assert "write at most 20" in refused(desk, references=("SK",) * 21)["references"]


def test_what_somebody_else_answered_since_is_not_overwritten_unseen(desk: Desk) -> None:
    answer(desk, attested_by="Siti Aminah")
    mark = f"1-{desk.workspace.decisions.head()[1][:8]}"
    answer(desk, answer="tidak sesuai", attested_by="Budi Santoso")
    told = refused(desk, log_entry=mark, attested_by="Siti Aminah", answer="sesuai sebagian")
    assert told["log_entry"].startswith("A.5.1: Budi Santoso answered this since")
    assert answer(desk, log_entry=mark, attested_by="Siti Aminah").nothing
    assert len(answer(desk, log_entry=mark, attested_by="Budi Santoso").answers) == 1


def test_what_was_withdrawn_since_does_not_come_back_unseen(desk: Desk) -> None:
    (one,) = answer(desk).answers
    mark = f"1-{desk.workspace.decisions.head()[1][:8]}"
    withdraw(desk, one.id, "Budi Santoso", "Salah.")
    assert answer(desk, log_entry=mark, attested_on="2026-11-22").nothing


def test_everything_in_the_log_is_an_answer_that_can_be_read_back(desk: Desk) -> None:
    taken = answer(desk, justification="=1+1\n<b>&amp;</b> 東京")
    (stored,) = decisions_of(desk.workspace).attestations
    assert isinstance(stored, Attestation)
    assert stored == taken.answers[0]
    assert stored.justification == "=1+1\n<b>&amp;</b> 東京"


@pytest.mark.parametrize("written", ["sk.pdf, foto.jpg", "sk.pdf; foto.jpg", "sk.pdf foto.jpg"])
def test_several_files_in_one_line_are_told_apart(desk: Desk, written: str) -> None:
    with pytest.raises(DocumentError) as caught:
        answer(desk, evidence=(written,))
    assert problems(caught.value)["evidence"].endswith("there is no such file; write one file per line")
