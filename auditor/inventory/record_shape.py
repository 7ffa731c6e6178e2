"""What an inventory writes down about the inside of a server, and the facts that this comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from auditor.documents.secrets import AbsolutePath
from auditor.documents.shape import Shape
from auditor.documents.words import Day, Line
from auditor.inventory.words import described
from auditor.model.facts import JSON, Facts

Lines = tuple[Line, ...]
Hour = Annotated[int, Field(ge=0, le=24)]


class HoursShape(Shape):
    """Local hours in which work was agreed."""

    first: Hour = Field(alias="from", description="From this hour on.", examples=[8])
    last: Hour = Field(alias="until", description="Before this hour.", examples=[17])


class AccountShape(Shape):
    """One entry of the register of accounts."""

    name: Line = described("Account on the server.", "budi")
    person: Line = described("Who uses it.", "Budi Santoso, Dinas Kesehatan")
    purpose: Line = described("What for.", "administrator of the registration system")
    kind: Literal["personal", "service", "supplier", "emergency"] = Field(
        "personal",
        description="Of a person, a program, a supplier, or for emergencies.",
        examples=["personal"],
    )
    administrator: bool = Field(False, description="Whether it may become root.", examples=[True])
    until: Day | None = Field(None, description="Last day it is meant to exist.", examples=["2027-03-31"])
    tested: Day | None = Field(
        None, description="Of an emergency account: when it was last tried.", examples=["2026-09-30"]
    )
    hours: HoursShape | None = Field(
        None, description="Of a supplier: hours of agreed work.", examples=[{"from": 8, "until": 17}]
    )


class BackupShape(Shape):
    """One declared backup."""

    name: Line = described("What is backed up.", "basis data registrasi")
    path: AbsolutePath = described(
        "File on the server whose age tells the last success.", "/var/backups/registrasi/latest.dump"
    )
    interval_hours: Annotated[int, Field(ge=1, le=8784)] = described("How often at least.", 24)
    off_server: bool = described("A copy lies on another machine.", True)
    off_room: bool = described("A copy lies in another building.", True)
    encrypted: bool | None = Field(None, description="Encrypted before it leaves.", examples=[True])
    unchangeable: bool = Field(
        False, description="A copy cannot be changed by whoever breaks into the server.", examples=[True]
    )
    restored: Day | None = Field(None, description="When restoring was last tried.", examples=["2026-08-15"])
    restore_good: bool | None = Field(None, description="Whether that went well.", examples=[True])


class RunbookShape(Shape):
    """Where the runbook is, and when it was last reviewed."""

    reference: Line = described("Number or place.", "SOP-12/Diskominfo/2026")
    reviewed: Day | None = Field(None, description="Last review.", examples=["2026-05-04"])


class ExerciseShape(Shape):
    """The last exercise of switching over, or of losing power."""

    day: Day = described("When.", "2026-04-18")
    good: bool = described("It went well, or what was lacking is written down.", True)


class AssetShape(Shape):
    """What the asset register says."""

    hostname: Line | None = Field(None, description="Host name.", examples=["dinkes-web-01"])
    tag: Line | None = Field(None, description="Tag on the machine.", examples=["3.05.02.01.001"])
    serial: Line | None = Field(None, description="Serial number.", examples=["CZ1234ABCD"])
    model: Line | None = Field(None, description="Model.", examples=["ProLiant DL380 Gen10"])
    firmware_reviewed: Day | None = Field(
        None, description="When its firmware was last reviewed.", examples=["2026-03-02"]
    )


class AdmissionShape(Shape):
    """When the server was let into the room."""

    accepted: Day | None = Field(
        None, description="First complete audit that was accepted.", examples=["2026-11-05"]
    )
    published: Day | None = Field(
        None, description="Its service was opened to users.", examples=["2026-11-10"]
    )


class ReleaseShape(Shape):
    """One release of an application that was tested before it was installed."""

    application: Line = described("Name.", "simrs")
    version: Line = described("Version.", "4.2.1")
    tested: Day = described("When it was tested.", "2026-10-02")


class RecordShape(Shape):
    """What was written down about the inside of a server; what is left out stays unknown."""

    accounts: tuple[AccountShape, ...] | None = Field(None, description="Register of accounts.")
    keys: Lines | None = Field(
        None,
        description="SHA256: fingerprints of registered public keys.",
        examples=[["SHA256:4dIgmVHQTnNmFKlEqgq3l1dcl6pmoTBmN5mJnZnmIjc"]],
    )
    backups: tuple[BackupShape, ...] | None = Field(None, description="Declared backups.")
    jobs: Lines | None = Field(None, description="Scheduled jobs.", examples=[["/usr/local/bin/backup.sh"]])
    services: Lines | None = Field(
        None, description="Programs that may listen, by process name.", examples=[["sshd", "nginx"]]
    )
    units: Lines | None = Field(
        None, description="Enabled units of its baseline.", examples=[["ssh.service", "nginx.service"]]
    )
    runbook: RunbookShape | None = None
    exercise: ExerciseShape | None = None
    asset: AssetShape | None = None
    admission: AdmissionShape | None = None
    releases: tuple[ReleaseShape, ...] | None = Field(None, description="Tested releases.")
    licences: Lines | None = Field(
        None, description="Packages with a licence that was bought.", examples=[["oracle-client"]]
    )
    suid_files: Lines | None = Field(
        None,
        description="SUID and SGID files accepted beside those of the system.",
        examples=[["/opt/x/bin/x"]],
    )
    own_software: Lines | None = Field(
        None, description="Paths of own programs that may listen.", examples=[["/opt/simrs/bin/simrs"]]
    )
    baseline: Lines | None = Field(
        None, description="Accepted configuration, as lines of part and SHA-256.", examples=[["sshd 3f5a…"]]
    )
    test_databases: Lines | None = Field(
        None, description="Databases that hold masked test data.", examples=[["latihan"]]
    )

    @model_validator(mode="after")
    def _accounts_once(self) -> RecordShape:
        names = [account.name for account in self.accounts or ()]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"account {twice[0]} stands twice in the register; keep one entry")
        return self


def record_facts(shape: RecordShape | None, leavers: Lines | None, timezone: str) -> Facts:
    """Return the `record.*` facts of what was written; a part that was not has none.

    Days begin and end in the organisation's time zone; instants are RFC 3339 in UTC.
    """
    zone = ZoneInfo(timezone)
    facts: dict[str, JSON] = {} if leavers is None else {"record.leavers": [*leavers]}
    return {**facts, **dict(_record(shape, zone))} if shape is not None else facts


def _record(shape: RecordShape, zone: ZoneInfo) -> Iterator[tuple[str, JSON]]:
    for name in ("keys", "jobs", "services", "units", "licences", "suid_files", "own_software", "baseline"):
        if (lines := getattr(shape, name)) is not None:
            yield f"record.{name}", [*lines]
    if shape.test_databases is not None:
        yield "record.test_databases", [*shape.test_databases]
    if shape.accounts is not None:
        yield "record.accounts", [_account(one, zone) for one in shape.accounts]
    if shape.backups is not None:
        yield "record.backups", [_backup(one, zone) for one in shape.backups]
    if shape.releases is not None:
        yield (
            "record.releases",
            [
                {"application": one.application, "version": one.version, "tested": _begin(one.tested, zone)}
                for one in shape.releases
            ],
        )
    if shape.runbook is not None:
        yield "record.runbook", shape.runbook.reference
        yield "record.runbook_reviewed", _maybe(_begin, shape.runbook.reviewed, zone)
    if shape.exercise is not None:
        yield "record.exercise", _begin(shape.exercise.day, zone)
        yield "record.exercise_good", shape.exercise.good
    if shape.admission is not None:
        yield "record.accepted", _maybe(_begin, shape.admission.accepted, zone)
        yield "record.published", _maybe(_begin, shape.admission.published, zone)
    if shape.asset is not None:
        yield from _asset(shape.asset, zone)


def _asset(shape: AssetShape, zone: ZoneInfo) -> Iterator[tuple[str, JSON]]:
    for name in ("hostname", "tag", "serial", "model"):
        if (text := getattr(shape, name)) is not None:
            yield f"record.asset_{name}", text
    if shape.firmware_reviewed is not None:
        yield "record.firmware_reviewed", _begin(shape.firmware_reviewed, zone)


def _account(shape: AccountShape, zone: ZoneInfo) -> JSON:
    return {
        "name": shape.name,
        "person": shape.person,
        "purpose": shape.purpose,
        "kind": shape.kind,
        "administrator": shape.administrator,
        "until": _maybe(_end, shape.until, zone),
        "tested": _maybe(_begin, shape.tested, zone),
        "from_hour": shape.hours.first if shape.hours else None,
        "to_hour": shape.hours.last if shape.hours else None,
    }


def _backup(shape: BackupShape, zone: ZoneInfo) -> JSON:
    return {**shape.model_dump(), "restored": _maybe(_begin, shape.restored, zone)}


def _begin(day: date, zone: ZoneInfo) -> str:
    return _instant(datetime.combine(day, time(), zone))


def _end(day: date, zone: ZoneInfo) -> str:
    return _instant(datetime.combine(day, time(23, 59, 59), zone))


def _maybe(convert: Callable[[date, ZoneInfo], str], day: date | None, zone: ZoneInfo) -> str | None:
    return None if day is None else convert(day, zone)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
