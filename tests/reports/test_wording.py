"""One Indonesian word for one thing: in the reports, in the catalogue, in the comments of its commands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po

from auditor.model.check import Check, Text
from reports.words import LANGUAGES
from tests.controls.catalogue import shipped
from tests.reports.messages import PACKAGE
from tests.reports.test_translations import STORED, strings
from tests.reports.wording import unwanted


def texts_of(check: Check) -> Iterator[tuple[str, Text]]:
    """Yield every text of a check that is shown to people, by name."""
    for name in ("title", "why", "observed", "expected"):
        yield name, getattr(check, name)
    for remedy in check.remediation:
        yield f"steps for {remedy.software}", remedy.steps


@cache
def of_checks() -> tuple[tuple[str, Text], ...]:
    found = shipped().checks.items()
    return tuple((f"{id_}: {name}", text) for id_, check in found for name, text in texts_of(check))


def test_a_word_with_a_better_one_is_found_and_commands_are_left_alone() -> None:
    assert unwanted("Porta 22 pada peladen") == ["peladen → server", "Porta → port"]
    assert unwanted('Jalankan "update", `backup`, /etc/folder/user dan update-crypto-policies') == []


def test_messages_use_the_wanted_words() -> None:
    assert {text: found for m in STORED for text in strings(m) if (found := unwanted(text))} == {}


def test_comments_of_commands_use_the_wanted_words() -> None:
    stored = read_po((PACKAGE / "translations" / "comments-id.po").open("rb"), locale="id")
    assert {m.id: found for m in stored if (found := unwanted(str(m.string)))} == {}


def test_every_text_of_every_check_is_there_in_both_languages() -> None:
    assert len(of_checks()) > 4 * len(shipped().checks)
    for name, text in of_checks():
        assert all(text.get(language, "").strip() for language in LANGUAGES), name


def test_texts_of_checks_use_the_wanted_words() -> None:
    assert {name: found for name, text in of_checks() if (found := unwanted(text["id"]))} == {}


def test_titles_and_reasons_are_not_the_english_ones() -> None:
    """A text of three words or more that is the same in both languages was never translated."""
    same = [name for name, text in of_checks() if text["en"] == text["id"] and len(text["id"].split()) > 2]
    assert [name for name in same if not name.endswith((": observed", ": expected"))] == []


@pytest.mark.parametrize("edition", ["2013", "2022"])
def test_titles_and_questions_of_controls_use_the_wanted_words(edition: str) -> None:
    controls = shipped().frameworks[edition].controls
    texts = [text for one in controls for text in (one.title, one.question, one.reason, one.no_check) if text]
    assert len(texts) >= 3 * len(controls)
    assert [text["en"] for text in texts if not text["id"].strip() or not text["en"].strip()] == []
    told = (*(text["id"] for text in texts), *(one.papers for one in controls))
    assert {text: found for text in told if (found := unwanted(text))} == {}
