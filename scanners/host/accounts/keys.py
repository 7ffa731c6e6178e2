"""Read the keys that open accounts, and who may write where they lie. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.model.facts import JSON
from scanners.host.access.sshd import effective, matches
from scanners.host.accounts.listed import Account, accounts, groups, people
from scanners.host.report import Reason, Report, State, Unread

_DEFAULT_FILES = (".ssh/authorized_keys", ".ssh/authorized_keys2")
"""Where sshd looks when nothing is set (sshd_config(5), AuthorizedKeysFile)."""
_PLACES = ("/root", "/home", "/var", "/srv", "/opt", "/etc/ssh")
"""What the collection looks through, see area.py; at most four levels below each."""
_DEPTH = 4
_WITHOUT_TERMINAL = frozenset({"restrict", "no-pty", "command"})
_KEYWORDS = ("authorizedkeysfile", "authorizedkeyscommand", "trustedusercakeys")
_SETTING = re.compile(rf"[^:]+:\s*({'|'.join(_KEYWORDS)})\s*[=\s]\s*(.*?)\s*", re.IGNORECASE)
_LISTED = re.compile(r"is ([0-7]{1,4}) (\d+) (\d+) ([a-z]):(/.*)")
_KEPT = re.compile(r"(\d+) (SHA256:[A-Za-z0-9+/]{43}) (\d+) \([A-Za-z0-9-]+\)")
_HOME = re.compile(r"is ([0-7]{1,4}) (\d+) (\d+) (\d+) (/.*)")
_SECRET = re.compile(
    r"id_[^/]*(?<!\.pub)|identity|[^/]*\.(pem|key|ppk)|\.(netrc|pgpass|my\.cnf|git-credentials)"
)
"""Names of files in a home or below .ssh that hold a private key or a password."""


@dataclass(frozen=True, slots=True)
class Key:
    """One line of a file of keys."""

    path: str
    number: int
    type: str
    options: tuple[str, ...]
    bits: int = 0
    fingerprint: str = ""

    @property
    def gives_terminal(self) -> bool:
        """Return whether the key opens a session that somebody can type in."""
        if "pty" in self.options:
            return "command" not in self.options
        return not _WITHOUT_TERMINAL & set(self.options)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or directory of a home, as find(1) tells it."""

    mode: int
    uid: int
    gid: int
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Home:
    """A home directory, with the links followed."""

    mode: int
    uid: int
    gid: int
    device: str


def keys_of(report: Report) -> dict[str, list[Key]]:
    """Return account → keys that open it; raise Unread where keys may lie that were not seen."""
    patterns = _patterns(report)
    found, listed = _read(report), {one.path: one for one in entries(report)}
    homes, links = _homes(report), _links(report)
    opened: dict[str, list[Key]] = {}
    strange = {line.split("\t")[1] for line in _lines(report) if re.fullmatch(r"odd\t[^\t]+\tkey", line)}
    for account in accounts(report):
        for path in dict.fromkeys(_path(one, account) for one in patterns):
            if path in strange:
                raise Unread(Reason.NOT_UNDERSTOOD, f"a line of {path} looks like a key")
            if account.has_shell:
                _require_seen(path, account, listed, homes, links)
            opened.setdefault(account.name, []).extend(key for key in found if key.path == path)
    return {name: keys for name, keys in opened.items() if keys}


def _patterns(report: Report) -> tuple[str, ...]:
    """Return every place of keys that sshd may be told, in Match blocks too."""
    if report.section("sshd-files").state is State.ABSENT:
        return _DEFAULT_FILES
    told: list[str] = []
    for keyword, value in _settings(report):
        if value.lower() == "none":
            continue
        if keyword == "authorizedkeyscommand":
            raise Unread(Reason.NOT_UNDERSTOOD, "a command gives sshd the keys")
        if keyword == "trustedusercakeys":
            raise Unread(Reason.NOT_UNDERSTOOD, "a certification authority opens accounts too")
        told.extend(one.strip('"') for one in value.split() if one.lower() != "none")
    return tuple(dict.fromkeys(told))


def _settings(report: Report) -> Iterator[tuple[str, str]]:
    """Give what sshd is told of keys: as it is in force and in Match blocks, or else in any file."""
    section = report.sections.get("sshd-effective")
    if section is not None and section.state is State.RAN and section.exit_code == 0:
        in_force = effective(report)
        for settings in (in_force, *(block.settings for block in matches(report))):
            for keyword in _KEYWORDS:
                yield from ((keyword, value) for value in settings.get(keyword, ()))
        if "authorizedkeysfile" in in_force:
            return
    for line in report.lines("sshd-files"):
        if match := _SETTING.fullmatch(line):
            yield match[1].lower(), match[2].strip('"')
    # Whether a line stands in a Match block does not matter: the default may hold for the others.
    yield "authorizedkeysfile", " ".join(_DEFAULT_FILES)


def _path(pattern: str, account: Account) -> str:
    # A home that ends with / would not be the path that find prints.
    home = account.home.rstrip("/")
    words = {"%h": home, "%u": account.name, "%U": str(account.uid), "%%": "%"}
    told = re.sub(r"%[huU%]", lambda match: words[match[0]], pattern)
    return told if told.startswith("/") else f"{home}/{told.removeprefix('./')}"


def _require_seen(
    path: str, account: Account, listed: dict[str, Entry], homes: dict[str, Home], links: frozenset[str]
) -> None:
    """Raise Unread unless a file of keys would have been seen if it were there."""
    if path.startswith(f"{account.home}/") and account.home not in homes and account.home not in links:
        return  # No such home: nothing is in it.
    place = _place(path)
    folder = path.rpartition("/")[0]
    if account.home in links or any(one in listed and listed[one].kind == "l" for one in (path, folder)):
        raise Unread(Reason.NOT_UNDERSTOOD, f"{path} lies behind a link")
    own, base = homes.get(account.home), homes.get(place)
    if own and base and path.startswith(f"{account.home}/") and own.device != base.device:
        raise Unread(Reason.NOT_UNDERSTOOD, f"{account.home} is a file system of its own")


def _place(path: str) -> str:
    """Return the place in which the collection sees a file of keys; raise Unread where it sees none."""
    place = next((one for one in _PLACES if path.startswith(f"{one}/")), None)
    folder, _, name = path.rpartition("/")
    if place == "/etc/ssh":
        seen = path.count("/") <= _DEPTH and not name.startswith(("ssh_", "sshd_"))
    else:
        seen = name.startswith("authorized_keys") and folder.endswith("/.ssh")
    if place is None or not seen or path.removeprefix(place).count("/") > _DEPTH:
        raise Unread(Reason.NOT_UNDERSTOOD, f"{path} is not looked for")
    return place


def _read(report: Report) -> list[Key]:
    """Return every key of every file; raise Unread where one has no fingerprint."""
    found: list[Key] = []
    for line in _lines(report):
        if line.startswith("key\t"):
            _, path, number, kind, options = line.split("\t")
            names = tuple(one.lower() for one in options.split(",") if one)
            found.append(Key(path, int(number), kind, names))
        elif match := _KEPT.fullmatch(line.strip()):
            found = [_told(key, match) for key in found]
    if any(not key.fingerprint for key in found):
        raise Unread(Reason.NOT_UNDERSTOOD, "ssh-keygen gave no SHA256 fingerprint; it is older than 7.2")
    return found


def _told(key: Key, match: re.Match[str]) -> Key:
    if key.fingerprint or key.number != int(match[3]):
        return key
    return replace(key, bits=int(match[1]), fingerprint=match[2])


def _lines(report: Report) -> list[str]:
    lines = report.text("accounts-files").splitlines()
    # Every host has this directory: what does not tell of it is no list of what is there.
    if not any(line.startswith("is ") and line.endswith(":/root") for line in lines):
        raise Unread(Reason.NOT_UNDERSTOOD, "accounts-files")
    return lines


def entries(report: Report) -> list[Entry]:
    """Return the files of homes whose names begin with a dot, and those below .ssh; raise Unread."""
    matches = (_LISTED.fullmatch(line) for line in _lines(report))
    return [Entry(int(one[1], 8), int(one[2]), int(one[3]), one[4], one[5]) for one in matches if one]


def _homes(report: Report) -> dict[str, Home]:
    matches = (_HOME.fullmatch(line) for line in report.lines("accounts-homes"))
    found = {one[5]: Home(int(one[1], 8), int(one[2]), int(one[3]), one[4]) for one in matches if one}
    if "/root" not in found:
        raise Unread(Reason.NOT_UNDERSTOOD, "accounts-homes")
    return found


def _links(report: Report) -> frozenset[str]:
    marks = ("link ", "hidden ")
    return frozenset(
        line.partition(" ")[2] for line in report.lines("accounts-homes") if line.startswith(marks)
    )


def as_facts(report: Report) -> list[JSON]:
    """Return account, type, size, fingerprint and names of options of every key."""
    return [
        {
            "account": account,
            "type": key.type,
            "bits": key.bits,
            "fingerprint": key.fingerprint,
            "options": ",".join(key.options),
        }
        for account, keys in sorted(keys_of(report).items())
        for key in keys
    ]


def on_several_accounts(report: Report) -> list[str]:
    """Return the keys that open more than one account, with these accounts."""
    opened: dict[str, set[str]] = {}
    for account, keys in keys_of(report).items():
        for key in keys:
            opened.setdefault(key.fingerprint, set()).add(account)
    return sorted(f"{key}: {', '.join(sorted(names))}" for key, names in opened.items() if len(names) > 1)


def open_homes(report: Report) -> list[str]:
    """Return the homes of people and root that others may write, or that another account owns."""
    homes, private = _homes(report), _private_groups(report)
    found = []
    for account in _owners(report):
        home = homes.get(account.home)
        if home is None:
            continue
        if home.mode & 0o002 or (home.mode & 0o020 and home.gid != private.get(account.name)):
            found.append(f"{account.home} {home.mode:o}")
        elif home.uid not in (0, account.uid):
            found.append(f"{account.home} UID {home.uid}")
    return sorted(set(found))


def _owners(report: Report) -> list[Account]:
    return [*people(report), *(one for one in accounts(report) if one.uid == 0)]


def _private_groups(report: Report) -> dict[str, int]:
    """Return account → GID of its own group, where nobody else is in it."""
    listed = accounts(report)
    members = {one.gid: set(one.members) for one in groups(report)}
    return {
        account.name: account.gid
        for account in listed
        if not members.get(account.gid, set()) - {account.name}
        and not any(other.gid == account.gid and other.name != account.name for other in listed)
    }


def open_files(report: Report) -> list[str]:
    """Return dot files, keys and passwords in homes that others may write or read, or own."""
    listed, private = entries(report), _private_groups(report)
    found = [
        text
        for account in _owners(report)
        for text in _open_below(account, private.get(account.name, -1), listed)
    ]
    return sorted(set(found))


def _open_below(account: Account, own_group: int, listed: list[Entry]) -> Iterator[str]:
    home = account.home.rstrip("/")
    for entry in listed:
        inside = entry.path.removeprefix(f"{home}/")
        # Of what lies deeper than the home itself, the directory of keys alone counts.
        if not home or inside == entry.path or ("/" in inside and not inside.startswith(".ssh/")):
            continue
        name = entry.path.rpartition("/")[2]
        writable = 0o002 if entry.gid == own_group else 0o022
        secret = 0o044 if entry.kind == "f" and _SECRET.fullmatch(name) else 0
        if entry.kind in "fd" and entry.mode & (writable | secret):
            yield f"{entry.path} {entry.mode:o}"
        elif entry.uid not in (0, account.uid):
            yield f"{entry.path} UID {entry.uid}"
