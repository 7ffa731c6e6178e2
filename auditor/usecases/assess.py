"""Judge a run's stored evidence: verdicts, findings, scorecards. Judging again gives the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from auditor.model.assessment import Footing
from auditor.model.check import Check, Text
from auditor.model.decision import Decisions
from auditor.model.evidence import Evidence
from auditor.model.facts import Facts
from auditor.model.inventory import Inventory, Kind, Server
from auditor.model.plan import ScanPlan, Skipped, Task
from auditor.model.policy import Policy
from auditor.model.run import AuditRun, RunStatus
from auditor.model.scorecard import Scorecard
from auditor.model.verdict import Status, Verdict
from auditor.model.waiver import Waiver
from auditor.model.waiver_scope import exceeds
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from auditor.usecases.calendar import local_day
from auditor.usecases.clock import SYSTEM_CLOCK, Clock
from auditor.usecases.errors import UsageProblem
from auditor.usecases.findings import store_results
from auditor.usecases.follow_up import follow_up
from auditor.usecases.imported import awaited, with_imported
from auditor.usecases.inputs import compiled_checks
from auditor.usecases.planning import looks_inside
from auditor.usecases.retest_verdicts import beside, settle, with_beside
from auditor.usecases.task_settings import settings_for
from controls.attestations import answers_on
from controls.confirm import confirm
from controls.decisions import fold
from controls.derive import derive
from controls.judge import judge_all
from controls.loading import Catalogue
from controls.reasons import NO_WAY_IN, SKIPS, TOO_FRAGILE
from controls.responsibility import owning_opd
from controls.rollup import Rules, Waived, scorecards
from controls.rules import rules_of
from controls.software_pack import Pack
from controls.subjects import Inside, Measured, Target, enumerate_subjects
from controls.waivers import waiver_for

NOTHING_DECIDED = Decisions()


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a run came to."""

    verdicts: tuple[Verdict, ...]
    scorecards: Mapping[str, Scorecard]
    """By OPD id; "" is the whole organisation."""
    footing: Footing


def assess(
    workspace: Workspace,
    run: AuditRun,
    inputs: RunInputs,
    catalogue: Catalogue,
    clock: Clock = SYSTEM_CLOCK,
) -> Assessment:
    """Judge a run with every decision made until now, and store what it came to.

    The head of the evidence chain is signed, and the results are sealed.
    """
    _refuse_changed(workspace, run)
    evidence = workspace.evidence.of_run(run.id)
    other = beside(workspace, run, inputs, catalogue.checks)
    assessment = judge_run(
        run,
        with_beside(inputs, other),
        catalogue,
        {**other.evidence, **evidence},
        decisions_for(workspace, run, inputs.inventory),
    )
    now = clock.now()
    verdicts, cards, footing = assessment.verdicts, assessment.scorecards, assessment.footing
    store_results(workspace, run, inputs, verdicts, cards, footing, now)
    workspace.heads.sign(*workspace.evidence.head(), now)
    workspace.seals.seal(run.id, now)
    stored = workspace.runs.get(run.id)
    # What was stopped, or ended without a word, can be judged as it is and still be taken up again.
    if stored is not None and stored.status is RunStatus.COLLECTED:
        workspace.runs.set_status(run.id, RunStatus.COMPLETE, stored.finished_at or now)
    return assessment


def _refuse_changed(workspace: Workspace, run: AuditRun) -> None:
    """Raise UsageProblem when a run's inputs, or decisions it was judged with, are not what they were.

    Judging again would seal what was changed.
    """
    footing = workspace.results.footing(run.id)
    lost = footing is not None and workspace.decisions.head(footing.decisions) != (
        footing.decisions,
        footing.decisions_head,
    )
    if not workspace.marks.run_is_as_begun(run.id) or lost:
        what = "decisions that it was judged with" if lost else "what it began with"
        raise UsageProblem(
            f"{run.id} cannot be judged: {what} was changed since", "see what, with: auditor evidence verify"
        )


def decisions_of(workspace: Workspace, upto: int | None = None) -> Decisions:
    """Return what people decided, or had decided by an entry of the log."""
    sequence, head = workspace.decisions.head(upto)
    return replace(fold(workspace.decisions.all(upto), head), sequence=sequence)


def decisions_for(
    workspace: Workspace, run: AuditRun, inventory: Inventory, upto: int | None = None
) -> Decisions:
    """Return what had been decided by the end of a run's local day, of the log or its entries up to a number.

    What is written down later, whatever day it names, counts for later audits: those of before keep their
    numbers.
    """
    sequence, head = workspace.decisions.head(upto)
    day = local_day(run.started_at, inventory.organization)
    log = [
        entry for entry in workspace.decisions.all(upto) if local_day(entry.at, inventory.organization) <= day
    ]
    return replace(fold(log, head), sequence=sequence)


def judge_run(
    run: AuditRun,
    inputs: RunInputs,
    catalogue: Catalogue,
    evidence: Mapping[str, Evidence],
    decisions: Decisions = NOTHING_DECIDED,
) -> Assessment:
    """Return verdicts and scorecards of a run from its evidence and people's decisions alone. Pure.

    A re-test has one verdict for each place that it is about, and no scorecards.
    """
    verdicts = _verdicts(run, inputs, catalogue, evidence)
    if inputs.plan.wanted:
        verdicts = settle(verdicts, inputs.plan.wanted, evidence)
    allowed = _within_policy(decisions.waivers, catalogue.checks, inputs.policy)
    waived = _waived(verdicts, catalogue.checks, inputs.inventory, allowed, run)
    cards: Mapping[str, Scorecard] = {}
    if not inputs.plan.wanted:
        cards = _cards(run, inputs, catalogue, evidence, decisions, verdicts, waived)
    footing = Footing(
        catalogue=catalogue.digest,
        rules=rules_of(catalogue.checks, inputs.policy, catalogue.pack.digest),
        waived={f"{check} {subject}": name for (check, subject), name in waived.by_verdict.items()},
        decisions=decisions.sequence,
        decisions_head=decisions.head,
    )
    return Assessment(verdicts, cards, footing)


def _cards(
    run: AuditRun,
    inputs: RunInputs,
    catalogue: Catalogue,
    evidence: Mapping[str, Evidence],
    decisions: Decisions,
    verdicts: tuple[Verdict, ...],
    waived: Waived,
) -> Mapping[str, Scorecard]:
    measured = frozenset(one.task.server for one in evidence.values() if one.facts)
    chosen = [inputs.inventory.server(server_id) for server_id in run.scope]
    return scorecards(chosen, verdicts, roll_up_rules(run, inputs, catalogue, decisions), waived, measured)


def roll_up_rules(run: AuditRun, inputs: RunInputs, catalogue: Catalogue, decisions: Decisions) -> Rules:
    """Return what the verdicts of a run are rolled up by."""
    organization = inputs.inventory.organization
    day = local_day(run.started_at, organization)
    longest = inputs.policy.attestations.maximum_days
    answers = answers_on(decisions, catalogue.frameworks, day, longest)
    return Rules(catalogue.checks, catalogue.frameworks, inputs.policy, answers, organization.centre)


def _verdicts(
    run: AuditRun, inputs: RunInputs, catalogue: Catalogue, evidence: Mapping[str, Evidence]
) -> tuple[Verdict, ...]:
    """Judge what was measured first, then take into account what was measured a second time."""
    checks, now = compiled_checks(catalogue.checks, inputs.policy), run.started_at
    first = with_imported(evidence)
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


def _within_policy(
    waivers: Iterable[Waiver], checks: Mapping[str, Check], policy: Policy
) -> tuple[Waiver, ...]:
    """Return the waivers that the run's own policy allows, whatever policy they were asked for under."""
    return tuple(
        one for one in waivers if one.check in checks and not exceeds(one, checks[one.check], policy.waivers)
    )


def _waived(
    verdicts: Iterable[Verdict],
    checks: Mapping[str, Check],
    inventory: Inventory,
    waivers: tuple[Waiver, ...],
    run: AuditRun,
) -> Waived:
    today = local_day(run.started_at, inventory.organization)
    servers = {server.id: server for server in inventory.servers()}
    by_check: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        by_check.setdefault(waiver.check, []).append(waiver)
    matched = (
        (verdict, _waiver_of(verdict, servers, checks, by_check.get(verdict.check, ()), today))
        for verdict in verdicts
    )
    return Waived({(v.check, v.subject.key): waiver.id for v, waiver in matched if waiver is not None})


def _waiver_of(
    verdict: Verdict,
    servers: Mapping[str, Server],
    checks: Mapping[str, Check],
    waivers: Iterable[Waiver],
    today: date,
) -> Waiver | None:
    if verdict.status is not Status.FAIL:
        return None
    opd = owning_opd(checks[verdict.check].layer, verdict.subject, servers[verdict.subject.server])
    return waiver_for(verdict, opd, waivers, today)


def targets(inputs: RunInputs, evidence: Mapping[str, Evidence]) -> tuple[Target, ...]:
    """Return every address that a run answers for, those that were skipped included."""
    refused = _refused_methods(inputs.plan)
    planned = [_planned(inputs, ports, evidence, refused) for ports in inputs.plan.tasks]
    skipped = [
        Target(
            server=one.server,
            opd=one.opd,
            known=known_facts(inputs.inventory, inputs.policy, one.server),
            first=_skipped_task(inputs.inventory.server(one.server), one),
            evidence={},
            blocked=SKIPS[one.reason],
            owned_names=_owned_names(inputs, one.server),
            inside=_inside(inputs, inputs.inventory.server(one.server), one.address, ()),
            reports=awaited(inputs.plan, one.server),
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


def _planned(
    inputs: RunInputs,
    first: Task,
    evidence: Mapping[str, Evidence],
    all_refused: Mapping[str, Mapping[str, Text]],
) -> Target:
    known = known_facts(inputs.inventory, inputs.policy, first.server)
    if first.scanner != "ports":
        return Target(first.server, first.opd, known, first, evidence)
    settings = settings_for(first, inputs.inventory, inputs.policy)
    refused = dict(all_refused.get(first.address, {}))
    if not settings.datagrams:
        refused["udp"] = TOO_FRAGILE
    server = inputs.inventory.server(first.server)
    expected = follow_up(server, first, evidence, settings)
    return Target(
        server=first.server,
        opd=first.opd,
        known=known,
        first=first,
        evidence=evidence,
        expected=expected,
        refused_methods=refused,
        consent=frozenset(settings.consent),
        owned_names=_owned_names(inputs, first.server),
        inside=_inside(inputs, server, first.address, expected, refused),
        reports=awaited(inputs.plan, first.server),
    )


def _inside(
    inputs: RunInputs,
    server: Server,
    address: str,
    expected: Iterable[Task],
    refused: Mapping[str, Text] = MappingProxyType({}),
) -> Inside | None:
    """Return the look inside a server where it belongs to this address and an assignment names such looks."""
    access = server.access
    if server.kind is not Kind.SERVER or not looks_inside(inputs.inventory):
        return None
    if (access is not None and access.impossible) or server.inside_address not in ("", address):
        return None
    if access is None:
        return Inside(None, NO_WAY_IN)
    task = next((one for one in expected if one.scanner == "host"), None)
    return Inside(task, refused.get("host", {}))


def _owned_names(inputs: RunInputs, server_id: str) -> tuple[str, ...]:
    return tuple(sorted(inputs.inventory.server(server_id).name_owners))


def _refused_methods(plan: ScanPlan) -> dict[str, dict[str, Text]]:
    """Return address → scanner → why it was not to run there."""
    refused: dict[str, dict[str, Text]] = {}
    for one in plan.skipped:
        if one.scanner:
            refused.setdefault(one.address, {})[one.scanner] = SKIPS[one.reason]
    return refused


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
        **server.record,
        **policy.approved,
    }
