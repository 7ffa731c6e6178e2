"""Read a resolver's message as the answer to one question. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.RRSIG import RRSIG

from auditor.model.evidence import FailureKind

MAXIMUM_ALIASES = 8
_HEADER_BYTES = 12
PARSE_ERRORS = (dns.exception.DNSException, ValueError, LookupError, struct.error)
"""What dnspython raises for a message that is none."""


class Unanswered(Exception):
    """A question that nobody answered in a way that decides it."""

    def __init__(self, kind: FailureKind, detail: str, *, server_failure: bool = False) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.server_failure = server_failure
        """The resolver said SERVFAIL, as it does for what it does not believe (RFC 4035, 5.5)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer decides: whether the name at the end of the aliases exists, and its records."""

    exists: bool
    records: tuple[dns.rdata.Rdata, ...] = ()
    aliases: tuple[dns.name.Name, ...] = ()
    """Where CNAME records lead, in order; empty for a name with records of its own."""
    owned: dns.rrset.RRset | None = None
    """The records with their owner, as signatures cover them."""
    signatures: tuple[RRSIG, ...] = ()
    authenticated: bool = False
    zone: dns.name.Name | None = None
    """Owner of the SOA record in the answer, or beside it."""
    looping: bool = False

    @property
    def open_end(self) -> bool:
        """Say whether aliases lead to a name about which the message says nothing."""
        return bool(self.aliases) and self.exists and not (self.records or self.zone or self.looping)


def belongs(wire: bytes, query: dns.message.Message) -> bool:
    """Say whether bytes begin like a response to the query: its id, and the response bit."""
    if len(wire) < _HEADER_BYTES:
        return False
    number, flags = struct.unpack_from("!HH", wire)
    return number == query.id and bool(flags & dns.flags.QR)


def is_cut(wire: bytes) -> bool:
    """Say whether a response announces that it did not fit (TC)."""
    return bool(struct.unpack_from("!H", wire, 2)[0] & dns.flags.TC)


def parse_response(wire: bytes, query: dns.message.Message) -> dns.message.Message | None:
    """Return the response to the query, or None for what is about something else.

    Raises Unanswered for a response to this very query that cannot be read: no other will come.
    """
    try:
        if not query.is_response(dns.message.from_wire(wire, question_only=True)):
            return None
    except PARSE_ERRORS:
        return None
    try:
        return dns.message.from_wire(wire)
    except PARSE_ERRORS as error:
        raise Unanswered(FailureKind.PROTOCOL, f"the answer cannot be read: {error}"[:200]) from None


def read_answer(message: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Answer:
    """Return what a response decides about a name; raise Unanswered where it decides nothing."""
    code = message.rcode()
    if code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        refused = FailureKind.REFUSED if code is dns.rcode.REFUSED else FailureKind.PROTOCOL
        detail = f"the resolver answers {dns.rcode.to_text(code)}"
        raise Unanswered(refused, detail, server_failure=code is dns.rcode.SERVFAIL)
    aliases, looping = _aliases(message, name, kind)
    end = aliases[-1] if aliases else name
    owned = _find(message.answer, end, kind)
    zone = _zone(message, end)
    if owned is None and not aliases and zone is None and _refers(message):
        raise Unanswered(FailureKind.PROTOCOL, "the resolver only refers to other name servers")
    return Answer(
        exists=owned is not None or code is dns.rcode.NOERROR,
        records=tuple(owned) if owned is not None else (),
        aliases=aliases,
        owned=owned,
        signatures=_signatures(message, end, kind),
        authenticated=bool(message.flags & dns.flags.AD),
        zone=zone,
        looping=looping,
    )


def _aliases(
    message: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> tuple[tuple[dns.name.Name, ...], bool]:
    """Return where the aliases lead, and whether they come back to a name already seen."""
    aliases: list[dns.name.Name] = []
    end = name
    while _find(message.answer, end, kind) is None:
        found = _find(message.answer, end, dns.rdatatype.CNAME)
        if found is None:
            break
        target: dns.name.Name = found[0].target
        if target == name or target in aliases:
            return tuple(aliases), True
        if len(aliases) >= MAXIMUM_ALIASES:
            raise Unanswered(FailureKind.PROTOCOL, f"more than {MAXIMUM_ALIASES} aliases, one after another")
        aliases.append(target)
        end = target
    return tuple(aliases), False


def _find(
    section: list[dns.rrset.RRset], name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> dns.rrset.RRset | None:
    for rrset in section:
        if rrset.name == name and rrset.rdtype == kind and rrset.rdclass == dns.rdataclass.IN:
            return rrset
    return None


def _signatures(
    message: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> tuple[RRSIG, ...]:
    return tuple(
        record
        for rrset in message.answer
        if rrset.name == name and rrset.covers == kind
        for record in rrset
        if isinstance(record, RRSIG)
    )


def _zone(message: dns.message.Message, name: dns.name.Name) -> dns.name.Name | None:
    """Return the owner of a SOA record above the name; any other tells nothing about it."""
    for rrset in (*message.answer, *message.authority):
        if rrset.rdtype == dns.rdatatype.SOA and name.is_subdomain(rrset.name):
            return rrset.name
    return None


def _refers(message: dns.message.Message) -> bool:
    authoritative = message.flags & dns.flags.AA
    return not authoritative and any(rrset.rdtype == dns.rdatatype.NS for rrset in message.authority)
