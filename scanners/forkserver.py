"""The process that workers are forked from: it has imported every scanner once, so that they need not.

Run as `python -P -m scanners.forkserver` with a socket as standard input. It never measures anything itself,
and has one thread, as a process that forks must.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from scanners import registry, worker
from scanners.base import GroupScanner, Scanner

_MESSAGE_BYTES = 64
_UNLOADABLE = (ImportError, SyntaxError, AttributeError, NameError, TypeError, ValueError, OSError)
"""What importing a broken module may raise."""

Load = Callable[[str], Scanner]


def main(names: Iterable[str] = registry.NAMES, load: Load = registry.load) -> None:
    """Serve requests until the parent is gone, then kill every worker that is left.

    Requests: `start` with the ends of two pipes is answered with the process id of a new worker; `end PID` is
    answered when that worker is gone.
    """
    control = _take_over_standard_input()
    grouped = [name for name in names if _has_groups(name, load)]
    _preload()
    gc.collect()
    # What is there now is shared with every worker, and none of them looks at it again.
    gc.freeze()
    control.send(" ".join(["ready", *grouped]).encode())
    children: set[int] = set()
    with contextlib.suppress(ConnectionError):
        while _serve_one(control, children, load):
            pass
    for pid in children:
        _kill(pid)
    for pid in children:
        os.waitpid(pid, 0)


def _preload() -> None:
    """Import what scanners import late because it takes long: here once, instead of in every worker."""
    for module in registry.LATE_IMPORTS:
        # What cannot be imported costs the tasks that need it, and they will say why.
        with contextlib.suppress(ImportError):
            import_module(module)


def _take_over_standard_input() -> socket.socket:
    control = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return control


def _has_groups(name: str, load: Load) -> bool:
    """Import a scanner, and return whether it can measure groups.

    One that cannot be imported costs its own tasks only: their worker will say why.
    """
    try:
        return isinstance(load(name), GroupScanner)
    except _UNLOADABLE:
        return False


def _serve_one(control: socket.socket, children: set[int], load: Load) -> bool:
    """Answer one request; return False when the parent is gone."""
    message, descriptors, _, _ = socket.recv_fds(control, _MESSAGE_BYTES, 2)
    if not message:
        return False
    word, _, pid = message.partition(b" ")
    if word == b"start":
        try:
            children.add(_fork(control, descriptors[0], descriptors[1], load))
        except OSError as error:
            control.send(str(error).encode())
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
    else:
        if int(pid) in children:
            children.discard(int(pid))
            _kill(int(pid))
            os.waitpid(int(pid), 0)
        control.send(b"ended")
    return True


def _fork(control: socket.socket, jobs: int, results: int, load: Load) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        worker.bound_memory()
        # Only now is there a group that the parent could kill.
        control.send(b"%d" % os.getpid())
        control.close()
        os.set_inheritable(jobs, False)
        os.set_inheritable(results, False)
        worker.serve(jobs, results, load)
    finally:
        os._exit(1)


def _kill(pid: int) -> None:
    """Kill a child and its group; one that was stopped right after the fork has none yet."""
    os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
