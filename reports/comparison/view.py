"""The page that compares two audits."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.scorecard import ControlResult, Level, Scorecard
from auditor.model.verdict import Status
from reports.comparison.pair import ChangedControl, Pair, changed_controls, not_comparable
from reports.view.change import ChangeView, change_view
from reports.view.changes import ChangesView, changes_view
from reports.view.context import Context
from reports.view.identity import Letterhead, Row, document_rows, letterhead, proof_rows
from reports.view.labels import VERDICTS, Badge, badge
from reports.view.score import ScoreView, score_view
from reports.visible import shown
from reports.words import Words, truncated

PREFIX = "PB"
_MOST_CHECKS = 5


@dataclass(frozen=True, slots=True)
class NumbersView:
    """Floor, ceiling, coverage and grade of one audit; not `there`: the audit has no card of the OPD."""

    there: bool
    score: ScoreView | None = None
    grade: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """One OPD then and now; `changes` are those of floor, ceiling and coverage as they are printed."""

    id: str
    name: str
    before: NumbersView
    after: NumbersView
    changes: tuple[str, str, str]
    same_rules: bool


@dataclass(frozen=True, slots=True)
class ControlRow:
    """A control whose status is another one; `why` names the checks that came to another verdict.

    The page shows the first of them, those first that fail or failed; `left` counts the others.
    """

    control: str
    title: str
    before: Badge
    after: Badge
    why: tuple[str, ...]
    left: str

    @property
    def first(self) -> tuple[str, ...]:
        """Return those that the page shows."""
        return self.why[:_MOST_CHECKS]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One OPD: why its numbers moved, what became of its findings, and its controls that changed."""

    id: str
    name: str
    change: ChangeView | None
    changes: ChangesView | None
    controls: tuple[ControlRow, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The whole page. `not_comparable` is said before any number."""

    head: Letterhead
    document: tuple[Row, ...]
    subject: str
    audits: tuple[tuple[str, tuple[Row, ...], tuple[Row, ...]], ...]
    """Name of each audit, what it was about, and the digests behind its numbers."""
    not_comparable: tuple[str, ...]
    rows: tuple[RowView, ...]
    whole: ChangeView | None
    has_controls: bool
    sections: tuple[SectionView, ...]


def comparison_view(pair: Pair) -> ComparisonView:
    """Return the page of two audits."""
    of = pair.opds[0] if len(pair.opds) == 1 and not pair.whole else None
    return ComparisonView(
        head=letterhead(pair.after, of),
        document=document_rows(pair.after, PREFIX, of),
        subject=subject(pair),
        audits=tuple(
            (pair.words.say(label), _audit(context, of), proof_rows(context))
            for label, context in (("Earlier audit", pair.before), ("Later audit", pair.after))
        ),
        not_comparable=tuple(not_comparable(pair)),
        rows=tuple(opd_row(pair, one) for one in (*pair.opds, *(("",) if pair.whole else ()))),
        whole=change_view(pair.after, "") if pair.whole else None,
        has_controls=pair.has_controls,
        sections=tuple(_section(pair, one) for one in pair.opds),
    )


def subject(pair: Pair) -> str:
    """Say which two days are compared."""
    words = pair.words
    return words.say(
        "%(before)s and %(after)s",
        before=words.moment(pair.before.data.run.started_at),
        after=words.moment(pair.after.data.run.started_at),
    )


def _audit(context: Context, opd_id: str | None) -> tuple[Row, ...]:
    """Return when an audit was made, and of what."""
    wanted = {context.words.say("Time of measurement"), context.words.say("Scope")}
    return tuple(row for row in document_rows(context, PREFIX, opd_id) if row.label in wanted)


def name_of(pair: Pair, opd_id: str) -> str:
    """Name an OPD as the later audit knows it, else as the earlier one did; "" is all of them."""
    if not opd_id:
        return pair.words.say("All OPD together")
    known = opd_id in {opd.id for opd in pair.after.data.inventory.opds}
    return (pair.after if known else pair.before).opd_label(opd_id)


def opd_row(pair: Pair, opd_id: str) -> RowView:
    """Return the numbers of an OPD ("" = the organisation) then and now."""
    before, after = pair.cards(opd_id)
    comparison = pair.after.data.comparisons.get(opd_id)
    return RowView(
        id=opd_id,
        name=name_of(pair, opd_id),
        before=_numbers(pair.words, before),
        after=_numbers(pair.words, after),
        changes=_differences(pair.words, before, after),
        same_rules=comparison is None or comparison.same_rules,
    )


def _numbers(words: Words, card: Scorecard | None) -> NumbersView:
    if card is None:
        return NumbersView(there=False)
    return NumbersView(True, score_view(words, card.score), card.grade.letter)


def _differences(words: Words, before: Scorecard | None, after: Scorecard | None) -> tuple[str, str, str]:
    if before is None or after is None or not _comparable(before.own) or not _comparable(after.own):
        return "–", "–", "–"
    then, now = before.score, after.score
    pairs = ((then.floor, now.floor), (then.ceiling, now.ceiling), (then.coverage, now.coverage))
    floor, ceiling, coverage = (words.points(truncated(to) - truncated(of)) for of, to in pairs)
    return floor, ceiling, coverage


def _comparable(level: Level) -> bool:
    return level.score.applicable > 0


def _section(pair: Pair, opd_id: str) -> SectionView:
    return SectionView(
        id=opd_id,
        name=name_of(pair, opd_id),
        change=change_view(pair.after, opd_id),
        changes=changes_view(pair.after, opd_id),
        controls=tuple(control_row(pair, one) for one in changed_controls(pair, opd_id)),
    )


def control_row(pair: Pair, changed: ChangedControl) -> ControlRow:
    """Return a control whose status is another one, with the checks behind it."""
    words = pair.words
    titles = {one.id: words.of(one.title) for one in pair.after.framework.controls}
    why = tuple(_why(pair, changed.before, changed.after))
    left = len(why) - _MOST_CHECKS
    return ControlRow(
        control=shown(changed.after.control),
        title=shown(titles.get(changed.after.control, "")),
        before=badge(words, changed.before.status),
        after=badge(words, changed.after.status),
        why=why,
        left=words.plural("and %(count)s more", "and %(count)s more", left) if left > 0 else "",
    )


def _why(pair: Pair, before: ControlResult, after: ControlResult) -> list[str]:
    """Name an answer of people that is another one, and the checks whose worst verdict is another one."""
    words, told = pair.words, []
    if before.attested != after.attested:
        told.append(words.say("What people answered about it is another answer, or ended."))
    if before.applied != after.applied:
        told.append(words.say("Whether it applies was decided anew, or the decision ended."))
    return told + [
        words.say(
            "%(check)s: %(before)s → %(after)s",
            check=pair.after.check_label(check),
            before=words.say(VERDICTS[then]) if then else "–",
            after=words.say(VERDICTS[now]) if now else "–",
        )
        for check, then, now in _moved(before, after)
    ]


def _moved(before: ControlResult, after: ControlResult) -> list[tuple[str, Status | None, Status | None]]:
    """Return check, verdict then and now where they differ, those first that fail or failed."""
    checks = {*before.checks, *after.checks}
    pairs = [(check, before.checks.get(check), after.checks.get(check)) for check in checks]
    moved = [one for one in pairs if one[1] is not one[2]]
    return sorted(moved, key=lambda one: (Status.FAIL not in one[1:], one[0]))
