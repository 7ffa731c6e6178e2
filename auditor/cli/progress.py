"""Progress on a terminal: servers done, the current step, time left. Silent in a pipe."""

from __future__ import annotations

import sys
from types import TracebackType

from auditor.usecases.scan import Progress
from reports.formats.base import RenderedFile


class ProgressLine:
    """A bar on standard error while an audit measures."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar
        from rich.table import Column

        self._bar = Bar(
            TextColumn("Measuring"),
            BarColumn(bar_width=10),
            MofNCompleteColumn(),
            TextColumn(
                "servers · {task.fields[left]} · {task.fields[step]}",
                markup=False,
                # The only column that gives way on a narrow terminal: the count must stay readable.
                table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
            ),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
            expand=True,
        )
        self._task = self._bar.add_task("", total=None, left="estimating time left", step="starting")

    def __enter__(self) -> ProgressLine:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Bring the bar up to date."""
        left = "estimating time left"
        if progress.seconds_left is not None:
            left = f"about {_duration(progress.seconds_left)} left"
        self._bar.update(
            self._task,
            total=progress.addresses,
            completed=progress.addresses_done,
            left=left,
            step=progress.step,
        )


class PrintingLine:
    """A bar on standard error while pages are printed, which takes seconds each; silent in a pipe."""

    def __init__(self, pages: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("Printing"),
            BarColumn(bar_width=10),
            MofNCompleteColumn(),
            TextColumn("PDF · about"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=Console(stderr=True),
            disable=not (pages and sys.stderr.isatty()),
            transient=True,
        )
        self._task = self._bar.add_task("", total=pages)

    def __enter__(self) -> PrintingLine:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, file: RenderedFile) -> None:
        """Count a page that was printed."""
        if file.name.endswith(".pdf"):
            self._bar.advance(self._task)


def _duration(seconds: float) -> str:
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    return (
        f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
    )
