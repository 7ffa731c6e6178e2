"""A comparison as JSON: exact numbers, and every finding and control by name."""

from __future__ import annotations

import json

from auditor.model.changes import ChangedFinding, Changes
from auditor.model.scorecard import Scorecard
from auditor.model.subject import Subject
from reports.comparison.pair import ChangedControl, Pair, changed_controls, not_comparable
from reports.comparison.shape import (
    VERSION,
    AuditShape,
    ChangedFindingShape,
    ComparisonShape,
    ControlShape,
    FindingsShape,
    LevelShape,
    OpdShape,
    OrganizationShape,
)
from reports.comparison.view import control_row, name_of
from reports.findings import timestamp
from reports.records import change_record, grade_record, score_record
from reports.view.context import Context
from reports.words import Words

MEDIA_TYPE = "application/json"


def render(pair: Pair) -> bytes:
    """Return the JSON of a comparison."""
    # ASCII only: no control or bidi character reaches a terminal, and any JSON reader restores them.
    return (json.dumps(make_record(pair), ensure_ascii=True, indent=1, allow_nan=False) + "\n").encode()


def make_record(pair: Pair) -> ComparisonShape:
    """Return a comparison in the shape of the contract."""
    data, compared = pair.after.data, pair.after.data.comparisons
    return {
        "version": VERSION,
        "name": data.inventory.organization.name,
        "classification": data.policy.classification,
        "edition": pair.after.edition,
        "language": pair.words.language,
        "same_rules": all(one.same_rules for one in compared.values()),
        "controls_compared": pair.has_controls,
        "not_comparable": list(not_comparable(pair)),
        "before": _audit(pair.before),
        "after": _audit(pair.after),
        "organization": _organization(pair) if pair.whole else None,
        "opds": [_opd(pair, one) for one in pair.opds],
    }


def _audit(context: Context) -> AuditShape:
    data, run = context.data, context.data.run
    return {
        "run": run.id,
        "status": run.status,
        "started_at": timestamp(run.started_at),
        "finished_at": timestamp(run.finished_at) if run.finished_at else None,
        "digest": data.digest,
        "chain_head": data.chain_head,
        "policy": run.provenance.policy,
        "catalogue": run.provenance.catalogue,
        "inventory": run.provenance.inventory,
    }


def _level(context: Context, card: Scorecard) -> LevelShape:
    return {
        "score": score_record(context, card.score),
        "score_with_waivers": score_record(context, card.score_with_waivers),
        "grade": grade_record(context, card.grade),
        "grade_with_waivers": grade_record(context, card.own.grade_with_waivers),
    }


def _organization(pair: Pair) -> OrganizationShape:
    return {
        "before": _level(pair.before, pair.before.data.organization),
        "after": _level(pair.after, pair.after.data.organization),
        "change": change_record(pair.after, ""),
    }


def _opd(pair: Pair, opd_id: str) -> OpdShape:
    before, after = pair.cards(opd_id)
    return {
        "opd": opd_id,
        "name": name_of(pair, opd_id),
        "before": _level(pair.before, before) if before else None,
        "after": _level(pair.after, after) if after else None,
        "change": change_record(pair.after, opd_id),
        "findings": _findings(pair.words, pair.after.data.changes, opd_id),
        "controls": [_control(pair, one) for one in changed_controls(pair, opd_id)],
    }


def _control(pair: Pair, changed: ChangedControl) -> ControlShape:
    row = control_row(pair, changed)
    return {
        "control": row.control,
        "title": row.title,
        "before": changed.before.status,
        "after": changed.after.status,
        "why": list(row.why),
    }


def _findings(words: Words, changes: Changes | None, opd_id: str) -> FindingsShape:
    mine = changes.of_opd(opd_id) if changes else None
    return {
        "fixed": [_changed(words, one) for one in mine.fixed] if mine else [],
        "new": [_changed(words, one) for one in mine.new] if mine else [],
        "redetected": [_changed(words, one) for one in mine.redetected] if mine else [],
        "not_measured": [_changed(words, one) for one in mine.not_measured] if mine else [],
        "out_of_scope": [_changed(words, one) for one in mine.out_of_scope] if mine else [],
    }


def _changed(words: Words, one: ChangedFinding) -> ChangedFindingShape:
    subject = Subject.from_key(one.subject)
    return {
        "id": one.finding,
        "check": one.check,
        "severity": one.severity,
        "status": one.status,
        "opd": one.opd,
        "server": one.server,
        "address": subject.address,
        "port": subject.port,
        "server_name": subject.server_name,
        "due": one.due.isoformat(),
        "days": one.days,
        "run": one.run,
        "reason": words.of(one.reason),
    }
