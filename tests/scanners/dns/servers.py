"""Name servers on loopback that answer as a test wants: from a list of records, or with hostile bytes."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Answerer = Callable[[dns.message.Message, str], list[bytes]]
"""A query and its transport (udp or tcp) → the messages to send."""


@dataclass
class NameServer:
    """A running server: its port on 127.0.0.1, and the questions it got, with their transport."""

    port: int
    questions: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def resolver(self) -> str:
        """Return how it is named as an option."""
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def serve(answer: Answerer) -> Iterator[NameServer]:
    """Answer over UDP and TCP on one port, until the block ends."""
    with contextlib.ExitStack() as stack:
        datagrams, streams = _pair(stack)
        server = NameServer(datagrams.getsockname()[1])

        def note(wire: bytes, transport: str) -> dns.message.Message:
            query = dns.message.from_wire(wire)
            question = query.question[0]
            name = question.name.to_text(omit_final_dot=True)
            server.questions.append((name, dns.rdatatype.to_text(question.rdtype), transport))
            return query

        def udp() -> None:
            while True:
                try:
                    wire, peer = datagrams.recvfrom(65_535)
                except OSError:
                    return
                if not wire:
                    return
                for message in answer(note(wire, "udp"), "udp"):
                    datagrams.sendto(message, peer)

        def tcp() -> None:
            while True:
                try:
                    connection, _ = streams.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    (length,) = struct.unpack("!H", connection.recv(2))
                    for message in answer(note(connection.recv(length), "tcp"), "tcp"):
                        connection.sendall(struct.pack("!H", len(message)) + message)

        threads = [threading.Thread(target=target, daemon=True) for target in (udp, tcp)]
        for thread in threads:
            thread.start()
        try:
            yield server
        finally:
            datagrams.sendto(b"", datagrams.getsockname())
            with contextlib.suppress(OSError):
                streams.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(5)


def _pair(stack: contextlib.ExitStack) -> tuple[socket.socket, socket.socket]:
    """Return a UDP and a TCP socket on the same free port."""
    for _ in range(50):
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", 0))
        streams = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        streams.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            streams.bind(datagrams.getsockname())
        except OSError:
            datagrams.close()
            streams.close()
            continue
        streams.listen()
        return stack.enter_context(datagrams), stack.enter_context(streams)
    raise AssertionError("no port is free for both")


@dataclass
class Records:
    """Answer as a resolver does that knows these records and nothing else in the world.

    `records` maps "name TYPE" to lines of record data, `failing` "name TYPE" or a name to an answer code.
    """

    records: Mapping[str, list[str]]
    apex: str
    failing: Mapping[str, dns.rcode.Rcode] = field(default_factory=dict)

    def __call__(self, query: dns.message.Message, transport: str) -> list[bytes]:
        """Return one answer, cut where it does not fit into a datagram."""
        response = dns.message.make_response(query, recursion_available=True)
        question = query.question[0]
        name, kind = question.name, dns.rdatatype.to_text(question.rdtype)
        text = name.to_text(omit_final_dot=True)
        code = self.failing.get(f"{text} {kind}", self.failing.get(text))
        if code is not None:
            response.set_rcode(code)
            return [response.to_wire()]
        self._answer(response, name, kind)
        wire = response.to_wire(max_size=65_535)
        if transport == "udp" and len(wire) > 1232:
            response.answer.clear()
            response.flags |= dns.flags.TC
            wire = response.to_wire()
        return [wire]

    def _answer(self, response: dns.message.Message, name: dns.name.Name, kind: str) -> None:
        seen: set[dns.name.Name] = set()
        while name not in seen:
            seen.add(name)
            text = name.to_text(omit_final_dot=True)
            known = self._known(text)
            for found in (kind, "CNAME"):
                lines = self.records.get(f"{known} {found}")
                if lines:
                    response.answer.append(dns.rrset.from_text_list(name, 300, "IN", found, lines))
                    break
            else:
                if not self._exists(known):
                    response.set_rcode(dns.rcode.NXDOMAIN)
                self._deny(response, name)
                return
            if found == kind:
                return
            name = response.answer[-1][0].target

    def _known(self, text: str) -> str:
        """Return the name whose records answer for a name: its own or, without any, a wildcard's."""
        wildcard = f"*.{text.partition('.')[2]}"
        return wildcard if not self._exists(text) and self._exists(wildcard) else text

    def _exists(self, text: str) -> bool:
        return any(key.startswith(f"{text} ") for key in self.records)

    def _deny(self, response: dns.message.Message, name: dns.name.Name) -> None:
        apex = dns.name.from_text(self.apex)
        owner = apex if name.is_subdomain(apex) else dns.name.root
        soa = "ns1.contoh.test. hostmaster.contoh.test. 1 3600 900 1209600 300"
        response.authority.append(dns.rrset.from_text(owner, 300, "IN", "SOA", soa))
