"""Read the part of a TLS 1.3 server's first flight that is encrypted: its certificates and its ALPN choice.

The keys follow from the exchange of the two hellos (RFC 8446, 7.1 to 7.3). The handshake is not finished.
"""

from __future__ import annotations

import hmac
import os
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, x448, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from scanners.handshake.answers import (
    ALERT_RECORD,
    CERTIFICATE,
    HANDSHAKE_RECORD,
    MalformedAnswer,
    ServerHello,
    parse_certificate_1_3,
    parse_extensions,
    split_messages,
)
from scanners.handshake.exchange import CHUNK_BYTES, Answer, Line, NotTls, Refusal, refusal_of
from scanners.handshake.flight import Intake
from scanners.handshake.groups import TLS_1_3_GROUPS
from scanners.handshake.hello import TLS_1_3, Hello, encode_hello

_ENCRYPTED_EXTENSIONS, _X25519, _P_256 = 8, 29, 23
_RECORD_HEADER_BYTES = 5
_Cipher = Callable[[bytes], AESGCM | AESCCM | ChaCha20Poly1305]
_SUITES: Mapping[int, tuple[_Cipher, int, type[hashes.HashAlgorithm]]] = {
    0x1301: (AESGCM, 16, hashes.SHA256),
    0x1302: (AESGCM, 32, hashes.SHA384),
    0x1303: (ChaCha20Poly1305, 32, hashes.SHA256),
    0x1304: (AESCCM, 16, hashes.SHA256),
    0x1305: (lambda key: AESCCM(key, 8), 16, hashes.SHA256),
}
"""Cipher, key bytes and hash of each suite that can be read."""
_CURVES: Mapping[int, Callable[[], ec.EllipticCurve]] = {23: ec.SECP256R1, 24: ec.SECP384R1, 25: ec.SECP521R1}


@dataclass(frozen=True, slots=True)
class EncryptedFlight:
    """What a TLS 1.3 server says after its ServerHello."""

    application_protocol: str | None
    certificates: tuple[bytes, ...]
    staple: bytes | None


class _Share:
    """A key pair of ours in one group."""

    def __init__(self, group: int) -> None:
        self.group = group
        self._key: x25519.X25519PrivateKey | x448.X448PrivateKey | ec.EllipticCurvePrivateKey
        if group in _CURVES:
            self._key = ec.generate_private_key(_CURVES[group]())
            self.public = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        else:
            self._key = _EDWARDS[group].generate()
            self.public = self._key.public_key().public_bytes_raw()

    def agree(self, theirs: bytes) -> bytes:
        """Return the shared secret; raise ValueError for a share that is no key of the group."""
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            point = ec.EllipticCurvePublicKey.from_encoded_point(self._key.curve, theirs)
            return self._key.exchange(ec.ECDH(), point)
        if isinstance(self._key, x25519.X25519PrivateKey):
            return self._key.exchange(x25519.X25519PublicKey.from_public_bytes(theirs))
        return self._key.exchange(x448.X448PublicKey.from_public_bytes(theirs))


_EDWARDS: Mapping[int, type[x25519.X25519PrivateKey] | type[x448.X448PrivateKey]] = {
    29: x25519.X25519PrivateKey,
    30: x448.X448PrivateKey,
}


def encrypted_flight(
    line: Line, signatures: Sequence[int] | None = None, application_protocols: Sequence[str] = ()
) -> EncryptedFlight | Refusal:
    """Offer TLS 1.3 and return what the server says encrypted; one connection, two for a rare group.

    `signatures` brings out the certificate that fits them. Raises as `Line.ask` does, NotTls too for a group
    or suite that cannot be read.
    """
    shares = [_Share(_X25519), _Share(_P_256)]
    wanted: int | None = None
    for _attempt in range(2):
        hello = Hello(
            TLS_1_3,
            tuple(_SUITES),
            line.endpoint.server_name,
            groups=tuple(TLS_1_3_GROUPS) if len(shares) > 1 else [shares[0].group],
            signatures=signatures,
            key_shares={share.group: share.public for share in shares},
            status_request=True,
            application_protocols=application_protocols,
        )
        record = encode_hello(hello, os.urandom(32))
        answer = line.converse(record, _Reading(record[_RECORD_HEADER_BYTES:], shares).read)
        if not isinstance(answer, ServerHello):
            return answer
        wanted = answer.group
        if wanted not in (*_CURVES, *_EDWARDS):
            break
        shares = [_Share(wanted)]
    raise NotTls(f"TLS 1.3 with a group that cannot be computed here: {TLS_1_3_GROUPS.get(wanted or 0)}")


@dataclass(slots=True)
class _Reading:
    """The reading of one answer, with what its keys depend on."""

    client_hello: bytes
    shares: Sequence[_Share]

    def read(self, answer: Answer) -> EncryptedFlight | Refusal | ServerHello:
        """Read up to the certificates; return the ServerHello where it asks for another group."""
        intake, records, handshake = Intake(), None, b""
        try:
            while part := answer.recv(CHUNK_BYTES):
                intake.feed(part)
                if intake.refused and intake.alert is not None:
                    return refusal_of(intake.alert)
                if intake.hello is None:
                    continue
                if intake.hello.version != TLS_1_3:
                    return Refusal(f"answers with version {intake.hello.version:#06x} instead")
                if intake.hello.retry:
                    return intake.hello
                records = records or self._keys(intake.hello, intake.hello_message)
                handshake += b"".join(map(records.decrypt, intake.encrypted))
                intake.encrypted.clear()
                messages = dict(reversed(split_messages(handshake)[0]))
                if CERTIFICATE in messages:
                    return _flight(messages)
        except (MalformedAnswer, InvalidTag, ValueError) as error:
            raise NotTls(f"unreadable answer in TLS 1.3: {error}") from None
        return Refusal("closed before the certificate")

    def _keys(self, hello: ServerHello, message: bytes) -> _Records:
        share = hello.extensions.get(51, b"")
        mine = next((share for share in self.shares if share.group == hello.group), None)
        if hello.suite not in _SUITES or mine is None or len(share) < 4:
            raise MalformedAnswer("a suite or group that was not offered")
        cipher, key_bytes, hash_type = _SUITES[hello.suite]
        schedule = _Schedule(hash_type())
        secret = schedule.server_handshake_secret(mine.agree(share[4:]), self.client_hello + message)
        return _Records(
            cipher(schedule.expand(secret, b"key", b"", key_bytes)), schedule.expand(secret, b"iv", b"", 12)
        )


def _flight(messages: Mapping[int, bytes]) -> EncryptedFlight:
    extensions = parse_extensions(messages.get(_ENCRYPTED_EXTENSIONS, b"")[2:])
    chosen = ServerHello(TLS_1_3, 0, 0, extensions).application_protocol
    return EncryptedFlight(chosen, *parse_certificate_1_3(messages[CERTIFICATE]))


@dataclass(frozen=True, slots=True)
class _Schedule:
    """The key schedule up to the server's handshake traffic secret (RFC 8446, 7.1)."""

    algorithm: hashes.HashAlgorithm

    def server_handshake_secret(self, shared: bytes, transcript: bytes) -> bytes:
        """Return the secret; `transcript` are both hellos as handshake messages."""
        zeros = bytes(self.algorithm.digest_size)
        early = self._extract(zeros, zeros)
        derived = self.expand(early, b"derived", self._hash(b""), len(zeros))
        handshake = self._extract(derived, shared)
        return self.expand(handshake, b"s hs traffic", self._hash(transcript), len(zeros))

    def expand(self, secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
        """Return HKDF-Expand-Label."""
        name = b"tls13 " + label
        info = struct.pack("!HB", length, len(name)) + name + bytes([len(context)]) + context
        return HKDFExpand(self.algorithm, length, info).derive(secret)

    def _extract(self, salt: bytes, material: bytes) -> bytes:
        return hmac.digest(salt, material, self.algorithm.name)

    def _hash(self, data: bytes) -> bytes:
        digest = hashes.Hash(self.algorithm)
        digest.update(data)
        return digest.finalize()


@dataclass(slots=True)
class _Records:
    """Decrypts one record after the other (RFC 8446, 5.2 and 5.3)."""

    cipher: AESGCM | AESCCM | ChaCha20Poly1305
    iv: bytes
    sequence: int = 0

    def decrypt(self, content: bytes) -> bytes:
        """Return the handshake bytes of a record, none for another type; raise InvalidTag."""
        nonce = (int.from_bytes(self.iv, "big") ^ self.sequence).to_bytes(12, "big")
        header = struct.pack("!BHH", 23, 0x0303, len(content))
        plain = self.cipher.decrypt(nonce, content, header).rstrip(b"\x00")
        self.sequence += 1
        if plain[-1:] == bytes([ALERT_RECORD]):
            raise MalformedAnswer("an alert in the place of the certificate")
        return plain[:-1] if plain[-1:] == bytes([HANDSHAKE_RECORD]) else b""
