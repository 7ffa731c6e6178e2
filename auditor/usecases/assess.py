"""Judge a run's stored evidence: verdicts, findings, scorecards. Judging again gives the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.model.check import Text
from auditor.model.evidence import Evidence
from auditor.model.facts import Facts
from auditor.model.inventory import Inventory, Server
from auditor.model.plan import ScanPlan, Task
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
from auditor.usecases.scan import settings_for
from controls.judge import judge_all
from controls.loading import Catalogue
from controls.reasons import SKIPS
from controls.rollup import Waived, scorecard
from controls.subjects import Target, enumerate_subjects
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
        workspace.results.findings(), assessment.verdicts, run, inputs, catalogue.checks
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
    subjects = enumerate_subjects(targets(inputs, evidence))
    verdicts = judge_all(compiled_checks(catalogue.checks, policy), subjects, run.started_at)
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
            address=one.address,
            known=known_facts(inputs.inventory, inputs.policy, one.server),
            expected=(),
            evidence={},
            ports=Task("ports", one.server, one.opd, one.address),
            blocked=SKIPS[one.reason],
        )
        for one in inputs.plan.skipped
        if not one.scanner
    ]
    return (*planned, *skipped)


def _planned(inputs: RunInputs, ports: Task, evidence: Mapping[str, Evidence]) -> Target:
    settings = settings_for(ports, inputs.inventory, inputs.policy)
    return Target(
        server=ports.server,
        opd=ports.opd,
        address=ports.address,
        known=known_facts(inputs.inventory, inputs.policy, ports.server),
        expected=follow_up(inputs.inventory.server(ports.server), ports, evidence, settings),
        evidence=evidence,
        ports=ports,
        refused_methods=_refused_methods(inputs.plan, ports),
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
    return {
        "server.roles": list(server.roles),
        "server.zone": server.zone,
        "server.zone_public": inventory.zone(server.zone).public,
        "server.category": server.category.value,
        "server.hostnames": list(server.hostnames),
        "server.approved_ports": sorted(declared.union(*by_role)),
    }
