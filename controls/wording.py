"""Fill the `{fact.name}` and `{param.name}` placeholders of a check's texts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.model.check import Text
from auditor.model.facts import JSON

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*)\}")
_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):\d{2}(?:\.\d+)?Z")
_SHOWN_ITEMS = 40
_SHOWN_CHARACTERS = 1500

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "true": "yes",
        "false": "no",
        "null": "none",
        "empty": "none",
        "missing": "not observed",
        "more": "and {n} more",
    },
    "id": {
        "true": "ya",
        "false": "tidak",
        "null": "tidak ada",
        "empty": "tidak ada",
        "missing": "tidak teramati",
        "more": "dan {n} lainnya",
    },
}

_ENGLISH_MONTHS = {
    "Januari": "January",
    "Februari": "February",
    "Maret": "March",
    "April": "April",
    "Mei": "May",
    "Juni": "June",
    "Juli": "July",
    "Agustus": "August",
    "September": "September",
    "Oktober": "October",
    "November": "November",
    "Desember": "December",
}
_MONTHS = {"id": tuple(_ENGLISH_MONTHS), "en": tuple(_ENGLISH_MONTHS.values())}
_CLOCKS = {"en": "{}:{} UTC", "id": "{}.{} UTC"}


def fill(text: Text, values: Mapping[str, JSON]) -> Text:
    """Return the text in each language with its placeholders replaced by the values, bounded in length."""
    return {language: _fill(template, values, language) for language, template in text.items()}


def _fill(template: str, values: Mapping[str, JSON], language: str) -> str:
    def shown(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values:
            return _WORDS[language]["missing"]
        return show(values[name], language)[:_SHOWN_CHARACTERS]

    return PLACEHOLDER.sub(shown, template)


def show(value: JSON, language: str) -> str:
    """Return one value as a reader of `language` writes it."""
    words = _WORDS[language]
    if value is None:
        return words["null"]
    if isinstance(value, bool):
        return words["true" if value else "false"]
    if isinstance(value, list):
        return _show_list(value, language)
    if isinstance(value, dict):
        return ", ".join(f"{key} {show(inner, language)}" for key, inner in value.items())
    if isinstance(value, float):
        return str(value).replace(".", ",") if language == "id" else str(value)
    if isinstance(value, str) and (moment := _MOMENT.fullmatch(value)):
        return _show_moment(moment, language)
    return str(value)


def _show_moment(moment: re.Match[str], language: str) -> str:
    """Return the day in words: times in facts are those of servers, so they stay in UTC."""
    year, month, day, hour, minute = moment.groups()
    name = _MONTHS[language][(int(month) - 1) % 12]
    return f"{int(day)} {name} {year} {_CLOCKS[language].format(hour, minute)}"


def _show_list(values: list[JSON], language: str) -> str:
    if not values:
        return _WORDS[language]["empty"]
    separator = "; " if any(isinstance(value, dict) for value in values) else ", "
    text = separator.join(show(value, language) for value in values[:_SHOWN_ITEMS])
    hidden = len(values) - _SHOWN_ITEMS
    return text + (f" {_WORDS[language]['more'].format(n=hidden)}" if hidden > 0 else "")
