"""Read the area `accounts`. Pure."""

from __future__ import annotations

from auditor.model.facts import JSON
from scanners.host.accounts import administrators, keys, listed, logins, passwords
from scanners.host.area import Reader
from scanners.host.report import Report


def _with_state(report: Report, *states: str) -> list[str]:
    kept = listed.passwords(report)
    found = listed.accounts(report)
    return [one.name for one in found if listed.password_state(one, kept) in states]


def _system_passwords(report: Report) -> JSON:
    programs = {one.name for one in listed.system_accounts(report)}
    return [name for name in _with_state(report, "set", "empty") if name in programs]


def _system_shells(report: Report) -> JSON:
    # The account of the audit itself may have the number of a program; it must have a shell.
    looking = report.text("account").strip()
    return [one.name for one in listed.system_accounts(report) if one.has_shell and one.name != looking]


def _expiries(report: Report) -> JSON:
    return [
        {"account": one.account, "expires": one.expires.strftime("%Y-%m-%dT%H:%M:%SZ")}
        for one in listed.passwords(report).values()
        if one.expires is not None
    ]


def _unshadowed(report: Report) -> JSON:
    return [one.name for one in listed.accounts(report) if one.kept == "hash"]


READERS: dict[str, Reader] = {
    "host.account_names": lambda report: [one.name for one in listed.accounts(report)],
    "host.account_root_ids": lambda report: [one.name for one in listed.accounts(report) if one.uid == 0],
    "host.account_duplicates": lambda report: [*listed.duplicates(report)],
    "host.account_interactive": lambda report: [one.name for one in listed.people(report)],
    "host.account_system_shells": _system_shells,
    "host.account_system_passwords": _system_passwords,
    "host.account_passwords": lambda report: [*_with_state(report, "set")],
    "host.account_passwords_empty": lambda report: [*_with_state(report, "empty")],
    "host.account_passwords_unshadowed": _unshadowed,
    "host.account_active": lambda report: [*logins.active(report)],
    "host.account_expiries": _expiries,
    "host.account_unused": logins.unused,
    "host.account_keys": keys.as_facts,
    "host.account_keys_shared": lambda report: [*keys.on_several_accounts(report)],
    "host.account_directories": lambda report: [*administrators.directories(report)],
    "host.account_administrators": administrators.administrators,
    "host.account_administrators_by_sudo": lambda report: [*administrators.by_sudo(report)],
    "host.account_roles": administrators.roles,
    "host.account_single_factor": lambda report: [*administrators.single_factor(report)],
    "host.account_sessions": logins.sessions,
    "host.account_sessions_since": logins.recorded_since,
    "host.home_directories_open": lambda report: [*keys.open_homes(report)],
    "host.home_files_open": lambda report: [*keys.open_files(report)],
    "host.su_group": administrators.su_group,
    "host.password_length": passwords.shortest,
    "host.password_dictionary": passwords.dictionary,
    "host.password_methods": lambda report: [*passwords.methods_of_new(report)],
    "host.password_hashes": passwords.methods_in_use,
    "host.password_remembered": passwords.remembered,
    "host.password_days": passwords.days,
    "host.password_days_new": passwords.days_of_new,
    "host.lockout_tries": passwords.tries,
    "host.console_logins": lambda report: [*administrators.consoles(report)],
    "host.contact_files": lambda report: [*administrators.contacts(report)],
}
