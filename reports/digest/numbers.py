"""The five numbers that every digest begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.digest import Digest, ScoreTold
from reports.digest.labels import forecast_label
from reports.words import Words

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Number:
    """One number with the line below it; `alarm` when it asks for action."""

    label: str
    value: str
    note: str
    alarm: bool = False


def numbers(digest: Digest, words: Words) -> tuple[Number, ...]:
    """Return score, grave findings, deadlines, what was not measured, and the trial or what was fixed."""
    return (
        _score(digest, words),
        _grave(digest, words),
        _overdue(digest, words),
        _unmeasured(digest, words),
        _trial(digest, words) or _fixed(digest, words),
    )


def open_counts(digest: Digest) -> Mapping[Severity, int]:
    """Return the open findings of all agencies that a digest tells of."""
    return {one: sum(opd.get(one, 0) for opd in digest.open.values()) for one in Severity}


def change(score: ScoreTold, words: Words) -> str:
    """Tell how a floor moved, and since when; nothing where nobody was told before or the rules differ."""
    if score.floor_before is None or score.measured_before is None or not score.same_rules:
        return ""
    day = words.day(words.local_day(score.measured_before))
    return words.say(
        "%(change)s points since %(day)s", change=words.difference(score.floor_before, score.floor), day=day
    )


def grade(score: ScoreTold, words: Words) -> str:
    """Name a grade, or that there is none."""
    if not score.letter:
        return words.say("grade withheld")
    return words.say("grade %(letter)s", letter=score.letter)


def _score(digest: Digest, words: Words) -> Number:
    label, score = words.say("Level of compliance (floor)"), digest.scores.get(digest.opd)
    if score is None:
        return Number(label, NOTHING, words.say("not measured"))
    besides = words.say(
        "ceiling %(ceiling)s, coverage %(coverage)s",
        ceiling=words.percent(score.ceiling),
        coverage=words.percent(score.coverage),
    )
    note = words.listed([part for part in (change(score, words), grade(score, words), besides) if part])
    return Number(label, words.percent(score.floor), note)


def _grave(digest: Digest, words: Words) -> Number:
    counts = open_counts(digest)
    critical, high = counts[Severity.CRITICAL], counts[Severity.HIGH]
    return Number(
        words.say("Open critical and high findings"),
        words.integer(critical + high),
        words.say(
            "of which %(critical)s critical; %(all)s open of every severity",
            critical=words.integer(critical),
            all=words.integer(sum(counts.values())),
        ),
        critical + high > 0,
    )


def _overdue(digest: Digest, words: Words) -> Number:
    soon = words.plural(
        "%(count)s more due within %(days)s days",
        "%(count)s more due within %(days)s days",
        len(digest.due_soon),
        days=words.integer(digest.due_soon_days),
    )
    return Number(
        words.say("Findings overdue"), words.integer(len(digest.overdue)), soon, bool(digest.overdue)
    )


def _unmeasured(digest: Digest, words: Words) -> Number:
    missed = sum(digest.unmeasured.values())
    note = words.say("of %(all)s registered", all=words.integer(sum(digest.registered.values())))
    return Number(words.say("Servers not measured"), words.integer(missed), note, missed > 0)


def _fixed(digest: Digest, words: Words) -> Number:
    changes = digest.changes
    note = words.say(
        "%(new)s new, %(again)s came back",
        new=words.integer(len(changes.new)),
        again=words.integer(len(changes.redetected)),
    )
    return Number(words.say("Proven fixed since the last digest"), words.integer(len(changes.fixed)), note)


def _trial(digest: Digest, words: Words) -> Number | None:
    trial = digest.trial
    if trial is None:
        return None
    rows = (trial.whole,) if trial.whole else trial.opds
    note = words.listed([forecast_label(words, row.forecast) for row in rows])
    if trial.begins_in_days:
        ends = words.say("last day: %(day)s", day=words.day(trial.ends))
        return Number(words.say("Days until the trial begins"), words.integer(trial.begins_in_days), ends)
    if trial.days_left < 0:
        over = words.say("its last day was %(day)s", day=words.day(trial.ends))
        return Number(words.say("Days left of the trial"), words.integer(0), over, True)
    return Number(words.say("Days left of the trial"), words.integer(trial.days_left), note)
