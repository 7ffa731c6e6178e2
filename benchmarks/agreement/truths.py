"""How many of the lab's known faults each observer's findings give away, and how many they invent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.model.facts import JSON, Facts
from auditor.model.subject import Subject, SubjectKind
from auditor.model.verdict import Status
from benchmarks.agreement.nouns import Endpoint, Seen
from controls.judge import CompiledCheck, compile_check, judge
from controls.loading import load_catalogue
from controls.subjects import Measured
from controls.vocabulary import vocabulary_of
from scanners.registry import VOCABULARY
from tests.lab.model import LabServer

Fault = tuple[str, int, str, str]
"""Server, port, name asked (empty: none), check."""

_KINDS = (SubjectKind.TLS, SubjectKind.CERTIFICATE, SubjectKind.SSH)


@dataclass(frozen=True, slots=True)
class Tally:
    """Known faults that were found and missed, and faults that are none; of the checks one can judge."""

    checks: int
    found: frozenset[Fault]
    missed: frozenset[Fault]
    invented: frozenset[Fault]


def compiled_checks(beyond: Collection[str] = ()) -> Mapping[SubjectKind, Sequence[CompiledCheck]]:
    """Return the catalogue's checks of TLS, certificates and SSH that need no consent, by subject.

    Those in `beyond` are left out.
    """
    vocabulary = vocabulary_of(VOCABULARY)
    checks = [one for one in load_catalogue().checks.values() if not one.consent and one.id not in beyond]
    return {
        kind: [compile_check(one, vocabulary) for one in checks if one.subject is kind] for kind in _KINDS
    }


def tally(
    seen: Mapping[Endpoint, Seen],
    fleet: Iterable[LabServer],
    checks: Mapping[SubjectKind, Sequence[CompiledCheck]],
    now: datetime,
) -> Tally:
    """Judge what an observer saw with the catalogue's own checks, and hold it against the lab's truths.

    A check counts for an observer when its facts decide it anywhere. A TLS port is judged once, by the
    first name.
    """
    verdicts = dict(_verdicts(seen, checks, now))
    decided = {fault[3] for fault, status in verdicts.items() if status in (Status.PASS, Status.FAIL)}
    ports = {(fault[0], fault[1]) for fault in verdicts}
    known = frozenset(
        (server.id, truth.port, truth.server_name, truth.check)
        for server in fleet
        for truth in (*server.truths, *server.remarks)
        if truth.check in decided and (server.id, truth.port) in ports
    )
    failed = frozenset(fault for fault, status in verdicts.items() if status is Status.FAIL)
    return Tally(len(decided), known & failed, known - failed, failed - known)


def _verdicts(
    seen: Mapping[Endpoint, Seen], checks: Mapping[SubjectKind, Sequence[CompiledCheck]], now: datetime
) -> Iterator[tuple[Fault, Status]]:
    asked: set[tuple[str, int]] = set()
    for endpoint, one in seen.items():
        first = (endpoint.server, endpoint.port) not in asked
        asked.add((endpoint.server, endpoint.port))
        if first and one.facts:
            kind = SubjectKind.SSH if endpoint.kind == "ssh" else SubjectKind.TLS
            yield from _judged(endpoint, "", kind, _spoken(one.facts, kind), checks[kind], now)
        for record in one.certificates:
            kind = SubjectKind.CERTIFICATE
            facts = {"certificate.name_asked": endpoint.name or None, **record}
            yield from _judged(endpoint, endpoint.name, kind, facts, checks[kind], now)


def _spoken(facts: Facts, kind: SubjectKind) -> Facts:
    return {"tls.spoken": True, **facts} if kind is SubjectKind.TLS else facts


def _judged(
    endpoint: Endpoint,
    name: str,
    kind: SubjectKind,
    facts: Mapping[str, JSON],
    checks: Iterable[CompiledCheck],
    now: datetime,
) -> Iterator[tuple[Fault, Status]]:
    measured = Measured(Subject(kind, endpoint.server, endpoint.address, endpoint.port), "lab", facts)
    for check in checks:
        status = judge(check, measured, now).status
        yield (endpoint.server, endpoint.port, name, check.check.id), status
