"""The program that verifies evidence packs: its signatures beside a library's, and how it reads archives."""

from __future__ import annotations

import io
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from auditor.store.pack_verifier import (
    _ORDER,
    MESSAGES,
    Member,
    PackError,
    Problem,
    closing,
    is_signed,
    local_header,
    read_members,
)
from auditor.store.pack_writer import PackWriter
from auditor.store.signing import is_valid

# RFC 8032, 7.1: public key, message, signature.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
)


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_published_signatures_hold(key: str, message: str, signature: str) -> None:
    content = bytes.fromhex(message)
    assert is_signed(key, signature, content)
    assert not is_signed(key, signature, content + b"x")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 8 * 64 - 1))
def test_signatures_are_taken_and_refused_as_a_library_does(seed: bytes, content: bytes, bit: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw().hex(), private.sign(content)
    changed = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big").hex()
    assert is_signed(key, signature.hex(), content)
    assert not is_signed(key, changed, content)
    assert not is_valid(key, changed, content)


@given(st.binary(max_size=70), st.binary(max_size=70))
def test_what_is_no_key_or_no_signature_is_refused(key: bytes, signature: bytes) -> None:
    assert not is_signed(key.hex(), signature.hex(), b"x")
    assert not is_signed(key.decode("latin-1"), "zz", b"x")


def test_a_second_form_of_a_signature_is_refused() -> None:
    key, message, signature = VECTORS[0]
    scalar = int.from_bytes(bytes.fromhex(signature)[32:], "little") + _ORDER
    other = signature[:64] + scalar.to_bytes(32, "little").hex()
    assert not is_signed(key, other, bytes.fromhex(message))


def archive(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    writer = PackWriter(file)
    for name, content in members:
        writer.add(name, content)
    file.write(closing(writer._members))
    return file.getvalue()


def test_any_program_opens_the_archive() -> None:
    with zipfile.ZipFile(io.BytesIO(archive(("a.txt", b"one"), ("b/c.bin", bytes(300))))) as opened:
        assert opened.testzip() is None
        assert {one: opened.read(one) for one in opened.namelist()} == {
            "a.txt": b"one",
            "b/c.bin": bytes(300),
        }


def test_no_bit_of_an_archive_can_change_unnoticed() -> None:
    whole = archive(("a.txt", b"one"), ("b.txt", b""))
    before = read_members(io.BytesIO(whole))
    for place in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[place // 8] ^= 1 << place % 8
        try:
            assert read_members(io.BytesIO(bytes(changed))) != before, f"bit {place}"
        except PackError:
            continue


@pytest.mark.parametrize("added", [b"\0", b"PK\3\4", b"\n" * 5000])
def test_nothing_can_be_added_or_cut_off(added: bytes) -> None:
    whole = archive(("a.txt", b"one"))
    for changed in (whole + added, added + whole, whole[:-1], whole[:40], b""):
        with pytest.raises(PackError):
            read_members(io.BytesIO(changed))


def test_a_name_is_there_once() -> None:
    one = local_header("a", 0, 0)
    members = [Member("a", len(one), 0, 0, ""), Member("a", 2 * len(one), 0, 0, "")]
    assert len(read_members(io.BytesIO(one + one + closing(members)))) == 2  # told by Pack, see below
    file = io.BytesIO()
    writer = PackWriter(file)
    writer.add("a", b"1")
    writer.add("a", b"2")
    assert file.getvalue() == local_header("a", 0x83DCEFB7, 1) + b"1"


@pytest.mark.parametrize("name", ["../a", "/a", "a b", "", "a\n", "ä"])
def test_names_are_plain(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a member"):
        PackWriter(io.BytesIO()).add(name, b"")


def test_every_problem_is_told_in_both_languages() -> None:
    for key in MESSAGES:
        told = [Problem(key, ("one", "two")).told(language) for language in ("id", "en")]
        assert told[0] != told[1]
        assert "{" not in "".join(told)


def test_a_hostile_name_cannot_write_to_the_terminal() -> None:
    told = Problem("changed", ("a\x1b[31m\u202e",)).told("en")
    assert told == "a\\u001b[31m\\u202e was changed"
