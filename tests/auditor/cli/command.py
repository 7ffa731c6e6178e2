"""Run the `auditor` command as a user does: a process of its own, with an end to every wait."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("auditor"))
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Return everything printed."""
        return self.out + self.err


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return an environment without the user's own settings; a change to None removes a name."""
    base = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "COLUMNS": "80",
    }
    merged: dict[str, str | None] = {**base, **(changes or {})}
    return {name: value for name, value in merged.items() if value is not None}


def auditor(
    *arguments: str | bytes | Path,
    cwd: Path,
    env: Mapping[str, str | None] | None = None,
    stdin: bytes = b"",
) -> Result:
    """Run a command to its end."""
    done = subprocess.run(
        [PROGRAM, *arguments],
        cwd=cwd,
        env=environment(env),
        input=stdin,
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    return Result(done.returncode, _text(done.stdout), _text(done.stderr))


def shell(line: str, *, cwd: Path, words: Sequence[str] = ()) -> Result:
    """Run a line of bash in which `"$AUDITOR"` is the command."""
    done = subprocess.run(
        ["bash", "-c", line, "bash", *words],
        cwd=cwd,
        env=environment({"AUDITOR": PROGRAM}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    return Result(done.returncode, _text(done.stdout), _text(done.stderr))


def start(
    *arguments: str | Path, cwd: Path, env: Mapping[str, str | None] | None = None
) -> subprocess.Popen[bytes]:
    """Start a command that the test will end."""
    return subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> Result:
    """Wait for a started command."""
    out, err = process.communicate(timeout=_SECONDS)
    return Result(process.returncode, _text(out), _text(err))


def _text(printed: bytes) -> str:
    return printed.decode("utf-8", "backslashreplace")
