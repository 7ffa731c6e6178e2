"""A digest of two agencies in which something of everything is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from auditor.model.changes import ChangedFinding, Changes
from auditor.model.check import Severity
from auditor.model.digest import Digest, DueFinding, ScoreTold, TrialTold, Unscanned
from auditor.model.finding import FindingStatus
from auditor.model.message import Audience, Delivery, DeliveryStatus
from auditor.model.schedule import Slot, SlotReason, SlotStatus, Work
from auditor.model.trial_status import Forecast, ForecastKind, Numbers, OpdTrial

AT = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
SINCE = AT - timedelta(days=1)
STARTED = AT - timedelta(hours=8, minutes=30)
TITLES = {
    "http-vcs-absent": {
        "en": "No version control folder is served",
        "id": "Folder kendali versi tidak tersaji",
    },
    "tls-1-0-refused": {"en": "TLS 1.0 is refused", "id": "TLS 1.0 ditolak"},
}


def changed(
    number: int, opd: str, check: str, severity: Severity, status: FindingStatus, **reason: str
) -> ChangedFinding:
    """Return one entry of a list of changes."""
    server = f"{opd}-web-01"
    return ChangedFinding(
        finding=f"F-{number:012d}",
        check=check,
        opd=opd,
        server=server,
        subject=f"http|{server}|10.1.0.{number}/443/tcp|{opd}.example.go.id|",
        severity=severity,
        status=status,
        due=date(2026, 12, 5),
        days=number,
        run="run-2",
        at=STARTED,
        reason=reason,
    )


def due(number: int, opd: str, days: int, **more: object) -> DueFinding:
    """Return one deadline."""
    values: dict[str, object] = {
        "finding": f"F-{number:012d}",
        "check": "tls-1-0-refused",
        "opd": opd,
        "subject": f"tls|{opd}-web-01|10.1.0.{number}/443/tcp||",
        "severity": Severity.HIGH,
        "due": date(2026, 11, 22) + timedelta(days=days),
        "days": days,
        **more,
    }
    return DueFinding(**values)  # type: ignore[arg-type]


def score(floor: float, before: float | None = None, letter: str = "C") -> ScoreTold:
    """Return a score and what it was."""
    return ScoreTold(
        run="run-2",
        measured_at=STARTED,
        floor=floor,
        ceiling=floor + 8.04,
        coverage=91.96,
        letter=letter,
        floor_before=before,
        letter_before="C" if before is not None else "",
        measured_before=STARTED - timedelta(days=1) if before is not None else None,
    )


def of_trial(opd: str, name: str, floor: float, kind: ForecastKind) -> OpdTrial:
    """Return where an agency stands in the trial."""
    numbers = Numbers("run-2", date(2026, 11, 21), floor, floor + 8, 92, "C")
    day = date(2026, 12, 3) if kind is ForecastKind.BY_DAY else None
    return OpdTrial(
        opd=opd,
        name=name,
        target=75.0 if opd else None,
        baseline=numbers,
        now=numbers,
        open={Severity.HIGH: 3},
        accepted=0,
        overdue=1,
        acknowledged=0,
        fixed=2,
        servers={},
        forecast=Forecast(kind, 7, day),
    )


CHANGES = Changes(
    since=SINCE,
    until=AT,
    runs=("run-2",),
    fixed=(changed(1, "dinkes", "tls-1-0-refused", Severity.HIGH, FindingStatus.FIXED),),
    new=(
        changed(2, "bkd", "http-vcs-absent", Severity.CRITICAL, FindingStatus.NEW),
        changed(3, "dinkes", "tls-1-0-refused", Severity.HIGH, FindingStatus.NEW),
    ),
    redetected=(changed(4, "bkd", "tls-1-0-refused", Severity.HIGH, FindingStatus.REOPENED),),
    not_measured=(
        changed(
            5,
            "dinkes",
            "tls-1-0-refused",
            Severity.HIGH,
            FindingStatus.NOT_MEASURED,
            en="no answer in time",
            id="tidak menjawab dalam batas waktu",
        ),
    ),
    out_of_scope=(changed(6, "bkd", "tls-1-0-refused", Severity.HIGH, FindingStatus.OUT_OF_SCOPE),),
)
DIGEST = Digest(
    at=AT,
    since=SINCE,
    organization="Pemerintah Kabupaten Contoh",
    office="Dinas Komunikasi dan Informatika",
    classification="Terbatas",
    timezone="Asia/Jakarta",
    due_soon_days=3,
    opd_names={"bkd": "Badan Kepegawaian Daerah", "dinkes": "Dinas Kesehatan"},
    server_names={"bkd-web-01": "Situs Kepegawaian", "dinkes-web-01": "Situs Dinas Kesehatan"},
    check_titles=TITLES,
    scores={"": score(71.99, 70.5), "bkd": score(60.25, 66.5, "D"), "dinkes": score(80.06)},
    open={
        "bkd": {Severity.CRITICAL: 1, Severity.HIGH: 4},
        "dinkes": {Severity.HIGH: 2, Severity.LOW: 9},
    },
    registered={"bkd": 3, "dinkes": 5},
    unmeasured={"bkd": 0, "dinkes": 1},
    changes=CHANGES,
    overdue=(
        due(7, "bkd", -4),
        due(8, "dinkes", -1, owner="Rina, Tim TI", planned=date(2026, 11, 25)),
    ),
    due_soon=(due(9, "bkd", 0), due(10, "dinkes", 3)),
    unscanned=(
        Unscanned(
            "bkd", "bkd-web-01", False, ("tls 443", "ssh 22", "http 80", "http 443"), "connection refused"
        ),
        Unscanned("dinkes", "dinkes-web-01", True, ("ports",), "tidak menjawab dalam batas waktu"),
        Unscanned("dinkes", "dinkes-baru-01", True, (), ""),
    ),
    new_audit=True,
    misfires=(Slot("audit", AT - timedelta(hours=20), Work.AUDIT, SlotStatus.MISSED, reason=SlotReason.OFF),),
    undelivered=(
        Delivery(
            "M-1", "surel", "ti@bkd.example.go.id", Audience.OPD, "bkd", "", SINCE, DeliveryStatus.FAILED, 6
        ),
    ),
    trial=TrialTold(
        name="Masa uji coba 2026",
        ends=date(2026, 12, 10),
        days_left=18,
        whole=of_trial("", "Pemerintah Kabupaten Contoh", 71.99, ForecastKind.BY_DAY),
        opds=(
            of_trial("bkd", "Badan Kepegawaian Daerah", 60.25, ForecastKind.NOT_AT_THIS_PACE),
            of_trial("dinkes", "Dinas Kesehatan", 80.06, ForecastKind.BY_DAY),
        ),
    ),
)
