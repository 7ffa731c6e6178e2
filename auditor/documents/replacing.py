"""Write a file whole or not at all, into a folder that others may write to as well."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PART = ".part"
"""How the name of a file ends that is being written."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def replacing(path: Path, mode: int | None = None, prefix: str = ".tilik-") -> Iterator[BinaryIO]:
    """Open a file beside `path` that takes its name at the end of the block; removed if the block fails.

    `mode` is who may read and write it, where that is not what the process gives to every file. The file
    beside it is new and its name, between `prefix` and PART, cannot be foreseen: a link or a file that
    somebody put there is never written through. A link under `path` itself is replaced, not followed.
    """
    part = path.with_name(f"{prefix}{secrets.token_hex(8)}{PART}")
    # The kernel applies the mask of the process; reading it by setting it would reach other threads.
    descriptor = os.open(part, _NEW, 0o666 if mode is None else 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            if mode is not None:
                os.fchmod(file.fileno(), mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a file whole or not at all; `mode` as in `replacing`."""
    with replacing(path, mode) as file:
        file.write(content)
