"""Parameters that the policy set looser than a control tolerates, and what was judged with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.check import Direction, Parameter
from auditor.model.facts import JSON
from auditor.model.verdict import Status
from reports.view.context import Context
from reports.view.statuses import verdict_counts
from reports.visible import clipped, shown


@dataclass(frozen=True, slots=True)
class LoosenedView:
    """A check that was judged too leniently: with which parameters, and what came out."""

    check: str
    title: str
    parameters: tuple[str, ...]
    verdicts: str


def loosened_views(context: Context, opd_id: str) -> tuple[LoosenedView, ...]:
    """Return the checks of an OPD that were judged with a looser parameter, ordered by id."""
    counts: dict[str, Counter[Status]] = {}
    names: dict[str, set[str]] = {}
    for verdict in context.lenient:
        if context.owner(verdict) == opd_id:
            counts.setdefault(verdict.check, Counter())[verdict.status] += 1
            names.setdefault(verdict.check, set()).update(verdict.loosened)
    return tuple(
        LoosenedView(
            check=shown(check),
            title=_title(context, check),
            parameters=loosened_words(context, check, sorted(names[check])),
            verdicts=verdict_counts(context.words, counts[check]),
        )
        for check in sorted(counts)
    )


def _title(context: Context, check: str) -> str:
    known = context.data.checks.get(check)
    return shown(context.words.of(known.title) if known else check)


def loosened_words(context: Context, check: str, names: Iterable[str]) -> tuple[str, ...]:
    """Word each parameter with the value that the policy chose and the loosest one that is tolerated."""
    known = context.data.checks.get(check)
    by_name = {one.name: one for one in known.parameters} if known else {}
    chosen = context.data.policy.parameters.get(check, {})
    return tuple(_parameter(context, name, chosen.get(name), by_name.get(name)) for name in names)


def _parameter(context: Context, name: str, chosen: JSON, parameter: Parameter | None) -> str:
    words = context.words
    if parameter is None or chosen is None:
        return words.say("%(name)s is looser than the control tolerates", name=shown(name))
    values = {"name": shown(name), "value": _value(chosen), "loosest": _value(parameter.loosest)}
    if isinstance(parameter.loosest, list | tuple):
        return words.say("%(name)s: the policy has %(value)s, the control needs all of %(loosest)s", **values)
    if parameter.direction is Direction.MINIMUM:
        return words.say(
            "%(name)s: the policy has %(value)s, the control tolerates no less than %(loosest)s", **values
        )
    return words.say(
        "%(name)s: the policy has %(value)s, the control tolerates no more than %(loosest)s", **values
    )


def _value(value: JSON) -> str:
    if isinstance(value, list | tuple):
        return clipped(", ".join(map(str, value))) or "–"
    return clipped(str(value))
