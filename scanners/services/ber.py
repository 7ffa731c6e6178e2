"""Write and read BER, as much of it as LDAP needs (X.690). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from scanners.services.answers import AnswerError, number, whole


def element(tag: int, *parts: bytes) -> bytes:
    """Return one element with its length."""
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def integer(value: int, tag: int = 0x02) -> bytes:
    """Return a small number that is not negative."""
    return element(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def parse_header(data: bytes) -> tuple[int, int, int]:
    """Return tag, length of the header and length of the content; raise AnswerError."""
    tag, first = number(data, 0, 1), number(data, 1, 1)
    if tag & 0x1F == 0x1F:
        raise AnswerError("a tag of several bytes, which LDAP does not use")
    if first < 0x80:
        return tag, 2, first
    if first == 0x80 or first > 0x84:
        raise AnswerError("a length that LDAP does not use")
    return tag, 2 + (first & 0x7F), number(data, 2, first & 0x7F)


def parse_elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give tag and content of each element; raise AnswerError."""
    at = 0
    while at < len(data):
        tag, header, length = parse_header(data[at : at + 6])
        yield tag, whole(data, at + header, length)
        at += header + length
