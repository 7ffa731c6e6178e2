"""What the two editions and the crosswalk between them must be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from auditor.model.check import Check
from auditor.model.framework import Control, Framework, MachineCoverage
from auditor.model.problem import Path
from controls.lint_checks import text_problems
from controls.lint_rules import Broken
from controls.shapes import CrosswalkShape

_CLAUSES: Mapping[str, tuple[int, ...]] = {
    "A.5": (2,),
    "A.6": (5, 2),
    "A.7": (2, 3, 1),
    "A.8": (4, 3, 3),
    "A.9": (2, 6, 1, 5),
    "A.10": (2,),
    "A.11": (6, 9),
    "A.12": (4, 1, 1, 4, 1, 2, 1),
    "A.13": (3, 4),
    "A.14": (3, 9, 1),
    "A.15": (3, 2),
    "A.16": (7,),
    "A.17": (3, 1),
    "A.18": (5, 3),
}
"""Clause of 2013 → how many controls each of its objectives has."""
_THEMES: Mapping[str, int] = {"A.5": 37, "A.6": 8, "A.7": 14, "A.8": 34}
"""Theme of 2022 → how many controls it has."""
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "2013": tuple(
        f"{clause}.{objective}.{last}"
        for clause, sizes in _CLAUSES.items()
        for objective, size in enumerate(sizes, start=1)
        for last in range(1, size + 1)
    ),
    "2022": tuple(f"{theme}.{last}" for theme, size in _THEMES.items() for last in range(1, size + 1)),
}
"""Edition → the ids of its controls, in order: 114 and 93."""

_AREAS = {"I": 10, "II": 22, "III": 16, "IV": 29, "V": 38, "VI": 26, "VII": 99}
"""Area of Indeks KAMI 3.1 and 4.x → its questions; those of the supplement differ by version."""
_JUDGED = (MachineCoverage.TECHNICAL, MachineCoverage.PARTIAL)


def edition_problems(framework: Framework, checks: Iterable[Check]) -> Iterator[Broken]:
    """Yield every broken rule of an edition, given the checks that speak to it."""
    implemented = {control for check in checks for control in check.controls[framework.edition].implements}
    yield from _number_problems(framework)
    yield from _group_problems(framework)
    for index, group in enumerate(framework.groups):
        yield from text_problems(group.title, ("groups", index, "title"))
    for index, control in enumerate(framework.controls):
        path: Path = ("controls", index)
        yield from _wording_problems(control, path)
        yield from _kami_problems(control, path)
        yield from _reach_problems(control, path, control.id in implemented)


def _number_problems(framework: Framework) -> Iterator[Broken]:
    wanted = NUMBERS[framework.edition]
    found = [control.id for control in framework.controls]
    missing = [one for one in wanted if one not in found]
    if missing:
        yield Broken("edition-complete", ("controls",), f"missing: {', '.join(missing)}", key=True)
    for index, (name, before) in enumerate(zip(found, ["", *found], strict=False)):
        path: Path = ("controls", index, "id")
        if name not in wanted:
            yield Broken("edition-complete", path, f"{framework.edition} has no control {name}")
        elif name in found[:index]:
            yield Broken("edition-complete", path, f"{name} is written twice; keep one")
        elif before in wanted and wanted.index(before) > wanted.index(name):
            yield Broken("edition-complete", path, f"{name} stands behind {before}; write it before")


def _group_problems(framework: Framework) -> Iterator[Broken]:
    known = [group.id for group in framework.groups]
    for index, control in enumerate(framework.controls):
        if control.group not in known:
            message = f"no group {control.group}; there are {', '.join(known)}"
            yield Broken("edition-group", ("controls", index, "group"), message)
        elif not control.id.startswith(f"{control.group}."):
            message = f"{control.id} is no control of group {control.group}"
            yield Broken("edition-group", ("controls", index, "group"), message)
    used = {control.group for control in framework.controls}
    for index, name in enumerate(known):
        if name in known[:index] or name not in used:
            message = f"the group {name} is written twice, or has no control"
            yield Broken("edition-group", ("groups", index, "id"), message)


def _wording_problems(control: Control, path: Path) -> Iterator[Broken]:
    texts = {"title": control.title, "reason": control.reason, "question": control.question}
    if control.no_check:
        texts["no_check"] = control.no_check
    for name, text in texts.items():
        yield from text_problems(text, (*path, name))
    for language, words in control.question.items():
        if words.strip() and not re.search(r"\w.*\?", words, re.DOTALL):
            message = "no question; ask what people can answer, with a question mark"
            yield Broken("question-asked", (*path, "question", language), message)
    if not control.papers.strip():
        yield Broken("papers-named", (*path, "papers"), "blank; name the papers that show it")


def _kami_problems(control: Control, path: Path) -> Iterator[Broken]:
    places = []
    for index, question in enumerate(control.kami):
        area, _, number = question.partition(".")
        places.append((list(_AREAS).index(area), int(number)))
        if not 1 <= int(number) <= _AREAS[area]:
            message = f"area {area} has no question {number}; it has {_AREAS[area]}"
            yield Broken("kami-known", (*path, "kami", index), message)
    if places != sorted(set(places)):
        message = "a question is named twice, or stands before one of a smaller number"
        yield Broken("kami-known", (*path, "kami"), message)


def _reach_problems(control: Control, path: Path, implemented: bool) -> Iterator[Broken]:
    judged = control.coverage in _JUDGED
    if judged and not implemented and not control.no_check:
        message = f"no check implements {control.id}; write one, or in no_check why there is none"
        yield Broken("control-implemented", path, message)
    if control.no_check and implemented:
        message = f"a check implements {control.id}; remove the reason"
        yield Broken("no-check-needed", (*path, "no_check"), message)
    elif control.no_check and not judged:
        message = f"no check is expected of a control with coverage {control.coverage}; remove the reason"
        yield Broken("no-check-needed", (*path, "no_check"), message)


def crosswalk_problems(walk: CrosswalkShape) -> Iterator[Broken]:
    """Yield every broken rule of the way from 2013 to 2022."""
    yield from _known_problems(walk)
    reached = {target for targets in walk.map.values() for target in targets}
    new = set(walk.new_in_2022)
    lost = [one for one in NUMBERS["2013"] if not walk.map.get(one)]
    if lost:
        yield Broken("crosswalk-complete", ("map",), f"go nowhere: {', '.join(lost)}", key=True)
    orphans = [one for one in NUMBERS["2022"] if one not in reached | new]
    if orphans:
        message = f"neither new nor carried on from 2013: {', '.join(orphans)}"
        yield Broken("crosswalk-complete", ("new_in_2022",), message, key=True)
    for index, name in enumerate(walk.new_in_2022):
        if name in reached or name in walk.new_in_2022[:index]:
            message = f"{name} carries on a control of 2013, or is named twice; remove it"
            yield Broken("crosswalk-new", ("new_in_2022", index), message)


def _known_problems(walk: CrosswalkShape) -> Iterator[Broken]:
    for source, targets in walk.map.items():
        if source not in NUMBERS["2013"]:
            yield Broken("crosswalk-known", ("map", source), f"2013 has no control {source}", key=True)
        twice = [name for name, count in Counter(targets).items() if count > 1]
        for index, target in enumerate(targets):
            if target not in NUMBERS["2022"]:
                message = f"2022 has no control {target}"
                yield Broken("crosswalk-known", ("map", source, index), message)
        if twice:
            yield Broken("crosswalk-known", ("map", source), f"{twice[0]} is named twice; keep one")
    for index, name in enumerate(walk.new_in_2022):
        if name not in NUMBERS["2022"]:
            yield Broken("crosswalk-known", ("new_in_2022", index), f"2022 has no control {name}")
