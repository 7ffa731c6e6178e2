"""What the documents say is true: links lead somewhere, commands exist, pages and help texts are current."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.testing

from auditor.cli.exits import Exit
from auditor.cli.main import app
from auditor.model.verdict import Status
from tests.docs.generated import ROOT, pages

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_ROOMS = ("auditor", "controls", "scanners", "reports", "tests", "scripts", "docs", "benchmarks")
_OPTION = re.compile(r"^ +((?:-\w, )?--[a-z-]+)( <)?", re.MULTILINE)


def _name(document: Path) -> str:
    return str(document.relative_to(ROOT))


def _prose(document: Path) -> str:
    return _BLOCK.sub("", document.read_text(encoding="utf-8"))


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", [*pages()], ids=_name)
def test_pages_made_from_the_catalogue_are_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == pages()[path], "run scripts/write-docs"


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for target in _LINK.findall(_prose(document)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        path = (document.parent / file).resolve() if file else document
        assert path.exists(), f"{target} does not exist"
        assert not anchor or anchor in _anchors(path), f"{target} names no heading"


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_path_that_is_named_exists(document: Path) -> None:
    for code in _CODE.findall(_prose(document)):
        room = re.fullmatch(rf"(?:{'|'.join(_ROOMS)})/[\w./*-]*", code)
        if room:
            assert list(ROOT.glob(code.rstrip("/"))), f"{code} does not exist"


def _commands() -> Iterator[tuple[str, str]]:
    """Yield document and command line of every `$` line in a console block."""
    for document in DOCUMENTS:
        for _, language, content in _BLOCK.findall(document.read_text(encoding="utf-8")):
            if language == "console":
                for line in re.findall(r"^ *\$ (.+)$", content, re.MULTILINE):
                    yield _name(document), line


@cache
def _help(words: tuple[str, ...]) -> str:
    result = typer.testing.CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def _listed(text: str, heading: str) -> list[str]:
    part = re.search(rf"^{heading}:\n((?:  .*\n|\n)*)", text, re.MULTILINE)
    return re.findall(r"^  (\S+)", part[1], re.MULTILINE) if part else []


def _check_auditor(words: list[str]) -> None:
    """Follow the sub-commands, then hold options and arguments against what --help tells of them."""
    command: list[str] = []
    while words and words[0] in _listed(_help(tuple(command)), "Commands"):
        command.append(words.pop(0))
    text = _help(tuple(command))
    takes_value = {
        name: bool(value) for names, value in _OPTION.findall(text) for name in names.split(", ") if name
    }
    arguments, asks_help = 0, "--help" in words
    while words:
        word = words.pop(0)
        if word.startswith("-"):
            assert word in takes_value, f"{word} is no option of auditor {' '.join(command)}"
            del words[: takes_value[word]]
        else:
            arguments += 1
    assert arguments <= len(_listed(text, "Arguments")), f"auditor {' '.join(command)} takes no such argument"
    assert asks_help or not _listed(text, "Commands"), f"auditor {' '.join(command)} needs a sub-command"


def _check_file(path: Path, words: list[str]) -> None:
    assert path.exists(), f"{path} does not exist"
    for word in words:
        assert not word.startswith("--") or word in path.read_text(encoding="utf-8"), f"{word} is unknown"


@pytest.mark.parametrize(("document", "line"), [*_commands()])
def test_every_command_line_can_be_given(document: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    while "=" in words[0] or words[0] == "sudo":
        words.pop(0)
    program, *rest = words
    if program == "auditor":
        _check_auditor(rest)
    elif program.startswith("scripts/"):
        _check_file(ROOT / program, rest)
        assert os.access(ROOT / program, os.X_OK), f"{program} cannot be run"
    elif program == "python":
        module = importlib.util.find_spec(rest[1])
        assert module is not None, f"{rest[1]} is no module"
        main = (
            importlib.util.find_spec(f"{rest[1]}.__main__") if module.submodule_search_locations else module
        )
        assert main is not None and main.origin is not None, f"{rest[1]} cannot be run"
        _check_file(Path(main.origin), rest[2:])


def test_the_help_text_in_the_readme_is_the_real_one() -> None:
    shown = re.search(r"<!-- auditor --help -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    real = subprocess.run(
        [sys.executable, "-m", "auditor.cli.main", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "80"},
    ).stdout
    assert shown[1].strip() == real.strip().replace("python -m auditor.cli.main", "auditor")


def _table_keys(heading: str) -> list[str]:
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `?(\w+)`? \|", section, re.MULTILINE)


def test_the_readme_explains_every_exit_code_and_every_verdict() -> None:
    assert [key for key in _table_keys("Exit codes") if key.isdigit()] == [str(int(code)) for code in Exit]
    assert set(_table_keys("What a verdict means")) >= {status.value for status in Status}


def test_the_changelog_leads_with_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert next(heading for heading in headings if heading != "Unreleased") == project["version"]


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in (ROOT / "docs/decisions").glob("*.md"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]


def test_the_first_steps_of_the_guide_give_what_it_shows(tmp_path: Path) -> None:
    guide = (ROOT / "docs/guide.md").read_text(encoding="utf-8")
    steps = re.findall(r"<!-- tried in tests -->\n```console\n\$ (auditor .+?)\n(.*?)```", guide, re.DOTALL)
    assert steps
    program = shutil.which("auditor", path=f"{Path(sys.executable).parent}")
    assert program is not None, "install the project: scripts/install"
    for command, expected in steps:
        done = subprocess.run(
            [program, *shlex.split(command)[1:]], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.stdout + done.stderr == expected, command
