"""What the area `files` reads from a report, for its tests."""

from __future__ import annotations

from auditor.model.facts import JSON
from scanners.host.files.area import FILES
from scanners.host.report import Report, Section, State
from tests.scanners.host.recorded import facts_of, recorded

ROOT_LINE = "755:0:0:root:root:d:/"


def told(report: Report) -> dict[str, JSON]:
    """Return every fact of the area."""
    return facts_of(report, FILES)


def told_of(name: str) -> dict[str, JSON]:
    """Return every fact of a recorded host."""
    return told(recorded("files", name))


def unread(facts: dict[str, JSON]) -> dict[str, str]:
    """Return fact → why it was not read."""
    listed = facts["host.unread"]
    assert isinstance(listed, list)
    return {one["fact"]: one["reason"] for one in listed}


def walked(*lines: str, loose: int = 0, unowned: int = 0, exit_code: int = 0, **others: str) -> Report:
    """Return a report of a walk that printed these lines, and of other sections."""
    text = "\n".join([ROOT_LINE, *lines, f"all:{loose}:{unowned}", ""])
    sections = {"files-walk": Section("files-walk", State.RAN, text.encode(), exit_code, 262144)}
    for name, content in others.items():
        dashed = name.replace("_", "-")
        sections[dashed] = Section(dashed, State.RAN, content.encode())
    return Report(sections)
