"""Names that could be taken for another line, as the listing meets them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scanners.host.backups.area import BACKUPS
from scanners.host.backups.commands import PRIVILEGED
from tests.scanners.host.recorded import facts_of, written


def test_a_name_with_a_line_end_is_told_as_such(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    folder.mkdir()
    (folder / "a\n0 1 0600 root f forged.sql").write_text("x")
    script = PRIVILEGED["backup-listing"][2].replace("/var/backup*", str(folder))
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, timeout=60)
    lines = done.stdout.splitlines()
    assert f"P {folder}" in lines
    assert "B X" in lines
    assert "O X" in lines
    assert not any("forged" in line for line in lines)


def test_where_such_names_were_left_out_nothing_is_not_said_to_be_there() -> None:
    facts = facts_of(written(backups_listing="P /backup\nB X\nO X\nD X\nT X\nE\n"), BACKUPS)
    for name in ("backup_listing_whole", "backup_exposed", "database_dumps", "leftover_files"):
        assert f"host.{name}" not in facts
