"""Read how far the account of the audit is limited, and who may change the tools of audits. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from auditor.model.facts import JSON
from scanners.host.access.sudo import gives_everything, is_own_form, sudoers
from scanners.host.access.sudo_rules import Rule
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, Unread

_FORBIDS = frozenset({"no-pty", "no-port-forwarding", "no-agent-forwarding", "no-x11-forwarding"})
"""What `restrict` stands for in releases of OpenSSH before 7.2."""
_KEY = re.compile(
    r"(?:(?P<options>(?:[^\s\"]|\"(?:[^\"\\]|\\.)*\")+)\s+)?(?:ssh-|ecdsa-|sk-|cert-)\S+\s+KEY$"
)
_FREE = re.compile(r"(?<!\\)[*?\[]")
_CLOSED = frozenset("0145")
"""Digits of a mode by which others may not write."""


def _told(report: Report, word: str) -> list[str]:
    return [
        value
        for name, _, value in (line.partition(" ") for line in report.lines("audit-account"))
        if name == word
    ]


def _over_ssh(report: Report) -> JSON:
    over = _told(report, "over")
    if len(over) != 1:
        raise ValueError("not told how the account came in")
    return over[0] == "ssh"


def _rights(report: Report) -> JSON:
    """Return what the account may run as root beyond commands that are fixed to the last argument."""
    (user,) = _told(report, "user")
    if user == "root":
        return ["ALL"]
    names = {user, "ALL", *(f"%{group}" for group in _told(report, "group"))}
    found = {
        rule.command[:80] for rule in sudoers(report).rules if names & {*rule.users} and not _is_fixed(rule)
    }
    return [*sorted(found)]


def _is_fixed(rule: Rule) -> bool:
    if rule.command.startswith("!") or is_own_form(rule):
        return True
    program, _, arguments = rule.command.partition(" ")
    return bool(
        program.startswith("/")
        and not gives_everything(rule)
        and arguments.strip()
        and not _FREE.search(rule.command)
        and not arguments.lstrip().startswith("^")
    )


def _keys(report: Report) -> list[set[str]]:
    found = []
    for line in report.lines("audit-keys"):
        match = _KEY.match(line)
        if match is None:
            raise ValueError("a line of authorized_keys that is no key")
        options = match["options"] or ""
        found.append({one.lower() for one in re.findall(r"(?:[^,\"]|\"(?:[^\"\\]|\\.)*\")+", options)})
    if not found:
        raise Unread(Reason.NOT_UNDERSTOOD, "the keys of the account lie elsewhere")
    return found


def _unrestricted(report: Report) -> JSON:
    return sum("restrict" not in options and not options >= _FORBIDS for options in _keys(report))


def _from_anywhere(report: Report) -> JSON:
    return sum(not any(one.startswith("from=") for one in options) for options in _keys(report))


def _expires(report: Report) -> JSON:
    """Return when the account ends, or the last of its keys, whichever is first; null is never."""
    ends = [end for end in (_account_ends(report), _keys_end(report)) if end is not None]
    return min(ends).strftime("%Y-%m-%dT%H:%M:%SZ") if ends else None


def _account_ends(report: Report) -> datetime | None:
    match = re.search(r"^Account expires\s*:\s*(.+)$", report.text("audit-expiry"), re.MULTILINE)
    if match is None:
        raise ValueError("chage names no day")
    if match[1].strip() == "never":
        return None
    return datetime.strptime(match[1].strip(), "%b %d, %Y").replace(tzinfo=UTC)


def _keys_end(report: Report) -> datetime | None:
    if _told(report, "over") == ["local"]:
        return None
    ends = [_key_ends(options) for options in _keys(report)]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None


def _key_ends(options: set[str]) -> datetime | None:
    for option in options:
        if match := re.fullmatch(r"expiry-time=\"(\d{8})(?:\d{4}(?:\d\d)?)?z?\"", option):
            # The time of day is the host's own; the end of the day is late enough everywhere.
            return datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC) + timedelta(days=1)
    return None


def _tools(report: Report) -> list[tuple[str, str, str, str]]:
    """Return mode, owner, kind and path of each tool of audits and of each store of their results."""
    found = []
    for line in report.lines("audit-tools"):
        match = re.fullmatch(r"([0-7]{1,4}) (\d+) ([^:]+):(/.+)", line)
        if match is None:
            raise ValueError(line[:60])
        found.append((match[1].zfill(4), match[2], match[3], match[4]))
    return found


def _is_program(path: str) -> bool:
    return "/bin/" in path or "/sbin/" in path


def _loose(report: Report) -> JSON:
    """Return what others than root own or may change, and stores that everybody may read."""
    return [
        f"{path} {mode} uid {owner}"
        for mode, owner, _, path in _tools(report)
        if owner != "0"
        or mode[2] not in _CLOSED
        or mode[3] not in _CLOSED
        or (path.startswith("/var/") and mode[3] != "0")
    ]


def _unsummed(report: Report) -> JSON:
    """Return programs of which neither a package nor a list keeps a checksum. /usr may be merged or not."""
    summed = {line.removeprefix("sum ").removeprefix("/usr") for line in report.lines("audit-sums")}
    return [
        path
        for _, _, _, path in _tools(report)
        if _is_program(path) and path.removeprefix("/usr") not in summed
    ]


READERS: dict[str, Reader] = {
    "host.audit_over_ssh": _over_ssh,
    "host.audit_rights": _rights,
    "host.audit_keys_unrestricted": _unrestricted,
    "host.audit_keys_from_anywhere": _from_anywhere,
    "host.audit_expires": _expires,
    "host.audit_tools": lambda report: [path for *_, path in _tools(report)],
    "host.audit_tools_loose": _loose,
    "host.audit_tools_unsummed": _unsummed,
}
