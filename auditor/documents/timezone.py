"""Names of time zones."""

from __future__ import annotations

import functools
import zoneinfo

from auditor.documents.shape import nearest
from auditor.model.plain_text import show

_ABBREVIATIONS = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
_OFFSETS = {"+7": "Asia/Jakarta", "+07": "Asia/Jakarta", "+8": "Asia/Makassar", "+08": "Asia/Makassar"}
_OFFSETS |= {"+9": "Asia/Jayapura", "+09": "Asia/Jayapura"}


def check_timezone(name: str) -> str:
    """Return the name of a known zone, or raise ValueError with the name to write."""
    # The zones Etc/GMT+7 and the like count westwards: +7 there is seven hours behind, not ahead.
    if name in known_zones() and not name.startswith("Etc/GMT"):
        return name
    offset = name.removeprefix("Etc/").removeprefix("GMT").removeprefix("UTC").removesuffix(":00")
    suggested = _ABBREVIATIONS.get(name.upper()) or _OFFSETS.get(offset)
    hint = f"write {suggested}" if suggested else nearest(name, known_zones())
    raise ValueError(f"unknown time zone {show(name)}; {hint or 'write for example Asia/Jakarta'}")


@functools.cache
def known_zones() -> frozenset[str]:
    """Return every IANA name that this machine knows."""
    return frozenset(zoneinfo.available_timezones())
