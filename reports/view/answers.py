"""What people answered about a control, and what they decided about whether it applies, in words."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.attestation import PARTS, Answer, Applicability, Aspect, Attestation, EvidenceFile
from auditor.model.scorecard import Applied, Attested
from reports.statement.labels import ANSWERS, ASPECTS
from reports.statement.sources import Sources
from reports.view.context import Context
from reports.view.labels import Badge
from reports.visible import clipped, shown
from reports.words import Words

_DIGEST_SHOWN = 10
"""Characters of an evidence file's SHA-256 on a page. JSON carries it whole."""


@dataclass(frozen=True, slots=True)
class GivenView:
    """One answer as it was given: by whom, when, why, and on what papers."""

    answer: str
    people: str
    justification: str
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The answers to one control together; `warning` when they have ended or end soon."""

    answer: str
    aspects: str
    valid: str
    warning: Badge | None
    source: str
    given: tuple[GivenView, ...]


@dataclass(frozen=True, slots=True)
class AppliedView:
    """A decision about whether a control applies."""

    applicable: bool
    justification: str
    people: str
    source: str


def answer_view(context: Context, attested: Attested | None, sources: Sources) -> AnswerView | None:
    """Word what was answered about a control; None when nobody ever answered."""
    if attested is None:
        return None
    words, given = context.words, sources.given(attested)
    whole = all(one.aspect is Aspect.WHOLE for one in given) and bool(given)
    until = words.day(attested.valid_until)
    return AnswerView(
        answer=_word(words, attested.answer) if attested.answer else words.say("ended on %(day)s", day=until),
        valid=words.say("valid until %(day)s", day=until) if attested.answer else "",
        aspects="" if whole or attested.taken_from else _aspects(words, attested),
        warning=warning(context, attested),
        source=_source(words, attested, given),
        given=tuple(_given(words, one) for one in given),
    )


def warning(context: Context, attested: Attested | None) -> Badge | None:
    """Return a mark when an answer has ended, or ends within the days of warning that the policy asks for."""
    if attested is None:
        return None
    words, left = context.words, (attested.valid_until - context.today).days
    if attested.answer is None:
        return Badge("ended", words.say("answer has ended"))
    if left > context.data.policy.attestations.warn_days:
        return None
    return Badge("ending", words.plural("ends in %(count)s day", "ends in %(count)s days", left))


def _word(words: Words, answer: Answer) -> str:
    return words.say(ANSWERS[answer])


def _aspects(words: Words, attested: Attested) -> str:
    """Tell all three parts apart, and which of them nobody answers for."""
    return "; ".join(
        f"{words.say(ASPECTS[part])}: "
        + (
            _word(words, attested.aspects[part]).lower()
            if part in attested.aspects
            else words.say("not answered")
        )
        for part in PARTS
    )


def _source(
    words: Words, of: Attested | Applied, origins: tuple[Attestation, ...] | tuple[Applicability, ...]
) -> str:
    parts = []
    if of.taken_from:
        controls = words.listed([shown(control) for control in of.taken_from])
        edition = shown(origins[0].edition) if origins else words.say("the other edition")
        parts.append(
            words.say(
                "taken over from %(controls)s of edition %(edition)s", controls=controls, edition=edition
            )
        )
    if of.inherited:
        parts.append(words.say("given for the whole organisation"))
    return "; ".join(parts)


def _given(words: Words, one: Attestation) -> GivenView:
    about = "" if one.aspect is Aspect.WHOLE else f"{words.say(ASPECTS[one.aspect])}: "
    return GivenView(
        answer=f"{about}{_word(words, one.answer)}",
        people=words.say(
            "%(who)s, %(day)s, valid until %(until)s",
            who=clipped(one.attested_by),
            day=words.day(one.attested_on),
            until=words.day(one.valid_until),
        ),
        justification=clipped(one.justification),
        papers=(*(clipped(paper) for paper in one.references), *(_file(words, f) for f in one.evidence)),
    )


def _file(words: Words, file: EvidenceFile) -> str:
    return words.say(
        "%(name)s (file, %(size)s bytes, SHA-256 %(digest)s…)",
        name=clipped(file.name),
        size=words.integer(file.size_bytes),
        digest=file.digest[:_DIGEST_SHOWN],
    )


def applied_view(context: Context, applied: Applied | None, sources: Sources) -> AppliedView | None:
    """Word what was decided about whether a control applies; None when nobody decided."""
    if applied is None:
        return None
    words, decision = context.words, sources.decided(applied)
    return AppliedView(
        applicable=applied.applicable,
        justification=clipped(decision.justification) if decision else "",
        people=_deciders(words, decision) if decision else "",
        source=_source(words, applied, (decision,) if decision else ()),
    )


def _deciders(words: Words, one: Applicability) -> str:
    decided = words.say(
        "decided by %(who)s on %(day)s", who=clipped(one.decided_by), day=words.day(one.decided_on)
    )
    approved = words.say("approved by %(who)s", who=clipped(one.approved_by)) if one.approved_by else ""
    until = words.say("valid until %(day)s", day=words.day(one.valid_until))
    return words.listed([part for part in (decided, approved, until) if part])
