"""What was answered to a finding, and what measuring it again came to, in words."""

from __future__ import annotations

from auditor.model.finding import Finding
from reports.view.context import Context
from reports.view.labels import RETESTS
from reports.visible import clipped, shown


def response(context: Context, finding: Finding) -> str:
    """Word who mends a finding, how and until when; empty while nobody does."""
    answer, words = finding.acknowledgement, context.words
    if answer is None:
        return ""
    who, how = shown(answer.owner), clipped(answer.plan)
    if answer.planned is None:
        return words.say("%(who)s mends it: %(how)s", who=who, how=how)
    day = words.day(answer.planned)
    if answer.planned < context.day_of(context.data.run.started_at, finding.opd):
        return words.say("%(who)s meant to mend it until %(day)s: %(how)s", who=who, how=how, day=day)
    return words.say("%(who)s mends it until %(day)s: %(how)s", who=who, how=how, day=day)


def retest_words(context: Context, finding: str) -> str:
    """Word the newest re-test of a finding, with the number of its record; empty where there is none."""
    listed = context.data.retests.get(finding, ())
    if not listed:
        return ""
    words, newest = context.words, listed[-1]
    return words.say(
        "Re-test %(number)s of %(day)s, asked for by %(who)s: %(result)s.",
        number=retest_number(newest.opd, newest.run),
        day=words.day(context.day_of(newest.at, newest.opd)),
        who=clipped(newest.asked_by),
        result=words.say(RETESTS[newest.result][1]),
    )


def retest_number(opd_id: str, run: str) -> str:
    """Return the number of the record of a re-test, as its own page has it."""
    return shown("/".join(("UU", opd_id.upper(), run)))
