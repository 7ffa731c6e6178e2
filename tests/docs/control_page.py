"""The page of all controls: how far a machine judges each, by which checks, who answers, what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model.framework import Control, ControlGroup, ControlSide, Framework, MachineCoverage
from controls.crosswalk import crosswalk_words
from controls.links import Links, links_of
from controls.loading import Catalogue
from tests.docs.tables import MADE, table

_COVERAGE = {
    MachineCoverage.TECHNICAL: "scans alone can show that the control is kept",
    MachineCoverage.PARTIAL: "scans show a part; the rest needs papers",
    MachineCoverage.SUPPORTING: "scans can only speak against it or support it",
    MachineCoverage.ATTESTATION: "no scan says anything; a person has to attest it",
}
_SIDES = {
    ControlSide.CENTRE: "the IT centre",
    ControlSide.OPD: "the OPD",
    ControlSide.SHARED: "the IT centre and the OPD, each for a part",
}
_INTRODUCTION = (
    "Numbers and short titles of Annex A. The Indonesian titles are our own translations or common public "
    "wording; none claims to be that of the national edition. On the command line: "
    "`auditor controls list`, `auditor controls show A.8.24`, `auditor controls coverage`; there questions "
    "and reasons are told in Indonesian too, with the papers usually asked for and the questions of Indeks "
    "KAMI. *Reach* says how far a machine can judge a control at all, whatever checks exist:"
)


def controls_page(catalogue: Catalogue) -> Iterator[str]:
    """Yield the lines of the page."""
    yield from (MADE, "", "# Controls and how far scans reach", "", _INTRODUCTION, "")
    yield from (f"- **{reach.value}**: {meaning}" for reach, meaning in _COVERAGE.items())
    yield from ("", "*Answers* says who answers for a control as a whole:", "")
    yield from (f"- **{side.value}**: {meaning}" for side, meaning in _SIDES.items())
    for framework in catalogue.frameworks.values():
        links = links_of(framework.edition, catalogue.checks)
        yield from ("", f"## Edition {framework.edition}", "")
        yield from _totals(framework, links)
        for group in framework.groups:
            yield from _section(framework, group, links)
    yield from _crosswalk(catalogue.frameworks["2013"], catalogue.frameworks["2022"])
    yield from _crosswalk(catalogue.frameworks["2022"], catalogue.frameworks["2013"])


def _totals(framework: Framework, links: Links) -> Iterator[str]:
    columns = ("Reach", "Controls", "With an implementing check", "Without", "Of these explained")
    rows = [
        _counts(reach.value, [one for one in framework.controls if one.coverage is reach], links)
        for reach in MachineCoverage
    ]
    yield from table(columns, [*rows, _counts("**all**", framework.controls, links)])
    sides = (
        (side.value, sum(1 for one in framework.controls if one.responsible is side)) for side in ControlSide
    )
    yield ""
    yield from table(("Answers", "Controls"), sides)


def _counts(name: str, controls: Iterable[Control], links: Links) -> tuple[object, ...]:
    listed = list(controls)
    spoken = [one for one in listed if links.implementing(one.id)]
    explained = [one for one in listed if one.no_check]
    return name, len(listed), len(spoken), len(listed) - len(spoken), len(explained)


def _section(framework: Framework, group: ControlGroup, links: Links) -> Iterator[str]:
    controls = [one for one in framework.controls if one.group == group.id]
    heading = f"{group.id} of {framework.edition}: {group.title['en']} ({group.title['id']})"
    yield from ("", f"### {heading}", "")
    columns = ("Control", "Title", "Reach", "Checks", "Related", "Answers", "Question, and why no check")
    yield from table(columns, (_cells(control, links) for control in controls))
    implemented = [one for one in controls if links.implementing(one.id)]
    if implemented:
        yield from ("", "Implementing checks:", "")
        yield from (f"- **{one.id}**: {', '.join(links.implementing(one.id))}" for one in implemented)


def _cells(control: Control, links: Links) -> Iterator[object]:
    yield control.id
    yield f"{control.title['en']}<br>*{control.title['id']}*"
    yield control.coverage.value
    yield len(links.implementing(control.id)) or ""
    yield len(links.related(control.id)) or ""
    yield control.responsible.value
    why = f"<br>**No check:** {control.no_check['en']}" if control.no_check else ""
    yield control.question["en"] + why


def _crosswalk(framework: Framework, other: Framework) -> Iterator[str]:
    yield from ("", f"## From {framework.edition} to {other.edition}", "")
    rows = (
        (one.id, one.title["en"], "; ".join(crosswalk_words(one.id, framework, other, "en")))
        for one in framework.controls
    )
    yield from table((framework.edition, "Title", other.edition), rows)
