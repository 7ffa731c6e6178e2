"""Judge a run's stored evidence: verdicts, findings, scorecards. Judging again gives the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from auditor.model.check import Text
from auditor.model.evidence import Evidence
from auditor.model.facts import Facts
from auditor.model.inventory import Inventory, Kind, Server
from auditor.model.plan import ScanPlan, Skipped, Task
from auditor.model.policy import Policy
from auditor.model.run import AuditRun, RunStatus
from auditor.model.scorecard import Scorecard
from auditor.model.verdict import Verdict
from auditor.model.waiver import Waiver
from auditor.store.results import ORGANIZATION
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import local_day
from auditor.usecases.findings import update_findings
from auditor.usecases.follow_up import follow_up
from auditor.usecases.inputs import compiled_checks
from auditor.usecases.task_settings import settings_for
from controls.confirm import confirm
from controls.derive import derive
from controls.judge import judge_all
from controls.loading import Catalogue
from controls.reasons import SKIPS, TOO_FRAGILE
from controls.rollup import Waived, scorecard
from controls.software_pack import Pack
from controls.subjects import Measured, Target, enumerate_subjects
from controls.waivers import waiver_for


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a run came to."""

    verdicts: tuple[Verdict, ...]
    scorecards: Mapping[str, Scorecard]
    """By OPD id; "" is the whole organisation."""


def assess(
    workspace: Workspace,
    run: AuditRun,
    inputs: RunInputs,
    catalogue: Catalogue,
    waivers: Iterable[Waiver] = (),
) -> Assessment:
    """Judge a run and store what it came to; the head of the evidence chain is signed."""
    evidence = workspace.evidence.of_run(run.id)
    assessment = judge_run(run, inputs, catalogue, evidence, waivers)
    findings = update_findings(
        workspace.results.findings(),
        assessment.verdicts,
        run,
        inputs,
        catalogue.checks,
        workspace.results.reopened(run.id),
    )
    now = datetime.now(UTC)
    workspace.results.save(run.id, assessment.verdicts, findings, assessment.scorecards, now)
    workspace.heads.sign(*workspace.evidence.head(), now)
    workspace.seals.seal(run.id, now)
    stored = workspace.runs.get(run.id)
    # What was stopped, or ended without a word, can be judged as it is and still be taken up again.
    if stored is not None and stored.status is RunStatus.COLLECTED:
        workspace.runs.set_status(run.id, RunStatus.COMPLETE, stored.finished_at or now)
    return assessment


def judge_run(
    run: AuditRun,
    inputs: RunInputs,
    catalogue: Catalogue,
    evidence: Mapping[str, Evidence],
    waivers: Iterable[Waiver] = (),
) -> Assessment:
    """Return verdicts and scorecards of a run from its evidence alone. Pure."""
    inventory, policy = inputs.inventory, inputs.policy
    verdicts = _verdicts(run, inputs, catalogue, evidence)
    waived = _waived(verdicts, inventory, tuple(waivers), run)
    measured = frozenset(one.task.server for one in evidence.values() if one.facts)
    chosen = [inventory.server(server_id) for server_id in run.scope]
    cards = {
        opd: scorecard(
            opd, servers, verdicts, catalogue.checks, catalogue.frameworks, policy, waived, measured
        )
        for opd, servers in _by_opd(chosen).items()
    }
    return Assessment(verdicts, cards)


def _verdicts(
    run: AuditRun, inputs: RunInputs, catalogue: Catalogue, evidence: Mapping[str, Evidence]
) -> tuple[Verdict, ...]:
    """Judge what was measured first, then take into account what was measured a second time."""
    checks, now = compiled_checks(catalogue.checks, inputs.policy), run.started_at
    first = {key: one for key, one in evidence.items() if one.task.look == 1}
    again = {replace(one.task, look=1).id: one for one in evidence.values() if one.task.look == 2}
    verdicts = judge_all(checks, subjects_of(inputs, first, catalogue.pack, now), now)
    if not again:
        return verdicts
    second = judge_all(checks, subjects_of(inputs, {**first, **again}, catalogue.pack, now), now)
    return confirm(verdicts, second, first.values(), again)


def subjects_of(
    inputs: RunInputs, evidence: Mapping[str, Evidence], pack: Pack, now: datetime
) -> tuple[Measured, ...]:
    """Return every subject of a run with all its facts, those derived over the whole audit included."""
    servers = [one for one in inputs.inventory.servers() if one.kind is Kind.SERVER]
    registered = {str(address) for server in servers for address in server.addresses}
    subjects = enumerate_subjects(targets(inputs, evidence))
    named = all(server.addresses for server in servers)
    return derive(subjects, registered, pack, now, all_registered=named)


def _by_opd(servers: Iterable[Server]) -> dict[str, list[Server]]:
    """Group servers by OPD; the empty id holds them all."""
    grouped: dict[str, list[Server]] = defaultdict(list)
    for server in servers:
        grouped[server.opd].append(server)
        grouped[ORGANIZATION].append(server)
    return dict(sorted(grouped.items()))


def _waived(
    verdicts: Iterable[Verdict], inventory: Inventory, waivers: tuple[Waiver, ...], run: AuditRun
) -> Waived:
    today = local_day(run.started_at, inventory.organization)
    opd_of = {server.id: server.opd for server in inventory.servers()}
    matched = (
        (verdict, waiver_for(verdict, opd_of[verdict.subject.server], waivers, today)) for verdict in verdicts
    )
    return Waived({(v.check, v.subject.key): waiver.id for v, waiver in matched if waiver is not None})


def targets(inputs: RunInputs, evidence: Mapping[str, Evidence]) -> tuple[Target, ...]:
    """Return every address that a run answers for, those that were skipped included."""
    planned = [_planned(inputs, ports, evidence) for ports in inputs.plan.tasks]
    skipped = [
        Target(
            server=one.server,
            opd=one.opd,
            known=known_facts(inputs.inventory, inputs.policy, one.server),
            first=_skipped_task(inputs.inventory.server(one.server), one),
            evidence={},
            blocked=SKIPS[one.reason],
        )
        for one in inputs.plan.skipped
        if not one.scanner
    ]
    return (*planned, *skipped)


_FIRST_SCANNER = {Kind.SERVER: "ports", Kind.DOMAIN: "dns", Kind.ZONE: "hosts"}


def _skipped_task(server: Server, skipped: Skipped) -> Task:
    """Return the first task that was skipped."""
    name = server.id if server.kind is Kind.DOMAIN else ""
    return Task(_FIRST_SCANNER[server.kind], server.id, server.opd, skipped.address, server_name=name)


def _planned(inputs: RunInputs, first: Task, evidence: Mapping[str, Evidence]) -> Target:
    known = known_facts(inputs.inventory, inputs.policy, first.server)
    if first.scanner != "ports":
        return Target(first.server, first.opd, known, first, evidence)
    settings = settings_for(first, inputs.inventory, inputs.policy)
    refused = _refused_methods(inputs.plan, first)
    if not settings.datagrams:
        refused["udp"] = TOO_FRAGILE
    return Target(
        server=first.server,
        opd=first.opd,
        known=known,
        first=first,
        evidence=evidence,
        expected=follow_up(inputs.inventory.server(first.server), first, evidence, settings),
        refused_methods=refused,
        consent=frozenset(settings.consent),
    )


def _refused_methods(plan: ScanPlan, ports: Task) -> dict[str, Text]:
    return {
        one.scanner: SKIPS[one.reason] for one in plan.skipped if one.scanner and one.address == ports.address
    }


def known_facts(inventory: Inventory, policy: Policy, server_id: str) -> Facts:
    """Return the `server.*` facts that the inventory and the policy always know."""
    server = inventory.server(server_id)
    declared = {service.port for service in server.services if service.transport == "tcp"}
    by_role = (policy.role_services.get(role, frozenset()) for role in server.roles)
    vantage = inventory.vantage
    approved = declared.union(*by_role)
    if vantage in policy.reachable_from:
        approved &= policy.reachable_from[vantage]
    return {
        "server.roles": list(server.roles),
        "server.zone": server.zone,
        "server.zone_public": inventory.zone(server.zone).public,
        "server.category": server.category.value,
        "server.hostnames": list(server.hostnames),
        "server.approved_ports": sorted(approved),
        "server.status": server.state.value,
        "vantage.zone": vantage,
        "vantage.public": bool(vantage) and inventory.zone(vantage).public,
        "vantage.inside": vantage in ("", server.zone),
    }
