"""The data of a report together with the reader's language and edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from auditor.model.finding import CLOSED, Finding, FindingStatus
from auditor.model.framework import Framework
from auditor.model.inventory import Opd, Server
from auditor.model.report import ReportData
from auditor.model.scorecard import Scorecard
from auditor.model.subject import Subject
from auditor.model.verdict import Verdict
from reports.errors import ReportError
from reports.findings import is_overdue
from reports.visible import shown
from reports.words import Words, translations


@dataclass(frozen=True, slots=True)
class Context:
    """One report: its data, its words, and the edition that controls are named in.

    `servers` is by id. `ordered` holds the findings worst first, by OPD id and all of them under None, in an
    order that depends on nothing but the findings. `lenient` are the verdicts made with a parameter looser
    than the control tolerates, and `loosened` is finding id → those parameters.
    """

    data: ReportData
    words: Words
    edition: str
    servers: Mapping[str, Server]
    ordered: Mapping[str | None, tuple[Finding, ...]]
    lenient: tuple[Verdict, ...]
    loosened: Mapping[str, tuple[str, ...]]

    @property
    def framework(self) -> Framework:
        """Return the edition that the report is printed in."""
        return self.data.frameworks[self.edition]

    @property
    def today(self) -> date:
        """Return the local day on which the audit began.

        Verdicts, answers and exceptions are those of that day, never of a clock.
        """
        return self.words.local_day(self.data.run.started_at)

    def day_of(self, moment: datetime, opd_id: str) -> date:
        """Return the day of a moment where an OPD is."""
        return Words(self.words.language, self.data.inventory.timezone_of(opd_id)).local_day(moment)

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

    def owner(self, verdict: Verdict) -> str:
        """Return the OPD that a verdict belongs to; empty when its server has left the inventory."""
        server, check = self.servers.get(verdict.subject.server), self.data.checks.get(verdict.check)
        if server is None or check is None:
            return server.opd if server else ""
        return server.owner(check.layer, verdict.subject.server_name)

    def shared_servers(self, opd_id: str) -> tuple[Server, ...]:
        """Return the servers of other OPD on which an OPD owns a name, in file order."""
        others = (server for server in self.servers.values() if server.opd != opd_id)
        return tuple(server for server in others if server.names_of(opd_id))

    def server_label(self, server_id: str) -> str:
        """Name a server for a reader: its name with its id; the id alone when it has left the inventory."""
        server = self.servers.get(server_id)
        if server is None or server.name in ("", server.id):
            return shown(server_id)
        return shown(f"{server.name} ({server.id})")

    def opd_label(self, opd_id: str) -> str:
        """Name an OPD for a reader; its id when it has left the inventory."""
        names = (opd.name for opd in self.data.inventory.opds if opd.id == opd_id)
        return shown(next(names, "") or opd_id)

    def check_label(self, check_id: str) -> str:
        """Name a check for a reader: its title with its id; the id alone when it has left the catalogue."""
        check = self.data.checks.get(check_id)
        return shown(f"{self.words.of(check.title)} ({check_id})" if check else check_id)

    def endpoint(self, subject: Subject) -> str:
        """Name what was measured: address, port and server name as far as there are any."""
        if not subject.address:
            return shown(subject.server_name)
        address = f"[{subject.address}]" if ":" in subject.address and subject.port else subject.address
        port = f":{subject.port}/{subject.transport}" if subject.port else ""
        details = ", ".join(part for part in (subject.server_name, subject.variant) if part)
        return shown(f"{address}{port}" + (f" ({details})" if details else ""))

    def stands(self, finding: Finding) -> bool:
        """Return whether a finding still stands; a server out of reach closes nothing."""
        return finding.status not in CLOSED

    def is_open(self, finding: Finding) -> bool:
        """Return whether a finding fails or was not measured again, and nobody accepted it as a risk."""
        return self.stands(finding) and not finding.waiver

    def is_overdue(self, finding: Finding) -> bool:
        """Return whether the deadline had passed where its OPD is, on the day on which the audit began.

        An accepted risk has none while it is accepted.
        """
        return is_overdue(finding, self.data.inventory, self.data.run.started_at)

    def is_accepted(self, finding: Finding) -> bool:
        """Return whether a finding stands as an accepted risk."""
        return self.stands(finding) and bool(finding.waiver)

    def state(self, finding: Finding) -> FindingStatus:
        """Return where a finding stands; an accepted risk is one, however it came back."""
        return FindingStatus.WAIVED if self.is_accepted(finding) else finding.status

    def findings(self, opd_id: str | None = None) -> tuple[Finding, ...]:
        """Return the findings of one OPD or of all, worst first."""
        return self.ordered.get(opd_id, ())

    def open_findings(self, opd_id: str | None = None) -> tuple[Finding, ...]:
        """Return the findings that are open; accepted risks are counted apart from them."""
        return tuple(finding for finding in self.findings(opd_id) if self.is_open(finding))

    def accepted_findings(self, opd_id: str | None = None) -> tuple[Finding, ...]:
        """Return the findings that stand as accepted risks."""
        return tuple(finding for finding in self.findings(opd_id) if self.is_accepted(finding))

    def standing_findings(self, opd_id: str | None = None) -> tuple[Finding, ...]:
        """Return the findings that are open or accepted."""
        return tuple(finding for finding in self.findings(opd_id) if self.stands(finding))


def make_context(data: ReportData, language: str, edition: str) -> Context:
    """Return a context, or raise ReportError for a language or edition that there is none of."""
    translations(language)
    if edition not in data.frameworks or edition not in data.organization.controls:
        judged = ", ".join(sorted(set(data.frameworks) & set(data.organization.controls))) or "none"
        raise ReportError(f"run {data.run.id} was not judged against edition {edition!r}; it has: {judged}")
    words = Words(language, data.inventory.organization.timezone)
    servers = {server.id: server for server in data.inventory.servers()}
    lenient = tuple(verdict for verdict in data.verdicts if verdict.loosened)
    ids = {(finding.check, finding.subject): finding.id for finding in data.findings}
    loosened = {
        ids[one.check, one.subject]: one.loosened for one in lenient if (one.check, one.subject) in ids
    }
    return Context(data, words, edition, servers, _ordered(data.findings), lenient, loosened)


def _ordered(findings: tuple[Finding, ...]) -> Mapping[str | None, tuple[Finding, ...]]:
    whole = sorted(findings, key=lambda f: (f.severity.rank, f.check, f.opd, f.subject.key, f.id))
    by_opd: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in whole:
        by_opd[finding.opd].append(finding)
    return {None: tuple(whole)} | {opd: tuple(listed) for opd, listed in by_opd.items()}
