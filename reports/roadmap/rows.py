"""One package as a row for readers."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.roadmap import Package, PackageKind, Roadmap
from reports.roadmap.words import ROLES, cost, quarter_label
from reports.view.context import Context
from reports.view.labels import SIDES, Badge, badge
from reports.visible import shown
from reports.words import Words

_NAMED = 4
"""Checks that a row names; the others are counted."""


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One package. `targets` say what holds once it is done; `notes` what to know before planning with it."""

    number: str
    id: str
    title: str
    part: str
    opd: str
    side: str
    role: str
    severity: Badge | None
    content: str
    targets: tuple[str, ...]
    risk: str
    days: str
    cost: str
    quarter: str
    due: str
    ends: str
    late: bool
    oversized: bool


def package_row(context: Context, plan: Roadmap, package: Package, number: int) -> PackageRow:
    """Return a package as a row; `number` is its place in the order of work."""
    words = context.words
    return PackageRow(
        number=words.integer(number),
        id=package.id,
        title=shown(words.of(package.title)),
        part=part_label(words, package),
        opd=opd_name(context, package.opd),
        side=words.say(SIDES[package.responsible]),
        role=words.say(ROLES[package.role]),
        severity=badge(words, package.worst) if package.worst else None,
        content=_content(words, plan, package),
        targets=_targets(context, plan, package),
        risk=words.quantity(package.risk) if package.risk else "–",
        days=words.quantity(package.days),
        cost=cost(words, package.cost, plan.rules.currency),
        quarter=quarter_label(words, package.quarter) if package.quarter else words.say("no room"),
        due=words.day(package.due) if package.due else "",
        ends=words.day(package.ends) if package.ends else "",
        late=package.late,
        oversized=package.oversized,
    )


def opd_name(context: Context, opd_id: str) -> str:
    """Name an OPD; what is done once for the whole organisation belongs to all."""
    return context.opd_label(opd_id) if opd_id else context.words.say("All OPD")


def part_label(words: Words, package: Package) -> str:
    """Say which part of divided work a package is; empty where it was not divided."""
    if package.parts == 1:
        return ""
    return words.say(
        "part %(part)s of %(parts)s", part=words.integer(package.part), parts=words.integer(package.parts)
    )


def controls_of(package: Package, context: Context, plan: Roadmap) -> tuple[str, ...]:
    """Return the controls that a package works on: of the page's edition, else of the one planned in."""
    return package.controls.get(context.edition) or package.controls.get(plan.edition, ())


def _content(words: Words, plan: Roadmap, package: Package) -> str:
    if package.kind is PackageKind.FINDINGS:
        return words.plural("%(count)s finding", "%(count)s findings", len(package.findings))
    count = len(package.controls.get(plan.edition, ()))
    return words.plural("%(count)s control", "%(count)s controls", count)


def _targets(context: Context, plan: Roadmap, package: Package) -> tuple[str, ...]:
    words = context.words
    if package.kind is PackageKind.CONTROLS:
        return (words.listed(list(controls_of(package, context, plan))),)
    checks = [context.data.checks.get(check) for check in package.checks[:_NAMED]]
    named = tuple(
        shown(words.of(check.title) if check else check_id)
        for check, check_id in zip(checks, package.checks, strict=False)
    )
    more = len(package.checks) - _NAMED
    if more <= 0:
        return named
    return (*named, words.plural("and %(count)s more check", "and %(count)s more checks", more))
