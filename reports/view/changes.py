"""What became of an agency's findings since the audit before: fixed, new, found again, not measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditor.model.changes import ChangedFinding
from auditor.model.subject import Subject
from reports.view.context import Context
from reports.view.labels import Badge, badge, not_met, reason_label
from reports.visible import shown
from reports.words import N_, Words

_LONGEST_LIST = 15


@dataclass(frozen=True, slots=True)
class ChangedView:
    """One finding in a list: `told` is how long it took, has been open, or was not seen, and why."""

    id: str
    title: str
    severity: Badge
    server: str
    endpoint: str
    told: str


@dataclass(frozen=True, slots=True)
class ChangeListView:
    """One list; `left` says how many findings more it has than are shown."""

    kind: str
    title: str
    count: str
    rows: tuple[ChangedView, ...]
    left: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """The lists that have something in them; `sentence` says since when, `nothing` that there are none."""

    sentence: str
    nothing: str
    lists: tuple[ChangeListView, ...]


def _took(words: Words, days: int) -> str:
    return words.plural("fixed after %(count)s day", "fixed after %(count)s days", days)


def _stands(words: Words, days: int) -> str:
    return words.plural("open for %(count)s day", "open for %(count)s days", days)


def _unseen(words: Words, days: int) -> str:
    return words.plural("seen last %(count)s day before", "seen last %(count)s days before", days)


LISTS: tuple[tuple[str, str, Callable[[Words, int], str] | None], ...] = (
    ("fixed", N_("Fixed, proven by measurement"), _took),
    ("new", N_("New"), None),
    ("redetected", N_("Found again"), _stands),
    ("not_measured", N_("Seen before, not measured now"), _unseen),
    ("out_of_scope", N_("Closed without being fixed"), None),
)
"""List of changes → its title, and how its days are worded."""


def changes_view(context: Context, opd_id: str) -> ChangesView | None:
    """Return what became of an OPD's findings; None when there was no audit before."""
    changes, words = context.data.changes, context.words
    if changes is None or changes.since is None:
        return None
    mine = changes.of_opd(opd_id)
    lists = tuple(
        _list(context, name, words.say(title), getattr(mine, name), told)
        for name, title, told in LISTS
        if getattr(mine, name)
    )
    since = words.moment(changes.since)
    return ChangesView(
        sentence=words.say("Since the audit of %(moment)s; re-tests in between count.", moment=since),
        nothing="" if lists else words.say("No finding came, went or fell out of sight."),
        lists=lists,
    )


def _list(
    context: Context,
    name: str,
    title: str,
    changed: tuple[ChangedFinding, ...],
    told: Callable[[Words, int], str] | None,
) -> ChangeListView:
    words = context.words
    left = len(changed) - _LONGEST_LIST
    return ChangeListView(
        kind=name.replace("_", "-"),
        title=title,
        count=words.integer(len(changed)),
        rows=tuple(_row(context, one, told, name == "fixed") for one in changed[:_LONGEST_LIST]),
        left=words.plural("and %(count)s more", "and %(count)s more", left) if left > 0 else "",
    )


def _row(
    context: Context, one: ChangedFinding, told: Callable[[Words, int], str] | None, fixed: bool
) -> ChangedView:
    words = context.words
    reason = reason_label(words, words.of(one.reason)) if one.reason else ""
    days = told(words, one.days) if told else ""
    title = context.check_label(one.check)
    return ChangedView(
        id=shown(one.finding),
        title=title if fixed else not_met(words, title),
        severity=badge(words, one.severity),
        server=context.server_label(one.server),
        endpoint=context.endpoint(Subject.from_key(one.subject)),
        told=" · ".join(part for part in (days, reason) if part),
    )
