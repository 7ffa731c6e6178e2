"""Shapes of TLS service, in OpenSSL's words, with the findings that each of them is known to have."""

from __future__ import annotations

from dataclasses import dataclass


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
MODERN = TlsShape(protocols=("TLSv1.3",))
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

WEAK_DH_PEM = b"""\
-----BEGIN DH PARAMETERS-----
MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
-----END DH PARAMETERS-----
"""
"""DH parameters with the 1024-bit prime of RFC 2409, section 6.2."""
