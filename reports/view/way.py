"""The shortest way to the next grade: which findings to fix, and what they bring."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.finding import Finding
from auditor.model.next_grade import Blocker, NextGrade, Obstacle
from reports.view.context import Context
from reports.view.labels import SEVERITIES, Badge, badge, not_met
from reports.visible import shown
from reports.words import N_

OBSTACLES = {
    Obstacle.NOTHING_MEASURED: N_("Nothing was measured."),
    Obstacle.COVERAGE: N_("Too little could be judged: below the coverage needed no grade is given."),
    Obstacle.UNJUDGED_CAPS: N_("Something grave could not be judged, which caps the grade like a failure."),
    Obstacle.UNJUDGED_WEIGHT: N_("What could not be judged weighs so much that the floor stays too low."),
}


@dataclass(frozen=True, slots=True)
class StepView:
    """One finding on the way; `link` is its id where it stands on the page, else empty."""

    id: str
    link: str
    title: str
    severity: Badge | None
    server: str


@dataclass(frozen=True, slots=True)
class WayView:
    """What it takes. `steps` is empty when something else stands in the way, which `obstacles` tells."""

    sentence: str
    obstacles: tuple[str, ...]
    steps: tuple[StepView, ...]


def way_view(context: Context, opd_id: str) -> WayView | None:
    """Return the way of an OPD ("" = the organisation) to a better grade; None where nobody worked it out."""
    way = context.data.next_grades.get(opd_id)
    if way is None:
        return None
    by_id = {finding.id: finding for finding in context.findings(opd_id or None)}
    return WayView(
        sentence=_sentence(context, way),
        obstacles=tuple(_obstacle(context, one) for one in way.blocked_by),
        steps=tuple(_step(context, one, by_id.get(one)) for one in way.findings),
    )


def _sentence(context: Context, way: NextGrade) -> str:
    words = context.words
    if not way.letter_to:
        return words.say("There is no better grade than %(letter)s.", letter=way.letter_from)
    if way.blocked_by:
        return words.say(
            "Fixing findings alone does not reach grade %(letter)s; it must be measured first:",
            letter=way.letter_to,
        )
    return words.plural(
        "With %(count)s fixed finding (about %(hours)s working hours) the grade becomes %(letter)s and the "
        "floor %(before)s → %(after)s:",
        "With %(count)s fixed findings (about %(hours)s working hours) the grade becomes %(letter)s and the "
        "floor %(before)s → %(after)s:",
        len(way.findings),
        hours=words.quantity(way.hours),
        letter=way.letter_reached,
        before=words.percent(way.floor_from),
        after=words.percent(way.floor_to),
    )


def _obstacle(context: Context, blocker: Blocker) -> str:
    words = context.words
    missing = words.listed(
        [
            f"{words.integer(blocker.unjudged[severity])} {words.say(SEVERITIES[severity])}"
            for severity in Severity
            if blocker.unjudged.get(severity)
        ]
    )
    told = words.say(OBSTACLES[blocker.obstacle])
    counted = words.say("Could not be judged: %(counts)s.", counts=missing) if missing else ""
    return f"{told} {counted}".rstrip()


def _step(context: Context, finding_id: str, finding: Finding | None) -> StepView:
    if finding is None:
        return StepView(shown(finding_id), "", shown(finding_id), None, "")
    return StepView(
        id=finding.id,
        link=finding.id,
        title=not_met(context.words, shown(context.words.of(finding.title))),
        severity=badge(context.words, finding.severity),
        server=context.server_label(finding.subject.server),
    )
