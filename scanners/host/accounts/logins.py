"""Read when accounts were last used, and which sessions there were. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from auditor.model.facts import JSON
from scanners.host.accounts.keys import Key, keys_of
from scanners.host.accounts.listed import (
    Account,
    Password,
    accounts,
    clock,
    is_expired,
    password_state,
    passwords,
    people,
)
from scanners.host.report import Reason, Report, Unread

_WINDOW = timedelta(days=90)
"""How far back sessions are told."""
_MOST = 1500
"""How many lines `last` was asked for, see collect.sh."""
_DAY = r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
_LAST_LOGIN = re.compile(rf"(\S+)\s.*?({_DAY}) ([+-]\d{{4}}) (\d{{4}})")
_NEVER = re.compile(r"(\S+)\s+\*\*Never logged in\*\*")
_SESSION = re.compile(rf"(\S+)\s.*?({_DAY} \d{{4}})\b(.*)")
_BEGINS = re.compile(rf"\S+ begins ({_DAY} \d{{4}})")
_LASTED = re.compile(r"\((?:(\d+)\+)?(\d+):(\d\d)(?::\d\d)?\)")
_NOT_SESSIONS = frozenset({"reboot", "shutdown", "runlevel", "system", "LOGIN"})


@dataclass(frozen=True, slots=True)
class Session:
    """One session; `ended` is None where the records do not tell."""

    account: str
    started: datetime
    ended: datetime | None


def active(report: Report) -> list[str]:
    """Return the accounts with a login shell that a password or a key opens now."""
    return [one.name for one in _active(report)]


def _active(report: Report) -> list[Account]:
    kept, keys, now = passwords(report), keys_of(report), clock(report)
    return [
        one
        for one in accounts(report)
        if one.has_shell
        and (password_state(one, kept) != "locked" or one.name in keys)
        and not is_expired(one, kept, now)
    ]


def unused(report: Report) -> list[JSON]:
    """Return account and days since the last login, or since the password was set, of people's accounts.

    Left out are the account that looked, and accounts whose keys give no terminal: nothing records their
    sessions. Raise Unread where the host keeps no records of logins.
    """
    now, kept, keys = clock(report), passwords(report), keys_of(report)
    (last, since), made = _last_logins(report), _made(report, kept)
    looking = report.text("account").strip()
    wanted = {one.name for one in people(report)} & {one.name for one in _active(report)} - {looking}
    return [
        {"account": name, "days": max(0, (now - _used(name, last, since, made)).days)}
        for name in sorted(wanted)
        if name in last or _gives_terminal(name, kept, keys.get(name, []))
    ]


def _gives_terminal(name: str, kept: dict[str, Password], keys: list[Key]) -> bool:
    has_password = name not in kept or kept[name].state != "locked"
    return has_password or any(key.gives_terminal for key in keys)


def _used(
    name: str, last: dict[str, datetime], since: datetime | None, made: dict[str, datetime | None]
) -> datetime:
    """Return when an account was last used, or since when nobody used it; raise Unread."""
    if name in last:
        return last[name]
    known = made.get(name)
    if known is None:
        raise Unread(Reason.NOT_UNDERSTOOD, f"when {name} was made is not recorded")
    return known if since is None else max(known, since)


def _made(report: Report, kept: dict[str, Password]) -> dict[str, datetime | None]:
    """Return since when an account is there at least: its password was set, or the host was installed."""
    seconds = int(report.text("installed").strip() or 0)
    installed = datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    changed = {name: one.changed or installed for name, one in kept.items()}
    return {one.name: changed.get(one.name, installed) for one in accounts(report)}


def _last_logins(report: Report) -> tuple[dict[str, datetime], datetime | None]:
    """Return account → last login, the latest of all records that the host keeps; raise Unread for none.

    Then, since when the records tell; None where one keeps the last login of every account.
    """
    kept = [one for name in ("accounts-lastlog", "accounts-lastlog2") for one in _kept_last(report, name)]
    recorded = _sessions_or_none(report)
    if not kept and recorded is None:
        raise Unread(Reason.TOOL_MISSING, "no records of logins")
    sessions: dict[str, datetime] = {}
    for one in recorded or []:
        sessions[one.account] = max(one.started, sessions.get(one.account, one.started))
    found: dict[str, datetime] = {}
    for source in [*kept, sessions]:
        for name, instant in source.items():
            found[name] = max(instant, found.get(name, instant))
    if kept:
        return found, None
    since = _begin(report)
    if clock(report) - since < _WINDOW:
        raise Unread(Reason.NOT_UNDERSTOOD, f"the records of logins begin on {since:%Y-%m-%d}")
    return found, since


def _kept_last(report: Report, name: str) -> Iterator[dict[str, datetime]]:
    section = report.section(name)
    if report.optional(name) is None or section.exit_code != 0:
        return
    lines = report.lines(name)
    if not lines or not lines[0].startswith("Username"):
        raise ValueError(f"{name}: no heading")
    matches = [(_LAST_LOGIN.fullmatch(line), _NEVER.fullmatch(line)) for line in lines[1:]]
    if any(one is None and never is None for one, never in matches):
        raise ValueError(f"{name}: a line that tells of no login")
    yield {
        one[1]: datetime.strptime(f"{one[2]} {one[4]} {one[3]}", "%a %b %d %H:%M:%S %Y %z")
        for one, _ in matches
        if one
    }


def _sessions_or_none(report: Report) -> list[Session] | None:
    try:
        return [one for one in _sessions(report) if isinstance(one, Session)]
    except Unread as error:
        if error.reason is Reason.TOOL_MISSING:
            return None
        raise


def _sessions(report: Report) -> list[Session | datetime]:
    """Return all sessions, and the instants from which on the records tell; raise Unread."""
    if report.optional("accounts-sessions") is None:
        raise Unread(Reason.TOOL_MISSING, "last")
    now = clock(report)
    found: list[Session | datetime] = []
    for path, text in report.files("accounts-sessions").items():
        lines = [line for line in text.splitlines() if line.strip()]
        if "failed" in lines:
            raise Unread(Reason.TOOL_MISSING, path)
        read = [one for line in lines for one in _session(line, now)]
        if len(lines) > _MOST:
            # What is older than the last line was not printed.
            read = [*(one for one in read if isinstance(one, Session))]
            found.append(min(one.started for one in read if isinstance(one, Session)))
        found.extend(read)
    return found


def _session(line: str, now: datetime) -> Iterator[Session | datetime]:
    if begins := _BEGINS.fullmatch(line.strip()):
        yield _instant(begins[1])
        return
    match = _SESSION.fullmatch(line.strip())
    if match is None:
        raise ValueError(f"a session: {line[:60]}")
    if match[1] not in _NOT_SESSIONS:
        started = _instant(match[2])
        yield Session(match[1], started, _ended(started, match[3], now))


def _ended(started: datetime, rest: str, now: datetime) -> datetime | None:
    if "still" in rest:
        return now
    lasted = _LASTED.search(rest)
    if lasted is None:
        return None
    return started + timedelta(days=int(lasted[1] or 0), hours=int(lasted[2]), minutes=int(lasted[3]))


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)


def recorded_since(report: Report) -> str:
    """Return since when the records of sessions tell, RFC 3339; raise Unread."""
    return _begin(report).strftime("%Y-%m-%dT%H:%M:%SZ")


def _begin(report: Report) -> datetime:
    begins = [one for one in _sessions(report) if isinstance(one, datetime)]
    starts = [one.started for one in _sessions(report) if isinstance(one, Session)]
    if not begins and not starts:
        raise Unread(Reason.NOT_UNDERSTOOD, "the records of sessions are empty")
    return min(begins or starts)


def sessions(report: Report) -> list[JSON]:
    """Return the sessions of the last 90 days by account and hours of the host's own time zone.

    `to_hour` is the hour before which a session ended, counted on from the day it began: 26 is two o'clock in
    the night after; null where its end was not recorded.
    """
    zone, since = _zone(report), clock(report) - _WINDOW
    counted: dict[tuple[str, int, int | None], list[datetime]] = {}
    for one in _sessions(report):
        if isinstance(one, Session) and (one.ended or one.started) >= since:
            counted.setdefault((one.account, *_hours(one, zone)), []).append(one.started)
    return [
        {
            "account": account,
            "from_hour": first,
            "to_hour": last,
            "sessions": len(starts),
            "last": max(starts).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        for (account, first, last), starts in sorted(counted.items(), key=lambda one: str(one[0]))
    ]


def _zone(report: Report) -> timezone:
    offset = datetime.strptime(report.text("accounts-zone").strip(), "%z").utcoffset()
    return timezone(offset or timedelta())


def _hours(session: Session, zone: timezone) -> tuple[int, int | None]:
    started = session.started.astimezone(zone)
    if session.ended is None:
        return started.hour, None
    midnight = started.replace(hour=0, minute=0, second=0)
    return started.hour, math.ceil((session.ended - midnight) / timedelta(hours=1))
