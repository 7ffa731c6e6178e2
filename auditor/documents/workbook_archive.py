"""The outside of a workbook (XLSX): an archive that is refused before anything large is unpacked. Pure."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from auditor.model.document import MAXIMUM_BYTES, DocumentError
from auditor.model.problem import Problem

MAXIMUM_MEMBERS = 300
MAXIMUM_UNPACKED_BYTES = 20_000_000
MAXIMUM_RATIO = 400
"""How many bytes one packed byte may become; forms with many empty cells reach about a hundred."""

_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LOCAL_HEADER_BYTES = 30
_LARGEST_ENTRY_BYTES = 1_000
_SAVE_AGAIN = "open it in a spreadsheet program and save it as .xlsx again"
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError),
    *(OSError, struct.error),
)
"""What the standard library raises for a broken archive; an encrypted member is a RuntimeError."""


class WorkbookArchive:
    """The parts of a workbook by name. Raise DocumentError at once for what is no harmless workbook."""

    def __init__(self, data: bytes, file: str):
        self._file = file
        self._refuse_at_sight(data)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self._entries = {entry.filename: entry for entry in self._archive.infolist()}
        except _UNREADABLE:
            raise self.refusal(f"not a readable workbook; {_SAVE_AGAIN}") from None
        for message in self._find_dangers(len(data)):
            raise self.refusal(message)

    def refusal(self, message: str) -> DocumentError:
        """Return an error about the file as a whole."""
        return DocumentError([Problem(self._file, 0, 0, message)])

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """Return the bytes of a part; raise DocumentError when it is missing or broken."""
        if name not in self._entries:
            raise self.refusal(f"not an Excel workbook: it has no {name}; {_SAVE_AGAIN}")
        try:
            return self._archive.read(name)
        except _UNREADABLE:
            raise self.refusal(f"its part {name} is damaged; {_SAVE_AGAIN}") from None

    def _refuse_at_sight(self, data: bytes) -> None:
        if len(data) > MAXIMUM_BYTES:
            raise self.refusal(f"larger than {MAXIMUM_BYTES:,} bytes; split it or remove what is not needed")
        if data.startswith(_OLD_FORMAT):
            raise self.refusal("an old .xls, or one with a password; save it as .xlsx without a password")
        if not data.startswith(b"PK\x03\x04"):
            raise self.refusal(f"not a workbook (.xlsx); {_SAVE_AGAIN}")
        end = data.rfind(_END_MARK)
        if end < 0 or len(data) - end < _END.size:
            raise self.refusal(f"the workbook is cut off; {_SAVE_AGAIN}")
        _, _, _, _, members, directory_bytes, _, _ = _END.unpack_from(data, end)
        # Before the directory is read: it is what a hundred thousand members would fill the memory with.
        if members > MAXIMUM_MEMBERS or directory_bytes > MAXIMUM_MEMBERS * _LARGEST_ENTRY_BYTES:
            raise self.refusal(f"an archive of more than {MAXIMUM_MEMBERS} parts; {_SAVE_AGAIN}")

    def _find_dangers(self, total_bytes: int) -> Iterator[str]:
        entries = self._archive.infolist()
        if len(entries) > len(self._entries):
            yield f"two of its parts have the same name; {_SAVE_AGAIN}"
        if any(entry.flag_bits & 1 for entry in entries):
            yield "protected with a password; save it without one"
        if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
            yield f"packed in a way that no spreadsheet program uses; {_SAVE_AGAIN}"
        if sum(entry.file_size for entry in entries) > MAXIMUM_UNPACKED_BYTES:
            yield f"unpacks to more than {MAXIMUM_UNPACKED_BYTES:,} bytes; split it"
        if any(entry.file_size > MAXIMUM_RATIO * max(entry.compress_size, 100) for entry in entries):
            yield f"packed suspiciously tight; {_SAVE_AGAIN}"
        if _overlap(entries, total_bytes):
            yield f"its parts lie on top of each other; {_SAVE_AGAIN}"
        yield from _find_active_content(self._entries)


def _overlap(entries: list[zipfile.ZipInfo], total_bytes: int) -> bool:
    """Return whether two members share bytes, so that a small file unpacks to a large one."""
    begins = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    ends = [*(offset for offset, _ in begins[1:]), total_bytes]
    return any(
        offset + _LOCAL_HEADER_BYTES + size > end for (offset, size), end in zip(begins, ends, strict=True)
    )


def _find_active_content(names: Mapping[str, object]) -> Iterator[str]:
    plain = [name.casefold() for name in names]
    if any("vbaproject" in name or "/activex/" in name or "macrosheets/" in name for name in plain):
        yield "a workbook with macros; save it as .xlsx without them"
    if any("/externallinks/" in name for name in plain):
        yield "linked to other workbooks; paste what they give as values, and break the links"
    if any(name.endswith(("/connections.xml", "/webextension1.xml")) for name in plain):
        yield "connected to data elsewhere; remove the connections and save it again"
