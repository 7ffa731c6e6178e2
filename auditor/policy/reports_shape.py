"""What policies.yaml may say of how reports are signed."""

from __future__ import annotations

from pydantic import Field

from auditor.documents.secrets import SecretShape, secret_reference
from auditor.documents.shape import Shape
from auditor.documents.words import Line
from auditor.model.report_signature import ReportSignature


class SignatureShape(Shape):
    """A signature in PDF."""

    pkcs12: SecretShape = Field(
        description="Where key and certificate lie, as PKCS#12.",
        examples=[{"file": "/etc/tilik/signature.p12"}],
    )
    passphrase: SecretShape | None = Field(
        None, description="Where its passphrase lies.", examples=[{"systemd": "signature-passphrase"}]
    )
    reason: Line | None = Field(
        None, description="Why it is signed, as readers see it.", examples=["Laporan hasil audit"]
    )
    location: Line | None = Field(None, description="Where it is signed.", examples=["Kabupaten Contoh"])


class ReportsShape(Shape):
    """How reports are signed."""

    signature: SignatureShape | None = Field(
        description="Who signs PDF, with: auditor report --sign; null: nobody.", examples=["null"]
    )


def to_signature(shape: ReportsShape) -> ReportSignature | None:
    """Return who signs PDF, None for nobody."""
    found = shape.signature
    if found is None:
        return None
    return ReportSignature(
        pkcs12=secret_reference(found.pkcs12),
        passphrase=secret_reference(found.passphrase) if found.passphrase else None,
        reason=found.reason or "",
        location=found.location or "",
    )
