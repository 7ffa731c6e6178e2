"""Derive the facts about certificates from the bytes a server sent. Pure, and safe with hostile bytes."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from ipaddress import IPv4Address, IPv6Address

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.dsa import DSAPublicKey
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import (
    AuthorityInformationAccess,
    Certificate,
    DNSName,
    DuplicateExtension,
    ExtendedKeyUsage,
    InvalidVersion,
    IPAddress,
    Name,
    PrecertificateSignedCertificateTimestamps,
    SubjectAlternativeName,
    UnsupportedGeneralNameType,
    load_der_x509_certificate,
)
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseStatus, load_der_ocsp_response
from cryptography.x509.oid import AuthorityInformationAccessOID

from auditor.model.facts import JSON, Facts
from scanners.certificates.names import matches
from scanners.certificates.trust import TrustStore, allows_servers, extension, judge, self_signed

MAXIMUM_CERTIFICATES = 50
MAXIMUM_NAMES = 500
MAXIMUM_TEXT = 1_000
UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    InvalidVersion,
    UnsupportedGeneralNameType,
    DuplicateExtension,
    KeyError,
    TypeError,
)
"""What reading a malformed certificate raises; the fact concerned is then not observed.

KeyError comes from a string type in a name that ASN.1 does not define, TypeError from one that the
attribute must not have.
"""
_WEAK_HASHES = ("MD5", "SHA1")
_KEY_TYPES = {
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.10": "RSA",
    "1.2.840.10045.2.1": "EC",
    "1.2.840.10040.4.1": "DSA",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
}
"""Object identifier of the public key's algorithm (RFC 3279, 4055, 5480, 8410) → name."""
_EDWARDS_BITS = {"Ed25519": 256, "Ed448": 456}
"""Length of the encoded public key (RFC 8032)."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What a server sent in one handshake: certificates as DER, the leaf first."""

    certificates: tuple[bytes, ...]
    staple: bytes | None = None
    """The stapled OCSP response as DER, None without one."""


def parse(chains: Sequence[Chain], asked: str | None, store: TrustStore, now: datetime) -> Facts:
    """Return one record for each different leaf, the first of each key type, in the order received.

    `asked` is the server name or address asked for, None when the port was asked bare.
    """
    records: list[dict[str, JSON]] = []
    seen: set[JSON] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd certificates are what this is for, not a programmer's mistake
        for chain in chains:
            if not chain.certificates:
                continue
            record = _record(chain, asked, store, now)
            kind = record.get("certificate.key_type")
            if kind not in seen:
                seen.add(kind)
                records.append(record)
    return {"certificates.deployments": [*records]}


def _record(chain: Chain, asked: str | None, store: TrustStore, now: datetime) -> dict[str, JSON]:
    record: dict[str, JSON] = {
        "certificate.sha256": hashlib.sha256(chain.certificates[0]).hexdigest(),
        "certificate.name_asked": asked,
        "certificate.chain_length": len(chain.certificates),
        "certificate.ocsp_stapled": chain.staple is not None,
        "certificate.trust_store": store.description,
    }
    others = [load_readable(der) for der in chain.certificates[1:MAXIMUM_CERTIFICATES]]
    record.update(_chain_facts(others, now))
    try:
        leaf = load_der_x509_certificate(chain.certificates[0])
    except UNREADABLE:
        return record
    for name, read in _LEAF_FACTS.items():
        _observe(record, f"certificate.{name}", partial(read, leaf))
    record.update(_staple_fact(leaf, chain.staple, now))
    record.update(_name_facts(leaf, asked))
    record.update(_trust_facts(leaf, others, store))
    return record


def _observe(record: dict[str, JSON], name: str, read: Callable[[], JSON]) -> None:
    """Add a fact, or leave it out when the certificate cannot be read there."""
    try:
        record[name] = read()
    except UNREADABLE:
        return


def load_readable(der: bytes) -> Certificate | None:
    """Return a certificate whose names and extensions can be read, or None."""
    try:
        certificate = load_der_x509_certificate(der)
        _ = (certificate.subject, certificate.issuer, certificate.extensions)
    except UNREADABLE:
        return None
    return certificate


def _text(name: Name) -> str:
    text = name.rfc4514_string()
    return text if len(text) <= MAXIMUM_TEXT else text[:MAXIMUM_TEXT] + "…"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _spki_sha256(leaf: Certificate) -> str:
    encoded = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()


def _key_type(leaf: Certificate) -> str:
    return _KEY_TYPES.get(leaf.public_key_algorithm_oid.dotted_string, "other")


def _key_bits(leaf: Certificate) -> int:
    key = leaf.public_key()
    if isinstance(key, RSAPublicKey | DSAPublicKey | EllipticCurvePublicKey):
        return key.key_size
    bits = _EDWARDS_BITS.get(_key_type(leaf))
    if bits is None:
        raise ValueError("the length of such a key says nothing about its strength")
    return bits


def _signature_hash(certificate: Certificate) -> str | None:
    algorithm = certificate.signature_hash_algorithm
    return None if algorithm is None else algorithm.name.upper()


def _server_auth(leaf: Certificate) -> bool | None:
    purposes = extension(leaf, ExtendedKeyUsage)
    return None if purposes is None else allows_servers(purposes)


def _names_responder(leaf: Certificate) -> bool:
    access = extension(leaf, AuthorityInformationAccess) or ()
    return any(each.access_method == AuthorityInformationAccessOID.OCSP for each in access)


def _embedded_timestamps(leaf: Certificate) -> int:
    return len(extension(leaf, PrecertificateSignedCertificateTimestamps) or ())


_LEAF_FACTS: dict[str, Callable[[Certificate], JSON]] = {
    "subject": lambda leaf: _text(leaf.subject),
    "issuer": lambda leaf: _text(leaf.issuer),
    "serial": lambda leaf: format(leaf.serial_number, "x"),
    "spki_sha256": _spki_sha256,
    "not_before": lambda leaf: _instant(leaf.not_valid_before_utc),
    "not_after": lambda leaf: _instant(leaf.not_valid_after_utc),
    "lifetime_days": lambda leaf: (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days,
    "key_type": _key_type,
    "key_bits": _key_bits,
    "signature_hash": _signature_hash,
    "self_signed": self_signed,
    "server_auth": _server_auth,
    "ocsp_url": _names_responder,
    "scts": _embedded_timestamps,
}


def _staple_fact(leaf: Certificate, staple: bytes | None, now: datetime) -> dict[str, JSON]:
    """Return whether the stapled response says good about this certificate now; unread, it says no good."""
    if staple is None:
        return {"certificate.ocsp_good": None}
    try:
        response = load_der_ocsp_response(staple)
        good = response.response_status is OCSPResponseStatus.SUCCESSFUL and any(
            each.certificate_status is OCSPCertStatus.GOOD
            and each.serial_number == leaf.serial_number
            and each.this_update_utc <= now
            and (each.next_update_utc is None or now <= each.next_update_utc)
            for each in response.responses
        )
    except UNREADABLE:
        good = False
    return {"certificate.ocsp_good": good}


def _name_facts(leaf: Certificate, asked: str | None) -> dict[str, JSON]:
    """Return the facts about subjectAltName. All names are compared; the first 500 are listed."""
    try:
        names = extension(leaf, SubjectAlternativeName) or ()
    except UNREADABLE:
        return {}
    dns_names = [name.value for name in names if isinstance(name, DNSName)]
    addresses = [
        name.value
        for name in names
        if isinstance(name, IPAddress) and isinstance(name.value, IPv4Address | IPv6Address)
    ]
    listed: list[JSON] = [*dns_names, *(str(address) for address in addresses)]
    if len(listed) > MAXIMUM_NAMES:
        listed[MAXIMUM_NAMES:] = [f"… +{len(listed) - MAXIMUM_NAMES}"]
    return {
        "certificate.names": listed,
        "certificate.wildcard": any(name.startswith("*.") for name in dns_names),
        "certificate.name_matches": None if asked is None else matches(asked, dns_names, addresses),
    }


def _chain_facts(others: Sequence[Certificate | None], now: datetime) -> dict[str, JSON]:
    """Return the facts about sent intermediates; a single unreadable one leaves them unknown."""
    facts: dict[str, JSON] = {}
    readable = [certificate for certificate in others if certificate is not None]
    if len(readable) < len(others):
        return facts
    intermediates = [certificate for certificate in readable if certificate.issuer != certificate.subject]

    def expired() -> JSON:
        return [_text(each.subject) for each in intermediates if each.not_valid_after_utc < now]

    _observe(facts, "certificate.chain_expired", expired)
    _observe(
        facts,
        "certificate.chain_sha1",
        lambda: any(_signature_hash(certificate) in _WEAK_HASHES for certificate in intermediates),
    )
    return facts


def _trust_facts(
    leaf: Certificate, others: Sequence[Certificate | None], store: TrustStore
) -> dict[str, JSON]:
    """Return the facts about trust. Without a way found, an unreadable certificate leaves them unknown."""
    readable = [certificate for certificate in others if certificate is not None]
    try:
        trust = judge(leaf, readable, store)
    except UNREADABLE:
        return {}
    if not trust.trusted and len(readable) < len(others):
        return {}
    return {
        "certificate.trusted": trust.trusted,
        "certificate.publicly_trusted": trust.public,
        "certificate.chain_complete": trust.complete,
    }
