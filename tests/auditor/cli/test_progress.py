"""The progress line on a narrow terminal."""

from __future__ import annotations

import io

from rich.console import Console

from auditor.cli.progress import ProgressLine
from auditor.usecases.scan import Progress


def test_eighty_columns_still_show_how_many_are_done() -> None:
    line = ProgressLine()
    line.show(
        Progress(
            addresses=250,
            addresses_done=120,
            tasks_done=700,
            seconds=10_600.0,
            seconds_left=11_520.0,
            step="certificates disdukcapil-kependudukan-web-01 10.10.200.201",
        )
    )
    screen = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    screen.print(line._bar.get_renderable())
    assert isinstance(screen.file, io.StringIO)
    (shown,) = screen.file.getvalue().splitlines()
    assert "120/250 servers · about 3 h 12 min left · certificates dis" in shown
