"""Closed outputs, bare environments, strange names: never a traceback, always the right code."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import termios
from pathlib import Path
from typing import IO

import pytest

from tests.auditor.cli.command import auditor, finish, shell, start
from tests.scanners.processes import eventually


@pytest.mark.parametrize("command", ["--help", "controls list", "controls list -f json", "controls coverage"])
def test_a_reader_that_goes_away_is_no_fault(command: str, tmp_path: Path) -> None:
    seen = shell(f'"$AUDITOR" {command} | head -c0; exit "${{PIPESTATUS[0]}}"', cwd=tmp_path)
    assert (seen.code, seen.err) == (0, "")


def test_an_output_that_is_closed_is_no_fault(tmp_path: Path) -> None:
    seen = shell('"$AUDITOR" controls coverage >&-', cwd=tmp_path)
    assert (seen.code, seen.err) == (0, "")
    assert shell('"$AUDITOR" validate -i nothing.yaml >&- 2>&-', cwd=tmp_path).code == 2


@pytest.mark.parametrize("command", ["controls list", "controls coverage"])
def test_a_full_disk_under_the_output_is_told(command: str, tmp_path: Path) -> None:
    seen = shell(f'"$AUDITOR" {command} >/dev/full', cwd=tmp_path)
    assert seen.code == 2
    assert seen.err.startswith("[Errno 28] No space left on device\nNext: ")
    assert len(seen.err.splitlines()) == 2


ODD_ENVIRONMENTS: tuple[dict[str, str | None], ...] = (
    {"LANG": "C", "NO_COLOR": "1"},
    {"LANG": None, "LC_ALL": "POSIX", "TERM": "dumb"},
    {"LC_ALL": "no_SUCH.locale", "COLUMNS": "0"},
    {"PYTHONIOENCODING": "ascii", "COLUMNS": "not a number"},
    {"TZ": "Mars/Olympus", "TMPDIR": "/nonexistent"},
    {"TZ": ":/etc/passwd", "HOME": "/nonexistent"},
    {"HOME": None, "PATH": "/nonexistent", "LANG": None},
)


@pytest.mark.parametrize(
    "env", ODD_ENVIRONMENTS, ids=lambda env: ",".join(f"{n}={v}" for n, v in env.items())
)
def test_odd_surroundings_change_no_listing(env: dict[str, str | None], tmp_path: Path) -> None:
    seen = auditor("controls", "show", "A.8.24", cwd=tmp_path, env=env)
    assert (seen.code, seen.err) == (0, "")
    assert "A.8.24" in seen.out
    assert "\x1b" not in seen.out


def test_a_workspace_needs_nothing_of_its_surroundings(tmp_path: Path) -> None:
    bare: dict[str, str | None] = {"LANG": "C", "TZ": "Mars/Olympus", "HOME": None, "TMPDIR": "/nonexistent"}
    seen = auditor("runs", cwd=tmp_path, env=bare)
    assert (seen.code, seen.text) == (0, "No audits yet.\n")


def test_text_that_the_terminal_cannot_show_is_written_as_escapes(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id\n", encoding="utf-8")
    seen = auditor(
        "validate", "-i", "Müller\u202e.yaml", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    )
    assert seen.code == 2
    assert seen.err.isascii()
    assert "no such file" in seen.err


def test_arguments_that_are_not_utf_8_are_only_names(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/\xff\x1b[31m"
    seen = auditor("init", folder, cwd=tmp_path)
    assert seen.code == 0
    assert (Path(os.fsdecode(folder)) / "inventory.yaml").is_file()
    assert "\x1b" not in seen.text
    seen = auditor("validate", "-i", b"\xff.yaml", cwd=tmp_path)
    assert seen.code == 2
    assert "Traceback" not in seen.err


@pytest.mark.parametrize("argument", [b"\xff\x1b]0;x\x07", "\u202e", "--no-such", ""])
def test_an_argument_that_means_nothing_is_bad_usage(argument: str | bytes, tmp_path: Path) -> None:
    seen = auditor(argument, cwd=tmp_path)
    assert (seen.code, seen.out) == (2, "")
    assert not {"\x1b", "\u202e", "\x07"} & set(seen.err)
    assert "Traceback" not in seen.err


def test_no_command_at_all_shows_the_commands(tmp_path: Path) -> None:
    seen = auditor(cwd=tmp_path)
    assert seen.code == 2
    assert "Commands:" in seen.text


def test_ctrl_c_ends_any_command_with_its_own_code(tmp_path: Path) -> None:
    process = start("controls", "list", "-f", "json", cwd=tmp_path)
    assert process.stdout is not None
    # A full pipe that nobody reads keeps the command where it is.
    size = fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
    assert eventually(lambda: _waiting_bytes(process.stdout) == size)
    process.send_signal(signal.SIGINT)
    process.wait(60)
    assert (process.returncode, finish(process).err) == (3, "\nStopped.\n")


def _waiting_bytes(pipe: IO[bytes] | None) -> int:
    answer = fcntl.ioctl(pipe, termios.FIONREAD, struct.pack("i", 0))  # type: ignore[arg-type]
    (count,) = struct.unpack("i", answer)
    return int(count)


ODD_FILES = ("/dev/stdin", "/dev/null", "folder", "pipe", "/proc/self/mem", "a\nb", "x" * 5000, "")


def test_what_is_no_file_is_refused_as_inventory_and_policy(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path in ODD_FILES:
        seen = auditor("validate", "-i", path, "-p", path, cwd=tmp_path)
        assert (seen.code, seen.out) == (2, "")
        # The same problem of the same file is told once.
        assert seen.err.endswith("\n1 problem; nothing was changed.\n")
        assert len(seen.err.splitlines()) == 2


@pytest.mark.parametrize("place", ["file", "/proc/audit-data"])
def test_a_workspace_that_cannot_be_made_is_told(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    seen = auditor("runs", "-w", place, cwd=tmp_path)
    assert seen.code == 2
    assert "Traceback" not in seen.err
    assert "Next:" in seen.err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize("name", ["a b?c=d&e", "percent%20#hash", "a:b@c;d", os.fsdecode(b"\xff\x1b")])
def test_a_workspace_may_have_any_name(name: str, tmp_path: Path) -> None:
    assert auditor("runs", "-w", tmp_path / name, cwd=tmp_path).code == 0
    assert (tmp_path / name / "audit.db").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_broken_database_is_one_clear_line_and_its_own_code(tmp_path: Path) -> None:
    (tmp_path / "audit.db").write_bytes(b"not a database" * 100)
    seen = auditor("runs", "-w", tmp_path, cwd=tmp_path)
    assert seen.code == 4
    assert "Traceback" not in seen.err
    assert "auditor doctor" in seen.err
    assert "Traceback" in auditor("runs", "-w", tmp_path, cwd=tmp_path, env={"AUDITOR_DEBUG": "1"}).err
