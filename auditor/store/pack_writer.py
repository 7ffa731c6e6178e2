"""Write evidence packs: the layout that auditor/store/pack_verifier.py accepts, and no other."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from auditor.store.pack_verifier import (
    FORMAT,
    MANIFEST,
    MOST_BYTES,
    MOST_MEMBERS,
    SIGNATURE,
    VERSION,
    Member,
    canonical,
    closing,
    local_header,
    signature_file,
    signed_bytes,
)
from auditor.store.signing import Signer

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")


class PackTooLargeError(Exception):
    """More than an archive of this form can hold."""


class PackWriter:
    """Write members one after the other, then the signed list of them."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._members: list[Member] = []
        self._names: set[str] = set()

    def add(self, name: str, content: bytes) -> None:
        """Write a member; one that is there already is left as it is. Raise PackTooLargeError."""
        if name in self._names:
            return
        if not _NAME.fullmatch(name):
            raise ValueError(f"no name of a member: {name!r}")
        crc = zlib.crc32(content)
        header = local_header(name, crc, len(content))
        offset = self._file.tell() + len(header)
        # Room for the directory, which takes less than 300 bytes a member.
        if len(self._members) > MOST_MEMBERS - 3 or offset + len(content) > MOST_BYTES - 2**25:
            raise PackTooLargeError
        self._file.write(header + content)
        self._names.add(name)
        self._members.append(Member(name, offset, len(content), crc, hashlib.sha256(content).hexdigest()))

    def add_packed(self, name: str, content: bytes) -> None:
        """Write a member compressed; equal content gives equal bytes."""
        self.add(name, gzip.compress(content, mtime=0))

    def add_lines(self, name: str, values: Iterable[Any]) -> None:
        """Write JSON values, one a line, compressed."""
        self.add_packed(name, "".join(f"{canonical(value)}\n" for value in values).encode())

    def finish(self, about: Mapping[str, Any], signer: Signer) -> str:
        """Write the list of members with what the pack is about, signed, and return its SHA-256."""
        entries = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in self._members]
        manifest = {"format": FORMAT, "version": VERSION, **about, "entries": entries}
        content = json.dumps(manifest, ensure_ascii=True, indent=1, sort_keys=True).encode()
        self.add(MANIFEST, content)
        digest = hashlib.sha256(content).hexdigest()
        self.add(SIGNATURE, signature_file(signer.sign(signed_bytes(digest))[1]))
        self._file.write(closing(self._members))
        return digest
