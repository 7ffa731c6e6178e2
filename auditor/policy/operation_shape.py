"""The keys of policies.yaml about what runs by itself: calendar, schedules, trial, admission, messages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, Field

from auditor.documents.days import HolidayShape, Hours, Weekday
from auditor.documents.secrets import AbsolutePath, SecretShape
from auditor.documents.shape import Shape
from auditor.documents.timezone import check_timezone
from auditor.documents.words import Day, Id, Line
from auditor.model.calendar import Counting
from auditor.model.check import Severity
from auditor.model.message import Audience, ChannelKind, Encryption
from auditor.model.plain_text import show
from auditor.model.schedule import Work
from auditor.policy.places import check_host, check_url

Timezone = Annotated[str, AfterValidator(check_timezone)]
Minutes = Annotated[int, Field(ge=1, le=7 * 24 * 60)]
Percent = Annotated[float, Field(ge=0, le=100)]


def check_cron(text: str) -> str:
    """Return a cron expression of five fields, or raise ValueError saying what to write."""
    advice = 'write minute, hour, day, month, weekday, such as "30 22 * * *" for half past ten every evening'
    if len(text.split()) != 5:
        raise ValueError(f"{show(text)} has not five fields; {advice}")
    try:
        next(CronSim(text, datetime.now(UTC)))
    except CronSimError as error:
        raise ValueError(f"{show(text)} is no time of a schedule ({error}); {advice}") from None
    except StopIteration:
        raise ValueError(f"{show(text)} never comes; {advice}") from None
    return text


def check_mail_address(text: str) -> str:
    """Return a mail address, with or without a name before it, or raise ValueError."""
    if re.fullmatch(r"(?:[^<>@\r\n,;]{1,100} <)?[^\s<>@,;]{1,64}@[A-Za-z0-9.-]{1,253}>?", text) and (
        text.endswith(">") == ("<" in text)
    ):
        return text
    raise ValueError(f"{show(text)} is no mail address; write one such as tilik@kabupaten-contoh.go.id")


Cron = Annotated[str, AfterValidator(check_cron)]
MailAddress = Annotated[Line, AfterValidator(check_mail_address)]
Host = Annotated[Line, AfterValidator(check_host)]
Url = Annotated[Line, AfterValidator(check_url)]


class CountingShape(Shape):
    """How the days of a deadline are counted, by severity."""

    critical: Counting
    high: Counting
    medium: Counting
    low: Counting
    info: Counting


class CalendarShape(Shape):
    """Days off, for deadlines."""

    country: Literal["ID"] | None = Field(
        description="Country whose public holidays are days off; null: none.", examples=["ID"]
    )
    weekend: tuple[Weekday, ...] = Field(
        description="Days of the week that are off.", examples=[["saturday", "sunday"]]
    )
    holidays: tuple[HolidayShape, ...] = Field(
        description="Days off beside those of the country.",
        examples=[[{"date": "2026-12-24", "name": "Cuti bersama Natal"}]],
    )
    workdays: tuple[Day, ...] = Field(
        description="Days that are worked although the country's list calls them holidays.",
        examples=[["2026-12-26"]],
    )
    counting: CountingShape


class ScheduleShape(Shape):
    """One thing that runs by itself."""

    id: Id = Field(description="Short name.", examples=["malam"])
    work: Work = Field(description="audit, digest, backup or prune.", examples=["audit"])
    cron: Cron = Field(description="Minute, hour, day, month, weekday.", examples=["30 22 * * *"])
    timezone: Timezone | None = Field(
        None,
        description="Zone that the times mean; without it the organisation's.",
        examples=["Asia/Jakarta"],
    )
    window_minutes: Minutes = Field(
        60, description="How long after its time it may run; an audit stops at the edge.", examples=[360]
    )
    catch_up_minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = Field(
        0, description="How late it may still begin after having been missed.", examples=[720]
    )
    opds: tuple[Id, ...] = Field((), description="Agencies that an audit measures; empty: all.")


class BlackoutShape(Shape):
    """When agencies must not be measured."""

    reason: Line = Field(description="Why; told on cards and in messages.", examples=["Pencairan gaji"])
    opds: tuple[Id, ...] = Field((), description="Agencies it holds for; empty: all.")
    servers: tuple[Id, ...] = Field((), description="Servers it holds for; empty: all of these agencies.")
    first: Day | None = Field(None, alias="from", description="First day.", examples=["2026-12-28"])
    last: Day | None = Field(None, alias="until", description="Last day, included.", examples=["2026-12-31"])
    weekdays: tuple[Weekday, ...] = Field((), description="Days on which it begins; empty: every day.")
    hours: Hours | None = Field(
        None, description="Times of the day; without it the whole day.", examples=["07:30-10:00"]
    )


class RetestsShape(Shape):
    """How often something may be measured again on demand."""

    per_finding_per_day: Annotated[int, Field(ge=1, le=100)] = Field(examples=[3])
    per_opd_per_day: Annotated[int, Field(ge=1, le=1000)] = Field(examples=[20])


class AdmissionShape(Shape):
    """When a server may stand in the server room."""

    refuse_from: Severity = Field(
        description="A failing check as severe as this keeps a server out.", examples=["critical"]
    )
    condition_from: Severity = Field(
        description="A failing check as severe as this is a condition.", examples=["medium"]
    )
    refuse_overdue_from: Severity | None = Field(
        description="A failing check as severe as this keeps a server out once its deadline has passed.",
        examples=["high"],
    )
    minimum_coverage: Percent = Field(
        description="Below this coverage (percent) there is no admission.", examples=[80]
    )
    evidence_days: Annotated[int, Field(ge=1, le=365)] = Field(
        description="Older measurements admit nobody.", examples=[7]
    )


class TrialShape(Shape):
    """The trial month."""

    days: Annotated[int, Field(ge=1, le=366)] = Field(description="How long it is.", examples=[30])
    target: Percent = Field(description="Floor (percent) that every agency shall reach.", examples=[75])
    targets: dict[Id, Percent] = Field(description="Other floors, by agency.", examples=[{"dinkes": 90}])
    pace_days: Annotated[int, Field(ge=1, le=90)] = Field(
        description="Days over which the pace of a forecast is taken.", examples=[7]
    )


class ChannelShape(Shape):
    """One way to send messages."""

    id: Id = Field(description="Short name.", examples=["surel"])
    kind: ChannelKind = Field(description="email, telegram or webhook.", examples=["email"])
    host: Host | None = Field(None, description="Mail server.", examples=["mail.example.go.id"])
    port: Annotated[int, Field(ge=1, le=65535)] | None = Field(None, description="Its port.", examples=[587])
    encryption: Encryption | None = Field(
        None, description="starttls, tls, or none to this very machine.", examples=["starttls"]
    )
    user: Line | None = Field(None, description="Account on the mail server.")
    sender: MailAddress | None = Field(None, description="Address that mail comes from.")
    url: Url | None = Field(
        None, description="Address of a webhook; of Telegram's service where not its own."
    )
    secret: SecretShape | None = Field(
        None, description="Password, token of the bot, or key that signs: where it lies."
    )
    ca: AbsolutePath | None = Field(None, description="PEM file with the organisation's own CA.")


class RecipientShape(Shape):
    """Somebody who gets digests."""

    audience: Audience = Field(description="security, leadership or opd.", examples=["leadership"])
    channel: Id = Field(description="Id of a channel.", examples=["surel"])
    to: tuple[Line, ...] = Field(
        (), description="Mail addresses, or ids of Telegram chats.", examples=[["sekda@example.go.id"]]
    )
    opd: Id | None = Field(None, description="Agency of the audience opd.", examples=["dinkes"])
    language: Literal["id", "en"] | None = Field(None, description="Language; without it the policy's.")


class MessagesShape(Shape):
    """Who is told what."""

    due_soon_days: Annotated[int, Field(ge=0, le=60)] = Field(
        description="Deadlines so many days ahead are told.", examples=[3]
    )
    attempts: Annotated[int, Field(ge=1, le=20)] = Field(
        description="How often a message is tried before it is given up.", examples=[6]
    )
    channels: tuple[ChannelShape, ...] = Field(description="Ways to send.")
    recipients: tuple[RecipientShape, ...] = Field(description="Who gets digests.")


class RetentionShape(Shape):
    """How long things are kept."""

    raw_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        description="Days that raw outputs are kept.", examples=[400]
    )


class BackupShape(Shape):
    """Copies of the workspace."""

    folder: AbsolutePath | None = Field(
        description="Folder for backups; null: backups beside the workspace.", examples=["/srv/tilik-backup"]
    )
    keep: Annotated[int, Field(ge=1, le=1000)] = Field(
        description="So many of the newest are kept.", examples=[14]
    )
    recipients: tuple[Line, ...] = Field(
        description="age public keys that backups are encrypted for; empty: not encrypted.",
        examples=[["age1…"]],
    )
