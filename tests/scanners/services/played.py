"""Conversations with real servers, recorded and played back without a network."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

from auditor.model.facts import Facts
from scanners.base import Limits
from scanners.dialling import BoundedSocket, Deadline, Dialer
from scanners.services.context import Context

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "services"
DOMAINS = ("contohkab.lab.test",)
CONSENT = frozenset({"smtp-relay-refused", "smtp-abuse-mailbox-accepted", "network-open-proxy-absent"})
_SERVER, _CLIENT = "server", "client"

Script = list[tuple[str, bytes]]
"""Who said what, in order, on one connection."""


@dataclass
class Recording:
    """What was said between a server and us, connection by connection, and the facts that it gave."""

    address: str
    port: int
    connections: list[Script] = field(default_factory=list)
    facts: Facts = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write it as text that can be reviewed."""
        said = [[[who, data.hex()] for who, data in script] for script in self.connections]
        content = {"address": self.address, "port": self.port, "facts": self.facts, "connections": said}
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Recording:
    """Return a recording."""
    content = json.loads(path.read_text(encoding="utf-8"))
    scripts = [[(who, bytes.fromhex(data)) for who, data in script] for script in content["connections"]]
    return Recording(content["address"], content["port"], scripts, content["facts"])


class _RecordedSocket(BoundedSocket):
    script: Script

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        data = super().recv(bufsize, flags)
        self.script.append((_SERVER, data))
        return data

    def sendall(self, data: bytes, flags: int = 0, /) -> None:  # type: ignore[override]
        self.script.append((_CLIENT, bytes(data)))
        super().sendall(data, flags)


class RecordingDialer(Dialer):
    """Dials a real server and writes down what is said."""

    scripts: list[Script]

    def open(self) -> BoundedSocket:
        """Connect, and begin another script."""
        plain = super().open()
        recorded = _RecordedSocket(plain.family, plain.type, fileno=plain.detach())
        recorded.budget_bytes, recorded.script = self.limits.response_bytes, []
        self.scripts.append(recorded.script)
        return recorded


class PlayingDialer(Dialer):
    """Gives a connection to what a server once said, instead of to the server."""

    scripts: list[Script]

    def open(self) -> BoundedSocket:
        """Play the next script; refuse the connection when there is none left."""
        if self.opened >= len(self.scripts):
            raise ConnectionRefusedError("the recording holds no further connection")
        script = self.scripts[self.opened]
        self.opened += 1
        ours, theirs = socket.socketpair()
        threading.Thread(target=_play, args=(theirs, script), daemon=True).start()
        connection = BoundedSocket(ours.family, ours.type, fileno=ours.detach())
        connection.budget_bytes = self.limits.response_bytes
        return connection


def _play(server: socket.socket, script: Script) -> None:
    question = b""
    with server:
        for who, data in script:
            try:
                if who == _CLIENT:
                    question = _exactly(server, len(data))
                else:
                    server.sendall(_with_id(data, question))
            except OSError:
                return


def _exactly(server: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length and (part := server.recv(length - len(data))):
        data += part
    return data


def _with_id(answer: bytes, question: bytes) -> bytes:
    """Give a DNS answer the number of the question at hand: it is another in every conversation."""
    is_dns = len(question) > 12 and len(question) == 2 + int.from_bytes(question[:2], "big")
    return answer[:2] + question[2:4] + answer[4:] if is_dns and len(answer) > 12 else answer


def context_of(dialer: Dialer) -> Context:
    """Return the context that recordings are made and played in."""
    return Context(dialer, consent=CONSENT, domains=DOMAINS, open_ports=(dialer.port,))


def limits() -> Limits:
    """Return limits that wait for nothing."""
    return Limits(1000, 2, 1000, 60.0)


def recording_dialer(address: str, port: int) -> RecordingDialer:
    """Return a dialer to a real server."""
    dialer = RecordingDialer(address, port, limits(), lambda: None, Deadline.after(60))
    dialer.scripts = []
    return dialer


def playing_dialer(recording: Recording) -> PlayingDialer:
    """Return a dialer to a recording."""
    dialer = PlayingDialer(recording.address, recording.port, limits(), lambda: None, Deadline.after(60))
    dialer.scripts = recording.connections
    return dialer
