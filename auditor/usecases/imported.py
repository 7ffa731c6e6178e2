"""Take over what was handed in of other tools: which report an audit plans with, and what becomes evidence.

A report never stands beside a measurement of ours: it is stored only where the run has none, and what was
planned with it stays in the count, so that losing its row is losing evidence like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from ipaddress import ip_address

from auditor.inventory.scope import Refusal, decide
from auditor.model.check import Text
from auditor.model.evidence import Evidence, Observation, RawOutput
from auditor.model.facts import JSON
from auditor.model.imported import Import
from auditor.model.inventory import Inventory, Server, State
from auditor.model.plan import IMPORTED_LOOK, ScanPlan, Task
from auditor.model.run import AuditRun
from auditor.store.evidence import Timing
from auditor.store.runs import RunInputs
from auditor.store.workspace import Workspace
from controls.other_tools import NARROW, REPORTS
from controls.reasons import IMPORT_STALE, NOT_MEASURED
from scanners.nmap_engine import port_list

_ESSENTIAL = {"ports": "ports.open", "services": "ports.services"}
"""Scanner → the fact without which a look of ours found nothing."""


def plan_imports(
    imports: Iterable[Import], plan: ScanPlan, inventory: Inventory, days: int, now: datetime, today: date
) -> ScanPlan:
    """Return the plan with the newest fitting report of each task. Pure.

    A report about a port scan has to be as seen from where the scanner stands. One that is too old is left
    out; about the inside of a server it is planned as `stale`, for who once handed in a report does not get
    better by handing in none.
    """
    newest: dict[str, Import] = {}
    for one in sorted(imports, key=lambda one: (one.finished_at, one.imported_at, one.key)):
        if one.finished_at <= now and _fits(one.task, plan, inventory, today):
            newest[one.task.id] = one
    planned: list[Task] = []
    for _, one in sorted(newest.items()):
        stale = not days or now - one.finished_at > timedelta(days=days)
        if not stale or one.task.scanner in REPORTS:
            options: dict[str, JSON] = {
                **one.task.options,
                "file": one.file,
                **({"stale": True} if stale else {}),
            }
            planned.append(replace(one.task, options=options))
    return replace(plan, imported=tuple(planned))


def _fits(task: Task, plan: ScanPlan, inventory: Inventory, today: date) -> bool:
    """Return whether the plan measures what a report is about, and an assignment allows it."""
    if task.scanner in REPORTS:
        chosen = any(one.server == task.server and one.scanner == "ports" for one in plan.tasks)
        return chosen and may_look_inside(inventory.server(task.server), inventory, today)
    seen_from = task.options.get("vantage") == inventory.vantage
    return seen_from and first_task(task, plan) is not None


def may_look_inside(server: Server, inventory: Inventory, today: date) -> bool:
    """Return whether an assignment allows the inside of a server, and the inside is judged at all."""
    if not server.inside_address or (server.access is not None and server.access.impossible):
        return False
    decision = decide(inventory, ip_address(server.inside_address), "host", today)
    return not isinstance(decision, Refusal)


def first_task(task: Task, plan: ScanPlan) -> Task | None:
    """Return the port scan that a plan has of the same address, None where it has none."""
    return next(
        (
            one
            for one in plan.tasks
            if one.scanner == "ports" and (one.server, one.address) == (task.server, task.address)
        ),
        None,
    )


def with_imported(evidence: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """Return task id → first look, and where that found nothing the report that was taken over. Pure."""
    first = {key: one for key, one in evidence.items() if one.task.look == 1}
    reports = {
        replace(one.task, look=1).id: one for one in evidence.values() if one.task.look == IMPORTED_LOOK
    }
    return {**first, **{key: one for key, one in reports.items() if _is_lacking(key, one.task, first)}}


def _is_lacking(key: str, task: Task, first: Mapping[str, Evidence]) -> bool:
    return key not in first or _ESSENTIAL.get(task.scanner, "") not in first[key].facts


def awaited(plan: ScanPlan, server: str) -> dict[str, Text]:
    """Return scanner → why nothing is known of it, for each planned report on a server's inside."""
    return {
        one.scanner: IMPORT_STALE if one.options.get("stale") else NOT_MEASURED
        for one in plan.imported
        if one.server == server and one.scanner in REPORTS
    }


def usable(plan: ScanPlan) -> tuple[Task, ...]:
    """Return the reports that a run can take over."""
    return tuple(one for one in plan.imported if not one.options.get("stale"))


def take_over(
    workspace: Workspace, run: AuditRun, inputs: RunInputs, evidence: Mapping[str, Evidence]
) -> dict[str, Evidence]:
    """Store what was planned as evidence wherever the run found nothing itself; return the new rows.

    A file that is not what was handed in is not taken over.
    """
    entries = {one.key: one for one in workspace.imports.all()}
    found: dict[str, Evidence] = {}
    for task in usable(inputs.plan):
        entry = entries.get((str(task.options["file"]), task.id))
        content = workspace.imports.file(entry.raw) if entry else None
        if entry is None or content is None or not _is_wanted(task, inputs, evidence):
            continue
        observation = Observation(
            entry.tool,
            entry.tool_version,
            {**entry.settings, "imported": _provenance(entry, inputs)},
            entry.facts,
            entry.failure,
            (RawOutput(f"{entry.kind}.import", _MEDIA[entry.kind], content),),
        )
        seconds = (entry.finished_at - entry.started_at).total_seconds()
        timing = Timing(entry.started_at, entry.finished_at, seconds)
        row = workspace.evidence.append(run.id, task, timing, observation)
        found[row.task.id] = row
    return found


_MEDIA = {"nmap": "application/xml", "lynis": "text/plain", "openscap": "application/xml"}


def _is_wanted(task: Task, inputs: RunInputs, evidence: Mapping[str, Evidence]) -> bool:
    first = replace(task, look=1).id
    if not _is_lacking(first, task, evidence):
        return False
    ports = first_task(task, inputs.plan)
    seen = evidence.get(ports.id) if ports is not None else None
    silent = seen is not None and seen.facts.get("ports.answered") is False
    # That a server which was switched off is silent is a finding of its own, and not a gap.
    return not (silent and inputs.inventory.server(task.server).state is State.RETIRED)


def _provenance(entry: Import, inputs: RunInputs) -> dict[str, JSON]:
    told: dict[str, JSON] = {
        "file": entry.file,
        "at": entry.imported_at.isoformat(),
        "by": entry.account,
        "host": entry.host,
    }
    if entry.task.scanner == "ports":
        told[NARROW] = not _covers(entry, inputs.plan)
    return told


def _covers(entry: Import, plan: ScanPlan) -> bool:
    """Return whether a report looked at every port that the audit would have looked at."""
    first = first_task(entry.task, plan)
    asked = port_list(first.options.get("ranges"), first.options.get("never")) if first else ""
    return _ports(asked) <= _ports(str(entry.facts.get("ports.scanned", "")))


def _ports(written: str) -> frozenset[int]:
    found: set[int] = set()
    for part in written.split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and (last or first).isdigit():
            found.update(range(int(first), min(int(last or first), 65535) + 1))
    return frozenset(found)
