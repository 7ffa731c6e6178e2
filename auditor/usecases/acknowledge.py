"""Take on findings: who mends it, how, until when. Every step is an entry of the log, and closes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from auditor.documents.shape import nearest
from auditor.documents.words import parse_day
from auditor.model.acknowledgement import Acknowledgement
from auditor.model.decision import Decision, DecisionKind
from auditor.model.document import DocumentError
from auditor.model.finding import CLOSED
from auditor.model.finding_record import FindingRecord
from auditor.model.plain_text import show
from auditor.model.problem import Problem
from auditor.usecases.attest_words import parse_name, parse_text
from auditor.usecases.calendar import opd_day
from auditor.usecases.waive import Desk
from controls.acknowledgements import acknowledgement_of, acknowledgements_on

LONGEST_PLAN = 1_000
_LETTERS_OF_A_PLAN = 5
_FARTHEST = timedelta(days=5 * 366)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wrote about one finding; `locate` turns a key and a message into a problem."""

    finding: str
    owner: str
    plan: str
    planned: str
    locate: Callable[[str, str], Problem]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of entries: what is new, and the ids of what was known already or is closed by now."""

    made: tuple[Acknowledgement, ...] = ()
    known: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    """Of what is new: planned for a day after the deadline, which stays as it is."""


@dataclass(slots=True)
class Ledger:
    """Findings with what was answered to them, and what entries said anew so far."""

    desk: Desk
    records: Mapping[str, FindingRecord]
    given: Mapping[str, Decision]
    made: list[Acknowledgement] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def standing(self, finding: str) -> Acknowledgement | None:
        """Return what was answered to a finding since it opened."""
        return acknowledgement_of(finding, self.records[finding].opened_at, self.given)

    def read(self, entry: Entry) -> None:
        """Take one entry to what is new, known or closed, or note everything that is wrong with it."""
        record = self.records.get(entry.finding)
        if record is None:
            hint = nearest(entry.finding, self.records) or "list them with: auditor findings list"
            message = f"there is no finding {show(entry.finding)}; {hint}"
            self.problems.append(entry.locate("finding", message))
        elif record.status in CLOSED:
            self.closed.append(record.id)
        else:
            self._read(entry, record)

    def _read(self, entry: Entry, record: FindingRecord) -> None:
        before = len(self.problems)
        owner = self._part(entry, "owner", entry.owner, parse_owner)
        plan = self._part(entry, "plan", entry.plan, parse_plan)
        planned = self._part(entry, "planned", entry.planned, parse_planned)
        if len(self.problems) > before or owner is None or plan is None:
            return
        written = Acknowledgement(record.id, owner, plan, planned)
        if written == self.standing(record.id):
            self.known.append(record.id)
            return
        wrong = self._wrong_day(planned, record)
        if wrong:
            self.problems.append(entry.locate("planned", wrong))
        else:
            self.made.append(written)

    def _part(self, entry: Entry, key: str, text: str, parse: Callable[[str], Value]) -> Value | None:
        try:
            return parse(text)
        except ValueError as error:
            self.problems.append(entry.locate(key, str(error)))
            return None

    def _wrong_day(self, planned: date | None, record: FindingRecord) -> str:
        today = opd_day(self.desk.now, self.desk.inputs.inventory, record.opd)
        if planned is None or today <= planned <= today + _FARTHEST:
            return ""
        if planned < today:
            return f"{planned} has passed; name a day from {today} on, or none"
        return f"{planned} is more than five years away; name an earlier day"

    def taken(self) -> Taken:
        """Return what came of the entries."""
        late = (
            one.finding for one in self.made if one.planned and one.planned > self.records[one.finding].due
        )
        return Taken(tuple(self.made), tuple(self.known), tuple(self.closed), tuple(late))

    def store(self, by: str) -> Taken:
        """Write what is new into the log, all of it or nothing; raise DocumentError with every problem."""
        if self.problems:
            raise DocumentError(self.problems)
        self.desk.decide([_decision(self.desk, one, by) for one in self.made])
        return self.taken()


def open_ledger(desk: Desk) -> Ledger:
    """Return the findings as they stand now, with what the log says of them."""
    return Ledger(
        desk, desk.workspace.results.findings(), acknowledgements_on(desk.workspace.decisions.all())
    )


def parse_owner(text: str) -> str:
    """Return who takes a finding on; raise ValueError for what is nobody."""
    if not text.strip():
        raise ValueError("who mends it is missing; write a name")
    return parse_name(text)


def parse_plan(text: str) -> str:
    """Return how a finding is to be mended, on one line; raise ValueError for what says nothing."""
    plan = " ".join(parse_text(text).split())
    if sum(letter.isalpha() for letter in plan) < _LETTERS_OF_A_PLAN:
        raise ValueError("how it is mended is missing; write it in a few words")
    if len(plan) > LONGEST_PLAN:
        raise ValueError(f"a plan of {len(plan)} characters; write at most {LONGEST_PLAN}")
    return plan


def parse_planned(text: str) -> date | None:
    """Return the day until which somebody means to be done, None where none is written."""
    return parse_day(text.strip()) if text.strip() else None


def acknowledge(desk: Desk, findings: Sequence[str], owner: str, plan: str, planned: str, by: str) -> Taken:
    """Take on findings with one plan, all of them or none; raise DocumentError with every problem.

    One that is closed has nobody to mend it, so that it is a problem here.
    """
    ledger = open_ledger(desk)
    for finding in dict.fromkeys(findings):
        ledger.read(Entry(finding, owner, plan, planned, _option))
    for finding in ledger.closed:
        status = ledger.records[finding].status.value
        ledger.problems.append(Problem("FINDING", 0, 0, f"{finding} is {status}; nothing is left to mend"))
    return ledger.store(_checked_name(by, ledger.problems))


def withdraw(desk: Desk, findings: Sequence[str], by: str, reason: str) -> tuple[str, ...]:
    """Take acknowledgements back and return their findings; raise DocumentError with every problem."""
    ledger = open_ledger(desk)
    problems = [
        Problem("FINDING", 0, 0, f"nobody has taken on {show(finding)}; list with: auditor findings list")
        for finding in dict.fromkeys(findings)
        if finding not in ledger.given
    ]
    who = _checked_name(by, problems)
    why = _checked("--reason", reason, parse_plan, problems)
    if problems:
        raise DocumentError(problems)
    kind, chosen = DecisionKind.ACKNOWLEDGEMENT_WITHDRAWN, tuple(dict.fromkeys(findings))
    desk.decide([Decision(kind, one, who, desk.today, why, None, desk.account, desk.now) for one in chosen])
    return chosen


def checked_name(by: str) -> str:
    """Return who decides; raise DocumentError when it is nobody."""
    problems: list[Problem] = []
    name = _checked_name(by, problems)
    if problems:
        raise DocumentError(problems)
    return name


def _checked_name(by: str, problems: list[Problem]) -> str:
    return _checked("--by", by, parse_name, problems)


def _checked(option: str, text: str, parse: Callable[[str], str], problems: list[Problem]) -> str:
    try:
        return parse(text)
    except ValueError as error:
        problems.append(Problem(option, 0, 0, str(error)))
        return ""


_OPTIONS = {"finding": "FINDING", "planned": "--until"}


def _option(key: str, message: str) -> Problem:
    return Problem(_OPTIONS.get(key, f"--{key}"), 0, 0, message)


def _decision(desk: Desk, made: Acknowledgement, by: str) -> Decision:
    kind = DecisionKind.FINDING_ACKNOWLEDGED
    return Decision(kind, made.finding, by, desk.today, "", made, desk.account, desk.now)
