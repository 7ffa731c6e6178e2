"""Letterhead, subject, method, limits and proof: what makes a page a document."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from auditor.model.framework import MachineCoverage
from auditor.model.inventory import Authorization, Server
from auditor.model.report import ReportData
from auditor.model.run import RunStatus
from reports.legal_basis import NATIONAL
from reports.view.context import Context
from reports.view.labels import method_label
from reports.visible import shown

GAP_EDITION = "2013"
"""Certificates to this edition ended in October 2025: a card in it is a report of gaps."""

_INSIDE = "host"
"""The scanner that looks at servers from inside."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who speaks, how freely it may be passed on, and what to know before reading any number."""

    organization: str
    office: str
    address: str
    classification: str
    edition: str
    gap_report: bool
    stopped: bool
    partial: str
    language: str


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled line; it may have several values."""

    label: str
    values: tuple[str, ...]


def letterhead(context: Context, opd_id: str | None = None) -> Letterhead:
    """Return the letterhead of a page; `partial` names a scope that leaves registered servers out."""
    chosen, registered = _servers(context, opd_id)
    measured_names, names, _ = _shared_names(context, opd_id)
    organization, policy = context.data.inventory.organization, context.data.policy
    return Letterhead(
        shown(organization.name),
        shown(organization.office),
        shown(organization.address),
        shown(policy.classification.upper()),
        context.words.of(context.framework.title),
        context.edition == GAP_EDITION,
        context.data.run.status is RunStatus.STOPPED,
        _scope(context, opd_id) if chosen < registered or measured_names < names else "",
        context.words.language,
    )


def document_rows(context: Context, prefix: str, opd_id: str | None) -> tuple[Row, ...]:
    """Return number, date, period, time, scope, edition, legal basis and letters of assignment."""
    words, run = context.words, context.data.run
    number = shown("/".join(filter(None, (prefix, (opd_id or "").upper(), run.id, context.edition))))
    period = words.moment(run.started_at)
    if run.finished_at is not None:
        period = f"{period} – {words.moment(run.finished_at)}"
    return (
        Row(words.say("Number"), (number,)),
        Row(words.say("Date"), (words.day(context.today),)),
        Row(words.say("Period"), (_period(context, opd_id),)),
        Row(words.say("Time of measurement"), (period,)),
        Row(words.say("Scope"), (_scope(context, opd_id),)),
        Row(words.say("Edition"), (words.of(context.framework.title),)),
        Row(words.say("Legal basis"), _legal_basis(context)),
        Row(words.say("Letter of assignment"), _assignments(context, opd_id)),
    )


def _period(context: Context, opd_id: str | None) -> str:
    """Return the days that a page is about: those since the audit before."""
    words, before = context.words, context.data.previous.get(opd_id or "")
    if before is None:
        return words.say("the first audit, of %(day)s", day=words.day(context.today))
    begins = words.day(words.local_day(before.finished_at))
    return words.say("%(first)s – %(last)s", first=begins, last=words.day(context.today))


def _legal_basis(context: Context) -> tuple[str, ...]:
    return tuple(map(shown, context.data.inventory.organization.legal_basis)) or NATIONAL


def _scope(context: Context, opd_id: str | None) -> str:
    words, (chosen, registered) = context.words, _servers(context, opd_id)
    shared = shared_scope(context, opd_id)
    if shared and not registered:
        return shared
    own = words.say(
        "%(chosen)s of %(all)s registered servers",
        chosen=words.integer(chosen),
        all=words.integer(registered),
    )
    return words.say("%(own)s, and %(shared)s", own=own, shared=shared) if shared else own


def shared_scope(context: Context, opd_id: str | None) -> str:
    """Word how many names an OPD owns on servers of others; empty when it owns none."""
    words, (chosen, names, servers) = context.words, _shared_names(context, opd_id)
    if not names:
        return ""
    where = words.plural("%(count)s shared server", "%(count)s shared servers", servers)
    if chosen < names:
        count = words.integer(chosen)
        return words.say(
            "%(chosen)s of %(all)s names on %(servers)s",
            chosen=count,
            all=words.integer(names),
            servers=where,
        )
    return words.plural(
        "%(count)s name on %(servers)s", "%(count)s names on %(servers)s", names, servers=where
    )


def _shared_names(context: Context, opd_id: str | None) -> tuple[int, int, int]:
    """Count the names on servers of others: on chosen servers, all of them, and those servers."""
    servers = context.shared_servers(opd_id) if opd_id else ()
    names = {server.id: len(server.names_of(opd_id or "")) for server in servers}
    chosen = sum(count for server, count in names.items() if server in context.data.run.scope)
    return chosen, sum(names.values()), len(names)


def _servers(context: Context, opd_id: str | None) -> tuple[int, int]:
    """Count the servers chosen for the audit, and those registered."""
    opds = context.data.inventory.opds
    servers = [server for opd in opds if opd_id in (None, opd.id) for server in opd.machines()]
    scope = frozenset(context.data.run.scope)
    return sum(server.id in scope for server in servers), len(servers)


def _assignments(context: Context, opd_id: str | None) -> tuple[str, ...]:
    concerned = {server.id for server in _concerned(context, opd_id)}
    used = {row.task.authorization for row in context.data.evidence.values() if row.task.server in concerned}
    listed = [
        a for a in context.data.inventory.authorizations if a.reference in used or _covers(context, a, opd_id)
    ]
    return tuple(_assignment(context, one) for one in listed) or (context.words.say("none"),)


def _covers(context: Context, authorization: Authorization, opd_id: str | None) -> bool:
    addresses = (
        ip_address(str(address)) for server in _concerned(context, opd_id) for address in server.addresses
    )
    return any(address in network for address in addresses for network in authorization.networks)


def _concerned(context: Context, opd_id: str | None) -> tuple[Server, ...]:
    """Return the servers of an OPD, and those of others on which it owns names; of all for None."""
    if opd_id is None:
        return tuple(context.servers.values())
    return (*context.opd(opd_id).servers, *context.shared_servers(opd_id))


def _assignment(context: Context, one: Authorization) -> str:
    return shown(
        context.words.say(
            "%(reference)s, approved by %(approver)s, valid %(start)s to %(end)s",
            reference=one.reference,
            approver=one.approved_by,
            start=context.words.day(one.valid_from),
            end=context.words.day(one.valid_until),
        )
    )


def tools_used(data: ReportData) -> dict[str, str]:
    """Return tool → version: the libraries of the auditor, and what the evidence names, such as nmap."""
    measured = {row.tool: row.tool_version for row in data.evidence.values() if row.tool_version}
    return dict(sorted({**data.run.provenance.tools, **measured}.items()))


def method_rows(context: Context) -> tuple[Row, ...]:
    """Return how it was measured and what that cannot show."""
    words, run = context.words, context.data.run
    tools = tuple(shown(f"{tool} {version}") for tool, version in tools_used(context.data).items())
    used = sorted({row.task.scanner for row in context.data.evidence.values()})
    return (
        Row(words.say("Method"), (_method(context, used),)),
        Row(words.say("Tools"), (words.listed([*tools, f"auditor {run.provenance.auditor}"]),)),
        Row(words.say("Limits"), _limits(context)),
    )


def _method(context: Context, used: list[str]) -> str:
    words = context.words
    scanned = words.listed([method_label(words, scanner) for scanner in used]) or words.say("nothing")
    if _INSIDE in used:
        return words.say(
            "Measured over the network, and inside servers over SSH with an account that their owners set up "
            "for reading, under a written assignment (controls A.12.7.1 of 2013, A.8.34 of 2022). Measured "
            "were: %(scanned)s. Every observation is kept with its time, tool and raw output in a chain of "
            "SHA-256 hashes.",
            scanned=scanned,
        )
    return words.say(
        "Measured over the network, without logging in, under a written assignment "
        "(controls A.12.7.1 of 2013, A.8.34 of 2022). Measured were: %(scanned)s. "
        "Every observation is kept with its time, tool and raw output in a chain of SHA-256 hashes.",
        scanned=scanned,
    )


def _limits(context: Context) -> tuple[str, ...]:
    words, controls = context.words, context.framework.controls
    settled = sum(control.coverage is MachineCoverage.TECHNICAL for control in controls)
    return (
        words.say(
            "A scan alone can settle %(settled)s of the %(all)s controls of this edition; "
            "the others need documents, interviews and a dated attestation.",
            settled=words.integer(settled),
            all=words.integer(len(controls)),
        ),
        _unseen(context),
        words.say("What could not be measured counts as unknown, never as good, and is listed by name."),
        *policy_limits(context),
    )


def _unseen(context: Context) -> str:
    """Word what was not looked at: the inside of any server, or of those that the list of gaps names."""
    if any(row.task.scanner == _INSIDE for row in context.data.evidence.values()):
        return context.words.say(
            "From outside, only what answers on the network from the place of measurement was seen. Inside, "
            "only servers that let the audit in were seen; the others are listed by name."
        )
    return context.words.say(
        "Only what answers on the network from the place of measurement was seen; settings inside a "
        "server, and services blocked on the way, were not."
    )


def policy_limits(context: Context) -> tuple[str, ...]:
    """Word what the policy leaves out: checks switched off, with the reason, and loosened parameters."""
    words, data = context.words, context.data
    disabled = tuple(
        shown(words.say("Check %(check)s is switched off: %(reason)s", check=check, reason=reason))
        for check, reason in sorted(data.policy.disabled_checks.items())
    )
    looser = sorted({f"{v.check}: {name}" for v in context.lenient for name in v.loosened})
    return disabled + tuple(
        shown(words.say("The policy is looser than the control tolerates: %(parameter)s", parameter=one))
        for one in looser
    )


def proof_rows(context: Context) -> tuple[Row, ...]:
    """Return the digests by which the numbers can be traced to stored evidence."""
    words, data, provenance = context.words, context.data, context.data.run.provenance
    return (
        Row(words.say("Audit"), (shown(data.run.id),)),
        Row(words.say("Digest of the data"), (data.digest,)),
        Row(words.say("Head of the evidence chain"), (data.chain_head,)),
        *((Row(words.say("Key that signs evidence"), (data.public_key,)),) if data.public_key else ()),
        Row(words.say("Policy"), (provenance.policy,)),
        Row(words.say("Catalogue of checks"), (provenance.catalogue,)),
        Row(words.say("Inventory"), (provenance.inventory,)),
    )
