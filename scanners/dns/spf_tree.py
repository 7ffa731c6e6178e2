"""Follow an SPF record through everything it includes, without ever asking for an address."""

from __future__ import annotations

from dataclasses import dataclass

import dns.name

from scanners.dns.domain import Domain
from scanners.dns.options import OptionsError, read_name
from scanners.dns.record import RecordError
from scanners.dns.spf import is_spf, parse_spf

_COUNTED_LOOKUPS = 21
"""Twice what is allowed, and one: enough to tell, and the end of records that include each other."""


def spf_records(domain: Domain, name: dns.name.Name) -> list[str]:
    """Return the SPF records of a name, sorted."""
    return [text for text in domain.texts(name) if is_spf(text)]


@dataclass(slots=True)
class SpfTree:
    """Count what evaluating a record costs, and whether it can be evaluated at all."""

    domain: Domain
    lookups: int = 0
    valid: bool = True

    def evaluate(self, text: str) -> str | None:
        """Follow a record; return its final term. Raises Unanswered where an included name has no answer."""
        try:
            record = parse_spf(text)
        except RecordError:
            self.valid = False
            return None
        self._count(record.lookups - len(record.includes) - (record.redirect is not None))
        for included in record.includes:
            self._descend(included)
        return record.all if record.redirect is None else self._descend(record.redirect)

    def _descend(self, target: str) -> str | None:
        if self.lookups >= _COUNTED_LOOKUPS:
            return None
        self._count(1)
        if "%" in target:
            return None  # a macro: what it names depends on the mail
        try:
            name = read_name(target)
        except OptionsError:
            self.valid = False
            return None
        records = spf_records(self.domain, name)
        if len(records) != 1:
            self.valid = False  # RFC 7208, 5.2 and 6.1: a permanent error of the whole
            return None
        return self.evaluate(records[0])

    def _count(self, lookups: int) -> None:
        self.lookups = min(self.lookups + lookups, _COUNTED_LOOKUPS)
