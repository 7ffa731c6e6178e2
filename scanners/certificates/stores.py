"""Read the trust stores that certificates are tried against."""

from __future__ import annotations

import hashlib
import re
import ssl
import warnings
from functools import cache
from pathlib import Path

import certifi
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import Certificate

from scanners.certificates.parse import load_readable
from scanners.certificates.trust import Anchors, TrustStore

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")


def load_store(anchors: Path | None = None) -> TrustStore:
    """Return Mozilla's store as packaged by certifi, with the organisation's own CA from a PEM file.

    Raise OSError when a file cannot be read, ValueError when the own file holds no certificate.
    """
    description = f"Mozilla (certifi {certifi.__version__})"
    if anchors is None:
        return TrustStore(description, _public())
    content = anchors.read_text(encoding="utf-8")
    own = _certificates(content)
    if not own:
        raise ValueError(f"{anchors} holds no certificate in PEM form")
    digest = hashlib.sha256(content.encode()).hexdigest()
    description += f" + {anchors.name} (SHA-256 {digest[:16]})"
    return TrustStore(description, _public(), Anchors(tuple(own)))


@cache
def _public() -> Anchors:
    return Anchors(tuple(_certificates(Path(certifi.where()).read_text(encoding="utf-8"))))


def _certificates(text: str) -> list[Certificate]:
    """Return the readable certificates of a PEM text; one odd root does not spoil the rest."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        found = [load_readable(ssl.PEM_cert_to_DER_cert(block)) for block in _PEM.findall(text)]
    return [certificate for certificate in found if certificate is not None]
