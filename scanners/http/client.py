"""Ask one address over HTTP/1.1, bounded in time and bytes. Nothing is followed, unpacked or remembered.

Connections wait for the pace of the address. Requests over a kept connection leave a gap: as long as the
server took for its last answer (so the auditor takes at most half of one worker's time), and never less than
what keeps the packets to the host, two for each request, within its budget.
"""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass, field
from typing import Protocol

import h11

from scanners.dialling import BoundedSocket, Deadline, Dialer, cut_off
from scanners.http.message import AnswerError, ClosedError, NotHttpError, Response, Site, TlsAlertError

USER_AGENT = "Tilik/0.1 (security audit by the organisation's IT office)"
CRAWLER_AGENT = f"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html) {USER_AGENT}"
"""Injected pages look for the crawler's name anywhere in it; the owner's log still names the auditor."""
_HEAD_MAX_BYTES = 65_536
_INTERIM_MAX = 10
_TLS_ALERT = b"\x15\x03"
_GAP_MAX_SECONDS = 1.0
_DISAGREEMENTS = (
    "HANDSHAKE_FAILURE",
    "PROTOCOL_VERSION",
    "NO_CIPHERS",
    "UNSUPPORTED",
    "WRONG_VERSION",
    "INSUFFICIENT_SECURITY",
    "DH_KEY_TOO_SMALL",
    "WRONG_SIGNATURE_TYPE",
)
"""What OpenSSL says when both sides have no protocol, cipher or parameter in common."""
_PACKETS_PER_REQUEST = 2
_CHUNK_BYTES = 65_536
_HEADERS = (("User-Agent", USER_AGENT), ("Accept", "*/*"), ("Accept-Encoding", "identity"))


def probing_context() -> ssl.SSLContext:
    """Return a TLS context for looking only: it trusts anybody and speaks what old servers speak.

    Nothing secret is ever sent over it. Its certificates are judged by another scanner.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: servers without RFC 5746
    context.set_alpn_protocols(["http/1.1"])
    return context


class Connection(Protocol):
    """What is used of a connection, whoever does its TLS."""

    def settimeout(self, value: float | None, /) -> None:
        """Bound the next operation."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it."""

    def recv(self, bufsize: int, /) -> bytes:
        """Return some bytes, none at the end."""
        ...

    def fileno(self) -> int:
        """Return the descriptor of the socket below."""
        ...

    def close(self) -> None:
        """Hang up."""


@dataclass(slots=True)
class Client:
    """Ask one site; one connection is kept for as long as the server keeps it."""

    site: Site
    server_name: str
    dialer: Dialer
    exchange_timeout_seconds: float
    context: ssl.SSLContext = field(default_factory=probing_context)
    legacy: bool = False
    """The server was found to speak only what current TLS libraries refuse."""
    may_turn_legacy: bool = True
    first_byte_seconds: float = 10.0
    """A server that has not begun to answer by then is not waited for any longer."""
    last_seconds: float = 0.0
    """How long the last answer took, from the request to the end of its body."""
    _socket: Connection | None = None
    _state: h11.Connection | None = None

    def ask(
        self, method: str, target: str, headers: tuple[tuple[str, str], ...] = (), body_bytes: int = 65_536
    ) -> Response:
        """Send one request without a body and return the answer, at most `body_bytes` of its body.

        `headers` take the place of usual ones of the same name.

        Raises OSError when the connection fails or nothing comes in time, AnswerError for what is not HTTP.
        """
        deadline = Deadline.after(
            min(self.exchange_timeout_seconds, self.dialer.deadline.remaining_seconds())
        )
        given = {name.lower() for name, _ in headers}
        usual = [one for one in (("Host", self.site.host_header), *_HEADERS) if one[0].lower() not in given]
        request = h11.Request(method=method, target=target, headers=[*usual, *headers])
        reused = self._socket is not None
        if reused:
            self._leave_a_gap()
        try:
            try:
                return self._exchange(request, body_bytes, deadline)
            except (ClosedError, ConnectionError):
                self.close()
                if not reused:
                    raise
                # A server may end a kept connection at any time (RFC 9112, section 9.3.1): ask once more.
                return self._exchange(request, body_bytes, deadline)
        except (OSError, AnswerError):
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._state = None, None

    def _leave_a_gap(self) -> None:
        least = _PACKETS_PER_REQUEST / self.dialer.limits.packets_per_second
        self.dialer.wait(max(least, min(self.last_seconds, _GAP_MAX_SECONDS)))

    def _exchange(self, request: h11.Request, body_bytes: int, deadline: Deadline) -> Response:
        connection, state = self._connected(deadline)
        if isinstance(connection, BoundedSocket):
            # The reader keeps the bound of each answer; a kept connection must not run out over many.
            connection.budget_bytes = body_bytes + 2 * _HEAD_MAX_BYTES
        begun = time.monotonic()
        connection.settimeout(deadline.remaining_seconds())
        first_byte = Deadline(min(deadline.at, begun + self.first_byte_seconds))
        with cut_off(connection, deadline.remaining_seconds()):
            connection.sendall((state.send(request) or b"") + (state.send(h11.EndOfMessage()) or b""))
            response = _Reader(connection, state, body_bytes, deadline, first_byte).read()
        self.last_seconds = time.monotonic() - begun
        if response.complete and state.our_state is h11.DONE and state.their_state is h11.DONE:
            state.start_next_cycle()
        else:
            self.close()
        return response

    def _connected(self, deadline: Deadline) -> tuple[Connection, h11.Connection]:
        if self._socket is None or self._state is None:
            self._socket = self._secured(deadline) if self.site.scheme == "https" else self.dialer.open()
            self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_MAX_BYTES)
        return self._socket, self._state

    def _secured(self, deadline: Deadline) -> Connection:
        """Open a connection with TLS; a server that no current library agrees with is met with an old one."""
        if not self.legacy:
            try:
                return self._wrapped(deadline)
            except ssl.SSLError as error:
                if not (self.may_turn_legacy and _is_disagreement(error)):
                    raise
                first = error
        try:
            connection = self._wrapped_by_old(deadline)
        except ConnectionAbortedError:
            if self.legacy:
                raise
            raise first from None
        self.legacy = True
        return connection

    def _wrapped(self, deadline: Deadline) -> Connection:
        plain = self.dialer.open()
        seconds = min(deadline.remaining_seconds(), self.first_byte_seconds)
        plain.settimeout(seconds)
        try:
            secured = self.context.wrap_socket(
                plain, server_hostname=self.server_name or None, do_handshake_on_connect=False
            )
        except (OSError, ValueError):
            plain.close()
            raise
        try:
            with cut_off(secured, seconds):
                secured.do_handshake()
        except OSError:
            secured.close()
            raise
        return secured

    def _wrapped_by_old(self, deadline: Deadline) -> Connection:
        # Imported here: its old OpenSSL is needed for few servers.
        from scanners.http.legacy import LegacyConnection

        plain = self.dialer.open()
        seconds = min(deadline.remaining_seconds(), self.first_byte_seconds)
        plain.settimeout(seconds)
        try:
            with cut_off(plain, seconds):
                return LegacyConnection(plain, self.server_name)
        except OSError:
            plain.close()
            raise


def _is_disagreement(error: ssl.SSLError) -> bool:
    """Return whether the handshake failed for want of anything in common."""
    reason = (error.reason or "").upper()
    return any(word in reason for word in _DISAGREEMENTS)


@dataclass(slots=True)
class _Reader:
    """Read one answer."""

    connection: Connection
    state: h11.Connection
    body_bytes: int
    deadline: Deadline
    first_byte: Deadline
    _head: h11.Response | None = None
    _body: bytearray = field(default_factory=bytearray)
    _received: bytearray = field(default_factory=bytearray)
    _received_bytes: int = 0
    _interim: int = 0

    def read(self) -> Response:
        """Return the answer; once its head is there, whatever ends it early only cuts the body short."""
        try:
            complete = self._read_events()
        except h11.RemoteProtocolError as error:
            if self._head is None:
                raise self._not_an_answer(str(error)) from None
            complete = False
        except OSError:
            if self._head is None:
                raise
            complete = False
        if self._head is None:
            raise self._not_an_answer("the connection ended")
        headers = ((str(name, "latin-1"), str(value, "latin-1")) for name, value in self._head.headers)
        return Response(
            status=self._head.status_code,
            reason=self._head.reason.decode("latin-1"),
            headers=tuple(headers),
            body=bytes(self._body[: self.body_bytes]),
            complete=complete,
        )

    def _read_events(self) -> bool:
        """Read until the answer ends (True) or a bound is reached (False)."""
        while True:
            event = self.state.next_event()
            if event is h11.NEED_DATA:
                if self._received_bytes > self.body_bytes + _HEAD_MAX_BYTES:
                    return False
                self._receive()
            elif isinstance(event, h11.Response):
                self._head = event
            elif isinstance(event, h11.InformationalResponse):
                self._interim += 1
                if self._interim > _INTERIM_MAX:
                    raise AnswerError("interim answers without end")
            elif isinstance(event, h11.Data):
                self._body += event.data
                if len(self._body) > self.body_bytes:
                    return False
            else:
                return isinstance(event, h11.EndOfMessage)

    def _receive(self) -> None:
        due = self.deadline if self._received_bytes else self.first_byte
        self.connection.settimeout(due.remaining_seconds())
        data = self.connection.recv(_CHUNK_BYTES)
        if not data and not self._received_bytes:
            raise ClosedError("the connection was closed without an answer")
        self._received_bytes += len(data)
        self._received += data[: max(0, 16 - len(self._received))]
        self.state.receive_data(data)

    def _not_an_answer(self, detail: str) -> AnswerError:
        if self._received.lstrip(b"\r\n").startswith(b"HTTP/"):
            return AnswerError(f"the answer is not valid HTTP: {detail}")
        if self._received.startswith(_TLS_ALERT):
            return TlsAlertError("the answer is a TLS alert")
        return NotHttpError("the answer is not HTTP")
