"""The words of digests for everything that has a fixed list of values."""

from __future__ import annotations

from datetime import datetime

from auditor.model.message import Audience
from auditor.model.schedule import SlotReason, SlotStatus, Work
from auditor.model.subject import Subject
from auditor.model.trial_status import Forecast, ForecastKind
from reports.visible import clipped
from reports.words import N_, Words

LONGEST_NAME = 120
_MINUTES, _HOURS = 60, 48

AUDIENCES = {
    Audience.SECURITY: N_("for information security"),
    Audience.LEADERSHIP: N_("for the leadership"),
}
WORKS = {
    Work.AUDIT: N_("audit"),
    Work.DIGEST: N_("digest"),
    Work.BACKUP: N_("backup"),
    Work.PRUNE: N_("clearing of raw outputs"),
}
SLOT_STATUSES = {
    SlotStatus.RUNNING: N_("still running"),
    SlotStatus.DONE: N_("done"),
    SlotStatus.CUT: N_("stopped before its end"),
    SlotStatus.MISSED: N_("did not run"),
    SlotStatus.FAILED: N_("failed"),
}
SLOT_REASONS = {
    SlotReason.OFF: N_("nothing was running that could begin it"),
    SlotReason.BUSY: N_("something else was running"),
    SlotReason.KILL_SWITCH: N_("the kill switch was set"),
    SlotReason.MEASURING: N_("another audit was being measured"),
    SlotReason.WINDOW: N_("its window closed"),
    SlotReason.ENDED: N_("the service was ended"),
    SlotReason.WITHDRAWN: N_("the policy does not have it any more"),
    SlotReason.BROKEN: N_("inventory or policy could not be used"),
    SlotReason.REFUSED: N_("it could not be done"),
    SlotReason.OLDER: N_("done with inventory and policy as they were before"),
}


def slot_reason(words: Words, reason: str) -> str:
    """Word why something did not run; what follows the known words, such as details, stays as it is."""
    for known, label in SLOT_REASONS.items():
        if reason.startswith(known.value):
            return clipped(words.say(label) + reason.removeprefix(known.value))
    return clipped(reason)


def age(words: Words, then: datetime, now: datetime) -> str:
    """Tell how long ago something was, in hours or days."""
    hours = int((now - then).total_seconds() // (_MINUTES * 60))
    if hours < 1:
        return words.say("less than an hour ago")
    if hours < _HOURS:
        return words.plural("%(count)s hour ago", "%(count)s hours ago", hours)
    return words.plural("%(count)s day ago", "%(count)s days ago", hours // 24)


def place(server: str, subject_key: str) -> str:
    """Name where a finding is: the server, with port and host name as far as there are any."""
    subject = Subject.from_key(subject_key)
    port = f":{subject.port}" if subject.port else ""
    name = f" ({subject.server_name})" if subject.server_name else ""
    return clipped(f"{server}{port}{name}", LONGEST_NAME)


def forecast_label(words: Words, forecast: Forecast) -> str:
    """Tell when nothing is left that keeps a server out, at the pace of the last days."""
    left = words.integer(forecast.left)
    if forecast.kind is ForecastKind.DONE:
        return words.say("no finding is left that counts against admission")
    if forecast.kind is ForecastKind.BY_DAY and forecast.day is not None:
        return words.say(
            "at this pace done by %(day)s (%(left)s left)", day=words.day(forecast.day), left=left
        )
    if forecast.kind is ForecastKind.TOO_LITTLE_DATA:
        return words.say("too few audits yet for a forecast (%(left)s left)", left=left)
    return words.say("not done at this pace (%(left)s left)", left=left)
