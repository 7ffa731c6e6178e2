"""What the last look inside a server found, in the form in which the inventory takes it as `record`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from auditor.model.evidence import Evidence
from auditor.model.facts import JSON, Facts
from auditor.store.workspace import Workspace
from auditor.usecases.errors import UsageProblem

_LISTS = {
    "services": "host.listening_names",
    "baseline": "host.configuration",
    "licences": "host.nonfree_packages",
    "suid_files": "host.file_privileged",
}
"""Key of a record → the fact that is a list of the same."""
_FROM_RECORDS = {
    "keys": ("host.account_keys", "fingerprint"),
    "jobs": ("host.jobs_own", "command"),
}
"""Key of a record → the fact whose records hold it, and under which key."""
_HEAD = """\
# What was found inside {server} on {day}, for its record in the inventory.
# Found is not approved: strike whatever should not be there, and have it removed from the server instead.
# Write person and purpose of every account; the inventory is refused while they are empty.
# Backups, runbook, exercise, admission and assets are known to people only: see docs/host.md.
"""


def record_skeleton(workspace: Workspace, server: str) -> str:
    """Return YAML to review and to put under a server; raise UsageProblem when it was never looked into."""
    evidence = _newest(workspace, server)
    if evidence is None:
        raise UsageProblem(
            f"no audit has looked inside {server} yet",
            "see what it takes with: auditor host-access SERVER, then run: auditor audit --server SERVER",
        )
    body = yaml.safe_dump(
        {"record": dict(_parts(evidence.facts))}, sort_keys=False, allow_unicode=True, width=110
    )
    return _HEAD.format(server=server, day=evidence.finished_at.date()) + body


def _newest(workspace: Workspace, server: str) -> Evidence | None:
    for run in reversed(workspace.runs.all()):
        for one in workspace.evidence.of_run(run.id).values():
            if one.task.scanner == "host" and one.task.server == server and one.facts:
                return one
    return None


def _parts(facts: Facts) -> Iterator[tuple[str, Any]]:
    accounts = facts.get("host.account_interactive")
    if isinstance(accounts, list):
        administrators = {str(one.get("account")) for one in _records(facts, "host.account_administrators")}
        yield "accounts", [_account(str(name), administrators) for name in accounts]
    for key, (name, part) in _FROM_RECORDS.items():
        if isinstance(facts.get(name), list):
            yield key, sorted({str(one.get(part)) for one in _records(facts, name) if one.get(part)})
    for key, name in _LISTS.items():
        value = facts.get(name)
        if isinstance(value, list):
            yield key, [str(one) for one in value]
    if isinstance(facts.get("host.hostname"), str):
        yield "asset", {"hostname": str(facts["host.hostname"])}


def _account(name: str, administrators: set[str]) -> dict[str, Any]:
    # Empty on purpose: an inventory is refused until somebody writes who it is, and what for.
    found: dict[str, Any] = {"name": name, "person": "", "purpose": ""}
    return {**found, "administrator": True} if name in administrators else found


def _records(facts: Facts, name: str) -> Iterator[Mapping[str, JSON]]:
    value = facts.get(name)
    yield from (one for one in value if isinstance(one, Mapping)) if isinstance(value, list) else ()
