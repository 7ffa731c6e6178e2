"""A judged audit whose findings are taken on, made once and copied for every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.model.document import DocumentError
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.waive import Desk
from tests.auditor.usecases.waiving import NOW, judged, make_inputs
from tests.auditor.usecases.world import World

PLAN = "Memperbarui konfigurasi nginx."
WHO = ("Budi Santoso", PLAN)


@dataclass(frozen=True)
class Office:
    """A workspace with one judged audit."""

    workspace: Workspace
    world: World

    @property
    def desk(self) -> Desk:
        """Return a desk in it, at noon of the day of the audit."""
        return Desk(self.workspace, make_inputs(), NOW, "siti")


def judged_office(folder: Path) -> tuple[Path, World]:
    """Return a folder with a judged audit, and that audit."""
    workspace = open_workspace(folder / "judged")
    world = judged(workspace)
    workspace.engine.dispose()
    return folder / "judged", world


def copied(made: tuple[Path, World], folder: Path) -> Office:
    """Return a copy of a judged audit in a folder."""
    shutil.copytree(made[0], folder / "workspace")
    return Office(open_workspace(folder / "workspace"), made[1])


def some_finding(desk: Desk, number: int = 0) -> str:
    """Return the id of a finding."""
    return sorted(desk.workspace.results.findings())[number]


def problems(step: Callable[[], object]) -> list[str]:
    """Return what a step is refused with."""
    with pytest.raises(DocumentError) as told:
        step()
    return [str(one) for one in told.value.problems]
