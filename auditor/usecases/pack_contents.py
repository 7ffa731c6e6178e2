"""What an evidence pack of one OPD, or of all, shows of what is stored, and what it only names by hash."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from auditor.model.check import Check
from auditor.model.decision import Decision
from auditor.model.facts import JSON
from auditor.model.inventory import Inventory, Server
from auditor.model.run import AuditRun, RunKind
from auditor.model.verdict import Verdict
from auditor.store.chain import canonical
from auditor.store.decisions import files_of
from auditor.store.disclosure import Disclosure
from auditor.store.pack_writer import PackWriter
from auditor.store.records import DECISION, POLICY, PROVENANCE, SCORECARD, VERDICT
from auditor.store.workspace import Workspace
from controls.loading import Catalogue

_JUDGING = (
    *("default_edition", "language", "weights", "criticality", "grading", "deadline_days", "calendar"),
    *("parameters", "disabled_checks", "role_services", "reachable_from", "responsible", "approved"),
    *("exit_threshold", "classification", "waivers", "attestations", "admission", "second_look", "reuse"),
    *("import_days", "digest"),
)
"""What verdicts and scores follow from in a policy; whom to tell and when others rest is not among it."""

_CHECK: TypeAdapter[Check] = TypeAdapter(Check)
_OPD_PART: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of the evidence a pack shows: rows with their content, and rows as hashes only."""

    rows: int
    withheld: int
    first: int
    last: int
    head: str


def is_of(verdict: Verdict, opd_id: str, inventory: Inventory, checks: Mapping[str, Check]) -> bool:
    """Return whether a verdict belongs to an OPD; to all of them when `opd_id` is empty."""
    if not opd_id:
        return True
    server, check = _servers(inventory).get(verdict.subject.server), checks.get(verdict.check)
    if server is None:
        return False
    return (server.owner(check.layer, verdict.subject.server_name) if check else server.opd) == opd_id


def _servers(inventory: Inventory) -> dict[str, Server]:
    return {one.id: one for one in inventory.servers()}


def write_run(
    writer: PackWriter,
    workspace: Workspace,
    disclosure: Disclosure,
    run: AuditRun,
    opd_id: str,
    catalogue: Catalogue,
) -> tuple[dict[str, Any], frozenset[int]]:
    """Write what one run came to; return how the list of members names it, and the rows it rests on."""
    inputs, folder = workspace.runs.inputs(run.id), f"runs/{run.id}"
    rules = {name: value for name, value in POLICY.plain(inputs.policy).items() if name in _JUDGING}
    writer.add_packed(f"{folder}/policy.json.gz", canonical(rules).encode())
    parts = [one for one in inputs.inventory.opds if opd_id in ("", one.id)]
    writer.add_packed(f"{folder}/inventory.json.gz", _OPD_PART.dump_json(parts))
    verdicts = [
        one
        for one in workspace.results.verdicts(run.id)
        if is_of(one, opd_id, inputs.inventory, catalogue.checks)
    ]
    writer.add_lines(f"{folder}/verdicts.jsonl.gz", map(VERDICT.plain, verdicts))
    cards = workspace.results.scorecards(run.id)
    shown_cards = {opd: SCORECARD.plain(card) for opd, card in cards.items() if opd_id in ("", opd)}
    writer.add_lines(f"{folder}/scorecards.jsonl.gz", shown_cards.values())
    if not opd_id:
        writer.add_packed(f"{folder}/sealed.jsonl.gz", disclosure.sealed(run.id))
    return _named(run, disclosure), _own_rows(workspace, run, opd_id, inputs.inventory, verdicts)


def _own_rows(
    workspace: Workspace, run: AuditRun, opd_id: str, inventory: Inventory, verdicts: Iterable[Verdict]
) -> frozenset[int]:
    """Return the rows that an OPD may see: about its servers, or what its own verdicts rest on.

    A row whose task names addresses of others (a domain is compared with all of them) stays closed.
    """
    own = {one.id for one in inventory.servers() if opd_id in ("", one.opd)}
    foreign = {str(address) for one in inventory.servers() if one.id not in own for address in one.addresses}
    rested_on = {number for one in verdicts for number in one.evidence}
    return frozenset(
        row.sequence
        for row in workspace.evidence.of_run(run.id).values()
        if (row.task.server in own or row.sequence in rested_on)
        and not foreign.intersection(_texts(row.task.options))
    )


def _texts(value: JSON) -> Iterator[str]:
    """Yield every text in the options of a task."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)


def _named(run: AuditRun, disclosure: Disclosure) -> dict[str, Any]:
    """Return how the list of members names a run."""
    return {
        "id": run.id,
        "kind": run.kind.value,
        "status": run.status.value,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "provenance": PROVENANCE.plain(run.provenance),
        "seal": disclosure.seal(run.id),
    }


def write_catalogue(writer: PackWriter, catalogue: Catalogue) -> None:
    """Write the checks as they are now: what each asks, when it passes, and which controls it speaks to."""
    checks = (_CHECK.dump_python(one, mode="json") for one in catalogue.checks.values())
    writer.add_lines("catalogue/checks.jsonl.gz", checks)


def write_evidence(
    writer: PackWriter,
    workspace: Workspace,
    disclosure: Disclosure,
    runs: Collection[str],
    own: Collection[int] | None,
) -> Shown:
    """Write the chain from the first row of some runs to a signed head, with raw outputs of what is shown.

    `own` are the rows that are shown; None shows all.
    """
    first, last = disclosure.span(runs)
    chain = list(disclosure.chain(first, last, lambda sequence: own is None or sequence in own))
    raw = {digest for one in chain if "row" in one for digest in json.loads(one["row"])["raw"].values()}
    writer.add_lines("evidence/chain.jsonl.gz", chain)
    writer.add_lines("evidence/heads.jsonl.gz", disclosure.heads(first, last))
    writer.add_lines("evidence/pruned.jsonl.gz", disclosure.prunings(raw))
    for digest in sorted(raw):
        content = workspace.artefacts.get(digest)
        if content is not None:
            writer.add_packed(f"raw/{digest}.gz", content)
    shown = sum("row" in one for one in chain)
    return Shown(shown, len(chain) - shown, first, last, chain[-1]["hash"] if chain else "")


def write_decisions(writer: PackWriter, workspace: Workspace, disclosure: Disclosure, opd_id: str) -> None:
    """Write the log of decisions; entries about other OPD by their hashes only."""
    rows, about = [], set[str]()
    findings = {id: one.opd for id, one in workspace.results.findings().items()}
    for row in disclosure.decisions():
        entry = DECISION.value(row["row"])
        if entry.content is not None and _concerns(entry, opd_id, findings):
            about.add(entry.about)
        if opd_id and entry.about not in about:
            rows.append({name: row[name] for name in ("sequence", "previous_hash", "hash", "signature")})
            continue
        rows.append({name: value for name, value in row.items() if name != "public_key"})
        for digest in files_of(entry):
            content = workspace.artefacts.get(digest)
            if content is not None:
                writer.add(f"files/{digest}", content)
    writer.add_lines("decisions.jsonl.gz", rows)


def _concerns(entry: Decision, opd_id: str, findings: Mapping[str, str]) -> bool:
    """Return whether an entry is about an OPD, or about every one; of a trial only the whole may be told."""
    if not opd_id:
        return True
    whose = getattr(entry.content, "opd", None)
    if whose is None:
        whose = findings.get(entry.about, "-")
    return whose in ("", opd_id)


def is_told(workspace: Workspace, run: AuditRun, opd_id: str) -> bool:
    """Return whether a pack tells of a run; of re-tests, one OPD is told those about nobody else."""
    if run.kind is not RunKind.RETEST:
        return True
    record = workspace.retests.get(run.id)
    return record is not None and (not opd_id or set(record.counts) == {opd_id})


def write_retests(writer: PackWriter, disclosure: Disclosure, runs: Collection[AuditRun]) -> None:
    """Write the signed records of re-tests."""
    rows = disclosure.retests([one.id for one in runs if one.kind is RunKind.RETEST])
    writer.add_lines(
        "retests.jsonl.gz",
        ({name: row[name] for name in ("run", "day", "content", "signature")} for row in rows),
    )
