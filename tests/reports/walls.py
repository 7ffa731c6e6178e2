"""Walls of made-up governments: many agencies, of which some were not measured lately and one never."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from auditor.model.check import Severity
from auditor.model.digest import ScoreTold, TrialTold
from auditor.model.wall import Freshness, Wall, WallOpd, WallRules, WallServer
from controls.freshness import behind, freshness, stale_first

AT = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
NIGHT = AT - timedelta(hours=10, minutes=15)
LAST_WEEK = AT - timedelta(days=6)
NAMES = (
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
TRIAL = TrialTold("Uji coba ruang server", date(2026, 12, 4), 11, None, ())


def wall(count: int, hostile: str = "", language: str = "id", rules: WallRules | None = None) -> Wall:
    """Return a wall of so many agencies; every text in it is `hostile` where that is given."""
    rules = rules or WallRules()
    opds = [opd(number, rules.stale_hours, hostile) for number in range(count)]
    servers = tuple(server for one in opds for server in one.behind)
    newest = max((one.newest for one in opds if one.newest), default=None)
    whole = WallOpd(
        id="",
        name=hostile or "Pemerintah Kabupaten Contoh",
        freshness=Freshness.PARTLY if servers else Freshness.FRESH,
        newest=newest,
        oldest=None if any(one.oldest is None for one in opds) else LAST_WEEK,
        servers=sum(one.servers for one in opds),
        behind=servers,
        score=score(71.25) if count else None,
        open={severity: sum(one.open[severity] for one in opds) for severity in Severity},
        overdue=sum(one.overdue for one in opds),
    )
    return Wall(
        at=AT,
        organization=hostile or "Pemerintah Kabupaten Contoh",
        office=hostile or "Dinas Komunikasi dan Informatika",
        classification=hostile or "Terbatas",
        timezone="Asia/Jakarta",
        language=language,
        rules=rules,
        whole=whole,
        opds=stale_first(opds),
        trial=TrialTold(hostile, TRIAL.ends, 11, None, ()) if hostile else TRIAL,
    )


def opd(number: int, stale_hours: int, hostile: str = "") -> WallOpd:
    """Return an agency: every seventh was not measured for days, or never, and every eighth in part."""
    times: list[datetime | None] = [NIGHT] * 3
    if number % 7 == 0:
        times = [LAST_WEEK, LAST_WEEK]
    elif number % 7 == 5:
        times = [None]
    elif number % 8 == 3:
        times = [NIGHT, None, LAST_WEEK]
    servers = [
        WallServer(f"opd{number}-{place}", hostile or f"Peladen {place} OPD {number}", at)
        for place, at in enumerate(times)
    ]
    known = [one for one in times if one is not None]
    name = NAMES[number % len(NAMES)] + (f" {number}" if number >= len(NAMES) else "")
    return WallOpd(
        id=f"opd{number}",
        name=hostile or name,
        freshness=freshness(times, AT, stale_hours),
        newest=max(known, default=None),
        oldest=min(known) if len(known) == len(times) else None,
        servers=len(times),
        behind=behind(servers, AT, stale_hours),
        score=score(60 + number % 40) if known else None,
        open=dict(zip(Severity, (number % 3, number % 5, 4, 9, 2), strict=True)),
        overdue=number % 4,
    )


def score(floor: float) -> ScoreTold:
    """Return a score of last night."""
    return ScoreTold("20261122-220000-abcd", NIGHT, floor, floor + 8.5, 91.5, "B" if floor > 75 else "")
