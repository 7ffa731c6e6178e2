"""The sample with everything people decided, why scores moved, ways to a better grade, and shared servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from auditor.model.attestation import (
    PARTS,
    Answer,
    Applicability,
    Aspect,
    Attestation,
    Basis,
    EvidenceFile,
    applicability_slot,
    attestation_slot,
)
from auditor.model.changes import ChangedFinding, Changes
from auditor.model.check import Direction, Parameter, Severity
from auditor.model.decision import Decisions
from auditor.model.finding import Finding, FindingStatus, finding_id
from auditor.model.framework import ControlSide, Framework
from auditor.model.inventory import Inventory, Layer, Responsible, Server, State
from auditor.model.movement import Cause, Comparison, Movement
from auditor.model.next_grade import Blocker, NextGrade, Obstacle
from auditor.model.report import ReportData
from auditor.model.scorecard import (
    Applied,
    Attested,
    Contradiction,
    ControlResult,
    ControlStatus,
    Scorecard,
)
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.usecases.root_causes import with_root_causes
from tests.reports.catalogue import CHECKS, WEB_CONTROLS, check, remedy
from tests.reports.frameworks import FRAMEWORKS
from tests.reports.organisation import digest
from tests.reports.sample import STARTED, finding, report_data

SHARED_NAME = "ppdb-lama.lab.test"
"""A name of Dinas Pendidikan on a server of Dinas Kependudukan."""
LATER = date(2027, 9, 30)
SOON = date(2026, 10, 17)
GONE = date(2026, 9, 30)
RETIRED = check(
    "network-retired-silent",
    Severity.MEDIUM,
    ("A retired server no longer answers", "Server yang tidak dipakai lagi sudah tidak menjawab"),
    WEB_CONTROLS,
    (remedy("any", "Switch the machine off.", "Matikan perangkat."),),
    subject=SubjectKind.ADDRESS,
    layer=Layer.HOST,
    effort_hours=1.0,
)
QUESTIONS = {
    "en": "Who decides, and where is it written?",
    "id": "Siapa yang memutuskan, dan di mana tertulis?",
}
Case = tuple[ControlStatus, ControlStatus, Attested | None, Applied | None, Contradiction | None]


def attestation(
    control: str,
    opd: str = "dinkes",
    answer: Answer = Answer.CONFORMS,
    aspect: Aspect = Aspect.WHOLE,
    *,
    edition: str = "2022",
    until: date = LATER,
    hostile: str = "",
) -> Attestation:
    return Attestation(
        attestation_slot(edition, control, opd, aspect),
        edition,
        control,
        opd,
        aspect,
        answer,
        hostile or "Ditetapkan dan disosialisasikan pada apel 7 September 2026.",
        (hostile or "SK Kepala Dinas Nomor 188.4/12/2026",),
        (EvidenceFile(digest(control), hostile or "berita-acara.pdf", 182_044),),
        hostile or "Siti Aminah, S.Kom.",
        date(2026, 9, 3),
        until,
    )


def left_out(control: str, opd: str = "dinkes", hostile: str = "") -> Applicability:
    return Applicability(
        applicability_slot("2022", control, opd),
        "2022",
        control,
        opd,
        False,
        (Basis.RISK,),
        hostile or "Perangkat daerah tidak mengelola ruang server.",
        hostile or "Siti Aminah, S.Kom.",
        hostile or "Drs. Budi Santoso, M.Si.",
        date(2026, 8, 10),
        LATER,
    )


def decisions(hostile: str = "") -> Decisions:
    def given(control: str, opd: str = "dinkes", **chosen: object) -> Attestation:
        return attestation(control, opd, hostile=hostile, **chosen)  # type: ignore[arg-type]

    return Decisions(
        attestations=(
            given("A.5.1", ""),
            given("A.5.7", until=GONE),
            given("A.6.3", aspect=Aspect.DESIGN),
            given("A.6.3", aspect=Aspect.IMPLEMENTATION, answer=Answer.PARTIAL, until=SOON),
            given("A.8.5"),
            given("A.13.1.1", edition="2013"),
            given("A.8.21"),
            given("A.8.26", answer=Answer.DOES_NOT_CONFORM),
        ),
        applicabilities=(left_out("A.7.1", hostile=hostile), left_out("A.8.24", hostile=hostile)),
    )


def attested(
    control: str,
    answer: Answer | None = Answer.CONFORMS,
    aspects: Mapping[Aspect, Answer] | None = None,
    *,
    opd: str = "dinkes",
    until: date = LATER,
    inherited: bool = False,
    taken_from: tuple[str, ...] = (),
) -> Attested:
    edition, place = ("2013", taken_from[0]) if taken_from else ("2022", control)
    parts = aspects or {}
    slots = [attestation_slot(edition, place, opd, aspect) for aspect in parts or (Aspect.WHOLE,)]
    whole = dict.fromkeys(PARTS, answer) if answer and not taken_from else {}
    return Attested(answer, parts or whole, tuple(slots), until, inherited, taken_from)


def _excluded(control: str) -> Applied:
    return Applied(False, applicability_slot("2022", control, "dinkes"))


def cases() -> dict[str, Case]:
    """Return control → status, status by scans alone, answers, applicability, contradiction."""
    status, parts = ControlStatus, {Aspect.DESIGN: Answer.CONFORMS, Aspect.IMPLEMENTATION: Answer.PARTIAL}
    unseen = status.NOT_ASSESSED
    conforms, fails = status.CONFORMS, status.DOES_NOT_CONFORM
    return {
        "A.5.1": (conforms, unseen, attested("A.5.1", opd="", inherited=True), None, None),
        "A.5.7": (unseen, unseen, attested("A.5.7", None, until=GONE), None, None),
        "A.6.3": (
            status.PARTIAL,
            unseen,
            attested("A.6.3", Answer.PARTIAL, parts, until=SOON),
            None,
            None,
        ),
        "A.7.1": (status.NOT_APPLICABLE, unseen, None, _excluded("A.7.1"), None),
        "A.8.5": (fails, fails, attested("A.8.5"), None, Contradiction.ATTESTED_BETTER),
        "A.8.20": (conforms, conforms, attested("A.8.20", taken_from=("A.13.1.1",)), None, None),
        "A.8.21": (conforms, unseen, attested("A.8.21"), None, Contradiction.RELATED_FAILS),
        "A.8.24": (fails, fails, None, _excluded("A.8.24"), Contradiction.EXCLUDED_BUT_MEASURED),
        "A.8.26": (
            fails,
            conforms,
            attested("A.8.26", Answer.DOES_NOT_CONFORM),
            None,
            Contradiction.ATTESTED_WORSE,
        ),
        "A.8.8": (status.NOT_EXAMINED, status.NOT_EXAMINED, None, None, None),
        "A.8.9": (status.PARTIAL, status.PARTIAL, None, None, None),
    }


def _card(card: Scorecard) -> Scorecard:
    known = cases()

    def result(one: ControlResult) -> ControlResult:
        if one.control not in known:
            return one
        status, measured, answers, applied, contradiction = known[one.control]
        return replace(
            one,
            status=status,
            measured=measured,
            attested=answers,
            applied=applied,
            contradiction=contradiction,
            checks={"http-hsts-long": Status.UNKNOWN} if status is ControlStatus.NOT_EXAMINED else one.checks,
            loosened=("certificate-not-expiring",) if one.control == "A.8.9" else (),
        )

    return replace(card, controls={**card.controls, "2022": tuple(map(result, card.controls["2022"]))})


def comparison(opd: str, *, same_rules: bool = True) -> Comparison:
    posture, scope, before = Fraction(523, 100), Fraction(-37, 100), Fraction("61.2")
    parts = {
        Cause.POSTURE: posture,
        Cause.SCOPE: scope,
        Cause.COVERAGE: Fraction(41250, 590) - before - posture - scope,
        Cause.EXCEPTIONS: Fraction(0),
        Cause.RULE_PACK: Fraction(0) if same_rules else Fraction(-11, 10),
    }
    lenient = {**parts, Cause.EXCEPTIONS: Fraction(118, 100)}
    return Comparison(
        opd,
        "audit-20260905",
        "audit-20261005",
        Movement(before, before + sum(parts.values()), parts),
        Movement(before, before + sum(lenient.values()), lenient),
        checks_added=() if same_rules else ("http-hsts-long",),
        checks_removed=() if same_rules else ("http-old-check",),
        checks_changed=() if same_rules else ("tls-1-0-refused",),
        weights_changed=not same_rules,
        servers_added=(f"{opd or 'dinkes'}-02",),
        servers_removed=("peladen-lama",),
    )


def _framework(one: Framework) -> Framework:
    sides = list(ControlSide)
    controls = tuple(
        replace(
            control,
            question=QUESTIONS,
            papers="SK penunjukan; notulen rapat",
            responsible=sides[place % 3],
            kami=(f"II.{place + 1}", f"VI.{place + 2}") if one.edition == "2022" else (),
        )
        for place, control in enumerate(one.controls)
    )
    return replace(one, controls=controls)


def _server(server: Server) -> Server:
    if server.id == "dukcapil-01":
        names = (*server.hostnames, SHARED_NAME)
        return replace(server, hostnames=names, name_owners={SHARED_NAME: "disdik"})
    return replace(server, state=State.RETIRED) if server.id == "dinkes-04" else server


def _inventory(inventory: Inventory) -> Inventory:
    opds = tuple(replace(opd, servers=tuple(map(_server, opd.servers))) for opd in inventory.opds)
    return replace(inventory, opds=opds)


def retired_finding() -> Finding:
    base = finding("http-version-hidden", "dinkes-04", SubjectKind.HTTP, 80)
    subject = Subject(SubjectKind.ADDRESS, "dinkes-04", base.subject.address)
    return replace(
        base,
        id=finding_id(RETIRED.id, subject),
        check=RETIRED.id,
        severity=RETIRED.severity,
        subject=subject,
        title=RETIRED.title,
        responsible=Responsible.OPD,
        status=FindingStatus.OPEN,
    )


def shared_finding() -> Finding:
    """Return a finding of Dinas Pendidikan on a server of Dinas Kependudukan."""
    base = finding("http-hsts-long", "dukcapil-01", SubjectKind.HTTP, 443, server_name=SHARED_NAME)
    return replace(base, opd="disdik")


def _with_shared(data: ReportData) -> Scorecard:
    """Return the card of Dinas Pendidikan with the server of Dinas Kependudukan that holds its name."""
    card = data.scorecards["disdik"]
    shared = next(one for one in data.scorecards["dukcapil"].servers if one.server == "dukcapil-01")
    return replace(card, servers=(*card.servers, shared))


def changed(finding: Finding, days: int, reason: str = "") -> ChangedFinding:
    """Return a finding in a list of changes."""
    return ChangedFinding(
        finding=finding.id,
        check=finding.check,
        opd=finding.opd,
        server=finding.subject.server,
        subject=finding.subject.key,
        severity=finding.severity,
        status=finding.status,
        due=finding.due,
        days=days,
        run="run-1",
        at=STARTED,
        reason={"en": reason, "id": reason} if reason else {},
    )


def changes(findings: Iterable[Finding], hostile: str = "") -> Changes:
    """Return a change of every kind, each about some of the findings of Dinas Kesehatan."""
    mine = [one for one in findings if one.opd == "dinkes"]
    return Changes(
        since=STARTED - timedelta(days=1),
        until=STARTED,
        runs=("run-1",),
        fixed=(changed(mine[0], 1), changed(mine[1], 12)),
        new=(changed(mine[2], 0),),
        redetected=(changed(mine[3], 3),),
        not_measured=(changed(mine[4], 2, hostile or "no answer in time"),),
        out_of_scope=(changed(mine[5], 40, "the server is not registered any more"),),
    )


def whole_data(hostile: str = "") -> ReportData:
    """Return the sample with everything; `hostile` is what people wrote, and what a server says it is."""
    data = report_data(hostile=hostile)
    parameter = Parameter("minimum_days", 30, 30, Direction.MINIMUM, "day")
    checks = {**CHECKS, RETIRED.id: RETIRED}
    checks["certificate-not-expiring"] = replace(checks["certificate-not-expiring"], parameters=(parameter,))
    found = (*data.findings, retired_finding(), shared_finding())
    on_way = tuple(f.id for f in found if f.opd == "dinkes" and f.severity is Severity.CRITICAL)
    certificate = next(f for f in found if f.check == "certificate-not-expiring")
    loosened = Verdict(certificate.check, certificate.subject, Status.FAIL, loosened=("minimum_days",))
    whole = replace(
        data,
        inventory=_inventory(data.inventory),
        policy=replace(data.policy, parameters={"certificate-not-expiring": {"minimum_days": 7}}),
        frameworks={edition: _framework(one) for edition, one in FRAMEWORKS.items()},
        checks=checks,
        verdicts=(*data.verdicts, loosened),
        findings=found,
        scorecards={
            **data.scorecards,
            "dinkes": _card(data.scorecards["dinkes"]),
            "disdik": _with_shared(data),
        },
        decisions=decisions(hostile),
        comparisons={"": comparison("", same_rules=False), "dinkes": comparison("dinkes")},
        next_grades={
            "dinkes": NextGrade("D", "B", "B", 69.915, 78.25, on_way, 1.5),
            "disdik": NextGrade("A", "", "A", 99.96, 99.96, (), 0.0),
            "dukcapil": NextGrade(
                "", "E", "", 28.57, 28.57, (), 0.0, (Blocker(Obstacle.COVERAGE, {Severity.HIGH: 3}),)
            ),
            "": NextGrade("C", "B", "B", 70.06, 75.4, on_way, 1.5),
        },
        fix_weights={f.id: 0.0 if f.check == "ssh-password-refused" else 6.0 for f in found},
        changes=changes(found, hostile),
    )
    return with_root_causes(whole)
