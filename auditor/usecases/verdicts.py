"""List the verdicts of a run, so that any number can be followed to the evidence it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.model.assessment import Footing
from auditor.model.check import Check, Text
from auditor.model.run import AuditRun
from auditor.model.verdict import Status, Verdict
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem, choices_near
from controls.loading import Catalogue
from controls.responsibility import owning_opd, responsible_side


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list; an empty choice is everything."""

    opds: Collection[str] = ()
    servers: Collection[str] = ()
    checks: Collection[str] = ()
    controls: Collection[str] = ()
    statuses: Collection[str] = ()


def verdict_rows(
    workspace: Workspace, run: AuditRun, catalogue: Catalogue, wanted: Wanted, edition: str, language: str
) -> list[dict[str, Any]]:
    """Return one row per verdict in a stable order.

    Raise UsageProblem for a choice that no verdict could have: an empty list would look like good news.
    """
    inputs, footing = workspace.runs.inputs(run.id), workspace.results.footing(run.id)
    framework = catalogue.frameworks.get(edition)
    if framework is None:
        raise UsageProblem(f"no edition {edition}", f"choose of: {', '.join(catalogue.frameworks)}")
    servers = {server.id: server for server in inputs.inventory.servers()}
    _refuse("opd", wanted.opds, {opd.id for opd in inputs.inventory.opds})
    _refuse("server", wanted.servers, servers)
    _refuse("check", wanted.checks, catalogue.checks)
    _refuse(f"control of {edition}", wanted.controls, {control.id for control in framework.controls})
    _refuse("status", wanted.statuses, [status.value for status in Status])
    rows = (
        _row(verdict, check, edition, language, footing)
        | {
            "opd": owning_opd(check.layer, verdict.subject, servers[verdict.subject.server]),
            "responsible": responsible_side(
                check.layer, servers[verdict.subject.server], inputs.policy
            ).value,
        }
        for verdict, check in _known(workspace.results.verdicts(run.id), catalogue.checks)
    )
    return [row for row in rows if _chosen(row, wanted)]


def _known(verdicts: Collection[Verdict], checks: Mapping[str, Check]) -> Iterator[tuple[Verdict, Check]]:
    for verdict in verdicts:
        if verdict.check in checks:
            yield verdict, checks[verdict.check]


def _row(
    verdict: Verdict, check: Check, edition: str, language: str, footing: Footing | None
) -> dict[str, Any]:
    subject = verdict.subject
    links = check.controls[edition]
    return {
        "check": check.id,
        "title": check.title[language],
        "severity": check.severity.value,
        "status": verdict.status.value,
        "server": subject.server,
        "address": subject.address,
        "port": subject.port,
        "server_name": subject.server_name,
        "observed": _said(verdict.observed, language),
        "expected": _said(verdict.expected, language),
        "reason": _said(verdict.reason, language),
        "loosened": list(verdict.loosened),
        "waiver": (footing.waived if footing else {}).get(f"{check.id} {subject.key}"),
        "implements": list(links.implements),
        "related": list(links.related),
        "evidence": list(verdict.evidence),
    }


def _said(text: Text, language: str) -> str:
    return text.get(language, "")


def _chosen(row: Mapping[str, Any], wanted: Wanted) -> bool:
    return (
        (not wanted.opds or row["opd"] in wanted.opds)
        and (not wanted.servers or row["server"] in wanted.servers)
        and (not wanted.checks or row["check"] in wanted.checks)
        and (not wanted.statuses or row["status"] in wanted.statuses)
        and (not wanted.controls or not set(wanted.controls).isdisjoint(row["implements"]))
    )


def _refuse(what: str, asked: Collection[str], known: Collection[str]) -> None:
    unknown = sorted(set(asked) - set(known))
    if unknown:
        raise UsageProblem(f"there is no {what} {', '.join(unknown)}", choices_near(unknown[0], known))
