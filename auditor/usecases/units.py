"""Units for systemd: the service, and a timer for those who want none."""

from __future__ import annotations

import pwd
import sys
from pathlib import Path

from auditor.usecases.errors import UsageProblem

SERVICE, ONCE, TIMER = "tilik.service", "tilik-once.service", "tilik-once.timer"


def write_units(target: Path, folder: Path) -> tuple[list[Path], list[Path]]:
    """Write the units of the workspace in a folder; return those written, and those kept as they were there.

    The service runs as the owner of the folder. Raise UsageProblem for a folder that no unit can name.
    """
    files = units(folder.resolve(), _command(), _owner(folder))
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    kept: list[Path] = []
    for name, text in files.items():
        path = target / name
        try:
            # Made here and now: a link that leads nowhere yet must not be written through.
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            kept.append(path)
        else:
            written.append(path)
    return written, kept


def units(folder: Path, command: tuple[str, ...], user: str) -> dict[str, str]:
    """Return name → text of each unit."""
    if not str(folder).isprintable():
        raise UsageProblem(
            f"no unit can name the folder {folder}", "choose one without control characters in its name"
        )
    started = " ".join(_quoted(word) for word in (*command, "serve"))
    surroundings = _SURROUNDINGS.format(
        user=user, folder=_percent(str(folder)), writable=_quoted(str(folder), dollars=False)
    )
    return {
        SERVICE: _SERVICE.format(command=started, surroundings=surroundings),
        ONCE: _ONCE.format(command=started, surroundings=surroundings),
        TIMER: _TIMER,
    }


def _command() -> tuple[str, ...]:
    """Return how this very installation is started."""
    script = Path(sys.executable).with_name("auditor")
    return (str(script),) if script.exists() else (sys.executable, "-m", "auditor.cli.main")


def _owner(folder: Path) -> str:
    number = folder.stat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(text: str, *, dollars: bool = True) -> str:
    """Return a word as systemd.syntax(7) reads it; in commands a dollar begins a variable."""
    escaped = _percent(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + (escaped.replace("$", "$$") if dollars else escaped) + '"'


_SERVICE = """\
[Unit]
Description=Tilik, the auditor: does what the schedules of its policy say
Documentation=man:systemd.service(5)
Wants=network-online.target
After=network-online.target time-sync.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart={command}
Restart=on-failure
RestartSec=30
# An audit under way is kept, and taken up again after the next start.
KillMode=mixed
TimeoutStopSec=90
{surroundings}
[Install]
WantedBy=multi-user.target
"""

_ONCE = """\
[Unit]
Description=Tilik, the auditor: does once what is due now
Documentation=man:systemd.service(5)
Wants=network-online.target
After=network-online.target time-sync.target

[Service]
Type=oneshot
ExecStart={command} --once
# An audit lasts as long as its window.
TimeoutStartSec=infinity
KillMode=mixed
TimeoutStopSec=90
{surroundings}"""

_TIMER = """\
[Unit]
Description=Tilik, the auditor: looks every five minutes whether something is due
Documentation=man:systemd.timer(5)

[Timer]
OnCalendar=*:0/5
AccuracySec=30s

[Install]
WantedBy=timers.target
"""

_SURROUNDINGS = """\
User={user}
WorkingDirectory={folder}
UMask=0077
# Where the policy names other folders, for backups or for the wall screen, they have to be named here too.
ReadWritePaths={writable}
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=true
PrivateDevices=true
NoNewPrivileges=true
CapabilityBoundingSet=
AmbientCapabilities=
ProtectClock=true
ProtectControlGroups=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
RemoveIPC=true
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
"""
