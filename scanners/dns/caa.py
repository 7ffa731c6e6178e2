"""Read the value of a CAA record (RFC 8659, 4.2). Pure."""

from __future__ import annotations

import re

from scanners.dns.record import MAXIMUM_CHARACTERS, RecordError

ISSUING_TAGS = ("issue", "issuewild")
_LABEL = "[A-Za-z0-9](?:-*[A-Za-z0-9])*"
_ISSUER = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def parse_issuer(value: str) -> str:
    """Return the authority that an issue or issuewild property names, "" where it forbids all of them.

    Raises RecordError for a malformed value, which forbids all of them too (RFC 8659, 4.2).
    """
    if len(value) > MAXIMUM_CHARACTERS:
        raise RecordError(f"longer than {MAXIMUM_CHARACTERS} characters")
    issuer = value.partition(";")[0].strip(" \t")
    if issuer and not _ISSUER.fullmatch(issuer):
        raise RecordError("the issuer is not a domain name")
    return issuer.lower()
