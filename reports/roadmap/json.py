"""The roadmap as JSON, in the shape of the published contract."""

from __future__ import annotations

import json

from auditor.model.roadmap import Package, Roadmap, RoadmapRules
from reports.formats.base import RenderedFile
from reports.names import file_name
from reports.roadmap.notes import is_example
from reports.roadmap.record import (
    VERSION,
    LeftOutRecord,
    PackageRecord,
    QuarterRecord,
    RoadmapRecord,
    RulesRecord,
    SumsRecord,
)
from reports.roadmap.schema import CONTRACT
from reports.roadmap.totals import QuarterSums, Sums, by_quarter, chosen, sums
from reports.roadmap.words import PREFIX
from reports.view.context import Context
from reports.view.identity import document_rows
from reports.words import Words

MEDIA_TYPE = "application/json"


def render(context: Context, plan: Roadmap, opd_id: str | None) -> RenderedFile:
    """Return the JSON file of one OPD, or of all for None."""
    plain = CONTRACT.dump_python(make_record(context, plan, opd_id), mode="json")
    # ASCII only: no control or bidi character reaches a terminal, and any JSON reader restores them.
    text = json.dumps(plain, ensure_ascii=True, indent=1, allow_nan=False) + "\n"
    name = file_name(context.data, "roadmap", "json", context.words.language, opd_id)
    return RenderedFile(name, MEDIA_TYPE, text.encode("ascii"))


def make_record(context: Context, plan: Roadmap, opd_id: str | None) -> RoadmapRecord:
    """Return a plan in the shape of the contract."""
    data, provenance = context.data, context.data.run.provenance
    packages, organization = chosen(plan, opd_id), data.inventory.organization.name
    numbers = {one.id: number for number, one in enumerate(plan.packages, start=1)}
    return RoadmapRecord(
        version=VERSION,
        number=document_rows(context, PREFIX, opd_id)[0].values[0],
        date=context.today,
        organization=organization,
        classification=data.policy.classification,
        opd=opd_id,
        name=organization if opd_id is None else context.opd(opd_id).name,
        language=context.words.language,
        run=data.run.id,
        digest=data.digest,
        policy=provenance.policy,
        catalogue=provenance.catalogue,
        inventory=provenance.inventory,
        edition=plan.edition,
        rules=_rules(plan.rules),
        sums=_sums(sums(packages, plan.edition)),
        quarters=tuple(map(_quarter, by_quarter(plan, packages))),
        packages=tuple(_package(context.words, one, numbers[one.id]) for one in packages),
        left_out=tuple(
            LeftOutRecord(one.opd or None, one.reason, one.count)
            for one in plan.left_out
            if opd_id in (None, one.opd)
        ),
    )


def _rules(rules: RoadmapRules) -> RulesRecord:
    return RulesRecord(
        example=is_example(rules),
        start=rules.start,
        years=rules.years,
        hours_per_day=rules.hours_per_day,
        days_per_quarter=rules.days_per_quarter,
        contingency_percent=rules.contingency_percent,
        currency=rules.currency,
        rates=rules.rates,
        control_hours=rules.control_hours,
    )


def _sums(one: Sums) -> SumsRecord:
    return SumsRecord(
        packages=one.packages,
        findings=one.findings,
        controls=one.controls,
        days=one.days,
        findings_days=one.findings_days,
        controls_days=one.controls_days,
        cost=one.cost,
        risk=one.risk,
        late=one.late,
    )


def _quarter(one: QuarterSums) -> QuarterRecord:
    quarter = one.quarter
    return QuarterRecord(
        quarter.year, quarter.number, quarter.first, quarter.last, _sums(one.sums), one.risk_left
    )


def _package(words: Words, one: Package, number: int) -> PackageRecord:
    return PackageRecord(
        number=number,
        id=one.id,
        kind=one.kind,
        title=words.of(one.title),
        opd=one.opd or None,
        responsible=one.responsible,
        role=one.role,
        part=one.part,
        parts=one.parts,
        checks=one.checks,
        findings=one.findings,
        controls=one.controls,
        severity=one.worst,
        risk=one.risk,
        days=one.days,
        cost=one.cost,
        year=one.quarter.year if one.quarter else None,
        quarter=one.quarter.number if one.quarter else None,
        due=one.due,
        ends=one.ends,
        late=one.late,
        oversized=one.oversized,
    )
