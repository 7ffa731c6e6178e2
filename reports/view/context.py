"""The data of a report together with the reader's language and edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from auditor.model.finding import Finding, FindingStatus
from auditor.model.framework import Framework
from auditor.model.inventory import Opd, Server
from auditor.model.report import ReportData
from auditor.model.scorecard import Scorecard
from auditor.model.subject import Subject
from reports.errors import ReportError
from reports.visible import shown
from reports.words import Words, translations


@dataclass(frozen=True, slots=True)
class Context:
    """One report: its data, its words, and the edition that controls are named in."""

    data: ReportData
    words: Words
    edition: str

    @property
    def framework(self) -> Framework:
        """Return the edition that the report is printed in."""
        return self.data.frameworks[self.edition]

    @property
    def moment(self) -> datetime:
        """Return when the audit ended, or began if it did not end (UTC)."""
        return self.data.run.finished_at or self.data.run.started_at

    @property
    def today(self) -> date:
        """Return the local day of the audit: deadlines are compared with it, never with a clock."""
        return self.words.local_day(self.moment)

    def opd(self, opd_id: str) -> Opd:
        """Return a registered OPD, or raise ReportError naming those that are."""
        try:
            return self.data.inventory.opd(opd_id)
        except KeyError:
            known = ", ".join(opd.id for opd in self.data.inventory.opds)
            raise ReportError(f"no OPD {opd_id!r} in the inventory; registered are: {known}") from None

    def scorecard(self, opd_id: str) -> Scorecard:
        """Return the scorecard of an OPD, or raise ReportError when the run made none."""
        if opd_id not in self.data.scorecards:
            made = ", ".join(self.data.scorecards) or "none"
            raise ReportError(f"run {self.data.run.id} has no scorecard of {opd_id!r}; it has: {made}")
        return self.data.scorecards[opd_id]

    def server(self, server_id: str) -> Server | None:
        """Return a registered server, or None when it has left the inventory since."""
        return next((one for one in self.data.inventory.servers() if one.id == server_id), None)

    def server_label(self, server_id: str) -> str:
        """Name a server for a reader: its name with its id, or the id alone."""
        server = self.server(server_id)
        if server is None or server.name in ("", server.id):
            return shown(server_id)
        return shown(f"{server.name} ({server.id})")

    def endpoint(self, subject: Subject) -> str:
        """Name what was measured: address, port and server name as far as there are any."""
        address = f"[{subject.address}]" if ":" in subject.address and subject.port else subject.address
        port = f":{subject.port}/{subject.transport}" if subject.port else ""
        details = ", ".join(part for part in (subject.server_name, subject.variant) if part)
        return shown(f"{address}{port}" + (f" ({details})" if details else ""))

    def is_open(self, finding: Finding) -> bool:
        """Return whether a finding still stands; a server out of reach closes nothing."""
        return finding.status is not FindingStatus.FIXED

    def is_overdue(self, finding: Finding) -> bool:
        """Return whether the deadline has passed; an accepted risk has none while it is accepted."""
        return self.is_open(finding) and not finding.waiver and finding.due < self.today

    def findings(self, opd_id: str | None = None) -> tuple[Finding, ...]:
        """Return the findings of one OPD or of all, worst first, in an order that depends on nothing else."""
        chosen = (f for f in self.data.findings if opd_id is None or f.opd == opd_id)
        return tuple(sorted(chosen, key=lambda f: (f.severity.rank, f.check, f.opd, f.subject.key, f.id)))

    def open_findings(self, opd_id: str | None = None) -> tuple[Finding, ...]:
        """Return the findings that still stand."""
        return tuple(finding for finding in self.findings(opd_id) if self.is_open(finding))


def make_context(data: ReportData, language: str, edition: str) -> Context:
    """Return a context, or raise ReportError for a language or edition that there is none of."""
    translations(language)
    if edition not in data.frameworks or edition not in data.organization.controls:
        judged = ", ".join(sorted(set(data.frameworks) & set(data.organization.controls))) or "none"
        raise ReportError(f"run {data.run.id} was not judged against edition {edition!r}; it has: {judged}")
    return Context(data, Words(language, data.inventory.organization.timezone), edition)
