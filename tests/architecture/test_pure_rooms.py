"""Deciding, rendering, the nouns and every parser stay pure: the same input gives the same output."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.rooms import ALLOWED_READERS, ROOT, impurities, is_pure, modules

PURE = tuple(module for module in modules() if is_pure(module, (ROOT / module).read_text(encoding="utf-8")))


@pytest.mark.parametrize("module", PURE, ids=str)
def test_a_pure_module_touches_nothing_outside(module: Path) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")
    assert impurities(source, reads_files=str(module) in ALLOWED_READERS) == []


def test_the_rooms_are_where_they_are_looked_for() -> None:
    names = {str(module) for module in PURE}
    assert set(ALLOWED_READERS) <= names
    assert {
        "controls/judge.py",
        "controls/scoring.py",
        "auditor/model/verdict.py",
        "reports/findings.py",
    } <= names
    parsers = {str(file.relative_to(ROOT)) for file in (ROOT / "scanners").glob("*/parse.py")}
    assert len(parsers) >= 5
    assert parsers <= names
    assert "auditor/usecases/follow_up.py" in names
    assert not {"auditor/store/evidence.py", "scanners/ports/scanner.py"} & names


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("open('x')", "1: use of open"),
        ("class A:\n    open: int\nopen('x')", "3: use of open"),
        ("def f():\n    return eval('1')", "2: use of eval"),
        ("exec('1')", "1: use of exec"),
        ("run = eval\nrun('1')", "1: use of eval"),
        ("print('x')", "1: use of print"),
        ("__import__('socket')", "1: use of __import__"),
        ("import time", "1: import of time"),
        ("import os.path", "1: import of os.path"),
        ("from os import environ", "1: import of os"),
        ("def f():\n    import socket", "2: import of socket"),
        ("from random import choice", "1: import of random"),
        ("import urllib.request as net", "1: import of urllib.request"),
        ("from urllib import parse, request", "1: import of urllib.request"),
        ("from datetime import datetime\ndatetime.now()", "2: use of datetime.datetime.now"),
        ("from datetime import datetime as d\nd.utcnow()", "2: use of datetime.datetime.utcnow"),
        ("import datetime\ndatetime.datetime.today()", "2: use of datetime.datetime.today"),
        ("import datetime as dt\ndt.date.today()", "2: use of datetime.date.today"),
        ("from datetime import date\nclock = date.today", "2: use of datetime.date.today"),
        ("from pathlib import Path\nPath('x').read_text()", "2: use of .read_text"),
        ("from pathlib import Path\nPath('x').write_bytes(b'')", "2: use of .write_bytes"),
    ],
)
def test_a_planted_violation_is_found_with_its_line(source: str, told: str) -> None:
    assert told in impurities(source)


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import UTC, datetime\ndatetime(2026, 1, 1, tzinfo=UTC)",
        "class A:\n    def is_open(self):\n        return self.now or self.today",
        "program.eval(values)",
        "import re\nre.compile('x')",
        "class A:\n    open: int\n\ndef f(a):\n    return A(open=a.open)",
        "def f(open):\n    return [open]",
        "text = 'open(1) and eval(2)'",
        "from controls import judge",
        "from urllib.parse import urlsplit",
        "def f(now):\n    return now",
    ],
)
def test_what_is_pure_is_left_alone(source: str) -> None:
    assert impurities(source) == []


def test_a_reader_may_open_its_files_and_nothing_else() -> None:
    assert impurities("open('x')\nfile.read_bytes()", reads_files=True) == []
    assert impurities("import socket\neval('1')", reads_files=True) == [
        "1: import of socket",
        "2: use of eval",
    ]
