"""Areas and questions of Indeks KAMI that findings and controls speak to. Never a score."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.model.finding import Finding
from auditor.model.scorecard import Scorecard
from reports.kami import AREAS, areas_touched
from reports.view.attention import UNSEEN
from reports.view.context import Context
from reports.visible import shown

_EDITION = "2022"
"""The edition whose controls name the questions they speak to."""


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area: how many open findings touch it, and its questions by what speaks to them.

    A question stands in every list that it belongs to: of controls with an open finding, of controls that
    people answered for, and of controls that nobody has looked at yet.
    """

    id: str
    name: str
    findings: str
    questions: tuple[tuple[str, str], ...]


def kami_areas(context: Context, card: Scorecard, standing: Iterable[Finding]) -> tuple[AreaView, ...]:
    """Return the areas that anything speaks to, in the order of the index."""
    listed = tuple(standing)
    counts = Counter(area for f in listed for area in areas_touched(f.controls.get(_EDITION, ())))
    questions = _questions(context, card, listed)
    return tuple(
        AreaView(
            area,
            context.words.of(name),
            context.words.plural("%(count)s open finding", "%(count)s open findings", counts[area]),
            tuple((label, ", ".join(by_area[area])) for label, by_area in questions if by_area.get(area)),
        )
        for area, name in AREAS.items()
        if counts[area] or any(by_area.get(area) for _, by_area in questions)
    )


def _questions(
    context: Context, card: Scorecard, findings: tuple[Finding, ...]
) -> tuple[tuple[str, Mapping[str, list[str]]], ...]:
    words, results = context.words, card.controls.get(_EDITION, ())
    failing = {control for finding in findings for control in finding.controls.get(_EDITION, ())}
    answered = {one.control for one in results if one.attested and one.attested.answer}
    unseen = {one.control for one in results if one.status in UNSEEN}
    return (
        (words.say("questions that open findings speak to"), _by_area(context, failing)),
        (words.say("questions with an attested control"), _by_area(context, answered)),
        (words.say("questions with a control that nobody has looked at yet"), _by_area(context, unseen)),
    )


def _by_area(context: Context, controls: set[str]) -> Mapping[str, list[str]]:
    """Return area → its questions that some controls speak to, in the order of their numbers."""
    framework = context.data.frameworks.get(_EDITION)
    asked = {
        question
        for control in (framework.controls if framework else ())
        if control.id in controls
        for question in control.kami
    }
    found: dict[str, list[str]] = defaultdict(list)
    for question in sorted(asked, key=_number):
        found[question.partition(".")[0]].append(shown(question))
    return found


def _number(question: str) -> tuple[str, int, str]:
    area, _, number = question.partition(".")
    return area, int(number) if number.isdecimal() else 0, number
