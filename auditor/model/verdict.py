"""The answer to one check about one subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from auditor.model.check import Text
from auditor.model.subject import Subject


class Status(StrEnum):
    """The five verdicts."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    FAIL = "FAIL"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    UNKNOWN = "UNKNOWN"
    ERROR = "ERROR"


WORST_FIRST = (Status.FAIL, Status.ERROR, Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict with what was observed, what was expected, and the evidence rows it rests on."""

    check: str
    subject: Subject
    status: Status
    reason: Text = field(default_factory=dict)
    observed: Text = field(default_factory=dict)
    expected: Text = field(default_factory=dict)
    evidence: tuple[int, ...] = ()
    loosened: tuple[str, ...] = ()
    """Parameters that the policy set looser than the control tolerates."""
