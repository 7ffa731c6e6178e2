"""Servers of one OPD, all of them by name, and what could not be measured on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.check import Severity
from auditor.model.inventory import Kind, Server
from auditor.model.scorecard import Scorecard, ServerScore
from auditor.model.verdict import Status
from reports.view.context import Context
from reports.view.labels import CATEGORIES, SEVERITIES, Badge, badge, method_label, reason_label
from reports.view.score import ScoreView, score_view
from reports.view.statuses import verdict_counts
from reports.visible import clipped, shown
from reports.words import N_


@dataclass(frozen=True, slots=True)
class ServerView:
    """One server; `score` is None when it was outside this audit."""

    id: str
    name: str
    where: str
    category: str
    state: Badge
    score: ScoreView | None
    verdicts: str
    open: tuple[tuple[Badge, int, str], ...]


@dataclass(frozen=True, slots=True)
class GapView:
    """Something that was not measured: where, what, and why."""

    server: str
    address: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnknownView:
    """Checks of one server that could not be judged for one reason."""

    server: str
    reason: str
    count: str
    checks: str


_STATES = {
    "measured": N_("Measured"),
    "partly": N_("Partly measured"),
    "unmeasured": N_("Not measured"),
}


def server_views(context: Context, opd_id: str) -> tuple[ServerView, ...]:
    """Return every server registered for an OPD, whether or not it was measured."""
    scores = {score.server: score for score in context.scorecard(opd_id).servers}
    counts = Counter((f.subject.server, f.severity) for f in context.open_findings(opd_id))
    return tuple(
        _server_view(
            context, server, scores.get(server.id), {one: counts[server.id, one] for one in Severity}
        )
        for server in context.opd(opd_id).servers
    )


def _server_view(
    context: Context, server: Server, score: ServerScore | None, counts: Mapping[Severity, int]
) -> ServerView:
    words = context.words
    kind = state(context, server.id, score)
    return ServerView(
        id=server.id,
        name=shown(server.name or server.id),
        where=_where(context, server),
        category=words.say(CATEGORIES[server.category]),
        state=Badge(kind, words.say(_STATES[kind])),
        score=score_view(words, score.score) if score else None,
        verdicts=verdict_counts(words, score.statuses) if score else "",
        open=tuple((badge(words, one), counts[one], words.integer(counts[one])) for one in Severity),
    )


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
    if score is None or not score.measured:
        return "unmeasured"
    missing = any(gap.server == server_id for gap in context.data.not_measured)
    return "partly" if missing else "measured"


def unmeasured_servers(context: Context, opd_id: str, card: Scorecard) -> tuple[str, ...]:
    """Return the names of the servers of which nothing at all was measured."""
    scores = {score.server: score for score in card.servers}
    return tuple(
        context.server_label(server.id)
        for server in context.opd(opd_id).machines()
        if state(context, server.id, scores.get(server.id)) == "unmeasured"
    )


def gap_views(context: Context, opd_id: str) -> tuple[GapView, ...]:
    """Return everything of an OPD that was not measured, each once, with its reason."""
    data, words = context.data, context.words
    listed = [
        (gap.server, gap.address, gap.what, gap.reason) for gap in data.not_measured if gap.opd == opd_id
    ]
    listed += [(s.server, s.address, s.scanner, s.reason.value) for s in data.skipped if s.opd == opd_id]
    named = {server for server, _, _, _ in listed}
    scores = {score.server: score for score in context.scorecard(opd_id).servers}
    for server in context.opd(opd_id).servers:
        if server.id not in named and state(context, server.id, scores.get(server.id)) == "unmeasured":
            listed.append(
                (server.id, ", ".join(map(str, server.addresses)), "", "not selected for this audit")
            )
    return tuple(
        GapView(
            context.server_label(server),
            shown(address),
            method_label(words, what),
            reason_label(words, reason),
        )
        for server, address, what, reason in sorted(set(listed))
    )


def unknown_views(context: Context, opd_id: str) -> tuple[UnknownView, ...]:
    """Return the checks that could not be judged, grouped by server and reason."""
    servers = {server.id for server in context.opd(opd_id).servers}
    grouped: dict[tuple[str, str], set[str]] = {}
    for verdict in context.data.verdicts:
        if verdict.status in (Status.UNKNOWN, Status.ERROR) and verdict.subject.server in servers:
            key = (verdict.subject.server, context.words.of(verdict.reason))
            grouped.setdefault(key, set()).add(verdict.check)
    return tuple(
        UnknownView(
            context.server_label(server),
            clipped(reason),
            context.words.plural("%(count)s check", "%(count)s checks", len(checks)),
            ", ".join(sorted(checks)),
        )
        for (server, reason), checks in sorted(grouped.items())
    )


def severity_names(context: Context) -> tuple[str, ...]:
    """Return the words for the severities, worst first."""
    return tuple(context.words.say(SEVERITIES[severity]) for severity in Severity)
