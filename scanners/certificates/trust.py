"""Find a way from a certificate to a trusted root, dates and names aside. Pure.

Ready-made verifiers answer another question: those of OpenSSL and of cryptography refuse expired, SHA-1
signed and short-keyed certificates too, and then say nothing about trust. Each of these has a check of its
own here, so one weak signature must not look like an unknown CA. What remains is small: names that link,
signatures that verify, and issuers that are allowed to issue (RFC 5280, 6.1). Name constraints, policies
and revocation are not evaluated.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.dsa import DSAPublicKey
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    ExtendedKeyUsage,
    ExtensionNotFound,
    ExtensionType,
    KeyUsage,
    Name,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

Kind = TypeVar("Kind", bound=ExtensionType)


@dataclass(frozen=True)
class Anchors:
    """Trusted certificates, found by their subject."""

    certificates: tuple[Certificate, ...] = ()

    @cached_property
    def _by_subject(self) -> Mapping[bytes, list[Certificate]]:
        found: dict[bytes, list[Certificate]] = {}
        for certificate in self.certificates:
            found.setdefault(certificate.subject.public_bytes(), []).append(certificate)
        return found

    def named(self, name: Name) -> Sequence[Certificate]:
        """Return the anchors with this subject."""
        return self._by_subject.get(name.public_bytes(), ())


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Anchors that everybody trusts, those of the own organisation, and the words that name both."""

    description: str
    public: Anchors
    own: Anchors = Anchors()


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a certificate leads to the store, and whether every intermediate needed was sent.

    `complete` is null where the question has no answer: untrusted, so what should have been sent is unknown.
    `public` says that the way leads to a public anchor rather than to one of the own organisation.
    """

    trusted: bool
    complete: bool | None
    public: bool = False


def judge(leaf: Certificate, sent: Sequence[Certificate], store: TrustStore) -> Trust:
    """Judge a leaf with the other certificates sent. All must be readable (names and extensions)."""
    for anchors, public in ((store.public, True), (store.own, False)):
        path = _path(leaf, sent, anchors)
        if path is not None:
            received = {leaf, *sent}
            whole = all(certificate in received or self_signed(certificate) for certificate in path)
            return Trust(True, whole, public)
    # A lone leaf of an unknown issuer: an intermediate may be missing, or a private root signs servers
    # itself. Nothing that was sent tells the two apart. An own CA's file that lists its intermediates does.
    return Trust(False, None)


def _path(leaf: Certificate, sent: Sequence[Certificate], anchors: Anchors) -> list[Certificate] | None:
    """Return the shortest way from the leaf to an anchor, both included, or None.

    Each certificate is entered once, so a hostile chain costs at most one look at each pair.
    """
    queue = deque([[leaf]])
    seen = {leaf}
    while queue:
        path = queue.popleft()
        last = path[-1]
        if last in anchors.named(last.subject):
            return path
        for anchor in anchors.named(last.issuer):
            if issued_by(last, anchor):
                return [*path, anchor]
        for issuer in sent:
            if issuer in seen or issuer.subject != last.issuer:
                continue
            if _may_issue(issuer, intermediates_below=len(path) - 1) and issued_by(last, issuer):
                seen.add(issuer)
                queue.append([*path, issuer])
    return None


def issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Say whether names link and the signature verifies, whatever its hash and the length of its key."""
    if certificate.issuer != issuer.subject:
        return False
    try:
        _verify(certificate, issuer.public_key())
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True


def _verify(certificate: Certificate, key: CertificatePublicKeyTypes) -> None:
    """Raise unless the key made the signature. cryptography's own check refuses SHA-1 and MD5."""
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    hash_algorithm = certificate.signature_hash_algorithm
    parameters = certificate.signature_algorithm_parameters
    if isinstance(key, Ed25519PublicKey | Ed448PublicKey):
        key.verify(signature, signed)
    elif isinstance(key, EllipticCurvePublicKey) and isinstance(parameters, ECDSA):
        key.verify(signature, signed, parameters)
    elif hash_algorithm is None:
        raise ValueError("the signature names no hash that its key could need")
    elif isinstance(key, RSAPublicKey):
        padding = parameters if isinstance(parameters, PSS) else PKCS1v15()
        key.verify(signature, signed, padding, hash_algorithm)
    elif isinstance(key, DSAPublicKey):
        key.verify(signature, signed, hash_algorithm)
    else:
        raise ValueError("a key of another kind than the signature")


def self_signed(certificate: Certificate) -> bool:
    """Say whether issuer and subject are equal and its own key verifies it."""
    return certificate.issuer == certificate.subject and issued_by(certificate, certificate)


def _may_issue(issuer: Certificate, intermediates_below: int) -> bool:
    """Say whether a certificate may sign those of servers (RFC 5280, 4.2.1.3, 4.2.1.9 and 4.2.1.12)."""
    constraints = extension(issuer, BasicConstraints)
    if constraints is None or not constraints.ca:
        return False
    if constraints.path_length is not None and constraints.path_length < intermediates_below:
        return False
    usage = extension(issuer, KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        return False
    purposes = extension(issuer, ExtendedKeyUsage)
    return purposes is None or allows_servers(purposes)


def allows_servers(purposes: ExtendedKeyUsage) -> bool:
    """Say whether an extended key usage allows server authentication."""
    allowed = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    return any(purpose in allowed for purpose in purposes)


def extension(certificate: Certificate, kind: type[Kind]) -> Kind | None:
    """Return the value of an extension, or None where it is absent."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except ExtensionNotFound:
        return None
