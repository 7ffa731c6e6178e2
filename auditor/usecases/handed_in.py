"""Take in files that people hand in as evidence: read whole and bounded, never opened, run or shown.

No symbolic link is followed, so that a workbook from outside cannot name a file that its sender may not read.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from auditor.model.attestation import EvidenceFile
from auditor.model.plain_text import find_hidden, show
from auditor.store.decisions import DecisionStore

Reader = Callable[[str], bytes]

_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
_LONGEST_NAME_BYTES = 120
_LONGEST_SUFFIX = 10
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_FAILURES = {
    errno.ENOENT: "there is no such file",
    errno.ELOOP: "it is a symbolic link; name the file itself",
    errno.ENOTDIR: "a part of this path is no folder, or a symbolic link; name the file itself",
    errno.ENAMETOOLONG: "this name is too long to be a file",
    errno.EACCES: "no permission to read it",
    errno.EPERM: "no permission to read it",
    errno.ENXIO: "it is no regular file",
}


class NotTaken(ValueError):
    """Why a file is not taken in, and what to hand in instead."""


class Shelf:
    """Files that are looked at first and kept later, when everything else is in order."""

    def __init__(self, read: Reader):
        self._read = read
        self._places: dict[str, str] = {}

    def look_at(self, written: str) -> EvidenceFile:
        """Return digest, safe name and size of a file; raise NotTaken when it cannot be taken in."""
        content = self._read(written)
        digest = hashlib.sha256(content).hexdigest()
        self._places.setdefault(digest, written)
        return EvidenceFile(digest, safe_name(written), len(content))

    def keep(self, file: EvidenceFile, store: DecisionStore) -> bool:
        """Keep a file that was looked at; return whether it was one. Raise NotTaken when it changed."""
        if file.digest not in self._places:
            return False
        written = self._places[file.digest]
        content = self._read(written)
        if hashlib.sha256(content).hexdigest() != file.digest:
            raise NotTaken(f"{show(written)} was changed meanwhile; try again")
        store.keep_file(file.name, content)
        return True


def named_files(maximum_bytes: int) -> Reader:
    """Return a reader of files that the operator names. The file itself must be no symbolic link."""

    def read(written: str) -> bytes:
        try:
            descriptor = os.open(written, _OPEN)
        except (OSError, ValueError) as error:
            raise _failure(error) from None
        return _content(descriptor, maximum_bytes)

    return read


def files_beside(folder: Path, maximum_bytes: int) -> Reader:
    """Return a reader of files that a document names: inside its folder, without a link on the way."""

    def read(written: str) -> bytes:
        *folders, name = _steps(written)
        opened = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)]
        try:
            for step in folders:
                opened.append(os.open(step, _OPEN | os.O_DIRECTORY, dir_fd=opened[-1]))
            descriptor = os.open(name, _OPEN, dir_fd=opened[-1])
        except (OSError, ValueError) as error:
            raise _failure(error) from None
        finally:
            for one in opened:
                os.close(one)
        return _content(descriptor, maximum_bytes)

    return read


def _steps(written: str) -> list[str]:
    if "\\" in written or re.match("[A-Za-z]:", written):
        raise NotTaken("write the path with / and without a drive, from the folder of this file on")
    steps = written.split("/")
    if written.startswith("/") or ".." in steps or "~" in steps:
        raise NotTaken("the path leads out of the folder of this file; put the evidence beside it")
    if "." in steps or "" in steps or find_hidden(written) is not None:
        raise NotTaken("this is no name of a file; write one such as bukti/sk-tim.pdf")
    return steps


def _failure(error: OSError | ValueError) -> NotTaken:
    if isinstance(error, ValueError):
        return NotTaken("a file name cannot contain a NUL character")
    return NotTaken(_FAILURES.get(error.errno or 0, f"it cannot be read: {error.strerror}"))


def _content(descriptor: int, maximum_bytes: int) -> bytes:
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise NotTaken("it is a folder; name the files inside it")
        if not stat.S_ISREG(status.st_mode):
            raise NotTaken("it is no regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            # A file of the kernel that has nothing yet gives nothing at all, instead of no bytes.
            content = b"" if status.st_size > maximum_bytes else file.read(maximum_bytes + 1) or b""
    except OSError as error:
        raise _failure(error) from None
    finally:
        os.close(descriptor)
    if status.st_size > maximum_bytes or len(content) > maximum_bytes:
        raise NotTaken(f"it is larger than the {maximum_bytes:,} bytes that the policy allows")
    if not content:
        raise NotTaken("it is empty")
    return content


def safe_name(written: str) -> str:
    """Return the last part of a path as a plain file name that every system takes and none obeys."""
    last = re.split(r"[/\\]", written)[-1]
    plain = "".join(letter if letter.isprintable() and letter not in '<>:"|?*' else "_" for letter in last)
    plain = plain.strip(". ") or "berkas"
    stem, dot, suffix = plain.rpartition(".")
    if not stem or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = plain, "", ""
    room = _LONGEST_NAME_BYTES - len((dot + suffix).encode())
    stem = _cut(stem, room)
    if _RESERVED.fullmatch(stem + dot + suffix):
        stem = _cut(f"_{stem}", room)
    return stem + dot + suffix


def _cut(stem: str, room: int) -> str:
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ")
