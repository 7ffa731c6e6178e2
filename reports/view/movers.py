"""Whose score rose and whose fell since the audit before: each compared with itself, never with another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from auditor.model.inventory import Opd
from auditor.model.movement import Cause, Comparison
from reports.apportion import change_shown, parts_shown
from reports.view.context import Context
from reports.view.labels import CAUSES
from reports.visible import shown

LONGEST = 5
"""So many are named on either side; the table of all OPD has the rest."""


@dataclass(frozen=True, slots=True)
class Mover:
    """One OPD whose floor moved. `why` names the main cause where it is not that of servers themselves."""

    id: str
    name: str
    change: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class MoversView:
    """Who rose and who fell, with what is left to say of the others."""

    rose: tuple[Mover, ...]
    fell: tuple[Mover, ...]
    notes: tuple[str, ...]


def movers_view(context: Context, opds: Iterable[Opd]) -> MoversView | None:
    """Return whose floor moved, in the order of the OPD given or by how far where the policy ranks.

    None where no OPD was audited before. Audits by different rules are not compared.
    """
    words, known = context.words, context.data.comparisons
    before = [(opd, known[opd.id]) for opd in opds if opd.id in known]
    if not before:
        return None
    moved = [(change_shown(one.without_exceptions), opd, one) for opd, one in before if one.same_rules]
    if context.data.policy.ranking:
        moved.sort(key=lambda one: (-abs(one[0]), one[1].name.casefold(), one[1].id))
    rose, fell = [one for one in moved if one[0] > 0], [one for one in moved if one[0] < 0]
    same, other = len(moved) - len(rose) - len(fell), len(before) - len(moved)
    notes = (
        _rest(context, len(rose) + len(fell) - len(rose[:LONGEST]) - len(fell[:LONGEST])),
        words.plural("%(count)s OPD unchanged.", "%(count)s OPD unchanged.", same) if same else "",
        words.plural(
            "%(count)s OPD judged by different rules than before: not comparable.",
            "%(count)s OPD judged by different rules than before: not comparable.",
            other,
        )
        if other
        else "",
    )
    return MoversView(
        tuple(_mover(context, *one) for one in rose[:LONGEST]),
        tuple(_mover(context, *one) for one in fell[:LONGEST]),
        tuple(note for note in notes if note),
    )


def _rest(context: Context, count: int) -> str:
    if not count:
        return ""
    return context.words.plural(
        "%(count)s more moved: see the table.", "%(count)s more moved: see the table.", count
    )


def _mover(context: Context, change: Decimal, opd: Opd, comparison: Comparison) -> Mover:
    words, movement = context.words, comparison.without_exceptions
    parts = parts_shown(movement)
    main = max(Cause, key=lambda cause: abs(parts[cause]))
    return Mover(
        id=opd.id,
        name=shown(opd.name),
        change=words.points(change),
        before=words.percent(float(movement.before)),
        after=words.percent(float(movement.after)),
        why="" if main is Cause.POSTURE else words.say(CAUSES[main][0]),
    )
