"""A trial and an admission made up for pages: every reason, every forecast, texts that anybody may choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from auditor.model.check import Severity
from auditor.model.gate import Admission, Because, GateReason, ServerGate
from auditor.model.inventory import Category, Organization
from auditor.model.operation import AdmissionRules
from auditor.model.report import NotMeasured
from auditor.model.subject import Subject, SubjectKind
from auditor.model.trial import Trial, TrialRecord
from auditor.model.trial_report import (
    AdmissionReport,
    Closed,
    NamedCheck,
    NamedServer,
    Proof,
    TrialReport,
)
from auditor.model.trial_status import (
    Forecast,
    ForecastKind,
    Numbers,
    OpdTrial,
    TrialDay,
    TrialStatus,
    Unmeasured,
)

STARTS = date(2026, 12, 21)
ENDS = STARTS + timedelta(days=29)
AT = datetime(2027, 1, 4, 1, tzinfo=UTC)
Say = Callable[[str], str]


def plain(text: str) -> str:
    return text


def because(reason: GateReason, say: Say = plain) -> Because:
    """Return a reason of a kind, about a check where it is about one."""
    decision = Admission.NOT_YET
    if reason in (GateReason.FAILING_MILDER, GateReason.ACCEPTED):
        decision = Admission.CONDITIONS
    about: dict[GateReason, str] = {
        GateReason.NEVER_MEASURED: "10.1.0.9",
        GateReason.TOO_OLD: "9",
        GateReason.LOW_COVERAGE: "79.9",
    }
    if reason in about:
        return Because(reason, decision, detail=about[reason])
    subject = Subject(SubjectKind.HTTP, "web", "10.1.0.10", 443, "tcp", say("situs.example.go.id")).key
    return Because(reason, decision, "F-0123456789ab", "http-vcs-absent", subject, ENDS)


def gates(say: Say = plain) -> tuple[ServerGate, ...]:
    every = tuple(because(reason, say) for reason in GateReason)
    mild = (because(GateReason.FAILING_MILDER, say),)
    return (
        ServerGate("web", "bkd", Admission.NOT_YET, every, "run-9", AT),
        ServerGate("mail", "bkd", Admission.CONDITIONS, mild, "run-9", AT),
        ServerGate("old", "dinkes", Admission.ADMIT, (), "run-9", AT),
        ServerGate(
            "new", "dinkes", Admission.NOT_YET, (Because(GateReason.NEVER_MEASURED, Admission.NOT_YET),)
        ),
    )


def trial_day(number: int, left: int) -> TrialDay:
    shown = dict.fromkeys(Severity, left)
    return TrialDay(STARTS + timedelta(days=number), (f"run-{number}",), shown, 1, 2, 3, 3 * left)


def expected(kind: ForecastKind = ForecastKind.BY_DAY, day: date | None = ENDS) -> Forecast:
    done = day if kind is ForecastKind.BY_DAY else None
    left = 0 if kind is ForecastKind.DONE else 12
    return Forecast(kind, left, done, 30, STARTS, STARTS + timedelta(days=7))


def opd_trial(opd: str, say: Say = plain, forecast: Forecast | None = None) -> OpdTrial:
    numbers = Numbers("run-9", STARTS, 76.55, 90.0, 86.0, "B")
    return OpdTrial(
        opd=opd,
        name=say("Badan Kepegawaian Daerah"),
        target=75.0 if opd else None,
        baseline=replace(numbers, floor=40.0),
        now=numbers,
        open=dict.fromkeys(Severity, 4),
        accepted=1,
        overdue=2,
        acknowledged=3,
        fixed=5,
        servers={Admission.ADMIT: 1, Admission.CONDITIONS: 1, Admission.NOT_YET: 2},
        forecast=forecast or expected(),
    )


def status(say: Say = plain, forecast: Forecast | None = None) -> TrialStatus:
    trial = Trial("T-0123abcd", say("Uji coba"), STARTS, ENDS, "run--1", {"bkd": 75.0}, say("094/1"))
    unmeasured = replace(opd_trial("dinkes", say), now=None, baseline=None, open=dict.fromkeys(Severity, 0))
    return TrialStatus(
        record=TrialRecord(trial, say("Siti Aminah")),
        at=AT,
        today=date(2027, 1, 4),
        baseline="run--1",
        newest="run-9",
        whole=opd_trial("", say, forecast),
        opds=(opd_trial("bkd", say, forecast), unmeasured),
        days=tuple(trial_day(number, left) for number, left in ((-1, 10), (0, 10), (2, 7), (7, 4))),
        unmeasured=(
            Unmeasured("bkd", "web", {"en": say("cannot be reached"), "id": say("tidak dapat dijangkau")}),
            Unmeasured("dinkes", "new"),
        ),
        gates=gates(say),
        without_audit=(STARTS + timedelta(days=1),),
    )


ORGANIZATION = Organization("Pemerintah Kabupaten Contoh", "Asia/Jakarta", "Diskominfo", "Jl. Merdeka 1")
PROOF = Proof("run-9", "a" * 64, "b" * 64, 7, "c" * 64, "d" * 64, "e" * 64, "f" * 64, "1.0")
CHECKS = {
    "http-vcs-absent": NamedCheck(
        {"en": "No source control folder", "id": "Tidak ada folder kendali sumber"}, Severity.CRITICAL
    )
}


def named(server: str, opd: str, say: Say = plain) -> NamedServer:
    return NamedServer(
        say(f"Situs {server}"),
        opd,
        say("Badan Kepegawaian Daerah"),
        say("dmz"),
        Category.TINGGI,
        ("10.1.0.10",),
        (say("situs.example.go.id"),),
    )


def trial_report(say: Say = plain, *, closed: bool = True, forecast: Forecast | None = None) -> TrialReport:
    """Return the report of a trial; `say` is asked for every text that a person chose."""
    found = status(say, forecast)
    return TrialReport(
        version=1,
        organization=Organization(
            say(ORGANIZATION.name), ORGANIZATION.timezone, say(ORGANIZATION.office), say(ORGANIZATION.address)
        ),
        classification=say("Terbatas"),
        status=found,
        closed=Closed(ENDS, say("Budi Santoso"), say("Berjalan sesuai rencana.")) if closed else None,
        rules=AdmissionRules(),
        pace_days=7,
        servers={one.server: named(one.server, one.opd, say) for one in found.gates},
        checks=CHECKS,
        runs=("run--1", "run-0"),
        proof=PROOF,
    )


def admission_report(say: Say = plain, which: int = 0) -> AdmissionReport:
    """Return the report of an admission, of one of the made-up servers."""
    found = gates(say)[which]
    return AdmissionReport(
        version=1,
        organization=ORGANIZATION,
        classification=say("Terbatas"),
        server=found.server,
        named=named(found.server, found.opd, say),
        asked_by=say("Siti Aminah"),
        letters=(say("094/112/2026"),),
        started_at=AT,
        finished_at=AT + timedelta(minutes=4),
        gate=found,
        judged={"FAIL": 3, "PASS": 40, "UNKNOWN": 1},
        coverage=97.3,
        rules=AdmissionRules(),
        checks=CHECKS,
        gaps=(NotMeasured(found.opd, found.server, "10.1.0.10", "tls 443", say("no answer in time")),),
        tools={"nmap": say("7.94")},
        proof=PROOF,
    )
