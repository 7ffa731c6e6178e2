"""Five nights of the simulated month: real servers, the real scheduler, a clock that is set ahead."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab
ROOT = Path(__file__).parents[2]


def test_every_finding_has_the_history_that_was_written_for_it(tmp_path: Path) -> None:
    figures = tmp_path / "month.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.month", "--short", "--json", str(figures)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    month = json.loads(figures.read_text(encoding="utf-8"))
    assert (month["differences"], month["trial_differences"]) == ([], [])
    assert (month["slot_problems"], month["chain_problems"]) == ([], [])
    assert month["findings"] == 21
    assert month["slots"] == {"audit done": 5, "backup done": 5, "digest done": 5} | {
        name: count for name, count in month["slots"].items() if name == "prune done"
    }
    assert month["retests"] == {"fixed": 4}
    assert month["restored_rows"] == month["nights"][-1]["rows"]
