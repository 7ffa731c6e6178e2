"""Tell from what a service shows how long its software is supported, and which known flaws it falls under.

Inferred, not measured: a banner may be old or false, and distributions correct packages without raising
their version. So where a banner names the distribution, the distribution's support decides and no flaw is
claimed. Some packages do not name it: a version that such a distribution packages gets the later end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from auditor.model.facts import Facts, FactSpec, FactType
from controls.software_pack import Distribution, Pack, Product
from controls.software_shown import Shown, find_shown, is_whole
from controls.versions import is_within, numbers

SOFTWARE_FACTS = (
    FactSpec("software.name", FactType.STRING, "known software shown; null: none", True),
    FactSpec("software.version", FactType.STRING, "version as shown; null when the software hides it", True),
    FactSpec("software.branch", FactType.STRING, "branch of the pack that it belongs to; null: none", True),
    FactSpec(
        "software.end_of_life",
        FactType.STRING,
        "end of its support, RFC 3339; null when supported or not announced; inferred from the version",
        True,
    ),
    FactSpec("software.pack_date", FactType.STRING, "newest day that the pack's source knew of, RFC 3339"),
    FactSpec("software.flaws", FactType.STRINGS, "known exploited flaws of the versions shown, sorted"),
    FactSpec(
        "software.distribution",
        FactType.STRING,
        "distribution and release whose package it is or seems to be; null: none",
        True,
    ),
    FactSpec("software.components", FactType.STRINGS, "all known software shown, with versions, sorted"),
    FactSpec(
        "software.basis",
        FactType.STRING,
        "banner: inferred from what the service shows; package: measured by the host's package manager",
    ),
)

_RELEASES = {
    "debian": re.compile(r"deb([0-9]{1,2})u"),
    "ubuntu": re.compile(r"ubuntu[0-9.]*?\.([0-9]{2}\.[0-9]{2})(?:\.|$)"),
}
_ENTERPRISE = re.compile(r"\.el([0-9]{1,2})(?:_|\.|$)")
_LAST_SECOND = time(23, 59, 59)
"""The pack names the last day with support."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the pack says; `known` is false when it does not say until when this version is supported."""

    shown: Shown
    as_of: date
    branch: str | None = None
    end: date | None = None
    known: bool = False
    distribution: str | None = None
    flaws: tuple[str, ...] = ()


def software_facts(record: Facts, pack: Pack, now: datetime) -> Facts:
    """Return the software.* facts of one service: `record` holds its service.* and, if any, http.* facts.

    Of several kinds of software (nginx, PHP, WordPress) the worst off is named: one whose support has
    ended, else one that the pack cannot tell of, else the one ending first; flaws are those of all. Where a
    place that may show software was not looked at, nothing is said: it may name an older one, or the
    distribution that corrects this one. Where no version shows, the name alone is said.
    """
    if not is_whole(record, pack):
        return {}
    shown = find_shown(record, pack)
    judged = [_judge(one, one.version, pack) for one in shown if one.version is not None]
    said: Facts = {"software.name": None, "software.version": None, "software.pack_date": _moment(pack.as_of)}
    if judged:
        flaws = sorted({flaw for one in judged for flaw in one.flaws})
        said = {"software.flaws": flaws, **_support(min(judged, key=lambda one: _rank(one, now)))}
    elif shown:
        product = shown[0].product
        said = {**said, "software.name": product.name, "software.pack_date": _moment(product.as_of)}
    return {**said, "software.components": sorted(one.text for one in shown), "software.basis": "banner"}


def supported_until(product: Product, version: str) -> tuple[date | None, bool]:
    """Return the last day of support of a version, and whether the pack knows it; None: not announced."""
    _, end, known = _branch(product, version)
    return end, known


def _support(one: _Judged) -> Facts:
    facts: Facts = {
        "software.name": one.shown.product.name,
        "software.version": one.shown.version,
        "software.branch": one.branch,
        "software.distribution": one.distribution,
        "software.pack_date": _moment(one.as_of),
    }
    if not one.known:
        return facts
    return {**facts, "software.end_of_life": _moment(one.end, _LAST_SECOND) if one.end else None}


def _rank(one: _Judged, now: datetime) -> tuple[int, date, str]:
    ended = one.end is not None and datetime.combine(one.end, _LAST_SECOND, UTC) < now
    order = 0 if ended else 1 if not one.known else 3 if one.end is None else 2
    return order, one.end or date.max, one.shown.product.id


def _moment(day: date, at: time = time()) -> str:
    return datetime.combine(day, at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _judge(one: Shown, version: str, pack: Pack) -> _Judged:
    branch, end, known = _branch(one.product, version)
    flaws = tuple(
        flaw.id
        for flaw in pack.flaws
        if flaw.product == one.product.id and any(is_within(version, *part) for part in flaw.affected)
    )
    for distribution in pack.distributions:
        if _is_marked(one.hint, distribution):
            return _packaged(one, branch, distribution, _release(one, distribution), pack)
    seeming = list(_seeming_packages(one, branch, pack))
    if not seeming:
        return _Judged(one, one.product.as_of, branch, end, known, None, flaws)
    # The very version of a package may be one that was corrected, so no flaw of it is claimed.
    if any(version in distribution.packages.get(one.product.id, {}) for distribution in pack.distributions):
        flaws = ()
    best = max(seeming, key=lambda there: there.end or date.min)
    if best.end and (end is None or best.end > end):
        return replace(best, flaws=flaws)
    return _Judged(one, one.product.as_of, branch, end, known, None, flaws)


def _seeming_packages(one: Shown, branch: str | None, pack: Pack) -> Iterator[_Judged]:
    """Yield the distributions that package this very version and do not name themselves in its banner."""
    for distribution in pack.distributions:
        release = _packaged_release(one, distribution) if one.product.id in distribution.unmarked else None
        if release is not None:
            yield _packaged(one, branch, distribution, release, pack)


def _packaged(
    one: Shown, branch: str | None, distribution: Distribution, release: str | None, pack: Pack
) -> _Judged:
    product = pack.products[distribution.product]
    end = product.branches.get(release or "")
    name = f"{product.id} {release}" if release else product.id
    return _Judged(one, product.as_of, branch, end, end is not None, name)


def _is_marked(hint: str, distribution: Distribution) -> bool:
    lower = hint.lower()
    pattern = _RELEASES.get(distribution.product)
    return any(mark in lower for mark in distribution.marks) or bool(pattern and pattern.search(lower))


def _release(one: Shown, distribution: Distribution) -> str | None:
    """Return the release that the package version tells, else the one that packages this version."""
    found = _RELEASES.get(distribution.product, _ENTERPRISE).search(one.hint.lower())
    return found.group(1) if found else _packaged_release(one, distribution)


def _packaged_release(one: Shown, distribution: Distribution) -> str | None:
    packages = distribution.packages.get(one.product.id, {})
    version = one.version or ""
    for length in (len(version), *(at for at in range(len(version) - 1, 0, -1) if version[at] in ".-+~")):
        if version[:length] in packages:
            return packages[version[:length]]
    return None


def _branch(product: Product, version: str) -> tuple[str | None, date | None, bool]:
    """Return branch, end and whether both are known.

    A version between two listed branches of one leading number, or below all, ended no later than the next
    newer one.
    """
    if not product.branches:
        return None, None, True
    shown = numbers(version)
    listed = {numbers(branch): branch for branch in product.branches}
    for length in range(len(shown), 0, -1):
        if shown[:length] in listed:
            branch = listed[shown[:length]]
            return branch, product.branches[branch], True
    newer = min((branch for branch in listed if branch > shown), default=None)
    if not shown or newer is None or (newer[0] != shown[0] and newer != min(listed)):
        return None, None, False
    end = product.branches[listed[newer]]
    return None, end, end is not None
