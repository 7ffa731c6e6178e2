"""JSON for other systems: exact numbers with the text that the pages show for them."""

from __future__ import annotations

import json

from auditor.model.check import Severity
from auditor.model.report import ReportData
from auditor.model.scorecard import Scorecard, ServerScore
from reports.findings import finding_record, timestamp
from reports.formats.base import RenderedFile, selected
from reports.names import file_name
from reports.records import (
    change_record,
    controls_record,
    fixes_record,
    grade_record,
    groups_record,
    history_record,
    level_record,
    next_grade_record,
    score_record,
)
from reports.shapes import (
    VERSION,
    CardShape,
    HeaderShape,
    LimitsShape,
    LoosenedShape,
    NumbersShape,
    ServerShape,
    SummaryShape,
)
from reports.view.context import Context, make_context
from reports.view.identity import tools_used

MEDIA_TYPE = "application/json"


def render(data: ReportData, opd_id: str | None, language: str, edition: str) -> tuple[RenderedFile, ...]:
    """Return the card with the findings of each OPD; for all OPD also the organisation's numbers."""
    context = make_context(data, language, edition)
    files = [_file(context, "scorecard", _card(context, one), one) for one in selected(data, opd_id)]
    return tuple(files) if opd_id is not None else (_file(context, "summary", _summary(context)), *files)


def _file(
    context: Context, kind: str, value: CardShape | SummaryShape, opd_id: str | None = None
) -> RenderedFile:
    # ASCII only: no control or bidi character reaches a terminal, and any JSON reader restores them.
    text = json.dumps(value, ensure_ascii=True, indent=1, allow_nan=False) + "\n"
    name = file_name(context.data, kind, "json", context.words.language, opd_id)
    return RenderedFile(name, MEDIA_TYPE, text.encode("ascii"))


def _header(context: Context) -> HeaderShape:
    data, run = context.data, context.data.run
    return {
        "version": VERSION,
        "organization": data.inventory.organization.name,
        "classification": data.policy.classification,
        "run": run.id,
        "status": run.status,
        "started_at": timestamp(run.started_at),
        "finished_at": timestamp(run.finished_at) if run.finished_at else None,
        "edition": context.edition,
        "language": context.words.language,
        "digest": data.digest,
        "chain_head": data.chain_head,
        "policy": run.provenance.policy,
        "catalogue": run.provenance.catalogue,
        "inventory": run.provenance.inventory,
        "tools": dict(tools_used(data)),
        "limits": _limits(context),
    }


def _limits(context: Context) -> LimitsShape:
    """Return what the policy leaves out: checks switched off, by reason, and loosened parameters by check."""
    loosened: dict[str, set[str]] = {}
    for one in context.lenient:
        loosened.setdefault(one.check, set()).update(one.loosened)
    return {
        "disabled_checks": dict(sorted(context.data.policy.disabled_checks.items())),
        "loosened_parameters": {check: sorted(names) for check, names in sorted(loosened.items())},
    }


def _summary(context: Context) -> SummaryShape:
    organization = context.data.organization
    return {
        **_header(context),
        **_numbers(context, organization),
        "opds": [
            {"opd": one, "name": context.opd(one).name, **_numbers(context, context.scorecard(one))}
            for one in selected(context.data, None)
        ],
    }


def _card(context: Context, opd_id: str) -> CardShape:
    data, card, opd = context.data, context.scorecard(opd_id), context.opd(opd_id)
    findings = context.findings(opd_id)
    shared = {server.id for server in context.shared_servers(opd_id)}
    return {
        **_header(context),
        "opd": opd.id,
        "name": opd.name,
        **_numbers(context, card),
        "servers": [_server(context, server) for server in card.servers],
        "groups": groups_record(context, card),
        "controls": controls_record(context, card),
        "loosened": _loosened(context, opd_id),
        "not_measured": [
            {"server": gap.server, "address": gap.address, "what": gap.what, "reason": gap.reason}
            for gap in data.not_measured
            if gap.opd == opd_id or gap.server in shared
        ],
        "skipped": [
            {"server": s.server, "address": s.address, "what": s.scanner, "reason": s.reason}
            for s in data.skipped
            if s.opd == opd_id or s.server in shared
        ],
        "findings": [finding_record(finding, data, context.words.language) for finding in findings],
        "fixes": fixes_record(context, opd_id),
    }


def _loosened(context: Context, opd_id: str) -> list[LoosenedShape]:
    """Return the verdicts made with a parameter looser than the control tolerates."""
    return [
        {
            "check": one.check,
            "server": one.subject.server,
            "address": one.subject.address,
            "port": one.subject.port,
            "server_name": one.subject.server_name,
            "verdict": one.status,
            "parameters": list(one.loosened),
        }
        for one in context.lenient
        if context.owner(one) == opd_id
    ]


def _numbers(context: Context, card: Scorecard) -> NumbersShape:
    standing = context.open_findings(card.opd or None)
    return {
        "score": score_record(context, card.score),
        "score_with_waivers": score_record(context, card.score_with_waivers),
        "score_centre": score_record(context, card.score_centre),
        "score_centre_with_waivers": score_record(context, card.centre.with_waivers),
        "grade": grade_record(context, card.grade),
        "grade_with_waivers": grade_record(context, card.own.grade_with_waivers),
        "grade_centre": grade_record(context, card.centre.grade),
        "grade_centre_with_waivers": grade_record(context, card.centre.grade_with_waivers),
        "open_findings": len(standing),
        "overdue_findings": sum(context.is_overdue(finding) for finding in standing),
        "accepted_findings": len(context.accepted_findings(card.opd or None)),
        "failing": {severity: card.findings.get(severity, 0) for severity in Severity},
        "accepted": {severity: card.accepted.get(severity, 0) for severity in Severity},
        "change": change_record(context, card.opd),
        "next_grade": next_grade_record(context, card.opd),
        "history": history_record(context, card.opd),
    }


def _server(context: Context, server: ServerScore) -> ServerShape:
    known = context.servers.get(server.server)
    return {
        "server": server.server,
        "opd": known.opd if known else None,
        "name_owners": dict(sorted(known.name_owners.items())) if known else {},
        "measured": server.measured,
        "multiplier": server.multiplier,
        **level_record(context, server.level),
        "verdicts": dict(server.statuses),
    }
