"""Sign with Ed25519, so that rewriting what is stored needs the key too."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from auditor.documents.replacing import replacing


class Signer:
    """A private key in a file that only its owner reads; made at the first signature."""

    def __init__(self, key_file: Path):
        self._key_file = key_file

    def sign(self, content: bytes) -> tuple[str, str]:
        """Return public key and signature, hexadecimal."""
        key = _load_or_create(self._key_file)
        return _public(key), key.sign(content).hex()

    @property
    def public_key(self) -> str | None:
        """Return the public key, hexadecimal, or None while (or because) there is no key."""
        return _public(_load_or_create(self._key_file)) if self._key_file.exists() else None


def is_valid(public_key: str, signature: str, content: bytes) -> bool:
    """Return whether the key made the signature over the content; false for what is no key at all."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(
            bytes.fromhex(signature), content
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _load_or_create(path: Path) -> Ed25519PrivateKey:
    if path.exists():
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    # Written beside and renamed: a crash in between must not leave half a key under its name.
    with replacing(path, 0o600) as file:
        file.write(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return key
