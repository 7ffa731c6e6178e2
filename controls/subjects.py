"""Enumerate the subjects of an audit and lay each one's facts together, whatever evidence is missing.

An address whose ports could not be measured still has one subject of every kind, without facts: its
verdicts are UNKNOWN. So losing evidence never makes a failing endpoint disappear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from auditor.model.check import Text
from auditor.model.evidence import Evidence, Failure
from auditor.model.facts import JSON, Facts
from auditor.model.plan import Task
from auditor.model.subject import Subject, SubjectKind
from controls.clock import clock_offset
from controls.other_tools import incomplete_lists, reported
from controls.reasons import NOT_MEASURED, NOT_WRITTEN, unread_reasons

SERVICES = "ports.services"
"""Key of the service scanner's list of open ports, one record each."""
DEPLOYMENTS = "certificates.deployments"
"""Key of the certificate scanner's list of certificates, one record each."""

_INSIDE = ("host", "record", "approved")
_SPOKEN = {
    SubjectKind.TLS: "tls.spoken",
    SubjectKind.CERTIFICATE: "certificates.spoken",
    SubjectKind.HTTP: "http.spoken",
}
_WHOLE = {"dns": SubjectKind.DOMAIN, "hosts": SubjectKind.NETWORK}
"""First scanner → the one subject that it measures as a whole."""
_SCANNER_OF = {
    SubjectKind.TLS: "tls",
    SubjectKind.CERTIFICATE: "certificates",
    SubjectKind.SSH: "ssh",
    SubjectKind.HTTP: "http",
}


SERVER_KINDS = (
    SubjectKind.ADDRESS,
    SubjectKind.SERVICE,
    SubjectKind.TLS,
    SubjectKind.CERTIFICATE,
    SubjectKind.SSH,
    SubjectKind.HTTP,
)
"""What there is to judge about an address of a server."""

_NAMED = frozenset({SubjectKind.CERTIFICATE, SubjectKind.HTTP})
"""Kinds that are asked by name, so that the owner of a name answers for them."""


class Presence(Enum):
    """Whether a subject is really there."""

    PRESENT = "present"
    ABSENT = "absent"
    """Measured, and nothing of this kind was found: its checks are not applicable."""
    UNMEASURED = "unmeasured"
    """Not known whether anything of this kind is there."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One subject with everything known about it."""

    subject: Subject
    opd: str
    facts: Facts
    evidence: tuple[int, ...] = ()
    presence: Presence = Presence.PRESENT
    failures: Mapping[str, Failure] = field(default_factory=dict)
    """Namespace of facts → why its scanner has none."""
    underlying: Failure | None = None
    """Failure of the scan on which everything else about the subject rests."""
    reason: Text = field(default_factory=dict)
    """Why nothing was measured at all, when that was decided before any packet."""
    consent: frozenset[str] = frozenset()
    refused: Mapping[str, Text] = field(default_factory=dict)
    """Namespace of facts → why its scanner was not to run here."""
    unread: Mapping[str, Text] = field(default_factory=dict)
    """Name of a fact → why it could not be read, where that is known of the fact itself."""
    incomplete: Mapping[str, Text] = field(default_factory=dict)
    """Name of a list → why it may be longer: faults in it count, and that there is none proves nothing."""


@dataclass(frozen=True, slots=True)
class Inside:
    """The look inside a server: its task, or why there is none."""

    task: Task | None
    reason: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that the audit answers for: what was expected there, and what came of it.

    `first` is its first task: the port scan of an address, the questions about a domain, the sweep of a
    network. `expected` are the tasks that the evidence so far calls for; `blocked` says why nothing was
    measured at all.
    """

    server: str
    opd: str
    known: Facts
    """The `server.*` and `vantage.*` facts."""
    first: Task
    evidence: Mapping[str, Evidence]
    """Task id → evidence."""
    expected: tuple[Task, ...] = ()
    blocked: Text = field(default_factory=dict)
    refused_methods: Mapping[str, Text] = field(default_factory=dict)
    """Scanner → why it was not to run here."""
    consent: frozenset[str] = frozenset()
    owned_names: tuple[str, ...] = ()
    """Names at this address that belong to another OPD than the server does."""
    inside: Inside | None = None
    """The look inside, where it belongs to this address; None where it does not, or nobody expects it."""
    reports: Mapping[str, Text] = field(default_factory=dict)
    """Tool whose report about the inside is counted on → what to say while nothing is known of it."""

    @property
    def address(self) -> str:
        """Return the address that the first task is about."""
        return self.first.address


def enumerate_subjects(targets: Iterable[Target]) -> tuple[Measured, ...]:
    """Return every subject of every target in a stable order."""
    found = [measured for target in targets for measured in _subjects_of(target)]
    return tuple(sorted(found, key=lambda measured: measured.subject))


def service_records(ports: Evidence | None, services: Evidence | None) -> list[dict[str, JSON]] | None:
    """Return one record per open port, in order; None where it is not known which ports are open.

    What was asked about a port stands in it; a port of which nothing is known has its number alone.
    """
    open_ports = ports.facts.get("ports.open") if ports else None
    if not isinstance(open_ports, list):
        return None
    # An audit of an earlier version has the records in the port scan's own row.
    found = services.facts.get(SERVICES) if services else ports.facts.get(SERVICES) if ports else None
    asked = {_port(one): one for one in _records(found)}
    return [
        asked.get(port, {"service.port": port, "service.transport": "tcp"})
        for port in open_ports
        if isinstance(port, int)
    ]


def _subjects_of(target: Target) -> Iterator[Measured]:
    if target.first.scanner in _WHOLE:
        yield _whole(target)
        return
    evidence = target.evidence.get(target.first.id)
    if target.inside is not None:
        yield _with_reports(target, _host(target, target.inside, evidence))
    services = target.evidence.get(replace(target.first, scanner="services").id)
    records = service_records(evidence, services)
    if records is not None and evidence is not None:
        yield _address_subject(target, evidence)
        found = _services(target, evidence, services, records)
        yield from _or_absent(target, SubjectKind.SERVICE, evidence, found)
        for kind in SERVER_KINDS[2:]:
            yield from _or_absent(target, kind, evidence, _endpoints(target, kind, evidence, records))
        return
    if evidence is not None and "ports.answered" in evidence.facts:
        yield _address_subject(target, evidence)
    else:
        yield _unmeasured(target, SubjectKind.ADDRESS, evidence)
    for kind in SERVER_KINDS[1:]:
        for name in _names(target, kind):
            if evidence is not None and _rightly_silent(target, evidence):
                yield _absent(target, kind, evidence, name)
            else:
                yield _unmeasured(target, kind, evidence, name)


def _names(target: Target, kind: SubjectKind) -> tuple[str, ...]:
    """Return the names that stand for a kind of which nothing single is known: each owned one for itself.

    Otherwise whoever owns a name alone would lose its failures together with the evidence of the host.
    """
    return ("", *target.owned_names) if kind in _NAMED else ("",)


def _rightly_silent(target: Target, evidence: Evidence) -> bool:
    """Return whether nothing answers at a server that was switched off for good."""
    return target.known.get("server.status") == "retired" and evidence.facts.get("ports.answered") is False


def _whole(target: Target) -> Measured:
    """Return the one subject of a domain or a network."""
    kind = _WHOLE[target.first.scanner]
    name = target.first.server_name or target.first.address
    evidence = target.evidence.get(target.first.id)
    return Measured(
        Subject(kind, target.server, "", server_name=name),
        target.opd,
        {**target.known, **(evidence.facts if evidence else {})},
        (evidence.sequence,) if evidence else (),
        Presence.PRESENT if evidence else Presence.UNMEASURED,
        underlying=evidence.failure if evidence else None,
        reason={} if evidence else target.blocked or NOT_MEASURED,
        consent=target.consent,
    )


def _host(target: Target, inside: Inside, ports: Evidence | None) -> Measured:
    """Return the inside of a server: one subject, whatever addresses the server has."""
    subject = Subject(SubjectKind.HOST, target.server, "")
    evidence = target.evidence.get(inside.task.id) if inside.task else None
    if ports is not None and not (evidence and evidence.facts) and _rightly_silent(target, ports):
        return replace(_absent(target, SubjectKind.HOST, ports), subject=subject)
    reason = inside.reason or target.blocked or NOT_MEASURED
    if evidence is None:
        return Measured(
            subject, target.opd, target.known, (), Presence.UNMEASURED, reason=reason, consent=target.consent
        )
    failure = evidence.failure
    return Measured(
        subject,
        target.opd,
        {**target.known, **evidence.facts, **clock_offset(evidence)},
        (evidence.sequence,),
        failures={"host": failure} if failure else {},
        underlying=failure,
        consent=target.consent,
        # After a failure it matters more why nothing came back than what nobody wrote down.
        unread={**({} if failure else NOT_WRITTEN), **unread_reasons(evidence.facts)},
    )


def _with_reports(target: Target, host: Measured) -> Measured:
    """Add what reports of other tools say of an inside."""
    told = reported(target.reports, target.evidence, target.server, target.opd)
    refused = host.refused
    if split := bool(target.reports and host.reason):
        # Why nobody looked inside does not explain what a report leaves open.
        refused = dict.fromkeys(_INSIDE, host.reason)
    return replace(
        host,
        facts={**host.facts, **told.facts},
        evidence=(*host.evidence, *told.rows),
        failures={**host.failures, **told.failures},
        refused={**refused, **told.missing},
        reason={} if split else host.reason,
    )


def _or_absent(
    target: Target, kind: SubjectKind, evidence: Evidence, subjects: Iterator[Measured]
) -> Iterator[Measured]:
    found = list(subjects)
    yield from found
    seen = {measured.subject.server_name for measured in found}
    for name in _names(target, kind):
        if name not in seen and (name or not found):
            yield _absent(target, kind, evidence, name)


def _absent(target: Target, kind: SubjectKind, evidence: Evidence, name: str = "") -> Measured:
    return Measured(
        Subject(kind, target.server, target.address, server_name=name),
        target.opd,
        target.known,
        (evidence.sequence,),
        Presence.ABSENT,
        consent=target.consent,
    )


def _unmeasured(target: Target, kind: SubjectKind, evidence: Evidence | None, name: str = "") -> Measured:
    return Measured(
        Subject(kind, target.server, target.address, server_name=name),
        target.opd,
        target.known,
        (evidence.sequence,) if evidence else (),
        Presence.UNMEASURED,
        underlying=evidence.failure if evidence else None,
        reason=target.blocked or (NOT_MEASURED if evidence is None else {}),
        consent=target.consent,
    )


def _address_subject(target: Target, ports: Evidence) -> Measured:
    """Lay together what was found of an address as a whole, over TCP and over UDP."""
    udp = target.evidence.get(replace(target.first, scanner="udp").id)
    refused = target.refused_methods.get("udp")
    return Measured(
        Subject(SubjectKind.ADDRESS, target.server, target.address),
        target.opd,
        {**target.known, **ports.facts, **(udp.facts if udp else {})},
        (ports.sequence, udp.sequence) if udp else (ports.sequence,),
        failures={"udp": udp.failure} if udp and udp.failure else {},
        underlying=ports.failure,
        consent=target.consent,
        refused={} if udp else {"udp": refused or NOT_MEASURED},
        incomplete=incomplete_lists(ports),
    )


def _services(
    target: Target, ports: Evidence, services: Evidence | None, records: list[dict[str, JSON]]
) -> Iterator[Measured]:
    for record in records:
        yield Measured(
            Subject(SubjectKind.SERVICE, target.server, target.address, _port(record)),
            target.opd,
            {**target.known, **ports.facts, **record},
            (ports.sequence, services.sequence) if services else (ports.sequence,),
            underlying=services.failure if services else None,
            consent=target.consent,
        )


def _endpoints(
    target: Target, kind: SubjectKind, ports: Evidence, services: list[dict[str, JSON]]
) -> Iterator[Measured]:
    scanner = _SCANNER_OF[kind]
    by_port = {_port(record): record for record in services}
    for task in target.expected:
        if task.scanner != scanner:
            continue
        evidence = target.evidence.get(task.id)
        if evidence is not None and evidence.facts.get(_SPOKEN.get(kind, "")) is False:
            continue
        base = Measured(
            Subject(kind, target.server, target.address, task.port, "tcp", task.server_name),
            target.opd,
            {**target.known, **by_port.get(task.port, {})},
            (ports.sequence,),
            consent=target.consent,
        )
        yield from _with_evidence(base, kind, evidence, target.refused_methods.get(scanner, {}))


def _with_evidence(
    base: Measured, kind: SubjectKind, evidence: Evidence | None, refused: Text
) -> Iterator[Measured]:
    if evidence is None:
        yield _replace(base, base.facts, base.evidence, Presence.UNMEASURED, refused or NOT_MEASURED)
        return
    rows = (*base.evidence, evidence.sequence)
    failures = {kind.value: evidence.failure} if evidence.failure else {}
    if kind is not SubjectKind.CERTIFICATE:
        yield _replace(base, {**base.facts, **evidence.facts}, rows, Presence.PRESENT, {}, failures)
        return
    found = list(_deployments(base, evidence, rows))
    yield from found
    # A look that was broken off says nothing about the certificates it did not come to.
    whole = isinstance(evidence.facts.get(DEPLOYMENTS), list) and not evidence.failure
    if not whole and all(measured.subject.variant for measured in found):
        yield _replace(base, base.facts, rows, Presence.UNMEASURED, {}, failures)


def _deployments(base: Measured, evidence: Evidence, rows: tuple[int, ...]) -> Iterator[Measured]:
    """Give one subject per certificate; the key type tells apart those served for one name."""
    for record in _records(evidence.facts.get(DEPLOYMENTS)):
        subject = replace(base.subject, variant=str(record.get("certificate.key_type", "")))
        yield Measured(subject, base.opd, {**base.facts, **record}, rows, consent=base.consent)


def _replace(
    base: Measured,
    facts: Facts,
    rows: tuple[int, ...],
    presence: Presence,
    reason: Text,
    failures: Mapping[str, Failure] | None = None,
) -> Measured:
    return Measured(base.subject, base.opd, facts, rows, presence, failures or {}, None, reason, base.consent)


def _records(value: JSON) -> Iterator[dict[str, JSON]]:
    if isinstance(value, list):
        yield from (record for record in value if isinstance(record, dict))


def _port(record: Mapping[str, JSON]) -> int:
    port = record.get("service.port")
    return port if isinstance(port, int) else 0
