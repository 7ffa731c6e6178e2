"""How an inventory says that the inside of a server is looked at: accounts, keys, pinned host keys."""

from __future__ import annotations

import re
from typing import Annotated

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_ssh_public_key
from pydantic import AfterValidator, Field, model_validator

from auditor.documents.secrets import SecretShape
from auditor.documents.shape import Shape
from auditor.documents.words import Id, Line
from auditor.inventory.words import AddressText, described
from auditor.model.plain_text import show

_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")


def check_user(text: str) -> str:
    """Return the name of an account, or raise ValueError."""
    if _USER.fullmatch(text):
        return text
    raise ValueError(f"{show(text)} is no account name; write one such as tilik-audit")


def check_host_key(text: str) -> str:
    """Return an OpenSSH public key without its comment, or raise ValueError saying where to get one."""
    parts = text.split()
    advice = "write type and key as in /etc/ssh/ssh_host_ed25519_key.pub on the server, ssh-ed25519 AAAA…"
    if len(parts) < 2 or text.startswith("SHA256:"):
        raise ValueError(f"{show(text)} is no public key; {advice}")
    line = f"{parts[0]} {parts[1]}"
    try:
        load_ssh_public_key(line.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(f"{show(text)} cannot be read as a public key; {advice}") from None
    return line


User = Annotated[str, AfterValidator(check_user), Field(json_schema_extra={"pattern": f"^{_USER.pattern}$"})]
HostKey = Annotated[str, AfterValidator(check_host_key)]


class CredentialShape(Shape):
    """An account of the audit, and where the key that opens it lies."""

    id: Id = described("Short name used by servers.", "audit-key-dmz")
    user: User = described("Account on the servers.", "tilik-audit")
    key: SecretShape = Field(
        description="Where its private key lies.", examples=[{"file": "/etc/tilik/audit-key-dmz"}]
    )
    passphrase: SecretShape | None = Field(
        None, description="Where the passphrase of that key lies, when it has one."
    )
    sudo: bool = Field(
        False, description="Whether the servers allow it the commands that 'auditor host-access' lists."
    )


class HostAccessShape(Shape):
    """How the inside of a server is looked at: exactly one of credential, local, impossible."""

    credential: Id | None = Field(
        None, description="Id of a credential: over SSH.", examples=["audit-key-dmz"]
    )
    host_keys: tuple[HostKey, ...] = Field(
        (),
        description="Public host keys of the server; nothing is sent to a host with another one.",
        examples=[["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0sDYdFTJrLM0ZOxIFcmrhRuT4vbzpBYeVtBCwz0xT4"]],
    )
    address: AddressText | None = Field(
        None, description="Which of its addresses; else the first.", examples=["10.10.1.10"]
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(22, description="Port of SSH.", examples=[22])
    local: bool = Field(False, description="It is the machine that the audit runs on.", examples=[True])
    impossible: Line | None = Field(
        None,
        description="Why it has no inside with a Linux shell: then nobody expects one.",
        examples=["Windows Server, looked at by other means"],
    )

    @model_validator(mode="after")
    def _one_way(self) -> HostAccessShape:
        ways = (self.credential is not None, self.local, self.impossible is not None)
        if sum(ways) != 1:
            raise ValueError("write exactly one of credential, local: true or impossible")
        return self
