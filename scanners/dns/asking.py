"""Ask the resolvers one question after another: paced, and bounded in number, bytes and time."""

from __future__ import annotations

import ipaddress
import socket
import struct
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rdatatype

from auditor.model.evidence import FailureKind
from scanners.base import Limits, Pace
from scanners.dialling import BoundedSocket, Deadline, Dialer, failure_kind
from scanners.dns.answers import (
    MAXIMUM_ALIASES,
    Answer,
    Unanswered,
    belongs,
    is_cut,
    parse_response,
    read_answer,
)

Resolver = tuple[str, int]
"""Address and port."""

_PAYLOAD_BYTES = 1232
"""What crosses every network without fragments (DNS Flag Day 2020)."""
_STRANGE_DATAGRAMS = 20
"""Datagrams that are no answer to the question, before a resolver is given up."""
_MESSAGE_BYTES = 65_535
_SILENCES = 3
"""Questions in a row that every resolver leaves without any answer, before nothing more is asked."""
_ATTEMPTS = 3
_SIGNED = (dns.rdatatype.DS, dns.rdatatype.DNSKEY, dns.rdatatype.SOA)
"""Types whose signatures are wanted too."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The bytes a resolver sent for one question."""

    resolver: Resolver
    question: str
    wire: bytes


@dataclass(slots=True)
class Asker:
    """Remember every answer, so that no question is asked twice."""

    resolvers: tuple[Resolver, ...]
    limits: Limits
    pace: Pace
    deadline: Deadline
    questions_left: int
    replies: list[Reply] = field(default_factory=list)
    _known: dict[tuple[object, ...], Answer | Unanswered] = field(default_factory=dict)
    _preferred: int = 0
    _silences: int = 0
    _received_bytes: int = 0

    def ask(self, name: dns.name.Name, kind: str, *, validated: bool = False) -> Answer:
        """Return the answer to a question, with its aliases followed; raise Unanswered when there is none.

        A validating resolver is told to answer also where it does not believe the answer (CD), unless
        `validated`: then what it does not believe is unanswered.
        """
        wanted = dns.rdatatype.from_text(kind)
        key = (name, wanted, validated)
        if key not in self._known:
            try:
                self._known[key] = self._followed(name, wanted, validated)
            except Unanswered as error:
                self._known[key] = error
        known = self._known[key]
        if isinstance(known, Unanswered):
            raise known
        return known

    def _followed(self, name: dns.name.Name, kind: dns.rdatatype.RdataType, validated: bool) -> Answer:
        answer = self._asked(name, kind, validated)
        aliases = answer.aliases
        while answer.open_end:
            answer = self._asked(aliases[-1], kind, validated)
            if name in answer.aliases or set(aliases) & set(answer.aliases):
                return Answer(exists=True, aliases=aliases, looping=True)
            if not answer.aliases:
                break
            aliases += answer.aliases
            if len(aliases) > MAXIMUM_ALIASES:
                raise Unanswered(FailureKind.PROTOCOL, "too many aliases, one after another")
        return Answer(
            answer.exists,
            answer.records,
            aliases,
            answer.owned,
            answer.signatures,
            answer.authenticated,
            answer.zone,
            answer.looping,
        )

    def _asked(self, name: dns.name.Name, kind: dns.rdatatype.RdataType, validated: bool) -> Answer:
        """Try the resolvers in turn, beginning with the one that answered last."""
        if self._silences >= _SILENCES:
            raise Unanswered(FailureKind.TIMEOUT, "the resolvers have stopped answering")
        flags = dns.flags.RD | (dns.flags.AD if validated else dns.flags.CD)
        failure: Unanswered | None = None
        for attempt in range(min(max(2, len(self.resolvers)), _ATTEMPTS)):
            # One resolver alone is asked again only where the network may have lost a datagram.
            if failure is not None and len(self.resolvers) == 1 and failure.kind is not FailureKind.TIMEOUT:
                break
            number = (self._preferred + attempt) % len(self.resolvers)
            query = dns.message.make_query(
                name, kind, flags=flags, use_edns=0, want_dnssec=kind in _SIGNED, payload=_PAYLOAD_BYTES
            )
            try:
                message = self._exchange(self.resolvers[number], query)
                self._silences = 0
                answer = read_answer(message, name, kind)
            except Unanswered as error:
                failure = failure or error
                continue
            self._preferred = number
            return answer
        assert failure is not None
        if failure.kind is FailureKind.TIMEOUT:
            self._silences += 1
        raise failure

    def _exchange(self, resolver: Resolver, query: dns.message.Message) -> dns.message.Message:
        try:
            message = self._datagram(resolver, query) or self._stream(resolver, query)
        except OSError as error:
            raise Unanswered(failure_kind(error), str(error) or "no answer in time") from None
        if message is None:
            raise Unanswered(FailureKind.PROTOCOL, "the resolver sends no valid answer")
        return message

    def _datagram(self, resolver: Resolver, query: dns.message.Message) -> dns.message.Message | None:
        """Return the answer of one datagram, or None where it did not fit into one."""
        self._count()
        address = ipaddress.ip_address(resolver[0])
        deadline = Deadline.after(min(self.limits.connect_timeout_seconds, self.deadline.remaining_seconds()))
        self.pace()
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as connection:
            connection.connect(resolver)  # the kernel drops what others send
            connection.send(query.to_wire())
            for _ in range(_STRANGE_DATAGRAMS):
                connection.settimeout(deadline.remaining_seconds())
                wire = connection.recv(_MESSAGE_BYTES)
                if not belongs(wire, query):
                    continue
                if is_cut(wire):
                    return None
                message = parse_response(wire, query)
                if message is not None:
                    self._keep(resolver, query, wire)
                    return message
        raise Unanswered(FailureKind.PROTOCOL, "the resolver sends datagrams that answer nothing")

    def _stream(self, resolver: Resolver, query: dns.message.Message) -> dns.message.Message | None:
        """Return the answer over TCP (RFC 7766); None when it is none, or announces to be cut here too."""
        self._count()
        with Dialer(resolver[0], resolver[1], self.limits, self.pace, self.deadline).open() as connection:
            deadline = Deadline.after(
                min(self.limits.connect_timeout_seconds, self.deadline.remaining_seconds())
            )
            connection.budget_bytes = 2 + _MESSAGE_BYTES
            wire = query.to_wire()
            connection.sendall(struct.pack("!H", len(wire)) + wire)
            (length,) = struct.unpack("!H", _exactly(connection, 2, deadline))
            wire = _exactly(connection, length, deadline)
        if not belongs(wire, query) or is_cut(wire):
            return None
        message = parse_response(wire, query)
        if message is not None:
            self._keep(resolver, query, wire)
        return message

    def _count(self) -> None:
        if self.questions_left <= 0:
            raise Unanswered(FailureKind.STOPPED, "this domain has had all questions it may cost")
        if self._received_bytes >= self.limits.response_bytes:
            raise Unanswered(FailureKind.STOPPED, "the resolvers have sent all bytes they may")
        self.questions_left -= 1

    def _keep(self, resolver: Resolver, query: dns.message.Message, wire: bytes) -> None:
        self._received_bytes += len(wire)
        self.replies.append(Reply(resolver, str(query.question[0]), wire))


def _exactly(connection: BoundedSocket, count: int, deadline: Deadline) -> bytes:
    received = bytearray()
    while len(received) < count:
        connection.settimeout(deadline.remaining_seconds())
        data = connection.recv(count - len(received))
        if not data:
            raise ConnectionResetError("the resolver hung up within an answer")
        received += data
    return bytes(received)
