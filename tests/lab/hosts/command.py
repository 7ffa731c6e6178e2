"""Run a command of the machine, or inside a host's file system; say what it printed when it fails."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.lab.model import LabError

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENVIRONMENT = {"PATH": _PATH, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}
_LINES = 15
_ENTER = 'mount -t proc proc "$0/proc" && exec chroot "$0" /bin/sh -eu'


def command(words: Sequence[str], stdin: str = "") -> str:
    """Return what a command prints; raise LabError with its last lines when it fails."""
    done = subprocess.run(
        words,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=_ENVIRONMENT,
        check=False,
    )
    if done.returncode != 0:
        last = "\n    ".join(done.stdout.splitlines()[-_LINES:]) or "(it printed nothing)"
        raise LabError(
            f"failed with status {done.returncode}: {' '.join(words)}; its last lines:\n    {last}"
        )
    return done.stdout


def in_root(root: Path, script: str) -> str:
    """Run a script of sh as root in a file system, with a process namespace and mounts that end with it."""
    inside = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--uts", "--ipc")
    return command([*inside, "sh", "-c", _ENTER, str(root)], script)


def in_host(leader: int, script: str) -> str:
    """Run a script of sh as root inside a running host; `leader` is the process id of its init."""
    return command(["nsenter", "--target", str(leader), "--all", "--", "/bin/sh", "-eu"], script)
