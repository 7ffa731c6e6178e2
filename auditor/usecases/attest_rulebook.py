"""What entries about controls are held against, and the reading of one entry with its problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from auditor.documents.shape import nearest
from auditor.model.framework import Framework
from auditor.model.plain_text import show
from auditor.model.problem import Problem
from auditor.usecases.attest_log import History, Place
from auditor.usecases.attest_words import ANSWER_KEYS, EVERYBODY
from auditor.usecases.handed_in import Shelf
from auditor.usecases.waive import Desk

DAYS_BACK = 90
"""How long ago an answer may have been given when it is written down."""

_MARK = re.compile("([0-9]{1,9})-[0-9a-f]{8}")
_FOR = "@"
"""Between the mark of the log and the OPD that a questionnaire was handed out for."""
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written about one control: texts and lists by key, empty ones left out.

    `locate` makes a problem of a key and a message.
    """

    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    locate: Callable[[str, str], Problem]

    def has(self, key: str) -> bool:
        """Return whether anything is written there."""
        return bool(self.texts.get(key) or self.lists.get(key))


class Rulebook:
    """What entries are held against: day, inventory and policy, what is known, and the files at hand."""

    def __init__(self, desk: Desk, shelf: Shelf):
        self.desk = desk
        self.shelf = shelf
        self._log = desk.workspace.decisions.all()
        self._bases: dict[str, History] = {}
        self.stored = History(self._log)
        self.history = History(self._log)
        """With what was taken in since."""

    def base(self, mark: str) -> History:
        """Return what was known when a questionnaire was handed out; without a mark, what is known now.

        Raise ValueError when the mark is not of this log.
        """
        if not mark:
            return self.stored
        if mark not in self._bases:
            number = _MARK.fullmatch(mark)
            if number is None or mark_of(self.desk, int(number[1])) != mark:
                raise ValueError(f"{show(mark)} is not of this log; export anew and copy the answers over")
            self._bases[mark] = History(entry for entry in self._log if entry.sequence <= int(number[1]))
        return self._bases[mark]

    @property
    def frameworks(self) -> Mapping[str, Framework]:
        """Return the editions."""
        return self.desk.inputs.catalogue.frameworks

    @property
    def today(self) -> date:
        """Return the local day in the organisation's zone."""
        return self.desk.today


@dataclass(slots=True)
class Reading:
    """One entry while it is read; problems are gathered, and a field with one has no value."""

    entry: Entry
    problems: list[Problem] = field(default_factory=list)

    def complain(self, key: str, message: str) -> None:
        self.problems.append(self.entry.locate(key, message))

    def read(self, key: str, parse: Callable[[str], Value]) -> Value | None:
        """Return the value of a text, or None when it is empty or wrong."""
        written = self.entry.texts.get(key, "")
        if not written:
            return None
        try:
            return parse(written)
        except ValueError as error:
            self.complain(key, str(error))
            return None

    def need(self, key: str, parse: Callable[[str], Value], wanted: str) -> Value | None:
        """Return the value of a text that may not be empty."""
        if not self.entry.has(key):
            self.complain(key, wanted)
        return self.read(key, parse)


def mark_of(desk: Desk, upto: int | None = None) -> str:
    """Return the mark of the log as it stands, or stood after an entry: a number and the start of a hash."""
    sequence, head = desk.workspace.decisions.head(upto)
    return f"{sequence}-{head[:8]}"


def mark_for(desk: Desk, opd: str) -> str:
    """Return the mark of a questionnaire: the log as it stands, and the OPD it is handed out for."""
    return f"{mark_of(desk)}{_FOR}{opd or EVERYBODY}"


def place_of(entry: Entry, rulebook: Rulebook) -> tuple[Place, list[Problem]]:
    """Return edition, control and OPD that an entry names, and what is wrong with them."""
    reading = Reading(entry)
    edition, control, opd = (entry.texts.get(key, "") for key in ("edition", "control", "opd"))
    framework = rulebook.frameworks.get(edition)
    if framework is None:
        reading.complain(
            "edition", f"{show(edition)} is no edition; write {' or '.join(rulebook.frameworks)}"
        )
    else:
        _check_control(reading, control, framework)
    known = [one.id for one in rulebook.desk.inputs.inventory.opds]
    if opd not in (EVERYBODY, *known):
        near = (
            nearest(opd, known) or f"write {', '.join(known[:5])}, or {EVERYBODY} for the whole organisation"
        )
        reading.complain("opd", f"{show(opd)} is no OPD of the inventory; {near}")
    _check_exported_for(reading, opd)
    return (edition, control.upper(), "" if opd == EVERYBODY else opd), reading.problems


def _check_exported_for(reading: Reading, opd: str) -> None:
    """Refuse what was filled in for one OPD and then given the name of another."""
    _, _, meant = reading.entry.texts.get("log_entry", "").partition(_FOR)
    if meant in ("", opd) or not any(reading.entry.has(key) for key in (*ANSWER_KEYS, "applicable")):
        return
    chosen = "--organization" if opd == EVERYBODY else f"--opd {opd}"
    reading.complain(
        "opd",
        f"this was exported for {meant}; write {meant} again, or answer for {opd} in a questionnaire of its "
        f"own: auditor attest export {chosen}",
    )


def _check_control(reading: Reading, control: str, framework: Framework) -> None:
    known = [one.id for one in framework.controls]
    if control.upper() not in known:
        reading.complain(
            "control",
            f"{show(control)} is no control of {framework.edition}; write one from {known[0]} to {known[-1]}",
        )


def latest_day(first: date, rulebook: Rulebook) -> date:
    try:
        return first + timedelta(days=rulebook.desk.inputs.policy.attestations.maximum_days)
    except OverflowError:
        return date.max


def base_of(reading: Reading, rulebook: Rulebook) -> History:
    try:
        return rulebook.base(reading.entry.texts.get("log_entry", "").partition(_FOR)[0])
    except ValueError as error:
        reading.complain("log_entry", str(error))
        return rulebook.stored


@dataclass(frozen=True, slots=True)
class Days:
    first_key: str
    first: date
    last_key: str
    last: date


def check_days(reading: Reading, days: Days, rulebook: Rulebook) -> None:
    today, most = rulebook.today, rulebook.desk.inputs.policy.attestations.maximum_days
    if days.first > today:
        reading.complain(days.first_key, f"{days.first} lies ahead; write today ({today}) or a day before")
    elif (today - days.first).days > DAYS_BACK:
        reading.complain(
            days.first_key, f"{days.first} is more than {DAYS_BACK} days ago; ask again and write the new day"
        )
    elif days.last < today or days.last < days.first:
        reading.complain(days.last_key, f"{days.last} has passed; write a later day, or empty it")
    elif days.last > latest_day(days.first, rulebook):
        last = latest_day(days.first, rulebook)
        reading.complain(days.last_key, f"{days.last} is too far ahead ({most} days at most); write {last}")
