"""Ask a name server over TCP: recursion, its version, and a transfer of each registered zone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError, text_of
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described

_PRODUCTS = (
    (re.compile(r"^(9\.[0-9]+\.[0-9]+(?:-\S+)?)"), "ISC BIND", "isc:bind"),
    (re.compile(r"^dnsmasq-([0-9][0-9.]*)"), "dnsmasq", "thekelleys:dnsmasq"),
    (re.compile(r"^unbound ([0-9][0-9.]*)"), "Unbound", "nlnetlabs:unbound"),
    (re.compile(r"^PowerDNS.*?([0-9]+\.[0-9.]+)"), "PowerDNS", "powerdns:powerdns"),
)


def parse_message(data: bytes) -> dns.message.Message:
    """Return a DNS message; raise AnswerError. What follows the first records is not read."""
    try:
        return dns.message.from_wire(data, ignore_trailing=True, one_rr_per_rrset=True)
    except (dns.exception.DNSException, ValueError, LookupError) as error:
        raise AnswerError(f"not a DNS message: {error}") from None


def ask_domain(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Ask for the root with recursion desired, then for version.bind, then for each zone."""
    root = _exchange(talk, dns.message.make_query(".", "NS"))
    yield {"service.name": "domain", **described(None, None, "")}
    if root.rcode() != dns.rcode.SERVFAIL:
        recursive = bool(root.flags & dns.flags.RA) and root.rcode() != dns.rcode.REFUSED
        yield {"dns.recursion": recursive}
    asked = dns.message.make_query("version.bind", "TXT", "CH")
    version = _or_again(talk, context, asked)
    texts = [str(record).strip('"') for answer in version.answer for record in answer]
    yield {"dns.version": texts[0][:300] if texts else None, **_product(texts[0] if texts else "")}
    yield {"dns.transfer_allowed": transfer_of(_transfers(context))}


def _transfers(context: Context) -> Iterator[bool | None]:
    for domain in context.domains:
        try:
            query = dns.message.make_query(domain, "AXFR")
        except dns.exception.DNSException:
            continue
        with context.open() as talk:
            try:
                answer = _exchange(talk, query)
            except (EOFError, ConnectionError):
                # Hanging up on the question is how some servers refuse.
                yield False
                continue
        yield parse_transfer(answer)


def parse_transfer(answer: dns.message.Message) -> bool | None:
    """Tell from the first message of an answer to AXFR whether the zone is handed over.

    None when the server does not hold the zone (RFC 5936 section 2.2.1).
    """
    if answer.rcode() == dns.rcode.NOTAUTH:
        return None
    if answer.rcode() == dns.rcode.NOERROR and answer.answer:
        return answer.answer[0].rdtype == dns.rdatatype.SOA
    return False


def transfer_of(answers: Iterator[bool | None]) -> bool | None:
    """Return whether any zone is handed over; None when no registered zone is held here."""
    said = [answer for answer in answers if answer is not None]
    return any(said) if said else None


def _or_again(talk: Conversation, context: Context, query: dns.message.Message) -> dns.message.Message:
    """Ask on the same connection, or on a new one when the server answers one question on each."""
    try:
        return _exchange(talk, query)
    except (EOFError, ConnectionError):
        with context.open_like(talk) as again:
            return _exchange(again, query)


def _exchange(talk: Conversation, query: dns.message.Message) -> dns.message.Message:
    wire = query.to_wire()
    talk.send(len(wire).to_bytes(2, "big") + wire)
    answer = parse_message(talk.exactly(int.from_bytes(talk.exactly(2), "big")))
    if answer.id != query.id:
        raise AnswerError("an answer to another question")
    return answer


def _product(version: str) -> Facts:
    for pattern, product, cpe in _PRODUCTS:
        if found := pattern.search(version):
            return described(product, text_of(found[1].encode()), cpe)
    return described(None, None, "")
