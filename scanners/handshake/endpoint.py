"""One port and how TLS is reached on it. Shared by everything that shakes hands."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

from auditor.model.evidence import Failure, FailureKind
from auditor.model.plan import Task
from scanners.base import Limits

TOOL, TOOL_VERSION = "ClientHello", "1"
"""How the evidence names what is measured here; the version counts changes of what is asked or concluded."""

STARTTLS = ("smtp", "imap", "pop3", "ftp", "postgres", "ldap")
"""Protocols that can change to TLS on a connection that began without."""

NETWORK_FAILURES = (
    FailureKind.TIMEOUT,
    FailureKind.REFUSED,
    FailureKind.RESET,
    FailureKind.UNREACHABLE,
)
"""Failures that say nothing about what a port speaks."""

TLS_GONE = Failure(FailureKind.PROTOCOL, "the port scan met TLS here, and now no handshake comes about")
"""Whoever hangs up on the auditor must not count as having no TLS."""


class DeadlineReached(Exception):
    """The time of the task is used up: no further connection is opened."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One port of one canonical address, how TLS is reached on it, and until when (monotonic seconds)."""

    address: str
    port: int
    server_name: str
    starttls: str | None
    connect_timeout_seconds: float
    deadline: float


def endpoints(task: Task, limits: Limits) -> list[Endpoint]:
    """Return the ways to try TLS on the port of a task, in order; its time starts to run now.

    Where it is unknown what the port speaks (`probe`), TLS from the first byte comes before STARTTLS.
    Raise ValueError for a STARTTLS protocol that is unknown.
    """
    option = task.options.get("starttls")
    starttls = None if option is None else str(option)
    if starttls is not None and starttls not in STARTTLS:
        raise ValueError(f"unknown STARTTLS protocol: {starttls}")
    ways = [None, starttls] if starttls and task.options.get("probe") else [starttls]
    deadline = time.monotonic() + limits.timeout_seconds
    return [
        Endpoint(
            address=task.address,
            port=task.port,
            server_name=name_for_sni(asked_name(task)),
            starttls=way,
            connect_timeout_seconds=limits.connect_timeout_seconds,
            deadline=deadline,
        )
        for way in ways
    ]


def asked_name(task: Task) -> str:
    """Return the server name or address to ask for; a task about a port as a whole has it as an option."""
    return task.server_name or str(task.options.get("server_name") or "")


def name_for_sni(name: str) -> str:
    """Return a server name as A-label, or "" where none can be sent: an address is no name (RFC 6066, 3)."""
    name = name.rstrip(".")
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in name else socket.AF_INET, name)
    except OSError:
        return name.encode("idna").decode("ascii") if name else ""
    return ""


def tls_is_known(endpoint: Endpoint, probe: bool) -> bool:
    """Return whether the port scan met TLS from the first byte; of STARTTLS it knows only the protocol."""
    return not probe and endpoint.starttls is None
