"""What the keys of a policy mean together."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from auditor.documents.shape import nearest
from auditor.model.check import Parameter, Severity
from auditor.model.inventory import Category, Fragility
from auditor.model.plain_text import show
from auditor.model.policy import Width
from auditor.model.problem import Locator, Path, Problem
from auditor.policy.shape import BandShape, PolicyShape, WidestShape

_RATES = ("connections_per_second", "parallel_connections", "packets_per_second")


def check_meaning(shape: PolicyShape, locator: Locator) -> Iterator[Problem]:
    """Yield every contradiction between keys."""
    if shape.default_edition not in shape.editions:
        message = f"the default edition {shape.default_edition} is missing; add it, or choose another default"
        yield locator.problem(("editions",), message)
    if len(set(shape.editions)) < len(shape.editions):
        yield locator.problem(("editions",), "an edition is written twice; keep one of them")
    # A score must never rise because something got worse, so milder never outweighs worse.
    yield from _falling(shape.weights, ("weights",), list(Severity), locator)
    yield from _falling(shape.deadline_days, ("deadline_days",), list(Severity)[::-1], locator)
    yield from _falling(shape.criticality, ("criticality",), list(Category)[::-1], locator)
    for rate in _RATES:
        yield from _falling(shape.budgets, ("budgets",), list(Fragility), locator, inside=rate)
    if not shape.weights.critical:
        yield locator.problem(("weights", "critical"), "all weights are 0; write critical: 10")
    yield from _check_grading(shape, locator)
    yield from _check_widest(shape.waivers.widest, locator)
    for section in ("waivers", "attestations"):
        days, limit = (getattr(getattr(shape, section), key) for key in ("warn_days", "maximum_days"))
        if days > limit:
            message = (
                f"warn_days ({days}) is more than maximum_days ({limit}); write warn_days: {limit} or less"
            )
            yield locator.problem((section, "warn_days"), message)


def _falling(
    section: Any, path: Path, keys: Sequence[str], locator: Locator, inside: str = ""
) -> Iterator[Problem]:
    """Yield a problem wherever a later key holds more than the one before it."""
    for before, after in pairwise(str(key) for key in keys):
        larger, smaller = getattr(section, before), getattr(section, after)
        if inside:
            larger, smaller = getattr(larger, inside), getattr(smaller, inside)
        if smaller > larger:
            where = (*path, after, inside) if inside else (*path, after)
            message = f"{after} ({smaller:g}) is more than {before} ({larger:g}); write at most {larger:g}"
            yield locator.problem(where, message)


def _check_widest(widest: WidestShape, locator: Locator) -> Iterator[Problem]:
    """Yield a problem wherever a waiver may reach wider for a severity than for the next milder one."""
    order = list(Width)
    for worse, milder in pairwise(Severity):
        reach, limit = getattr(widest, worse.value), getattr(widest, milder.value)
        if order.index(reach) > order.index(limit):
            fitting = " or ".join(order[: order.index(limit) + 1])
            message = f"{worse} reaches wider ({reach}) than {milder} ({limit}); write {fitting}"
            yield locator.problem(("waivers", "widest", worse.value), message)


def _check_grading(shape: PolicyShape, locator: Locator) -> Iterator[Problem]:
    bands = shape.grading.bands
    path: Path = ("grading", "bands")
    for index, (better, worse) in enumerate(pairwise(bands), start=1):
        if worse.minimum >= better.minimum:
            message = f"{worse.letter} does not begin below {better.letter}; write the bands best first"
            yield locator.problem((*path, index, "minimum"), message)
    if len({band.letter for band in bands}) < len(bands):
        yield locator.problem(path, "a letter is written twice; give each band its own letter")
    if bands[-1].minimum != 0:
        yield locator.problem(
            (*path, len(bands) - 1, "minimum"), "the last band must begin at 0; write minimum: 0"
        )
    yield from _check_caps(shape, bands, locator)


def _check_caps(shape: PolicyShape, bands: Sequence[BandShape], locator: Locator) -> Iterator[Problem]:
    letters = [band.letter for band in bands]
    worst = len(letters)
    for severity in Severity:
        letter = getattr(shape.grading.caps, severity.value)
        path = ("grading", "caps", severity.value)
        if letter is None:
            worst = 0
        elif letter not in letters:
            yield locator.problem(path, f"no band gives {letter}; write one of {', '.join(letters)}, or null")
        elif letters.index(letter) > worst:
            message = f"caps lower than a worse severity does; write {letters[worst]} or better, or null"
            yield locator.problem(path, message)
        else:
            worst = letters.index(letter)


def check_choices(
    shape: PolicyShape,
    locator: Locator,
    known_checks: Collection[str] | None,
    check_parameters: Mapping[str, Mapping[str, Parameter]] | None,
) -> Iterator[Problem]:
    """Yield what is wrong with the choices for single checks, as far as the catalogue is known."""
    for check, choice in shape.checks.items():
        path: Path = ("checks", check)
        if known_checks is not None and check not in known_checks:
            hint = nearest(check, known_checks) or "list them with 'auditor controls list'"
            yield locator.problem(path, f"no check {show(check)}; {hint}", key=True)
        elif bool(choice.parameters) == bool(choice.disabled):
            message = f'{check} needs either parameters or a reason; write disabled: "…" or parameters: {{…}}'
            yield locator.problem(path, message, key=True)
        elif check_parameters is not None:
            known = check_parameters.get(check, {})
            yield from _check_parameters(check, choice.parameters, known, locator)


def _check_parameters(
    check: str, values: Mapping[str, Any], known: Mapping[str, Parameter], locator: Locator
) -> Iterator[Problem]:
    for name, value in values.items():
        path: Path = ("checks", check, "parameters", name)
        if name not in known:
            listed = f"it has {', '.join(known)}" if known else "it has none"
            yield locator.problem(
                path, f"{check} has no parameter {show(name)}; {nearest(name, known) or listed}", key=True
            )
        elif not _fits(value, known[name].default):
            default = known[name].default
            message = f"{name} must be {_kind(default)}; write for example {name}: {json.dumps(default)}"
            yield locator.problem(path, message)


def _fits(value: object, default: object) -> bool:
    if isinstance(default, list):
        return isinstance(value, list) and all(_fits(entry, default[0]) for entry in value if default)
    if isinstance(default, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is type(default)


def _kind(default: object) -> str:
    if isinstance(default, list):
        return "a list" + (f" of {_kind(default[0]).removeprefix('a ')} entries" if default else "")
    kinds = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    return kinds.get(type(default), "of another kind")
