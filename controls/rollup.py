"""Roll verdicts up: to checks per server, to controls per edition, to a scorecard per OPD."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.model.check import Check, Severity
from auditor.model.framework import Control, Framework, MachineCoverage
from auditor.model.inventory import Responsible, Server
from auditor.model.policy import Policy
from auditor.model.scorecard import ControlResult, ControlStatus, Scorecard, ServerScore
from auditor.model.verdict import Status, Verdict
from controls.scoring import UNJUDGED, Judged, grade, score, score_with_waivers, worst

_GRAVE = frozenset({Severity.CRITICAL, Severity.HIGH})


@dataclass(frozen=True, slots=True)
class Waived:
    """Verdicts covered by a waiver: (check, subject key) → waiver id."""

    by_verdict: Mapping[tuple[str, str], str]

    def covers(self, verdict: Verdict) -> bool:
        """Return whether this verdict's failure is an accepted risk."""
        return (verdict.check, verdict.subject.key) in self.by_verdict


def responsible_for(check: Check, server: Server, policy: Policy) -> Responsible:
    """Return who answers for a check on a server: the server's own rule, else the policy's."""
    return server.responsible.get(check.layer, policy.responsible[check.layer])


def judged_per_server(
    verdicts: Iterable[Verdict],
    checks: Mapping[str, Check],
    multipliers: Mapping[str, float],
    waived: Waived,
) -> tuple[Judged, ...]:
    """Return one Judged per check and server: twenty endpoints neither dilute nor multiply."""
    grouped: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        grouped[verdict.check, verdict.subject.server].append(verdict)
    return tuple(
        Judged(
            check,
            server,
            checks[check].severity,
            worst(v.status for v in group) or Status.UNKNOWN,
            worst(v.status for v in group if not waived.covers(v)),
            multipliers[server],
        )
        for (check, server), group in sorted(grouped.items())
    )


def control_results(
    framework: Framework, checks: Mapping[str, Check], judged: Iterable[Judged]
) -> tuple[ControlResult, ...]:
    """Return one result per control of an edition, in its order."""
    by_check: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_check[one.check].append(one)
    implementing, related = _links(framework.edition, checks)
    return tuple(
        _control_result(
            control,
            {check: by_check[check] for check in implementing.get(control.id, ()) if check in by_check},
            {check: by_check[check] for check in related.get(control.id, ()) if check in by_check},
            checks,
        )
        for control in framework.controls
    )


def _links(
    edition: str, checks: Mapping[str, Check]
) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    implementing: dict[str, list[str]] = defaultdict(list)
    related: dict[str, list[str]] = defaultdict(list)
    for check in sorted(checks.values(), key=lambda check: check.id):
        links = check.controls[edition]
        for control in links.implements:
            implementing[control].append(check.id)
        for control in links.related:
            related[control].append(check.id)
    return implementing, related


def _control_result(
    control: Control,
    implementing: Mapping[str, list[Judged]],
    related: Mapping[str, list[Judged]],
    checks: Mapping[str, Check],
) -> ControlResult:
    statuses = {
        check: worst(j.status for j in group) or Status.UNKNOWN for check, group in implementing.items()
    }
    unwaived = {
        check: worst(j.unwaived for j in group if j.unwaived is not None)
        for check, group in implementing.items()
    }
    waived = tuple(
        check
        for check, status in statuses.items()
        if status is Status.FAIL and unwaived[check] is not Status.FAIL
    )
    return ControlResult(
        control.id,
        _control_status(control, statuses, waived, checks),
        statuses,
        {check: worst(j.status for j in group) or Status.UNKNOWN for check, group in related.items()},
        waived,
    )


def _control_status(
    control: Control, statuses: Mapping[str, Status], waived: tuple[str, ...], checks: Mapping[str, Check]
) -> ControlStatus:
    """Decide what the evidence supports, and never more than the machine can judge of this control."""
    applicable = {check: status for check, status in statuses.items() if status is not Status.NOT_APPLICABLE}
    if control.coverage is MachineCoverage.ATTESTATION or not applicable:
        return ControlStatus.NOT_ASSESSED
    failing = {check for check, status in applicable.items() if status is Status.FAIL}
    if failing:
        return _failing_status(control, failing, applicable, waived, checks)
    if any(status in UNJUDGED for status in applicable.values()):
        return ControlStatus.NOT_EXAMINED
    if control.coverage is MachineCoverage.TECHNICAL:
        return ControlStatus.CONFORMS
    if control.coverage is MachineCoverage.PARTIAL:
        return ControlStatus.PARTIAL
    return ControlStatus.NOT_ASSESSED


def _failing_status(
    control: Control,
    failing: set[str],
    applicable: Mapping[str, Status],
    waived: tuple[str, ...],
    checks: Mapping[str, Check],
) -> ControlStatus:
    if failing <= set(waived):
        unknown = any(status in UNJUDGED for status in applicable.values())
        return ControlStatus.NOT_EXAMINED if unknown else ControlStatus.WAIVED
    grave = any(checks[check].severity in _GRAVE for check in failing - set(waived))
    passing = any(status is Status.PASS for status in applicable.values())
    # Where a scan only supports the judgement, a mild failure alone does not say that the control fails.
    mild = not grave and (passing or control.coverage is MachineCoverage.SUPPORTING)
    return ControlStatus.PARTIAL if mild else ControlStatus.DOES_NOT_CONFORM


def scorecard(
    opd: str,
    servers: Iterable[Server],
    verdicts: Iterable[Verdict],
    checks: Mapping[str, Check],
    frameworks: Mapping[str, Framework],
    policy: Policy,
    waived: Waived,
    measured: frozenset[str],
) -> Scorecard:
    """Return the scorecard of some servers. `measured` names the servers of which anything was measured."""
    listed = sorted(servers, key=lambda server: server.id)
    by_id = {server.id: server for server in listed}
    multipliers = {server.id: policy.criticality[server.category] for server in listed}
    mine = [verdict for verdict in verdicts if verdict.subject.server in by_id]
    judged = judged_per_server(mine, checks, multipliers, waived)
    side = {
        (one.check, one.server): responsible_for(checks[one.check], by_id[one.server], policy)
        for one in judged
    }
    own = [one for one in judged if side[one.check, one.server] is Responsible.OPD]
    centre = [one for one in judged if side[one.check, one.server] is Responsible.CENTRE]
    result = score(own, policy.weights)
    failing = Counter(checks[verdict.check].severity for verdict in mine if verdict.status is Status.FAIL)
    return Scorecard(
        opd=opd,
        score=result,
        score_with_waivers=score_with_waivers(own, policy.weights),
        score_centre=score(centre, policy.weights),
        grade=grade(result, own, policy.grading),
        servers=tuple(_server_score(s, judged, policy, s.id in measured) for s in listed),
        controls={edition: control_results(f, checks, judged) for edition, f in sorted(frameworks.items())},
        findings={severity: failing[severity] for severity in Severity},
    )


def _server_score(server: Server, judged: Iterable[Judged], policy: Policy, measured: bool) -> ServerScore:
    own = [one for one in judged if one.server == server.id]
    counts = Counter(one.status for one in own)
    return ServerScore(
        server.id,
        score(own, policy.weights),
        policy.criticality[server.category],
        measured,
        {status: counts[status] for status in Status},
    )
