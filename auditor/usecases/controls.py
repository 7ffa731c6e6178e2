"""List the controls of both editions, and how far checks reach them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from auditor.model.framework import Control, ControlSide, Framework, MachineCoverage
from auditor.model.policy import Policy
from auditor.policy.loading import load_policy
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import catalogue_for
from controls.links import Links, links_of
from controls.loading import Catalogue, load_catalogue, load_not_automated

LANGUAGES = ("id", "en")
BOTH = "both"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which controls to list; empty means all. `without_checks`: only those that no check implements."""

    coverage: Sequence[str] = ()
    group: Sequence[str] = ()
    responsible: Sequence[str] = ()
    without_checks: bool = False


def catalogue_with(policy: Path | None) -> Catalogue:
    """Return the catalogue with the local checks of a policy file; None: the shipped one alone."""
    return catalogue_for(load_policy(policy)) if policy else load_catalogue()


def policy_with(policy: Path | None, catalogue: Catalogue) -> Policy:
    """Return a policy file whose choices fit a catalogue; None: the shipped one."""
    parameters = {check.id: {p.name: p for p in check.parameters} for check in catalogue.checks.values()}
    return load_policy(policy, check_parameters=parameters)


def control_rows(
    catalogue: Catalogue, edition: str, language: str, wanted: Wanted | None = None
) -> list[dict[str, Any]]:
    """Return one row per control of an edition, or of both; raise UsageProblem for an unknown filter."""
    refuse_language(language)
    chosen = wanted or Wanted()
    frameworks = _frameworks(catalogue, edition)
    groups = [group.id for framework in frameworks for group in framework.groups]
    refuse_unknown("coverage", chosen.coverage, [one.value for one in MachineCoverage])
    refuse_unknown("group", chosen.group, groups)
    refuse_unknown("responsible", chosen.responsible, [one.value for one in ControlSide])
    return [
        _control_row(control, framework, links, language)
        for framework in frameworks
        for links in (links_of(framework.edition, catalogue.checks),)
        for control in framework.controls
        if _is_wanted(control, links, chosen)
    ]


def _is_wanted(control: Control, links: Links, wanted: Wanted) -> bool:
    return (
        (not wanted.coverage or control.coverage in wanted.coverage)
        and (not wanted.group or control.group in wanted.group)
        and (not wanted.responsible or control.responsible in wanted.responsible)
        and not (wanted.without_checks and links.implementing(control.id))
    )


def _control_row(control: Control, framework: Framework, links: Links, language: str) -> dict[str, Any]:
    return {
        "control": control.id,
        "edition": framework.edition,
        "title": control.title[language],
        "group": control.group,
        "coverage": control.coverage.value,
        "responsible": control.responsible.value,
        "implements": len(links.implementing(control.id)),
        "related": len(links.related(control.id)),
        "other_edition": list(framework.crosswalk.get(control.id, ())),
    }


def coverage_rows(catalogue: Catalogue, by: str, language: str) -> list[dict[str, Any]]:
    """Return, per edition and reach of the machine (or per group), how many controls have checks.

    `explained` counts technical and partial controls that say why no check implements them.
    """
    refuse_language(language)
    refuse_unknown("--by", [by], list(_PARTS))
    return [
        {"edition": framework.edition, **labels, **_counts(controls, links)}
        for framework in catalogue.frameworks.values()
        for links in (links_of(framework.edition, catalogue.checks),)
        for labels, controls in _PARTS[by](framework, language)
    ]


_Part = tuple[Mapping[str, str], list[Control]]


def _by_coverage(framework: Framework, _language: str) -> list[_Part]:
    return [
        ({"coverage": reach.value}, [one for one in framework.controls if one.coverage is reach])
        for reach in MachineCoverage
    ]


def _by_group(framework: Framework, language: str) -> list[_Part]:
    return [
        (
            {"group": group.id, "title": group.title[language]},
            [one for one in framework.controls if one.group == group.id],
        )
        for group in framework.groups
    ]


_PARTS: Mapping[str, Callable[[Framework, str], list[_Part]]] = {
    "coverage": _by_coverage,
    "group": _by_group,
}


def _counts(controls: Sequence[Control], links: Links) -> dict[str, int]:
    implemented = [one for one in controls if links.implementing(one.id)]
    return {
        "controls": len(controls),
        **{reach.value: sum(one.coverage is reach for one in controls) for reach in MachineCoverage},
        "with_checks": len(implemented),
        "without_checks": len(controls) - len(implemented),
        "explained": sum(1 for one in controls if one.no_check),
    }


def not_automated_rows(language: str) -> list[dict[str, Any]]:
    """Return what no check decides; raise UsageProblem for a language without texts."""
    refuse_language(language)
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


def refuse_language(language: str) -> None:
    """Raise UsageProblem for a language without texts."""
    refuse_unknown("language", [language], LANGUAGES)


def refuse_unknown(what: str, values: Iterable[str], known: Sequence[str]) -> None:
    """Raise UsageProblem for the first value that is not known: an empty list would look like an answer."""
    for value in values:
        if value not in known:
            near = get_close_matches(value, known, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}? " if near else ""
            raise UsageProblem(f"there is no {what} {value}", f"{hint}choose of: {', '.join(known)}")


def _frameworks(catalogue: Catalogue, edition: str) -> tuple[Framework, ...]:
    refuse_unknown("edition", [edition], [*catalogue.frameworks, BOTH])
    return tuple(one for one in catalogue.frameworks.values() if edition in (BOTH, one.edition))
