"""The two documents of an OPD: assessment results, and plan of action and milestones."""

from __future__ import annotations

from auditor.model.check import Severity
from auditor.model.facts import JSON
from auditor.model.finding import Finding
from auditor.model.scorecard import Level, Score
from reports.oscal.components import assets, components, origin
from reports.oscal.objectives import control_findings, reviewed
from reports.oscal.observations import (
    answer_observations,
    check_observations,
    finding_observations,
    gap_observations,
    of_finding,
    verdicts_by_check,
)
from reports.oscal.paper import Paper, back_matter, metadata
from reports.oscal.parts import NAMESPACE, filled, line, moment, paragraphs, prop, props
from reports.oscal.risks import finding_props, of_risk, risks, title


def assessment_results(paper: Paper) -> dict[str, JSON]:
    """Return the assessment results of one OPD in one run, as OSCAL's model of that name wants them."""
    heading = paper.context.words.say(
        "Assessment results of %(opd)s", opd=paper.context.opd_label(paper.opd_id)
    )
    assignment = paper.ids.of("assignment", paper.context.data.run.id, paper.opd_id)
    body: dict[str, JSON] = {
        "uuid": _document(paper, "assessment-results"),
        "metadata": metadata(paper, heading),
        "import-ap": {
            "href": f"#{assignment}",
            "remarks": paper.say(
                "There is no assessment plan in OSCAL: what was to be measured is in the assignment."
            ),
        },
        "results": [_result(paper, heading)],
        "back-matter": back_matter(paper),
    }
    return {"assessment-results": body}


def _document(paper: Paper, kind: str) -> str:
    """Return the identifier of a document: another one for other data, another edition, another language."""
    context = paper.context
    return paper.ids.of(
        kind, context.data.run.id, context.data.digest, paper.opd_id, context.edition, context.words.language
    )


def _result(paper: Paper, heading: str) -> dict[str, JSON]:
    run, standing = paper.context.data.run, paper.context.standing_findings(paper.opd_id)
    checks = verdicts_by_check(paper)
    observations: list[JSON] = [
        *check_observations(paper),
        *finding_observations(paper, paper.findings),
        *answer_observations(paper),
        *gap_observations(paper),
    ]
    return filled(
        {
            "uuid": _document(paper, "result"),
            "title": line(heading),
            "description": paper.say(
                "Verdicts of one audit. A scan is evidence for or against a control, never a certificate."
            ),
            "start": moment(run.started_at),
            "end": moment(run.finished_at) if run.finished_at else None,
            "props": _numbers(paper),
            "local-definitions": filled(
                {"components": components(paper), "assessment-assets": assets(paper)}
            ),
            "reviewed-controls": reviewed(paper),
            "observations": observations,
            "risks": list(risks(paper, paper.findings)),
            "findings": list(control_findings(paper, checks)),
            "remarks": paper.say(
                "%(count)s findings stand. What could not be measured counts as unknown, never as good.",
                count=paper.context.words.integer(len(standing)),
            ),
        }
    )


def _numbers(paper: Paper) -> list[JSON]:
    """Return the numbers of the card, exact and as the pages show them."""
    context, card = paper.context, paper.context.scorecard(paper.opd_id)
    standing = context.open_findings(paper.opd_id)
    return props(
        *_level(paper, "", card.own),
        *_level(paper, "centre-", card.centre),
        prop("open-findings", len(standing)),
        prop("overdue-findings", sum(context.is_overdue(one) for one in standing)),
        prop("accepted-findings", len(context.accepted_findings(paper.opd_id))),
        *(prop(f"failing-{one.value}", card.findings.get(one, 0)) for one in Severity),
        *(prop(f"accepted-{one.value}", card.accepted.get(one, 0)) for one in Severity),
    )


def _level(paper: Paper, prefix: str, level: Level) -> tuple[dict[str, JSON] | None, ...]:
    without = _score(paper, prefix, "", level.score)
    lenient = _score(paper, prefix, "-with-exceptions", level.with_waivers)
    return (
        *without,
        prop(f"{prefix}grade", level.grade.letter),
        *lenient,
        prop(f"{prefix}grade-with-exceptions", level.grade_with_waivers.letter),
    )


def _score(paper: Paper, prefix: str, suffix: str, score: Score) -> tuple[dict[str, JSON] | None, ...]:
    numbers = (("floor", score.floor), ("ceiling", score.ceiling), ("coverage", score.coverage))
    return tuple(
        prop(f"{prefix}{name}{suffix}{how}", value)
        for name, number in numbers
        for how, value in (("", repr(number)), ("-shown", paper.context.words.percent(number)))
    )


def plan_of_action(paper: Paper) -> dict[str, JSON]:
    """Return the plan of action and milestones of one OPD: every finding that stands, accepted ones marked.

    OSCAL wants at least one item: where no finding stands, one says so.
    """
    heading = paper.context.words.say(
        "Plan of action and milestones of %(opd)s", opd=paper.context.opd_label(paper.opd_id)
    )
    standing = paper.context.standing_findings(paper.opd_id)
    items: list[JSON] = [_item(paper, finding) for finding in standing]
    body = filled(
        {
            "uuid": _document(paper, "plan-of-action-and-milestones"),
            "metadata": metadata(paper, heading),
            "system-id": {"identifier-type": NAMESPACE, "id": paper.opd_id},
            "local-definitions": filled(
                {"components": components(paper, standing_only=True), "assessment-assets": assets(paper)}
            ),
            "observations": list(finding_observations(paper, standing)),
            "risks": list(risks(paper, standing)),
            "poam-items": items or [_nothing(paper)],
            "back-matter": back_matter(paper),
        }
    )
    return {"plan-of-action-and-milestones": body}


def _item(paper: Paper, finding: Finding) -> dict[str, JSON]:
    return {
        "uuid": paper.ids.of("item", finding.id),
        "title": title(paper, finding),
        "description": paragraphs(
            (
                paper.say("Place: %(where)s", where=paper.context.endpoint(finding.subject)),
                paper.say("Server: %(server)s", server=paper.context.server_label(finding.subject.server)),
                paper.say("Expected: %(what)s", what=paper.context.words.of(finding.expected)),
            )
        ),
        "props": finding_props(paper, finding),
        "origins": [origin(paper)],
        "related-observations": [{"observation-uuid": of_finding(paper, finding)}],
        "related-risks": [{"risk-uuid": of_risk(paper, finding)}],
    }


def _nothing(paper: Paper) -> dict[str, JSON]:
    gaps = sum(1 for _ in gap_observations(paper))
    return {
        "uuid": paper.ids.of("item", "none", paper.context.data.run.id, paper.opd_id),
        "title": paper.say("No finding stands"),
        "description": paper.say(
            "Nothing that was measured fails; %(gaps)s places were not measured.",
            gaps=paper.context.words.integer(gaps),
        ),
        "origins": [origin(paper)],
    }
