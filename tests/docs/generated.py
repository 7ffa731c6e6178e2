"""The pages of docs/ that are made from the catalogue: every check, and every control of both editions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from auditor.model.check import Check, Severity
from auditor.model.framework import Control, Framework, MachineCoverage
from auditor.model.subject import SubjectKind
from controls.loading import CATALOGUE, Catalogue, load_catalogue, load_not_automated

ROOT = Path(__file__).resolve().parents[2]

_MADE = "<!-- Made by scripts/write-docs from controls/catalogue; change the catalogue, not this page. -->"
_SUBJECTS = {
    SubjectKind.ADDRESS: "Addresses: what answers at an address as a whole",
    SubjectKind.SERVICE: "Services: one open port",
    SubjectKind.TLS: "TLS: a port that speaks it, directly or after STARTTLS",
    SubjectKind.CERTIFICATE: "Certificates: one certificate served for one name",
    SubjectKind.SSH: "SSH: one port that speaks it",
    SubjectKind.HTTP: "Sites: a port that speaks HTTP, asked for one name",
    SubjectKind.DOMAIN: "Domains: what DNS says of a name",
    SubjectKind.NETWORK: "Networks: which addresses of a zone are in use",
}
_COVERAGE = {
    MachineCoverage.TECHNICAL: "scans alone can show that the control is kept",
    MachineCoverage.PARTIAL: "scans show a part; the rest needs papers",
    MachineCoverage.SUPPORTING: "scans can only speak against it or support it",
    MachineCoverage.ATTESTATION: "no scan says anything; a person has to attest it",
}


def pages() -> dict[Path, str]:
    """Return path → text of every generated page."""
    catalogue = load_catalogue()
    return {
        ROOT / "docs/checks.md": _text(_checks(catalogue)),
        ROOT / "docs/controls.md": _text(_controls(catalogue)),
    }


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    names = tuple(columns)
    yield _row(names)
    yield _row("---" for _ in names)
    yield from (_row(row) for row in rows)
    yield ""


def _checks(catalogue: Catalogue) -> Iterator[str]:
    count = Counter(check.severity for check in catalogue.checks.values())
    listed = ", ".join(f"{count[severity]} {severity.value}" for severity in Severity)
    yield from (_MADE, "", "# Checks", "")
    yield (
        f"{len(catalogue.checks)} checks: {listed}. A check names the controls that it implements, at most "
        "three of an edition; a result is evidence for or against them, never proof of conformity by itself. "
        "Each id leads to its file, which holds the question, the reasons, the fix and the examples; on the "
        "command line: `auditor controls show CHECK`."
    )
    yield from ("", "*Consent*: runs only when the authorization names the check.", "")
    yield "*Inferred*: the facts suggest the verdict and do not prove it."
    for kind, heading in _SUBJECTS.items():
        yield from ("", f"## {heading}", "")
        columns = ("Check", "Severity", "Title", "Judul", "2013", "2022", "Notes")
        chosen = [check for check in catalogue.checks.values() if check.subject is kind]
        chosen.sort(key=lambda check: (check.severity.rank, check.id))
        yield from list(_table(columns, (_check_cells(check) for check in chosen)))[:-1]
    yield from _not_automated()


def _not_automated() -> Iterator[str]:
    yield from ("", "## What no check decides, and why", "")
    yield (
        "Wanted, and left to people: no measurement from the network settles these. The list stands in "
        "`controls/catalogue/not-automated*.yaml`; on the command line: `auditor controls not-automated`."
    )
    yield ""
    rows = (
        (one.title["en"], one.title["id"], one.reason["en"], one.instead["en"])
        for one in load_not_automated()
    )
    yield from list(_table(("Question", "Pertanyaan", "Why no check", "Instead"), rows))[:-1]


def _check_cells(check: Check) -> Iterator[str]:
    notes = [
        word
        for word, holds in (("consent", check.consent), ("inferred", check.confidence == "inferred"))
        if holds
    ]
    yield f"[{check.id}](../{_file_of(check.id)})"
    yield check.severity.value
    yield check.title["en"]
    yield check.title["id"]
    yield ", ".join(check.controls["2013"].implements)
    yield ", ".join(check.controls["2022"].implements)
    yield ", ".join(notes)


def _file_of(check: str) -> str:
    (path,) = (CATALOGUE / "checks").rglob(f"{check}.yaml")
    return str(path.relative_to(ROOT))


def _controls(catalogue: Catalogue) -> Iterator[str]:
    yield from (_MADE, "", "# Controls and how far scans reach", "")
    yield (
        "Numbers and short titles of Annex A. The Indonesian titles are our own translations or common "
        "public wording; none claims to be that of the national edition. *Reach* says how far a machine can "
        "judge a control at all, whatever checks exist:"
    )
    yield ""
    yield from (f"- **{reach.value}**: {meaning}" for reach, meaning in _COVERAGE.items())
    for framework in catalogue.frameworks.values():
        yield from ("", f"## Edition {framework.edition}", "")
        yield from _summary(framework, catalogue)
        yield from list(_control_table(framework, catalogue))[:-1]


def _summary(framework: Framework, catalogue: Catalogue) -> Iterator[str]:
    def row(reach: MachineCoverage) -> tuple[object, ...]:
        controls = [control for control in framework.controls if control.coverage is reach]
        spoken = [c for c in controls if _linked(catalogue, framework, c, related=False)]
        return reach.value, len(controls), len(spoken), len(controls) - len(spoken)

    yield from _table(
        ("Reach", "Controls", "With an implementing check", "Without"),
        (row(reach) for reach in MachineCoverage),
    )


def _control_table(framework: Framework, catalogue: Catalogue) -> Iterator[str]:
    columns = ("Control", "Title", "Judul", "Reach", "Implemented by", "Related checks", "Other edition")
    return _table(columns, (_control_cells(framework, control, catalogue) for control in framework.controls))


def _control_cells(framework: Framework, control: Control, catalogue: Catalogue) -> Iterator[object]:
    yield control.id
    yield control.title["en"]
    yield control.title["id"]
    yield control.coverage.value
    yield ", ".join(_linked(catalogue, framework, control, related=False))
    yield ", ".join(_linked(catalogue, framework, control, related=True))
    yield ", ".join(framework.crosswalk.get(control.id, ()))


def _linked(catalogue: Catalogue, framework: Framework, control: Control, *, related: bool) -> list[str]:
    return [
        check.id
        for check in catalogue.checks.values()
        for links in (check.controls[framework.edition],)
        if control.id in (links.related if related else links.implements)
    ]
