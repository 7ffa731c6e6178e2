"""The README shows the commands as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.auditor.cli.command import auditor

README = Path(__file__).resolve().parents[3] / "README.md"
BLOCKS = re.findall(
    r"^<!-- auditor((?: [a-z]+)*) --help -->\n+```\w*\n(.*?)^```$",
    README.read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)


def test_the_readme_shows_the_commands() -> None:
    assert "" in [command for command, _ in BLOCKS]


@pytest.mark.parametrize(("command", "block"), BLOCKS)
def test_help_in_the_readme_is_what_the_command_prints(command: str, block: str, tmp_path: Path) -> None:
    assert auditor(*command.split(), "--help", cwd=tmp_path).out == block
