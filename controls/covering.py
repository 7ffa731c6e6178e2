"""Choose the cheapest things that together weigh enough: the covering knapsack, solved exactly. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

_REACH = 5
"""How far a cheapest choice lies from taking items by price per weight: at most 5 × the largest weight.

Of the cheapest choices think of the nearest to those items. What it adds and what it leaves out hold no two
parts of equal weight, or putting back the one for the other would be as cheap and nearer. Lay both out in
turn, so that their balance stays within ± the largest weight W: no balance comes twice, so one kind ends
within 2 W items. Of the other fewer than 3 W follow, because the choice suffices and holds nothing needless.
"""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to choose. A choice is cheaper that costs less, or as much and takes fewer hours."""

    weight: Fraction
    cost: int
    hours: Fraction


@dataclass(frozen=True, slots=True)
class _Scaled:
    """An item in whole numbers; `price` is cost and hours in one number that orders as both do."""

    place: int
    weight: int
    price: int


def cheapest_cover(items: Sequence[Item], need: Fraction) -> tuple[int, ...]:
    """Return the places of the cheapest items that together weigh at least `need`, in order.

    Raises ValueError when all of them together weigh less. Of equally cheap choices always the same is made.
    """
    if sum((item.weight for item in items), Fraction(0)) < need:
        raise ValueError("all items together weigh too little")
    if need <= 0:
        return ()
    scale = lcm(need.denominator, *(item.weight.denominator for item in items))
    scaled, wanted = _scaled(items, scale), int(need * scale)
    kept, free = _decided(_worth_looking_at(scaled, wanted), wanted)
    rest = wanted - sum(item.weight for item in kept)
    return tuple(sorted(item.place for item in (*kept, *_covered(free, rest))))


def _scaled(items: Sequence[Item], scale: int) -> list[_Scaled]:
    ticks = lcm(*(item.hours.denominator for item in items))
    hours = [int(item.hours * ticks) for item in items]
    unit = sum(hours) + 1
    return [
        _Scaled(place, int(item.weight * scale), item.cost * unit + hours[place])
        for place, item in enumerate(items)
        if item.weight
    ]


def _worth_looking_at(items: list[_Scaled], need: int) -> list[_Scaled]:
    """Leave out what cannot be needed: of equal weights only the cheapest that suffice on their own."""
    by_weight: dict[int, list[_Scaled]] = defaultdict(list)
    for item in sorted(items, key=lambda one: (one.price, one.place)):
        if len(by_weight[item.weight]) * item.weight < need:
            by_weight[item.weight].append(item)
    return [item for group in by_weight.values() for item in group]


def _decided(items: list[_Scaled], need: int) -> tuple[list[_Scaled], list[_Scaled]]:
    """Return the items that some cheapest choice surely holds, and those that it may hold.

    Taking items by price per weight until they suffice gives a choice, and, with only a fraction of the last
    one, a price below which none can be. An item whose change of mind costs more than lies between the two
    is decided (reduced costs of the relaxed problem), and so is one that is out of `_REACH`.
    """
    ordered = sorted(items, key=lambda one: (Fraction(one.price, one.weight), one.place))
    taken, weight = 0, 0
    while weight + ordered[taken].weight < need:
        weight, taken = weight + ordered[taken].weight, taken + 1
    rate = Fraction(ordered[taken].price, ordered[taken].weight)
    gap = min(one.price for one in ordered[taken:] if weight + one.weight >= need) - rate * (need - weight)
    reach = _REACH * max(item.weight for item in items)
    begun = Counter(item.weight for item in ordered[:taken])
    kept, free, seen = [], [], Counter[int]()
    for place, item in enumerate(ordered):
        away = abs(begun[item.weight] - seen[item.weight])
        seen[item.weight] += 1
        if away <= reach and abs(item.price - rate * item.weight) <= gap:
            free.append(item)
        elif place < taken:
            kept.append(item)
    return kept, free


def _covered(items: list[_Scaled], need: int) -> list[_Scaled]:
    """Return the cheapest of the items that weigh at least `need`, by the cheapest price of every weight."""
    never = sum(item.price for item in items) + 1
    cheapest = [0] + [never] * max(need, 0)
    helped: list[bytes] = []
    for item in items:
        with_it = [0] * min(item.weight, len(cheapest)) + cheapest[: -item.weight]
        helped.append(bytes(b + item.price < a for a, b in zip(cheapest, with_it, strict=True)))
        cheapest = [min(a, b + item.price) for a, b in zip(cheapest, with_it, strict=True)]
    chosen, rest = [], need
    for item, helps in zip(reversed(items), reversed(helped), strict=True):
        if rest > 0 and helps[rest]:
            chosen.append(item)
            rest -= item.weight
    return chosen
