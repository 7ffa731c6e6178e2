"""The roadmap as a workbook to plan on with: packages to edit, and totals as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model.roadmap import Package, PackageKind, Roadmap
from reports.formats.base import RenderedFile
from reports.names import file_name
from reports.roadmap.notes import assumption_rows, is_example, left_out_rows
from reports.roadmap.rows import controls_of, opd_name, part_label
from reports.roadmap.totals import Sums, by_opd, by_quarter, by_year, chosen, sums
from reports.roadmap.words import PREFIX, ROLES, quarter_label
from reports.view.context import Context
from reports.view.identity import document_rows, letterhead, proof_rows
from reports.view.labels import SEVERITIES, SIDES
from reports.words import N_, Words
from reports.workbook import Cell, Column, Sheet, write_workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_CHOICES = 255
"""Characters that a spreadsheet offers in one cell; without room for all quarters it offers none."""

_PACKAGE_COLUMNS = (
    (N_("No."), 6),
    (N_("Package"), 46),
    (N_("Part"), 16),
    (N_("Quarter"), 16),
    (N_("OPD"), 30),
    (N_("Side"), 16),
    (N_("Role"), 22),
    (N_("Severity"), 12),
    (N_("Findings"), 10),
    (N_("Controls"), 10),
    (N_("Risk"), 10),
    (N_("Person-days"), 12),
    (N_("Cost"), 18),
    (N_("Deadline"), 13),
    (N_("Done by"), 13),
    (N_("Note"), 26),
    (N_("What holds once it is done"), 60),
    (N_("Ids of findings"), 40),
    (N_("Id"), 14),
)
_TO_FILL_IN = (
    (N_("Agreed quarter"), 16),
    (N_("Agreed person-days"), 14),
    (N_("Agreed budget"), 18),
    (N_("Who does it"), 26),
    (N_("Remark"), 36),
)
_SUM_COLUMNS = (
    (N_("Packages"), 10),
    (N_("Person-days for findings"), 16),
    (N_("Person-days for controls without an answer"), 18),
    (N_("Person-days"), 12),
    (N_("Cost"), 18),
    (N_("Risk removed"), 12),
)


def render(context: Context, plan: Roadmap, opd_id: str | None) -> RenderedFile:
    """Return the workbook of one OPD, or of all for None."""
    packages = chosen(plan, opd_id)
    sheets = [_document(context, plan, opd_id), _packages(context, plan, packages)]
    sheets.append(_quarters(context.words, plan, packages))
    if opd_id is None:
        sheets.append(_opds(context, plan))
    sheets.append(_left_out(context.words, plan, opd_id))
    name = file_name(context.data, "roadmap", "xlsx", context.words.language, opd_id)
    return RenderedFile(name, MEDIA_TYPE, write_workbook(sheets))


def _document(context: Context, plan: Roadmap, opd_id: str | None) -> Sheet:
    words, head = context.words, letterhead(context, opd_id)
    facts = [*document_rows(context, PREFIX, opd_id), *assumption_rows(words, plan), *proof_rows(context)]
    rows: list[tuple[Cell, ...]] = [(row.label, "\n".join(row.values)) for row in facts]
    rows.insert(1, (words.say("Classification"), head.classification))
    if is_example(plan.rules):
        told = words.say(
            "Capacity, hours and reserve are those that the product is shipped with. They show how a plan "
            "looks; put the organisation's own values into the policy before money is asked for with it."
        )
        rows.insert(0, (words.say("Example values."), told))
    lines = tuple(line for line in (head.organization, head.office, head.address) if line)
    columns = (Column(words.say("Item"), 34), Column(words.say("Content"), 90))
    title = words.say("Roadmap and Budget")
    return Sheet(words.say("Document"), columns, rows, (*lines, title, _subject(context, opd_id)))


def _subject(context: Context, opd_id: str | None) -> str:
    return context.opd_label(opd_id) if opd_id else context.words.say("All OPD")


def _packages(context: Context, plan: Roadmap, packages: Sequence[Package]) -> Sheet:
    words = context.words
    numbers = {one.id: number for number, one in enumerate(plan.packages, start=1)}
    quarters = tuple(quarter_label(words, quarter) for quarter in plan.quarters)
    offered = quarters if len(",".join(quarters)) <= _LONGEST_CHOICES else ()
    return Sheet(
        words.say("Packages"),
        (
            *(Column(words.say(title), width) for title, width in _PACKAGE_COLUMNS),
            *(
                Column(words.say(title), width, offered if place == 0 else ())
                for place, (title, width) in enumerate(_TO_FILL_IN)
            ),
        ),
        [_package(context, plan, one, numbers[one.id]) for one in packages],
        (
            words.say(
                "The last columns are for what is agreed; the totals of the other sheets do not follow."
            ),
        ),
        2,
    )


def _package(context: Context, plan: Roadmap, one: Package, number: int) -> tuple[Cell, ...]:
    words = context.words
    findings = one.kind is PackageKind.FINDINGS
    controls = controls_of(one, context, plan)
    return (
        number,
        words.of(one.title),
        part_label(words, one),
        quarter_label(words, one.quarter) if one.quarter else words.say("no room"),
        opd_name(context, one.opd),
        words.say(SIDES[one.responsible]),
        words.say(ROLES[one.role]),
        words.say(SEVERITIES[one.worst]) if one.worst else "",
        len(one.findings),
        0 if findings else len(controls),
        one.risk,
        one.days,
        one.cost,
        one.due,
        one.ends,
        _note(words, one),
        _targets(context, one) if findings else words.listed(list(controls)),
        " ".join(one.findings),
        one.id,
    )


def _note(words: Words, one: Package) -> str:
    told = []
    if one.late:
        told.append(words.say("The deadline cannot be met."))
    if one.oversized:
        told.append(words.say("It takes more than a quarter holds."))
    return " ".join(told)


def _targets(context: Context, one: Package) -> str:
    known = context.data.checks
    return "\n".join(context.words.of(known[c].title) if c in known else c for c in one.checks)


def _sum(one: Sums) -> tuple[Cell, ...]:
    return one.packages, one.findings_days, one.controls_days, one.days, one.cost, one.risk


def _quarters(words: Words, plan: Roadmap, packages: Sequence[Package]) -> Sheet:
    """Return every quarter, then the years: apart, so that a filter adds nothing twice."""
    quarters = tuple(by_quarter(plan, packages))
    rows: list[tuple[Cell, ...]] = [
        (quarter_label(words, one.quarter), *_sum(one.sums), one.risk_left) for one in quarters
    ]
    unplaced = [one for one in packages if one.quarter is None]
    if unplaced:
        rows.append((words.say("no room"), *_sum(sums(unplaced, plan.edition))))
    years = by_year(plan, quarters)
    rows.extend((words.say("Year %(year)s", year=year), *_sum(one)) for year, one in years.items())
    rows.append((words.say("Altogether"), *_sum(sums(packages, plan.edition))))
    columns = _columns(words, N_("Quarter"), 20)
    return Sheet(words.say("Quarters and years"), (*columns, Column(words.say("Risk left"), 12)), rows, (), 1)


def _opds(context: Context, plan: Roadmap) -> Sheet:
    words = context.words
    totals = by_opd(plan, [opd.id for opd in context.data.inventory.opds])
    rows = [
        (
            opd_name(context, one.opd),
            *_sum(one.whole),
            one.own.days,
            one.centre.days,
            one.whole.late,
            quarter_label(words, one.last) if one.last else words.say("no room"),
        )
        for one in totals
    ]
    columns = (
        *_columns(words, N_("OPD"), 36),
        Column(words.say("Days of the OPD"), 14),
        Column(words.say("Days of the IT centre"), 14),
        Column(words.say("Deadlines that cannot be met"), 14),
        Column(words.say("Done in"), 18),
    )
    return Sheet(words.say("Every OPD"), columns, rows, (), 1)


def _columns(words: Words, first: str, width: float) -> tuple[Column, ...]:
    listed = (Column(words.say(title), wide) for title, wide in _SUM_COLUMNS)
    return Column(words.say(first), width), *listed


def _left_out(words: Words, plan: Roadmap, opd_id: str | None) -> Sheet:
    columns = (
        Column(words.say("Left out"), 46),
        Column(words.say("Count"), 10),
        Column(words.say("Reason"), 90),
    )
    return Sheet(words.say("Left out"), columns, left_out_rows(words, plan, opd_id))
