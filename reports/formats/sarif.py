"""SARIF 2.1.0 of OASIS: the findings of each OPD for tools that read what analysers find."""

from __future__ import annotations

import json
from collections.abc import Iterator

from auditor.model.check import Severity
from auditor.model.facts import JSON
from auditor.model.report import ReportData
from auditor.model.run import RunStatus
from reports.findings import timestamp
from reports.formats.base import RenderedFile, selected
from reports.names import file_name
from reports.sarif.results import results
from reports.sarif.rules import driver, extensions, rules_used, taxonomies, translation
from reports.sarif.texts import filled, guid, message
from reports.view.context import Context, make_context
from reports.view.labels import method_label, reason_label
from reports.visible import shown

MEDIA_TYPE = "application/sarif+json"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def render(data: ReportData, opd_id: str | None, language: str, edition: str) -> tuple[RenderedFile, ...]:
    """Return the findings of one OPD, or with None those of every OPD in a file each."""
    context = make_context(data, language, edition)
    return tuple(_file(context, one) for one in selected(data, opd_id))


def _file(context: Context, opd_id: str) -> RenderedFile:
    document: dict[str, JSON] = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(context, opd_id)]}
    # ASCII only: no control or bidi character reaches a terminal, and any JSON reader restores them.
    text = json.dumps(document, ensure_ascii=True, indent=1, allow_nan=False) + "\n"
    name = file_name(context.data, "findings", "sarif", context.words.language, opd_id)
    return RenderedFile(name, MEDIA_TYPE, text.encode("ascii"))


def _run(context: Context, opd_id: str) -> dict[str, JSON]:
    context.scorecard(opd_id)
    rules, run = rules_used(context.findings(opd_id)), context.data.run
    before = context.data.previous.get(opd_id) or context.data.previous.get("")
    return filled(
        {
            "tool": {"driver": driver(context, rules), "extensions": extensions(context)},
            "automationDetails": {
                "id": shown(f"tilik/{opd_id}/{run.id}"),
                "guid": _run_guid(context, opd_id, run.id),
                "correlationGuid": guid("opd", context.data.inventory.organization.name, opd_id),
            },
            "baselineGuid": _run_guid(context, opd_id, before.run) if before else None,
            "language": context.words.language,
            "taxonomies": taxonomies(context),
            "translations": [translation(context, rules)],
            "invocations": [_invocation(context, opd_id)],
            "results": list(results(context, opd_id, rules)),
            "properties": _properties(context, opd_id),
        }
    )


def _run_guid(context: Context, opd_id: str, run: str) -> str:
    return guid("run", context.data.inventory.organization.name, opd_id, run)


def _invocation(context: Context, opd_id: str) -> dict[str, JSON]:
    """Return the audit with everything that was not measured, as warnings by name."""
    run = context.data.run
    return filled(
        {
            "executionSuccessful": run.status is RunStatus.COMPLETE,
            "startTimeUtc": timestamp(run.started_at),
            "endTimeUtc": timestamp(run.finished_at) if run.finished_at else None,
            "toolExecutionNotifications": list(_gaps(context, opd_id)),
        }
    )


def _gaps(context: Context, opd_id: str) -> Iterator[dict[str, JSON]]:
    shared = {server.id for server in context.shared_servers(opd_id)}
    for gap in context.data.not_measured:
        if gap.opd == opd_id or gap.server in shared:
            yield _gap(context, gap.server, gap.address, gap.what, gap.reason)
    for one in context.data.skipped:
        if one.opd == opd_id or one.server in shared:
            yield _gap(context, one.server, one.address, one.scanner, one.reason.value)


def _gap(context: Context, server: str, address: str, what: str, reason: str) -> dict[str, JSON]:
    words = context.words
    told = words.say("Not measured: %(what)s", what=method_label(words, what))
    name = "/".join(filter(None, (server, address)))
    return {
        "level": "warning",
        "message": message(f"{told} ({reason_label(words, reason)})"),
        "locations": [{"logicalLocations": [{"name": shown(server), "fullyQualifiedName": shown(name)}]}],
    }


def _properties(context: Context, opd_id: str) -> dict[str, JSON]:
    """Return the numbers of the card, exact, and the digests behind them."""
    data, card = context.data, context.scorecard(opd_id)
    standing = context.open_findings(opd_id)
    return {
        "opd": shown(opd_id),
        "classification": shown(data.policy.classification),
        "edition": context.edition,
        "digest": data.digest,
        "chainHead": data.chain_head,
        "grade": card.grade.letter or None,
        "floor": card.score.floor,
        "ceiling": card.score.ceiling,
        "coverage": card.score.coverage,
        "openFindings": len(standing),
        "overdueFindings": sum(context.is_overdue(one) for one in standing),
        "acceptedFindings": len(context.accepted_findings(opd_id)),
        "failing": {one.value: card.findings.get(one, 0) for one in Severity},
        "accepted": {one.value: card.accepted.get(one, 0) for one in Severity},
    }
