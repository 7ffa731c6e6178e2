"""findings what-if: what fixing would bring, and the shortest list to a better grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.options import WORKSPACE, FormatOption, LanguageOption, OpdOption, WorkspaceOption
from auditor.cli.output import Format, print_json, print_listing, say, warn

if TYPE_CHECKING:
    from auditor.model.next_grade import Blocker
    from auditor.model.scorecard import Grade, Level, Score
    from auditor.usecases.what_if import Fixed
    from controls.loading import Catalogue
    from controls.next_grade import Step, Way
    from controls.what_if import Change
    from reports.words import Words

_FIXED_COLUMNS = (
    *("opd", "answers", "hours", "floor", "floor_after", "grade", "grade_after"),
    *("floor_excepted", "floor_excepted_after", "grade_excepted", "grade_excepted_after", "findings"),
)
_STEP_COLUMNS = (
    *("opd", "step", "severity", "check", "title", "server", "hours", "floor", "grade"),
    *("grade_excepted", "findings"),
)
_ALL = "(organization)"
_NAMED = 5
_WORDS = {
    "en": {
        "point": ".",
        "withheld": "withheld",
        "standing": "grade {letter}, floor {floor}",
        "best": "There is no better grade.",
        "blocked": "Fixing alone cannot reach {letter}:",
        "everything": "Fixing everything gives",
        "reached": "{letter} is reached already.",
        "takes": "{letter} takes {findings} and about {hours}: then",
        "finding": "{count} finding",
        "findings": "{count} findings",
        "hour": "{count} hour",
        "hours": "{count} hours",
        "unjudged": "not judged:",
        "more": "and {count} more",
        "see": "see:",
    },
    "id": {
        "point": ",",
        "withheld": "ditahan",
        "standing": "predikat {letter}, batas bawah {floor}",
        "best": "Tidak ada predikat yang lebih baik.",
        "blocked": "Perbaikan temuan saja tidak mencapai {letter}:",
        "everything": "Memperbaiki semuanya menghasilkan",
        "reached": "{letter} sudah tercapai.",
        "takes": "{letter} memerlukan {findings} dan sekitar {hours}: kemudian",
        "finding": "perbaikan {count} temuan",
        "findings": "perbaikan {count} temuan",
        "hour": "{count} jam kerja",
        "hours": "{count} jam kerja",
        "unjudged": "belum dapat dinilai:",
        "more": "dan {count} lainnya",
        "see": "lihat:",
    },
}
"""What is said about a way, by language."""


def what_if(
    findings: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FINDING]...", help="Ids of findings, such as F-0123456789ab."),
    ] = None,
    opd: OpdOption = None,
    grade: Annotated[str, typer.Option("--grade", help="The grade to reach; the next one by default.")] = "",
    with_exceptions: Annotated[
        bool, typer.Option("--with-exceptions", help="About the grade with exceptions: accepted risks stay.")
    ] = False,
    run_id: Annotated[str, typer.Option("--run", help="The audit; the newest judged by default.")] = "",
    workspace: WorkspaceOption = WORKSPACE,
    form: FormatOption = Format.TABLE,
    language: LanguageOption = "",
) -> None:
    """Say what fixing findings would bring; without any, list the fewest that reach the next grade."""
    from auditor.store.workspace import open_workspace
    from auditor.usecases.errors import UsageProblem
    from auditor.usecases.reporting import judged_run, refuse_wrong_choices
    from auditor.usecases.what_if import fixed, unjudged_checks, ways
    from controls.loading import load_catalogue

    refuse_wrong_choices((), language)
    if findings and (grade or with_exceptions):
        raise UsageProblem(
            "findings and a grade to reach were both given", "name either what to fix or what to reach"
        )
    store = open_workspace(workspace)
    run, catalogue = judged_run(store, run_id), load_catalogue()
    if findings:
        _print_fixed(fixed(store, run, catalogue, findings, opd or ()), run.id, form)
        return
    found = ways(store, run, catalogue, opd or (), grade, excepted=with_exceptions)
    spoken = language or store.runs.inputs(run.id).policy.language
    blocked = {way.opd: unjudged_checks(store, run, way.opd) for way in found if way.blocked_by}
    _print_ways(found, blocked, catalogue, spoken, form)


def _print_fixed(found: Fixed, run_id: str, form: Format) -> None:
    for finding, status in found.not_failing.items():
        why = status.value.replace("_", " ") if status else "not part of it"
        warn(f"{finding} does not fail in {run_id} ({why}): fixing it changes nothing")
    rows = [row for change in found.changes.values() for row in _sides(change)]
    print_listing(rows, _FIXED_COLUMNS, form, "")


def _sides(change: Change) -> Iterator[dict[str, Any]]:
    """Yield one row for what the OPD answers for, and one for the centre where a finding is the centre's."""
    opd, mine = change.opd or _ALL, change.findings
    hours = float(change.hours)
    yield {"opd": opd, "answers": "own", "findings": list(mine), "hours": hours, **_levels(*change.own)}
    if change.of_centre and change.opd:
        theirs = list(change.of_centre)
        yield {"opd": opd, "answers": "centre", "findings": theirs, "hours": None, **_levels(*change.centre)}


def _levels(before: Level, after: Level) -> dict[str, Any]:
    return {
        "floor": _floor(before.score),
        "floor_after": _floor(after.score),
        "grade": _letter(before.grade),
        "grade_after": _letter(after.grade),
        "floor_excepted": _floor(before.with_waivers),
        "floor_excepted_after": _floor(after.with_waivers),
        "grade_excepted": _letter(before.grade_with_waivers),
        "grade_excepted_after": _letter(after.grade_with_waivers),
    }


def _print_ways(
    ways: Sequence[Way],
    blocked: Mapping[str, Sequence[str]],
    catalogue: Catalogue,
    language: str,
    form: Format,
) -> None:
    """Print the ways; `blocked` is OPD id → checks that could not be judged, where that stands in the way."""
    if form is Format.JSON:
        print_json(
            [
                {**_record(way, catalogue, language), "unjudged_checks": list(blocked.get(way.opd, ()))}
                for way in ways
            ]
        )
        return
    rows = {way.opd: list(_steps(way, catalogue, language)) for way in ways}
    if form is Format.CSV:
        print_listing([row for listed in rows.values() for row in listed], _STEP_COLUMNS, form, "")
        return
    for way in ways:
        for line in _said(way, blocked.get(way.opd, ()), language):
            say(line)
        if way.steps:
            print_listing(rows[way.opd], _STEP_COLUMNS[1:], form, "")
        say("")


def _steps(way: Way, catalogue: Catalogue, language: str) -> Iterator[dict[str, Any]]:
    for number, step in enumerate(way.steps, start=1):
        yield {"opd": way.opd, "step": number, **_step(step, catalogue, language)}


def _step(step: Step, catalogue: Catalogue, language: str) -> dict[str, Any]:
    from reports.view.labels import not_met
    from reports.words import Words

    check = catalogue.checks.get(step.fix.cell[1])
    return {
        "severity": step.fix.severity.value,
        "check": step.fix.cell[1],
        "title": not_met(Words(language, "UTC"), check.title[language]) if check else "",
        "server": step.fix.cell[2],
        "findings": list(step.fix.findings),
        "weight": float(step.fix.weight),
        "hours": float(step.fix.hours),
        "floor": _floor(step.after.score),
        "grade": _letter(step.after.grade),
        "floor_excepted": _floor(step.after.with_waivers),
        "grade_excepted": _letter(step.after.grade_with_waivers),
    }


def _record(way: Way, catalogue: Catalogue, language: str) -> dict[str, Any]:
    score, grade = _number(way.everything, way.excepted)
    return {
        "opd": way.opd,
        "with_exceptions": way.excepted,
        "to": way.letter,
        **_levels(way.before, way.after),
        "findings": list(way.findings),
        "hours": float(way.hours),
        "steps": [_step(step, catalogue, language) for step in way.steps],
        "blocked_by": [
            {"obstacle": one.obstacle.value, "unjudged": dict(one.unjudged)} for one in way.blocked_by
        ],
        "everything_fixed": {"floor": _floor(score), "grade": _letter(grade)},
    }


def _said(way: Way, unjudged: Sequence[str], language: str) -> Iterator[str]:
    """Yield what a way comes to, in a few lines of one language."""
    from reports.words import Words

    words = Words(language, "UTC")
    own = _WORDS[language]
    score, grade = _number(way.before, way.excepted)
    now = f"{way.opd}: {_standing(score, grade, language)}"
    if not way.letter:
        yield f"{now}. {own['best']}"
    elif way.blocked_by:
        yield f"{now}. {own['blocked'].format(letter=way.letter)}"
        yield from (f"- {_obstacle(one, words)}" for one in way.blocked_by)
        yield from _named(way.opd, unjudged, language)
        yield f"{own['everything']} {_standing(*_number(way.everything, way.excepted), language)}."
    elif not way.steps:
        yield f"{now}. {own['reached'].format(letter=way.letter)}"
    else:
        findings, hours = len(way.findings), words.quantity(float(way.hours))
        takes = own["takes"].format(
            letter=way.letter,
            findings=own["finding" if findings == 1 else "findings"].format(count=findings),
            hours=own["hour" if float(way.hours) == 1 else "hours"].format(count=hours),
        )
        yield f"{now}. {takes} {_standing(*_number(way.after, way.excepted), language)}."


def _obstacle(blocker: Blocker, words: Words) -> str:
    from reports.view.labels import SEVERITIES
    from reports.view.way import OBSTACLES

    counts = ", ".join(f"{count} {words.say(SEVERITIES[one])}" for one, count in blocker.unjudged.items())
    return words.say(OBSTACLES[blocker.obstacle]) + (f" ({counts})" if counts else "")


def _named(opd: str, unjudged: Sequence[str], language: str) -> Iterator[str]:
    """Yield the first checks that could not be judged, and how to list them all."""
    if not unjudged:
        return
    own, more = _WORDS[language], len(unjudged) - _NAMED
    rest = f" {own['more'].format(count=more)}" if more > 0 else ""
    listing = f"auditor verdicts --opd {opd} --status UNKNOWN"
    yield f"  {own['unjudged']} {', '.join(unjudged[:_NAMED])}{rest} ({own['see']} {listing})"


def _standing(score: Score, grade: Grade, language: str) -> str:
    own = _WORDS[language]
    floor = f"{_floor(score):.2f}".replace(".", own["point"])
    return own["standing"].format(letter=grade.letter or own["withheld"], floor=floor)


def _number(level: Level, excepted: bool) -> tuple[Score, Grade]:
    return (level.with_waivers, level.grade_with_waivers) if excepted else (level.score, level.grade)


def _letter(grade: Grade) -> str:
    return grade.letter or "withheld"


def _floor(score: Score) -> float:
    from reports.words import truncated

    return float(truncated(score.floor, 2))
