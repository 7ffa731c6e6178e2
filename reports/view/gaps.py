"""What was not measured, in the order of how grave that is: whole servers by name first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.view.capped import Capped, capped
from reports.view.context import Context
from reports.view.servers import GapKind, GapView
from reports.words import N_

_LONGEST_LIST = 30
_TITLES = {
    GapKind.UNSCANNED: (
        N_("Not scanned"),
        N_("Nothing is known of these servers. They count as unknown, never as good."),
    ),
    GapKind.FAILED: (
        N_("Could not be measured"),
        N_("The rest of these servers was measured; this counts as unknown, never as good."),
    ),
    GapKind.LEFT_OUT: (
        N_("Not asked for"),
        N_(
            "These servers were measured. What stands here was not asked, because no letter of assignment "
            "allows it or no access is set up; checks that need it count as unknown."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class GapSection:
    """The gaps of one kind."""

    kind: str
    title: str
    lead: str
    count: str
    gaps: Capped[GapView]


def gap_sections(context: Context, opd_id: str, gaps: Iterable[GapView]) -> tuple[GapSection, ...]:
    """Return gaps by kind, the gravest first; kinds without any are left out."""
    words, listed = context.words, tuple(gaps)
    by_kind = {kind: [gap for gap in listed if gap.kind is kind] for kind in GapKind}
    return tuple(
        GapSection(
            kind.value,
            words.say(title),
            words.say(lead),
            words.integer(len(by_kind[kind])),
            capped(context, opd_id, "servers", by_kind[kind], _LONGEST_LIST),
        )
        for kind, (title, lead) in _TITLES.items()
        if by_kind[kind]
    )
