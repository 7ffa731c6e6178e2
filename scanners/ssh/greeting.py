"""Read a server's identification line and its SSH_MSG_KEXINIT over one connection."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from scanners.dialling import BoundedSocket, Deadline
from scanners.ssh.parse import IDENTIFICATION_MAX_BYTES, SshParseError

OWN_VERSION = "Tilik_0.1"
_LINES_BEFORE = 50
_LINE_MAX_BYTES = 1024
_PACKET_MAX_BYTES = 35_000
"""RFC 4253, section 6.1: what every implementation must accept."""
_CHUNK_BYTES = 4096
_BLOCK_BYTES = 8


class NotSshError(SshParseError):
    """The port does not begin with an SSH identification line."""


@dataclass(slots=True)
class GreetingReader:
    """Read lines and packets from one connection until the deadline."""

    connection: BoundedSocket
    deadline: Deadline
    _buffer: bytearray = field(default_factory=bytearray)

    def identification(self) -> bytes:
        """Return the identification line, past the lines a server may send before it (RFC 4253, 4.2).

        Raises NotSshError when there is none, OSError when the connection fails.
        """
        for _ in range(_LINES_BEFORE + 1):
            line = self._line()
            if line.startswith(b"SSH-"):
                if len(line) > IDENTIFICATION_MAX_BYTES:
                    raise NotSshError("the identification line is too long")
                return line
        raise NotSshError("too many lines before an identification line")

    def key_exchange(self) -> bytes:
        """Send our own identification, and return the payload of the server's first packet.

        Raises SshParseError for anything but a packet, OSError when the connection fails.
        """
        self.connection.settimeout(self.deadline.remaining_seconds())
        self.connection.sendall(f"SSH-2.0-{OWN_VERSION}\r\n".encode())
        return self.packet()

    def packet(self) -> bytes:
        """Return the payload of the next packet, while nothing is encrypted yet (RFC 4253, section 6)."""
        length, padding = struct.unpack(">IB", self._exactly(5))
        if not padding + 2 <= length <= _PACKET_MAX_BYTES:
            raise SshParseError(f"a packet of {length} bytes with {padding} of padding")
        return self._exactly(length - 1)[: length - 1 - padding]

    def send_packet(self, payload: bytes) -> None:
        """Send a payload as an unencrypted packet."""
        # At least four bytes, and as many as make the whole a number of blocks.
        padding = _BLOCK_BYTES + 3 - (len(payload) + 8) % _BLOCK_BYTES
        self.connection.settimeout(self.deadline.remaining_seconds())
        header = struct.pack(">IB", len(payload) + padding + 1, padding)
        self.connection.sendall(header + payload + bytes(padding))

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LINE_MAX_BYTES:
                raise NotSshError("a line without an end")
            if not self._receive():
                raise NotSshError("the connection ended before an identification line")
        return self._take(end + 1)

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            if not self._receive():
                raise SshParseError("the connection ended within a packet")
        return self._take(count)

    def _receive(self) -> bool:
        self.connection.settimeout(self.deadline.remaining_seconds())
        data = self.connection.recv(_CHUNK_BYTES)
        self._buffer += data
        return bool(data)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken
