"""Put a remedy in force on a running host, as its administrator would."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.lab.hosts.command import in_host
from tests.lab.hosts.machine import Machine
from tests.lab.hosts.roundtrip.packages import fetch
from tests.lab.hosts.roundtrip.remedy import Command, Deed, Write, Written

_FORCE: Mapping[str, str] = {
    "/etc/ssh/": "sshd -t && systemctl reload ssh",
    "/etc/nginx/": "nginx -t && systemctl reload nginx",
    "/etc/apache2/": "apachectl configtest && systemctl reload apache2",
    "/etc/systemd/journald": "systemctl restart systemd-journald",
    "/etc/php/": "systemctl reload 'php*-fpm'",
    "/etc/mysql/": "systemctl restart mariadb",
    "/etc/sudoers": "chmod 440 /etc/sudoers.d/*; visudo -cq",
    "/etc/samba/": "testparm -s >/dev/null && systemctl restart smbd",
}
"""Folder of a file → what its administrator runs behind a change there, where that goes without saying."""
_PERSON = """
export APT_CONFIG=/run/roundtrip-apt.conf
echo 'APT::Get::Assume-Yes "true"; DPkg::Options {"--force-confold";};' >$APT_CONFIG
passwd() {
  for last; do :; done
  case "$1" in
    -*) command passwd "$@" ;;
    *) echo "$last:$(head -c 24 /dev/urandom | base64)" | chpasswd ;;
  esac
}
grep() { command grep "$@" || :; }
pkill() { command pkill "$@" || :; }
pwck() { command pwck "$@" || :; }
grpck() { command grpck "$@" || :; }
crontab() { command crontab "$@" || :; }
systemctl() { command systemctl "$@" || [ "$1" = status ]; }
"""
"""What a person does at a terminal: agrees to apt, types a password, is not put off by an empty list."""
_SQL: Mapping[str, str] = {
    "mysql": "mysql --batch",
    "psql": "runuser -u postgres -- psql -v ON_ERROR_STOP=1 -qX",
}
"""Program that reads SQL → how root calls it."""


def put_in_force(
    machine: Machine, init: int, done: tuple[Deed, ...], record: dict[str, Any], kept: Path, reader: str = ""
) -> None:
    """Do everything a remedy asks for; raise LabError when a command of it fails.

    `record` gets its lines of the inventory, `kept` the packages that it installs. `reader` is mysql or psql
    where the commands are SQL.
    """
    for deed in done:
        if isinstance(deed, Write):
            _write(machine.root, deed)
            for folder in (one for one in _FORCE if deed.path.startswith(one)):
                in_host(init, _FORCE[folder])
        elif isinstance(deed, Written):
            record.update(noted(record, deed.record))
        elif reader:
            in_host(init, f"{_SQL[reader]} <<'SQL'\n{deed.script}\nSQL\n")
        else:
            run_as_person(machine, init, deed, kept)


def run_as_person(machine: Machine, init: int, command: Command, kept: Path) -> None:
    """Run lines of sh; what they install is fetched before, since a host of the lab has no way out."""
    for line in command.script.splitlines():
        fetch(machine, init, line, kept)
    # From a file: programs that ask would otherwise read the lines behind them as answers.
    name = "roundtrip-commands"
    (machine.root / "root" / name).write_text(f"set -eu\n{_PERSON}\n{command.script}\n")
    in_host(init, f"cd /root; sh /root/{name} </dev/null")


def _write(root: Path, deed: Write) -> None:
    path = root / deed.path.lstrip("/")
    before = path.read_text(errors="surrogateescape").splitlines() if path.exists() else []
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = merged(deed.path, deed.lines, before)
    path.write_text("\n".join(lines) + "\n", errors="surrogateescape")


def merged(path: str, lines: Sequence[str], before: Sequence[str]) -> list[str]:
    """Return a file as a person leaves it: new lines stand for those of the same name, or for a whole."""
    if any(part.endswith(".d") for part in Path(path).parent.parts) and _is_whole([*lines, *before]):
        return [*lines]
    wanted = {_name(line) for line in lines if not line.strip().startswith("[")}
    kept = [line for line in before if _name(line) not in wanted]
    # sshd takes the first line that it finds, others the last.
    return [*lines, *kept] if path == "/etc/ssh/sshd_config" else [*kept, *lines]


def _is_whole(lines: Sequence[str]) -> bool:
    """Say whether lines belong together as one file: a script, a block, or sections."""
    return any(line.strip().startswith(("#!", "[")) or line.rstrip().endswith("{") for line in lines)


def _name(line: str) -> str:
    """Return what a line sets: `guest ok` of `guest ok = no`, `PermitRootLogin` of `PermitRootLogin no`."""
    if line.startswith("deb "):
        return line
    setting = re.match(r"\s*([\w. -]+?)\s*=", line)
    return (setting[1] if setting else re.split(r"[\s:]", line.strip(), maxsplit=1)[0]).lower()


def _entry(one: Any) -> Any:
    """Return what an entry of the inventory is about: its name, or the first word of a line."""
    return one.get("name") if isinstance(one, dict) else str(one).split(maxsplit=1)[0]


def noted(record: Mapping[str, Any], lines: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the inventory says with new lines; an entry replaces that of the same name."""
    result = dict(record)
    for key, value in lines.items():
        if isinstance(value, list):
            names = {_entry(one) for one in value}
            result[key] = [*(one for one in result.get(key) or [] if _entry(one) not in names), *value]
        else:
            result[key] = {**(result.get(key) or {}), **value} if isinstance(value, dict) else value
    return result
