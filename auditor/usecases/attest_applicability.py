"""Hold what people wrote about whether a control applies against the rules."""

from __future__ import annotations

from dataclasses import replace

from auditor.documents.words import parse_day
from auditor.model.attestation import Applicability, applicability_slot
from auditor.model.people import same_person
from auditor.model.problem import Problem
from auditor.usecases.attest_log import Place
from auditor.usecases.attest_rulebook import Days, Entry, Reading, Rulebook, base_of, check_days, latest_day
from auditor.usecases.attest_words import parse_bases, parse_name, parse_text, parse_yes

_DETAILS = (
    *("bases", "applicability_justification", "decided_by", "approved_by", "decided_on", "decided_until"),
)


def read_applicability(
    entry: Entry, place: Place, rulebook: Rulebook
) -> tuple[Applicability | None, list[Problem]]:
    """Return the decision of an entry about whether a control applies, if it is new; or what is wrong."""
    reading = Reading(entry)
    if not entry.has("applicable"):
        stray = next((key for key in _DETAILS if entry.has(key)), None)
        if stray:
            reading.complain(stray, "it is not written whether the control applies; write ya or tidak")
        return None, reading.problems
    draft = _decision(reading, place, rulebook)
    base = base_of(reading, rulebook).applicability(place)
    stands = rulebook.stored.applicability(place)
    if draft is None or any(_is_decided(draft, one, reading, rulebook) for one in (base, stands)):
        return None, reading.problems
    if stands is not None and base != stands and not same_person(stands.decided_by, draft.decided_by):
        reading.complain(
            "log_entry",
            f"{draft.control}: {stands.decided_by} decided this since the file was written; export it again",
        )
    _check_decision(reading, draft, rulebook)
    return (None if reading.problems else draft), reading.problems


def _decision(reading: Reading, place: Place, rulebook: Rulebook) -> Applicability | None:
    applies = reading.read("applicable", parse_yes)
    first = reading.read("decided_on", parse_day) or rulebook.today
    last = reading.read("decided_until", parse_day) or latest_day(first, rulebook)
    by = reading.need("decided_by", parse_name, "who decided is missing; write the name")
    approved_by = reading.read("approved_by", parse_name) or ""
    bases = reading.read("bases", parse_bases) or ()
    why = reading.read("applicability_justification", parse_text) or ""
    if applies is None or by is None:
        return None
    name = applicability_slot(*place)
    return Applicability(name, *place, applies, bases, why, by, approved_by, first, last)


def _is_decided(
    draft: Applicability, known: Applicability | None, reading: Reading, rulebook: Rulebook
) -> bool:
    if known is None:
        return False
    if known.valid_until >= rulebook.today:
        if not reading.entry.has("decided_on"):
            draft = replace(draft, decided_on=known.decided_on)
        if not reading.entry.has("decided_until"):
            draft = replace(draft, valid_until=known.valid_until)
    return draft == known


def _check_decision(reading: Reading, draft: Applicability, rulebook: Rulebook) -> None:
    if draft.applicable and not reading.entry.has("bases"):
        reading.complain(
            "bases", "why it applies is missing; write risiko, peraturan, kontrak or praktik baik"
        )
    if not draft.applicable:
        _check_exclusion(reading, draft)
    check_days(reading, Days("decided_on", draft.decided_on, "decided_until", draft.valid_until), rulebook)
    known = rulebook.history.applicability((draft.edition, draft.control, draft.opd))
    if known is not None and draft.decided_on < known.decided_on:
        reading.complain(
            "decided_on", f"there is a decision of {known.decided_on} already; write that day or a later one"
        )


def _check_exclusion(reading: Reading, draft: Applicability) -> None:
    if not draft.justification:
        reading.complain("applicability_justification", "why the control is left out is missing; write it")
    if draft.bases:
        reading.complain("bases", "a control that is left out has no basis to include it; empty this")
    if not draft.approved_by:
        reading.complain("approved_by", "leaving a control out needs an approver; write the name")
    elif same_person(draft.decided_by, draft.approved_by):
        reading.complain("approved_by", "nobody approves their own decision; write who else approved it")
