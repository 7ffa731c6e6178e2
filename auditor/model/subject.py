"""What a verdict is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SubjectKind(StrEnum):
    """The kinds of thing a check can ask about, from the widest to the narrowest."""

    ADDRESS = "address"
    """One address of a server: what answers there as a whole."""
    SERVICE = "service"
    """One open port."""
    TLS = "tls"
    """One port that speaks TLS, directly or after STARTTLS."""
    CERTIFICATE = "certificate"
    """One certificate served on a port for one server name; `variant` is its key type."""
    SSH = "ssh"
    """One port that speaks SSH."""
    HTTP = "http"
    """One site: a port that speaks HTTP, asked for one server name."""
    DOMAIN = "domain"
    """One domain name and what DNS says of it."""
    NETWORK = "network"
    """One network: which of its addresses answer."""
    HOST = "host"
    """The inside of one server, whatever addresses it has."""


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Identify what was measured. A subject of a kind without port stands for the whole address."""

    kind: SubjectKind
    server: str
    address: str
    port: int = 0
    transport: str = "tcp"
    server_name: str = ""
    variant: str = ""

    @property
    def key(self) -> str:
        """Return a stable text for this subject, the same in every run."""
        endpoint = f"{self.address}/{self.port}/{self.transport}" if self.port else self.address
        return "|".join((self.kind, self.server, endpoint, self.server_name, self.variant))

    @classmethod
    def from_key(cls, key: str) -> Subject:
        """Return the subject that a key stands for; raise ValueError for anything else."""
        kind, server, endpoint, server_name, variant = key.split("|")
        address, _, rest = endpoint.partition("/")
        port, _, transport = rest.partition("/")
        return cls(
            SubjectKind(kind), server, address, int(port or 0), transport or "tcp", server_name, variant
        )
