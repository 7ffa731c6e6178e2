"""Sample data of a statement: every kind of decision, answer, contradiction and exception."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from auditor.model.attestation import (
    Answer,
    Applicability,
    Aspect,
    Attestation,
    Basis,
    EvidenceFile,
    applicability_slot,
    attestation_slot,
)
from auditor.model.decision import Decisions
from auditor.model.framework import Framework
from auditor.model.report import ReportData
from auditor.model.scorecard import (
    Applied,
    Attested,
    Contradiction,
    ControlResult,
    ControlStatus,
    Scorecard,
)
from auditor.model.verdict import Status
from tests.reports.frameworks import FRAMEWORKS
from tests.reports.organisation import digest
from tests.reports.sample import report_data

UNTIL = date(2027, 9, 30)
DECREE = "SK Kepala Dinas Kesehatan Nomor 188.4/12/2026"
MINUTES = EvidenceFile(digest("berita acara"), "berita-acara-uji-akses.pdf", 182_044)
CROSSWALK = {"A.5.1": ("A.5.1.1",), "A.8.5": ("A.9.4.2",), "A.8.20": ("A.13.1.1",), "A.8.24": ("A.10.1.1",)}


def attestation(
    control: str,
    opd: str = "dinkes",
    answer: Answer = Answer.CONFORMS,
    aspect: Aspect = Aspect.WHOLE,
    *,
    edition: str = "2022",
    on: date = date(2026, 9, 3),
    until: date = UNTIL,
    text: str = "Ditetapkan dan disosialisasikan kepada seluruh pegawai pada apel 7 September 2026.",
    evidence: tuple[EvidenceFile, ...] = (),
) -> Attestation:
    """Return an answer."""
    return Attestation(
        attestation_slot(edition, control, opd, aspect),
        edition,
        control,
        opd,
        aspect,
        answer,
        text,
        (DECREE,),
        evidence,
        "Siti Aminah, S.Kom.",
        on,
        until,
    )


def applicability(
    control: str,
    opd: str,
    applicable: bool,
    text: str,
    *,
    bases: tuple[Basis, ...] = (),
    edition: str = "2022",
    on: date = date(2026, 8, 10),
    until: date = UNTIL,
) -> Applicability:
    """Return a decision about whether a control applies."""
    return Applicability(
        applicability_slot(edition, control, opd),
        edition,
        control,
        opd,
        applicable,
        bases,
        text,
        "Budi Santoso",
        "" if applicable else "dr. Ratna Dewi",
        on,
        until,
    )


WHOLE = attestation("A.5.1")
DESIGN = attestation("A.6.3", answer=Answer.CONFORMS, aspect=Aspect.DESIGN, evidence=(MINUTES,))
DONE = attestation("A.6.3", answer=Answer.PARTIAL, aspect=Aspect.IMPLEMENTATION, evidence=(MINUTES,))
OLD = attestation("A.7.1", until=date(2026, 10, 4))
GENERAL = attestation("A.8.8", opd="")
BETTER = attestation("A.8.24")
TAKEN = attestation("A.9.4.2", edition="2013")
GIVEN = (WHOLE, DESIGN, DONE, OLD, GENERAL, BETTER, TAKEN)

INCLUDED = applicability(
    "A.5.1", "dinkes", True, "Diwajibkan bagi penyelenggara sistem elektronik.", bases=(Basis.LAW, Basis.RISK)
)
EXCLUDED = applicability(
    "A.5.7", "dinkes", False, "Intelijen ancaman disediakan pusat.\nTidak ada tim sendiri."
)
STRANGE = applicability("A.8.20", "", False, "Tidak ada jaringan sendiri.")
LAPSED = applicability("A.7.1", "", True, "Ruang server berada di OPD.", until=date(2026, 9, 1))
DECIDED = (INCLUDED, EXCLUDED, STRANGE, LAPSED)

_CONFORMS, _PARTIAL = Answer.CONFORMS, Answer.PARTIAL
_ATTESTED = {
    "A.5.1": Attested(_CONFORMS, {Aspect.DESIGN: _CONFORMS}, (WHOLE.id,), UNTIL),
    "A.6.3": Attested(
        _PARTIAL, {Aspect.DESIGN: _CONFORMS, Aspect.IMPLEMENTATION: _PARTIAL}, (DESIGN.id, DONE.id), UNTIL
    ),
    "A.7.1": Attested(None, {Aspect.DESIGN: _CONFORMS}, (OLD.id,), OLD.valid_until),
    "A.8.5": Attested(_CONFORMS, {}, (TAKEN.id,), UNTIL, taken_from=("A.9.4.2",)),
    "A.8.8": Attested(_CONFORMS, {}, (GENERAL.id,), UNTIL, inherited=True),
    "A.8.24": Attested(_CONFORMS, {}, (BETTER.id,), UNTIL),
}
_APPLIED = {
    "A.5.1": Applied(True, INCLUDED.id),
    "A.5.7": Applied(False, EXCLUDED.id),
    "A.8.20": Applied(False, STRANGE.id, inherited=True),
}
_CONTRADICTIONS = {
    "A.8.24": (ControlStatus.DOES_NOT_CONFORM, Contradiction.ATTESTED_BETTER),
    "A.8.20": (ControlStatus.PARTIAL, Contradiction.EXCLUDED_BUT_MEASURED),
    "A.8.8": (ControlStatus.CONFORMS, Contradiction.RELATED_FAILS),
    "A.8.21": (ControlStatus.DOES_NOT_CONFORM, Contradiction.ATTESTED_WORSE),
}
_STATUSES = {
    "A.5.1": ControlStatus.CONFORMS,
    "A.5.7": ControlStatus.NOT_APPLICABLE,
    "A.6.3": ControlStatus.PARTIAL,
    "A.7.1": ControlStatus.NOT_ASSESSED,
    "A.8.5": ControlStatus.CONFORMS,
}
_FAILING = {"tls-1-0-refused": Status.FAIL, "http-hsts-long": Status.PASS}


def statement_data() -> ReportData:
    """Return the sample with decisions; the OPD dinkes has one of every kind in edition 2022."""
    data = report_data()
    card = data.scorecards["dinkes"]
    return replace(
        data,
        frameworks=crossed(FRAMEWORKS),
        scorecards={**data.scorecards, "dinkes": decided(card)},
        decisions=replace(
            data.decisions, attestations=GIVEN, applicabilities=DECIDED, sequence=14, head=digest("decisions")
        ),
    )


def crossed(frameworks: dict[str, Framework]) -> dict[str, Framework]:
    """Return the editions with a crosswalk between a part of their controls."""
    back = {old: (new,) for new, olds in CROSSWALK.items() for old in olds}
    return {
        "2013": replace(frameworks["2013"], crosswalk=back),
        "2022": replace(frameworks["2022"], crosswalk=CROSSWALK),
    }


def decided(card: Scorecard) -> Scorecard:
    """Return a card on which people's decisions are seen."""
    results = tuple(_decided(result) for result in card.controls["2022"])
    return replace(card, controls={**card.controls, "2022": results})


def _decided(result: ControlResult) -> ControlResult:
    name = result.control
    if name in _CONTRADICTIONS:
        status, contradiction = _CONTRADICTIONS[name]
        related = {"http-version-hidden": Status.FAIL}
        result = replace(
            result,
            status=status,
            contradiction=contradiction,
            checks=_FAILING,
            related=related,
            measured=status,
        )
    elif name in _STATUSES:
        result = replace(result, status=_STATUSES[name], checks={}, related={})
    return replace(result, attested=_ATTESTED.get(name), applied=_APPLIED.get(name))


def with_decisions(
    data: ReportData, given: Iterable[Attestation], made: Iterable[Applicability]
) -> ReportData:
    """Return the sample with other decisions in its log."""
    log: Decisions = replace(data.decisions, attestations=tuple(given), applicabilities=tuple(made))
    return replace(data, decisions=log)
