"""The words of a statement for everything that has a fixed list of values."""

from __future__ import annotations

from auditor.model.attestation import Answer, Aspect, Basis
from auditor.model.framework import ControlSide
from auditor.model.scorecard import Contradiction, ControlStatus
from reports.statement.lines import Applies
from reports.words import N_

APPLIES = {
    Applies.YES: N_("Yes"),
    Applies.NO: N_("No"),
    Applies.UNDECIDED: N_("Undecided"),
}
BASES = {
    Basis.RISK: N_("risk"),
    Basis.LAW: N_("law and regulation"),
    Basis.CONTRACT: N_("contract"),
    Basis.PRACTICE: N_("good practice"),
}
ANSWERS = {
    Answer.CONFORMS: N_("Conforms"),
    Answer.PARTIAL: N_("Partly conforms"),
    Answer.DOES_NOT_CONFORM: N_("Does not conform"),
}
ASPECTS = {
    Aspect.WHOLE: N_("whole control"),
    Aspect.DESIGN: N_("design"),
    Aspect.IMPLEMENTATION: N_("implementation"),
    Aspect.EFFECTIVENESS: N_("effectiveness"),
}
CONTROL_SIDES = {
    ControlSide.CENTRE: N_("IT centre"),
    ControlSide.OPD: N_("OPD"),
    ControlSide.SHARED: N_("IT centre and OPD"),
}
CONTRADICTIONS = {
    Contradiction.ATTESTED_BETTER: N_("Attested better than measured; the measurement stands."),
    Contradiction.ATTESTED_WORSE: N_("Measured better than attested; the worse of both counts."),
    Contradiction.EXCLUDED_BUT_MEASURED: N_("Left out, yet measured; leaving it out does not count."),
    Contradiction.RELATED_FAILS: N_("Attested as conforming, while grave related checks fail."),
}
CODES = {
    "id": dict(zip(ControlStatus, ("S", "SS", "TS", "TB", "BD", "GD", "DK"), strict=True)),
    "en": dict(zip(ControlStatus, ("CO", "PC", "NC", "NA", "NY", "NE", "EX"), strict=True)),
}
"""Language → a mark of at most two letters for every status, for matrices; always shown with its legend."""
