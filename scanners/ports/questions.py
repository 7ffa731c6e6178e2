"""Short protocol questions, asked where no allow-listed script answers decisively in both directions.

No password is ever tried; the anonymous FTP login is the one that the protocol means for strangers. A fact
is given only for an answer that decides it: a server too busy to say leaves it unobserved.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator

import dns.exception
import dns.flags
import dns.message
import dns.query

from auditor.model.facts import JSON, Facts
from scanners.dialling import BoundedSocket, Dialer

_LINE_BYTES = 8192
_TEXT_CHARACTERS = 300
_RSYNC_MODULES = 1000
_SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
_TLS_DEMANDED = re.compile(r"^534|encrypt|cleartext|secure|\b(?:AUTH|FTPS|TLS|SSL)\b", re.IGNORECASE)
_REDIS_REFUSALS = (b"-NOAUTH", b"-DENIED", b"-NOPERM", b"-WRONGPASS", b"-ERR operation not permitted")

Question = Callable[[Dialer], Iterator[Facts]]
"""Yields facts as they are learned, so that a server that stops answering takes back none of them."""


class _Conversation:
    """One connection, read line by line until the deadline or until the server has sent its share."""

    def __init__(self, dialer: Dialer):
        self._connection: BoundedSocket = dialer.open()
        self._deadline = dialer.deadline
        self._received = bytearray()

    def __enter__(self) -> _Conversation:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def send(self, request: bytes) -> None:
        self._connection.settimeout(self._deadline.remaining_seconds())
        self._connection.sendall(request)

    def byte(self) -> bytes:
        """Return the next byte, nothing when the server hangs up."""
        self._connection.settimeout(self._deadline.remaining_seconds())
        return self._connection.recv(1)

    def line(self) -> bytes:
        """Return the next line, cut at the limit; raise EOFError for none, TimeoutError when late."""
        while b"\n" not in self._received and len(self._received) < _LINE_BYTES:
            self._connection.settimeout(self._deadline.remaining_seconds())
            chunk = self._connection.recv(4096)
            if not chunk:
                break
            self._received += chunk
        if not self._received:
            raise EOFError("the server said nothing more")
        end = self._received.find(b"\n") + 1 or len(self._received)
        line = bytes(self._received[:end])
        del self._received[:end]
        return line[:_LINE_BYTES]

    def reply(self, command: bytes = b"") -> str:
        """Send an FTP command and return the reply to it, all its lines (RFC 959 section 4.2)."""
        if command:
            self.send(command + b"\r\n")
        lines = [self.line()]
        last = lines[0][:3] + b" "
        while lines[0][3:4] == b"-" and not lines[-1].startswith(last):
            lines.append(self.line())
        return b"".join(lines).decode("utf-8", "replace")


def ask_ftp(dialer: Dialer) -> Iterator[Facts]:
    """Ask FEAT, offer a user name without a password, and on a second connection log in as anonymous."""
    with _Conversation(dialer) as client:
        if not client.reply().startswith("220"):
            return
        features = client.reply(b"FEAT")
        if features.startswith(("211", "500", "502")):
            yield {"ftp.auth_tls": re.search(r"AUTH\s+\S*TLS", features) is not None}
        answer = client.reply(b"USER tilik-audit")
        if answer.startswith(("230", "331", "332")):
            yield {"ftp.login_before_tls": True}
        elif _TLS_DEMANDED.search(answer):
            yield {"ftp.login_before_tls": False}
    with _Conversation(dialer) as client:
        if not client.reply().startswith("220"):
            return
        answer = client.reply(b"USER anonymous")
        if answer.startswith("331"):
            answer = client.reply(b"PASS audit@")
        if answer.startswith(("230", "5")):
            yield {"ftp.anonymous_login": answer.startswith("230")}


def ask_redis(dialer: Dialer) -> Iterator[Facts]:
    """Ask PING: +PONG without a password means that anybody may read and write."""
    answer = _answer(dialer, b"*1\r\n$4\r\nPING\r\n")
    if answer.startswith((b"+PONG", *_REDIS_REFUSALS)):
        yield {"redis.unauthenticated": answer.startswith(b"+PONG")}


def ask_memcached(dialer: Dialer) -> Iterator[Facts]:
    """Ask for statistics: a server that gives them to a stranger gives its data too."""
    answer = _answer(dialer, b"stats\r\n")
    if answer.startswith((b"STAT ", b"CLIENT_ERROR")):
        yield {"memcached.unauthenticated": answer.startswith(b"STAT ")}


def ask_rsync(dialer: Dialer) -> Iterator[Facts]:
    """List the modules, as `rsync address::` does. Only a list that was ended by the server counts."""
    with _Conversation(dialer) as client:
        if not client.line().startswith(b"@RSYNCD:"):
            return
        client.send(b"@RSYNCD: 31.0\n#list\n")
        names: set[str] = set()
        while not (line := client.line()).startswith((b"@RSYNCD: EXIT", b"@ERROR")):
            # The message of the day comes first, without the tab that follows a module's name.
            name, tab, _ = line.partition(b"\t")
            if tab and len(names) < _RSYNC_MODULES:
                names.add(name.decode("utf-8", "replace").strip()[:_TEXT_CHARACTERS])
        if line.startswith(b"@RSYNCD: EXIT"):
            modules: list[JSON] = [*sorted(names)]
            yield {"rsync.modules": modules}


def ask_domain(dialer: Dialer) -> Iterator[Facts]:
    """Ask for the root with recursion desired, then for version.bind, both over TCP."""
    root = _resolve(dialer, dns.message.make_query(".", "NS"))
    yield {"dns.recursion": bool(root.flags & dns.flags.RA)}
    version = _resolve(dialer, dns.message.make_query("version.bind", "TXT", "CH"))
    texts = [str(record) for answer in version.answer for record in answer]
    yield {"dns.version": texts[0].strip('"')[:_TEXT_CHARACTERS] if texts else None}


def _resolve(dialer: Dialer, query: dns.message.Message) -> dns.message.Message:
    with dialer.open() as connection:
        connection.setblocking(False)
        return dns.query.tcp(query, dialer.address, dialer.deadline.remaining_seconds(), sock=connection)


def ask_postgresql(dialer: Dialer) -> Iterator[Facts]:
    """Ask SSLRequest: one byte, S or N."""
    with _Conversation(dialer) as client:
        client.send(_SSL_REQUEST)
        answer = client.byte()
    if answer in (b"S", b"N"):
        yield {"postgresql.tls": answer == b"S"}


def ask_smtp(dialer: Dialer) -> Iterator[Facts]:
    """Read the greeting line."""
    line = _answer(dialer, b"").decode("utf-8", "replace").strip()
    if line.startswith("220"):
        yield {"smtp.banner": line[:_TEXT_CHARACTERS]}


def _answer(dialer: Dialer, request: bytes) -> bytes:
    with _Conversation(dialer) as client:
        client.send(request)
        return client.line()


QUESTIONS: dict[str, Question] = {
    "domain": ask_domain,
    "ftp": ask_ftp,
    "memcached": ask_memcached,
    "postgresql": ask_postgresql,
    "redis": ask_redis,
    "rsync": ask_rsync,
    "smtp": ask_smtp,
}


def ask(service_name: str, dialer: Dialer) -> Facts:
    """Ask the question of a service, if there is one; no answer leaves its facts unobserved.

    The dialer's deadline bounds the question as a whole, its limits the bytes of each connection.
    """
    facts: dict[str, JSON] = {}
    question = QUESTIONS.get(service_name)
    if question is not None:
        with contextlib.suppress(OSError, EOFError, ValueError, dns.exception.DNSException):
            for learned in question(dialer):
                facts |= learned
    return facts
