"""Certificates and OCSP responses as a server sends them."""

from __future__ import annotations

import functools
import ssl
from datetime import UTC, datetime

from fuzz.target import Target
from scanners.certificates.parse import Chain, parse
from scanners.certificates.stores import load_store
from scanners.certificates.trust import TrustStore

SPLIT = b"\xff\x00DER\x00\xff"
"""Stands between certificates; the last part is the OCSP response."""
_NOW = datetime(2026, 11, 22, tzinfo=UTC)


@functools.cache
def _store() -> TrustStore:
    return load_store()


def _certificates(data: bytes) -> None:
    *chain, staple = data.split(SPLIT)[:8]
    facts = parse([Chain(tuple(chain) or (staple,), staple or None)], "web.lab.test", _store(), _NOW)
    assert set(facts) == {"certificates.deployments"}


def _seeds() -> list[bytes]:
    from fuzz.target import files

    ders = [
        ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN") : text.index("-----END") + 25])
        for text in (data.decode() for data in files("benchmarks/agreement/fixtures", "*.openssl"))
        if "-----BEGIN CERTIFICATE" in text
    ]
    return [*ders, SPLIT.join([*ders[:2], b""])]


TARGETS = (Target("certificates", _certificates, (), _seeds),)
