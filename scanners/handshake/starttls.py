"""Ask a server to change to TLS (STARTTLS and its like), reading no more than the answers need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

_EHLO_NAME = "tilik.invalid"
_MAXIMUM_REPLY_BYTES = 16_384
_LDAP_EXTENDED_REQUEST = b"0\x1d\x02\x01\x01w\x18\x80\x161.3.6.1.4.1.1466.20037"
"""An extendedReq with the identifier of StartTLS (RFC 4511, 4.14)."""
_LDAP_EXTENDED_RESPONSE, _LDAP_SUCCESS = b"\x78", b"\x0a\x01\x00"
_POSTGRES_SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""SSLRequest (PostgreSQL documentation, message formats)."""


class StarttlsRefused(Exception):
    """The server answered, but not by agreeing to change to TLS."""


class Connection(Protocol):
    """What is needed of a socket; `recv` raises TimeoutError and other OSErrors."""

    def sendall(self, data: bytes, /) -> None:
        """Send everything."""

    def recv(self, bufsize: int, /) -> bytes:
        """Receive at most so many bytes, none at the end."""


def change_to_tls(connection: Connection, protocol: str) -> None:
    """Speak a protocol of `endpoint.STARTTLS` up to the point where the ClientHello is due.

    Raise StarttlsRefused where the server does not agree, OSError where the connection fails.
    """
    _PROTOCOLS[protocol](connection)


def _smtp(connection: Connection) -> None:
    _expect(connection, b"220")
    connection.sendall(f"EHLO {_EHLO_NAME}\r\n".encode())
    offers = _expect(connection, b"250")
    if not any(line[4:].strip().upper() == b"STARTTLS" for line in offers):
        raise StarttlsRefused("EHLO does not offer STARTTLS")
    connection.sendall(b"STARTTLS\r\n")
    _expect(connection, b"220")


def _ftp(connection: Connection) -> None:
    _expect(connection, b"220")
    connection.sendall(b"AUTH TLS\r\n")
    _expect(connection, b"234")


def _imap(connection: Connection) -> None:
    _line(connection, b"* OK")
    connection.sendall(b"a STARTTLS\r\n")
    for _ in range(100):
        line = _line(connection)
        if line.startswith(b"a "):
            if line[2:4].upper() != b"OK":
                raise StarttlsRefused(_shown(line))
            return
    raise StarttlsRefused("no answer among 100 lines")


def _pop3(connection: Connection) -> None:
    _line(connection, b"+OK")
    connection.sendall(b"STLS\r\n")
    _line(connection, b"+OK")


def _postgres(connection: Connection) -> None:
    connection.sendall(_POSTGRES_SSL_REQUEST)
    if (answer := connection.recv(1)) != b"S":
        raise StarttlsRefused(_shown(answer))


def _ldap(connection: Connection) -> None:
    connection.sendall(_LDAP_EXTENDED_REQUEST)
    head = _exactly(connection, 2)
    length = head[1]
    if length & 0x80:
        length = int.from_bytes(_exactly(connection, length & 0x7F), "big")
    if head[:1] != b"0" or length > _MAXIMUM_REPLY_BYTES:
        raise StarttlsRefused("not an LDAP message")
    _, response, result = _exactly(connection, length).partition(_LDAP_EXTENDED_RESPONSE)
    if not response or _LDAP_SUCCESS not in result[:8]:
        raise StarttlsRefused("the extended operation was refused")


_PROTOCOLS: dict[str, Callable[[Connection], None]] = {
    "smtp": _smtp,
    "imap": _imap,
    "pop3": _pop3,
    "ftp": _ftp,
    "postgres": _postgres,
    "ldap": _ldap,
}


def _expect(connection: Connection, code: bytes) -> list[bytes]:
    """Read a reply of SMTP or FTP to its last line (RFC 5321, 4.2; RFC 959, 4.2), and return its lines."""
    lines: list[bytes] = []
    while sum(map(len, lines)) < _MAXIMUM_REPLY_BYTES:
        line = _line(connection)
        lines.append(line)
        if line[:3].isdigit() and line[3:4] != b"-":
            if line[:3] != code:
                raise StarttlsRefused(_shown(line))
            return lines
    raise StarttlsRefused("a reply without end")


def _line(connection: Connection, start: bytes = b"") -> bytes:
    """Read one line byte by byte, because what follows it may be another layer's."""
    line = b""
    while not line.endswith(b"\n"):
        byte = connection.recv(1)
        line += byte
        if not byte or len(line) > _MAXIMUM_REPLY_BYTES:
            raise StarttlsRefused(_shown(line) or "closed without a word")
        if not start.startswith(line[: len(start)]):
            raise StarttlsRefused(_shown(line))
    return line


def _exactly(connection: Connection, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = connection.recv(min(4096, length - len(data)))
        if not part:
            raise StarttlsRefused("closed in the middle of an answer")
        data += part
    return data


def _shown(answer: bytes) -> str:
    return answer[:80].decode("ascii", "backslashreplace").strip()
