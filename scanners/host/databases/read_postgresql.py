"""Read who may enter PostgreSQL and with which rights, its databases and its replication. Pure."""

from __future__ import annotations

import ipaddress
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.databases.installed import where_installed
from scanners.host.report import Reason, Report, Unread

_POWERS = frozenset(
    {"pg_execute_server_program", "pg_write_server_files", "pg_read_server_files"}
    | {"pg_write_all_data", "pg_read_all_data"}
)
"""Roles of the server itself that reach all data or the machine (PostgreSQL, Predefined Roles)."""
_NETWORK = frozenset({"host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"})
_METHODS = frozenset(
    {"trust", "reject", "scram-sha-256", "md5", "password", "gss", "sspi", "ident", "peer", "ldap"}
    | {"radius", "cert", "pam", "bsd", "oauth"}
)
_TEMPLATES = frozenset({"postgres"})

Row = Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of pg_hba.conf for connections over the network."""

    kind: str
    text: str
    method: str
    local: bool
    """The addresses are those of the machine itself."""


def rows(report: Report) -> list[Row]:
    """Return what every running server told, in order; raise Unread where one did not answer."""
    found: list[Row] = []
    for line in report.lines("databases-postgresql"):
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("a row that is no object")
        found.append(row)
    settings, answered = _settings(found), [row for row in found if row["kind"] == "answered"]
    # Each server tells where its data are, first of all or not at all.
    if not answered or len(answered) != len(settings.get("data_directory", [])):
        raise Unread(Reason.NOT_UNDERSTOOD, "no server let its own account in over a socket")
    return found


def _settings(told: list[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in told:
        if row["kind"] == "setting":
            found.setdefault(str(row["name"]), []).append(str(row["setting"]))
    return found


def setting(report: Report, name: str) -> list[str]:
    """Return the values of a setting, one for each running server; raise Unread."""
    return _settings(rows(report)).get(name, [])


def _of(report: Report, kind: str) -> Iterator[Row]:
    return (row for row in rows(report) if row["kind"] == kind)


def rules(report: Report) -> list[Rule]:
    """Return the rules for connections over the network; raise Unread where a file was not read."""
    files = report.files("databases-postgresql-rules")
    if not files:
        raise Unread(Reason.NOT_UNDERSTOOD, "no pg_hba.conf in the usual places")
    section = report.sections.get("databases-postgresql")
    elsewhere = section is not None and section.text and set(setting(report, "hba_file")) - set(files)
    if elsewhere:
        raise Unread(Reason.NOT_UNDERSTOOD, f"rules in {', '.join(sorted(elsewhere))}")
    return [rule for text in files.values() for line in text.splitlines() for rule in _rule(line)]


def _rule(line: str) -> Iterator[Rule]:
    words = shlex.split(line, comments=True)
    if not words or words[0] == "local":
        return
    if words[0].startswith(("include", "@")):
        raise Unread(Reason.NOT_UNDERSTOOD, "pg_hba.conf includes other files")
    kind, databases, users, address, *rest = words
    if kind not in _NETWORK:
        raise ValueError(f"{kind} is no kind of connection")
    if rest and re.fullmatch(r"[\d.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*", rest[0]):
        address = f"{address}/{_prefix(rest[0])}"
        rest = rest[1:]
    method = rest[0]
    if method not in _METHODS:
        raise ValueError(f"{method} is no method")
    yield Rule(kind, f"{kind} {databases} {users} {address} {method}", method, _is_local(address))


def _prefix(mask: str) -> int:
    return bin(int(ipaddress.ip_address(mask))).count("1")


def _is_local(address: str) -> bool:
    if address in ("samehost", "localhost"):
        return True
    try:
        return ipaddress.ip_network(address, strict=False).is_loopback
    except ValueError:
        # A name, `all` or `samenet`: other machines.
        return False


def _rules(local: bool) -> Reader:
    return lambda report: [one.text for one in rules(report) if one.local is local]


def _plain_rules(report: Report) -> JSON:
    heard = [one.strip() for value in setting(report, "listen_addresses") for one in value.split(",")]
    if all(one in ("localhost", "127.0.0.1", "::1", "") for one in heard):
        return []
    # hostssl lets nobody in where the server has TLS switched off; host always does without.
    encrypted = ("hostssl", "hostgssenc")
    return [
        one.text
        for one in rules(report)
        if not one.local and one.method != "reject" and one.kind not in encrypted
    ]


def _privileged(report: Report) -> JSON:
    roles = {str(row["name"]): row for row in _of(report, "role")}
    members: dict[str, set[str]] = {}
    for row in _of(report, "member"):
        members.setdefault(str(row["name"]), set()).add(str(row["role"]))
    found = []
    for name, row in roles.items():
        held = _held(name, members) if row["login"] is True else set()
        powers = [one for one in sorted(held) if one in _POWERS]
        supers = any(roles[one]["super"] is True for one in held if one in roles)
        told = ["superuser"] if supers else powers
        if told:
            found.append(f"{name}: {', '.join(told)}")
    return [*dict.fromkeys(found)]


def _held(name: str, members: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    open_names = [name]
    while open_names:
        one = open_names.pop()
        if one not in seen:
            seen.add(one)
            open_names.extend(members.get(one, ()))
    return seen


def _old_passwords(report: Report) -> JSON:
    return [
        str(row["name"]) for row in _of(report, "role") if row["login"] is True and row["stored"] == "md5"
    ]


def _databases(report: Report) -> JSON:
    return [str(row["name"]) for row in _of(report, "database") if row["name"] not in _TEMPLATES]


def _replication(report: Report) -> JSON:
    told = rows(report)
    # The rows of a server stand together: what was received belongs to the standby before it.
    found: list[JSON] = []
    for index, row in enumerate(told):
        match row["kind"]:
            case "standby" if row["recovering"] is True:
                found.append(_standby(row, told[index + 1]))
            case "replica":
                streaming = row["state"] in ("streaming", "backup")
                found.append(_link(f"to {row['name']}", streaming, row["delay"]))
            case "slot":
                found.append(_link(f"slot {row['name']}", row["active"] is True, None))
    return found


def _standby(row: Row, received: Row) -> dict[str, JSON]:
    if received["kind"] != "received":
        raise ValueError("a standby that does not tell what it received")
    # Nothing to replay is no delay, however long ago the last change was.
    delay = 0 if received["all_replayed"] is True else row["delay"]
    return _link("standby", received["streaming"] is not False, delay)


def _link(name: str, running: bool, delay: JSON) -> dict[str, JSON]:
    return {"name": name, "running": running, "delay_seconds": delay if isinstance(delay, int) else None}


READERS: dict[str, Reader] = {
    "host.postgresql_local_rules": where_installed("postgresql", _rules(local=True), []),
    "host.postgresql_remote_rules": where_installed("postgresql", _rules(local=False), []),
    "host.postgresql_plain_rules": where_installed("postgresql", _plain_rules, []),
    "host.postgresql_privileged_roles": where_installed("postgresql", _privileged, []),
    "host.postgresql_old_passwords": where_installed("postgresql", _old_passwords, []),
    "host.postgresql_databases": where_installed("postgresql", _databases, []),
    "host.postgresql_replication": where_installed("postgresql", _replication, []),
}
