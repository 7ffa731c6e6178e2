"""Hold what people answered about a control against the rules, and make answers of it.

Every problem is found at once. What says the same as is known already makes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from auditor.documents.words import parse_day
from auditor.model.attestation import Answer, Aspect, Attestation, EvidenceFile, attestation_slot
from auditor.model.people import same_person
from auditor.model.plain_text import show
from auditor.model.problem import Problem
from auditor.usecases.attest_log import History, Place
from auditor.usecases.attest_rulebook import Days, Entry, Reading, Rulebook, base_of, check_days, latest_day
from auditor.usecases.attest_words import ANSWER_KEYS, parse_answer, parse_line, parse_name, parse_text
from auditor.usecases.handed_in import NotTaken

MOST_LINES = 20
"""References, or files, of one answer."""

_KEPT = "sha256:"
_DETAILS = ("justification", "references", "evidence", "attested_by", "attested_on", "valid_until")
Value = TypeVar("Value")


def read_answers(
    entry: Entry, place: Place, rulebook: Rulebook
) -> tuple[tuple[Attestation, ...], list[Problem]]:
    """Return the answers of an entry that say anything new, or what is wrong with them."""
    reading = Reading(entry)
    written = [key for key in ANSWER_KEYS if entry.has(key)]
    if not written:
        stray = next((key for key in _DETAILS if entry.has(key)), None)
        if stray:
            reading.complain(stray, "there is no answer beside it; write one, or empty this as well")
        return (), reading.problems
    if "answer" in written and len(written) > 1:
        reading.complain(written[1], "answer the whole control or its parts, and empty the other")
    answers = {ANSWER_KEYS[key]: reading.read(key, parse_answer) for key in written}
    drafts = _drafts(reading, place, answers, rulebook)
    base = base_of(reading, rulebook)
    news = [draft for draft in drafts if _is_new(draft, reading, base, rulebook)]
    if news:
        _check_answer(reading, news, rulebook)
    return (() if reading.problems else tuple(news)), reading.problems


def _drafts(
    reading: Reading, place: Place, answers: Mapping[Aspect, Answer | None], rulebook: Rulebook
) -> list[Attestation]:
    """Return answers as they were written, those without a day as of today."""
    edition, control, opd = place
    on = reading.read("attested_on", parse_day)
    until = reading.read("valid_until", parse_day)
    by = reading.need("attested_by", parse_name, "who answers is missing; write the name")
    why = reading.need(
        "justification", parse_text, "the justification is missing; write what the answer rests on"
    )
    references = _lines(reading, "references", parse_line)
    evidence = tuple(dict.fromkeys(_lines(reading, "evidence", lambda name: _file(name, rulebook))))
    first = on or rulebook.today
    return [
        Attestation(
            id=attestation_slot(edition, control, opd, aspect),
            edition=edition,
            control=control,
            opd=opd,
            aspect=aspect,
            answer=answer,
            justification=why or "",
            references=references,
            evidence=evidence,
            attested_by=by or "",
            attested_on=first,
            valid_until=until or latest_day(first, rulebook),
        )
        for aspect, answer in answers.items()
        if answer is not None
    ]


def _lines(reading: Reading, key: str, parse: Callable[[str], Value]) -> tuple[Value, ...]:
    written = reading.entry.lists.get(key, ())
    if len(written) > MOST_LINES:
        reading.complain(key, f"{len(written)} lines; write at most {MOST_LINES}")
        return ()
    found = []
    for line in written:
        try:
            found.append(parse(line))
        except ValueError as error:
            reading.complain(key, str(error))
    return tuple(found)


def _file(written: str, rulebook: Rulebook) -> EvidenceFile:
    """Return a file that is kept already (`sha256:…`, a name may follow), or one that is handed in."""
    if written.startswith(_KEPT):
        digest = written.removeprefix(_KEPT).partition(" ")[0]
        kept = rulebook.history.files.get(digest)
        if kept is None:
            raise ValueError(f"{show(digest)} is no file that was taken in; name a file beside this one")
        return kept
    try:
        return rulebook.shelf.look_at(written)
    except NotTaken as error:
        several = "; write one file per line" if re.search("[,;\n]|\\.[A-Za-z0-9]{1,5} ", written) else ""
        raise ValueError(f"{show(written)}: {error}{several}") from None


def kept_name(file: EvidenceFile) -> str:
    """Return how a kept file is written in an entry: its digest, and its name for people."""
    return f"{_KEPT}{file.digest} {file.name}"


def _is_new(draft: Attestation, reading: Reading, base: History, rulebook: Rulebook) -> bool:
    """Return whether an answer is neither what stands nor what was handed out.

    What somebody else answered since it was handed out is a problem: their answer would be lost unseen.
    """
    place = (draft.edition, draft.control, draft.opd)
    if _is_same(draft, rulebook.history.answers(place).get(draft.aspect), reading, rulebook):
        return False
    then = base.answers(place)
    if not _whole_is_new(place, rulebook) and _is_same(draft, then.get(draft.aspect), reading, rulebook):
        return False
    for aspect, one in rulebook.stored.answers(place).items():
        theirs = one != then.get(aspect) and not same_person(one.attested_by, draft.attested_by)
        if theirs and set(_parts(one)) & set(_parts(draft)):
            reading.complain(
                "log_entry",
                f"{draft.control}: {one.attested_by} answered this since the file was written;"
                " export it again",
            )
    return True


def _whole_is_new(place: Place, rulebook: Rulebook) -> bool:
    """Return whether the whole was answered anew just now, which takes the place of answers to parts."""
    whole = rulebook.history.answers(place).get(Aspect.WHOLE)
    return whole is not None and whole != rulebook.stored.answers(place).get(Aspect.WHOLE)


def _is_same(draft: Attestation, known: Attestation | None, reading: Reading, rulebook: Rulebook) -> bool:
    """Return whether two answers say the same; a day that was left empty is any day while one holds."""
    if known is None:
        return False
    same = replace(draft, evidence=known.evidence) if _digests(draft) == _digests(known) else draft
    if known.valid_until >= rulebook.today:
        if not reading.entry.has("attested_on"):
            same = replace(same, attested_on=known.attested_on)
        if not reading.entry.has("valid_until"):
            same = replace(same, valid_until=known.valid_until)
    return same == known


def _digests(answer: Attestation) -> list[str]:
    return [file.digest for file in answer.evidence]


def _check_answer(reading: Reading, news: list[Attestation], rulebook: Rulebook) -> None:
    first = news[0]
    better = any(one.answer is not Answer.DOES_NOT_CONFORM for one in news)
    if better and not (reading.entry.has("references") or reading.entry.has("evidence")):
        reading.complain("evidence", "this answer needs evidence; name a paper under references, or a file")
    days = Days("attested_on", first.attested_on, "valid_until", first.valid_until)
    check_days(reading, days, rulebook)
    newest = rulebook.history.newest((first.edition, first.control, first.opd))
    subjects = [part for one in news for part in _parts(one)]
    before = max((newest[part].day for part in subjects if part in newest), default=first.attested_on)
    if first.attested_on < before:
        reading.complain(
            "attested_on", f"there is an answer of {before} already; write that day or a later one"
        )


def _parts(answer: Attestation) -> Iterator[str]:
    whole = answer.aspect is Aspect.WHOLE
    yield from (
        part.value for part in Aspect if part is not Aspect.WHOLE and (whole or part is answer.aspect)
    )
