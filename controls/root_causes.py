"""Which findings one change closes, and in which order changes are worth making. Pure.

Two findings of one OPD and side share a cause when

- they are about the same thing: the same certificate wherever it is served, else the same program on the same
  server, where SSH servers with different host keys are different programs, and so is each port on which
  nobody knows what answers; and
- the same change closes both: they are of one check, or the catalogue gives the same text for both, or a new
  certificate ends either.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.model.check import Check, Remedy
from auditor.model.evidence import Evidence
from auditor.model.facts import JSON
from auditor.model.finding import CLOSED, Finding
from auditor.model.inventory import Server, State
from auditor.model.policy import Policy
from auditor.model.root_cause import RootCause
from auditor.model.subject import SubjectKind
from controls.subjects import DEPLOYMENTS
from controls.what_if import UNKNOWN_HOURS

SWITCH_OFF = "network-retired-silent"
"""The check that a server which is not used any more fails until it is switched off."""
NEW_CERTIFICATE = (
    "certificate-not-self-signed",
    "certificate-trusted",
    "certificate-key-strong",
    "certificate-signature-strong",
    "certificate-name-matches",
    "certificate-for-servers",
    "certificate-lifetime-limited",
    "certificate-valid-now",
    "certificate-not-expiring",
)
"""Checks that one new certificate ends together, the one first whose text asks for most."""
_LEAST_HOURS = 0.1
_KNOWN_OTHERWISE = (SubjectKind.CERTIFICATE, SubjectKind.SSH)
"""Told apart by their fingerprints, whatever the port."""
_NO_PROGRAM = ("any", "system")
"""What remedies call themselves that are the same for all programs."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of where a finding stands: the remedies that fit, and what identifies the thing."""

    remedies: tuple[Remedy, ...] = ()
    identity: str = ""
    program: str = ""
    """What answers on the port of the finding; "" where it does not name itself."""


def identity_of(finding: Finding, rows: Iterable[Evidence]) -> str:
    """Return the fingerprint of the certificate or host keys that a finding is about; "" for other things."""
    match finding.subject.kind:
        case SubjectKind.CERTIFICATE:
            return next(_certificates(finding, rows), "")
        case SubjectKind.SSH:
            keys = (key for row in rows for key in _records(row.facts.get("ssh.host_keys")))
            return " ".join(sorted({str(key.get("sha256", "")) for key in keys}))
        case _:
            return ""


def _certificates(finding: Finding, rows: Iterable[Evidence]) -> Iterator[str]:
    for row in rows:
        for record in _records(row.facts.get(DEPLOYMENTS)):
            if finding.subject.variant in ("", record.get("certificate.key_type")):
                yield str(record.get("certificate.sha256", ""))


def _records(value: JSON) -> Iterable[Mapping[str, JSON]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, Sequence) else []


def root_causes(
    findings: Iterable[Finding],
    checks: Mapping[str, Check],
    servers: Mapping[str, Server],
    policy: Policy,
    places: Mapping[str, Place],
) -> tuple[RootCause, ...]:
    """Return the causes of all findings that are open, in the order of work.

    That is by risk removed per hour, ties by severity, deadline and server; what hardens a server that nobody
    uses any more comes after switching it off. `places` is by finding id. Every open finding is in exactly
    one cause, whatever is not known of it.
    """
    ordered = sorted(findings, key=lambda one: (one.due, one.subject.key, one.check))
    standing = [one for one in ordered if one.status not in CLOSED and not one.waiver]
    grouped: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    several = _with_several_host_keys(standing, places)
    for one in standing:
        grouped[_key(one, checks, places.get(one.id, Place()), several)].append(one)
    causes = [_cause(key, group, checks, servers, policy) for key, group in grouped.items()]
    return _switching_off_first(sorted(causes, key=_order), servers)


def _with_several_host_keys(standing: Iterable[Finding], places: Mapping[str, Place]) -> frozenset[str]:
    seen: dict[str, set[str]] = defaultdict(set)
    for one in standing:
        place = places.get(one.id)
        if one.subject.kind is SubjectKind.SSH and place and place.identity:
            seen[one.subject.server].add(place.identity)
    return frozenset(server for server, identities in seen.items() if len(identities) > 1)


def _key(
    finding: Finding, checks: Mapping[str, Check], place: Place, several: frozenset[str]
) -> tuple[str, ...]:
    check = checks.get(finding.check)
    change = _change(finding, check, place)
    whose = finding.opd, finding.responsible.value
    if finding.subject.kind is SubjectKind.CERTIFICATE and place.identity:
        return *whose, "certificate", place.identity, *change
    apart = place.identity if finding.subject.server in several else ""
    named = finding.subject.server_name if finding.subject.kind is SubjectKind.CERTIFICATE else ""
    return *whose, "server", finding.subject.server, apart, named, _program(finding, place), *change


def _program(finding: Finding, place: Place) -> str:
    """Name the program that is changed: as it names itself, else as its text does, else by its port."""
    told = sorted({one.software for one in place.remedies})
    if finding.subject.kind in _KNOWN_OTHERWISE or not finding.subject.port:
        return ",".join(told)
    if place.program:
        return place.program
    # Of several texts nobody knows which is meant, and those for any program name none.
    return told[0] if len(told) == 1 and told[0] not in _NO_PROGRAM else f"port {finding.subject.port}"


def _change(finding: Finding, check: Check | None, place: Place) -> tuple[str, ...]:
    """Name the change that closes a finding: its text where there is one to copy, else its check."""
    if finding.check in NEW_CERTIFICATE:
        return ("new certificate",)
    texts = [one.config.strip() for one in place.remedies]
    if check is None or not texts or not all(texts):
        return "check", finding.check
    return "text", *texts


def _cause(
    key: tuple[str, ...],
    group: list[Finding],
    checks: Mapping[str, Check],
    servers: Mapping[str, Server],
    policy: Policy,
) -> RootCause:
    """`group` is in the order of deadlines."""
    cells = {(one.subject.server, one.check): one for one in group}
    where = tuple(dict.fromkeys(one.subject.server for one in group))
    hours = max(_hours(checks.get(one.check)) for one in group)
    return RootCause(
        id="C-" + hashlib.sha256("\0".join(key).encode()).hexdigest()[:12],
        opd=group[0].opd,
        responsible=group[0].responsible,
        checks=tuple(sorted({one.check for one in group}, key=_text_order(group))),
        findings=tuple(one.id for one in group),
        servers=where,
        severity=min((one.severity for one in group), key=lambda severity: severity.rank),
        due=group[0].due,
        hours=hours * len(where),
        risk=sum(_risk(one, servers, policy) for one in cells.values()),
    )


def _text_order(group: Iterable[Finding]) -> Callable[[str], tuple[int, int, str]]:
    ranks = {one.check: one.severity.rank for one in group}

    def order(check: str) -> tuple[int, int, str]:
        demand = NEW_CERTIFICATE.index(check) if check in NEW_CERTIFICATE else len(NEW_CERTIFICATE)
        return demand, ranks[check], check

    return order


def _hours(check: Check | None) -> float:
    return check.effort_hours if check else UNKNOWN_HOURS


def _risk(finding: Finding, servers: Mapping[str, Server], policy: Policy) -> float:
    server = servers.get(finding.subject.server)
    return policy.weights[finding.severity] * (policy.criticality[server.category] if server else 1.0)


def _order(cause: RootCause) -> tuple[float, int, str, str, str, str, str]:
    gain = cause.risk / max(cause.hours, _LEAST_HOURS)
    due = cause.due.isoformat()
    return -gain, cause.severity.rank, due, cause.servers[0], cause.checks[0], cause.opd, cause.id


def _switches_off(cause: RootCause, servers: Mapping[str, Server]) -> bool:
    server = servers.get(cause.servers[0])
    return server is not None and server.state is State.RETIRED and cause.checks == (SWITCH_OFF,)


def _switching_off_first(causes: Sequence[RootCause], servers: Mapping[str, Server]) -> tuple[RootCause, ...]:
    """Put what switches a server off in the place of the first change on it; mark what it makes needless."""
    offs = {one.servers[0]: one for one in causes if _switches_off(one, servers)}
    ordered: dict[str, RootCause] = {}
    for cause in causes:
        freed = [offs[server] for server in cause.servers if server in offs]
        for off in freed:
            ordered.setdefault(off.id, off)
        needless = cause.id not in ordered and len(freed) == len(cause.servers)
        ordered.setdefault(cause.id, replace(cause, after_switching_off=needless))
    return tuple(ordered.values())
