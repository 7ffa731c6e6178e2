"""What one change closes: findings of one check on one server, in the order of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.model.finding import Finding
from auditor.model.inventory import Responsible, State
from reports.view.context import Context

_UNKNOWN_EFFORT_HOURS = 1.0
"""For a finding whose check has left the catalogue."""
_LEAST_EFFORT_HOURS = 0.1
SWITCH_OFF = "network-retired-silent"
"""The check that a server which is not used any more fails until it is switched off."""


@dataclass(frozen=True, slots=True)
class RootCause:
    """Findings of one OPD and check on one server, which one change closes.

    `beside_accepted` says that other failures of the same stay, as accepted risks.
    """

    findings: tuple[Finding, ...]
    hours: float
    beside_accepted: bool = False

    @property
    def first(self) -> Finding:
        """Return the finding that is due first."""
        return min(self.findings, key=lambda finding: (finding.due, finding.subject.key))


def effort_hours(context: Context, finding: Finding) -> float:
    """Return the hours that closing a finding is expected to take."""
    check = context.data.checks.get(finding.check)
    return check.effort_hours if check else _UNKNOWN_EFFORT_HOURS


def ranked_causes(context: Context, standing: Iterable[Finding]) -> tuple[RootCause, ...]:
    """Order the root causes of what is not accepted by risk removed per hour, as the score weighs risk.

    Ties by severity, deadline, server. What hardens a server that nobody uses any more comes after switching
    it off.
    """
    grouped: dict[tuple[str, str, str, Responsible], list[Finding]] = defaultdict(list)
    for finding in standing:
        key = finding.opd, finding.subject.server, finding.check, finding.responsible
        grouped[key].append(finding)
    causes = [_cause(context, group) for group in grouped.values()]

    def order(cause: RootCause) -> tuple[float, int, str, str, str, str]:
        first = cause.first
        gain = _risk(context, first) / max(cause.hours, _LEAST_EFFORT_HOURS)
        due = first.due.isoformat()
        return -gain, first.severity.rank, due, first.subject.server, first.check, first.opd

    return _switching_off_first(context, sorted((one for one in causes if one.findings), key=order))


def _risk(context: Context, finding: Finding) -> float:
    """Return the weight of a severity times that of the server's category."""
    policy, server = context.data.policy, context.servers.get(finding.subject.server)
    factor = policy.criticality[server.category] if server else 1.0
    return policy.weights[finding.severity] * factor


def _cause(context: Context, group: list[Finding]) -> RootCause:
    to_fix = tuple(finding for finding in group if not finding.waiver)
    return RootCause(to_fix, effort_hours(context, group[0]), len(to_fix) < len(group))


def switches_off(context: Context, cause: RootCause) -> bool:
    """Return whether a fix is to switch off a server that is not used any more."""
    server = context.servers.get(cause.first.subject.server)
    return server is not None and server.state is State.RETIRED and cause.first.check == SWITCH_OFF


def _switching_off_first(context: Context, listed: Iterable[RootCause]) -> tuple[RootCause, ...]:
    """Put what switches a server off in the place of the first fix on it."""
    causes = tuple(listed)
    offs: Mapping[str, RootCause] = {
        one.first.subject.server: one for one in causes if switches_off(context, one)
    }
    ordered: dict[int, RootCause] = {}
    for cause in causes:
        off = offs.get(cause.first.subject.server, cause)
        ordered.setdefault(id(off), off)
        ordered.setdefault(id(cause), cause)
    return tuple(ordered.values())
