"""Read what an SSH server says before any login. Pure: bytes in, values out."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.facts import JSON, Facts

IDENTIFICATION_MAX_BYTES = 255
"""RFC 4253, section 4.2, with the line end."""
MESSAGE_KEXINIT = 20
STRICT_KEY_EXCHANGE = "kex-strict-s-v00@openssh.com"
_MARKERS = ("ext-info-", "kex-strict-")
"""Names in the key exchange list that announce an extension and are no algorithm (RFC 8308)."""
_IDENTIFICATION = re.compile(r"SSH-(?P<protocol>[0-9]+\.[0-9]+)-(?P<software>[^ ]*)(?: (?P<comment>.*))?")
_COOKIE_BYTES = 16
_NAME_LISTS = 10
_ED25519_BITS = 256
_ED448_BITS = 448


class SshParseError(ValueError):
    """What the server sent is not what RFC 4253 describes."""


@dataclass(frozen=True, slots=True)
class Identification:
    """The first line: `SSH-protocol-software comment`."""

    protocol: str
    software: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class KeyExchange:
    """The lists of SSH_MSG_KEXINIT, with those of both directions joined."""

    algorithms: tuple[str, ...]
    host_key_algorithms: tuple[str, ...]
    ciphers: tuple[str, ...]
    macs: tuple[str, ...]
    compression: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostKey:
    """A public host key: rsa, dss, ecdsa, ed25519 or ed448, its size, and OpenSSH's SHA-256 fingerprint."""

    type: str
    bits: int
    sha256: str


def parse_identification(line: bytes) -> Identification:
    """Split an identification line, with or without its line end (RFC 4253, section 4.2)."""
    if len(line) > IDENTIFICATION_MAX_BYTES:
        raise SshParseError(f"identification line of {len(line)} bytes")
    match = _IDENTIFICATION.fullmatch(line.rstrip(b"\r\n").decode("utf-8", "replace"))
    if match is None:
        raise SshParseError("not an SSH identification line")
    return Identification(match["protocol"], match["software"], match["comment"])


def parse_key_exchange(payload: bytes) -> KeyExchange:
    """Read the payload of SSH_MSG_KEXINIT (RFC 4253, section 7.1)."""
    if payload[:1] != bytes([MESSAGE_KEXINIT]):
        raise SshParseError("the first message is not SSH_MSG_KEXINIT")
    lists: list[list[str]] = []
    offset = 1 + _COOKIE_BYTES
    for _ in range(_NAME_LISTS):
        text, offset = _string(payload, offset)
        lists.append(_names(text))
    if len(payload) - offset != 5:  # first_kex_packet_follows, and a reserved uint32
        raise SshParseError("SSH_MSG_KEXINIT has a wrong length")
    key_exchange, host_key, cipher_in, cipher_out, mac_in, mac_out, compression_in, compression_out = lists[
        :8
    ]
    return KeyExchange(
        algorithms=tuple(key_exchange),
        host_key_algorithms=tuple(host_key),
        ciphers=_joined(cipher_in, cipher_out),
        macs=_joined(mac_in, mac_out),
        compression=_joined(compression_in, compression_out),
    )


def parse_host_key(blob: bytes) -> HostKey:
    """Read a public key blob (RFC 4253, section 6.6; RFC 5656; RFC 8709)."""
    name, offset = _string(blob, 0)
    fingerprint = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    if name == b"ssh-rsa":
        _, offset = _string(blob, offset)
        return HostKey("rsa", _integer_bits(blob, offset), fingerprint)
    if name == b"ssh-dss":
        return HostKey("dss", _integer_bits(blob, offset), fingerprint)
    if match := re.fullmatch(rb"ecdsa-sha2-nistp(256|384|521)", name):
        return HostKey("ecdsa", int(match[1]), fingerprint)
    if name == b"ssh-ed25519":
        return HostKey("ed25519", _ED25519_BITS, fingerprint)
    if name == b"ssh-ed448":
        return HostKey("ed448", _ED448_BITS, fingerprint)
    raise SshParseError("a host key of an unknown type")


def parse_group(payload: bytes) -> int:
    """Return the bits of the modulus in SSH_MSG_KEX_DH_GEX_GROUP (RFC 4419, section 3)."""
    bits = _integer_bits(payload, 1)
    _, offset = _string(payload, 1)
    _, end = _string(payload, offset)
    if end != len(payload) or not bits:
        raise SshParseError("a group of a wrong length")
    return bits


def identification_facts(identification: Identification) -> Facts:
    """Return the facts of the identification line."""
    return {
        "ssh.protocol": identification.protocol,
        "ssh.software": identification.software,
        "ssh.comment": identification.comment,
    }


def key_exchange_facts(offer: KeyExchange) -> Facts:
    """Return the facts of SSH_MSG_KEXINIT."""
    return {
        "ssh.key_exchange": [name for name in offer.algorithms if not name.startswith(_MARKERS)],
        "ssh.host_key_algorithms": list(offer.host_key_algorithms),
        "ssh.ciphers": list(offer.ciphers),
        "ssh.macs": list(offer.macs),
        "ssh.compression": list(offer.compression),
        "ssh.strict_key_exchange": STRICT_KEY_EXCHANGE in offer.algorithms,
    }


def host_key_facts(blobs: Iterable[bytes]) -> Facts:
    """Return the facts of the host keys served, in a fixed order."""
    keys = sorted((parse_host_key(blob) for blob in blobs), key=lambda key: (key.type, key.bits, key.sha256))
    records: list[JSON] = [{"type": key.type, "bits": key.bits, "sha256": key.sha256} for key in keys]
    return {"ssh.host_keys": records}


def _string(data: bytes, offset: int) -> tuple[bytes, int]:
    """Return the string at `offset` and the offset behind it (RFC 4251, section 5)."""
    if offset + 4 > len(data):
        raise SshParseError("a length is cut off")
    (length,) = struct.unpack_from(">I", data, offset)
    end = offset + 4 + length
    if end > len(data):
        raise SshParseError("a string is longer than its message")
    return data[offset + 4 : end], end


def _names(text: bytes) -> list[str]:
    try:
        return [name for name in text.decode("ascii").split(",") if name]
    except UnicodeDecodeError:
        raise SshParseError("a name list is not ASCII") from None


def _joined(*lists: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))


def _integer_bits(data: bytes, offset: int) -> int:
    number, _ = _string(data, offset)
    return int.from_bytes(number, "big").bit_length()
