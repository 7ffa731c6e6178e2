"""The control groups of one host, of the version that the machine mounts."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_MOUNT = Path("/sys/fs/cgroup")


class Cgroups:
    """A group of its own for one host in every hierarchy that systemd uses."""

    def __init__(self, name: str) -> None:
        # Either version 2 alone, or systemd's own hierarchy of version 1 beside an empty one of version 2.
        beside = [_MOUNT / one for one in ("systemd", "unified") if (_MOUNT / one / "cgroup.procs").exists()]
        self._containers = f"{name}-containers"
        self.folders = tuple(folder / name for folder in (beside or [_MOUNT]))

    def make(self) -> tuple[Path, ...]:
        """Make the groups; return the files in which a process writes its id to enter them."""
        for folder in self.folders:
            folder.mkdir(exist_ok=True)
        return tuple(folder / "cgroup.procs" for folder in self.folders)

    def processes(self) -> set[int]:
        """Return the ids of every process in the groups and below."""
        listed = (path for folder in self.folders for path in folder.rglob("cgroup.procs"))
        return {int(line) for path in listed for line in _lines(path)}

    def processor_seconds(self) -> float:
        """Return the processor time of the group and everything below it, ended processes included."""
        words = dict(line.split() for line in _lines(self.folders[-1] / "cpu.stat"))
        return int(words.get("usage_usec", 0)) / 1_000_000

    def remove(self) -> None:
        """Remove the groups, which no process may be in any more."""
        for folder in (*self.folders, *_MOUNT.rglob(self._containers)):
            below = sorted((one for one in folder.rglob("*") if one.is_dir()), reverse=True)
            for one in (*below, folder):
                with contextlib.suppress(FileNotFoundError):
                    one.rmdir()


def _lines(path: Path) -> list[str]:
    """Return the lines of a file of the kernel, none where its group is gone or takes no processes."""
    with contextlib.suppress(OSError):
        return path.read_text().splitlines()
    return []


def children(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    with contextlib.suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(word) for task in tasks for word in (task / "children").read_text().split()]
    return []


def is_init(pid: int) -> bool:
    """Say whether a process is the first of a process namespace below this one and runs an init."""
    status = _lines(Path(f"/proc/{pid}/status"))
    numbers = next((line.split()[1:] for line in status if line.startswith("NSpid:")), [])
    with contextlib.suppress(OSError):
        return numbers[1:] == ["1"] and "systemd" in os.readlink(f"/proc/{pid}/exe")
    return False


def started_ticks(pid: int) -> int:
    """Return when a process started, in ticks; 0 when there is none or only its remains (proc(5))."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return 0 if fields[0] == "Z" else int(fields[19])
    return 0
