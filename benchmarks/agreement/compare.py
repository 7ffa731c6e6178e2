"""Lay what two observers say side by side, point by point. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from auditor.model.facts import JSON
from benchmarks.agreement.nouns import Endpoint, Point, Seen

_PRESENT, _ABSENT = "yes", "no"


def compare(endpoint: Endpoint, peer: str, ours: Seen, theirs: Seen) -> tuple[Point, ...]:
    """Return a point for each fact both say something about, and one for each member of their lists.

    A certificate is compared with ours of the same key type; one that we have not is a difference, one that
    only we have is not, because most peers look at a single certificate.
    """
    points = list(_points(endpoint.where, peer, ours.facts, theirs.facts))
    of_type = {record.get("certificate.key_type"): record for record in ours.certificates}
    for record in theirs.certificates:
        key_type = record.get("certificate.key_type")
        if key_type not in of_type:
            points.append(Point(endpoint.where, peer, "certificate.key_type", "", _ABSENT, str(key_type)))
            continue
        points += _points(endpoint.where, peer, of_type[key_type], record)
    return tuple(points)


def _points(where: str, peer: str, ours: Mapping[str, JSON], theirs: Mapping[str, JSON]) -> Iterator[Point]:
    for fact in sorted(set(ours) & set(theirs)):
        mine, other = ours[fact], theirs[fact]
        if not isinstance(other, list | tuple):
            yield Point(where, peer, fact, "", _text(fact, mine), _text(fact, other))
            continue
        members = [{_member(one) for one in part} for part in (_list(mine), other)]
        for member in sorted(members[0] | members[1]):
            said = (_PRESENT if member in part else _ABSENT for part in members)
            yield Point(where, peer, fact, member, *said)
        if not members[0] | members[1]:
            yield Point(where, peer, fact, "", _ABSENT, _ABSENT)


def _list(value: JSON) -> list[JSON]:
    return list(value) if isinstance(value, list | tuple) else []


def _member(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _text(fact: str, value: JSON) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    # Some peers tell days to the minute only.
    return text[:16] if fact in ("certificate.not_before", "certificate.not_after") else text
