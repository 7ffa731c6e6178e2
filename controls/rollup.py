"""Roll verdicts up: to checks per server, to controls per edition, to a scorecard per OPD. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.model.check import Check, Severity
from auditor.model.framework import Control, Framework
from auditor.model.inventory import Responsible, Server
from auditor.model.policy import Policy
from auditor.model.scorecard import ControlResult, ControlStatus, GroupResult, Scorecard, ServerScore
from auditor.model.verdict import Status, Verdict
from controls.attestations import ORGANIZATION, Answers
from controls.control_status import Measured, combined_status, measured_status
from controls.links import Links, links_of
from controls.responsibility import owning_opd, responsible_side
from controls.scoring import UNJUDGED, Judged, Tally, level_of, tally, worst


@dataclass(frozen=True, slots=True)
class Waived:
    """Verdicts covered by a waiver: (check, subject key) → waiver id."""

    by_verdict: Mapping[tuple[str, str], str]

    def covers(self, verdict: Verdict) -> bool:
        """Return whether this verdict's failure is an accepted risk."""
        if verdict.status is not Status.FAIL or not self.by_verdict:
            return False
        return (verdict.check, verdict.subject.key) in self.by_verdict


@dataclass(frozen=True, slots=True)
class Rules:
    """What verdicts are rolled up by. `centre` is the id of the OPD that is the centre, or empty."""

    checks: Mapping[str, Check]
    frameworks: Mapping[str, Framework]
    policy: Policy
    answers: Answers
    centre: str = ""


def judge_servers(
    verdicts: Iterable[Verdict],
    servers: Mapping[str, Server],
    checks: Mapping[str, Check],
    policy: Policy,
    waived: Waived,
) -> tuple[Judged, ...]:
    """Return one Judged per check, server and OPD: twenty endpoints neither dilute nor multiply."""
    grouped: dict[tuple[str, str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        server = servers[verdict.subject.server]
        opd = owning_opd(checks[verdict.check].layer, verdict.subject, server)
        grouped[opd, verdict.check, server.id].append(verdict)
    # Each group is let go as soon as it is judged: there are millions of them over thousands of servers.
    return tuple(
        _judged(checks[check], servers[server], opd, grouped.pop((opd, check, server)), policy, waived)
        for opd, check, server in sorted(grouped)
    )


def _judged(
    check: Check, server: Server, opd: str, group: Iterable[Verdict], policy: Policy, waived: Waived
) -> Judged:
    listed = list(group)
    status = worst(v.status for v in listed) or Status.UNKNOWN
    failing = status is Status.FAIL
    return Judged(
        check=check.id,
        server=server.id,
        severity=check.severity,
        status=status,
        unwaived=worst(v.status for v in listed if not waived.covers(v)) if failing else status,
        multiplier=policy.criticality[server.category],
        opd=opd,
        side=responsible_side(check.layer, server, policy),
        loosened=any(v.loosened for v in listed),
    )


def scorecards(
    servers: Iterable[Server],
    verdicts: Iterable[Verdict],
    rules: Rules,
    waived: Waived,
    measured: frozenset[str],
) -> dict[str, Scorecard]:
    """Return OPD id → scorecard over some servers; "" is the whole organisation.

    `measured` names the servers of which anything was measured. An OPD has a card when it has a server among
    them, or a name on one.
    """
    by_id = {server.id: server for server in servers}
    listed = [verdict for verdict in verdicts if verdict.subject.server in by_id]
    judged = judge_servers(listed, by_id, rules.checks, rules.policy, waived)
    by_opd: dict[str, list[Judged]] = {server.opd: [] for server in by_id.values()}
    for server in by_id.values():
        by_opd |= {opd: [] for opd in server.name_owners.values() if opd not in by_opd}
    for one in judged:
        by_opd[one.opd].append(one)
    failures = _failures(listed, by_id, rules.checks, waived)
    links = {edition: links_of(edition, rules.checks) for edition in rules.frameworks}
    maker = _CardMaker(rules, links, by_id, failures, measured)
    cards = {ORGANIZATION: maker.card(ORGANIZATION, judged)}
    return cards | {opd: maker.card(opd, mine) for opd, mine in sorted(by_opd.items())}


_Failures = Mapping[tuple[str, bool], Counter[Severity]]
"""(OPD, whether accepted) → failing verdicts by severity."""


def _failures(
    verdicts: Iterable[Verdict], servers: Mapping[str, Server], checks: Mapping[str, Check], waived: Waived
) -> _Failures:
    counted: dict[tuple[str, bool], Counter[Severity]] = defaultdict(Counter)
    for verdict in verdicts:
        if verdict.status is Status.FAIL:
            check = checks[verdict.check]
            opd = owning_opd(check.layer, verdict.subject, servers[verdict.subject.server])
            for place in (opd, ORGANIZATION):
                counted[place, waived.covers(verdict)][check.severity] += 1
    return counted


@dataclass(frozen=True, slots=True)
class _CardMaker:
    """What every card of a run is made from."""

    rules: Rules
    links: Mapping[str, Links]
    servers: Mapping[str, Server]
    failures: _Failures
    measured: frozenset[str]

    def card(self, opd: str, judged: Iterable[Judged]) -> Scorecard:
        """Return the card of an OPD from what was judged of it."""
        rules, listed = self.rules, list(judged)
        own = [one for one in listed if self._answers_for(opd, one.side)]
        centre = [one for one in listed if one.side is Responsible.CENTRE]
        open_failures = self.failures.get((opd, False), Counter())
        accepted = self.failures.get((opd, True), Counter())
        frameworks = sorted(rules.frameworks.items())
        summaries = _summaries(listed)
        results = {
            edition: _control_results(framework, self.links[edition], summaries, rules, opd)
            for edition, framework in frameworks
        }
        return Scorecard(
            opd=opd,
            own=level_of(tally(own), rules.policy),
            centre=level_of(tally(centre), rules.policy),
            servers=self._servers(opd, listed),
            controls=results,
            groups={
                edition: _group_results(framework, rules, summaries, results[edition])
                for edition, framework in frameworks
            },
            findings={severity: open_failures[severity] for severity in Severity},
            accepted={severity: accepted[severity] for severity in Severity},
        )

    def _answers_for(self, opd: str, side: Responsible) -> bool:
        """Return whether an OPD answers for a side; the organisation and the centre itself do for both."""
        return side is Responsible.OPD or opd in (ORGANIZATION, self.rules.centre)

    def _servers(self, opd: str, judged: Iterable[Judged]) -> tuple[ServerScore, ...]:
        by_server: dict[str, list[Judged]] = {
            server.id: []
            for server in self.servers.values()
            if opd in (ORGANIZATION, server.opd, *server.name_owners.values())
        }
        for one in judged:
            by_server[one.server].append(one)
        return tuple(self._server(opd, name, mine) for name, mine in sorted(by_server.items()))

    def _server(self, opd: str, name: str, judged: list[Judged]) -> ServerScore:
        policy, counts = self.rules.policy, Counter(one.status for one in judged)
        own = [one for one in judged if self._answers_for(opd, one.side)]
        return ServerScore(
            name,
            level_of(tally(own), policy),
            policy.criticality[self.servers[name].category],
            name in self.measured,
            {status: counts[status] for status in Status},
        )


def control_results(
    framework: Framework, rules: Rules, judged: Iterable[Judged], opd: str
) -> tuple[ControlResult, ...]:
    """Return one result per control of an edition, in its order."""
    return _control_results(
        framework, links_of(framework.edition, rules.checks), _summaries(judged), rules, opd
    )


def _control_results(
    framework: Framework, links: Links, summaries: Mapping[str, _Summary], rules: Rules, opd: str
) -> tuple[ControlResult, ...]:
    return tuple(
        _control_result(framework.edition, control, links, summaries, rules, opd)
        for control in framework.controls
    )


@dataclass(frozen=True, slots=True)
class _Summary:
    """One check over all servers of a card."""

    status: Status
    waived: bool
    hiding: bool
    """Whether beside accepted failures something could not be judged."""
    loosened: bool
    counted: Tally

    @classmethod
    def of(cls, group: list[Judged]) -> _Summary:
        status = worst(one.status for one in group) or Status.UNKNOWN
        unwaived = worst(one.unwaived for one in group if one.unwaived is not None)
        waived = status is Status.FAIL and unwaived is not Status.FAIL
        return cls(
            status,
            waived,
            waived and unwaived in UNJUDGED,
            any(one.loosened for one in group),
            tally(group),
        )


def _summaries(judged: Iterable[Judged]) -> dict[str, _Summary]:
    by_check: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_check[one.check].append(one)
    return {check: _Summary.of(group) for check, group in by_check.items()}


def _control_result(
    edition: str, control: Control, links: Links, summaries: Mapping[str, _Summary], rules: Rules, opd: str
) -> ControlResult:
    implementing = {name: summaries[name] for name in links.implementing(control.id) if name in summaries}
    related = {name: summaries[name].status for name in links.related(control.id) if name in summaries}
    statuses = {name: one.status for name, one in implementing.items()}
    waived = tuple(name for name, one in implementing.items() if one.waived)
    loosened = tuple(name for name, one in implementing.items() if one.loosened)
    severities = {name: rules.checks[name].severity for name in (*implementing, *related)}
    measured = Measured(
        control.coverage,
        statuses,
        related,
        severities,
        frozenset(waived),
        frozenset(loosened),
        frozenset(name for name, one in implementing.items() if one.hiding),
    )
    attested = rules.answers.attested(edition, control.id, opd)
    applied = rules.answers.applied(edition, control.id, opd)
    status, contradiction = combined_status(measured, attested, applied)
    return ControlResult(
        control=control.id,
        status=status,
        checks=statuses,
        related=related,
        level=level_of(_sum(one.counted for one in implementing.values()), rules.policy),
        waived=waived,
        measured=measured_status(measured),
        attested=attested,
        applied=applied,
        contradiction=contradiction,
        loosened=loosened,
    )


def _group_results(
    framework: Framework,
    rules: Rules,
    summaries: Mapping[str, _Summary],
    results: Iterable[ControlResult],
) -> tuple[GroupResult, ...]:
    """Return one result per clause or theme; a check that implements several of its controls counts once."""
    group_of = {control.id: control.group for control in framework.controls}
    checks: dict[str, set[str]] = defaultdict(set)
    statuses: dict[str, Counter[ControlStatus]] = defaultdict(Counter)
    for result in results:
        checks[group_of[result.control]].update(result.checks)
        statuses[group_of[result.control]][result.status] += 1
    return tuple(
        GroupResult(
            group.id,
            level_of(_sum(summaries[check].counted for check in sorted(checks[group.id])), rules.policy),
            dict(statuses[group.id]),
        )
        for group in framework.groups
    )


def _sum(tallies: Iterable[Tally]) -> Tally:
    total: Tally = Counter()
    for one in tallies:
        total.update(one)
    return total
