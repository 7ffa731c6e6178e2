"""One line for each thing that a digest lists."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditor.model.changes import ChangedFinding
from auditor.model.digest import Digest, DueFinding, Unscanned
from auditor.model.message import Delivery, DeliveryStatus
from auditor.model.schedule import Slot
from auditor.model.trial_status import OpdTrial
from reports.digest.labels import LONGEST_NAME, SLOT_STATUSES, WORKS, forecast_label, place, slot_reason
from reports.digest.numbers import NOTHING, change, grade
from reports.view.labels import Badge, badge, method_label, not_met, reason_label
from reports.visible import clipped
from reports.words import Words

_MOST_GAPS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a list: what, where, and what is to know about it; a badge where there is a severity."""

    text: str
    note: str = ""
    badge: Badge | None = None


class Lines:
    """Words the entries of one digest."""

    def __init__(self, digest: Digest, words: Words):
        self._digest = digest
        self._words = words

    def fixed(self, one: ChangedFinding) -> Line:
        """Tell what was proven fixed, and how long it took."""
        took = self._words.plural("fixed after %(count)s day", "fixed after %(count)s days", one.days)
        return replace(self._changed(one, took), text=self._title(one.check))

    def new(self, one: ChangedFinding) -> Line:
        """Tell what fails since lately, and until when it is to be fixed."""
        return self._changed(one, self._words.say("due %(day)s", day=self._words.day(one.due)))

    def not_measured(self, one: ChangedFinding) -> Line:
        """Tell what could not be looked at again, and why as far as it is known."""
        seen = self._words.plural("seen %(count)s day ago", "seen %(count)s days ago", one.days)
        return self._changed(one, seen, self._words.of(one.reason))

    def out_of_scope(self, one: ChangedFinding) -> Line:
        """Tell what nobody looks at any more."""
        return self._changed(one, self._words.of(one.reason))

    def due(self, one: DueFinding) -> Line:
        """Tell of a deadline, and who has taken the finding on."""
        words = self._words
        late = words.plural("%(count)s day over", "%(count)s days over", -one.days)
        left = words.plural("%(count)s day left", "%(count)s days left", one.days)
        when = late if one.days < 0 else left if one.days else words.say("today is the last day")
        planned = words.say("planned until %(day)s", day=words.day(one.planned)) if one.planned else ""
        owner = words.say("taken on by %(name)s", name=clipped(one.owner, LONGEST_NAME)) if one.owner else ""
        due = words.say("due %(day)s", day=words.day(one.due))
        where = place(self._server(one.subject.split("|")[1]), one.subject)
        return Line(
            self._failing(one.check),
            self._note(one.opd, where, f"{due} ({when})", owner, planned, one.finding),
            badge(words, one.severity),
        )

    def unscanned(self, one: Unscanned) -> Line:
        """Tell what was not measured, and why."""
        words = self._words
        reason = reason_label(words, one.reason) if one.reason else words.say("not audited yet")
        named = [method_label(words, what) for what in one.what[:_MOST_GAPS]]
        more = len(one.what) - len(named)
        if more:
            named.append(words.plural("%(count)s more", "%(count)s more", more))
        what = words.say("nothing measured") if one.whole else words.listed(named)
        return Line(
            clipped(self._server(one.server), LONGEST_NAME), self._note(one.opd, what, clipped(reason))
        )

    def misfire(self, one: Slot) -> Line:
        """Tell what did not run as it should have."""
        words = self._words
        text = words.say(
            "%(schedule)s (%(work)s): %(status)s",
            schedule=clipped(one.schedule, LONGEST_NAME),
            work=words.say(WORKS[one.work]),
            status=words.say(SLOT_STATUSES[one.status]),
        )
        return Line(text, self._note("", words.moment(one.at), slot_reason(words, one.reason)))

    def undelivered(self, one: Delivery) -> Line:
        """Tell what did not arrive."""
        words = self._words
        tried = words.plural("%(count)s attempt", "%(count)s attempts", one.attempts)
        given_up = one.status is DeliveryStatus.FAILED
        state = words.say("given up") if given_up else words.say("tried again later")
        to = clipped(f"{one.channel}: {one.to}" if one.to else one.channel, LONGEST_NAME)
        return Line(to, self._note("", words.moment(one.created_at), tried, state))

    def opd(self, opd: str) -> Line:
        """Tell where one agency stands."""
        words, score = self._words, self._digest.scores.get(opd)
        counts = self._digest.open.get(opd, {})
        late = sum(one.opd == opd for one in self._digest.overdue)
        return Line(
            self._opd(opd),
            self._note(
                "",
                f"{words.percent(score.floor)}, {grade(score, words)}" if score else NOTHING,
                change(score, words) if score else "",
                words.plural("%(count)s open finding", "%(count)s open findings", sum(counts.values())),
                words.plural("%(count)s overdue", "%(count)s overdue", late) if late else "",
            ),
        )

    def trial(self, one: OpdTrial) -> Line:
        """Tell how far an agency is from its target, and when it will be done at this pace."""
        words = self._words
        floor = words.percent(one.now.floor) if one.now else NOTHING
        target = (
            words.say(
                "floor %(floor)s of a target of %(target)s", floor=floor, target=words.percent(one.target)
            )
            if one.target is not None
            else words.say("floor %(floor)s", floor=floor)
        )
        reached = words.say("target reached") if one.reached else ""
        return Line(
            clipped(one.name, LONGEST_NAME),
            self._note("", target, reached, forecast_label(words, one.forecast)),
        )

    def _changed(self, one: ChangedFinding, *told: str) -> Line:
        where = place(self._server(one.server), one.subject)
        note = self._note(one.opd, where, *map(clipped, told), one.finding)
        return Line(self._failing(one.check), note, badge(self._words, one.severity))

    def _note(self, opd: str, *parts: str) -> str:
        """Join what is known; the agency is named only where a digest tells of several."""
        whose = self._opd(opd) if opd and not self._digest.opd else ""
        return " · ".join(part for part in (whose, *parts) if part)

    def _failing(self, check: str) -> str:
        """Name a check that fails: its title alone tells what would be right."""
        return not_met(self._words, self._title(check))

    def _title(self, check: str) -> str:
        title = self._digest.check_titles.get(check)
        return clipped(self._words.of(title) if title else check)

    def _server(self, server: str) -> str:
        name = self._digest.server_names.get(server, "")
        return f"{name} ({server})" if name not in ("", server) else server

    def _opd(self, opd: str) -> str:
        return clipped(self._digest.opd_names.get(opd, opd), LONGEST_NAME)
