"""What every question to a port may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from auditor.model.facts import Facts
from scanners.dialling import Dialer
from scanners.services.conversation import Conversation, PlainStream


@dataclass(slots=True)
class Context:
    """One port of one address: how to reach it, what may be asked, and the one connection to it."""

    dialer: Dialer
    server_name: str = ""
    consent: frozenset[str] = frozenset()
    """Checks that the authorization names."""
    domains: tuple[str, ...] = ()
    """Names that the organisation registered."""
    open_ports: tuple[int, ...] = ()
    heard: bytes = b""
    """The first words that the server ever said, for the record."""
    _current: Conversation | None = field(default=None, init=False)

    @property
    def port(self) -> int:
        """Return the port number."""
        return self.dialer.port

    def open(self, port: int = 0) -> Conversation:
        """Hang up, then open another connection: a port never has two of ours. Raise OSError.

        `port` is another port of this address, 0 for this one.
        """
        self.close()
        own = self.dialer.port
        self.dialer.port = port or own
        try:
            stream = PlainStream(self.dialer.open(), self.dialer.deadline)
        finally:
            self.dialer.port = own
        self._current = Conversation(stream, self.dialer.limits.connect_timeout_seconds)
        return self._current

    def close(self) -> None:
        """Hang up; what was heard is kept."""
        if self._current is not None:
            self.heard = self.heard or self._current.heard
            self._current.close()
            self._current = None

    def open_like(self, talk: Conversation) -> Conversation:
        """Open another connection, inside TLS when that one is; raise OSError."""
        another = self.open()
        if talk.tls:
            another.start_tls(self.server_name)
        return another


Question = Callable[[Conversation, Context], Iterator[Facts]]
"""Yields facts as they are learned, so that a server that stops answering takes back none of them.

It yields `service.name` first when the answer shows the protocol, and nothing when it does not.
"""
