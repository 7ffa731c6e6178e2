"""What came of the controls: reviewed or not, satisfied or not, and on which observations that rests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from auditor.model.facts import JSON
from auditor.model.finding import Finding
from auditor.model.scorecard import ControlResult, ControlStatus
from reports.oscal.components import origin
from reports.oscal.observations import of_answer, of_check, of_finding
from reports.oscal.paper import Paper
from reports.oscal.parts import filled, line, paragraphs, prop, props
from reports.oscal.risks import of_risk
from reports.view.labels import CONTROL_STATUSES

_REVIEWED = (
    ControlStatus.CONFORMS,
    ControlStatus.PARTIAL,
    ControlStatus.DOES_NOT_CONFORM,
    ControlStatus.WAIVED,
    ControlStatus.NOT_EXAMINED,
)


def results(paper: Paper) -> tuple[ControlResult, ...]:
    """Return the results of the edition of the document, in its order."""
    return paper.context.scorecard(paper.opd_id).controls[paper.context.edition]


def reviewed(paper: Paper) -> dict[str, JSON]:
    """Return which controls were reviewed, and which were not and why.

    OSCAL has no third state: what nobody answered and no scan judged is no objective that is not satisfied.
    """
    chosen = [one.control for one in results(paper) if one.status in _REVIEWED]
    left_out = [one for one in results(paper) if one.status not in _REVIEWED]
    included: dict[str, JSON] = {"include-controls": _listed(chosen)} if chosen else {"include-all": {}}
    rest = filled({"exclude-controls": _listed(one.control for one in left_out)})
    selection: dict[str, JSON] = {
        "description": paper.say(
            "Included are the controls that were measured or answered by people. Left out are those decided "
            "not to apply, and those not assessed yet, which are neither satisfied nor not satisfied."
        ),
        "props": props(*(prop(one.status.value.replace("_", "-"), one.control) for one in left_out)),
    }
    return {
        "description": paper.say("Controls of %(edition)s", edition=_edition(paper)),
        "control-selections": [{**filled(selection), **included, **rest}],
    }


def _listed(controls: Iterable[str]) -> list[JSON]:
    return [{"control-id": one} for one in controls]


def _edition(paper: Paper) -> str:
    return paper.context.words.of(paper.context.framework.title)


def control_findings(paper: Paper, checks: Iterable[str]) -> Iterator[dict[str, JSON]]:
    """Yield what came of each reviewed control; `checks` are those that the document has observations of."""
    known, by_control = frozenset(checks), _by_control(paper)
    titles = {one.id: one.title for one in paper.context.framework.controls}
    for result in results(paper):
        if result.status in _REVIEWED:
            name = paper.context.words.of(titles.get(result.control, {}))
            yield _finding(paper, result, name, known, by_control.get(result.control, ()))


def _finding(
    paper: Paper, result: ControlResult, name: str, known: frozenset[str], findings: tuple[Finding, ...]
) -> dict[str, JSON]:
    status = paper.say(CONTROL_STATUSES[result.status])
    seen = [of_check(paper, check) for check in sorted({*result.checks, *result.related}) if check in known]
    seen += [of_finding(paper, one) for one in findings]
    seen += [of_answer(paper, result.control, one.id) for one in paper.sources.given(result.attested)]
    return filled(
        {
            "uuid": paper.ids.of(
                "control", paper.context.data.run.id, paper.opd_id, paper.context.edition, result.control
            ),
            "title": line(f"{result.control} {name}"),
            "description": paragraphs((status, *_remarks(paper, result))),
            "props": _props(paper, result),
            "origins": [origin(paper)],
            "target": {
                "type": "objective-id",
                "target-id": result.control,
                "title": line(name),
                "status": _state(paper, result),
            },
            "related-observations": [{"observation-uuid": one} for one in dict.fromkeys(seen)],
            "related-risks": [{"risk-uuid": of_risk(paper, one)} for one in findings],
        }
    )


def _props(paper: Paper, result: ControlResult) -> list[JSON]:
    """Return the status in our own words, and the controls of the other edition that stand for this one."""
    others = paper.context.framework.crosswalk.get(result.control, ())
    other = "2013" if paper.context.edition == "2022" else "2022"
    return props(
        prop("status", result.status.value),
        prop("measured", result.measured.value),
        prop("contradiction", result.contradiction.value if result.contradiction else None),
        prop(f"control-{paper.context.edition}", result.control),
        *(prop(f"control-{other}", one) for one in others),
    )


def _remarks(paper: Paper, result: ControlResult) -> tuple[str, ...]:
    if result.status is ControlStatus.NOT_EXAMINED:
        return (paper.say("It should have been measured and was not: that is neither good nor bad."),)
    if result.status is ControlStatus.WAIVED:
        return (paper.say("It fails, as a risk that is accepted until a day."),)
    return ()


def _state(paper: Paper, result: ControlResult) -> dict[str, JSON]:
    state, reason = _objective(result.status)
    return {"state": state, "reason": reason, "remarks": paper.say(CONTROL_STATUSES[result.status])}


def _objective(status: ControlStatus) -> tuple[str, str]:
    """Return OSCAL's state and reason. What only partly conforms is not satisfied."""
    match status:
        case ControlStatus.CONFORMS:
            return "satisfied", "pass"
        case ControlStatus.PARTIAL | ControlStatus.DOES_NOT_CONFORM:
            return "not-satisfied", "fail"
        case ControlStatus.WAIVED | ControlStatus.NOT_EXAMINED:
            return "not-satisfied", "other"
        case ControlStatus.NOT_APPLICABLE | ControlStatus.NOT_ASSESSED:
            return "not-satisfied", "other"
        case _:
            assert_never(status)


def _by_control(paper: Paper) -> Mapping[str, tuple[Finding, ...]]:
    """Return control → the standing findings of checks that implement it."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in paper.findings:
        for control in finding.controls.get(paper.context.edition, ()):
            if paper.context.stands(finding):
                found[control].append(finding)
    return {control: tuple(listed) for control, listed in found.items()}
