"""The data of a report about many made-up agencies and servers, without an audit behind it.

Numbers are drawn with a fixed seed and agree with each other as far as pages show them: a level per server
and agency, statuses of every control, open findings of real checks, servers that could not be measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from ipaddress import ip_address, ip_network
from random import Random

from auditor.model.check import Check, Severity
from auditor.model.decision import Decisions
from auditor.model.finding import Finding, FindingStatus, finding_id
from auditor.model.framework import Framework
from auditor.model.inventory import (
    Authorization,
    Category,
    Inventory,
    Opd,
    Organization,
    Responsible,
    Server,
    Zone,
)
from auditor.model.movement import Cause, Comparison, Movement
from auditor.model.report import NotMeasured, PreviousScore, ReportData
from auditor.model.run import AuditRun, Provenance, RunStatus
from auditor.model.scorecard import (
    ControlResult,
    ControlStatus,
    Grade,
    Level,
    Score,
    Scorecard,
    ServerScore,
)
from auditor.model.subject import Subject
from auditor.model.verdict import Status
from auditor.policy.loading import load_policy
from controls.loading import load_catalogue

STARTED = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
_FINDINGS_A_SERVER = 4
_AUDITS_BEFORE = 30
_UNMEASURED = 0.03
_NAMES = (
    "Dinas Kesehatan",
    "Dinas Pendidikan dan Kebudayaan",
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
    "Dinas Kependudukan dan Pencatatan Sipil",
    "Badan Pendapatan Daerah",
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
    "Dinas Sosial",
    "Sekretariat Daerah",
    "Dinas Perhubungan",
    "Rumah Sakit Umum Daerah",
)


@cache
def made_up_report(opds: int, servers_an_opd: int) -> ReportData:
    """Return the data of a report about so many agencies with so many servers each."""
    chance, catalogue = Random(20261122), load_catalogue()
    inventory = _inventory(opds, servers_an_opd)
    machines = tuple(inventory.servers())
    missed = frozenset(one.id for one in machines if chance.random() < _UNMEASURED)
    checks = [check for check in catalogue.checks.values() if not check.consent]
    found = {
        opd.id: [
            _finding(server, check, chance)
            for server in opd.servers
            if server.id not in missed
            for check in chance.sample(checks, _FINDINGS_A_SERVER)
        ]
        for opd in inventory.opds
    }
    findings = tuple(one for listed in found.values() for one in listed)
    by_opd = {**found, "": findings}
    cards = {
        opd.id: _card(opd.id, opd.servers, missed, by_opd, catalogue.frameworks, chance)
        for opd in inventory.opds
    }
    whole = _card("", machines, missed, by_opd, catalogue.frameworks, chance)
    run = AuditRun(
        "20261122-220000-abcd",
        RunStatus.COMPLETE,
        STARTED,
        STARTED + timedelta(hours=5),
        Provenance("0" * 64, "1" * 64, "2" * 64, {}, ""),
        tuple(one.id for one in machines),
    )
    history = {opd: _history(card, chance) for opd, card in {**cards, "": whole}.items()}
    moved = [(opd, history[opd], card) for opd, card in {**cards, "": whole}.items()]
    return ReportData(
        run=run,
        inventory=inventory,
        policy=replace(load_policy(None), digest="0" * 64),
        frameworks=catalogue.frameworks,
        checks=catalogue.checks,
        skipped=(),
        not_measured=tuple(
            NotMeasured(one.opd, one.id, str(one.addresses[0]), "ports", "timeout")
            for one in machines
            if one.id in missed
        ),
        evidence={},
        verdicts=(),
        findings=findings,
        waivers={},
        scorecards=cards,
        organization=whole,
        previous={opd: listed[-1] for opd, listed in history.items()},
        chain_head="3" * 64,
        decisions=Decisions(),
        comparisons={opd: _comparison(opd, listed[-1], card) for opd, listed, card in moved},
        digest="4" * 64,
        history=history,
    )


def _inventory(opds: int, servers_an_opd: int) -> Inventory:
    letter = Authorization(
        "094/112/Diskominfo/2026",
        "Kepala Dinas Komunikasi dan Informatika",
        date(2026, 11, 1),
        date(2026, 12, 10),
        (ip_network("10.0.0.0/8"),),
        (),
        frozenset({"ports", "tls", "certificates", "ssh", "http"}),
        frozenset(),
    )
    organization = Organization(
        "Pemerintah Kabupaten Contoh", "Asia/Jakarta", "Dinas Komunikasi dan Informatika", "Jl. Merdeka No. 1"
    )
    zones = (Zone("dmz", "DMZ", True, (ip_network("10.0.0.0/8"),)),)
    listed = tuple(_opd(number, servers_an_opd) for number in range(opds))
    return Inventory(organization, (letter,), zones, listed)


def _opd(number: int, servers: int) -> Opd:
    name = _NAMES[number % len(_NAMES)] + (f" {number // len(_NAMES) + 1}" if number >= len(_NAMES) else "")
    return Opd(f"opd-{number:02}", name, tuple(_server(number, place) for place in range(servers)))


def _server(opd: int, place: int) -> Server:
    third, fourth = divmod(place, 250)
    return Server(
        id=f"opd-{opd:02}-{place:04}",
        opd=f"opd-{opd:02}",
        name=f"Peladen {place + 1}",
        zone="dmz",
        category=tuple(Category)[place % len(Category)],
        addresses=(ip_address(f"10.{opd}.{third}.{fourth + 1}"),),
        hostnames=(f"s{place}.opd{opd}.contoh.go.id",),
    )


def _finding(server: Server, check: Check, chance: Random) -> Finding:
    subject = Subject(check.subject, server.id, str(server.addresses[0]), 443)
    seen = STARTED - timedelta(days=chance.randrange(40))
    return Finding(
        id=finding_id(check.id, subject),
        check=check.id,
        severity=check.severity,
        confidence=check.confidence,
        status=chance.choice((FindingStatus.NEW, FindingStatus.OPEN)),
        verdict=Status.FAIL,
        opd=server.opd,
        responsible=chance.choice(tuple(Responsible)),
        subject=subject,
        title=check.title,
        observed={"en": "accepted", "id": "diterima"},
        expected={"en": "refused", "id": "ditolak"},
        controls={edition: named.implements for edition, named in check.controls.items()},
        first_seen=seen,
        last_seen=STARTED,
        due=seen.date() + timedelta(days=chance.randrange(3, 60)),
        evidence=(),
        opened_at=seen,
        days_open=(STARTED - seen).days,
    )


def _card(
    opd: str,
    servers: Iterable[Server],
    missed: frozenset[str],
    findings: Mapping[str, Sequence[Finding]],
    frameworks: Mapping[str, Framework],
    chance: Random,
) -> Scorecard:
    scores = tuple(_server_score(one.id, one.id not in missed, chance) for one in servers)
    level = _level(_summed([one.score for one in scores]))
    mine = Counter(one.severity for one in findings.get(opd, ()))
    return Scorecard(
        opd=opd,
        own=level,
        centre=level,
        servers=scores,
        controls={
            edition: tuple(_control(one.id, level, chance) for one in framework.controls)
            for edition, framework in frameworks.items()
        },
        groups=dict.fromkeys(frameworks, ()),
        findings={severity: mine[severity] for severity in Severity},
        accepted=dict.fromkeys(Severity, 0),
    )


def _server_score(server: str, measured: bool, chance: Random) -> ServerScore:
    failed = float(chance.randrange(0, 40))
    score = _score(200.0 - failed, failed, 6.0) if measured else _score(0.0, 0.0, 206.0)
    statuses = {Status.PASS: 60, Status.FAIL: 4, Status.UNKNOWN: 2} if measured else {Status.UNKNOWN: 66}
    return ServerScore(server, _level(score), 1.0, measured, statuses)


def _summed(scores: Sequence[Score]) -> Score:
    return _score(
        sum(one.passed for one in scores),
        sum(one.failed for one in scores),
        sum(one.unjudged for one in scores),
    )


def _score(passed: float, failed: float, unjudged: float) -> Score:
    whole = passed + failed + unjudged
    parts = (passed, passed + unjudged, passed + failed)
    return Score(passed, failed, unjudged, *(100 * part / whole for part in parts))


def _level(score: Score) -> Level:
    grade = Grade("B" if score.floor >= 75 else "C", "band")
    return Level(score, score, grade, grade)


def _control(control: str, level: Level, chance: Random) -> ControlResult:
    return ControlResult(control, chance.choice(tuple(ControlStatus)), {}, {}, level)


def _history(card: Scorecard, chance: Random) -> tuple[PreviousScore, ...]:
    """Return numbers of the nights before, of which each is a little worse than the next."""
    listed = []
    for night in range(_AUDITS_BEFORE, 0, -1):
        floor = max(0.0, card.score.floor - night * chance.random())
        at = STARTED - timedelta(days=night)
        listed.append(PreviousScore(f"run-{night}", at, floor, floor + 3.0, card.score.coverage, "C"))
    return tuple(listed)


def _comparison(opd: str, before: PreviousScore, card: Scorecard) -> Comparison:
    first, last = Fraction(before.floor), Fraction(card.score.floor)
    parts = {cause: last - first if cause is Cause.POSTURE else Fraction(0) for cause in Cause}
    movement = Movement(first, last, parts)
    return Comparison(opd, before.run, "20261122-220000-abcd", movement, movement, (), (), (), False, (), ())
