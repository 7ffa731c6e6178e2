"""Every malformed file gives exactly the messages that were accepted for it (`scripts/accept-malformed`)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.auditor.malformed import FOLDER, INVENTORIES, POLICIES, expected, messages


@pytest.mark.parametrize(
    "path", [*INVENTORIES, *POLICIES], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_messages_are_those_accepted(path: Path) -> None:
    assert messages(path) == expected(path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", [*INVENTORIES, *POLICIES], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_every_message_is_located_and_says_what_to_do(path: Path) -> None:
    for line in expected(path).read_text(encoding="utf-8").splitlines():
        assert re.match(rf"{re.escape(path.name)}:[1-9][0-9]*:[1-9][0-9]*: \S", line)


def test_there_are_many_and_none_is_left_over() -> None:
    assert len(INVENTORIES) >= 25
    assert len(POLICIES) >= 25
    known = {path.with_suffix(".txt") for path in (*INVENTORIES, *POLICIES)}
    assert set(FOLDER.rglob("*.txt")) == known
