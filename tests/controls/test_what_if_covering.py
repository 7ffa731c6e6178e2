"""The cheapest cover, against every other and against a slow and plain way to find its price."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from controls.covering import Item, cheapest_cover

Price = tuple[int, Fraction]


def price(items: Sequence[Item], places: Sequence[int]) -> Price:
    return sum(items[p].cost for p in places), sum((items[p].hours for p in places), Fraction(0))


def lowest_price(items: Sequence[Item], need: int) -> Price:
    """Return the price of the cheapest cover: the plain recurrence over every weight up to the need."""
    best = [(0, Fraction(0)), *[(10**6, Fraction(0))] * need]
    for item in items:
        before = [best[max(0, weight - int(item.weight))] for weight in range(need + 1)]
        best = [min(a, (b[0] + item.cost, b[1] + item.hours)) for a, b in zip(best, before, strict=True)]
    return best[need]


@given(
    st.lists(
        st.builds(
            Item,
            st.sampled_from([Fraction(weight) for weight in (0, 1, 3, "3.3", 6, 12, 20, 30)]),
            st.integers(1, 4),
            st.sampled_from([Fraction(hours) for hours in ("0.1", "0.25", 1, 4)]),
        ),
        max_size=10,
    ),
    st.fractions(-1, 101, max_denominator=20),
)
@example([Item(Fraction(6), 1, Fraction(1)), Item(Fraction(6), 1, Fraction(1, 2))], Fraction(50))
def test_a_cover_is_the_cheapest_of_all(items: list[Item], percent: Fraction) -> None:
    need = sum((item.weight for item in items), Fraction(0)) * percent / 100
    if percent > 100 and need > 0:
        with pytest.raises(ValueError, match="too little"):
            cheapest_cover(items, need)
        return
    covers = [
        some
        for size in range(len(items) + 1)
        for some in combinations(range(len(items)), size)
        if sum(items[place].weight for place in some) >= need
    ]

    chosen = cheapest_cover(items, need)
    assert chosen in covers
    assert price(items, chosen) == min(price(items, cover) for cover in covers)


LIGHT = st.builds(
    Item,
    st.sampled_from([Fraction(1), Fraction(2), Fraction(3)]),
    st.integers(1, 2),
    st.sampled_from([Fraction(hours, 4) for hours in (1, 2, 3, 8)]),
)


@given(st.lists(LIGHT, min_size=1, max_size=60), st.integers(1, 4), st.integers(1, 100))
def test_of_many_the_price_is_the_lowest_too(some: list[Item], times: int, percent: int) -> None:
    items = some * times
    need = max(1, int(sum(item.weight for item in items)) * percent // 100)
    assert price(items, cheapest_cover(items, Fraction(need))) == lowest_price(items, need)


def test_a_cover_of_many_is_found_by_its_price_alone() -> None:
    items = [
        Item(Fraction(weight), 1, Fraction(hours, 4)) for weight in (3, 6, 20) for hours in range(1, 101)
    ]
    chosen = cheapest_cover(items, Fraction(2_000 + 6 * 10))
    assert chosen == (*range(100, 110), *range(200, 300))
