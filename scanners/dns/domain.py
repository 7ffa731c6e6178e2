"""One domain under examination, and the short ways to ask about it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

import dns.exception
import dns.name
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from auditor.model.evidence import FailureKind
from scanners.dns.answers import Unanswered
from scanners.dns.asking import Asker
from scanners.dns.options import Address, Options
from scanners.dns.record import text_of

_MAXIMUM_CLIMB = 8


@dataclass(frozen=True, slots=True)
class Domain:
    """The name, what the inventory knows about it, and whom to ask."""

    name: dns.name.Name
    options: Options
    asker: Asker

    def child(self, *labels: str) -> dns.name.Name:
        """Return the name with labels before it; raise Unanswered where that is too long for a name."""
        return self.below(self.name, *labels)

    def below(self, name: dns.name.Name, *labels: str) -> dns.name.Name:
        """Return another name with labels before it; raise Unanswered where that is too long for a name."""
        try:
            return dns.name.Name([label.encode() for label in labels]).concatenate(name)
        except dns.exception.DNSException as error:
            raise Unanswered(FailureKind.PROTOCOL, f"{labels[0][:60]}: {error}") from None

    def texts(self, name: dns.name.Name) -> tuple[str, ...]:
        """Return the TXT records of a name, sorted."""
        answer = self.asker.ask(name, "TXT")
        return tuple(sorted(text_of(record.strings) for record in answer.records if isinstance(record, TXT)))

    def addresses(self, name: dns.name.Name) -> tuple[Address, ...]:
        """Return the IPv4 and IPv6 addresses of a name, sorted by family."""
        first = self.asker.ask(name, "A")
        if not first.exists:
            return ()
        records = (*first.records, *self.asker.ask(name, "AAAA").records)
        found = {ip_address(record.address) for record in records if isinstance(record, A | AAAA)}
        return tuple(sorted(found, key=lambda address: (address.version, int(address))))

    def zone_of(self, name: dns.name.Name) -> dns.name.Name:
        """Return the zone that holds a name; raise Unanswered where no answer tells."""
        for _ in range(_MAXIMUM_CLIMB):
            answer = self.asker.ask(name, "SOA")
            if not answer.aliases and answer.zone is not None:
                return answer.zone
            if len(name.labels) < 3:
                break
            name = name.parent()
        raise Unanswered(FailureKind.PROTOCOL, "no answer tells which zone holds the name")


def shown(name: dns.name.Name) -> str:
    """Return a name as text: lower case, without the final dot."""
    return name.to_text(omit_final_dot=True).lower()
