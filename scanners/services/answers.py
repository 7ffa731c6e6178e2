"""What the readers of servers' answers share."""

from __future__ import annotations

TEXT_CHARACTERS = 300


class AnswerError(ValueError):
    """The bytes are not what the protocol says: the one error that a reader of an answer raises."""


def text_of(data: bytes) -> str:
    """Return hostile bytes as text of bounded length, on one line."""
    return " ".join(data.decode("utf-8", "replace").split())[:TEXT_CHARACTERS]


def whole(data: bytes, start: int, length: int) -> bytes:
    """Return `length` bytes from `start`; raise AnswerError when they are not all there."""
    if start < 0 or length < 0 or start + length > len(data):
        raise AnswerError("the answer ends before it is whole")
    return data[start : start + length]


def number(data: bytes, start: int, length: int, order: str = "big") -> int:
    """Return an unsigned number of `length` bytes at `start`; raise AnswerError when it is cut."""
    return int.from_bytes(whole(data, start, length), "little" if order == "little" else "big")
