"""Keys are opened from where they lie; what lies open to others, or cannot be opened, is told."""

from __future__ import annotations

from pathlib import Path

import asyncssh
import pyrage
import pytest

from auditor.model.host_access import Credential, SecretReference, SecretSource
from auditor.usecases.credentials import Opened, nobody, open_credentials

KEY = asyncssh.generate_private_key("ssh-ed25519")
PEM = bytes(KEY.export_private_key("openssh"))
LOCKED = bytes(KEY.export_private_key("openssh", passphrase="rahasia"))


def kept(path: Path, content: bytes, mode: int = 0o600) -> SecretReference:
    path.write_bytes(content)
    path.chmod(mode)
    return SecretReference(SecretSource.FILE, str(path))


def opened(key: SecretReference, passphrase: SecretReference | None = None, answer: str = "") -> Opened:
    def ask(words: str) -> str:
        return answer or nobody(words)

    return open_credentials([Credential("audit", "tilik-audit", key, passphrase)], ask)["audit"]


def is_the_key(found: Opened) -> bool:
    assert found.problem == ""
    return asyncssh.import_private_key(found.key).public_data == KEY.public_data


def test_a_key_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    assert is_the_key(opened(kept(tmp_path / "key", PEM)))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o622])
def test_a_file_that_others_can_reach_is_not_read(tmp_path: Path, mode: int) -> None:
    found = opened(kept(tmp_path / "key", PEM, mode))
    assert found.key == b""
    assert f"chmod 600 {tmp_path / 'key'}" in found.problem


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "holds no private key"), (b"no key", "ssh-keygen -t ed25519"), (b"x" * 100_001, "larger than")],
)
def test_what_is_no_key_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in opened(kept(tmp_path / "key", content)).problem


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    gone = SecretReference(SecretSource.FILE, str(tmp_path / "gone"))
    assert "No such file" in opened(gone).problem
    folder = SecretReference(SecretSource.FILE, str(tmp_path))
    assert "is not a file" in opened(folder).problem


def test_a_key_with_a_passphrase_needs_it(tmp_path: Path) -> None:
    key = kept(tmp_path / "key", LOCKED)
    assert "say under passphrase where it lies" in opened(key).problem
    assert "does not open" in opened(key, kept(tmp_path / "wrong", b"keliru\n")).problem
    assert is_the_key(opened(key, kept(tmp_path / "right", b"rahasia\n")))
    assert is_the_key(opened(key, SecretReference(SecretSource.PROMPT, "Passphrase"), "rahasia"))


def test_nobody_there_to_be_asked_is_told(tmp_path: Path) -> None:
    found = opened(kept(tmp_path / "key", LOCKED), SecretReference(SecretSource.PROMPT, "Passphrase"))
    assert "run the audit in a terminal" in found.problem


def test_a_credential_of_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = SecretReference(SecretSource.SYSTEMD, "audit-key")
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert "LoadCredential=audit-key:PATH" in opened(reference).problem
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    kept(tmp_path / "audit-key", PEM, 0o400)
    assert is_the_key(opened(reference))


def test_a_file_encrypted_with_age(tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "key.age").write_bytes(pyrage.encrypt(PEM, [identity.to_public()]))
    kept(tmp_path / "identity", f"# a comment\n{identity}\n".encode())
    kept(tmp_path / "other", f"{pyrage.x25519.Identity.generate()}\n".encode())
    kept(tmp_path / "empty", b"")
    place = str(tmp_path / "key.age")

    def with_identity(name: str) -> Opened:
        return opened(SecretReference(SecretSource.AGE, place, str(tmp_path / name)))

    assert is_the_key(with_identity("identity"))
    assert f"does not open {place}" in with_identity("other").problem
    assert "age-keygen" in with_identity("empty").problem


def test_a_file_encrypted_with_a_passphrase_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "key.age").write_bytes(pyrage.passphrase.encrypt(PEM, "rahasia"))
    reference = SecretReference(SecretSource.AGE, str(tmp_path / "key.age"))
    assert is_the_key(opened(reference, answer="rahasia"))
    assert "does not open" in opened(reference, answer="keliru").problem
    assert "nobody is there" in opened(reference).problem


def test_a_key_is_in_no_text_of_what_holds_it(tmp_path: Path) -> None:
    found = opened(kept(tmp_path / "key", PEM))
    assert "PRIVATE" not in repr(found)
    assert "b'" not in repr(found)
