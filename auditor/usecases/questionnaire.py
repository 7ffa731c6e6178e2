"""A questionnaire about the controls of an edition, with everything filled in that is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from auditor.model.attestation import Answer, Applicability, Aspect, Attestation
from auditor.model.framework import Control
from auditor.model.scorecard import ControlStatus
from auditor.usecases.assess import decisions_of
from auditor.usecases.attest_log import History, State, state_of
from auditor.usecases.attest_rulebook import mark_for
from auditor.usecases.attest_rules import kept_name
from auditor.usecases.attest_words import ANSWER_KEYS, EVERYBODY
from auditor.usecases.questionnaire_fields import spoken
from auditor.usecases.waive import Desk
from controls.attestations import Answers, answers_on
from reports.statement.labels import ANSWERS, CONTROL_SIDES
from reports.view.labels import CONTROL_STATUSES, MACHINE_COVERAGES

Value = str | tuple[str, ...] | bool | date | None
Row = Mapping[str, Value]
"""Key of a field → what stands there (answers and bases as such); a field that is absent is empty."""


_LEFT_OUT = {"en": "does not apply", "id": "tidak berlaku"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a questionnaire is about: an edition and an OPD ("" is the whole organisation)."""

    edition: str
    opd: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire with what is known filled in; `heading` tells what it is about."""

    subject: Subject
    language: str
    heading: str
    mark: str
    """The log as it stood, so that what came in since is not overwritten unseen."""
    rows: tuple[Row, ...]
    ending: int
    """How many answers and decisions end within the policy's days of warning, or have ended."""


def make_questionnaire(desk: Desk, subject: Subject, language: str) -> Questionnaire:
    """Return the questionnaire of an edition and an OPD, with every answer and decision that stands."""
    framework = desk.inputs.catalogue.frameworks[subject.edition]
    mark = mark_for(desk, subject.opd)
    history = History(desk.workspace.decisions.all())
    counting = answers_on(decisions_of(desk.workspace), desk.inputs.catalogue.frameworks, desk.today)
    maker = _Maker(desk, subject, language, history, counting, mark, _measured(desk, subject))
    rows = tuple(row for control in framework.controls for row in maker.rows(control))
    organization = desk.inputs.inventory.organization
    name = desk.inputs.inventory.opd(subject.opd).name if subject.opd else ""
    parts = (organization.name, name, framework.title[language], desk.today.isoformat())
    heading = " · ".join(part for part in parts if part)
    return Questionnaire(subject, language, heading, mark, rows, maker.ending(framework.controls))


def _measured(desk: Desk, subject: Subject) -> Mapping[str, ControlStatus]:
    """Return what scans said of each control in the newest judged run with the OPD in it."""
    for run in reversed(desk.workspace.runs.all()):
        card = desk.workspace.results.scorecards(run.id).get(subject.opd)
        if card is not None:
            return {one.control: one.measured for one in card.controls.get(subject.edition, ())}
    return {}


@dataclass(frozen=True, slots=True)
class _Maker:
    desk: Desk
    subject: Subject
    language: str
    history: History
    counting: Answers
    mark: str
    measured: Mapping[str, ControlStatus]

    def rows(self, control: Control) -> Iterator[Row]:
        """Yield one row, or one for each part of the answer that rests on something else."""
        place = (self.subject.edition, control.id, self.subject.opd)
        decided = self.history.applicability(place)
        for number, group in enumerate(_grouped(self.history.answers(place).values()) or [[]]):
            made = decided if number == 0 else None
            notes = [*self._warnings(group, made), *self._general(control), *self._taken_over(control)]
            row = {**self._told(control), **self._decision(made), **self._answer(group)}
            yield {**row, "note": "\n".join(notes)}

    def ending(self, controls: Iterable[Control]) -> int:
        """Return how many answers and decisions have ended or end soon."""
        places = [(self.subject.edition, control.id, self.subject.opd) for control in controls]
        given = [*(one for place in places for one in self.history.answers(place).values())]
        decided = [self.history.applicability(place) for place in places]
        days = [one.valid_until for one in (*given, *decided) if one is not None]
        return sum(bool(self._warning(day)) for day in days)

    def _told(self, control: Control) -> dict[str, Value]:
        status = self.measured.get(control.id)
        return {
            "edition": self.subject.edition,
            "log_entry": self.mark,
            "opd": self.subject.opd or EVERYBODY,
            "control": control.id,
            "title": control.title[self.language],
            "coverage": spoken(MACHINE_COVERAGES[control.coverage], self.language),
            "measured": spoken(CONTROL_STATUSES[status], self.language) if status else "",
            "question": control.question[self.language],
            "papers": control.papers,
            "responsible": spoken(CONTROL_SIDES[control.responsible], self.language),
        }

    def _decision(self, decided: Applicability | None) -> dict[str, Value]:
        if decided is None:
            return {}
        return {
            "applicable": decided.applicable,
            "bases": decided.bases,
            "applicability_justification": decided.justification,
            "decided_by": decided.decided_by,
            "approved_by": decided.approved_by,
            "decided_on": decided.decided_on,
            "decided_until": decided.valid_until,
        }

    def _answer(self, group: list[Attestation]) -> dict[str, Value]:
        if not group:
            return {}
        first = group[0]
        keys = {aspect: key for key, aspect in ANSWER_KEYS.items()}
        return {
            **{keys[one.aspect]: one.answer for one in group},
            "justification": first.justification,
            "references": first.references,
            "evidence": tuple(kept_name(file) for file in first.evidence),
            "attested_by": first.attested_by,
            "attested_on": first.attested_on,
            "valid_until": first.valid_until,
        }

    def _warnings(self, group: list[Attestation], decided: Applicability | None) -> Iterator[str]:
        days = {one.valid_until for one in group} | ({decided.valid_until} if decided else set())
        yield from filter(None, (self._warning(day) for day in sorted(days)))

    def _warning(self, last: date) -> str:
        """Return a warning of what has ended or ends soon, or an empty text."""
        state = state_of(last, self.desk.today, self.desk.inputs.policy.attestations.warn_days)
        left = (last - self.desk.today).days
        warnings = {
            State.EXPIRED: {"en": f"ended on {last}", "id": f"berakhir pada {last}"},
            State.EXPIRING: {
                "en": f"ends in {left} days ({last})",
                "id": f"berakhir dalam {left} hari ({last})",
            },
        }
        return warnings.get(state, {}).get(self.language, "")

    def _general(self, control: Control) -> Iterator[str]:
        """Tell an OPD what was answered for the whole organisation."""
        if not self.subject.opd:
            return
        for answer in self.history.answers((self.subject.edition, control.id, "")).values():
            if answer.valid_until >= self.desk.today:
                said = spoken(ANSWERS[answer.answer], self.language)
                yield {
                    "en": f"whole organisation: {said}, until {answer.valid_until}",
                    "id": f"seluruh organisasi: {said}, sampai dengan {answer.valid_until}",
                }[self.language]

    def _taken_over(self, control: Control) -> Iterator[str]:
        """Tell what counts here though it was said about the other edition: for reading, not an answer."""
        place = (self.subject.edition, control.id, self.subject.opd)
        attested, applied = self.counting.attested(*place), self.counting.applied(*place)
        if attested is not None and attested.answer is not None and attested.taken_from:
            said = spoken(ANSWERS[attested.answer], self.language)
            yield self._counts(said, attested.taken_from)
        if applied is not None and applied.taken_from:
            told = {"en": "applies", "id": "berlaku"} if applied.applicable else _LEFT_OUT
            yield self._counts(told[self.language], applied.taken_from)

    def _counts(self, said: str, controls: Iterable[str]) -> str:
        frameworks = self.desk.inputs.catalogue.frameworks
        other = next(edition for edition in frameworks if edition != self.subject.edition)
        listed = ", ".join(controls)
        return {
            "en": f"counts: {said}, taken over from {listed} of {other}",
            "id": f"diperhitungkan: {said}, diambil dari {listed} edisi {other}",
        }[self.language]


def _grouped(answers: Iterable[Attestation]) -> list[list[Attestation]]:
    """Put answers to parts together that rest on the same; an answer to the whole stands alone."""
    groups: dict[Attestation, list[Attestation]] = {}
    for one in answers:
        whole = one.aspect is Aspect.WHOLE
        basis = replace(one, id="", answer=Answer.PARTIAL, aspect=Aspect.WHOLE if whole else Aspect.DESIGN)
        groups.setdefault(basis, []).append(one)
    return list(groups.values())
