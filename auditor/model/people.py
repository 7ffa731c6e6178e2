"""Whether two written names are the same person's: nobody approves what they asked for themselves.

A name is all there is until people have accounts, so in doubt two names are one person.
"""

from __future__ import annotations

import re
import unicodedata

_TITLES = frozenset(
    (
        *("dr", "drs", "dra", "ir", "prof", "h", "hj", "kh", "bapak", "bpk", "ibu", "sdr", "sdri"),
        *("amd", "skom", "mkom", "st", "mt", "si", "ssi", "msi", "sh", "mh", "se", "mm", "ma", "mba"),
        *("sip", "sos", "ssos", "mkes", "spd", "mpd", "msc", "phd", "stp", "sstp", "sap", "map", "ners"),
    )
)
"""Titles and degrees, before or after a name, without their dots."""
_LOOKALIKE = str.maketrans("ıіоаеѕсрху", "iioaescpxy")
"""Letters of other alphabets that look like Latin ones, and the dotless i."""


def same_person(one: str, other: str) -> bool:
    """Return whether two names are alike but for case, order, spacing, marks, hidden letters and titles."""
    if not one.strip() or not other.strip():
        return False
    first, second = _words(one), _words(other)
    return (
        _plain(one) == _plain(other) or sorted(first) == sorted(second) or "".join(first) == "".join(second)
    )


def _words(name: str) -> list[str]:
    """Return the words of a name without titles; all of them where there is nothing else."""
    # A degree is written with dots: S.Kom. is one word, and not the words S and Kom.
    joined = re.sub(r"(?<=\w)\.(?=\w)", "", _plain(name))
    words = re.findall(r"[^\W_]+", joined)
    named = [word for word in words if word not in _TITLES]
    return named or words


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name).casefold().translate(_LOOKALIKE)
    shown = (letter for letter in decomposed if not _is_hidden(letter))
    return " ".join("".join(shown).replace("_", " ").split())


def _is_hidden(letter: str) -> bool:
    """Return whether a letter is a mark or shows nothing: combining, formatting, fillers."""
    return unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc") or letter in _FILLERS


_FILLERS = "\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\u034f"
