"""Hold check files against the rules, and begin new ones."""

from __future__ import annotations

from pathlib import Path

from auditor.model.check import Severity
from auditor.model.subject import SubjectKind
from auditor.usecases.controls import refuse_unknown
from auditor.usecases.errors import UsageProblem
from auditor.usecases.inputs import vocabulary
from controls.lint import lint
from controls.lint_files import ID_FORM, LOCAL
from controls.lint_rules import RULES, LintProblem
from controls.loading import CATALOGUE, load_catalogue, load_not_automated, written_files
from controls.loading_local import lint_local, local_files
from controls.skeleton import skeleton

_CHECKS = (CATALOGUE / "checks").resolve()
_LONGEST = 63
"""Characters of an id."""


def rule_rows() -> list[dict[str, str]]:
    """Return every rule with what it demands."""
    return [{"rule": rule, "demands": demands} for rule, demands in RULES.items()]


def lint_rows(folder: Path | None) -> tuple[int, list[dict[str, str | int]]]:
    """Return how many files were held against the rules, and every broken rule.

    Without a folder those are all shipped files, otherwise the local checks of the folder. Raise
    DocumentError for what cannot be read, UsageProblem when there is no such folder.
    """
    if folder is None:
        shipped = written_files()
        return len(shipped), [_row(one) for one in lint(shipped, vocabulary())]
    if not folder.is_dir():
        raise UsageProblem(
            f"{folder} is no folder",
            "name the folder of your checks; begin one with: auditor controls new-check",
        )
    files = local_files(folder)
    return len(files), [_row(one) for one in lint_local(files, load_catalogue(), vocabulary())]


def _row(problem: LintProblem) -> dict[str, str | int]:
    where = problem.where
    return {
        "rule": problem.rule,
        "where": f"{where.file}:{where.line}:{where.column}",
        "message": where.message,
        "file": where.file,
        "line": where.line,
        "column": where.column,
    }


def new_check(name: str, subject: str, severity: str, folder: Path) -> Path:
    """Write the skeleton of a check into a folder and return its path.

    Raise UsageProblem for an id that is none or is taken, and for a file that is there already.
    """
    refuse_unknown("subject", [subject], [one.value for one in SubjectKind])
    refuse_unknown("severity", [severity], [one.value for one in Severity])
    _refuse_name(name, shipped=folder.resolve().is_relative_to(_CHECKS))
    path = folder / f"{name}.yaml"
    text = skeleton(name, SubjectKind(subject), Severity(severity), vocabulary())
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageProblem(f"{path} is there already", "give the new check another id") from None
    return path


def _refuse_name(name: str, *, shipped: bool) -> None:
    example = f"write for example: {'' if shipped else LOCAL}http-status-hidden"
    if shipped == name.startswith(LOCAL):
        begins = f"ids of local checks, and of no others, begin with {LOCAL}"
        raise UsageProblem(f"{name} cannot be the id here: {begins}", example)
    if not ID_FORM.fullmatch(name.removeprefix(LOCAL)) or len(name) > _LONGEST:
        raise UsageProblem(
            f"{name} is no id of at most {_LONGEST} characters: area-object-state, small letters and digits",
            example,
        )
    taken = {*load_catalogue().checks, *(one.id for one in load_not_automated())}
    if name in taken:
        raise UsageProblem(f"the id {name} is taken", "give the new check another id")
