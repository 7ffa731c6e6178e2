"""The form of a backup: a gzipped tar whose first file lists every other with its size and SHA-256.

Only what a workspace keeps can be in it, under the names it has there: there are no links, folders, owners or
paths to be careful about. Reading takes nothing that the list does not announce.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from auditor.store.chain import canonical

FORMAT, VERSION = "tilik-backup", 1
MANIFEST = "manifest.json"
MOST_MANIFEST_BYTES = 128 * 1024 * 1024
_BLOCK, _PIECE = 512, 1024 * 1024
_MOST = 2**63
_NAME = re.compile(r"audit\.db|keys/[a-z0-9-]{1,60}\.key|raw/([0-9a-f]{2})/\1[0-9a-f]{62}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ArchiveError(Exception):
    """Why something is no backup of ours, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a backup."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and what the workspace had come to when it was made (UTC, RFC 3339)."""

    made_at: str
    evidence: int
    """Number of evidence rows."""
    evidence_head: str
    decisions: int
    decisions_head: str
    entries: tuple[Entry, ...]


def entry_of(name: str, path: Path) -> Entry:
    """Return the entry of a file as it is now; raise ValueError for a name that no backup has."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Entry(name, file.tell(), sha256)


def archive_bytes(manifest: Manifest, files: Mapping[str, Path]) -> Iterator[bytes]:
    """Yield a backup piece by piece; `files` says where each entry lies.

    Raise ArchiveError when a file is not what the manifest says any more.
    """
    packing = zlib.compressobj(6, wbits=31)
    for piece in _tar(manifest, files):
        if packed := packing.compress(piece):
            yield packed
    yield packing.flush()


def _tar(manifest: Manifest, files: Mapping[str, Path]) -> Iterator[bytes]:
    head = canonical({"format": FORMAT, "version": VERSION, **asdict(manifest)}).encode()
    yield from _member(MANIFEST, len(head), [head])
    for entry in manifest.entries:
        yield from _member(entry.name, entry.size_bytes, _content(entry, files[entry.name]))
    yield bytes(2 * _BLOCK)


def _member(name: str, size: int, content: Iterable[bytes]) -> Iterator[bytes]:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    yield header.tobuf(tarfile.GNU_FORMAT)
    yield from content
    yield bytes(-size % _BLOCK)


def _content(entry: Entry, path: Path) -> Iterator[bytes]:
    total, left = hashlib.sha256(), entry.size_bytes
    with path.open("rb") as file:
        while left and (piece := file.read(min(left, _PIECE))):
            total.update(piece)
            left -= len(piece)
            yield piece
    if left or total.hexdigest() != entry.sha256:
        raise ArchiveError(f"{entry.name} changed while it was copied")


def extract(archive: BinaryIO, folder: Path, room: Callable[[Manifest], None]) -> Manifest:
    """Write what a backup holds into an empty folder, readable by its owner only, and return its manifest.

    `room` is asked with the manifest before anything is written, and may raise. Raise ArchiveError for
    whatever is not a whole backup; what was written by then is the caller's to remove.
    """
    with gzip.GzipFile(fileobj=archive, mode="rb") as unpacked:
        try:
            manifest = _read_manifest(unpacked)
            room(manifest)
            for entry in manifest.entries:
                _extract(unpacked, entry, folder)
            if _take(unpacked, 2 * _BLOCK).strip(b"\0") or unpacked.read(1):
                raise ArchiveError("it holds more than its manifest lists")
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ArchiveError(f"it is damaged or cut off: {error}") from None
    return manifest


def _extract(unpacked: gzip.GzipFile, entry: Entry, folder: Path) -> None:
    name, size = _header(unpacked)
    if (name, size) != (entry.name, entry.size_bytes):
        raise ArchiveError(f"where {entry.name} should be is something else")
    target = folder / entry.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    total = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in _pieces(unpacked, size):
            total.update(piece)
            file.write(piece)
    _take(unpacked, -size % _BLOCK)
    if total.hexdigest() != entry.sha256:
        raise ArchiveError(f"{entry.name} is not what the manifest says")


def _read_manifest(unpacked: gzip.GzipFile) -> Manifest:
    name, size = _header(unpacked)
    if name != MANIFEST or not 0 < size <= MOST_MANIFEST_BYTES:
        raise ArchiveError("it does not begin with a manifest of ours")
    text = _take(unpacked, size)
    _take(unpacked, -size % _BLOCK)
    try:
        return _manifest(json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ArchiveError("its manifest is not readable") from None


def _manifest(content: dict[str, Any]) -> Manifest:
    if content["format"] != FORMAT:
        raise ArchiveError("it is no backup of Tilik")
    if _count(content, "version") != VERSION:
        raise ArchiveError("it was made by a newer version; install that one")
    return Manifest(
        _text(content, "made_at"),
        _count(content, "evidence"),
        _text(content, "evidence_head"),
        _count(content, "decisions"),
        _text(content, "decisions_head"),
        _entries(content["entries"]),
    )


def _entries(listed: list[dict[str, Any]]) -> tuple[Entry, ...]:
    entries = tuple(
        Entry(_text(one, "name"), _count(one, "size_bytes"), _text(one, "sha256")) for one in listed
    )
    if not all(_NAME.fullmatch(one.name) and _SHA256.fullmatch(one.sha256) for one in entries):
        raise ArchiveError("its manifest lists what no workspace keeps")
    if len({one.name for one in entries}) != len(entries):
        raise ArchiveError("its manifest lists a file twice")
    if "audit.db" not in {one.name for one in entries}:
        raise ArchiveError("its manifest lists no database")
    return entries


def _text(content: dict[str, Any], name: str) -> str:
    value = content[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _count(content: dict[str, Any], name: str) -> int:
    value = content[name]
    # Exactly: true is an int too. What no file system counts to would not go through a float later.
    if type(value) is not int or not 0 <= value < _MOST:
        raise TypeError(name)
    return value


def _header(unpacked: gzip.GzipFile) -> tuple[str, int]:
    """Return name and size of a plain file; every other kind of entry is refused unread."""
    try:
        header = tarfile.TarInfo.frombuf(_take(unpacked, _BLOCK), "utf-8", "strict")
    except (tarfile.HeaderError, ValueError):
        raise ArchiveError("it is no tar file, or lacks files that its manifest lists") from None
    if header.type != tarfile.REGTYPE:
        raise ArchiveError("it holds something other than plain files")
    return header.name, header.size


def _take(unpacked: gzip.GzipFile, size: int) -> bytes:
    return b"".join(_pieces(unpacked, size))


def _pieces(unpacked: gzip.GzipFile, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = unpacked.read(min(size, _PIECE))
        if not piece:
            raise ArchiveError("it is cut off")
        size -= len(piece)
        yield piece
