"""Read the accounts and groups that a host keeps itself, and the state of their passwords. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scanners.host.report import Reason, Report, Unread

_NO_SHELL = re.compile(r"(.*/)?(nologin|false|true|sync|shutdown|halt)")
_FIRST_PERSON = 1000
"""Lowest UID of people where login.defs names none; 500 on releases before 2014."""
_NOBODY = 65534
_LAST_PERSON = 60000


@dataclass(frozen=True, slots=True)
class Account:
    """One line of passwd(5)."""

    name: str
    kept: str
    """What the field of the password holds: empty, x, only * and !, or hash."""
    uid: int
    gid: int
    home: str
    shell: str

    @property
    def has_shell(self) -> bool:
        """Return whether a session of this account gets a shell; no name of a program means /bin/sh."""
        return _NO_SHELL.fullmatch(self.shell) is None


@dataclass(frozen=True, slots=True)
class Group:
    """One line of group(5)."""

    name: str
    gid: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Password:
    """What shadow(5) says of one account, without the hash."""

    account: str
    state: str
    """set, locked or empty."""
    method: str
    """Prefix of the hash, such as $6 or $y; des, other, or empty where there is none."""
    changed: datetime | None
    maximum_days: int | None
    expires: datetime | None
    """Begin of the day from which on nobody logs in to it."""


def accounts(report: Report) -> list[Account]:
    """Return the accounts of /etc/passwd; raise Unread or ValueError. Marks of NIS (`+`) are left out."""
    found = [_account(line) for line in _ran(report, "accounts-passwd") if not line.startswith(("+", "-"))]
    if not found:
        raise ValueError("no account at all")
    return found


def _account(line: str) -> Account:
    name, kept, uid, gid, home, shell = line.split(":")
    return Account(name, kept, int(uid), int(gid), home, shell)


def groups(report: Report) -> list[Group]:
    """Return the groups of /etc/group; raise Unread or ValueError."""
    lines = (line for line in _ran(report, "accounts-groups") if not line.startswith(("+", "-")))
    return [_group(line) for line in lines]


def _group(line: str) -> Group:
    name, gid, members = line.split(":")
    return Group(name, int(gid), tuple(one.strip() for one in members.split(",") if one.strip()))


def passwords(report: Report) -> dict[str, Password]:
    """Return account → state of its password; raise Unread or ValueError."""
    return {one.account: one for one in map(_password, _ran(report, "accounts-shadow"))}


def _password(line: str) -> Password:
    name, state, method, changed, maximum, expires = line.split(":")
    if state not in ("set", "locked", "empty"):
        raise ValueError(f"state of a password: {state[:20]}")
    return Password(name, state, method, _day(changed), _whole(maximum), _day(expires))


def _whole(text: str) -> int | None:
    # An empty field and -1 both say that nothing was set.
    return int(text) if text.strip() and int(text) >= 0 else None


def _day(text: str) -> datetime | None:
    days = _whole(text)
    return None if days is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)


def _ran(report: Report, name: str) -> list[str]:
    section = report.section(name)
    lines = report.lines(name)
    if section.exit_code != 0:
        raise Unread(Reason.NOT_UNDERSTOOD, f"{name} ended with status {section.exit_code}")
    return lines


def clock(report: Report) -> datetime:
    """Return the host's own time when it was looked at."""
    return datetime.strptime(report.text("clock").strip(), "%Y-%m-%dT%H:%M:%S%z")


def login_settings(report: Report) -> dict[str, str]:
    """Return the assignments of login.defs(5); raise Unread."""
    return report.once(_login_settings)


def _login_settings(report: Report) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in report.optional_lines("accounts-login-defs"):
        keyword, _, value = line.partition("#")[0].strip().replace("\t", " ").partition(" ")
        if keyword:
            found[keyword] = value.strip().strip('"')
    return found


def is_person(account: Account, report: Report) -> bool:
    """Return whether the number of an account is one that people get; root and nobody are not people."""
    settings = login_settings(report)
    first = int(settings.get("UID_MIN", _FIRST_PERSON))
    last = int(settings.get("UID_MAX", _LAST_PERSON))
    # Numbers of directory services and of imported people lie above the range of useradd.
    beyond = account.uid > last and account.uid not in (_NOBODY, _NOBODY - 1, 2**32 - 2)
    return first <= account.uid <= last or (beyond and account.name != "nobody" and not _is_dynamic(account))


def _is_dynamic(account: Account) -> bool:
    """Return whether systemd hands out this number to services and containers (systemd.io, UIDS-GIDS)."""
    return 61184 <= account.uid <= 65519 or 524288 <= account.uid <= 1879048191


def people(report: Report) -> list[Account]:
    """Return the accounts of people that have a login shell."""
    return [one for one in accounts(report) if one.has_shell and is_person(one, report)]


def system_accounts(report: Report) -> list[Account]:
    """Return the accounts of programs: neither root nor of people."""
    return [one for one in accounts(report) if one.uid != 0 and not is_person(one, report)]


def password_state(account: Account, kept: dict[str, Password]) -> str:
    """Return set, locked or empty. A password that passwd itself holds goes before shadow."""
    if account.kept == "":
        return "empty"
    if account.kept == "hash":
        return "set"
    if account.kept != "x":
        return "locked"
    # An account that shadow does not know has no password that could be right.
    return kept[account.name].state if account.name in kept else "locked"


def is_expired(account: Account, kept: dict[str, Password], now: datetime) -> bool:
    """Return whether shadow closes an account since its day of expiry."""
    expires = kept[account.name].expires if account.name in kept else None
    return expires is not None and expires <= now


def duplicates(report: Report) -> list[str]:
    """Return names and numbers that stand for more than one account or group."""
    listed, grouped = accounts(report), groups(report)
    return [
        *_twice("account", (one.name for one in listed)),
        *_twice("group", (one.name for one in grouped)),
        *_shared("UID", ((one.uid, one.name) for one in listed)),
        *_shared("GID", ((one.gid, one.name) for one in grouped)),
    ]


def _twice(kind: str, names: Iterable[str]) -> list[str]:
    return [f"{kind} {name} ({count} lines)" for name, count in Counter(names).items() if count > 1]


def _shared(kind: str, numbered: Iterable[tuple[int, str]]) -> list[str]:
    found: dict[int, set[str]] = {}
    for number, name in numbered:
        found.setdefault(number, set()).add(name)
    return [
        f"{kind} {number}: {', '.join(sorted(names))}" for number, names in found.items() if len(names) > 1
    ]


def group_members(report: Report) -> dict[str, set[str]]:
    """Return group → its members, those counted whose own group it is."""
    listed, found = accounts(report), dict[str, set[str]]()
    for group in groups(report):
        own = {one.name for one in listed if one.gid == group.gid}
        found.setdefault(group.name, set()).update(group.members, own)
    return found
