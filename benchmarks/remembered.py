"""Answers of people, worked out once for many cards: no evidence has a say in them."""

from __future__ import annotations

from functools import cache

from auditor.model.scorecard import Applied, Attested
from controls.attestations import Answers


class Remembered(Answers):
    """The same answers as another object's, each looked up once."""

    __slots__ = ("_applied", "_attested")

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers.day, answers.frameworks, answers.attestations, answers.applicabilities)
        object.__setattr__(self, "_attested", cache(answers.attested))
        object.__setattr__(self, "_applied", cache(answers.applied))

    def attested(self, edition: str, control: str, opd: str) -> Attested | None:
        """Return what was answered about a control."""
        found: Attested | None = self._attested(edition, control, opd)
        return found

    def applied(self, edition: str, control: str, opd: str) -> Applied | None:
        """Return what was decided about whether a control applies."""
        found: Applied | None = self._applied(edition, control, opd)
        return found
