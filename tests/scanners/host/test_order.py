"""A script of sh knows a function only below its definition."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import scanners.host

_SCRIPTS = sorted(Path(scanners.host.__file__).parent.glob("*/collect.sh"))
_DEFINED = re.compile(r"^(\w+)\(\) *\{", re.MULTILINE)
_CALLED = re.compile(r"^(?:if .*; then |else )?(?:run|root) .*", re.MULTILINE)


@pytest.mark.parametrize("script", _SCRIPTS, ids=lambda path: path.parent.name)
def test_what_is_run_is_defined_above(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    defined = {found[1]: found.start() for found in _DEFINED.finditer(text)}
    called = [(word, found.start()) for found in _CALLED.finditer(text) for word in found[0].split()]
    assert called
    assert [word for word, place in called if defined.get(word, -1) > place] == []
