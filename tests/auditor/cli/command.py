"""Run the `auditor` command as a user does: a process of its own, with an end to every wait."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("auditor"))
_SECONDS = 400


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


_FORKING = """
import json, os, pathlib, sys
import alembic.command, rich.table
import auditor.cli.main, auditor.store.workspace, auditor.usecases.assess, auditor.usecases.reporting
results = []
for words in json.load(sys.stdin):
    child = os.fork()
    if child == 0:
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.argv = ["auditor", *words]
        auditor.cli.main.main()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    results.append([code, *(pathlib.Path(name).read_bytes().decode() for name in ("out", "err"))])
print(json.dumps(results))
"""


def auditors(commands: Sequence[Sequence[str]], *, cwd: Path) -> list[Result]:
    """Run many quick commands, each in a process of its own that is forked after the imports."""
    done = subprocess.run(
        [sys.executable, "-c", _FORKING],
        cwd=cwd,
        env=environment(),
        input=json.dumps(commands).encode(),
        capture_output=True,
        timeout=_SECONDS,
        check=True,
    )
    return [Result(*one) for one in json.loads(done.stdout)]


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
