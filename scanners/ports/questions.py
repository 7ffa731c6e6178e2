"""Short protocol questions, asked where no allow-listed script answers decisively in both directions.

No password is ever tried; the anonymous FTP login is the one that the protocol means for strangers.
"""

from __future__ import annotations

import ftplib
import re
import socket
from collections.abc import Callable

import dns.exception
import dns.flags
import dns.message
import dns.query

from auditor.model.facts import Facts
from scanners.base import Pace

_BYTES = 8192
_TEXT_CHARACTERS = 300
_SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
_ACCEPTS_USER = ("230", "331", "332")

Question = Callable[[str, int, float, Pace], Facts]


def ask_ftp(address: str, port: int, timeout_seconds: float, pace: Pace) -> Facts:
    """Ask FEAT, offer a user name without a password, and on a second connection log in as anonymous."""
    with ftplib.FTP(timeout=timeout_seconds) as client:  # noqa: S321 - FTP is what is measured
        client.connect(address, port)
        offers_tls = bool(re.search(r"AUTH\s+\S*TLS", _reply(client, "FEAT")))
        plain_login = _reply(client, "USER tilik-audit").startswith(_ACCEPTS_USER)
    pace()
    with ftplib.FTP(timeout=timeout_seconds) as client:  # noqa: S321 - FTP is what is measured
        client.connect(address, port)
        reply = _reply(client, "USER anonymous")
        if reply.startswith("331"):
            reply = _reply(client, "PASS audit@")
    return {
        "ftp.auth_tls": offers_tls,
        "ftp.login_before_tls": plain_login,
        "ftp.anonymous_login": reply.startswith("230"),
    }


def _reply(client: ftplib.FTP, command: str) -> str:
    try:
        return client.sendcmd(command)
    except (ftplib.error_perm, ftplib.error_temp) as refusal:
        return str(refusal)


def ask_redis(address: str, port: int, timeout_seconds: float, _pace: Pace) -> Facts:
    """Ask PING: +PONG without a password means that anybody may read and write."""
    answer = _exchange(address, port, timeout_seconds, b"*1\r\n$4\r\nPING\r\n")
    if answer.startswith(b"+PONG"):
        return {"redis.unauthenticated": True}
    if answer.startswith((b"-NOAUTH", b"-DENIED", b"-ERR", b"-WRONGPASS", b"-NOPERM")):
        return {"redis.unauthenticated": False}
    return {}


def ask_memcached(address: str, port: int, timeout_seconds: float, _pace: Pace) -> Facts:
    """Ask for statistics: a server that gives them to a stranger gives its data too."""
    answer = _exchange(address, port, timeout_seconds, b"stats\r\n")
    if answer.startswith(b"STAT "):
        return {"memcached.unauthenticated": True}
    if answer.startswith((b"CLIENT_ERROR", b"ERROR", b"SERVER_ERROR")):
        return {"memcached.unauthenticated": False}
    return {}


def ask_rsync(address: str, port: int, timeout_seconds: float, _pace: Pace) -> Facts:
    """List the modules, as `rsync address::` does."""
    with (
        socket.create_connection((address, port), timeout_seconds) as connection,
        connection.makefile("rb") as lines,
    ):
        if not lines.readline(_BYTES).startswith(b"@RSYNCD:"):
            return {}
        connection.sendall(b"@RSYNCD: 31.0\n#list\n")
        listed = [lines.readline(_BYTES) for _ in range(100)]
    ended = next(
        (at for at, line in enumerate(listed) if line.startswith((b"@RSYNCD: EXIT", b"@ERROR"))), None
    )
    if ended is None:
        return {}
    names = [line.split(b"\t")[0].decode("utf-8", "replace").strip() for line in listed[:ended]]
    return {"rsync.modules": sorted(name[:_TEXT_CHARACTERS] for name in names if name)}


def ask_domain(address: str, port: int, timeout_seconds: float, pace: Pace) -> Facts:
    """Ask for the root with recursion desired, then for version.bind, both over TCP."""
    root = dns.query.tcp(dns.message.make_query(".", "NS"), address, timeout_seconds, port)
    pace()
    version = dns.query.tcp(
        dns.message.make_query("version.bind", "TXT", "CH"), address, timeout_seconds, port
    )
    texts = [str(record) for answer in version.answer for record in answer]
    return {
        "dns.recursion": bool(root.flags & dns.flags.RA),
        "dns.version": texts[0].strip('"')[:_TEXT_CHARACTERS] if texts else None,
    }


def ask_postgresql(address: str, port: int, timeout_seconds: float, _pace: Pace) -> Facts:
    """Ask SSLRequest: one byte, S or N."""
    answer = _exchange(address, port, timeout_seconds, _SSL_REQUEST)
    return {"postgresql.tls": answer[:1] == b"S"} if answer[:1] in (b"S", b"N") else {}


def ask_smtp(address: str, port: int, timeout_seconds: float, _pace: Pace) -> Facts:
    """Read the greeting line."""
    answer = _exchange(address, port, timeout_seconds, b"")
    line = answer.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    return {"smtp.banner": line[:_TEXT_CHARACTERS]} if line.startswith("220") else {}


def _exchange(address: str, port: int, timeout_seconds: float, request: bytes) -> bytes:
    with socket.create_connection((address, port), timeout_seconds) as connection:
        if request:
            connection.sendall(request)
        return connection.recv(_BYTES)


QUESTIONS: dict[str, Question] = {
    "domain": ask_domain,
    "ftp": ask_ftp,
    "memcached": ask_memcached,
    "postgresql": ask_postgresql,
    "redis": ask_redis,
    "rsync": ask_rsync,
    "smtp": ask_smtp,
}


def ask(service_name: str, address: str, port: int, timeout_seconds: float, pace: Pace) -> Facts:
    """Ask the question of a service, if there is one; no answer leaves its facts unobserved."""
    question = QUESTIONS.get(service_name)
    if question is None:
        return {}
    pace()
    try:
        return question(address, port, timeout_seconds, pace)
    except (OSError, EOFError, ValueError, ftplib.Error, dns.exception.DNSException):
        return {}
