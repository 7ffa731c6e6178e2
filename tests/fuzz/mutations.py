"""Damage real inputs a little, as line noise or malice would."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

_FAVOURITES = (
    b"\x00",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00",
    b"\x80",
    b"\r\n",
    b"%s",
    b'"',
    b"<",
    b"\xc3\x28",
)
_MOST_EDITS = 8
_MOST_BYTES = 40


def mutated(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Return inputs made from one of the seeds by a few edits, or of nothing but chance."""
    place = st.floats(0, 1)
    what = st.one_of(st.sampled_from(_FAVOURITES), st.binary(max_size=_MOST_BYTES))
    kinds = st.sampled_from(["replace", "insert", "delete", "repeat", "cut"])
    edits = st.lists(st.tuples(kinds, place, place, what), max_size=_MOST_EDITS)
    return st.one_of(st.builds(_edited, st.sampled_from(list(seeds)), edits), st.binary(max_size=300))


def _edited(data: bytes, edits: Sequence[tuple[str, float, float, bytes]]) -> bytes:
    for kind, first, second, part in edits:
        start, end = sorted((int(first * len(data)), int(second * len(data))))
        if kind == "replace":
            data = data[:start] + part + data[start + len(part) :]
        elif kind == "insert":
            data = data[:start] + part + data[start:]
        elif kind == "delete":
            data = data[:start] + data[min(end, start + _MOST_BYTES) :]
        elif kind == "repeat":
            data = data[:end] + data[start:end][:1000] * 3 + data[end:]
        else:
            data = data[:start]
    return data
