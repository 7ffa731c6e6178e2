"""The words that people write in answers, in either language, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from auditor.documents.shape import nearest
from auditor.model.attestation import Answer, Aspect, Basis
from auditor.model.plain_text import find_hidden, name_character, show
from reports.statement.labels import ANSWERS, BASES
from reports.visible import shown_block
from reports.words import LANGUAGES, translations

EVERYBODY = "*"
"""How the whole organisation is written where an OPD stands."""

LONGEST_TEXT = 5_000
LONGEST_LINE = 300
_LONGEST_NAME, _LETTERS_OF_A_NAME = 120, 3

ANSWER_KEYS: Mapping[str, Aspect] = {
    "answer": Aspect.WHOLE,
    "design": Aspect.DESIGN,
    "implementation": Aspect.IMPLEMENTATION,
    "effectiveness": Aspect.EFFECTIVENESS,
}
"""Key of a column or option → the aspect that it answers."""

_YES, _NO = ("ya", "yes", "true", "berlaku"), ("tidak", "no", "false", "tidak-berlaku")
_MORE_BASES = {
    "risiko": Basis.RISK,
    "peraturan": Basis.LAW,
    "hukum": Basis.LAW,
    "kontrak": Basis.CONTRACT,
    "praktik-baik": Basis.PRACTICE,
}
Value = TypeVar("Value", bound=StrEnum)


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "-", word.strip()).casefold()


def _known(labels: Mapping[Value, str]) -> dict[str, Value]:
    """Return every way to write a value: its own and its label in each language."""
    spoken = {
        _plain(translations(language).gettext(label)): value
        for language in LANGUAGES
        for value, label in labels.items()
    }
    return spoken | {_plain(value.value): value for value in labels}


def parse_answer(word: str) -> Answer:
    """Return the answer that a word stands for; raise ValueError with the words there are."""
    known = _known(ANSWERS)
    if _plain(word) in known:
        return known[_plain(word)]
    hint = nearest(_plain(word), known) or "write sesuai, sesuai-sebagian or tidak-sesuai"
    raise ValueError(f"{show(word)} is no answer; {hint} (conforms, partial, does-not-conform)")


def parse_yes(word: str) -> bool:
    """Return whether a word says that a control applies; raise ValueError when it says neither."""
    if _plain(word) in _YES:
        return True
    if _plain(word) in _NO:
        return False
    raise ValueError(f"{show(word)} says neither yes nor no; write ya or tidak")


def parse_bases(text: str) -> tuple[Basis, ...]:
    """Return the reasons written with commas or line breaks between them; raise ValueError for another."""
    known = _known(BASES) | _MORE_BASES
    words = [word for word in re.split("[,;\n]", text) if word.strip()]
    for word in words:
        if _plain(word) not in known:
            hint = nearest(_plain(word), known) or "write risiko, peraturan, kontrak or praktik baik"
            raise ValueError(f"{show(word.strip())} is no basis; {hint}")
    return tuple(sorted({known[_plain(word)] for word in words}, key=list(Basis).index))


def parse_text(text: str) -> str:
    """Return a text without blanks around it; raise ValueError for what is too long or not to be seen."""
    plain = text.replace("\r\n", "\n").replace("\t", " ").strip()
    if len(plain) > LONGEST_TEXT:
        raise ValueError(f"a text of {len(plain):,} characters; write at most {LONGEST_TEXT:,}")
    # What either form of a questionnaire could not carry unchanged.
    hidden = next((one for one in plain if find_hidden(one) is not None or shown_block(one) != one), None)
    if hidden is not None:
        raise ValueError(f"hidden character {name_character(hidden)}; delete it")
    return plain


def parse_line(text: str) -> str:
    """Return a text as one line; raise ValueError for what is too long or not to be seen."""
    line = " ".join(parse_text(text).split())
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a line of {len(line)} characters; write at most {LONGEST_LINE}")
    return line


def parse_name(text: str) -> str:
    """Return the name of a person; raise ValueError for what is none."""
    name = parse_line(text)
    if sum(letter.isalpha() for letter in name) < _LETTERS_OF_A_NAME or len(name) > _LONGEST_NAME:
        raise ValueError(f"{show(name)} is no name of a person; write who it is, such as Siti Aminah, S.Kom.")
    return name
