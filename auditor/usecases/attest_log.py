"""What became of every answer in the log: which count, which end soon, which were replaced. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from auditor.model.attestation import PARTS, Applicability, Aspect, Attestation, EvidenceFile
from auditor.model.decision import Decision, DecisionKind

Place = tuple[str, str, str]
"""Edition, control, OPD ("" is the whole organisation)."""

APPLIES = "applies"
_ENDINGS = (DecisionKind.ATTESTATION_WITHDRAWN, DecisionKind.APPLICABILITY_WITHDRAWN)


class State(StrEnum):
    """What became of something that people gave."""

    IN_FORCE = "in_force"
    EXPIRING = "expiring"
    """In force, and it ends within the policy's days of warning."""
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    """Something newer says the same or otherwise."""
    WITHDRAWN = "withdrawn"


HOLDING = (State.IN_FORCE, State.EXPIRING)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer or a decision about applicability, the entry that made it and, if any, that withdrew it."""

    content: Attestation | Applicability
    entry: Decision
    withdrawn: Decision | None = None

    @property
    def place(self) -> Place:
        """Return what it is about."""
        return self.content.edition, self.content.control, self.content.opd

    @property
    def day(self) -> date:
        """Return the local day from which it counts."""
        if isinstance(self.content, Attestation):
            return self.content.attested_on
        return self.content.decided_on

    @property
    def subjects(self) -> tuple[str, ...]:
        """Return what it speaks to: parts of a control, or whether the control applies."""
        if isinstance(self.content, Applicability):
            return (APPLIES,)
        whole = self.content.aspect is Aspect.WHOLE
        return tuple(part.value for part in PARTS) if whole else (self.content.aspect.value,)

    def fate(self) -> date:
        """Return the last day on which it holds."""
        if self.withdrawn is None:
            return self.content.valid_until
        return min(self.content.valid_until, self.withdrawn.day - timedelta(days=1))


class History:
    """Everything given, by place and in the order of the log. What is taken in later is added to it."""

    def __init__(self, log: Iterable[Decision]):
        self._given: dict[Place, list[Given]] = {}
        self._places: dict[str, Place] = {}
        self.files: dict[str, EvidenceFile] = {}
        """Every file that an answer ever rested on, by its SHA-256."""
        for entry in log:
            if isinstance(entry.content, Attestation | Applicability):
                self.add(Given(entry.content, entry))
            elif entry.kind in _ENDINGS and entry.about in self._places:
                self._withdraw(entry)

    def add(self, given: Given) -> None:
        """Take something into account as if it were the newest entry."""
        self._given.setdefault(given.place, []).append(given)
        self._places[given.content.id] = given.place
        if isinstance(given.content, Attestation):
            self.files.update((file.digest, file) for file in given.content.evidence)

    def _withdraw(self, ending: Decision) -> None:
        place = self._places[ending.about]
        self._given[place] = [
            Given(one.content, one.entry, one.withdrawn or ending) if one.content.id == ending.about else one
            for one in self._given[place]
        ]

    def all(self) -> Sequence[Given]:
        """Return everything given, in the order of the log."""
        found = (one for given in self._given.values() for one in given)
        return sorted(found, key=lambda one: one.entry.sequence)

    def newest(self, place: Place) -> Mapping[str, Given]:
        """Return what each subject of a place was last said by, withdrawn or not."""
        newest: dict[str, Given] = {}
        for one in sorted(self._given.get(place, ()), key=lambda given: given.day):
            newest.update(dict.fromkeys(one.subjects, one))
        return newest

    def answers(self, place: Place) -> Mapping[Aspect, Attestation]:
        """Return the answers to a control that were neither replaced nor withdrawn, the whole first."""
        left = [
            one.content
            for one in dict.fromkeys(self.newest(place).values())
            if one.withdrawn is None and isinstance(one.content, Attestation)
        ]
        return {one.aspect: one for one in sorted(left, key=lambda one: list(Aspect).index(one.aspect))}

    def applicability(self, place: Place) -> Applicability | None:
        """Return the last decision about whether a control applies, unless it was withdrawn."""
        last = self.newest(place).get(APPLIES)
        if last is None or last.withdrawn is not None or not isinstance(last.content, Applicability):
            return None
        return last.content

    def state(self, given: Given, today: date, warn_days: int) -> State:
        """Return what became of something given, on a local day."""
        if given not in self.newest(given.place).values():
            return State.SUPERSEDED
        if given.withdrawn is not None:
            return State.WITHDRAWN
        return state_of(given.content.valid_until, today, warn_days)


def state_of(valid_until: date, today: date, warn_days: int) -> State:
    """Return whether what was not replaced holds, ends soon or has ended."""
    left = (valid_until - today).days
    if left < 0:
        return State.EXPIRED
    return State.EXPIRING if left <= warn_days else State.IN_FORCE
