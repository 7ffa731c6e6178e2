"""Take in what people answer about controls, and take it back. Every step is an entry of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from auditor.model.attestation import Applicability, Attestation
from auditor.model.decision import Decision, DecisionKind
from auditor.model.document import DocumentError
from auditor.model.problem import Problem
from auditor.usecases.attest_applicability import read_applicability
from auditor.usecases.attest_log import Given, History
from auditor.usecases.attest_rulebook import Entry, Rulebook, place_of
from auditor.usecases.attest_rules import read_answers
from auditor.usecases.attest_words import ANSWER_KEYS, parse_name, parse_text
from auditor.usecases.errors import UsageProblem
from auditor.usecases.handed_in import NotTaken, Shelf
from auditor.usecases.waive import Desk


@dataclass(frozen=True, slots=True)
class Taken:
    """What was new: answers, decisions about applicability, and the number of files kept for them."""

    answers: tuple[Attestation, ...] = ()
    decisions: tuple[Applicability, ...] = ()
    files: int = 0

    @property
    def nothing(self) -> bool:
        """Return whether everything was known already."""
        return not (self.answers or self.decisions)


def take_in(entries: Iterable[Entry], desk: Desk, shelf: Shelf, document: str) -> Taken:
    """Store what entries say anew, all of it or nothing; raise DocumentError with every problem.

    `document` names where the entries come from in problems about the whole.
    """
    rulebook = Rulebook(desk, shelf)
    reader = _Reader(rulebook)
    # An answer to the whole before answers to its parts, as they take precedence over it.
    for entry in sorted(entries, key=lambda one: not one.has("answer")):
        reader.read(entry)
    if reader.problems:
        raise DocumentError(reader.problems)
    files = _keep_files(reader.answers, rulebook, document)
    if reader.made:
        desk.decide(reader.made)
    return Taken(tuple(reader.answers), tuple(reader.decisions), files)


@dataclass(slots=True)
class _Reader:
    """Reads entries one by one, each in view of those before it."""

    rulebook: Rulebook
    answers: list[Attestation] = field(default_factory=list)
    decisions: list[Applicability] = field(default_factory=list)
    made: list[Decision] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _seen: dict[tuple[object, ...], Problem] = field(default_factory=dict)

    def read(self, entry: Entry) -> None:
        place, problems = place_of(entry, self.rulebook)
        self.problems += problems
        for key in (*ANSWER_KEYS, "applicable"):
            if entry.has(key):
                self._note(entry, key, (*place, key))
        answers, problems = read_answers(entry, place, self.rulebook)
        self.problems += problems
        decided, problems = read_applicability(entry, place, self.rulebook)
        self.problems += problems
        for answer in answers:
            self.answers.append(answer)
            self._add(_entry_of_answer(answer, self.rulebook.desk))
        if decided is not None:
            self.decisions.append(decided)
            self._add(_entry_of_decision(decided, self.rulebook.desk))

    def _add(self, made: Decision) -> None:
        self.made.append(made)
        if isinstance(made.content, Attestation | Applicability):
            self.rulebook.history.add(Given(made.content, made))

    def _note(self, entry: Entry, key: str, subject: tuple[object, ...]) -> None:
        here = entry.locate(key, "")
        first = self._seen.setdefault(subject, here)
        if first is not here:
            where = f"line {first.line}" if first.line else "another line"
            self.problems.append(entry.locate(key, f"{where} answers the same; keep one of both"))


def _keep_files(answers: Iterable[Attestation], rulebook: Rulebook, document: str) -> int:
    """Keep every file before an entry may name it; return how many were handed in."""
    files = {file.digest: file for answer in answers for file in answer.evidence}
    try:
        return sum(rulebook.shelf.keep(file, rulebook.desk.workspace.decisions) for file in files.values())
    except NotTaken as error:
        raise DocumentError([Problem(document, 0, 0, str(error))]) from None


def _entry_of_answer(answer: Attestation, desk: Desk) -> Decision:
    return Decision(
        kind=DecisionKind.ATTESTED,
        about=answer.id,
        by=answer.attested_by,
        day=answer.attested_on,
        reason="",
        content=answer,
        account=desk.account,
        at=desk.now,
    )


def _entry_of_decision(decided: Applicability, desk: Desk) -> Decision:
    return Decision(
        kind=DecisionKind.APPLICABILITY_DECIDED,
        about=decided.id,
        by=decided.decided_by,
        day=decided.decided_on,
        reason="",
        content=decided,
        account=desk.account,
        at=desk.now,
    )


_ENDS = {
    Attestation: DecisionKind.ATTESTATION_WITHDRAWN,
    Applicability: DecisionKind.APPLICABILITY_WITHDRAWN,
}


def withdraw(desk: Desk, name: str, by: str, reason: str) -> Given:
    """End an answer or a decision with yesterday; return it. Raise UsageProblem when there is none to end."""
    history = History(desk.workspace.decisions.all())
    last = known(history, name)[-1]
    if last.withdrawn is not None:
        raise UsageProblem(
            f"{name} was withdrawn on {last.withdrawn.day} already", "there is nothing left to withdraw"
        )
    if last not in history.newest(last.place).values():
        raise UsageProblem(
            f"{name} was replaced by a newer answer", "find the newer one with: auditor attest list"
        )
    ending = Decision(
        kind=_ENDS[type(last.content)],
        about=name,
        by=_checked("--by", by, parse_name),
        day=desk.today,
        reason=_checked("--reason", reason, parse_text),
        content=None,
        account=desk.account,
        at=desk.now,
    )
    desk.decide([ending])
    return last


def known(history: History, name: str) -> list[Given]:
    """Return everything given under an id, oldest first; raise UsageProblem when nothing was."""
    found = [one for one in history.all() if one.content.id == name]
    if not found:
        raise UsageProblem(f"there is no answer or decision {name}", "find its id with: auditor attest list")
    return found


def _checked(option: str, text: str, parse: Callable[[str], str]) -> str:
    try:
        checked = parse(text)
    except ValueError as error:
        raise DocumentError([Problem(option, 0, 0, str(error))]) from None
    if not checked:
        raise DocumentError([Problem(option, 0, 0, "it is empty; write it")])
    return checked
