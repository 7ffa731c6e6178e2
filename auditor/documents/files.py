"""Read a file once, whole and bounded, so that nothing changes between checking and using it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from auditor.model.document import MAXIMUM_BYTES, DocumentError, Problem

_OPEN_FAILURES = {
    errno.ENOTDIR: "no such file; a part of this path is a file, name the right one",
    errno.ELOOP: "symbolic links lead in a circle; name the file itself",
    errno.ENAMETOOLONG: "this name is too long to be a file; name the right file",
    errno.EACCES: "no permission to read it; ask its owner, or run 'chmod u+r' on it",
    errno.EPERM: "no permission to read it; ask its owner",
}


def read_file(path: Path, advice: str = "name the right file", limit: int = MAXIMUM_BYTES) -> bytes:
    """Return the bytes of a regular file, at most one more than `limit`.

    `advice` is what to do when there is no such file. Raise DocumentError when it is missing,
    unreadable, not a regular file, or writable by everyone.
    """
    try:
        # Without O_NONBLOCK, opening a FIFO would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _failure(path, error, advice) from None
    try:
        _refuse_unsafe(path, os.fstat(descriptor).st_mode)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            # Nothing at all, instead of no bytes, is what a file of the kernel gives that has nothing yet.
            return file.read(limit + 1) or b""
    except OSError as error:
        raise _failure(path, error, advice) from None
    finally:
        os.close(descriptor)


def _failure(path: Path, error: OSError | ValueError, advice: str) -> DocumentError:
    if isinstance(error, ValueError):
        message = "a file name cannot contain a NUL character; name the right file"
    elif error.errno == errno.ENOENT:
        message = f"no such file; {advice}"
    else:
        message = _OPEN_FAILURES.get(error.errno or 0, f"cannot be read: {error.strerror}")
    return DocumentError([Problem(str(path), 0, 0, message)])


def _refuse_unsafe(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        message = "a directory; name a file inside it"
    elif not stat.S_ISREG(mode):
        message = "not a regular file (a pipe, socket or device); save it as a file first"
    elif mode & stat.S_IWOTH:
        message = "everyone on this machine may change it; run 'chmod o-w' on it"
    else:
        return
    raise DocumentError([Problem(str(path), 0, 0, message)])
