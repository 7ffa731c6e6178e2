"""Put a server's first flight together from the bytes as they come. Pure; every byte may be hostile."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanners.handshake.answers import (
    ALERT_RECORD,
    APPLICATION_RECORD,
    CERTIFICATE_REQUEST,
    HANDSHAKE_RECORD,
    SERVER_HELLO,
    SERVER_HELLO_DONE,
    SERVER_KEY_EXCHANGE,
    MalformedAnswer,
    ServerHello,
    is_fatal,
    parse_server_hello,
    split_messages,
    split_records,
)
from scanners.handshake.hello import TLS_1_3

_LAST = frozenset((SERVER_KEY_EXCHANGE, CERTIFICATE_REQUEST, SERVER_HELLO_DONE))
"""Messages after which nothing of interest follows (RFC 5246, 7.3)."""


@dataclass(slots=True)
class Intake:
    """What has come so far: the ServerHello, message bodies by type, an alert, encrypted records."""

    hello: ServerHello | None = None
    messages: dict[int, bytes] = field(default_factory=dict)
    alert: int | None = None
    refused: bool = False
    """A fatal alert came in the place of a ServerHello."""
    encrypted: list[bytes] = field(default_factory=list)
    hello_message: bytes = b""
    """The ServerHello with its header, as the transcript of TLS 1.3 needs it."""
    _over: bool = False
    """A fatal alert came: nothing after it counts."""
    _rest: bytes = b""
    _handshake: bytes = b""

    @property
    def empty(self) -> bool:
        """Say whether nothing has come, or nothing but alerts."""
        return not (self.messages or self._rest or self._handshake)

    @property
    def flight_ended(self) -> bool:
        """Say whether all that a server sends in the clear has come."""
        return self.hello is not None and (
            self.hello.version >= TLS_1_3 or bool(_LAST & self.messages.keys())
        )

    def feed(self, part: bytes) -> None:
        """Take in more bytes; raise MalformedAnswer for what is no answer of a TLS server."""
        if self._over:
            return
        records, used = split_records(self._rest + part)
        self._rest = (self._rest + part)[used:]
        for kind, content in records:
            if kind == ALERT_RECORD and len(content) == 2:
                self.alert = content[1]
                self._over = is_fatal(kind, content)
                self.refused = self._over and self.hello is None
            elif kind == HANDSHAKE_RECORD:
                self._take_handshake(content)
            elif self.hello is None:
                raise MalformedAnswer("data before a ServerHello")
            elif kind == APPLICATION_RECORD:
                self.encrypted.append(content)

    def _take_handshake(self, content: bytes) -> None:
        messages, used = split_messages(self._handshake + content)
        self._handshake = (self._handshake + content)[used:]
        for number, body in messages:
            if self.hello is None:
                if number != SERVER_HELLO:
                    raise MalformedAnswer("another message in the place of a ServerHello")
                self.hello = parse_server_hello(body)
                self.hello_message = bytes([number]) + len(body).to_bytes(3, "big") + body
            self.messages.setdefault(number, body)
