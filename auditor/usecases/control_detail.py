"""Tell everything about one control, or about one check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from auditor.model.check import Check, Parameter
from auditor.model.facts import JSON
from auditor.model.framework import Control, Framework
from auditor.model.policy import Policy
from auditor.policy.advice import written
from auditor.usecases.controls import refuse_language, refuse_unknown
from auditor.usecases.errors import UsageProblem
from controls.crosswalk import crosswalk_words
from controls.judge import is_looser
from controls.links import links_of
from controls.loading import Catalogue
from reports.command_comments import in_language


def describe(
    catalogue: Catalogue, name: str, edition: str, language: str, policy: Policy | None = None
) -> dict[str, Any]:
    """Return a control, or a check, as field → value. With "" the edition is the one that has the control.

    A check is told as a policy has it: switched off or not, with the values in force.
    Raise UsageProblem, with the nearest id, when there is neither.
    """
    refuse_language(language)
    refuse_unknown("edition", [edition] if edition else [], list(catalogue.frameworks))
    if name in catalogue.checks:
        described = _describe_check(catalogue.checks[name], language, policy)
        return {**described, **_tried(catalogue, name, language)}
    for framework in catalogue.frameworks.values():
        found = next((one for one in framework.controls if one.id == name), None)
        if found is not None and edition in ("", framework.edition):
            return _describe_control(catalogue, framework, found, language)
        if found is not None:
            raise UsageProblem(
                f"{name} is a control of {framework.edition}, not of {edition}",
                f"see it with: auditor controls show {name} --edition {framework.edition}",
            )
    raise UsageProblem(f"{name} is neither a control nor a check", _advice(name, catalogue, edition))


def _advice(name: str, catalogue: Catalogue, edition: str) -> str:
    controls = [
        control.id
        for framework in catalogue.frameworks.values()
        if edition in ("", framework.edition)
        for control in framework.controls
    ]
    near = [
        *get_close_matches(name.upper(), controls, n=1, cutoff=0.7),
        *get_close_matches(name.lower(), catalogue.checks, n=1, cutoff=0.7),
    ]
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"see them with: auditor controls list --edition {edition or 'both'}"


def _describe_control(
    catalogue: Catalogue, framework: Framework, control: Control, language: str
) -> dict[str, Any]:
    links = links_of(framework.edition, catalogue.checks)
    other = next(one for one in catalogue.frameworks.values() if one.edition != framework.edition)
    group = next(one for one in framework.groups if one.id == control.group)
    return {
        "control": control.id,
        "edition": framework.edition,
        "title": control.title[language],
        "group": f"{group.id} {group.title[language]}",
        "coverage": control.coverage.value,
        "reason": control.reason[language],
        "question": control.question[language],
        "papers": control.papers,
        "responsible": control.responsible.value,
        "kami": list(control.kami),
        "implemented by": _titled(links.implementing(control.id), catalogue, language),
        "related checks": _titled(links.related(control.id), catalogue, language),
        "why no check": control.no_check.get(language, ""),
        "other edition": list(framework.crosswalk.get(control.id, ())),
        "crosswalk": list(crosswalk_words(control.id, framework, other, language)),
    }


def _titled(names: Iterable[str], catalogue: Catalogue, language: str) -> list[dict[str, str]]:
    return [{"check": name, "title": catalogue.checks[name].title[language]} for name in names]


def _describe_check(check: Check, language: str, policy: Policy | None) -> dict[str, Any]:
    off = policy.disabled_checks.get(check.id) if policy else None
    values = policy.parameters.get(check.id, {}) if policy else {}
    return {
        "check": check.id,
        "title": check.title[language],
        **({"switched off": off} if off else {}),
        "severity": check.severity.value,
        "confidence": check.confidence.value,
        "subject": check.subject.value,
        "layer": check.layer.value,
        "needs consent": check.consent,
        "applies": check.applies,
        "pass": check.passes,
        "parameters": [_parameter(one, values) for one in check.parameters],
        "why": check.why[language],
        "references": [f"{one.source} {one.section}".strip() for one in check.references],
        **{f"controls {edition}": list(links.implements) for edition, links in check.controls.items()},
        **{f"related {edition}": list(links.related) for edition, links in check.controls.items()},
        **{
            f"fix {one.software}": "\n".join(
                filter(
                    None,
                    (
                        one.steps[language],
                        in_language(one.config.rstrip(), language),
                        in_language(one.verify, language),
                    ),
                )
            )
            for one in check.remediation
        },
    }


def _tried(catalogue: Catalogue, check: str, language: str) -> dict[str, Any]:
    """Tell which of a check's fixes were tried on real servers, and on what, or why none was."""
    proven = [f"{one.software}: {one.version}" for one in catalogue.proofs if one.check == check]
    if proven:
        return {"proven on": "\n".join(proven)}
    reason = catalogue.not_proven.get(check)
    return {"not proven": reason[language]} if reason else {}


def _parameter(parameter: Parameter, values: Mapping[str, JSON]) -> str:
    """Return a parameter with the value in force, and how it stands to the default and to the loosest."""
    value = values.get(parameter.name, parameter.default)
    told = [f"loosest {written(parameter.loosest)}"]
    if parameter.name in values:
        told.insert(0, f"default {written(parameter.default)}")
    if is_looser(parameter, value):
        told.append("looser than tolerated")
    return f"{parameter.name}: {written(value)} {parameter.unit} ({', '.join(told)})"
