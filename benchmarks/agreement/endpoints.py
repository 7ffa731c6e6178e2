"""Which ports of the lab are compared: every one that speaks TLS or SSH, by every name it serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.agreement.nouns import Endpoint
from tests.lab.model import LabServer

_DIRECT = frozenset({"https", "smtps", "imaps", "pop3s", "ldaps"})
_STARTTLS = {
    "smtp": "smtp",
    "imap": "imap",
    "pop3": "pop3",
    "ftp": "ftp",
    "postgresql": "postgres",
    "ldap": "ldap",
}


def endpoints(fleet: Iterable[LabServer]) -> Iterator[Endpoint]:
    """Yield the endpoints in the fleet's order; a web port once for each name of its server."""
    for server in fleet:
        for port, protocol in sorted(pair for service in server.services for pair in service.ports):
            if protocol == "ssh":
                yield Endpoint(server.id, server.address, port, "ssh")
            elif protocol in _DIRECT or protocol in _STARTTLS:
                names = server.hostnames if protocol == "https" else server.hostnames[:1]
                for name in names or ("",):
                    yield Endpoint(server.id, server.address, port, "tls", _STARTTLS.get(protocol), name)
