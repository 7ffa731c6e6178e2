"""What a plan was reckoned with, and what it leaves out and why."""

from __future__ import annotations

from auditor.model.inventory import Responsible
from auditor.model.roadmap import LeftOut, Roadmap, RoadmapRules
from reports.roadmap.words import LEFT_OUT, ROLES, days, money
from reports.view.identity import Row
from reports.view.labels import MACHINE_COVERAGES
from reports.words import Words


def is_example(rules: RoadmapRules) -> bool:
    """Return whether capacity, hours and reserve are those that are shipped as examples."""
    shipped = RoadmapRules()
    return (rules.days_per_quarter, rules.hours_per_day, rules.contingency_percent, rules.control_hours) == (
        shipped.days_per_quarter,
        shipped.hours_per_day,
        shipped.contingency_percent,
        shipped.control_hours,
    )


def has_cost(rules: RoadmapRules) -> bool:
    """Return whether the cost of every role is known, so that totals are whole."""
    return bool(rules.rates) and all(rate is not None for rate in rules.rates.values())


def assumption_rows(words: Words, plan: Roadmap) -> tuple[Row, ...]:
    """Return what the plan was reckoned with."""
    rules = plan.rules
    per_quarter = rules.days_per_quarter
    hours = [
        f"{words.say(MACHINE_COVERAGES[coverage])}: {words.quantity(count)}"
        for coverage, count in rules.control_hours.items()
    ]
    return (
        Row(words.say("First day of work"), (words.day(plan.quarters[0].first) if plan.quarters else "–",)),
        Row(
            words.say("Capacity in a quarter"),
            (
                words.say(
                    "IT centre: %(centre)s; each OPD: %(opd)s",
                    centre=days(words, per_quarter[Responsible.CENTRE]),
                    opd=days(words, per_quarter[Responsible.OPD]),
                ),
            ),
        ),
        Row(words.say("Hours of a person-day"), (words.quantity(rules.hours_per_day),)),
        Row(words.say("Reserve"), (words.percent(rules.contingency_percent),)),
        Row(words.say("Hours for a control without an answer"), (words.listed(hours),)),
        Row(words.say("Rates for a person-day"), _rates(words, rules)),
    )


def _rates(words: Words, rules: RoadmapRules) -> tuple[str, ...]:
    if not has_cost(rules):
        return (words.say("none in the policy, so no cost is shown"),)
    return tuple(
        f"{words.say(ROLES[role])}: {money(words, rate, rules.currency)}"
        for role, rate in rules.rates.items()
        if rate is not None
    )


def left_out_rows(words: Words, plan: Roadmap, opd_id: str | None) -> tuple[tuple[str, str, str], ...]:
    """Return what is left out, how many, and why, of one OPD or of all."""
    counts = dict.fromkeys(LeftOut, 0)
    for one in plan.left_out:
        if opd_id in (None, one.opd):
            counts[one.reason] += one.count
    return tuple(
        (words.say(LEFT_OUT[reason][0]), words.integer(count), words.say(LEFT_OUT[reason][1]))
        for reason, count in counts.items()
        if count
    )
