"""Read who administers a host, who may become root with su, and who is called in an emergency. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.access.sshd import Settings, effective, matches
from scanners.host.access.sudo import audit_accounts, gives_everything, is_own_form, sudoers
from scanners.host.accounts.keys import keys_of
from scanners.host.accounts.listed import accounts, group_members, password_state, passwords
from scanners.host.accounts.listed import groups as groups_of
from scanners.host.accounts.logins import active
from scanners.host.accounts.pam import Rule, certain, has_service, stack
from scanners.host.report import Reason, Report, State, Unread

_ROOT_GROUPS = ("sudo", "wheel", "admin", "docker", "lxd", "lxc", "libvirt", "disk")
"""Groups whose members are root, or become it without another's doing."""
_READING_GROUPS = ("root", "shadow", "adm")
"""Groups that programs are in for good reasons; their members with a login shell count."""
_ROLES = {
    "system": ("root", "sudo", "wheel", "admin", "docker", "lxd", "lxc", "libvirt"),
    "database": ("postgres", "mysql", "mariadb", "mongodb", "mongod", "redis", "dba", "oinstall", "mssql"),
    "application": ("www-data", "nginx", "apache", "tomcat", "webadmin", "deploy"),
    "log": ("adm", "systemd-journal", "syslog", "splunk", "graylog", "wazuh", "ossec"),
}
"""Role → groups that give it."""
_OTP = re.compile(
    r"pam_(google_authenticator|oath|u2f|yubico|duo|radius\w*|otpw|privacyidea|securid|rsa\w*|multiotp)"
)
_DECIDING = frozenset(
    {"authenticationmethods", "passwordauthentication", "pubkeyauthentication", "permitrootlogin"}
)
"""Settings of sshd that decide with how many factors an account is opened."""
_INTERACTIVE = ("kbdinteractiveauthentication", "challengeresponseauthentication")
_DIRECTORIES = frozenset({"sss", "ldap", "winbind", "nis", "nisplus", "hesiod", "db"})
_SSSD = "/etc/sssd/"


def administrators(report: Report) -> list[JSON]:
    """Return account and groups of everybody but root who has the rights of an administrator."""
    found = _administrators(report)
    return [{"account": name, "groups": ", ".join(sorted(told))} for name, told in sorted(found.items())]


def _administrators(report: Report) -> dict[str, set[str]]:
    shells = {one.name: one.has_shell for one in accounts(report)}
    found: dict[str, set[str]] = {}
    for group, members in group_members(report).items():
        if group not in (*_ROOT_GROUPS, *_READING_GROUPS):
            continue
        for name in (members & set(shells)) - {"root"}:
            # A program may be in a group that reads, or have a group of its own name.
            if shells[name] or (group in _ROOT_GROUPS and name != group):
                found.setdefault(name, set()).add(group)
    return found


def by_sudo(report: Report) -> list[str]:
    """Return accounts but root to whom sudoers gives everything, with a password or without; raise Unread.

    A group without a member that this host knows is named itself: its members are in a directory.
    """
    if report.optional("sudo-version") is None:
        return []
    found = {
        name
        for rule in sudoers(report).rules
        if gives_everything(rule)
        for user in rule.users
        for name in _named(user, report)
        if not (is_own_form(rule) and name in audit_accounts(report))
    }
    return sorted(found - {"root"})


def _named(user: str, report: Report) -> set[str]:
    """Return the accounts that a user of a rule stands for; what is excluded (!name) takes nothing away."""
    name = user.strip('"')
    if name.startswith("!"):
        return set()
    if name == "ALL":
        return {one.name for one in accounts(report) if one.has_shell}
    if name.startswith("%"):
        groups = {str(one.gid): one.name for one in groups_of(report)}
        group = groups.get(name[2:], name[2:]) if name.startswith("%#") else name[1:]
        return group_members(report).get(group, set()) or {name}
    if name.startswith("#"):
        return {one.name for one in accounts(report) if str(one.uid) == name[1:]} or {name}
    return {name}


def roles(report: Report) -> list[JSON]:
    """Return account and role, one entry for each role that a group gives to somebody with a login shell."""
    members = group_members(report)
    people = {one.name for one in accounts(report) if one.has_shell and one.uid != 0}
    held = {
        (name, role)
        for role, given in _ROLES.items()
        for group in given
        for name in members.get(group, set()) & people
        # An account of a program is not a person with that role.
        if name != group
    }
    return [{"account": name, "role": role} for name, role in sorted(held)]


def single_factor(report: Report) -> list[str]:
    """Return the administrators, root with them, who reach a shell over SSH with one factor; raise Unread."""
    if report.section("sshd-effective").state is State.ABSENT:
        return []
    settings, second = effective(report), _second_factor(report)
    if any(_DECIDING & set(block.settings) for block in matches(report)):
        raise Unread(Reason.NOT_UNDERSTOOD, "a Match block changes how accounts log in")
    listed, kept, keys = accounts(report), passwords(report), keys_of(report)
    named = {"root", *_administrators(report)} & set(active(report))
    root_may = settings["permitrootlogin"][0].lower()
    found = []
    for account in (one for one in listed if one.name in named):
        is_root = account.name == "root"
        known = password_state(account, kept) == "set" and (not is_root or root_may == "yes")
        held = _Held(known, tuple(key.type for key in keys.get(account.name, [])))
        if not (is_root and root_may == "no") and _one_factor(settings, held, second):
            found.append(account.name)
    return sorted(found)


@dataclass(frozen=True, slots=True)
class _Held:
    """What opens an account: a password, and keys of these types."""

    password: bool
    keys: tuple[str, ...]


def _one_factor(settings: Settings, held: _Held, second: bool) -> bool:
    """Return whether one thing alone opens the account: a plain key, or a password without a code."""
    possible = {
        "publickey": _yes(settings, "pubkeyauthentication") and bool(held.keys),
        "password": _yes(settings, "passwordauthentication") and held.password,
        "keyboard-interactive": _yes(settings, *_INTERACTIVE) and _yes(settings, "usepam") and held.password,
    }
    told = " ".join(settings.get("authenticationmethods", ("any",))).split()
    lists = [*possible] if not told or "any" in told else told
    hardware = all(one.startswith("sk-") for one in held.keys)
    for steps in ({step.partition(":")[0] for step in one.split(",")} for one in lists):
        if not all(possible.get(step, False) for step in steps):
            continue
        strong = hardware if steps == {"publickey"} else second or "publickey" in steps
        if not strong:
            return True
    return False


def _yes(settings: Settings, *names: str) -> bool:
    return any(settings.get(name, ("no",))[0].lower() == "yes" for name in names)


def _second_factor(report: Report) -> bool:
    """Return whether PAM asks everybody who logs in over SSH for a code or a token."""
    return any(
        rule.refuses and _OTP.fullmatch(rule.module) and "nullok" not in rule.arguments
        for rule in certain(stack(report, "sshd", "auth"))
    )


def su_group(report: Report) -> str | None:
    """Return the group that su is limited to; None where everybody may try it."""
    services = [one for one in ("su", "su-l") if has_service(report, one)]
    if not services:
        raise Unread(Reason.NOT_UNDERSTOOD, "no settings of PAM for su")
    found = {_su_group(stack(report, service, "auth"), report) for service in services}
    return next(iter(found)) if len(found) == 1 else None


def _su_group(rules: list[Rule], report: Report) -> str | None:
    for rule in rules:
        if rule.module == "pam_wheel":
            if not rule.refuses or {"deny", "trust"} & set(rule.arguments):
                continue
            return rule.value("group") or _wheel(report)
        # Root itself goes through before; what lets others through makes the rest of no effect.
        if rule.module != "pam_rootok" and rule.after_success is None and not rule.substack:
            return None
    return None


def _wheel(report: Report) -> str:
    """Return the group that pam_wheel means without an argument: wheel, or else that with GID 0."""
    return "wheel" if "wheel" in group_members(report) else "root"


def directories(report: Report) -> list[str]:
    """Return the directory services that may know more accounts than /etc/passwd; raise Unread.

    sss alone in nsswitch.conf says nothing: RHEL names it on every host.
    """
    marks = report.lines("accounts-directories")
    named = {
        word
        for line in report.optional_lines("accounts-nsswitch")
        if line.startswith("passwd:")
        for word in re.sub(r"\[[^]]*\]", " ", line.partition("#")[0]).split()[1:]
    } & _DIRECTORIES
    if "sss" in named and not any(mark.startswith(f"there {_SSSD}") for mark in marks):
        if any(mark.startswith(f"hidden {_SSSD}") for mark in marks):
            raise Unread(Reason.NEEDS_ROOT, _SSSD)
        named = named - {"sss"}
    return sorted(named)


def consoles(report: Report) -> list[str]:
    """Return the files that start a login on a console."""
    return _marked(report, "console")


def contacts(report: Report) -> list[str]:
    """Return the files in which the people to call may be written down."""
    return _marked(report, "contact")


def _marked(report: Report, mark: str) -> list[str]:
    lines = (line.partition(" ") for line in report.lines("accounts-responders"))
    return sorted({path for word, _, path in lines if word == mark})
