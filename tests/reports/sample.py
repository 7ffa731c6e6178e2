"""Build the data of a report: three OPD, eight servers, every severity, gaps, exceptions, hostile text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from auditor.model.check import Severity
from auditor.model.decision import Decisions
from auditor.model.evidence import Evidence
from auditor.model.facts import JSON, Facts
from auditor.model.finding import Finding, FindingStatus, finding_id
from auditor.model.inventory import (
    Layer,
    Responsible,
    Server,
)
from auditor.model.plan import Skipped, SkipReason, Task
from auditor.model.report import NotMeasured, PreviousScore, ReportData
from auditor.model.run import AuditRun, Provenance, RunStatus
from auditor.model.scorecard import (
    ControlResult,
    ControlStatus,
    Grade,
    GroupResult,
    Level,
    Score,
    Scorecard,
    ServerScore,
)
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver, WaiverStatus
from auditor.usecases.root_causes import with_root_causes
from tests.reports.catalogue import CHECKS
from tests.reports.frameworks import FRAMEWORKS
from tests.reports.organisation import OPDS, digest, inventory, policy

STARTED = datetime(2026, 10, 5, 1, 30, tzinfo=UTC)
UNMEASURED = frozenset({"dinkes-04", "dukcapil-02"})
FINISHED = datetime(2026, 10, 5, 2, 12, tzinfo=UTC)


def evidence(sequence: int, scanner: str, server_: Server, port: int, facts: Facts) -> Evidence:
    task = Task(
        scanner,
        server_.id,
        server_.opd,
        str(server_.addresses[0]),
        port,
        authorization="094/112/Diskominfo/2026",
    )
    started = STARTED + timedelta(minutes=sequence)
    tool = ("nmap", "7.93") if scanner == "ports" else ("tilik", "0.1.0")
    return Evidence(
        sequence,
        "audit-20261005",
        task,
        started,
        started + timedelta(seconds=4),
        4.0,
        *tool,
        {},
        facts,
        None,
        {},
        digest(f"row {sequence - 1}"),
        digest(f"row {sequence}"),
    )


PRODUCTS = {"redis": 6379, "nginx": 443, "Apache httpd": 443, "OpenSSH": 22}


def evidence_rows() -> dict[int, Evidence]:
    rows = []
    for place, one in enumerate(s for opd in OPDS for s in opd.servers):
        web = "Apache httpd" if one.opd == "disdik" else "nginx"
        services: list[JSON] = [
            {"service.port": 443, "service.product": web},
            {"service.port": 22, "service.product": "OpenSSH"},
            {"service.port": 6379, "service.product": "Redis key-value store"},
        ]
        rows.append(evidence(2 * place + 1, "ports", one, 0, {"ports.services": services}))
        rows.append(evidence(2 * place + 2, "tls", one, 443, {"tls.tls_1_0": True}))
    return {row.sequence: row for row in rows}


def finding(
    check: str,
    server_id: str,
    kind: SubjectKind,
    port: int,
    *,
    status: FindingStatus = FindingStatus.OPEN,
    due: date = date(2026, 10, 19),
    observed: str = "",
    server_name: str = "",
    waiver: str = "",
    evidence_rows_: tuple[int, ...] = (1, 2),
) -> Finding:
    found = next(s for opd in OPDS for s in opd.servers if s.id == server_id)
    subject = Subject(kind, server_id, str(found.addresses[0]), port, "tcp", server_name)
    rule = CHECKS[check]
    seen = {"en": observed or "accepted: yes", "id": observed or "diterima: ya"}
    host = rule.layer is Layer.HOST
    return Finding(
        id=finding_id(check, subject),
        check=check,
        severity=rule.severity,
        confidence=rule.confidence,
        status=status,
        verdict=Status.PASS if status is FindingStatus.FIXED else Status.FAIL,
        opd=found.opd,
        responsible=Responsible.CENTRE if host else Responsible.OPD,
        subject=subject,
        title=rule.title,
        observed=seen,
        expected={"en": "refused", "id": "ditolak"},
        controls={edition: links.implements for edition, links in rule.controls.items()},
        first_seen=STARTED - timedelta(days=30),
        last_seen=STARTED,
        due=due,
        evidence=evidence_rows_,
        opened_at=STARTED - timedelta(days=30),
        days_open=30,
        fixed_at=STARTED if status is FindingStatus.FIXED else None,
        waiver=waiver,
    )


def findings(hostile: str = "") -> tuple[Finding, ...]:
    late = date(2026, 9, 30)
    kind = SubjectKind
    return (
        finding(
            "redis-authentication-required", "dinkes-03", kind.SERVICE, 6379, due=late, evidence_rows_=(5,)
        ),
        finding(
            "http-secrets-absent", "dinkes-02", kind.HTTP, 443, observed="/.env", status=FindingStatus.NEW
        ),
        finding("tls-1-0-refused", "dinkes-01", kind.TLS, 443, due=late),
        finding("tls-1-0-refused", "dinkes-01", kind.TLS, 8443, due=late, status=FindingStatus.REOPENED),
        finding("tls-1-0-refused", "disdik-02", kind.TLS, 443, evidence_rows_=(11, 12)),
        finding("ssh-password-refused", "dinkes-01", kind.SSH, 22),
        finding("ssh-password-refused", "dukcapil-01", kind.SSH, 22, evidence_rows_=(13,)),
        finding(
            "certificate-not-expiring", "dinkes-01", kind.CERTIFICATE, 443, server_name="dinkes1.lab.test"
        ),
        finding("http-hsts-long", "dinkes-02", kind.HTTP, 443, waiver="W-2026-001"),
        finding("http-hsts-long", "dukcapil-01", kind.HTTP, 443, status=FindingStatus.FIXED),
        finding("http-version-hidden", "dinkes-01", kind.HTTP, 443, observed=hostile or "nginx/1.22.1"),
        finding("http-version-hidden", "dinkes-04", kind.HTTP, 80, status=FindingStatus.NOT_MEASURED),
        finding("ssh-post-quantum-offered", "dinkes-01", kind.SSH, 22),
        finding("http-version-hidden", "disdik-01", kind.HTTP, 80, evidence_rows_=(999,)),
    )


def score(passed: float, failed: float, unjudged: float) -> Score:
    whole = passed + failed + unjudged
    if not whole:
        return Score(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return Score(
        passed,
        failed,
        unjudged,
        100 * passed / whole,
        100 * (passed + unjudged) / whole,
        100 * (passed + failed) / whole,
    )


NOTHING = Level(*[Score(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)] * 2, *[Grade("", "nothing_measured")] * 2)


def _controls(seed: int) -> dict[str, tuple[ControlResult, ...]]:
    statuses = list(ControlStatus)
    return {
        edition: tuple(
            ControlResult(
                control.id,
                statuses[(place * 3 + seed) % len(statuses)],
                {"tls-1-0-refused": Status.FAIL, "http-hsts-long": Status.PASS} if place % 3 else {},
                {"http-version-hidden": Status.PASS} if place % 2 else {},
                level(score(9.0, 6.0, 0.0), Grade("C", "band")) if place % 3 else NOTHING,
            )
            for place, control in enumerate(framework.controls)
        )
        for edition, framework in FRAMEWORKS.items()
    }


def level(result: Score, grade: Grade) -> Level:
    lenient = score(result.passed + 6, result.failed - 6, result.unjudged) if result.failed > 6 else result
    return Level(result, lenient, grade, grade)


def scorecard(opd: str, result: Score, grade: Grade, seed: int, listed: tuple[Finding, ...]) -> Scorecard:
    servers = tuple(s for one in OPDS if opd in ("", one.id) for s in one.servers)
    standing = [f for f in listed if opd in ("", f.opd) and f.verdict is Status.FAIL]
    centre = score(88.0, 24.0, 6.0) if opd != "disdik" else score(0, 0, 0)
    controls = _controls(seed)
    return Scorecard(
        opd=opd,
        own=level(result, grade),
        centre=level(centre, Grade("C", "band")),
        servers=tuple(
            ServerScore(
                one.id,
                level(
                    score(40.0 + place, 12.0, 3.0) if one.id not in UNMEASURED else score(0.0, 0.0, 55.0),
                    Grade("C", "band"),
                ),
                1.5,
                one.id not in UNMEASURED,
                dict(zip(Status, (31, 5, 12, 3, 0), strict=True)),
            )
            for place, one in enumerate(servers)
        ),
        controls=controls,
        groups={edition: _groups(edition, results) for edition, results in controls.items()},
        findings=Counter(f.severity for f in standing if not f.waiver),
        accepted=Counter(f.severity for f in standing if f.waiver),
    )


def _groups(edition: str, results: tuple[ControlResult, ...]) -> tuple[GroupResult, ...]:
    controls = {control.id: control.group for control in FRAMEWORKS[edition].controls}
    return tuple(
        GroupResult(
            group.id,
            level(score(30.0, 10.0, 2.0), Grade("C", "band")),
            Counter(one.status for one in results if controls[one.control] == group.id),
        )
        for group in FRAMEWORKS[edition].groups
    )


def verdicts() -> tuple[Verdict, ...]:
    address = str(OPDS[0].servers[3].addresses[0])
    timeout = {"en": "no answer in time (30 s)", "id": "tidak menjawab dalam batas waktu (30 dtk)"}
    silent = Subject(SubjectKind.TLS, "dinkes-04", address, 443)
    loose = Subject(SubjectKind.CERTIFICATE, "dinkes-01", "127.20.1.11", 443)
    return (
        Verdict("tls-1-0-refused", silent, Status.UNKNOWN, timeout, evidence=(7,)),
        Verdict("http-hsts-long", silent, Status.UNKNOWN, timeout, evidence=(7,)),
        Verdict("certificate-not-expiring", loose, Status.FAIL, loosened=("minimum_days",)),
    )


def waivers() -> dict[str, Waiver]:
    one = Waiver(
        id="W-2026-001",
        check="http-hsts-long",
        opd="dinkes",
        server="dinkes-02",
        address="",
        port=0,
        server_name="",
        reason="Aplikasi lama masih diakses melalui subdomain tanpa TLS hingga migrasi.",
        compensating_control="Akses dibatasi pada jaringan dalam.",
        requested_by="Kepala Bidang Aptika",
        requested_on=date(2026, 8, 30),
        valid_from=date(2026, 9, 1),
        valid_until=date(2026, 10, 31),
        status=WaiverStatus.APPROVED,
        approved_by="Kepala Dinas Komunikasi dan Informatika",
        approved_on=date(2026, 9, 1),
    )
    return {one.id: one}


def run() -> AuditRun:
    return AuditRun(
        "audit-20261005",
        RunStatus.COMPLETE,
        STARTED,
        FINISHED,
        Provenance(
            digest("policy"),
            digest("catalogue"),
            digest("inventory"),
            {"nmap": "7.93", "sslyze": "6.1.0", "openssl": "3.0.15"},
            "0.1.0",
        ),
        tuple(s.id for opd in OPDS for s in opd.servers if s.id != "dukcapil-02"),
    )


def report_data(*, hostile: str = "", ranking: bool = True, first: bool = False) -> ReportData:
    """Return the sample; `hostile` is what a server says its version is, and a tool's version."""
    listed = findings(hostile)
    cards = {
        "dinkes": scorecard(
            "dinkes", score(412.5, 98.0, 79.5), Grade("D", "cap", Severity.CRITICAL), 0, listed
        ),
        "disdik": scorecard("disdik", score(99.96, 0.02, 0.02), Grade("B", "cap", Severity.HIGH), 2, listed),
        "dukcapil": scorecard("dukcapil", score(20.0, 16.0, 34.0), Grade("", "coverage"), 4, listed),
    }
    rows = evidence_rows()
    if hostile:
        rows[2] = replace(rows[2], tool_version=hostile)
    before = PreviousScore("audit-20260905", STARTED - timedelta(days=30), 61.2, 90.04, 80.0, "C")
    data = ReportData(
        run=run(),
        inventory=inventory(),
        policy=policy(ranking),
        frameworks=FRAMEWORKS,
        checks=CHECKS,
        skipped=(
            Skipped(
                "dukcapil-02",
                "dukcapil",
                "127.20.3.12",
                "ports",
                SkipReason.NO_AUTHORIZATION,
                "ask for a letter",
            ),
        ),
        not_measured=(
            NotMeasured("dinkes", "dinkes-04", "127.20.1.14", "ports", "timeout"),
            NotMeasured("dinkes", "dinkes-02", "127.20.1.12", "tls", "reset: pada jabat tangan kedua"),
        ),
        evidence=rows,
        verdicts=verdicts(),
        findings=listed,
        waivers=waivers(),
        decisions=Decisions(waivers=tuple(waivers().values())),
        comparisons={},
        scorecards=cards,
        organization=scorecard("", score(532.46, 114.02, 113.52), Grade("C", "band"), 1, listed),
        previous={} if first else {"": before, "dinkes": before},
        chain_head=digest("row 16"),
        public_key="5a" * 32,
        digest=digest("data"),
    )
    return with_root_causes(data)
