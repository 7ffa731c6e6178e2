"""Place zones, servers and ports on sheets, so that nothing overlaps and everything is inside. Pure.

Boxes flow in rows of six, zone by zone and in it OPD by OPD; an OPD that does not fit into a row goes on in
the next one under its name. Small zones stand side by side. A sheet has the proportions of A4 across, so that
one page of paper takes one; on a screen they follow each other. Texts change nothing of where things stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from reports.topology.boxes import Box, boxed
from reports.topology.fitting import fitted
from reports.topology.view import BoxView, GroupView, ZoneView

COLUMNS = 6
MINIMUM_COLUMNS = 2
GAP = 4
RUN_PADDING = 3
WIDE, SLIM = 180, 172
"""Width of a box in a zone that has the sheet for itself, and beside others."""
RUN_HEAD = 16
ZONE_PADDING = 8
ZONE_HEAD = 50
ZONE_GAP = 10
WIDTH = COLUMNS * (WIDE + 2 * RUN_PADDING + GAP) - GAP + 2 * ZONE_PADDING + 2
"""Of a sheet, in the unit that a pixel is where it is shown in full size."""
SHEET_HEIGHT = 690
"""What a page across takes at that width, less its heading."""
NAME_SIZE, HEAD_SIZE, SMALL_SIZE = 10, 13, 9.5


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring boxes of one OPD in one row, under its name."""

    x: float
    y: float
    width: float
    height: float
    label: str
    group: GroupView
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A zone, or the part of it that stands on one sheet; `part` counts parts from 1 of `parts`."""

    x: float
    y: float
    width: float
    height: float
    zone: ZoneView
    title: str
    networks: str
    search: str
    part: int
    parts: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture."""

    width: float
    height: float
    areas: tuple[Area, ...]


_Row = tuple[tuple[GroupView, BoxView], ...]


def sheets(zones: Iterable[ZoneView], height: float = SHEET_HEIGHT) -> tuple[Sheet, ...]:
    """Return the zones on as many sheets as it takes; a row of boxes is never split, however high."""
    pages: list[list[Area]] = [[]]
    for shelf in _shelves(zones):
        if len(shelf) > 1 or len(_rows(shelf[0])) == 1:
            _put_beside(pages, shelf, height)
        else:
            _pour(pages, shelf[0], height)
    return tuple(_sheet(areas) for areas in _numbered(pages) if areas)


def _sheet(areas: Sequence[Area]) -> Sheet:
    return Sheet(WIDTH, _bottom(areas) + 1, tuple(areas))


def _shelves(zones: Iterable[ZoneView]) -> list[list[ZoneView]]:
    """Return zones that stand beside each other: small ones, as long as they fit, in order."""
    shelves: list[list[ZoneView]] = []
    used = COLUMNS
    for zone in zones:
        wanted = _columns(zone)
        if used + wanted > COLUMNS:
            shelves.append([])
            used = 0
        shelves[-1].append(zone)
        used += wanted
    return shelves


def _columns(zone: ZoneView) -> int:
    return max(MINIMUM_COLUMNS, min(COLUMNS, len(zone.boxes)))


def _rows(zone: ZoneView) -> list[_Row]:
    flow = [(group, box) for group in zone.groups for box in group.boxes]
    return [tuple(flow[start : start + COLUMNS]) for start in range(0, len(flow), COLUMNS)] or [()]


def _put_beside(pages: list[list[Area]], shelf: Sequence[ZoneView], height: float) -> None:
    tallest = max(_row_height(_rows(zone)[0], SLIM) for zone in shelf)
    if not _fits(pages[-1], ZONE_HEAD + tallest + ZONE_PADDING, height):
        pages.append([])
    top, x = _top(pages[-1]), 1.0
    for zone in shelf:
        width = _columns(zone) * _pitch(SLIM) - GAP + 2 * ZONE_PADDING
        if zone is shelf[-1]:  # an empty corner would look like something missing
            width = WIDTH - 1 - x
        pages[-1].append(_area(zone, x, top, width, SLIM, _rows(zone), tallest))
        x += width + ZONE_GAP


def _pitch(box: float) -> float:
    """Return how far the corners of two neighbouring boxes of a width are apart."""
    return box + 2 * RUN_PADDING + GAP


def _pour(pages: list[list[Area]], zone: ZoneView, height: float) -> None:
    """Let a large zone run over as many sheets as it takes."""
    rows = _rows(zone)
    while rows:
        top = _top(pages[-1])
        taken = _how_many(rows, height - top)
        if not taken and pages[-1]:
            pages.append([])
            continue
        taken = max(1, taken)
        pages[-1].append(_area(zone, 1.0, top, WIDTH - 2, WIDE, rows[:taken]))
        rows = rows[taken:]
        if rows:
            pages.append([])


def _how_many(rows: Sequence[_Row], room: float) -> int:
    used, taken = float(ZONE_HEAD + ZONE_PADDING), 0
    for row in rows:
        used += _row_height(row, WIDE)
        if used > room:
            break
        taken += 1
    return taken


def _fits(areas: Sequence[Area], needed: float, height: float) -> bool:
    return not areas or _top(areas) + needed <= height


def _top(areas: Sequence[Area]) -> float:
    return _bottom(areas) + ZONE_GAP if areas else 1.0


def _bottom(areas: Sequence[Area]) -> float:
    return max(area.y + area.height for area in areas)


def _area(
    zone: ZoneView, x: float, y: float, width: float, box: float, rows: Sequence[_Row], least: float = 0
) -> Area:
    runs: list[Run] = []
    top = y + ZONE_HEAD
    for row in rows:
        tall = max(_row_height(row, box), least)
        runs.extend(_runs(row, x + ZONE_PADDING, top, tall, box))
        top += tall
    inner = width - 2 * ZONE_PADDING
    return Area(
        x=x,
        y=y,
        width=width,
        height=top + ZONE_PADDING - GAP - y,
        zone=zone,
        title=fitted(zone.name, inner - 150, HEAD_SIZE, bold=True),
        networks=fitted(zone.networks, inner, SMALL_SIZE),
        search=fitted(zone.search, inner, SMALL_SIZE),
        part=0,
        parts=0,
        runs=tuple(runs),
    )


def _row_height(row: _Row, width: float) -> float:
    """Return the height of a row of boxes with the names over it and the gap under it."""
    tallest = max((boxed(box, width).height for _, box in row), default=0.0)
    return RUN_HEAD + tallest + RUN_PADDING + GAP


def _runs(row: _Row, left: float, top: float, tall: float, box_width: float) -> list[Run]:
    runs, pitch = [], _pitch(box_width)
    numbered = groupby(enumerate(row), key=lambda one: one[1][0].id)
    height = tall - GAP
    for _, listed in numbered:
        cells = list(listed)
        group, width = cells[0][1][0], len(cells) * pitch - GAP
        x = left + cells[0][0] * pitch
        boxes = tuple(
            boxed(box, box_width).at(
                left + place * pitch + RUN_PADDING, top + RUN_HEAD, height - RUN_HEAD - RUN_PADDING
            )
            for place, (_, box) in cells
        )
        label = fitted(group.name, width - 10, NAME_SIZE, bold=True)
        runs.append(Run(x, top, width, height, label, group, boxes))
    return runs


def _numbered(pages: Sequence[Sequence[Area]]) -> list[list[Area]]:
    """Count the parts of every zone."""
    order = [area.zone for page in pages for area in page]
    met: list[ZoneView] = []
    numbered: list[list[Area]] = []
    for page in pages:
        numbered.append([])
        for area in page:
            met.append(area.zone)
            part, parts = sum(z is area.zone for z in met), sum(z is area.zone for z in order)
            numbered[-1].append(replace(area, part=part, parts=parts))
    return numbered
