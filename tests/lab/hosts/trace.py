"""Watch with strace what a login's processes change on a host, and to whom they connect."""

from __future__ import annotations

import re
import signal
import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tests.lab.hosts.command import in_host
from tests.lab.hosts.lab import HostLab
from tests.lab.hosts.model import Host
from tests.lab.model import LabError

_CALLS = (
    "open,openat,openat2,creat,truncate,ftruncate,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
    "unlink,unlinkat,mkdir,mkdirat,rmdir,mknod,mknodat,chmod,fchmod,fchmodat,chown,lchown,fchown,fchownat,"
    "utime,utimes,utimensat,futimesat,setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,"
    "mount,umount2,bind,connect,accept,accept4"
)
_OPENS = frozenset({"open", "openat", "openat2"})
_SOCKETS = frozenset({"connect", "accept", "accept4"})
_WRITING = re.compile(r"\bO_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b")
_LINE = re.compile(r"(?P<pid>\d+)<(?P<program>.*?)> (?:<\.\.\. )?(?P<call>\w+)(?P<rest>.*)")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"|<([^>]+)>')
_RESULT = re.compile(r"\)\s+= ")
_FAILED = re.compile(r"\)\s+= -1 E")
_LOOPBACK = re.compile(r'inet_addr\("127\.|"::1"')
_READY = "attached"


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """One thing that a process did, or tried, that may change the host: which program, how, and to what."""

    program: str
    call: str
    target: str


class Trace(AbstractContextManager["Trace"]):
    """Follow sshd of a host and everything that it starts, from entering the block to leaving it."""

    def __init__(self, lab: HostLab, host: Host, folder: Path) -> None:
        self._pid = _listener(lab, host)
        self._output = folder / f"{host.id}.strace"
        self._process: subprocess.Popen[str] | None = None
        self._lines: list[str] = []

    def __enter__(self) -> Trace:
        options = ["-f", "-y", "--decode-pids=comm", "-s", "300", "-e", f"trace={_CALLS}"]
        self._process = subprocess.Popen(
            ["strace", *options, "-o", str(self._output), "-p", str(self._pid)],
            stderr=subprocess.PIPE,
            text=True,
        )
        said = self._process.stderr.readline() if self._process.stderr else ""
        if _READY not in said:
            self._process.wait()
            raise LabError(f"strace cannot follow sshd: {said.strip()}; run it as root, and install strace")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.communicate()
        self._lines = self._output.read_text(errors="replace").splitlines()

    def changes(self) -> set[Act]:
        """Return everything that was opened for writing, created, removed, renamed or changed."""
        return {act for act, rest in self._acts() if _changes(act.call, rest) and not _FAILED.search(rest)}

    def accepted(self) -> int:
        """Return how many TCP connections sshd accepted."""
        return sum(act.call.startswith("accept") and "sin" in rest for act, rest in self._acts())

    def connected(self) -> set[Act]:
        """Return every connection to another machine that the login's processes tried."""
        return {
            act
            for act, rest in self._acts()
            if act.call == "connect" and "AF_INET" in rest and not _LOOPBACK.search(rest)
        }

    def _acts(self) -> list[tuple[Act, str]]:
        begun: dict[str, str] = {}
        found = []
        for line in self._lines:
            match = _LINE.match(line)
            if match is None:
                continue
            rest = match["rest"]
            if rest.endswith("<unfinished ...>"):
                begun[match["pid"]] = rest.removesuffix("<unfinished ...>")
                continue
            if rest.startswith(" resumed>"):
                rest = begun.pop(match["pid"], "") + rest.removeprefix(" resumed>")
            found.append((Act(match["program"], match["call"], _target(match["call"], rest)), rest))
        return found


def _changes(call: str, rest: str) -> bool:
    if call in _OPENS:
        return bool(_WRITING.search(rest))
    if call == "bind":
        # A socket with a name in the file system makes a file; others have an address alone.
        return 'sun_path="' in rest
    return call not in _SOCKETS


def _target(call: str, rest: str) -> str:
    """Return the last path that a call names, or the address of a connection."""
    if call in _SOCKETS:
        return rest
    arguments = _RESULT.split(rest)[0]
    named = [quoted or beside for quoted, beside in _PATH.findall(arguments)]
    return named[-1] if named else rest


def _listener(lab: HostLab, host: Host) -> int:
    """Return the process id of the host's sshd, as the machine knows it."""
    inside = in_host(lab.init(host), "systemctl show --property=MainPID --value ssh.service").strip()
    for pid in lab.machine(host).processes():
        status = Path(f"/proc/{pid}/status").read_text()
        numbers = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [])
        if numbers[-1] == inside:
            return pid
    raise LabError(f"{host.id} runs no sshd; read its console.log")
