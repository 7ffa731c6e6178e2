"""Which keys and certificates may sign reports, told before a page is rendered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from auditor.usecases.errors import UsageProblem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

LEAST_RSA_BITS = 2048
"""NIST SP 800-131A, revision 2, table 2."""
CURVES = ("secp256r1", "secp384r1", "secp521r1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1")
"""Curves for ECDSA in PDF (ISO/TS 32002)."""

_ADVICE = (
    f"put an RSA key of {LEAST_RSA_BITS} bits or more, or an ECDSA key on P-256, P-384 or P-521, with its "
    "certificate under reports.signature, or leave out --sign"
)


def refuse_unfit(key: PrivateKeyTypes, certificate: Certificate, now: datetime) -> None:
    """Raise UsageProblem for a weak or unusual key, or a certificate that is not for signatures at `now`."""
    if unfit := _unfit(key):
        raise UsageProblem(f"reports are not signed with a key of {unfit}", _ADVICE)
    _refuse_ended(certificate, now)
    _refuse_other_uses(certificate)


def _unfit(key: PrivateKeyTypes) -> str:
    """Return what kind of key it is, or "" where readers of PDF take it.

    EdDSA is refused although PDF 2.0 knows it: many readers cannot check it, and it needs other digests.
    """
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

    if isinstance(key, rsa.RSAPrivateKey):
        return "" if key.key_size >= LEAST_RSA_BITS else f"RSA of {key.key_size} bits"
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return "" if key.curve.name in CURVES else f"the curve {key.curve.name}"
    names = {dsa.DSAPrivateKey: "DSA", ed25519.Ed25519PrivateKey: "Ed25519", ed448.Ed448PrivateKey: "Ed448"}
    return next((name for kind, name in names.items() if isinstance(key, kind)), "an unknown kind")


def _refuse_ended(certificate: Certificate, now: datetime) -> None:
    if certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        return
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    raise UsageProblem(
        f"the certificate for signing reports holds from {first:%Y-%m-%d} until {last:%Y-%m-%d} only",
        "put a certificate that holds under reports.signature, or leave out --sign",
    )


def _refuse_other_uses(certificate: Certificate) -> None:
    """Refuse a key usage without signatures; one that names no usage is for any (RFC 5280, 4.2.1.3)."""
    from cryptography.x509 import DuplicateExtension, ExtensionNotFound, KeyUsage

    try:
        usage = certificate.extensions.get_extension_for_class(KeyUsage).value
    except ExtensionNotFound:
        return
    except (ValueError, DuplicateExtension):
        raise UsageProblem(
            "the extensions of the certificate for signing reports cannot be read",
            "have it issued again, or leave out --sign",
        ) from None
    if not (usage.digital_signature or usage.content_commitment):
        raise UsageProblem(
            "the certificate for signing reports is not for signatures: its key usage names others only",
            "have one issued for digitalSignature or nonRepudiation, or leave out --sign",
        )
