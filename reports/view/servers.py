"""Servers of one OPD, all of them by name, and what could not be measured on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.model.check import Severity
from auditor.model.inventory import Kind, Server
from auditor.model.plan import SkipReason
from auditor.model.scorecard import Scorecard, ServerScore
from auditor.model.verdict import Status
from reports.view.context import Context
from reports.view.labels import (
    CATEGORIES,
    SEVERITIES,
    Badge,
    badge,
    is_left_out,
    method_label,
    reason_label,
)
from reports.view.score import LevelView, level_view
from reports.view.statuses import verdict_counts
from reports.visible import clipped, shown
from reports.words import N_, Words


class GapKind(StrEnum):
    """How grave it is that something was not measured."""

    UNSCANNED = "unscanned"
    """Nothing of its server is known."""
    FAILED = "failed"
    """Its server is known but for this, which was asked and brought nothing."""
    LEFT_OUT = "left-out"
    """Its server is known; this was not asked, because nobody allowed it or made it possible."""


@dataclass(frozen=True, slots=True)
class ServerView:
    """One server; `level` is None when it was outside this audit.

    `shared` tells whose server it is where it belongs to another OPD, or which names on it belong to others.
    """

    id: str
    name: str
    where: str
    category: str
    shared: tuple[str, ...]
    state: Badge
    level: LevelView | None
    verdicts: str
    open: tuple[tuple[Badge, int, str], ...]


@dataclass(frozen=True, slots=True)
class GapView:
    """Something that was not measured: where, what, and why."""

    server: str
    address: str
    what: str
    reason: str
    kind: GapKind


@dataclass(frozen=True, slots=True)
class UnknownView:
    """Checks of one server that could not be judged for one reason."""

    server: str
    reason: str
    count: str
    checks: str


_LONGEST_CHECKS = 12
"""Ids of checks that are shown of one server and reason."""
_STATES = {
    "measured": N_("Measured"),
    "partly": N_("Partly measured"),
    "unmeasured": N_("Not measured"),
}


def server_views(context: Context, opd_id: str) -> tuple[ServerView, ...]:
    """Return every server registered for an OPD, whether or not it was measured.

    Servers of others on which the OPD owns names come last: what they answer under those names is its own.
    """
    scores = {score.server: score for score in context.scorecard(opd_id).servers}
    counts = Counter((f.subject.server, f.severity) for f in context.open_findings(opd_id))
    return tuple(
        _server_view(
            context, opd_id, server, scores.get(server.id), {one: counts[server.id, one] for one in Severity}
        )
        for server in _concerned(context, opd_id)
    )


def _concerned(context: Context, opd_id: str) -> tuple[Server, ...]:
    return (*context.opd(opd_id).servers, *context.shared_servers(opd_id))


def _server_view(
    context: Context, opd_id: str, server: Server, score: ServerScore | None, counts: Mapping[Severity, int]
) -> ServerView:
    words = context.words
    kind = state(context, server.id, score)
    return ServerView(
        id=server.id,
        name=shown(server.name or server.id),
        where=_where(context, server),
        category=words.say(CATEGORIES[server.category]),
        shared=_shared(context, opd_id, server),
        state=Badge(kind, words.say(_STATES[kind])),
        level=level_view(context, score.level) if score else None,
        verdicts=verdict_counts(words, score.statuses) if score else "",
        open=tuple((badge(words, one), counts[one], words.integer(counts[one])) for one in Severity),
    )


def _shared(context: Context, opd_id: str, server: Server) -> tuple[str, ...]:
    words = context.words
    if server.opd != opd_id:
        owner = words.say("shared, a server of %(opd)s", opd=context.opd_label(server.opd))
        own = words.say("own names on it: %(names)s", names=_names(words, server.names_of(opd_id)))
        return owner, own
    others = sorted({other for other in server.name_owners.values() if other != opd_id})
    return tuple(
        words.say(
            "names of %(opd)s on it: %(names)s",
            opd=context.opd_label(other),
            names=_names(words, server.names_of(other)),
        )
        for other in others
    )


def _names(words: Words, names: Iterable[str]) -> str:
    return words.listed([shown(name) for name in names])


def _where(context: Context, server: Server) -> str:
    """Tell where a server stands, or what else an entry is: a domain, or the networks of a zone."""
    if server.kind is Kind.DOMAIN:
        return context.words.say("domain name")
    if server.kind is Kind.ZONE:
        networks = context.data.inventory.zone(server.zone).networks
        return context.words.say("network zone, %(networks)s", networks=", ".join(map(str, networks)))
    return shown(", ".join([*map(str, server.addresses), *server.hostnames]))


def state(context: Context, server_id: str, score: ServerScore | None) -> str:
    """Return whether a server was measured, partly measured or not at all."""
    if _is_unmeasured(score):
        return "unmeasured"
    missing = any(gap.server == server_id for gap in context.data.not_measured)
    return "partly" if missing else "measured"


def unmeasured_servers(context: Context, opd_id: str, card: Scorecard) -> tuple[Server, ...]:
    """Return the servers of which nothing at all was measured; domains and zones are none."""
    scores = {score.server: score for score in card.servers}
    return tuple(server for server in context.opd(opd_id).machines() if _is_unmeasured(scores.get(server.id)))


def _is_unmeasured(score: ServerScore | None) -> bool:
    return score is None or not score.measured


def was_chosen(context: Context, server: Server) -> bool:
    """Return whether the audit meant to measure a server, even if it could not."""
    skipped = (one for one in context.data.skipped if one.server == server.id)
    return server.id in context.data.run.scope or any(
        one.reason is not SkipReason.NOT_SELECTED for one in skipped
    )


def gap_views(context: Context, opd_id: str, *, shared: bool = True) -> tuple[GapView, ...]:
    """Return everything of an OPD that was not measured, each once, with its reason.

    `shared` takes in servers of others on which the OPD owns names.
    """
    concerned = _concerned(context, opd_id) if shared else context.opd(opd_id).servers
    ids = {server.id for server in concerned}
    listed = [
        (gap.server, gap.address, gap.what, gap.reason)
        for gap in context.data.not_measured
        if gap.server in ids or gap.opd == opd_id
    ]
    listed += [
        (one.server, one.address, one.scanner, one.reason.value)
        for one in context.data.skipped
        if one.server in ids or one.opd == opd_id
    ]
    named = {server for server, _, _, _ in listed}
    scores = {score.server: score for score in context.scorecard(opd_id).servers}
    unscanned = {server.id for server in concerned if _is_unmeasured(scores.get(server.id))}
    for server in concerned:
        if server.id not in named and server.id in unscanned:
            address = ", ".join(map(str, server.addresses))
            listed.append((server.id, address, "", SkipReason.NOT_SELECTED.value))
    return _gathered(context, listed, unscanned)


def _gathered(
    context: Context, listed: Iterable[tuple[str, str, str, str]], unscanned: set[str]
) -> tuple[GapView, ...]:
    """Put together what the same address did not give for the same reason; everything takes in its parts."""
    gathered: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for server, address, what, reason in listed:
        gathered[server, address, reason].add(what)
    told: dict[tuple[str, str, str, GapKind], set[str]] = defaultdict(set)
    for (server, address, reason), whats in gathered.items():
        mild = is_left_out(reason)
        if server in unscanned:
            kind = GapKind.UNSCANNED
        else:
            kind = GapKind.LEFT_OUT if mild else GapKind.FAILED
        told[server, address, reason_label(context.words, reason), kind] |= whats
    return tuple(
        GapView(context.server_label(server), shown(address), _methods(context, whats), reason, kind)
        for (server, address, reason, kind), whats in sorted(told.items())
    )


def _methods(context: Context, whats: set[str]) -> str:
    listed = [""] if "" in whats else sorted(whats)
    return context.words.listed([method_label(context.words, what) for what in listed])


def unknown_views(context: Context, opd_id: str) -> tuple[UnknownView, ...]:
    """Return the checks of an OPD that could not be judged, grouped by server and reason."""
    grouped: dict[tuple[str, str], set[str]] = defaultdict(set)
    for verdict in context.data.verdicts:
        if verdict.status in (Status.UNKNOWN, Status.ERROR) and context.owner(verdict) == opd_id:
            grouped[verdict.subject.server, context.words.of(verdict.reason)].add(verdict.check)
    return tuple(
        UnknownView(
            context.server_label(server),
            clipped(reason_label(context.words, reason)),
            context.words.plural("%(count)s check", "%(count)s checks", len(checks)),
            _checks(context.words, sorted(checks)),
        )
        for (server, reason), checks in sorted(grouped.items())
    )


def _checks(words: Words, checks: list[str]) -> str:
    left = len(checks) - _LONGEST_CHECKS
    more = [words.plural("and %(count)s more", "and %(count)s more", left)] if left > 0 else []
    return words.listed([*checks[:_LONGEST_CHECKS], *more])


def severity_names(context: Context) -> tuple[str, ...]:
    """Return the words for the severities, worst first."""
    return tuple(context.words.say(SEVERITIES[severity]) for severity in Severity)
