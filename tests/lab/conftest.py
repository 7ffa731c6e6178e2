"""One lab and one audit of it, shared by the tests that look at the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab.auditing import audit_arguments, auditor, standing_lab
from tests.lab.lab import Lab


@dataclass(frozen=True)
class AuditedLab:
    """The lab, and the folder in which an audit of it left its workspace and reports."""

    lab: Lab
    folder: Path
    exit_code: int

    @property
    def workspace(self) -> Path:
        """Return the folder with evidence and results."""
        return self.folder / "audit-data"


@pytest.fixture(scope="session")
def running_lab() -> Iterator[Lab]:
    """Bring the lab up for the session."""
    with standing_lab() as lab:
        yield lab


@pytest.fixture(scope="session")
def audited_lab(running_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> AuditedLab:
    """Audit the whole lab once."""
    folder = tmp_path_factory.mktemp("audit")
    done = auditor("audit", *audit_arguments(running_lab, folder))
    assert done.returncode in (0, 1, 3), done.stderr
    return AuditedLab(running_lab, folder, done.returncode)
