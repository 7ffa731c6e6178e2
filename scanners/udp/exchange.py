"""Send questions to one address and hear what comes back, all of them waiting at the same time."""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from scanners.base import Pace
from scanners.dialling import Deadline
from scanners.udp.questions import Question

_DATAGRAM_BYTES = 4096
_IGNORED_DATAGRAMS = 20
"""So many datagrams that answer nothing, and the port has been heard enough."""
_RECEIVE_ERRORS = {
    socket.AF_INET: (socket.IPPROTO_IP, 11),
    socket.AF_INET6: (socket.IPPROTO_IPV6, 25),
}
"""Linux: IP_RECVERR and IPV6_RECVERR, which Python does not name before 3.14."""


@dataclass(slots=True)
class Exchange:
    """One question on its way, on a socket of its own."""

    question: Question
    address: str
    connection: socket.socket
    reply: bytes | None = None
    """The answer; None while there is none."""
    settled: bool = False
    """Nothing more is to be heard: answered, refused, or asked twice in vain."""
    heard: bool = False
    """Something came back, if only the word that the port is closed."""
    sent: int = 0
    ignored: int = 0

    def send(self) -> None:
        """Send the next datagram. Raises OSError when this machine cannot send it."""
        datagram = self.question.second if self.sent else self.question.first
        self.sent += 1
        try:
            self.connection.sendto(datagram, (self.address, self.question.port))
        except ConnectionRefusedError:
            self.settled = self.heard = True

    def hear(self) -> None:
        """Take one datagram, or the network's word that none will come."""
        try:
            data, source = self.connection.recvfrom(_DATAGRAM_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self.settled = True
            self.heard = self.heard or isinstance(error, ConnectionRefusedError)
            return
        if not self._is_from_there(source):
            self._ignore()
            return
        self.heard = True
        if not self.question.answers(data):
            self._ignore()
            return
        self.reply = data
        self.settled = True
        if ending := self.question.ending(data):
            with contextlib.suppress(OSError):
                self.connection.sendto(ending, source[:2])

    def _ignore(self) -> None:
        self.ignored += 1
        self.settled = self.ignored >= _IGNORED_DATAGRAMS

    def _is_from_there(self, source: tuple[str, int]) -> bool:
        if ip_address(source[0].partition("%")[0]) != ip_address(self.address):
            return False
        return self.question.any_port or source[1] == self.question.port


@contextlib.contextmanager
def exchanges(address: str, questions: Iterable[Question]) -> Iterator[tuple[Exchange, ...]]:
    """Open a socket for each question, and close them all. Raises OSError when none can be had."""
    with contextlib.ExitStack() as stack:
        yield tuple(
            Exchange(question, address, stack.enter_context(_socket(address))) for question in questions
        )


def _socket(address: str) -> socket.socket:
    family = socket.AF_INET if ip_address(address).version == 4 else socket.AF_INET6
    connection = socket.socket(family, socket.SOCK_DGRAM)
    connection.setblocking(False)
    # An unconnected socket hears of closed ports only when it asks to; a connected one would hear no TFTP.
    connection.setsockopt(*_RECEIVE_ERRORS[family], 1)
    return connection


def ask(all_of_them: Iterable[Exchange], pace: Pace, deadline: Deadline, reply_seconds: float) -> None:
    """Send each question that is not settled once, at the pace, then wait for what comes.

    Raises OSError when this machine cannot send, TimeoutError past the deadline.
    """
    waiting = [one for one in all_of_them if not one.settled]
    for exchange in waiting:
        deadline.remaining_seconds()
        pace()
        exchange.send()
    _wait(waiting, deadline, Deadline.after(reply_seconds))


def _wait(waiting: Iterable[Exchange], deadline: Deadline, replies: Deadline) -> None:
    with selectors.DefaultSelector() as selector:
        for exchange in waiting:
            if not exchange.settled:
                selector.register(exchange.connection, selectors.EVENT_READ, exchange)
        while selector.get_map():
            seconds = min(deadline.remaining_seconds(), replies.at - time.monotonic())
            if seconds <= 0:
                return
            for key, _events in selector.select(seconds):
                key.data.hear()
                if key.data.settled:
                    selector.unregister(key.fileobj)
