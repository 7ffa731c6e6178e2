"""Read accounts, databases and replication of MySQL and MariaDB. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.databases.installed import where_installed
from scanners.host.report import Reason, Report, Unread

_PASSWORDS = frozenset(
    {"", "mysql_native_password", "mysql_old_password", "caching_sha2_password", "sha256_password"}
    | {"ed25519", "parsec"}
)
"""Ways to log in with a password; with them an empty one lets in whoever knows the name."""
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_ADDRESS = frozenset({"127.0.0.1", "::1", "localhost"})
_ON = frozenset({"ON", "1", "YES", "FORCE"})
_OWN = frozenset({"information_schema", "mysql", "performance_schema", "sys"})
_ESCAPED = {"\\t": "\t", "\\n": "\n", "\\\\": "\\", "\\0": "\0"}


@dataclass(frozen=True, slots=True)
class Account:
    """One account: who, from where, and how it proves itself."""

    user: str
    host: str
    plugin: str
    empty: bool
    """No password is set, where one is asked for."""
    tls: bool
    """It is let in over TLS only."""

    @property
    def name(self) -> str:
        """Return the account as it is written in SQL, without quotes."""
        return f"{self.user}@{self.host}"


@dataclass(frozen=True, slots=True)
class Server:
    """What a running server told. Accounts that are locked, and roles, are not among the accounts."""

    accounts: tuple[Account, ...]
    rights: Mapping[str, tuple[str, ...]]
    """`user@host` of an account or role → rights over all databases, those of its roles too."""
    variables: Mapping[str, str]
    databases: tuple[str, ...]


def server(report: Report) -> Server:
    """Return what the server told over its socket; raise Unread where it did not answer."""
    rows = _rows(report.text("databases-mysql"))
    if ["answered"] not in rows:
        raise Unread(Reason.NOT_UNDERSTOOD, "no server let root in over its socket")
    more = {f"{row[1]}@{row[2]}": row[3:] for row in rows if row[0] == "more"}
    found = [_account(row, more) for row in rows if row[0] == "account"]
    return Server(
        tuple(account for account in found if account is not None),
        _rights(rows),
        {row[0]: row[1] for row in rows if len(row) == 2 and row[0] not in ("database", "answered")},
        tuple(row[1] for row in rows if row[0] == "database"),
    )


def _rows(text: str) -> list[list[str]]:
    return [[_plain(cell) for cell in line.split("\t")] for line in text.splitlines() if line]


def _plain(cell: str) -> str:
    return re.sub(r"\\[tn0\\]", lambda match: _ESCAPED[match[0]], cell)


def _account(row: list[str], more: Mapping[str, list[str]]) -> Account | None:
    _, user, host, told = row
    plugin, empty, role, locked, tls = told.split(",")
    locked_more, second_empty = more.get(f"{user}@{host}", ["0", "0"])
    if role == "Y" or locked == "Y" or locked_more in ("1", "true"):
        return None
    without = (empty == "1" and plugin in _PASSWORDS) or second_empty == "1"
    return Account(user, host, plugin, without, tls != "")


def _rights(rows: list[list[str]]) -> dict[str, tuple[str, ...]]:
    own: dict[str, set[str]] = {}
    for row in rows:
        if row[0] == "right":
            match = re.fullmatch(r"'(.*)'@'(.*)'", row[1], re.DOTALL)
            if match is None:
                raise ValueError("a grantee that is no account")
            own.setdefault(f"{match[1]}@{match[2]}", set()).add(row[2])
        elif row[0] == "granted":
            own.setdefault(f"{row[1]}@", set()).update(right for right in row[2:] if right)
    roles: dict[str, list[str]] = {}
    for row in rows:
        if row[0] == "role":
            roles.setdefault(f"{row[1]}@{row[2]}", []).append(f"{row[3]}@{row[4]}")
    return {name: tuple(sorted(_with_roles(name, own, roles))) for name in {**own, **roles}}


def _with_roles(name: str, own: Mapping[str, set[str]], roles: Mapping[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    open_names = [name]
    while open_names:
        one = open_names.pop()
        if one not in seen:
            seen.add(one)
            open_names.extend(roles.get(one, ()))
    return {right for one in seen for right in own.get(one, ())}


def _is_remote(account: Account, own_name: str) -> bool:
    return account.host not in _HERE and account.host.lower() != own_name


def _open_accounts(report: Report) -> JSON:
    own_name = report.text("hostname").strip().lower()
    return [*_told_open(server(report).accounts, own_name)]


def _told_open(accounts: Iterable[Account], own_name: str) -> Iterable[str]:
    for one in accounts:
        if one.user == "":
            yield f"{one.name}: anonymous"
        elif one.empty:
            yield f"{one.name}: no password"
        elif one.user == "root" and _is_remote(one, own_name):
            yield f"{one.name}: remote root"


def _privileged(report: Report) -> JSON:
    told = server(report)
    return [
        f"{one.name}: {', '.join(told.rights[one.name])}"
        for one in told.accounts
        if told.rights.get(one.name)
    ]


def listens_remotely(told: Server) -> bool:
    """Return whether other machines can reach it over the network, by its own settings."""
    if told.variables.get("skip_networking") in _ON:
        return False
    # Before these variables existed, or where they are empty, it listens everywhere.
    bound = told.variables.get("bind_address", "")
    return not bound or any(one.strip() not in _NO_ADDRESS for one in bound.split(","))


def _plain_accounts(report: Report) -> JSON:
    told = server(report)
    if not listens_remotely(told) or told.variables.get("require_secure_transport") in _ON:
        return []
    own_name = report.text("hostname").strip().lower()
    return [one.name for one in told.accounts if _is_remote(one, own_name) and not one.tls]


def _databases(report: Report) -> JSON:
    return [name for name in server(report).databases if name.lower() not in _OWN]


def _encrypts(report: Report) -> JSON:
    variables = server(report).variables
    return any(variables.get(name) in _ON for name in ("innodb_encrypt_tables", "default_table_encryption"))


def _replicas(report: Report) -> JSON:
    found: dict[str, JSON] = {}
    rows = re.split(r"^\*+ \d+\. row \*+$", report.text("databases-mysql-replication"), flags=re.MULTILINE)
    told = [dict(re.findall(r"^ *(\w+): ?(.*)$", row, re.MULTILINE)) for row in rows]
    if not any("answered" in row for row in told):
        raise Unread(Reason.NOT_UNDERSTOOD, "no server let root in over its socket")
    for row in told:
        # Releases say master and slave, or source and replica; MariaDB answers to both.
        words = {re.sub("Source", "Master", re.sub("Replica", "Slave", key)): row[key] for key in row}
        if "Slave_IO_Running" in words:
            channel = words.get("Connection_name") or words.get("Channel_Name") or ""
            name = f"{channel} {words['Master_Host']}:{words['Master_Port']}".strip()
            found[name] = _replica(name, words)
    return [*found.values()]


def _replica(name: str, row: Mapping[str, str]) -> dict[str, JSON]:
    delay = row.get("Seconds_Behind_Master", "NULL")
    running = row["Slave_IO_Running"] == "Yes" and row["Slave_SQL_Running"] == "Yes"
    return {"name": name, "running": running, "delay_seconds": None if delay == "NULL" else int(delay)}


READERS: dict[str, Reader] = {
    "host.mariadb_open_accounts": where_installed("mariadb", _open_accounts, []),
    "host.mariadb_privileged_accounts": where_installed("mariadb", _privileged, []),
    "host.mariadb_plain_accounts": where_installed("mariadb", _plain_accounts, []),
    "host.mariadb_databases": where_installed("mariadb", _databases, []),
    "host.mariadb_encrypts_tables": where_installed("mariadb", _encrypts, False),
    "host.mariadb_replicas": where_installed("mariadb", _replicas, []),
}
