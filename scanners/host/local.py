"""Run the collection script on this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from typing import BinaryIO

from auditor.model.evidence import Failure, FailureKind
from scanners.host.connection import MAXIMUM_BYTES, Output

_COMMAND = ("nice", "-n", "19", "sh", "-s")


def run_here(script: str, timeout_seconds: float) -> Output:
    """Return what this machine printed for the script."""
    process = subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin"},
        start_new_session=True,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(timeout_seconds, stop)
    timer.start()
    try:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a pipe was asked for")
        threading.Thread(target=_send, args=(process.stdin, script.encode()), daemon=True).start()
        content = process.stdout.read(MAXIMUM_BYTES)
        whole = len(content) < MAXIMUM_BYTES
    finally:
        timer.cancel()
        _kill(process)
        process.wait()
    if late.is_set():
        return Output(content, Failure(FailureKind.TIMEOUT, "the collection took too long"))
    return Output(
        content,
        None if whole else Failure(FailureKind.PROTOCOL, f"more than {MAXIMUM_BYTES} bytes of output"),
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the shell with everything it started: a child that lives on would hold the pipe."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _send(pipe: BinaryIO, script: bytes) -> None:
    try:
        pipe.write(script)
        pipe.close()
    except OSError:
        # The shell ended before it had read all of it; what it printed tells how far it came.
        return
