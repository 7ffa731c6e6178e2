"""Read whether sudo asks for a password of one's own and keeps a log. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.access.sudo_rules import Option, Rule, Sudoers, parse_sudoers
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, Unread

_READ = frozenset({"/etc/sudoers", "/etc/sudoers.d"})
_PTY_BY_DEFAULT = (1, 9, 14)
"""Release of sudo from which use_pty holds without being written."""
_SHELLS = re.compile(
    r"(ba|da|z|k|c|tc|fi)?sh|su|sudo|sudoedit|env|nice|python[\d.]*|perl|ruby|php[\d.]*|lua|node|awk|gawk|vi|vim"
    r"|view|nano|emacs|ed|less|more|man|find|tar|rsync|docker|podman|nmap|gdb|screen|tmux|xargs|tee|dd|cp|mv|chmod"
    r"|chown|mount|systemd-run|nsenter|unshare|chroot|visudo|passwd|usermod|apt|apt-get|dnf|yum|rpm|dpkg|pip3?"
)
"""Programs that hand over the whole host, when their arguments are free to choose."""
_EDITORS = re.compile(r"vi|vim|view|nano|emacs|ed|less|more|man")
"""Programs that hand over a shell whatever they were given to show."""
_OPEN_PLACES = ("/home/", "/tmp/", "/var/tmp/", "/dev/shm/", "/var/www/")  # noqa: S108 - places to distrust
"""Where ordinary users can put another program in the place of the one that was meant."""
_ROOT_SHELL = re.compile(
    r"su( (-|-l|--login|-m|-p|--preserve-environment|-s \S+|--shell=\S+|root))*"
    r"|(ba|da|z|k|c|tc|fi)?sh( (-[il]+|--login|--posix|--norc|--noprofile))*"
    r"|sudo( (-[isEHn]+|-u root|--login|--shell))+"
    r"|(env|nice|ionice|nohup|setsid|stdbuf -o0)( -\S+)* (\S*/)?(ba|da|z|k|c|tc|fi)?sh( -[il]+)*"
    r"|(screen|tmux|script)( -\S+)*|chroot \S+|nsenter .*|systemd-run .*(--shell|-S)\b.*|unshare .*"
    r"|(python[\d.]*|perl|ruby|lua|node)( -i)?"
)
"""Programs that, with just these arguments, open a shell or an interpreter that answers to whoever called."""
_UNLIMITED = re.compile(r"(?<!\\)[*?\[]")
_GIVEN_TO_SHELL = re.compile(r"\S*/(ba|da|z|k|c|tc|fi)?sh -[a-z]*c\b")
_OWN_FORM = re.compile(r"/(usr/)?bin/sh -c \{fixed\}")
"""What the collection prints for `sh -c { … }`: one text that no cut makes another command of."""
_NOWHERE = "/dev/null"
_SHARED = ("targetpw", "rootpw", "runaspw")


def sudoers(report: Report) -> Sudoers:
    """Return what sudoers says; raise Unread where a part of it lies elsewhere."""
    return report.once(_sudoers)


def _sudoers(report: Report) -> Sudoers:
    found = parse_sudoers(report.lines("sudo-rules"))
    if not found.rules and not found.options:
        raise Unread(Reason.NOT_UNDERSTOOD, "no rule in it")
    elsewhere = [path for path in found.includes if path not in _READ]
    if elsewhere:
        raise Unread(Reason.NOT_UNDERSTOOD, f"rules of {elsewhere[0]}")
    sources = report.optional("sudo-sources") or ""
    if directory := re.search(r"\b(ldap|sss|nis\w*)\b", sources):
        raise Unread(Reason.NOT_UNDERSTOOD, f"rules come from {directory[1]} too")
    return found


def gives_everything(rule: Rule) -> bool:
    """Return whether a command, run as root, is as good as every command."""
    if not rule.run_as or not any(_may_be_root(name) for name in rule.run_as):
        return False
    if rule.command == "ALL":
        return True
    program, _, arguments = rule.command.partition(" ")
    name = program.rpartition("/")[2]
    if rule.command.startswith("!"):
        return False
    if _ROOT_SHELL.fullmatch(f"{name} {arguments}".removesuffix('""').strip()):
        return True
    if arguments.strip() == '""':
        return False
    if re.search(r"(?<!\\)[*?\[]", program) or program.endswith("/"):
        return True
    if _GIVEN_TO_SHELL.match(rule.command):
        # sudo compares the text of all arguments: where a word ends, whoever calls decides.
        return True
    if _EDITORS.fullmatch(name) or program.startswith(_OPEN_PLACES):
        return True
    free = not arguments.strip() or _UNLIMITED.search(arguments) is not None
    return free and _SHELLS.fullmatch(name) is not None


def is_own_form(rule: Rule) -> bool:
    """Return whether a rule is of the form in which the audit asks for its commands."""
    return _OWN_FORM.fullmatch(rule.command) is not None


def audit_accounts(report: Report) -> set[str]:
    """Return the accounts that the audit itself logs in with."""
    lines = (report.optional("audit-account") or "").splitlines()
    return {line.removeprefix("user ") for line in lines if line.startswith("user ")}


def _may_be_root(name: str) -> bool:
    return name in ("ALL", "root", "#0") or name[:1] in "%+!"


def _without_password(report: Report) -> JSON:
    own = audit_accounts(report)
    found = {
        f"{user}: {rule.command[:80]} ({rule.source})"
        for rule in sudoers(report).rules
        if not rule.password and gives_everything(rule)
        for user in rule.users
        if user not in ("root", "#0") and not user.startswith("!")
        if not (is_own_form(rule) and user in own)
    }
    return [*sorted(found)]


def _said(option: Option) -> str:
    return f"Defaults{option.scope} {'' if option.on else '!'}{option.name} ({option.source})"


def _authenticate_off(report: Report) -> JSON:
    """Return where no password is asked for at all: switched off, or for the members of a group."""
    return [
        _said(one)
        for one in sudoers(report).options
        if (one.name == "authenticate" and not one.on) or (one.name == "exempt_group" and one.on)
    ]


def _shared_password(report: Report) -> JSON:
    return [_said(one) for one in sudoers(report).options if one.name in _SHARED and one.on]


def _installed(report: Report) -> JSON:
    return report.optional("sudo-version") is not None


def _version(report: Report) -> tuple[int, ...]:
    match = re.match(r"Sudo version (\d+)\.(\d+)(?:\.(\d+))?", report.text("sudo-version"))
    if match is None:
        raise ValueError("no version of sudo")
    return tuple(int(number or 0) for number in match.groups())


def _use_pty(report: Report) -> JSON:
    told = [one for one in sudoers(report).options if one.name == "use_pty"]
    if any(one.scope and not one.on for one in told):
        return False
    general = [one.on for one in told if not one.scope]
    return general[-1] if general else _version(report) >= _PTY_BY_DEFAULT


def _log(report: Report) -> JSON:
    """Return where sudo notes what was run: syslog unless switched off, and a file when one is set."""
    options = sudoers(report).options
    if any(one.name == "log_allowed" and not one.on for one in options):
        return []
    syslog = [one for one in options if one.name == "syslog"]
    file = [one for one in options if one.name == "logfile"]
    return [
        *(["syslog"] if all(one.on for one in syslog) else []),
        *([file[-1].value] if file and all(one.on for one in file) and file[-1].value != _NOWHERE else []),
    ]


READERS: dict[str, Reader] = {
    "host.sudo_installed": _installed,
    "host.sudo_without_password": _without_password,
    "host.sudo_authenticate_off": _authenticate_off,
    "host.sudo_shared_password": _shared_password,
    "host.sudo_use_pty": _use_pty,
    "host.sudo_log": _log,
}
