"""Which answers of people hold on a day, for an OPD, in either edition. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from auditor.model.attestation import PARTS, Answer, Applicability, Aspect, Attestation
from auditor.model.decision import Decisions
from auditor.model.framework import Framework
from auditor.model.people import same_person
from auditor.model.scorecard import Applied, Attested

ORGANIZATION = ""
_OTHER = {"2013": "2022", "2022": "2013"}

Place = tuple[str, str, str]
"""Edition, control, OPD."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers given until a day, by place, oldest first."""

    day: date
    frameworks: Mapping[str, Framework] = field(default_factory=dict)
    attestations: Mapping[Place, tuple[Attestation, ...]] = field(default_factory=dict)
    applicabilities: Mapping[Place, tuple[Applicability, ...]] = field(default_factory=dict)

    def attested(self, edition: str, control: str, opd: str) -> Attested | None:
        """Return what was answered about a control: for the OPD, else for all, else over the crosswalk.

        An answer that has ended is returned without an answer only where no other holds.
        """
        direct = self._direct(edition, control, opd)
        if direct is not None and direct.answer is not None:
            return direct
        return self._taken_over(edition, control, opd) or direct

    def applied(self, edition: str, control: str, opd: str) -> Applied | None:
        """Return what was decided about whether a control applies, in the same order of precedence."""
        return self._decided(edition, control, opd) or self._decided_elsewhere(edition, control, opd)

    def _direct(self, edition: str, control: str, opd: str) -> Attested | None:
        own = _combined(self.attestations.get((edition, control, opd), ()), self.day)
        if opd == ORGANIZATION or (own is not None and own.answer is not None):
            return own
        general = _combined(self.attestations.get((edition, control, ORGANIZATION), ()), self.day)
        if general is not None and general.answer is not None:
            return replace(general, inherited=True)
        return own or (replace(general, inherited=True) if general else None)

    def _taken_over(self, edition: str, control: str, opd: str) -> Attested | None:
        """Take over the worst answer to the counterparts in the other edition, when all of them have one."""
        counterparts = self._counterparts(edition, control)
        found = [self._direct(_OTHER[edition], one, opd) for one in counterparts]
        held = [one for one in found if one is not None and one.answer is not None]
        if not counterparts or len(held) < len(counterparts):
            return None
        worst = max((one.answer for one in held if one.answer), key=lambda answer: answer.rank)
        return Attested(
            answer=worst,
            aspects={},
            ids=tuple(name for one in held for name in one.ids),
            valid_until=min(one.valid_until for one in held),
            inherited=all(one.inherited for one in held),
            taken_from=counterparts,
        )

    def _decided(self, edition: str, control: str, opd: str) -> Applied | None:
        for place in dict.fromkeys((opd, ORGANIZATION)):
            decided = _in_force(self.applicabilities.get((edition, control, place), ()), self.day)
            if decided is not None:
                return Applied(decided.applicable, decided.id, inherited=place != opd)
        return None

    def _decided_elsewhere(self, edition: str, control: str, opd: str) -> Applied | None:
        """Leave a control out only when every counterpart is left out; include it when any is included."""
        counterparts = self._counterparts(edition, control)
        found = [self._decided(_OTHER[edition], one, opd) for one in counterparts]
        held = [one for one in found if one is not None]
        included = next((one for one in held if one.applicable), None)
        if included is not None:
            return replace(included, taken_from=counterparts)
        if held and len(held) == len(counterparts):
            return replace(held[0], taken_from=counterparts)
        return None

    def _counterparts(self, edition: str, control: str) -> tuple[str, ...]:
        framework = self.frameworks.get(edition)
        return tuple(framework.crosswalk.get(control, ())) if framework else ()


def answers_on(
    decisions: Decisions, frameworks: Mapping[str, Framework], day: date, maximum_days: int | None = None
) -> Answers:
    """Return the answers of a log given by a local day; none holds longer than `maximum_days`."""
    attestations: dict[Place, list[Attestation]] = {}
    for given in decisions.attestations:
        if given.attested_on <= day:
            place = (given.edition, given.control, given.opd)
            attestations.setdefault(place, []).append(_shortened(given, maximum_days))
    applicabilities: dict[Place, list[Applicability]] = {}
    for decided in decisions.applicabilities:
        if decided.decided_on <= day:
            place = (decided.edition, decided.control, decided.opd)
            applicabilities.setdefault(place, []).append(decided)
    return Answers(
        day,
        frameworks,
        # Sorting keeps the order of the log among answers of one day, so that the last word counts.
        {
            place: tuple(sorted(found, key=lambda one: one.attested_on))
            for place, found in attestations.items()
        },
        {
            place: tuple(sorted(made, key=lambda one: one.decided_on))
            for place, made in applicabilities.items()
        },
    )


def _shortened(answer: Attestation, maximum_days: int | None) -> Attestation:
    """Return an answer that ends when the policy says, however long it was written down for."""
    if maximum_days is None or (answer.valid_until - answer.attested_on).days <= maximum_days:
        return answer
    return replace(answer, valid_until=answer.attested_on + timedelta(days=maximum_days))


def _combined(given: Iterable[Attestation], day: date) -> Attested | None:
    """Combine the newest answers to each aspect; a newer answer to the whole takes the place of all three."""
    newest: dict[Aspect, Attestation] = {}
    for one in given:
        newest.update(dict.fromkeys(PARTS if one.aspect is Aspect.WHOLE else (one.aspect,), one))
    if not newest:
        return None
    held = {aspect: one for aspect, one in newest.items() if one.valid_until >= day}
    chosen = held or newest
    return Attested(
        answer=_worst(held),
        aspects={aspect: chosen[aspect].answer for aspect in PARTS if aspect in chosen},
        ids=tuple(dict.fromkeys(chosen[aspect].id for aspect in PARTS if aspect in chosen)),
        valid_until=min(one.valid_until for one in chosen.values()),
    )


def _worst(held: Mapping[Aspect, Attestation]) -> Answer | None:
    if not held:
        return None
    worst = max((one.answer for one in held.values()), key=lambda answer: answer.rank)
    if len(held) < len(PARTS) and worst is Answer.CONFORMS:
        return Answer.PARTIAL
    return worst


def _in_force(made: tuple[Applicability, ...], day: date) -> Applicability | None:
    """Return the last decision, if it still holds and somebody else approved leaving the control out."""
    last = made[-1] if made else None
    if last is None or last.valid_until < day:
        return None
    approved = bool(last.approved_by) and not same_person(last.decided_by, last.approved_by)
    return last if last.applicable or approved else None
