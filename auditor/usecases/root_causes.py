"""Group what is open by the change that closes it, and add what a worksheet tells beside."""

from __future__ import annotations

from dataclasses import replace

from auditor.model.finding import Finding
from auditor.model.report import ReportData
from auditor.usecases.next_audits import next_audits
from controls.loading import Catalogue
from controls.root_causes import Place, identity_of, root_causes
from reports.remedies import remedies_for


def with_worksheets(data: ReportData, catalogue: Catalogue) -> ReportData:
    """Return data together with its root causes, which texts were tried, and when what is measured again."""
    run = data.run
    return replace(
        with_root_causes(data),
        next_audits=next_audits(data.policy, data.inventory, run.finished_at or run.started_at),
        proofs=catalogue.proofs,
        not_proven=catalogue.not_proven,
    )


def with_root_causes(data: ReportData) -> ReportData:
    """Return data together with its root causes."""
    servers = {server.id: server for server in data.inventory.servers()}
    places = {one.id: _place(one, data) for one in data.findings}
    return replace(data, causes=root_causes(data.findings, data.checks, servers, data.policy, places))


def _place(finding: Finding, data: ReportData) -> Place:
    rows = (data.evidence[row] for row in finding.evidence if row in data.evidence)
    return Place(remedies_for(finding, data), identity_of(finding, rows))
