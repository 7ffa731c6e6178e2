"""Workbooks made to harm: each is refused in plain words, before it costs time or memory."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.workbook import read_workbook
from auditor.model.document import DocumentError
from tests.auditor.documents.workbooks import BOOK, BOOK_RELATIONS, MAIN, cell, packed, parts, sheet, strings

ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def with_flag(data: bytes) -> bytes:
    """Return an archive whose members all say that they are encrypted."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


def overlapping() -> bytes:
    """Return an archive in which every part but the first is the same bytes under another name."""
    data = packed({**parts(), "xl/a": bytes(range(256)) * 200})
    directory = data.rfind(b"PK\x01\x02")
    entry = bytearray(data[directory : data.rfind(b"PK\x05\x06")])
    copies = b"".join(bytes(entry).replace(b"xl/a", f"xl/{letter}".encode()) for letter in "abcdefghij")
    start = data.find(b"PK\x01\x02")
    merged = data[:directory] + copies
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 15, 15, len(merged) - start, start, 0)
    return merged + end


def twice() -> bytes:
    """Return an archive with two parts of the same name."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        buffer = io.BytesIO(packed(parts()))
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("xl/workbook.xml", BOOK)
    return buffer.getvalue()


def deep() -> str:
    """Return XML nested a hundred thousand levels deep."""
    return f'<worksheet xmlns="{MAIN}">' + "<a>" * 100_000 + "</a>" * 100_000 + "</worksheet>"


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a workbook"),
    "text": (b"kontrol;jawaban\n", "not a workbook"),
    "an old workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        "an old .xls, or one with a password",
    ),
    "another archive": (packed({"isi.txt": "x"}), "not an Excel workbook: it has no xl/workbook.xml"),
    "cut off": (packed(parts())[:-60], "cut off"),
    "only a beginning": (b"PK\x03\x04", "cut off"),
    "a password": (with_flag(packed(parts())), "protected with a password"),
    "macros": (packed({**parts(), "xl/vbaProject.bin": "x"}), "a workbook with macros"),
    "old macros": (packed({**parts(), "xl/macrosheets/sheet1.xml": "x"}), "a workbook with macros"),
    "active content": (packed({**parts(), "xl/activeX/activeX1.xml": "x"}), "a workbook with macros"),
    "links to others": (
        packed({**parts(), "xl/externalLinks/externalLink1.xml": "x"}),
        "linked to other workbooks",
    ),
    "connections": (packed({**parts(), "xl/connections.xml": "x"}), "connected to data elsewhere"),
    "a relation outside": (
        packed(parts(relations=BOOK_RELATIONS.replace("/>", ' TargetMode="External"/>', 1))),
        "leads to something outside",
    ),
    "many members": (packed({f"xl/{n}.xml": "" for n in range(20_000)}), "more than 300 parts"),
    "the same name twice": (twice(), "two of its parts have the same name"),
    "members on each other": (overlapping(), "on top of each other"),
    "another packing": (
        packed(parts(), zipfile.ZIP_LZMA),
        "packed in a way that no spreadsheet program uses",
    ),
    "a zip bomb": (packed({**parts(), "xl/big.xml": bytes(20_000_000)}), "unpacks to more than"),
    "packed too tight": (packed({**parts(), "xl/big.xml": bytes(10_000_000)}), "suspiciously tight"),
    "entities": (packed(parts(sheet=ENTITIES + cell("<c><v>&c;</v></c>"))), "is not plain XML"),
    "shared entities": (packed(parts(strings=ENTITIES + strings("<t>&c;</t>"))), "is not plain XML"),
    "a file from outside": (packed(parts(sheet=OUTSIDE + cell("<c><v>&a;</v></c>"))), "is not plain XML"),
    "no XML": (packed(parts(sheet="<worksheet><sheetData>")), "is not plain XML"),
    "an unknown encoding": (
        packed(parts(sheet='<?xml version="1.0" encoding="x-hidup"?><worksheet/>')),
        "is not plain XML",
    ),
    "deep XML": (packed(parts(sheet=deep()), zipfile.ZIP_STORED), "far too many elements"),
    "many elements": (
        packed(parts(sheet=sheet("<row/>" * 600_000)), zipfile.ZIP_STORED),
        "far too many elements",
    ),
    "many attributes": (
        packed(
            parts(sheet=sheet("<row " + " ".join(f'a{n}=""' for n in range(300_000)) + "/>")),
            zipfile.ZIP_STORED,
        ),
        "far too long",
    ),
    "an endless text": (
        packed(
            parts(sheet=cell(f'<c t="inlineStr"><is><t>{"a" * 1_000_000}</t></is></c>')), zipfile.ZIP_STORED
        ),
        "a text that is longer than any cell",
    ),
    "one text in many cells": (
        packed(
            parts(
                "".join('<row><c t="s"><v>0</v></c></row>' for _ in range(1_000)),
                strings=strings(f"<t>{'a' * 30_000}</t>"),
            )
        ),
        "far too much text",
    ),
    "a text that is not there": (
        packed(parts(sheet=cell('<c t="s"><v>9</v></c>'))),
        "a text that is not there",
    ),
    "a huge number of a text": (
        packed(parts(sheet=cell(f'<c t="s"><v>{"9" * 9_000}</v></c>'))),
        "a number where none can be",
    ),
    "a cell that cannot be": (packed(parts(sheet=cell('<c r="../x"><v>9</v></c>'))), "a cell that cannot be"),
    "many sheets": (
        packed(parts(book=BOOK.replace("</sheets>", '<sheet name="b" sheetId="2"/>' * 30 + "</sheets>"))),
        "more than 20 sheets",
    ),
    "too large": (b"PK\x03\x04" + bytes(5_000_000), "larger than 5,000,000 bytes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_workbook_is_refused_in_one_line(name: str) -> None:
    data, told = REFUSED[name]
    tracemalloc.start()
    try:
        with pytest.raises(DocumentError) as raised:
            read_workbook(data, "isian.xlsx")
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    (problem,) = raised.value.problems
    assert told in problem.message
    assert problem.file == "isian.xlsx"
    assert peak_bytes < 100_000_000


SOUND = packed(
    parts(
        '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1"><v>46356</v></c></row>',
        strings=strings("<t>satu</t>", "<r><t>d</t></r><r><t>ua</t></r>"),
    ),
    zipfile.ZIP_STORED,
)


@given(
    changes=st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(0, 40),
)
def test_a_damaged_workbook_is_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(SOUND)
    for place, value in changes:
        damaged[place] = value
    try:
        read_workbook(bytes(damaged[: len(damaged) - cut]), "isian.xlsx")
    except DocumentError as error:
        assert error.problems


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "<c>",
                    "</c>",
                    '<c t="s">',
                    '<c r="B2">',
                    "<v>",
                    "</v>",
                    "<f>",
                    "</f>",
                    "<row>",
                    "</row>",
                    "<is>",
                ]
            ),
            st.text("0123456789.-ABex", max_size=6),
        ),
        max_size=20,
    )
)
def test_a_sheet_of_odd_elements_is_read_or_refused(pieces: list[str]) -> None:
    try:
        read_workbook(packed(parts("".join(pieces)), zipfile.ZIP_STORED), "isian.xlsx")
    except DocumentError as error:
        assert error.problems
