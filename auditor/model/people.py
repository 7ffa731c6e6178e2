"""Whether two written names are the same person's: nobody approves what they asked for themselves."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TITLES = frozenset(("dr", "drs", "dra", "ir", "prof", "h", "hj", "kh", "bapak", "bpk", "ibu", "sdr", "sdri"))


def same_person(one: str, other: str) -> bool:
    """Return whether two names are alike but for case, spacing, marks and titles before or after a comma."""
    return bool(_bare(one)) and _bare(one) == _bare(other)


@lru_cache(maxsize=4096)
def _bare(name: str) -> tuple[str, ...]:
    before_titles = unicodedata.normalize("NFKD", name).partition(",")[0]
    plain = "".join(letter for letter in before_titles if not unicodedata.combining(letter))
    words = re.findall(r"\w+", plain.casefold())
    named = [word for word in words if word not in _TITLES]
    return tuple(named or words)
