"""Every promise about scores is written down and names tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "promises.md").read_text()
ROWS = re.findall(r"^\| (P\d+) \| (.+?) \| (.+) \|$", TEXT, re.MULTILINE)
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


@cache
def defined_in(path: str) -> frozenset[str]:
    """Return the tests that a file defines."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_the_sixteen_promises_are_written_down() -> None:
    assert [number for number, _, _ in ROWS] == [f"P{number}" for number in range(1, 17)]


@pytest.mark.parametrize("row", ROWS, ids=[number for number, _, _ in ROWS])
def test_every_promise_names_its_tests(row: tuple[str, str, str]) -> None:
    assert re.fullmatch(r"(`tests/[\w/]+\.py::test_\w+`(, )?)+", row[2])


@pytest.mark.parametrize(("path", "test"), sorted(set(NAMED)))
def test_every_test_that_is_named_exists(path: str, test: str) -> None:
    assert test in defined_in(path)


def test_every_property_of_promises_is_named() -> None:
    """A test that nobody finds from the table proves nothing to its reader."""
    here = Path(__file__).parent
    for path in sorted(here.glob("test_promises_*.py")):
        name = path.relative_to(ROOT).as_posix()
        properties = {test for test in defined_in(name) if test.startswith("test_")}
        assert properties <= {test for file, test in NAMED if file == name}, name
