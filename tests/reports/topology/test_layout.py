"""On a map of any size nothing overlaps, everything is inside, and each server and port stands there once."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import resources
from itertools import combinations
from typing import Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.inventory import Kind
from reports.topology.boxes import CHIP_HEIGHT, Box
from reports.topology.fitting import fitted, text_width, two_lines
from reports.topology.layout import RUN_HEAD, SHEET_HEIGHT, WIDTH, ZONE_HEAD, Sheet, sheets
from reports.topology.seen import Seen, see
from reports.topology.view import zone_views
from reports.words import Words
from tests.reports.topology import fleet

WORDS = Words("id", "Asia/Jakarta")
SMALLEST_TEXT = 9.0
A4_ACROSS = (297 - 2 * 12) / 25.4 * 96
"""Width of a page across within its margins, in pixels of CSS."""


class Placed(Protocol):
    """Anything with a corner and a size."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


@pytest.fixture(scope="module")
def seen() -> Seen:
    return fleet.large()


@pytest.fixture(scope="module")
def drawn(seen: Seen) -> tuple[Sheet, ...]:
    return sheets(zone_views(seen, WORDS))


def boxes(made: Iterable[Sheet]) -> list[Box]:
    return [box for sheet in made for area in sheet.areas for run in area.runs for box in run.boxes]


def apart(one: Placed, other: Placed) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def inside(inner: Placed, outer: Placed, head: float = 0) -> bool:
    return (
        inner.x >= outer.x
        and inner.y >= outer.y + head
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def test_no_two_boxes_and_no_two_zones_overlap(drawn: Sequence[Sheet]) -> None:
    for sheet in drawn:
        for one, other in combinations(boxes([sheet]), 2):
            assert apart(one, other), (one.view.id, other.view.id)
        assert all(apart(one, other) for one, other in combinations(sheet.areas, 2))
        assert all(apart(one, other) for area in sheet.areas for one, other in combinations(area.runs, 2))


def test_everything_is_inside_of_what_it_belongs_to(drawn: Sequence[Sheet]) -> None:
    for sheet in drawn:
        for area in sheet.areas:
            assert area.x >= 0 and area.y >= 0
            assert area.x + area.width <= sheet.width and area.y + area.height <= sheet.height
            for run in area.runs:
                assert inside(run, area, ZONE_HEAD)
                assert all(inside(box, run, RUN_HEAD) for box in run.boxes)


def test_the_lines_and_ports_of_a_box_stand_in_it_and_under_each_other(drawn: Sequence[Sheet]) -> None:
    for box in boxes(drawn):
        assert all(0 < line.y <= box.height for line in box.lines)
        assert len({line.y for line in box.lines}) == len(box.lines)
        for chip in box.chips:
            assert chip.x >= 0 and chip.x + chip.width <= box.width
            assert chip.y >= 0 and chip.y + CHIP_HEIGHT <= box.height
        corners = Counter((chip.x, chip.y) for chip in box.chips)
        assert max(corners.values(), default=1) == 1
        tops = {chip.y for chip in box.chips}
        assert not [line for line in box.lines for top in tops if top < line.y <= top + CHIP_HEIGHT]


def test_every_server_and_every_port_stands_on_the_map_once(seen: Seen, drawn: Sequence[Sheet]) -> None:
    registered = [one.id for one in seen.inventory.servers() if one.kind is Kind.SERVER]
    assert len(registered) == 300
    shown = Counter(box.view.id for box in boxes(drawn) if box.view.id)
    assert shown == Counter(registered)
    ports = Counter((box.view.id, chip.port.number) for box in boxes(drawn) for chip in box.chips)
    known = Counter((place[0], str(port.number)) for place, listed in seen.ports.items() for port in listed)
    assert ports == known
    strangers = [box.view.name for box in boxes(drawn) if box.view.state.kind == "stranger"]
    assert sorted(strangers) == sorted(one.address for listed in seen.strangers.values() for one in listed)


def test_a_large_zone_goes_on_over_sheets_that_a_page_holds(drawn: Sequence[Sheet]) -> None:
    assert len(drawn) > 3
    for sheet in drawn:
        assert (sheet.width, sheet.height <= SHEET_HEIGHT) == (WIDTH, True)
    parts = [(area.zone.id, area.part, area.parts) for sheet in drawn for area in sheet.areas]
    assert len(set(parts)) == len(parts)
    assert any(count > 1 for _, _, count in parts)
    assert all(1 <= part <= count for _, part, count in parts)


def test_the_page_can_be_read_at_full_size_and_on_a_page_across() -> None:
    style = resources.files("reports").joinpath("templates", "map.css").read_text("utf-8")
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", style)]
    assert min(sizes) >= SMALLEST_TEXT
    assert min(sizes) * A4_ACROSS / WIDTH > 8  # six points on paper


def test_zones_that_the_internet_reaches_come_first(seen: Seen) -> None:
    public = [zone.public for zone in zone_views(seen, WORDS)]
    assert public == sorted(public, reverse=True) and 0 < sum(public) < len(public)


def test_names_change_nothing_of_where_things_stand(seen: Seen) -> None:
    opds = tuple(
        replace(opd, name="x", servers=tuple(replace(one, name="W" * 300 + " y" * 90) for one in opd.servers))
        for opd in seen.inventory.opds
    )
    other = replace(seen, inventory=replace(seen.inventory, opds=opds))
    placed, renamed = boxes(sheets(zone_views(seen, WORDS))), boxes(sheets(zone_views(other, WORDS)))
    assert [(b.x, b.y, b.width, b.height) for b in placed] == [(b.x, b.y, b.width, b.height) for b in renamed]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 16)), max_size=40),
    st.sampled_from([300.0, SHEET_HEIGHT, math.inf]),
)
def test_any_fleet_is_drawn_whole_and_without_overlaps(
    servers: list[tuple[int, int, int]], height: float
) -> None:
    made = [fleet.server(number, f"opd-{opd:02}", where) for number, (where, opd, _) in enumerate(servers)]
    evidence = [
        row
        for one, (_, _, ports) in zip(made, servers, strict=True)
        for row in fleet.rows(one, fleet.PORTS[:ports])
    ]
    zones = zone_views(see(fleet.inventory(made, 6), evidence), WORDS)
    drawn = sheets(zones, height)
    assert len(drawn) == 1 or height < math.inf
    assert sorted(box.view.id for box in boxes(drawn)) == sorted(one.id for one in made)
    assert {area.zone.id for sheet in drawn for area in sheet.areas} == {zone.id for zone in zones}
    test_no_two_boxes_and_no_two_zones_overlap(drawn)
    test_everything_is_inside_of_what_it_belongs_to(drawn)


@given(st.text(max_size=80), st.floats(20, 300), st.booleans())
def test_what_is_fitted_fits_or_is_nothing_but_the_sign_of_a_cut(text: str, width: float, bold: bool) -> None:
    cut = fitted(text, width, 10, bold=bold)
    assert cut == text or cut.endswith("…")
    assert text_width(cut, 10, bold=bold) <= width or cut == "…"
    assert text.startswith(cut.removesuffix("…"))
    assert all(text_width(line, 10) <= width or line == "…" for line in two_lines(text, width, 10))


def test_two_lines_break_between_words() -> None:
    assert two_lines("Sistem Informasi Puskesmas", 110, 10) == ("Sistem Informasi", "Puskesmas")
    assert two_lines("Arsip", 110, 10) == ("Arsip", "")
