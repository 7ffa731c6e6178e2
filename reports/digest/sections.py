"""The lists of a digest: which reader gets which, and how long they may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from auditor.model.check import Severity
from auditor.model.digest import Digest
from auditor.model.message import Audience
from reports.digest.lines import Line, Lines
from reports.words import Words

_MOST = {Audience.SECURITY: 15, Audience.LEADERSHIP: 3, Audience.OPD: 25}
"""Lines of one list. The rest is counted, and stands in full on the cards."""
_GRAVE = (Severity.CRITICAL, Severity.HIGH)
Listed = TypeVar("Listed")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with how many there are, the first of them, and how many more; `alarm` asks for action."""

    heading: str
    count: str
    lines: tuple[Line, ...]
    more: str = ""
    alarm: bool = False


def sections(digest: Digest, audience: Audience, words: Words) -> tuple[Section, ...]:
    """Return the lists that a reader gets, in the order of what asks for action; empty ones are left out."""
    making = _Making(digest, audience, words)
    listed: Iterable[Section | None]
    match audience:
        case Audience.LEADERSHIP:
            listed = (making.attention(), making.unscanned(), making.trial())
        case Audience.OPD:
            listed = (
                making.overdue(),
                making.due_soon(),
                *making.changes(),
                making.unscanned(),
                making.trial(),
            )
        case Audience.SECURITY:
            listed = (
                making.misfires(),
                making.undelivered(),
                making.overdue(),
                making.due_soon(),
                *making.changes(),
                making.unscanned(),
                making.agencies(),
                making.trial(),
            )
    return tuple(one for one in listed if one is not None)


class _Making:
    """Makes the sections of one digest."""

    def __init__(self, digest: Digest, audience: Audience, words: Words):
        self._digest, self._words = digest, words
        self._most = _MOST[audience]
        self._lines = Lines(digest, words)

    def overdue(self) -> Section | None:
        return self._section(self._words.say("Overdue"), self._digest.overdue, self._lines.due, alarm=True)

    def due_soon(self) -> Section | None:
        heading = self._words.say(
            "Due within %(days)s days", days=self._words.integer(self._digest.due_soon_days)
        )
        return self._section(heading, self._digest.due_soon, self._lines.due)

    def changes(self) -> Iterable[Section | None]:
        say, changes, lines = self._words.say, self._digest.changes, self._lines
        yield self._section(say("Came back"), changes.redetected, lines.new, alarm=True)
        yield self._section(say("New findings"), changes.new, lines.new)
        yield self._section(say("Proven fixed"), changes.fixed, lines.fixed)
        yield self._section(say("Seen before, not measured now"), changes.not_measured, lines.not_measured)
        yield self._section(say("Not looked at any more"), changes.out_of_scope, lines.out_of_scope)

    def unscanned(self) -> Section | None:
        worst_first = sorted(self._digest.unscanned, key=lambda one: not one.whole)
        return self._section(self._words.say("Not scanned"), worst_first, self._lines.unscanned)

    def misfires(self) -> Section | None:
        heading = self._words.say("Did not run as planned")
        return self._section(heading, self._digest.misfires, self._lines.misfire, alarm=True)

    def undelivered(self) -> Section | None:
        heading = self._words.say("Messages that did not arrive")
        return self._section(heading, self._digest.undelivered, self._lines.undelivered, alarm=True)

    def attention(self) -> Section | None:
        """Return the agencies with something overdue or grave, most of it first."""
        late = [one.opd for one in self._digest.overdue]
        grave = {opd: sum(counts.get(one, 0) for one in _GRAVE) for opd, counts in self._digest.open.items()}
        asked = [opd for opd in self._digest.opd_names if opd in late or grave.get(opd)]
        asked.sort(key=lambda opd: (-late.count(opd), -grave.get(opd, 0), opd))
        return self._section(self._words.say("Agencies to look at"), asked, self._lines.opd)

    def agencies(self) -> Section | None:
        return self._section(
            self._words.say("Agencies"), list(self._digest.opd_names), self._lines.opd, whole=True
        )

    def trial(self) -> Section | None:
        trial = self._digest.trial
        if trial is None:
            return None
        heading = self._words.say("Trial: %(name)s", name=trial.name)
        behind = sorted(trial.opds, key=lambda one: one.reached)
        return self._section(heading, behind, self._lines.trial)

    def _section(
        self,
        heading: str,
        listed: Sequence[Listed],
        line: Callable[[Listed], Line],
        *,
        alarm: bool = False,
        whole: bool = False,
    ) -> Section | None:
        if not listed:
            return None
        words, first = self._words, listed if whole else listed[: self._most]
        more = len(listed) - len(first)
        return Section(
            heading=heading,
            count=words.integer(len(listed)),
            lines=tuple(map(line, first)),
            more=words.plural("and %(count)s more", "and %(count)s more", more) if more else "",
            alarm=alarm,
        )
