"""Verify a DNSSEC signature over records at the top of a zone (RFC 4034, 3.1.8). Pure.

dnspython does so too, but only beside a cryptography as new as itself; and what a hostile zone may cost is
bounded here.
"""

from __future__ import annotations

import hashlib
import struct

import dns.dnssec
import dns.name
import dns.rrset
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384, SHA512, HashAlgorithm
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.ANY.RRSIG import RRSIG

_OLD_HASH = SHA1()  # noqa: S303 - what old zones are signed with
_RSA: dict[int, HashAlgorithm] = {5: _OLD_HASH, 7: _OLD_HASH, 8: SHA256(), 10: SHA512()}
_ECDSA: dict[int, tuple[EllipticCurve, HashAlgorithm]] = {
    13: (SECP256R1(), SHA256()),
    14: (SECP384R1(), SHA384()),
}
_ED25519, _ED448 = 15, 16
ALGORITHMS = frozenset({*_RSA, *_ECDSA, _ED25519, _ED448})
"""IANA numbers of what can be verified here."""
_DIGESTS = {1: "sha1", 2: "sha256", 4: "sha384"}
_KEY_BYTES = 1030
"""RSA of 8192 bits: more only costs time."""
_ZONE_FLAG, _REVOKED_FLAG, _PROTOCOL = 0x0100, 0x0080, 3


def names(ds: DS, key: DNSKEY, zone: dns.name.Name) -> bool | None:
    """Say whether a DS record names a key (RFC 4034, 5.1.4); null for a digest that is not known here."""
    digest = _DIGESTS.get(ds.digest_type)
    if digest is None:
        return None
    if key.algorithm != ds.algorithm or not _signs_zones(key):
        return False
    return hashlib.new(digest, zone.to_digestable() + key.to_digestable()).digest() == ds.digest


def verifies(records: dns.rrset.RRset, signature: RRSIG, key: DNSKEY) -> bool:
    """Say whether a key made a signature over the records, its dates aside."""
    if (key.algorithm, dns.dnssec.key_id(key)) != (signature.algorithm, signature.key_tag):
        return False
    if not _signs_zones(key) or signature.labels != len(records.name.labels) - 1:
        return False
    try:
        _verify(key, signature.signature, _signed_data(records, signature))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _signs_zones(key: DNSKEY) -> bool:
    flags = key.flags & (_ZONE_FLAG | _REVOKED_FLAG)
    return flags == _ZONE_FLAG and key.protocol == _PROTOCOL and len(key.key) <= _KEY_BYTES


def _signed_data(records: dns.rrset.RRset, signature: RRSIG) -> bytes:
    """Return what was signed: the signature's own fields, then the records in canonical form and order."""
    fields = struct.pack(
        "!HBBIIIH",
        signature.type_covered,
        signature.algorithm,
        signature.labels,
        signature.original_ttl,
        signature.expiration,
        signature.inception,
        signature.key_tag,
    )
    head = records.name.to_digestable() + struct.pack(
        "!HHI", records.rdtype, records.rdclass, signature.original_ttl
    )
    bodies = sorted(record.to_digestable() for record in records)
    return b"".join(
        (fields, signature.signer.to_digestable(), *(head + struct.pack("!H", len(b)) + b for b in bodies))
    )


def _verify(key: DNSKEY, signature: bytes, data: bytes) -> None:
    """Raise unless the key made the signature (RFC 3110, 6605 and 8080)."""
    if key.algorithm in _RSA:
        _rsa_numbers(key.key).public_key().verify(signature, data, PKCS1v15(), _RSA[key.algorithm])
    elif key.algorithm in _ECDSA:
        curve, digest = _ECDSA[key.algorithm]
        point = EllipticCurvePublicKey.from_encoded_point(curve, b"\4" + key.key)
        half = (curve.key_size + 7) // 8
        if len(signature) != 2 * half:
            raise InvalidSignature
        numbers = (int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
        point.verify(encode_dss_signature(*numbers), data, ECDSA(digest))
    elif key.algorithm == _ED25519:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signature, data)
    elif key.algorithm == _ED448:
        Ed448PublicKey.from_public_bytes(key.key).verify(signature, data)
    else:
        raise InvalidSignature


def _rsa_numbers(key: bytes) -> RSAPublicNumbers:
    """Read a key of RFC 3110; its exponent's length takes one byte, or three of which the first is zero."""
    start = 1 if key[:1] != b"\0" else 3
    length = int.from_bytes(key[:start], "big")
    exponent, modulus = key[start : start + length], key[start + length :]
    return RSAPublicNumbers(int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
