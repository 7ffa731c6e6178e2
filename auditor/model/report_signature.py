"""Who signs the PDF of reports, and what the signature says."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model.host_access import SecretReference


@dataclass(frozen=True, slots=True)
class ReportSignature:
    """A key with its certificate as PKCS#12, by reference, and the words that readers of it see."""

    pkcs12: SecretReference
    passphrase: SecretReference | None = None
    reason: str = ""
    location: str = ""
