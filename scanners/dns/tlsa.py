"""Judge a TLSA record of a mail host (RFC 6698; RFC 7672). Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import InvalidVersion, load_der_x509_certificate

_TRUST_ANCHOR, _END_ENTITY = 2, 3
_WHOLE, _KEY = 0, 1
_DIGEST_BYTES = {1: 32, 2: 64}


@dataclass(frozen=True, slots=True)
class Association:
    """The four fields of a record."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @property
    def usable(self) -> bool:
        """Say whether a mail server may use it: DANE-TA or DANE-EE, known fields, a digest of its length."""
        if self.usage not in (_TRUST_ANCHOR, _END_ENTITY) or self.selector not in (_WHOLE, _KEY):
            return False
        return self.matching == 0 or _DIGEST_BYTES.get(self.matching) == len(self.data)

    def matches(self, certificate: bytes) -> bool | None:
        """Say whether the record names a server's certificate (DER); null where that alone cannot tell.

        A record of usage 2 names an issuer, which the server's own certificate does not show.
        """
        if not self.usable:
            return False
        selected = certificate if self.selector == _WHOLE else _public_key(certificate)
        if selected is None:
            return None
        if self.matching:
            selected = hashlib.new("sha256" if self.matching == 1 else "sha512", selected).digest()
        if selected == self.data:
            return True
        return False if self.usage == _END_ENTITY else None


def _public_key(certificate: bytes) -> bytes | None:
    try:
        key = load_der_x509_certificate(certificate).public_key()
    except (ValueError, InvalidVersion, UnsupportedAlgorithm):
        return None
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
