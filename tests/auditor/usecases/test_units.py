"""Units that systemd itself takes as they are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from auditor.usecases.errors import UsageProblem
from auditor.usecases.units import ONCE, SERVICE, TIMER, units, write_units

COMMAND = ("/bin/true",)


def verified(folder: Path, files: dict[str, str]) -> str:
    """Return what systemd has to say against units."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    paths = [str(folder / name) for name in files]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True, check=False
    )
    return done.stderr if done.returncode == 0 else f"{done.returncode}: {done.stderr}"


@pytest.mark.parametrize("name", ["tilik", "an other 100%", "a$b", 'a"b', "a\\b"])
def test_systemd_takes_every_unit_of_every_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    assert not verified(tmp_path, units(folder, COMMAND, "root"))


def test_systemd_would_complain() -> None:
    """The test above can fail: what is no unit is told."""
    done = subprocess.run(
        ["systemd-analyze", "verify", "/nonexistent/tilik.service"], capture_output=True, check=False
    )
    assert done.returncode != 0


def test_only_the_folder_can_be_written(tmp_path: Path) -> None:
    text = units(Path("/srv/ti lik"), COMMAND, "tilik")[SERVICE]
    lines = text.splitlines()
    assert 'ReadWritePaths="/srv/ti lik"' in lines
    assert "WorkingDirectory=/srv/ti lik" in lines
    assert "ProtectSystem=strict" in lines
    assert "User=tilik" in lines
    assert 'ExecStart="/bin/true" "serve"' in lines


def test_the_timer_starts_what_ends_by_itself() -> None:
    files = units(Path("/srv/tilik"), COMMAND, "tilik")
    assert 'ExecStart="/bin/true" "serve" --once' in files[ONCE].splitlines()
    assert TIMER.removesuffix(".timer") == ONCE.removesuffix(".service")


def test_units_that_are_there_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "units"
    target.mkdir()
    (target / SERVICE).write_text("mine")
    written, kept = write_units(target, tmp_path)
    assert [path.name for path in kept] == [SERVICE]
    assert {path.name for path in written} == {ONCE, TIMER}
    assert (target / SERVICE).read_text() == "mine"


def test_a_folder_that_no_line_can_hold_is_refused() -> None:
    with pytest.raises(UsageProblem, match="no unit can name"):
        units(Path("/srv/a\nExecStart=/bin/sh"), COMMAND, "tilik")
