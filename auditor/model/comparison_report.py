"""Two judged audits laid side by side."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.report import ReportData


@dataclass(frozen=True, slots=True)
class ComparedAudits:
    """Two audits, whatever lay between them.

    `comparisons` and `changes` of `after` are against `before`: why scores moved, what became of findings.
    """

    before: ReportData
    after: ReportData
