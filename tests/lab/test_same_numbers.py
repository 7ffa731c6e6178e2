"""On real measurements: every format of a report tells the same numbers."""

from __future__ import annotations

import pytest

from auditor.model.report import ReportData
from auditor.store.workspace import open_workspace
from auditor.usecases.reporting import judged_run, report_data
from controls.loading import load_catalogue
from reports.registry import RENDERERS
from tests.lab.conftest import AuditedLab
from tests.reports.same_numbers import Files, check

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def data(audited_lab: AuditedLab) -> ReportData:
    """Return what was measured in the lab."""
    workspace = open_workspace(audited_lab.workspace)
    return report_data(workspace, judged_run(workspace, ""), load_catalogue())


@pytest.mark.parametrize("format_", RENDERERS)
@pytest.mark.parametrize(("language", "edition"), [("id", "2022"), ("en", "2013")])
def test_the_same_numbers_in_every_format(
    data: ReportData, format_: str, language: str, edition: str
) -> None:
    check(Files(data, format_, language, edition))
