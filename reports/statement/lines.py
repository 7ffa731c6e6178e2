"""A statement of applicability without words: one line per control, and the totals over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.model.attestation import Applicability, Attestation, EvidenceFile
from auditor.model.framework import Control
from auditor.model.scorecard import ControlResult, ControlStatus, Scorecard
from auditor.model.waiver import Waiver
from reports.errors import ReportError
from reports.statement.sources import Sources, sources, waivers_in_force
from reports.view.context import Context


class Applies(StrEnum):
    """Whether a control applies. A control about which nobody decided counts as applicable."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Excepted:
    """A waiver on an implementing check, and how many failures of the statement's OPD it covers."""

    waiver: Waiver
    failures: int


@dataclass(frozen=True, slots=True)
class Line:
    """One control: its result, and the decisions of people that the result names.

    `ended` is a decision about applicability that no longer holds, where none holds.
    """

    control: Control
    result: ControlResult
    decision: Applicability | None
    ended: Applicability | None
    given: tuple[Attestation, ...]
    excepted: tuple[Excepted, ...]
    counterparts: tuple[str, ...]

    @property
    def applies(self) -> Applies:
        """Return what was decided."""
        if self.result.applied is None:
            return Applies.UNDECIDED
        return Applies.YES if self.result.applied.applicable else Applies.NO

    @property
    def evidence(self) -> tuple[EvidenceFile, ...]:
        """Return the files handed in with the answers, each once."""
        return tuple(dict.fromkeys(file for answer in self.given for file in answer.evidence))

    @property
    def references(self) -> tuple[str, ...]:
        """Return the papers that the answers name, each once."""
        return tuple(dict.fromkeys(paper for answer in self.given for paper in answer.references))


@dataclass(frozen=True, slots=True)
class Totals:
    """How many controls were decided on how, and have which status."""

    controls: int
    included: int
    undecided: int
    excluded: int
    contradictions: int
    statuses: Mapping[ControlStatus, int]
    """Every status, those that no control has included."""

    @property
    def applicable(self) -> int:
        """Return the controls that apply, those about which nobody decided included."""
        return self.included + self.undecided


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of one OPD, or of the whole organisation when `opd` is None."""

    opd: str | None
    lines: tuple[Line, ...]
    totals: Totals


def make_statement(context: Context, opd_id: str | None) -> Statement:
    """Return the statement of an OPD, or of the organisation for None; raise ReportError without a card."""
    card = context.data.organization if opd_id is None else context.scorecard(opd_id)
    if opd_id is not None:
        context.opd(opd_id)
    lines = tuple(_lines(context, card, opd_id))
    return Statement(opd_id, lines, _totals(lines))


def _lines(context: Context, card: Scorecard, opd_id: str | None) -> Iterable[Line]:
    found = sources(context)
    waivers = waivers_in_force(context, found.day, opd_id)
    covered = Counter((f.waiver, f.check) for f in context.standing_findings(opd_id) if f.waiver)
    results = {result.control: result for result in card.controls[context.edition]}
    for control in context.framework.controls:
        if control.id not in results:
            run = context.data.run.id
            raise ReportError(
                f"run {run} has no result of {control.id}; judge it again: auditor assess {run}"
            )
        result = results[control.id]
        excepted = (Excepted(w, covered[w.id, w.check]) for w in waivers if w.check in result.checks)
        yield _line(context, control, result, found, tuple(excepted), opd_id or "")


def _line(
    context: Context,
    control: Control,
    result: ControlResult,
    found: Sources,
    excepted: tuple[Excepted, ...],
    opd: str,
) -> Line:
    return Line(
        control=control,
        result=result,
        decision=found.decided(result.applied),
        ended=found.ended(context.edition, control.id, opd) if result.applied is None else None,
        given=found.given(result.attested),
        excepted=excepted,
        counterparts=tuple(context.framework.crosswalk.get(control.id, ())),
    )


def _totals(lines: tuple[Line, ...]) -> Totals:
    decided = Counter(line.applies for line in lines)
    statuses = Counter(line.result.status for line in lines)
    return Totals(
        controls=len(lines),
        included=decided[Applies.YES],
        undecided=decided[Applies.UNDECIDED],
        excluded=decided[Applies.NO],
        contradictions=sum(line.result.contradiction is not None for line in lines),
        statuses={status: statuses[status] for status in ControlStatus},
    )
