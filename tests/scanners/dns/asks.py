"""Short ways to ask and to scan in tests."""

from __future__ import annotations

from dataclasses import dataclass

import dns.name

from auditor.model.evidence import Observation
from auditor.model.facts import JSON
from auditor.model.plan import Task
from scanners.base import Limits
from scanners.conformance import nonconforming
from scanners.dialling import Deadline
from scanners.dns.asking import Asker
from scanners.dns.facts import FACTS
from scanners.dns.scanner import DnsScanner

VOCABULARY = {spec.name: spec for spec in FACTS}


@dataclass
class Count:
    """A pace that counts."""

    paces: int = 0

    def __call__(self) -> None:
        """Count one."""
        self.paces += 1


def limits(answer_seconds: float = 5.0, response_bytes: int = 1_000_000) -> Limits:
    """Return limits with a wait for one answer that a test about silence makes short."""
    return Limits(1000.0, 1, 1000, 30.0, answer_seconds, response_bytes)


def asker(*ports: int, questions: int = 50, given: Limits | None = None, pace: Count | None = None) -> Asker:
    """Return an asker of resolvers on 127.0.0.1."""
    given = given or limits()
    resolvers = tuple(("127.0.0.1", port) for port in ports)
    return Asker(resolvers, given, pace or Count(), Deadline.after(given.timeout_seconds), questions)


def name(text: str) -> dns.name.Name:
    """Return an absolute name."""
    return dns.name.from_text(text)


def scan(
    domain: str,
    *resolvers: str,
    scanner: DnsScanner | None = None,
    given: Limits | None = None,
    **options: JSON,
) -> Observation:
    """Scan a domain, and see to it that every fact is one of the vocabulary."""
    task = Task("dns", domain, "opd", "", 0, domain, options={"resolvers": list(resolvers), **options})
    seen = (scanner or DnsScanner()).scan(task, given or limits(), Count())
    assert nonconforming(seen.facts, VOCABULARY) == []
    return seen
