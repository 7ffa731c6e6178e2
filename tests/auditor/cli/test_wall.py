"""wall, as a user runs it: files that are there in one go, with or without an audit."""

from __future__ import annotations

import json
from pathlib import Path

from tests.auditor.cli.command import auditor
from tests.auditor.cli.world import write_files


def test_the_wall_is_written_before_the_first_audit_and_says_that_nothing_was_measured(
    tmp_path: Path,
) -> None:
    write_files(tmp_path, {"situs": "127.30.1.1"})
    result = auditor("wall", "-o", "dinding", "--language", "en", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    written = [line.removeprefix("wrote ") for line in result.out.splitlines()]
    assert [Path(one).name for one in written] == [
        "wall-screen.html", "wall-screen-2.html", "feed.json", "tilik.prom"
    ]  # fmt: skip
    assert "Never measured" in (tmp_path / "dinding/wall-screen.html").read_text()
    feed = json.loads((tmp_path / "dinding/feed.json").read_text())
    assert {one["freshness"] for one in feed["opds"]} == {"never"}
    assert feed["whole"]["level"] is None


def test_a_language_without_reports_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"situs": "127.30.1.1"})
    result = auditor("wall", "-o", "dinding", "--language", "fr", cwd=tmp_path)
    assert result.code != 0
    assert "no reports in language fr" in result.err
    assert not (tmp_path / "dinding").exists()
