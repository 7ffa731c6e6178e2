"""What fixes on the same server have to do with each other: one closes another beside, or sets the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from auditor.model.check import Remedy
from reports.remedies import remedies_for
from reports.settings_once import contradictions, once, settings_of
from reports.view.causes import Work
from reports.view.context import Context
from reports.view.tried import Tried


@dataclass(frozen=True, slots=True)
class Reference:
    """A fix of the same list: its rank and where it stands."""

    number: int
    rank: str
    """The number in words of the reader."""
    anchor: str


@dataclass(frozen=True, slots=True)
class SetOnce:
    """One line for a setting that other fixes ask for with other values."""

    line: str
    others: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What is told beside one fix of others on the same server."""

    closed_by: tuple[Reference, ...] = ()
    """Fixes that closed this beside, when they were tried."""
    set_once: tuple[SetOnce, ...] = ()


def neighbours_of(
    context: Context, works: Iterable[Work], references: Mapping[str, Reference], tried: Tried
) -> Mapping[str, Neighbours]:
    """Return cause id → what is told of other fixes, in the order of the list."""
    near: dict[tuple[str, ...], list[Work]] = defaultdict(list)
    for work in works:
        near[work.cause.servers].append(work)
    texts = {one.cause.id: _texts(context, one) for one in chain.from_iterable(near.values())}
    return {
        one.cause.id: Neighbours(
            tuple(references[other.cause.id] for other in group if _closes(tried, other, one, texts)),
            tuple(_set_once(one, group, texts, references)),
        )
        for group in near.values()
        for one in group
    }


def _texts(context: Context, work: Work) -> Mapping[str, Remedy]:
    return {one.software: one for one in remedies_for(work.lead, context.data)}


def _closes(tried: Tried, one: Work, other: Work, texts: Mapping[str, Mapping[str, Remedy]]) -> bool:
    """Return whether a fix closed all checks of another beside, for the same program at the same places."""
    if one is other or not _places(other) <= _places(one):
        return False
    software = texts[one.cause.id].keys() & texts[other.cause.id].keys()
    closed = (tried.closed.get((one.lead.check, name), frozenset()) for name in software)
    return any(found.issuperset(other.cause.checks) for found in closed)


def _places(work: Work) -> set[tuple[str, int, str]]:
    return {(one.subject.address, one.subject.port, one.subject.transport) for one in work.findings}


def _set_once(
    work: Work,
    group: Iterable[Work],
    texts: Mapping[str, Mapping[str, Remedy]],
    references: Mapping[str, Reference],
) -> Iterator[SetOnce]:
    own = texts[work.cause.id]
    asked: dict[tuple[str, str], list[Work]] = defaultdict(list)
    for other in group:
        for software in own.keys() & texts[other.cause.id].keys():
            beside = texts[other.cause.id][software].config
            for setting in contradictions(software, own[software].config, beside):
                asked[software, setting].append(other)
    for (software, setting), others in sorted(asked.items(), key=lambda item: item[0]):
        both = [work, *others]
        lines = (settings_of(software, texts[one.cause.id][software].config)[setting] for one in both)
        if line := once(software, setting, chain.from_iterable(lines)):
            yield SetOnce(line, tuple(references[one.cause.id] for one in others))
