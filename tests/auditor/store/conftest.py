"""Workspaces for the tests of the store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.store.workspace import Workspace, open_workspace
from tests.auditor.store.stores import filled


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a filled workspace that nobody changes."""
    folder = tmp_path_factory.mktemp("template") / "workspace"
    filled(folder).engine.dispose()
    return folder


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Iterator[Workspace]:
    """Return a filled workspace of one's own."""
    shutil.copytree(template, tmp_path / "workspace")
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()
