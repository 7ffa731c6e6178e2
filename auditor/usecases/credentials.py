"""Open the keys that the audit logs in with: by reference, each once, and into nothing that is stored."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from auditor.model.host_access import Credential, SecretReference, SecretSource

Ask = Callable[[str], str]
"""Ask a person for a secret with these words; raise EOFError when nobody is there."""

_LARGEST_BYTES = 100_000


class SecretProblem(Exception):
    """Why a secret cannot be had, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A private key in OpenSSH's form without passphrase, or why there is none."""

    key: bytes = field(default=b"", repr=False)
    problem: str = ""


def nobody(_words: str) -> str:
    """Raise EOFError: nobody is there to be asked."""
    raise EOFError


def open_credentials(credentials: Iterable[Credential], ask: Ask = nobody) -> dict[str, Opened]:
    """Return each credential's key by id; what cannot be opened says why and keeps nobody else waiting."""
    return {one.id: _open(one, ask) for one in credentials}


def _open(credential: Credential, ask: Ask) -> Opened:
    try:
        key = open_secret(credential.key, ask)
        passphrase = open_secret(credential.passphrase, ask).strip() if credential.passphrase else None
        return Opened(_unlocked(key, passphrase, credential))
    except SecretProblem as problem:
        return Opened(problem=f"{credential.id}: {problem}")


def _unlocked(key: bytes, passphrase: bytes | None, credential: Credential) -> bytes:
    import asyncssh

    try:
        opened = asyncssh.import_private_key(key, passphrase=passphrase)
    except asyncssh.KeyEncryptionError:
        raise SecretProblem(
            "the passphrase does not open the private key; correct it where passphrase points to"
        ) from None
    except (asyncssh.KeyImportError, ValueError) as error:
        missing = passphrase is None and "passphrase" in str(error).lower()
        advice = (
            "the private key has a passphrase; say under passphrase where it lies"
            if missing
            else f"{_place(credential.key)} holds no private key; make one with: ssh-keygen -t ed25519"
        )
        raise SecretProblem(advice) from None
    return bytes(opened.export_private_key("openssh"))


def _place(reference: SecretReference) -> str:
    return "what was typed" if reference.source is SecretSource.PROMPT else reference.place


def open_secret(reference: SecretReference, ask: Ask = nobody) -> bytes:
    """Return what a reference points to, as it lies there; raise SecretProblem."""
    match reference.source:
        case SecretSource.FILE:
            return read_private(Path(reference.place))
        case SecretSource.SYSTEMD:
            return _from_systemd(reference.place)
        case SecretSource.AGE:
            return _from_age(reference, ask)
        case SecretSource.PROMPT:
            return _asked(reference.place, ask).encode()


def read_private(path: Path) -> bytes:
    """Return the bytes of a file that its owner alone may read; raise SecretProblem."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError as error:
        raise SecretProblem(f"{path}: {error.strerror}; put the secret there, or correct the path") from None
    try:
        # Asked of the open file: what lies at the path may be exchanged meanwhile.
        _refuse_open_to_others(path, os.fstat(descriptor))
        content = os.read(descriptor, _LARGEST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(content) > _LARGEST_BYTES:
        raise SecretProblem(f"{path} is larger than any key")
    return content


def _refuse_open_to_others(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise SecretProblem(f"{path} is not a file")
    if status.st_mode & 0o077:
        raise SecretProblem(
            f"others may read {path} (mode {status.st_mode & 0o777:04o}); run: chmod 600 {path}"
        )
    if status.st_uid not in (os.geteuid(), 0):
        raise SecretProblem(f"{path} belongs to another user; run: chown {os.geteuid()} {path}")


def _from_systemd(name: str) -> bytes:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise SecretProblem(
            f"systemd handed over no credentials; add LoadCredential={name}:PATH to the unit of the service"
        )
    return read_private(Path(folder) / name)


def _from_age(reference: SecretReference, ask: Ask) -> bytes:
    import pyrage

    content = _encrypted(Path(reference.place))
    try:
        if not reference.identity:
            words = f"Passphrase of {reference.place}"
            return bytes(pyrage.passphrase.decrypt(content, _asked(words, ask)))
        identity = pyrage.x25519.Identity.from_str(_identity(reference.identity))
        return bytes(pyrage.decrypt(content, [identity]))
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        opener = reference.identity or "the passphrase"
        raise SecretProblem(f"{opener} does not open {reference.place}: {error}") from None


def _encrypted(path: Path) -> bytes:
    """Return an encrypted file, which others may read; raise SecretProblem."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SecretProblem(f"{path} is not a file")
            return os.read(descriptor, _LARGEST_BYTES)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise SecretProblem(f"{path}: {error.strerror}; correct the path") from None


def _identity(path: str) -> str:
    lines = read_private(Path(path)).decode("utf-8", "replace").splitlines()
    found = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
    if not found:
        raise SecretProblem(f"{path} holds no age identity; make one with: age-keygen -o {path}")
    return found[0]


def _asked(words: str, ask: Ask) -> str:
    try:
        answer = ask(words)
    except EOFError:
        raise SecretProblem(
            "nobody is there to be asked for it; run the audit in a terminal, or keep the secret in a file"
        ) from None
    if not answer:
        raise SecretProblem("nothing was typed")
    return answer
