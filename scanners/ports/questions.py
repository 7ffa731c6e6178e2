"""Short protocol questions that no allow-listed script answers decisively. No credential is ever sent."""

from __future__ import annotations

import ftplib
import re
import socket
from collections.abc import Callable

from auditor.model.facts import Facts
from scanners.base import Pace

_BYTES = 4096
_SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")

Question = Callable[[str, int, float], Facts]


def ask_ftp(address: str, port: int, timeout_seconds: float) -> Facts:
    """Ask FEAT, then offer a user name without a password, and leave politely."""
    facts: dict[str, bool] = {}
    with ftplib.FTP(timeout=timeout_seconds) as client:  # noqa: S321 - FTP is what is measured
        client.connect(address, port)
        facts["ftp.auth_tls"] = bool(
            re.search(r"AUTH\s+\S*TLS|^ *AUTH TLS", _reply(client, "FEAT"), re.MULTILINE)
        )
        facts["ftp.login_before_tls"] = _reply(client, "USER tilik-audit").startswith(("230", "331", "332"))
    return dict(facts)


def _reply(client: ftplib.FTP, command: str) -> str:
    try:
        return client.sendcmd(command)
    except (ftplib.error_perm, ftplib.error_temp) as refusal:
        return str(refusal)


def ask_redis(address: str, port: int, timeout_seconds: float) -> Facts:
    """Ask PING: +PONG without a password means that anybody may read and write."""
    answer = _exchange(address, port, timeout_seconds, b"*1\r\n$4\r\nPING\r\n")
    if answer.startswith(b"+PONG"):
        return {"redis.unauthenticated": True}
    if answer.startswith((b"-NOAUTH", b"-DENIED", b"-ERR", b"-WRONGPASS", b"-NOPERM")):
        return {"redis.unauthenticated": False}
    return {}


def ask_postgresql(address: str, port: int, timeout_seconds: float) -> Facts:
    """Ask SSLRequest: one byte, S or N."""
    answer = _exchange(address, port, timeout_seconds, _SSL_REQUEST)
    return {"postgresql.tls": answer[:1] == b"S"} if answer[:1] in (b"S", b"N") else {}


def ask_smtp(address: str, port: int, timeout_seconds: float) -> Facts:
    """Read the greeting line."""
    answer = _exchange(address, port, timeout_seconds, b"")
    line = answer.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    return {"smtp.banner": line[:300]} if line.startswith("220") else {}


def _exchange(address: str, port: int, timeout_seconds: float, request: bytes) -> bytes:
    with socket.create_connection((address, port), timeout_seconds) as connection:
        if request:
            connection.sendall(request)
        return connection.recv(_BYTES)


QUESTIONS: dict[str, Question] = {
    "ftp": ask_ftp,
    "redis": ask_redis,
    "postgresql": ask_postgresql,
    "smtp": ask_smtp,
}


def ask(service_name: str, address: str, port: int, timeout_seconds: float, pace: Pace) -> Facts:
    """Ask the question of a service, if there is one; no answer leaves its facts unobserved."""
    question = QUESTIONS.get(service_name)
    if question is None:
        return {}
    pace()
    try:
        return question(address, port, timeout_seconds)
    except (OSError, EOFError, ftplib.Error, UnicodeError):
        return {}
