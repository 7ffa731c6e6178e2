"""What the readers of text records share: their error, bounds, and the list of `tag=value`. Pure."""

from __future__ import annotations

import re

MAXIMUM_CHARACTERS = 8192
"""No sensible policy or key is longer; a TXT record may be eight times as long."""
_HIDDEN = re.compile("[^\x20-\x7e]")
_TAG = re.compile(r"[a-z][a-z0-9_]*")


class RecordError(ValueError):
    """A record that is not what its specification describes."""


def text_of(strings: tuple[bytes, ...]) -> str:
    """Return the strings of one TXT record as one text; what is not printable ASCII becomes U+FFFD."""
    return _HIDDEN.sub("\ufffd", b"".join(strings).decode("latin-1"))


def parse_tags(text: str, first: str, version: str) -> dict[str, str]:
    """Read `first=version; tag=value; …` (RFC 6376, 3.2), tags in lower case; raise RecordError otherwise."""
    if len(text) > MAXIMUM_CHARACTERS:
        raise RecordError(f"longer than {MAXIMUM_CHARACTERS} characters")
    tags: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        name, separator, value = part.partition("=")
        name = name.strip().lower()
        if not separator or not _TAG.fullmatch(name):
            raise RecordError("a part is not tag=value")
        if name in tags:
            raise RecordError(f"a second tag {name}")
        tags[name] = value.strip()
    if next(iter(tags.items()), None) != (first, version):
        raise RecordError(f"does not begin with {first}={version}")
    return tags
