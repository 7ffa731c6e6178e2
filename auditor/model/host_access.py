"""How the inside of a server may be looked at: which account, whose key, which host key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SecretSource(StrEnum):
    """Where a secret comes from; it stands in no file of the project."""

    FILE = "file"
    """A file that its owner alone may read."""
    SYSTEMD = "systemd"
    """A credential that systemd hands to the service (systemd.exec(5), LoadCredential=)."""
    AGE = "age"
    """A file encrypted with age."""
    PROMPT = "prompt"
    """A person is asked for it when an audit begins."""


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where one secret lies: a path, the name of a systemd credential, or the words of a prompt."""

    source: SecretSource
    place: str
    identity: str = ""
    """Path of the age identity that opens an age file; empty: its passphrase is asked for."""


@dataclass(frozen=True, slots=True)
class Credential:
    """An account and the key that opens it, by reference."""

    id: str
    user: str
    key: SecretReference
    passphrase: SecretReference | None = None
    """Of a private key that is encrypted itself."""
    sudo: bool = False
    """Whether the OPD has set up the published list of commands for this account."""


@dataclass(frozen=True, slots=True)
class HostAccess:
    """How one server is looked at from inside: over SSH with a pinned key, here, or not at all."""

    credential: str = ""
    host_keys: tuple[str, ...] = ()
    """OpenSSH public key lines, `ssh-ed25519 AAAA…`."""
    address: str = ""
    """Canonical; empty: the server's first."""
    port: int = 22
    local: bool = False
    """The server is the machine that the auditor runs on."""
    impossible: str = ""
    """Why there is no inside to look at with a shell: an appliance, another operating system."""
