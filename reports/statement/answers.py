"""Word why a control applies, what people attested of it, and which exceptions touch it."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.attestation import PARTS, Answer, Applicability, Aspect, Attestation
from auditor.model.scorecard import Applied, Attested
from reports.statement.labels import ANSWERS, APPLIES, ASPECTS, BASES
from reports.statement.lines import Applies, Excepted, Line
from reports.view.context import Context
from reports.view.labels import Badge
from reports.visible import shown, shown_block
from reports.words import Words

_KINDS = {Applies.YES: "applies", Applies.NO: "not-applicable", Applies.UNDECIDED: "not-assessed"}


@dataclass(frozen=True, slots=True)
class DecisionView:
    """Whether a control applies and why; `people`, `valid` and `source` are empty where nobody decided."""

    applies: Badge
    bases: str
    justification: str
    people: str
    valid: str
    source: str


@dataclass(frozen=True, slots=True)
class GivenView:
    """One answer as it was given; `about` names its part of the control, and the control if it is another."""

    about: str
    answer: str
    people: str
    justification: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What people answered, combined, and each answer it was made of."""

    answer: Badge
    aspects: str
    valid: str
    source: str
    given: tuple[GivenView, ...]


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """An exception in force: on which check, until when, why, and how many failures it covers."""

    id: str
    check: str
    valid: str
    reason: str
    covers: str


def decision_view(context: Context, line: Line) -> DecisionView:
    """Word whether a control applies."""
    words = context.words
    applies = Badge(_KINDS[line.applies], words.say(APPLIES[line.applies]))
    if line.decision is None:
        return DecisionView(applies, "", _undecided(words, line), "", "", "")
    one = line.decision
    return DecisionView(
        applies=applies,
        bases=words.listed([words.say(BASES[basis]) for basis in one.bases]),
        justification=shown_block(one.justification),
        people=_deciders(words, one),
        valid=_until(words, words.day(one.valid_until)),
        source=_source(words, line.result.applied, [(one.edition, one.control)]),
    )


def _undecided(words: Words, line: Line) -> str:
    told = words.say("Counts as applicable until somebody decides.")
    if line.ended is None:
        return told
    day = words.day(line.ended.valid_until)
    return f"{told} " + words.say("An earlier decision ended on %(day)s.", day=day)


def _deciders(words: Words, one: Applicability) -> str:
    decided = words.say(
        "decided by %(who)s on %(day)s", who=shown(one.decided_by), day=words.day(one.decided_on)
    )
    if not one.approved_by:
        return decided
    return words.listed([decided, words.say("approved by %(who)s", who=shown(one.approved_by))])


def _source(words: Words, of: Applied | Attested | None, origins: list[tuple[str, str]]) -> str:
    """Tell where a decision comes from when it was not made about this control of this OPD itself."""
    parts = []
    if of is not None and of.taken_from:
        edition = origins[0][0] if origins else ""
        controls = words.listed([shown(control) for control in of.taken_from])
        parts.append(
            words.say(
                "taken over from %(controls)s of edition %(edition)s",
                controls=controls,
                edition=shown(edition),
            )
        )
    if of is not None and of.inherited:
        parts.append(words.say("given for the whole organisation"))
    return "; ".join(parts)


def answer_view(context: Context, line: Line) -> AnswerView | None:
    """Word what people answered about a control; None when nobody did."""
    words, attested = context.words, line.result.attested
    if attested is None:
        return None
    origins = [(one.edition, one.control) for one in line.given]
    parts = any(one.aspect is not Aspect.WHOLE for one in line.given)
    return AnswerView(
        answer=_combined(words, attested.answer),
        aspects=_aspects(words, attested) if parts and not attested.taken_from else "",
        valid=_validity(words, attested),
        source=_source(words, attested, origins),
        given=tuple(_given(context, line, one) for one in line.given),
    )


def _validity(words: Words, attested: Attested) -> str:
    day = words.day(attested.valid_until)
    return words.say("ended on %(day)s", day=day) if attested.answer is None else _until(words, day)


def _until(words: Words, day: str) -> str:
    return words.say("valid until %(day)s", day=day)


def _combined(words: Words, answer: Answer | None) -> Badge:
    if answer is None:
        return Badge("not-assessed", words.say("Every answer has ended"))
    return Badge(answer.value.replace("_", "-"), words.say(ANSWERS[answer]))


def _aspects(words: Words, attested: Attested) -> str:
    """Tell all three parts apart, and which of them nobody answered for."""
    return "; ".join(
        words.say(ASPECTS[part])
        + ": "
        + (
            words.say(ANSWERS[attested.aspects[part]])
            if part in attested.aspects
            else words.say("not answered")
        )
        for part in PARTS
    )


def _given(context: Context, line: Line, one: Attestation) -> GivenView:
    words, about = context.words, [context.words.say(ASPECTS[one.aspect])]
    if (one.edition, one.control) != (context.edition, line.control.id):
        about.insert(0, shown(f"{one.control} ({one.edition})"))
    return GivenView(
        about=words.listed(about),
        answer=words.say(ANSWERS[one.answer]),
        people=words.say(
            "%(who)s, %(day)s, valid until %(until)s",
            who=shown(one.attested_by),
            day=words.day(one.attested_on),
            until=words.day(one.valid_until),
        ),
        justification=shown_block(one.justification),
    )


def exception_view(context: Context, one: Excepted) -> ExceptionView:
    """Word an exception in force."""
    words, waiver = context.words, one.waiver
    return ExceptionView(
        id=shown(waiver.id),
        check=shown(waiver.check),
        valid=_until(words, words.day(waiver.valid_until)),
        reason=shown_block(waiver.reason),
        covers=words.plural("covers %(count)s open finding", "covers %(count)s open findings", one.failures),
    )
