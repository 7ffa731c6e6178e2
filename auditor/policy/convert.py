"""From the checked shape to the frozen Policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model.check import Severity
from auditor.model.facts import Facts
from auditor.model.inventory import Category, Fragility, Layer
from auditor.model.policy import (
    AttestationRules,
    Budget,
    GradeBand,
    Grading,
    Policy,
    PortPolicy,
    Reuse,
    TotalBudget,
    WaiverRules,
)
from auditor.policy.anchors import Anchor
from auditor.policy.operation_convert import (
    to_admission,
    to_backup,
    to_blackout,
    to_calendar,
    to_messages,
    to_retests,
    to_schedule,
    to_trial,
)
from auditor.policy.reports_shape import to_signature
from auditor.policy.roadmap_convert import to_roadmap
from auditor.policy.shape import (
    ApprovedShape,
    AttestationsShape,
    BudgetShape,
    GradingShape,
    PolicyShape,
    WaiversShape,
)
from auditor.policy.wall_shape import to_wall


def to_policy(shape: PolicyShape, anchors: Mapping[str, Anchor], local_checks: str, digest: str) -> Policy:
    """Return the Policy of a shape in which everything was checked."""
    return Policy(
        editions=shape.editions,
        default_edition=shape.default_edition,
        language=shape.language,
        weights={severity: getattr(shape.weights, severity.value) for severity in Severity},
        criticality={category: getattr(shape.criticality, category.value) for category in Category},
        grading=_grading(shape.grading),
        deadline_days={severity: getattr(shape.deadline_days, severity.value) for severity in Severity},
        parameters={check: choice.parameters for check, choice in shape.checks.items() if choice.parameters},
        disabled_checks={check: choice.disabled for check, choice in shape.checks.items() if choice.disabled},
        role_services={role: _ports(ranges) for role, ranges in shape.roles.items()},
        responsible={layer: getattr(shape.responsible, layer.value) for layer in Layer},
        budgets={fragility: _budget(getattr(shape.budgets, fragility.value)) for fragility in Fragility},
        total=TotalBudget(shape.total.parallel_hosts, shape.total.connections_per_second),
        ports=PortPolicy(tuple(sorted(shape.ports.ranges)), _ports(shape.ports.never)),
        trust_anchors={zone: str(anchor.path) for zone, anchor in anchors.items()},
        exit_threshold=shape.exit_threshold,
        classification=shape.classification,
        ranking=shape.ranking,
        reuse=Reuse(shape.reuse.days, shape.reuse.reference_days),
        second_look=shape.second_look,
        resolvers=shape.dns.resolvers,
        sweep_ports=shape.sweep.ports,
        reachable_from={zone: _ports(ranges) for zone, ranges in shape.reachable_from.items()},
        waivers=_waivers(shape.waivers),
        attestations=_attestations(shape.attestations),
        approved=_approved(shape.host.approved),
        import_days=shape.imports.days,
        local_checks=local_checks,
        calendar=to_calendar(shape.calendar),
        schedules=tuple(map(to_schedule, shape.schedules)),
        blackouts=tuple(map(to_blackout, shape.blackouts)),
        retests=to_retests(shape.retests),
        admission=to_admission(shape.admission),
        trial=to_trial(shape.trial),
        messages=to_messages(shape.messages),
        raw_days=shape.retention.raw_days,
        backup=to_backup(shape.backup),
        roadmap=to_roadmap(shape.roadmap),
        wall=to_wall(shape.wall),
        signature=to_signature(shape.reports),
        digest=digest,
    )


def _grading(shape: GradingShape) -> Grading:
    caps = {severity: getattr(shape.caps, severity.value) for severity in Severity}
    return Grading(
        bands=tuple(GradeBand(band.letter, band.minimum) for band in shape.bands),
        caps={severity: letter for severity, letter in caps.items() if letter is not None},
        coverage_floor=shape.coverage_floor,
    )


def _waivers(shape: WaiversShape) -> WaiverRules:
    widest = {severity: getattr(shape.widest, severity.value) for severity in Severity}
    return WaiverRules(shape.maximum_days, shape.warn_days, widest)


def _attestations(shape: AttestationsShape) -> AttestationRules:
    return AttestationRules(shape.maximum_days, shape.warn_days, shape.evidence_bytes)


def _approved(shape: ApprovedShape) -> Facts:
    """Return the `approved.*` facts; what was not decided has none."""
    written = {f"approved.{name}": value for name, value in shape.model_dump(mode="json").items()}
    return {name: value for name, value in written.items() if value is not None}


def _budget(shape: BudgetShape) -> Budget:
    return Budget(
        connections_per_second=shape.connections_per_second,
        parallel_connections=shape.parallel_connections,
        packets_per_second=shape.packets_per_second,
        host_timeout_seconds=shape.host_timeout_seconds,
        ssh_spacing_seconds=shape.ssh_spacing_seconds,
        version_detection=shape.version_detection,
    )


def _ports(ranges: Iterable[tuple[int, int]]) -> frozenset[int]:
    return frozenset(port for first, last in ranges for port in range(first, last + 1))
