"""A comparison as a workbook: OPD, causes, findings and controls, to be filtered and counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.model.movement import Cause
from auditor.model.scorecard import Scorecard
from auditor.model.subject import Subject
from reports.apportion import change_shown, parts_shown
from reports.comparison.pair import Pair, changed_controls, not_comparable
from reports.comparison.view import control_row, name_of, subject
from reports.view.changes import LISTS
from reports.view.labels import CAUSES, SEVERITIES, reason_label
from reports.words import N_
from reports.workbook import MOST_ROWS, Cell, Column, Percentage, Sheet, write_workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def render(pair: Pair) -> bytes:
    """Return the workbook of a comparison."""
    return write_workbook((_opds(pair), _causes(pair), _findings(pair), _controls(pair)))


def _sheet(
    pair: Pair, name: str, columns: Sequence[Column], rows: list[tuple[Cell, ...]], above: Iterable[str] = ()
) -> Sheet:
    words, data = pair.words, pair.after.data
    told = [" · ".join((subject(pair), data.policy.classification.upper())), *above]
    most = MOST_ROWS - len(told) - 2
    if len(rows) > most:
        rest = words.integer(len(rows) - most)
        told.append(words.say("%(count)s more rows do not fit in a sheet: see the JSON file.", count=rest))
    return Sheet(words.say(name), tuple(columns), rows[:most], tuple(told), 1)


def _opds(pair: Pair) -> Sheet:
    say = pair.words.say
    numbers = (say("Floor"), say("Ceiling"), say("Coverage"), say("Grade"))
    columns = [Column("OPD", 16), Column(say("Name"), 40)]
    for when in (say("Then"), say("Now")):
        columns += [Column(f"{number}, {when}", 16) for number in numbers]
    chosen = (*pair.opds, *(("",) if pair.whole else ()))
    rows = [(one, name_of(pair, one), *_numbers(pair, one)) for one in chosen]
    return _sheet(pair, N_("Then and now"), columns, rows, not_comparable(pair))


def _numbers(pair: Pair, opd_id: str) -> tuple[Cell, ...]:
    return tuple(cell for card in pair.cards(opd_id) for cell in _of_card(card))


def _of_card(card: Scorecard | None) -> tuple[Cell, ...]:
    if card is None or not card.score.applicable:
        return None, None, None, None
    score = card.score
    return (
        Percentage(score.floor),
        Percentage(score.ceiling),
        Percentage(score.coverage),
        card.grade.letter or None,
    )


def _causes(pair: Pair) -> Sheet:
    """Return the parts as the page prints them, so that they add up in the sheet too."""
    say = pair.words.say
    parts = [Column(say(CAUSES[cause][0]), 18) for cause in Cause]
    columns = [Column("OPD", 16), Column(say("Score"), 22), *parts, Column(say("Together"), 14)]
    rows: list[tuple[Cell, ...]] = []
    for opd_id in (*pair.opds, *(("",) if pair.whole else ())):
        compared = pair.after.data.comparisons.get(opd_id)
        if compared is None:
            continue
        for told, movement in (
            (say("Without exceptions"), compared.without_exceptions),
            (say("With exceptions"), compared.with_exceptions),
        ):
            shown = parts_shown(movement)
            rows.append(
                (opd_id, told, *(float(shown[cause]) for cause in Cause), float(change_shown(movement)))
            )
    return _sheet(pair, N_("Why scores moved"), columns, rows, (say("In percentage points of the floor."),))


def _findings(pair: Pair) -> Sheet:
    say, context = pair.words.say, pair.after
    titles = (
        (say("Change"), 26),
        ("OPD", 16),
        (say("Finding"), 16),
        (say("Check"), 50),
        (say("Severity"), 12),
        (say("Server"), 30),
        (say("Place"), 34),
        (say("Days"), 8),
        (say("Deadline"), 12),
        (say("Reason"), 40),
    )
    rows: list[tuple[Cell, ...]] = []
    for name, title, _ in LISTS:
        for one in getattr(context.data.changes, name, ()):
            if one.opd in pair.opds:
                rows.append(
                    (
                        say(title),
                        one.opd,
                        one.finding,
                        context.check_label(one.check),
                        say(SEVERITIES[one.severity]),
                        context.server_label(one.server),
                        context.endpoint(Subject.from_key(one.subject)),
                        one.days,
                        one.due,
                        reason_label(pair.words, pair.words.of(one.reason)) if one.reason else "",
                    )
                )
    return _sheet(pair, N_("Changes of findings"), [Column(text, width) for text, width in titles], rows)


def _controls(pair: Pair) -> Sheet:
    say = pair.words.say
    titles = (
        ("OPD", 16),
        (say("Control"), 12),
        (say("Title"), 44),
        (say("Then"), 20),
        (say("Now"), 20),
        (say("Why"), 70),
    )
    rows: list[tuple[Cell, ...]] = []
    for opd_id in pair.opds:
        for changed in changed_controls(pair, opd_id):
            row = control_row(pair, changed)
            told = "\n".join(row.why)
            rows.append((opd_id, row.control, row.title, row.before.label, row.after.label, told))
    return _sheet(
        pair, N_("Controls with another status"), [Column(text, width) for text, width in titles], rows
    )
