"""Shapes of TLS service, in OpenSSL's words, with the findings that each of them is known to have."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import dh
from cryptography.hazmat.primitives.serialization import Encoding, ParameterFormat


@dataclass(frozen=True, slots=True)
class TlsShape:
    """Protocols (OpenSSL names without blanks), cipher list of TLS 1.2 and older, curves, and DH group."""

    protocols: tuple[str, ...] = ("TLSv1.2", "TLSv1.3")
    ciphers: str = (
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    )
    curves: str = "X25519:prime256v1"
    weak_dh: bool = False
    fails: tuple[str, ...] = ()


STRONG = TlsShape()
STRONG_LEVEL_0 = TlsShape(ciphers=STRONG.ciphers + ":@SECLEVEL=0")
"""The same suites, with a security level that lets OpenSSL load weak certificates."""
USUAL = TlsShape(
    ciphers="HIGH:!aNULL:!MD5:@SECLEVEL=0",
    fails=("tls-forward-secrecy-only", "tls-aead-only"),
)
"""nginx's own default list: static RSA and CBC are in it."""
LEGACY = TlsShape(
    protocols=("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
    ciphers="ALL:!aNULL:!eNULL:@SECLEVEL=0",
    weak_dh=True,
    fails=(
        "tls-1-0-refused",
        "tls-1-1-refused",
        "tls-forward-secrecy-only",
        "tls-aead-only",
        "tls-dh-group-strong",
    ),
)
ODD = TlsShape(
    protocols=("TLSv1.2",),
    ciphers="ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-NULL-SHA:@SECLEVEL=0",
    curves="prime192v1:prime256v1",
    fails=(
        "tls-1-3-offered",
        "tls-unauthenticated-ciphers-refused",
        "tls-aead-only",
        "tls-curve-strong",
    ),
)

_OAKLEY_GROUP_2 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)
"""The 1024-bit prime of RFC 2409, section 6.2."""


def weak_dh_pem() -> bytes:
    """Return DH parameters of 1024 bits."""
    return (
        dh.DHParameterNumbers(_OAKLEY_GROUP_2, 2)
        .parameters()
        .parameter_bytes(Encoding.PEM, ParameterFormat.PKCS3)
    )
