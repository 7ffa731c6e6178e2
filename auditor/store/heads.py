"""Sign the head of the chain with Ed25519, so that rewriting all of it needs the key too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import Engine, insert, select

from auditor.store import schema
from auditor.store.evidence import ChainProblem


class HeadStore:
    """Signed heads in the database; the private key in a file that only its owner reads."""

    def __init__(self, engine: Engine, key_file: Path):
        self._engine = engine
        self._key_file = key_file

    def sign(self, sequence: int, head: str, now: datetime) -> None:
        """Sign a head once; signing the same row again changes nothing."""
        if sequence == 0:
            return
        key = _load_or_create(self._key_file)
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        with self._engine.begin() as connection:
            table = schema.heads
            if connection.execute(select(table.c.hash).where(table.c.sequence == sequence)).first():
                return
            connection.execute(
                insert(table).values(
                    sequence=sequence,
                    hash=head,
                    signed_at=now.isoformat(),
                    public_key=public,
                    signature=key.sign(_signed_bytes(sequence, head)).hex(),
                )
            )

    def verify(self) -> Iterator[ChainProblem]:
        """Yield every signed head that the chain does not hold any more, or whose signature is not ours."""
        own = _public_key_of(self._key_file)
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(schema.heads, schema.evidence.c.hash.label("now")).join_from(
                    schema.heads,
                    schema.evidence,
                    schema.heads.c.sequence == schema.evidence.c.sequence,
                    isouter=True,
                )
            ).all()
        if own is not None and not rows:
            yield ChainProblem(0, "every signed head is gone, though there is a key that signed one")
        if own is None and rows:
            yield ChainProblem(rows[0].sequence, "the key of its head is gone: nobody can say who signed it")
        for row in rows:
            if row.now != row.hash:
                yield ChainProblem(row.sequence, "differs from its signed head")
            if own is not None and row.public_key != own:
                yield ChainProblem(row.sequence, "its head was signed with another key")
            if not _valid(row.public_key, row.signature, row.sequence, row.hash):
                yield ChainProblem(row.sequence, "the signature of its head is not valid")


def _signed_bytes(sequence: int, head: str) -> bytes:
    return f"tilik-chain-head\n{sequence}\n{head}".encode()


def _valid(public_key: str, signature: str, sequence: int, head: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), _signed_bytes(sequence, head))
    except (InvalidSignature, ValueError):
        return False
    return True


def _load_or_create(path: Path) -> Ed25519PrivateKey:
    if path.exists():
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    # Written beside and renamed: a crash in between must not leave half a key under its name.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return key


def _public_key_of(path: Path) -> str | None:
    if not path.exists():
        return None
    return _load_or_create(path).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
