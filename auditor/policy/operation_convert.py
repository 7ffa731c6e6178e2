"""From the checked shapes of what runs by itself to the frozen rules."""

from __future__ import annotations

from datetime import time

from auditor.documents.days import WEEKDAYS
from auditor.documents.secrets import secret_reference
from auditor.model.calendar import Calendar
from auditor.model.check import Severity
from auditor.model.message import Channel, ChannelKind, Encryption, Recipient
from auditor.model.operation import AdmissionRules, BackupRules, MessageRules, RetestRules, TrialRules
from auditor.model.schedule import Blackout, Schedule
from auditor.policy.operation_shape import (
    AdmissionShape,
    BackupShape,
    BlackoutShape,
    CalendarShape,
    ChannelShape,
    MessagesShape,
    RecipientShape,
    RetestsShape,
    ScheduleShape,
    TrialShape,
)

TELEGRAM = "https://api.telegram.org"
_MAIL_PORTS = {Encryption.STARTTLS: 587, Encryption.TLS: 465, Encryption.NONE: 25}


def to_calendar(shape: CalendarShape) -> Calendar:
    """Return the days off that the policy knows."""
    return Calendar(
        country=shape.country or "",
        weekend=frozenset(map(WEEKDAYS.index, shape.weekend)),
        holidays={one.date: one.name for one in shape.holidays},
        workdays=tuple(sorted(shape.workdays)),
        counting={severity: getattr(shape.counting, severity.value) for severity in Severity},
    )


def to_schedule(shape: ScheduleShape) -> Schedule:
    """Return a schedule; an empty time zone is the organisation's."""
    return Schedule(
        id=shape.id,
        work=shape.work,
        cron=shape.cron,
        timezone=shape.timezone or "",
        window_minutes=shape.window_minutes,
        catch_up_minutes=shape.catch_up_minutes,
        opds=shape.opds,
    )


def to_blackout(shape: BlackoutShape) -> Blackout:
    """Return a blackout."""
    begins, ends = shape.hours or (time(0), time(0))
    return Blackout(
        reason=shape.reason,
        opds=shape.opds,
        servers=shape.servers,
        first=shape.first,
        last=shape.last,
        weekdays=frozenset(map(WEEKDAYS.index, shape.weekdays)),
        begins=begins,
        ends=ends,
    )


def to_retests(shape: RetestsShape) -> RetestRules:
    """Return the limits of measuring again on demand."""
    return RetestRules(shape.per_finding_per_day, shape.per_opd_per_day)


def to_admission(shape: AdmissionShape) -> AdmissionRules:
    """Return the rules of the gate."""
    return AdmissionRules(
        refuse_from=shape.refuse_from,
        condition_from=shape.condition_from,
        refuse_overdue_from=shape.refuse_overdue_from,
        minimum_coverage=shape.minimum_coverage,
        evidence_days=shape.evidence_days,
    )


def to_trial(shape: TrialShape) -> TrialRules:
    """Return the rules of the trial month."""
    return TrialRules(shape.days, shape.target, dict(shape.targets), shape.pace_days)


def to_messages(shape: MessagesShape) -> MessageRules:
    """Return who is told what."""
    return MessageRules(
        due_soon_days=shape.due_soon_days,
        attempts=shape.attempts,
        channels={one.id: _channel(one) for one in shape.channels},
        recipients=tuple(map(_recipient, shape.recipients)),
    )


def to_backup(shape: BackupShape) -> BackupRules:
    """Return how copies of the workspace are kept."""
    return BackupRules(shape.folder or "", shape.keep, shape.recipients)


def _channel(shape: ChannelShape) -> Channel:
    encryption = shape.encryption or Encryption.STARTTLS
    mail, telegram = shape.kind is ChannelKind.EMAIL, shape.kind is ChannelKind.TELEGRAM
    return Channel(
        id=shape.id,
        kind=shape.kind,
        host=shape.host or "",
        port=(shape.port or _MAIL_PORTS[encryption]) if mail else 0,
        encryption=encryption,
        user=shape.user or "",
        sender=shape.sender or "",
        url=shape.url or (TELEGRAM if telegram else ""),
        secret=secret_reference(shape.secret) if shape.secret else None,
        ca=shape.ca or "",
    )


def _recipient(shape: RecipientShape) -> Recipient:
    return Recipient(shape.audience, shape.channel, shape.to, shape.opd or "", shape.language or "")
