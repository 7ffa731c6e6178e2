"""Protocol questions to small servers: decisive answers give facts, everything else gives none and ends."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.facts import JSON, Facts
from scanners.base import Limits
from scanners.conformance import nonconforming
from scanners.dialling import Deadline, Dialer
from scanners.services.caches import ask_memcached, ask_redis
from scanners.services.context import Context, Question
from scanners.services.desktops import ask_rdp, ask_vnc, ask_x11
from scanners.services.directory import ask_ldap
from scanners.services.domain import ask_domain
from scanners.services.facts import FACTS
from scanners.services.files import ask_ftp, ask_rsync
from scanners.services.mail import ask_imap, ask_pop3, ask_smtp
from scanners.services.mongodb import ask_mongodb
from scanners.services.mssql import ask_mssql
from scanners.services.mysql import ask_mysql
from scanners.services.postgresql import ask_postgresql
from scanners.services.proxies import ask_ajp, ask_socks
from scanners.services.rpc import ask_nfs, ask_rpcbind
from scanners.services.smb import ask_smb
from scanners.services.web import ask_http
from tests.scanners.loopback import Handler, serve, unused_port

ADDRESS = "127.30.1.1"
VOCABULARY = {spec.name: spec for spec in FACTS}


QUESTIONS: dict[str, Question] = {
    "ajp": ask_ajp,
    "domain": ask_domain,
    "ftp": ask_ftp,
    "http": ask_http,
    "imap": ask_imap,
    "ldap": ask_ldap,
    "memcached": ask_memcached,
    "mongodb": ask_mongodb,
    "mssql": ask_mssql,
    "mysql": ask_mysql,
    "nfs": ask_nfs,
    "pop3": ask_pop3,
    "postgresql": ask_postgresql,
    "rdp": ask_rdp,
    "redis": ask_redis,
    "rpcbind": ask_rpcbind,
    "rsync": ask_rsync,
    "smb": ask_smb,
    "smtp": ask_smtp,
    "socks": ask_socks,
    "vnc": ask_vnc,
    "x11": ask_x11,
}


def asked(name: str, port: int, seconds: float = 20.0, pauses: list[int] | None = None) -> Facts:
    """Ask a question; `pauses` gets an entry for every call of the pace. Names of software are left out."""
    limits = Limits(100.0, 1, 100, seconds, connect_timeout_seconds=seconds, response_bytes=200_000)
    pace: Callable[[], None] = (lambda: None) if pauses is None else (lambda: pauses.append(1))
    context = Context(Dialer(ADDRESS, port, limits, pace, Deadline.after(seconds)), domains=("contoh.test",))
    facts: dict[str, JSON] = {}
    with contextlib.suppress(OSError, EOFError, ValueError):
        for learned in QUESTIONS[name](context.open(), context):
            facts |= learned
    context.close()
    assert nonconforming(facts, VOCABULARY) == []
    return {fact: value for fact, value in facts.items() if not fact.startswith("service.")}


def ask_server(name: str, handler: Handler) -> Facts:
    """Ask a service's question of a server with this behaviour."""
    with serve(handler, ADDRESS) as listener:
        return asked(name, listener.port)


def says(answer: bytes) -> Handler:
    """Answer the first bytes with this, and hang up."""

    def handle(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    return handle


def ftp(replies: dict[bytes, bytes], greeting: bytes = b"220 siap\r\n") -> Handler:
    """Speak FTP: the reply to each command by its first word, 502 to others."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(greeting)
        with connection.makefile("rb") as lines:
            for line in lines:
                command = line.strip()
                known = replies.get(command) or replies.get(command.split(b" ")[0], b"502 tidak dikenal\r\n")
                connection.sendall(known)

    return handle


FEATURES = b"211-Features:\r\n EPRT\r\n AUTH TLS\r\n211 End\r\n"


@pytest.mark.parametrize(
    ("replies", "facts"),
    [
        (
            {b"FEAT": FEATURES, b"USER": b"331 kata sandi\r\n", b"PASS": b"530 salah\r\n"},
            {"ftp.auth_tls": True, "ftp.login_before_tls": True, "ftp.anonymous_login": False},
        ),
        (
            {b"FEAT": FEATURES, b"USER": b"530 Non-anonymous sessions must use encryption.\r\n"},
            {"ftp.auth_tls": True, "ftp.login_before_tls": False, "ftp.anonymous_login": False},
        ),
        (
            {b"USER": b"331 kata sandi\r\n", b"PASS": b"230-Selamat\r\n230 datang\r\n"},
            {"ftp.auth_tls": False, "ftp.login_before_tls": True, "ftp.anonymous_login": True},
        ),
        (
            {b"FEAT": FEATURES, b"USER": b"530 Permission denied.\r\n", b"USER anonymous": b"230 masuk\r\n"},
            {"ftp.auth_tls": True, "ftp.anonymous_login": True},
        ),
        # A stranger is turned away for being one: what a known user would be asked for stays open.
        (
            {b"FEAT": FEATURES, b"USER": b"530 User not authorized for security reasons.\r\n"},
            {"ftp.auth_tls": True, "ftp.anonymous_login": False},
        ),
        # Too busy to say: that proves nothing, least of all that logins are refused.
        ({b"FEAT": b"421 sibuk\r\n", b"USER": b"421 sibuk\r\n", b"AUTH": b"421 sibuk\r\n"}, {}),
        ({b"FEAT": b"530 Please login\r\n", b"USER": b"450 nanti\r\n", b"AUTH": b"431 nanti\r\n"}, {}),
        (
            {b"FEAT": FEATURES, b"USER": b"331 ya\r\n", b"PASS": b"421 Too many users\r\n"},
            {"ftp.auth_tls": True, "ftp.login_before_tls": True},
        ),
        ({b"USER": b"421 Cleartext sessions are not accepted\r\n"},
         {"ftp.auth_tls": False, "ftp.login_before_tls": False}),
        # vsftpd without TLS 1.0 changes to TLS, but FEAT does not list it.
        (
            {
                b"FEAT": b"211-Features:\r\n PBSZ\r\n PROT\r\n211 End\r\n",
                b"USER": b"530 Non-anonymous sessions must use encryption.\r\n",
                b"AUTH TLS": b"234 Proceed with negotiation.\r\n",
            },
            {"ftp.auth_tls": True, "ftp.login_before_tls": False, "ftp.anonymous_login": False},
        ),
    ],
)  # fmt: skip
def test_ftp(replies: dict[bytes, bytes], facts: Facts) -> None:
    assert ask_server("ftp", ftp(replies)) == facts


def test_a_server_that_turns_strangers_away_at_the_door_says_nothing_about_its_logins() -> None:
    assert ask_server("ftp", ftp({}, greeting=b"421 Too many connections\r\n")) == {}


def test_no_password_but_that_for_strangers_is_ever_sent() -> None:
    seen = bytearray()

    def handle(connection: socket.socket) -> None:
        connection.sendall(b"220 siap\r\n")
        while chunk := connection.recv(4096):
            seen.extend(chunk)
            connection.sendall(b"331 kata sandi?\r\n")

    ask_server("ftp", handle)
    assert [line for line in seen.split(b"\r\n") if line.startswith(b"PASS")] == [b"PASS audit@"]
    assert seen.index(b"USER anonymous") < seen.index(b"PASS")


@pytest.mark.parametrize(
    ("name", "answer", "facts"),
    [
        ("redis", b"+PONG\r\n", {"redis.unauthenticated": True}),
        ("redis", b"-NOAUTH Authentication required.\r\n", {"redis.unauthenticated": False}),
        ("redis", b"-DENIED Redis is running in protected mode\r\n", {"redis.unauthenticated": False}),
        ("redis", b"-ERR operation not permitted\r\n", {"redis.unauthenticated": False}),
        ("redis", b"-ERR max number of clients reached\r\n", {}),
        ("redis", b"-ERR unknown command 'PING'\r\n", {}),
        ("redis", b"-LOADING Redis is loading the dataset in memory\r\n", {}),
        ("memcached", b"VERSION 1.6.18\r\nSTAT pid 1\r\nEND\r\n", {"memcached.unauthenticated": True}),
        (
            "memcached",
            b"CLIENT_ERROR unauthenticated\r\nCLIENT_ERROR unauthenticated\r\n",
            {"memcached.unauthenticated": False},
        ),
        ("memcached", b"ERROR Too many open connections\r\n", {}),
        ("memcached", b"", {}),
        ("postgresql", b"S", {"postgresql.tls": True}),
        ("postgresql", b"N", {"postgresql.tls": False}),
        ("postgresql", b"E\x00\x00\x00", {}),
        ("postgresql", b"", {}),
    ],
)
def test_one_answer_decides_or_does_not(name: str, answer: bytes, facts: Facts) -> None:
    assert ask_server(name, says(answer)) == facts


def test_postgresql_is_read_though_the_server_then_waits_for_tls() -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(8)
        connection.sendall(b"S")
        connection.recv(1)

    assert ask_server("postgresql", handle) == {"postgresql.tls": True}


@pytest.mark.parametrize(
    ("greeting", "facts"),
    [
        (b"220 surel.go.id ESMTP Postfix\r\n", {"smtp.banner": "220 surel.go.id ESMTP Postfix"}),
        (b"220-satu\r\n220 dua\r\n", {"smtp.banner": "220-satu 220 dua"}),
        (b"220 " + b"x" * 100_000, {"smtp.banner": "220 " + "x" * 296}),
        (b"220 \xff\xfe\x1b[31m\r\n", {"smtp.banner": "220 \ufffd\ufffd\x1b[31m"}),
        (b"421 sibuk\r\n", {}),
        (b"HTTP/1.1 400 Bad Request\r\n", {}),
    ],
)
def test_smtp(greeting: bytes, facts: Facts) -> None:
    assert ask_server("smtp", lambda connection: connection.sendall(greeting)) == facts


def rsync(answer: bytes) -> Handler:
    """Greet as rsync does, then answer the request for a list."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(b"@RSYNCD: 31.0\n")
        connection.recv(4096)
        connection.sendall(answer)
        connection.recv(1)

    return handle


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        (b"@RSYNCD: EXIT\n", {"rsync.modules": [], "rsync.open_modules": []}),
        (b"cadangan  \tharian\nweb  \t\n@RSYNCD: EXIT\n",
         {"rsync.modules": ["cadangan", "web"], "rsync.open_modules": []}),
        # The message of the day is no module.
        (b"Selamat datang\n\n@RSYNCD: EXIT\n", {"rsync.modules": [], "rsync.open_modules": []}),
        (b"@ERROR: max connections (1) reached -- try again later\n", {}),
        (b"cadangan\tx\n", {}),
        (b"".join(b"m%04d\t\n" % n for n in range(1500)) + b"@RSYNCD: EXIT\n",
         {"rsync.modules": [f"m{n:04}" for n in range(1000)], "rsync.open_modules": []}),
    ],
)  # fmt: skip
def test_rsync(answer: bytes, facts: Facts) -> None:
    handler = rsync(answer)
    if b"EXIT" not in answer:
        # Nothing ends this list but the server hanging up.
        handler = _then_hang_up(answer)
    assert ask_server("rsync", handler) == facts


def _then_hang_up(answer: bytes) -> Handler:
    def handle(connection: socket.socket) -> None:
        connection.sendall(b"@RSYNCD: 31.0\n")
        connection.recv(4096)
        connection.sendall(answer)

    return handle


REFUSED = {"dns.transfer_allowed": False}


def name_server(flags: int, version: str | None) -> Handler:
    """Answer DNS over TCP: any root query with these flags, version.bind with this text."""

    def handle(connection: socket.socket) -> None:
        length = int.from_bytes(connection.recv(2), "big")
        query = dns.message.from_wire(connection.recv(length))
        answer = dns.message.make_response(query)
        if query.question[0].name.to_text() == ".":
            answer.flags |= flags
        elif version is None:
            return
        else:
            answer.answer.append(dns.rrset.from_text("version.bind.", 0, "CH", "TXT", version))
        wire = answer.to_wire()
        connection.sendall(len(wire).to_bytes(2, "big") + wire)

    return handle


@pytest.mark.parametrize(
    ("flags", "version", "facts"),
    [
        (dns.flags.RA, '"9.18.24-1"', {"dns.recursion": True, "dns.version": "9.18.24-1", **REFUSED}),
        (0, '""', {"dns.recursion": False, "dns.version": "", **REFUSED}),
        # What was learned stays learned when the second question gets no answer.
        (dns.flags.RA, None, {"dns.recursion": True}),
    ],
)
def test_domain(flags: int, version: str | None, facts: Facts) -> None:
    assert ask_server("domain", name_server(flags, version)) == facts


@pytest.mark.parametrize(("name", "connections"), [("ftp", 2), ("domain", 3), ("redis", 1), ("rsync", 1)])
def test_every_connection_is_paced(name: str, connections: int) -> None:
    pauses: list[int] = []
    handler = {
        "ftp": ftp({}),
        "domain": name_server(0, '"x"'),
        "redis": says(b"+PONG\r\n"),
        "rsync": rsync(b"@RSYNCD: EXIT\n"),
    }
    with serve(handler[name], ADDRESS) as listener:
        asked(name, listener.port, pauses=pauses)
        assert (listener.connections, len(pauses)) == (connections, connections)


def silent(connection: socket.socket) -> None:
    """Say nothing and keep the connection."""
    while connection.recv(4096):
        pass


def flood(start: bytes, chunk: bytes) -> Handler:
    """Send without end."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(chunk)

    return handle


def drip(start: bytes) -> Handler:
    """Send byte after byte, never the end of a line."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(start)
        connection.settimeout(0.05)
        while True:
            with contextlib.suppress(TimeoutError):
                connection.recv(4096)
            connection.sendall(b"x")

    return handle


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_silent_server_gives_no_fact_and_no_wait_beyond_the_deadline(name: str) -> None:
    with serve(silent, ADDRESS) as listener:
        assert asked(name, listener.port, 0.2) == {}


@pytest.mark.parametrize(
    ("name", "start"),
    [
        *((name, b"") for name in sorted(QUESTIONS)),
        ("ftp", b"220-siap\r\n"),
        ("ftp", b"220 siap\r\n211-"),
        ("rsync", b"@RSYNCD: 31.0\n"),
        ("domain", b"\xff\xff"),
    ],
)
def test_a_server_that_sends_byte_by_byte_cannot_outlast_the_deadline(name: str, start: bytes) -> None:
    with serve(drip(start), ADDRESS) as listener:
        assert set(asked(name, listener.port, 0.3)) <= {"postgresql.tls"}


@pytest.mark.parametrize(
    ("name", "start", "chunk"),
    [
        ("ftp", b"220-siap\r\n", b"220-lagi\r\n" * 100),
        ("ftp", b"220 siap\r\n211-", b"AUTH TLS\r\n" * 100),
        ("ftp", b"", b"x" * 4096),
        ("rsync", b"@RSYNCD: 31.0\n", b"modul\tx\n" * 100),
        ("rsync", b"@RSYNCD: 31.0\n", b"x" * 4096),
        ("redis", b"", b"x" * 4096),
        ("memcached", b"", b"x" * 4096),
        ("domain", b"", b"\xff" * 4096),
        ("smtp", b"", b"\x00" * 4096),
    ],
)
def test_an_endless_answer_ends_at_the_share_of_bytes(name: str, start: bytes, chunk: bytes) -> None:
    # With an hour left, only the limit of bytes can end this.
    with serve(flood(start, chunk), ADDRESS) as listener:
        assert asked(name, listener.port, 3600.0) == {}


def test_a_question_that_is_late_before_it_begins_sends_nothing() -> None:
    with serve(silent, ADDRESS) as listener:
        assert asked("redis", listener.port, -1.0) == {}
        assert listener.connections == 0


def test_a_port_that_refuses_gives_no_fact() -> None:
    for name in QUESTIONS:
        assert asked(name, unused_port()) == {}


@pytest.mark.parametrize("name", sorted(QUESTIONS))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(greeting=st.binary(max_size=30), answer=st.binary(max_size=60))
def test_garbage_gives_only_facts_of_the_vocabulary(name: str, greeting: bytes, answer: bytes) -> None:
    framed = len(answer).to_bytes(2, "big") + answer if name == "domain" else greeting + answer

    def handle(connection: socket.socket) -> None:
        connection.sendall(framed)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass

    assert nonconforming(ask_server(name, handle), VOCABULARY) == []
