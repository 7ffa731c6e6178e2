"""Every message has its Indonesian words, none is left over, and no page mixes the languages."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from reports.names import _STEMS
from reports.pack import README
from reports.words import LANGUAGES
from tests.reports.everything import everything
from tests.reports.messages import PACKAGE, messages, translated


def forms(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


_WITHOUT_PAGES = frozenset(
    stem
    for stems in _STEMS.values()
    for kind, stem in stems.items()
    if kind in ("controls", "findings", "oscal-results", "oscal-plan")
)
"""Files for machines."""
STORED = [message for message in translated() if message.id]


def test_the_catalogue_holds_exactly_the_messages_in_use() -> None:
    assert {str(message.id) for message in STORED} == {str(m.id) for m in messages() if m.id}


def test_every_message_is_translated_and_none_only_guessed() -> None:
    assert [m.id for m in STORED if m.fuzzy or not all(strings(m))] == []


def test_indonesian_has_one_form_and_keeps_every_placeholder() -> None:
    for message in STORED:
        assert len(strings(message)) == 1
        wanted = set(re.findall(r"%\(\w+\)s|%%", forms(message)[-1]))
        assert set(re.findall(r"%\(\w+\)s|%%", strings(message)[0])) == wanted, message.id


def test_reports_address_nobody_and_use_the_glossary() -> None:
    for message in STORED:
        text = strings(message)[0]
        assert not re.search(r"\b(Anda|kamu|kendali|pengendalian|email|deadline)\b", text), text


@pytest.mark.parametrize("edition", ["2013", "2022"])
def test_no_english_message_is_told_to_indonesian_readers(edition: str) -> None:
    own = {text for message in STORED for text in strings(message)}
    english = {form for message in STORED for form in forms(message)} - own
    phrases = {form for form in english if " " in form and "%" not in form}
    for name, seen in everything("id", edition).items():
        assert not seen & english, name
        assert not [phrase for phrase in phrases if any(phrase in text for text in seen)], name


@pytest.mark.parametrize("edition", ["2013", "2022"])
def test_no_indonesian_message_is_told_to_english_readers(edition: str) -> None:
    english = {form for message in STORED for form in forms(message)}
    own = {text for message in STORED for text in strings(message)} - english
    for name, seen in everything("en", edition).items():
        assert not seen & own, name


def test_every_kind_of_page_and_workbook_is_among_what_is_read() -> None:
    for language in LANGUAGES:
        named = {name.rpartition("/")[2] for name in everything(language, "2022")}
        for stem in (*_STEMS[language].values(), README[language]):
            assert stem in _WITHOUT_PAGES or any(name.startswith(stem) for name in named), stem
    assert {name.rpartition(".")[2] for name in everything("id", "2022")} >= {"html", "xlsx", "txt"}


def test_templates_hold_no_words_of_their_own() -> None:
    for path in sorted((PACKAGE / "templates").glob("*.html")):
        source = path.read_text(encoding="utf-8")
        source = re.sub(r"\{% block kind %\}\w+\{% endblock %\}", " ", source)  # a class, never shown
        source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.S)
        shown = r"\b(?:80 http|443 https)\b|<code>auditor verify --server\s*</code>"
        text = re.sub(rf"<style>.*?</style>|{shown}|<[^>]*>", " ", source, flags=re.S)
        assert not re.findall(r"[A-Za-z]{2,}", text), path.name


def test_templates_switch_no_escaping_off() -> None:
    for path in sorted((PACKAGE / "templates").iterdir()):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|<script|\son\w+=", source), path.name
