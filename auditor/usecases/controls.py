"""Look into the catalogue: controls, checks, how far they reach, and whether the files are sound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from auditor.model.check import Check
from auditor.model.framework import Framework, MachineCoverage
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import vocabulary
from controls.lint import lint
from controls.loading import Catalogue, load_catalogue, load_not_automated

LANGUAGES = ("id", "en")


def control_rows(edition: str, language: str) -> list[dict[str, Any]]:
    """Return one row per control of an edition."""
    catalogue = load_catalogue()
    framework = _framework(catalogue, edition, language)
    return [
        {
            "control": control.id,
            "title": control.title[language],
            "coverage": control.coverage.value,
            "implements": len(_checks_of(catalogue, edition, control.id, related=False)),
            "related": len(_checks_of(catalogue, edition, control.id, related=True)),
            "other_edition": list(framework.crosswalk.get(control.id, ())),
        }
        for control in framework.controls
    ]


def describe(name: str, edition: str, language: str) -> dict[str, Any]:
    """Return a control of an edition, or a check, as field → value; raise UsageProblem for neither."""
    catalogue = load_catalogue()
    framework = _framework(catalogue, edition, language)
    if name in catalogue.checks:
        return _describe_check(catalogue.checks[name], language)
    control = next((one for one in framework.controls if one.id == name), None)
    if control is None:
        raise UsageProblem(
            f"{name} is neither a control of {edition} nor a check",
            "see: auditor controls list --edition 2013",
        )
    return {
        "control": control.id,
        "edition": edition,
        "title": control.title[language],
        "coverage": control.coverage.value,
        "reason": control.reason[language],
        "papers": control.papers,
        "implemented by": _checks_of(catalogue, edition, name, related=False),
        "related checks": _checks_of(catalogue, edition, name, related=True),
        "other edition": list(framework.crosswalk.get(control.id, ())),
    }


def _describe_check(check: Check, language: str) -> dict[str, Any]:
    return {
        "check": check.id,
        "title": check.title[language],
        "severity": check.severity.value,
        "confidence": check.confidence.value,
        "subject": check.subject.value,
        "layer": check.layer.value,
        "needs consent": check.consent,
        "applies": check.applies,
        "pass": check.passes,
        "parameters": [f"{p.name}: {p.default} {p.unit} (loosest {p.loosest})" for p in check.parameters],
        "why": check.why[language],
        "references": [f"{one.source} {one.section}".strip() for one in check.references],
        **{f"controls {edition}": list(links.implements) for edition, links in check.controls.items()},
        **{f"fix {one.software}": f"{one.steps[language]}\n{one.config}" for one in check.remediation},
    }


def coverage_rows() -> list[dict[str, Any]]:
    """Return, per edition and reach of the machine, how many controls have implementing checks."""
    catalogue = load_catalogue()
    return [
        _coverage_row(catalogue, framework, reach)
        for framework in catalogue.frameworks.values()
        for reach in MachineCoverage
    ]


def _coverage_row(catalogue: Catalogue, framework: Framework, reach: MachineCoverage) -> dict[str, Any]:
    controls = [control.id for control in framework.controls if control.coverage is reach]
    with_checks = [c for c in controls if _checks_of(catalogue, framework.edition, c, related=False)]
    return {
        "edition": framework.edition,
        "coverage": reach.value,
        "controls": len(controls),
        "with_checks": len(with_checks),
        "without_checks": len(controls) - len(with_checks),
    }


def not_automated_rows(language: str) -> list[dict[str, Any]]:
    """Return what no check decides; raise UsageProblem for a language without texts."""
    _refuse_language(language)
    return [
        {
            "id": one.id,
            "area": one.area,
            "question": one.title[language],
            "reason": one.reason[language],
            "instead": one.instead[language],
        }
        for one in load_not_automated()
    ]


def lint_rows() -> tuple[int, list[dict[str, str]]]:
    """Return how many checks there are and every broken rule."""
    catalogue = load_catalogue()
    problems = lint(catalogue.checks, catalogue.frameworks, vocabulary())
    return len(catalogue.checks), [
        {"rule": one.rule, "check": one.check, "message": one.message} for one in problems
    ]


def _checks_of(catalogue: Catalogue, edition: str, control: str, *, related: bool) -> list[str]:
    def linked(check: Check) -> Iterable[str]:
        links = check.controls[edition]
        return links.related if related else links.implements

    return [check.id for check in catalogue.checks.values() if control in linked(check)]


def _refuse_language(language: str) -> None:
    if language not in LANGUAGES:
        raise UsageProblem(f"no texts in {language}", f"choose of: {', '.join(LANGUAGES)}")


def _framework(catalogue: Catalogue, edition: str, language: str) -> Framework:
    _refuse_language(language)
    if edition not in catalogue.frameworks:
        raise UsageProblem(f"no edition {edition}", f"choose of: {', '.join(catalogue.frameworks)}")
    return catalogue.frameworks[edition]
