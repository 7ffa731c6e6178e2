"""Files and functions stay small enough to be read at once; what is longer says why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.rooms import ROOT, modules

MAXIMUM_LINES = 400
MAXIMUM_FUNCTION_LINES = 50
LONG_MODULES = {
    "auditor/store/pack_verifier.py": "goes into every evidence pack: one file that needs only Python",
}
"""Module → why it is longer."""
LONG_FUNCTIONS = {
    "auditor/store/migrations/versions/0001_first_schema.py:upgrade": "one statement for each table",
}
"""Module and function → why it is longer."""
BROAD = {
    "auditor/cli/main.py": "the outermost frame: a fault of ours is told and never a traceback",
    "scanners/worker.py": "the task runner: a fault of ours in one task must not end the others",
}
"""Modules that may catch every exception, with the reason."""


def long_functions(source: str) -> Iterator[str]:
    """Yield the name of every function that is longer than it should be."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAXIMUM_FUNCTION_LINES:
                yield node.name


def catches_everything(source: str) -> bool:
    """Return whether a module catches Exception, BaseException, or whatever comes."""
    handlers = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ExceptHandler))
    return any(
        handler.type is None
        or (isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException"))
        for handler in handlers
    )


@pytest.mark.parametrize("module", list(modules()), ids=str)
def test_a_module_is_read_at_once_and_hides_no_fault(module: Path) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MAXIMUM_LINES or str(module) in LONG_MODULES
    for name in long_functions(source):
        assert f"{module}:{name}" in LONG_FUNCTIONS, f"{name} is longer than {MAXIMUM_FUNCTION_LINES} lines"
    assert not catches_everything(source) or str(module) in BROAD


def test_every_exception_from_these_rules_is_still_needed() -> None:
    known = {str(module): (ROOT / module).read_text(encoding="utf-8") for module in modules()}
    for name in LONG_MODULES:
        assert len(known[name].splitlines()) > MAXIMUM_LINES
    for place in LONG_FUNCTIONS:
        module, _, function = place.partition(":")
        assert function in long_functions(known[module])
    for name in BROAD:
        assert catches_everything(known[name])


def test_the_rules_can_be_broken() -> None:
    assert list(long_functions("def f():\n" + "    x = 1\n" * 50)) == ["f"]
    assert list(long_functions("def f():\n" + "    x = 1\n" * 49)) == []
    assert catches_everything("try:\n    f()\nexcept Exception:\n    pass\n")
    assert catches_everything("try:\n    f()\nexcept:\n    pass\n")
    assert not catches_everything("try:\n    f()\nexcept ValueError:\n    pass\n")
