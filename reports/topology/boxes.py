"""Lay out one box: name, id, state, whose names are on it, addresses, and a chip for every port. Pure.

Every line is cut to the width, none is broken by what a server says: a box is as high as it has lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.topology.fitting import fitted, two_lines
from reports.topology.view import BoxView, PlaceView, PortView

PADDING = 6
BADGE = 30
"""Width that the mark takes: of the worst finding, or that there is none."""
NAME_SIZE, SMALL_SIZE = 10.5, 9.5
NAME_LINE, LINE, CHIP_HEIGHT = 13, 12, 13
CHIP_GAP = 3
CHIPS_IN_A_LINE = 2
_CHIP_PADDING, _CHIP_MARK = 4, 9
_HATCH = 10
_LONGEST_COUNT = 999


@dataclass(frozen=True, slots=True)
class Chip:
    """An open port; `x` and `y` are those of its corner, from that of its box."""

    x: float
    y: float
    width: float
    text: str
    text_x: float
    port: PortView


@dataclass(frozen=True, slots=True)
class Line:
    """A line of small text; `y` is that of its base, from the corner of its box."""

    y: float
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """A server or a stranger with everything in it, placed by its corner."""

    x: float
    y: float
    width: float
    height: float
    view: BoxView
    name: tuple[str, str]
    lines: tuple[Line, ...]
    chips: tuple[Chip, ...]
    count: str
    hatch: str
    """Path of the strokes over what was not measured; empty for everything else."""

    def at(self, x: float, y: float, height: float) -> Box:
        """Return the box at a place, as high as its row."""
        hatch = _hatch(self.width, height) if self.view.state.kind == "unmeasured" else ""
        return replace(self, x=x, y=y, height=height, hatch=hatch)


def boxed(view: BoxView, width: float) -> Box:
    """Return the box of a server, of a width, not placed yet."""
    inner = width - 2 * PADDING
    marked = view.worst is not None or view.state.kind == "measured"
    name = two_lines(view.name, inner - (BADGE if marked else 0), NAME_SIZE, bold=True)
    y, lines, chips = PADDING + 2.0 * NAME_LINE, list[Line](), list[Chip]()
    for kind, text in _told(view):
        y += LINE
        lines.append(Line(y - 1, fitted(text, inner, SMALL_SIZE), kind))
    for place in view.places:
        y += LINE
        lines.append(Line(y - 1, fitted(place.address, inner, SMALL_SIZE), "address"))
        y += 3
        added = _chips(place, y, inner)
        chips.extend(added)
        y = max((chip.y + CHIP_HEIGHT + CHIP_GAP for chip in added), default=y) - (CHIP_GAP if added else 0)
        if not added:
            y += LINE - 3
            lines.append(Line(y - 1, "", "closed" if place.known else "unknown"))
    count = str(view.open) if view.open <= _LONGEST_COUNT else f"{_LONGEST_COUNT}+"
    return Box(0, 0, width, y + PADDING, view, name, tuple(lines), tuple(chips), count, "")


def _told(view: BoxView) -> list[tuple[str, str]]:
    """Return the lines under the name, each with its kind."""
    told = [("id", view.id)] if view.id else []
    if view.state.kind != "measured":
        told.append((view.state.kind, view.state.label))
    told.extend(("shared", text) for text in view.shared)
    if view.state.kind == "stranger":
        told.append(("id", view.names))
    return told


def _chips(place: PlaceView, top: float, inner: float) -> Sequence[Chip]:
    width = (inner - CHIP_GAP * (CHIPS_IN_A_LINE - 1)) / CHIPS_IN_A_LINE
    return [
        _chip(
            port,
            PADDING + (number % CHIPS_IN_A_LINE) * (width + CHIP_GAP),
            top + (number // CHIPS_IN_A_LINE) * (CHIP_HEIGHT + CHIP_GAP),
            width,
        )
        for number, port in enumerate(place.ports)
    ]


def _chip(port: PortView, x: float, y: float, width: float) -> Chip:
    before = _CHIP_PADDING + (_CHIP_MARK if port.worst else 0)
    text = fitted(f"{port.number} {port.name}".strip(), width - before - _CHIP_PADDING, SMALL_SIZE)
    return Chip(x, y, width, text, x + before, port)


def _hatch(width: float, height: float) -> str:
    """Return slanting strokes that end at the edges of a box: they need no pattern and no clipping."""
    strokes = []
    for place in range(_HATCH, int(width + height), _HATCH):
        left, bottom = max(0.0, place - height), min(float(place), height)
        right, top = min(float(place), width), max(0.0, place - width)
        strokes.append(f"M{left:g} {bottom:g}L{right:g} {top:g}")
    return "".join(strokes)
