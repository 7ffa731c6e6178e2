"""A digest in words: the same numbers and lists for mail, chat and plain text."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.digest import Digest
from auditor.model.message import Audience
from reports.digest.labels import AUDIENCES, age
from reports.digest.numbers import Number, numbers
from reports.digest.sections import Section, sections
from reports.visible import clipped, shown
from reports.words import Words


@dataclass(frozen=True, slots=True)
class DigestView:
    """Everything that a digest shows, worded and with hidden characters made visible."""

    subject: str
    organization: str
    office: str
    mark: str
    title: str
    whom: str
    moment: str
    lead: tuple[str, ...]
    numbers: tuple[Number, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    language: str


def digest_view(digest: Digest, audience: Audience, words: Words) -> DigestView:
    """Return a digest for a reader; of an agency it must hold nothing but what concerns that agency."""
    day = words.day(words.local_day(digest.at))
    whom = _whom(digest, audience, words)
    return DigestView(
        subject=words.say("Audit digest of %(day)s: %(whom)s", day=day, whom=whom),
        organization=shown(digest.organization),
        office=shown(digest.office),
        mark=shown(digest.classification),
        title=words.say("Audit digest of %(day)s", day=day),
        whom=whom,
        moment=words.moment(digest.at),
        lead=tuple(_lead(digest, words)),
        numbers=numbers(digest, words),
        sections=sections(digest, audience, words),
        foot=_foot(digest, words),
        language=words.language,
    )


def _whom(digest: Digest, audience: Audience, words: Words) -> str:
    if audience is Audience.OPD:
        return clipped(digest.opd_names.get(digest.opd, digest.opd))
    return words.say(AUDIENCES[audience])


def _lead(digest: Digest, words: Words) -> list[str]:
    """Tell how old what follows is, and what changed in a sentence."""
    score = digest.scores.get(digest.opd)
    if score is None:
        return [words.say("No audit has been judged yet; there is nothing to tell.")]
    measured = words.moment(score.measured_at)
    newest = words.say(
        "Newest audit: %(moment)s, %(age)s.", moment=measured, age=age(words, score.measured_at, digest.at)
    )
    rules = words.say("It was judged by other rules than the one before: the scores do not compare.")
    return [newest, _changed(digest, words), *(() if score.same_rules else (rules,))]


def _changed(digest: Digest, words: Words) -> str:
    if not digest.new_audit:
        return words.say("Nothing was measured since the last digest, so nothing changed.")
    changes = digest.changes
    if not any(True for _ in changes):
        return words.say("Nothing changed: no finding came, was fixed or came back.")
    counted = (
        words.plural("%(count)s fixed", "%(count)s fixed", len(changes.fixed)),
        words.plural("%(count)s new", "%(count)s new", len(changes.new)),
        words.plural("%(count)s came back", "%(count)s came back", len(changes.redetected)),
        words.plural(
            "%(count)s not measured again", "%(count)s not measured again", len(changes.not_measured)
        ),
    )
    listed = words.listed(list(counted))
    if digest.changes.since is None:
        return words.say("First audit: %(listed)s.", listed=listed)
    if digest.since is None:
        return words.say("Since the audit before: %(listed)s.", listed=listed)
    return words.say("Since %(moment)s: %(listed)s.", moment=words.moment(digest.since), listed=listed)


def _foot(digest: Digest, words: Words) -> tuple[str, ...]:
    strength = words.say(
        "A scan is evidence for or against a control, of the strength stated with it. It is not a "
        "certificate and not a verdict on ISO/IEC 27001."
    )
    made = words.say(
        "Made by itself at %(moment)s; nobody reads answers to it.", moment=words.moment(digest.at)
    )
    return strength, made
