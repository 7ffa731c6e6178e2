"""Look at the inside of the machine that the auditor runs on, without inventory or workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from auditor.model.check import Check
from auditor.model.evidence import Evidence, Failure
from auditor.model.facts import Facts
from auditor.model.plan import Task
from auditor.model.policy import Policy
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status, Verdict
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import catalogue_for, compiled_checks
from controls.clock import clock_offset
from controls.inside import release_facts
from controls.judge import judge_all
from controls.reasons import NOT_WRITTEN, unread_reasons
from controls.subjects import Measured
from reports.remedies import chosen_remedies

_SECONDS = 180


@dataclass(frozen=True, slots=True)
class LocalAudit:
    """What the machine shows: a failure that stopped the look, or a verdict for each check of an inside."""

    failure: Failure | None
    verdicts: tuple[Verdict, ...]
    checks: Mapping[str, Check]
    facts: Facts = field(default_factory=dict)


def audit_this_machine(policy: Policy) -> LocalAudit:
    """Collect once from this machine, with the rights of whoever asks, and judge it. Nothing is stored."""
    catalogue = catalogue_for(policy)
    evidence = _collected()
    if evidence.failure is not None and not evidence.facts:
        return LocalAudit(evidence.failure, (), catalogue.checks)
    facts = {**evidence.facts, **clock_offset(evidence), **policy.approved}
    now = evidence.started_at
    measured = Measured(
        Subject(SubjectKind.HOST, "this machine", ""),
        "",
        {**_NOT_REGISTERED, **facts, **release_facts(facts, catalogue.pack, now)},
        unread={**NOT_WRITTEN, **unread_reasons(facts)},
        underlying=evidence.failure,
    )
    inside = {
        key: one
        for key, one in catalogue.checks.items()
        if one.subject is SubjectKind.HOST and not one.consent
    }
    verdicts = judge_all(compiled_checks(inside, policy), [measured], now)
    return LocalAudit(evidence.failure, verdicts, inside, facts)


_NOT_REGISTERED: Facts = {
    "server.roles": [],
    "server.zone": "",
    "server.zone_public": False,
    "server.category": "tinggi",
    "server.hostnames": [],
    "server.approved_ports": [],
    "server.status": "active",
    "vantage.zone": "",
    "vantage.public": False,
    "vantage.inside": True,
    "lynis.imported": False,
    "openscap.imported": False,
}
"""What an inventory would say; the middle category, so that no check of a grave system is left out."""


def _collected() -> Evidence:
    from scanners.base import Limits
    from scanners.host.scanner import HostScanner

    task = Task("host", "this machine", "", "", options={"local": True, "sudo": False})
    started = datetime.now(UTC)
    seen = HostScanner().scan(task, Limits(1, 1, 1, _SECONDS), lambda: None)
    return Evidence(
        sequence=0,
        run="",
        task=task,
        started_at=started,
        finished_at=datetime.now(UTC),
        duration_seconds=0.0,
        tool=seen.tool,
        tool_version=seen.tool_version,
        settings=seen.settings,
        facts=seen.facts,
        failure=seen.failure,
        raw={},
        previous_hash="",
        hash="",
    )


def worst_first(audit: LocalAudit) -> list[Verdict]:
    """Return the verdicts with the worst first: failures by severity, then what could not be judged."""
    order = (Status.FAIL, Status.ERROR, Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE)
    return sorted(
        audit.verdicts,
        key=lambda one: (order.index(one.status), audit.checks[one.check].severity.rank, one.check),
    )


def wanted_statuses(written: Iterable[str] | None) -> frozenset[Status]:
    """Return the verdicts to list, failures when none is named; raise UsageProblem for what is none."""
    chosen = [one.upper() for one in written or ("FAIL",)]
    wrong = [one for one in chosen if one not in Status.__members__]
    if wrong:
        raise UsageProblem(f"no verdict is called {wrong[0]}", f"choose of: {', '.join(Status)}")
    return frozenset(Status(one) for one in chosen)


def local_rows(audit: LocalAudit, wanted: frozenset[Status], language: str) -> list[dict[str, Any]]:
    """Return one row for each verdict of these kinds, the worst first."""
    software = _software(audit)
    return [
        _row(one, audit.checks[one.check], software, language)
        for one in worst_first(audit)
        if one.status in wanted
    ]


def _row(verdict: Verdict, check: Check, software: frozenset[str], language: str) -> dict[str, Any]:
    failed = verdict.status is Status.FAIL
    remedies = chosen_remedies(check.remediation, software) if failed else ()
    return {
        "check": check.id,
        "severity": check.severity.value,
        "status": verdict.status.value,
        "title": check.title[language],
        "observed": verdict.observed.get(language, "") or verdict.reason.get(language, ""),
        "fix": " / ".join(" ".join(one.steps[language].split()) for one in remedies),
    }


def _software(audit: LocalAudit) -> frozenset[str]:
    family, listed = audit.facts.get("host.os_family"), audit.facts.get("host.software")
    return frozenset({str(family), *(str(one) for one in (listed if isinstance(listed, list) else ()))})


def summary(audit: LocalAudit) -> str:
    """Return how many verdicts there are of each kind, in one line."""
    counts = Counter(one.status for one in audit.verdicts)
    return ", ".join(f"{counts[status]} {status.value}" for status in Status)


def is_grave(audit: LocalAudit, policy: Policy) -> bool:
    """Return whether a failure reaches the policy's threshold."""
    return any(
        one.status is Status.FAIL and audit.checks[one.check].severity.rank <= policy.exit_threshold.rank
        for one in audit.verdicts
    )


def is_incomplete(audit: LocalAudit) -> bool:
    """Return whether anything could not be judged."""
    open_ones = (Status.UNKNOWN, Status.ERROR)
    return audit.failure is not None or any(one.status in open_ones for one in audit.verdicts)
