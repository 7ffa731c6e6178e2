"""What is made from the catalogue and from round trips: checks, controls, rules, remedies and proofs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from auditor.model.check import Check, Severity
from auditor.model.subject import SubjectKind
from controls.lint_rules import RULES
from controls.loading import CATALOGUE, Catalogue, load_catalogue, load_not_automated
from tests.docs.control_page import controls_page
from tests.docs.remedies_page import remedies_page
from tests.docs.tables import MADE, table
from tests.lab.roundtrip.proofs import proofs_file

ROOT = Path(__file__).resolve().parents[2]

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


def pages() -> dict[Path, str]:
    """Return path → text of every generated page."""
    catalogue = load_catalogue()
    return {
        ROOT / "docs/checks.md": _text(_checks(catalogue)),
        ROOT / "docs/controls.md": _text(controls_page(catalogue)),
        ROOT / "docs/remedies.md": _text(remedies_page()),
        ROOT / "docs/rules.md": _text(_rules()),
        CATALOGUE / "proofs.json": proofs_file(),
    }


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _checks(catalogue: Catalogue) -> Iterator[str]:
    count = Counter(check.severity for check in catalogue.checks.values())
    listed = ", ".join(f"{count[severity]} {severity.value}" for severity in Severity)
    yield from (MADE, "", "# Checks", "")
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
        yield from table(columns, (_check_cells(check) for check in chosen))
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
    yield from table(("Question", "Pertanyaan", "Why no check", "Instead"), rows)


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


def _rules() -> Iterator[str]:
    yield from (
        MADE.replace("controls/catalogue; change the catalogue", "controls/lint_rules.py; change that"),
        "",
    )
    yield from ("# Rules of the catalogue", "")
    yield (
        "Every file of the catalogue, and every check of an organisation's own, keeps these rules. A broken "
        "one is told with file, line and column by `auditor controls lint`, local checks also before every "
        "audit; `tests/controls/broken/*.yaml` holds for each rule a file that breaks it and no other."
    )
    yield ""
    yield from table(("Rule", "What it demands"), ((f"`{rule}`", demands) for rule, demands in RULES.items()))
