"""Sign the PDF of reports with a key of the organisation (PAdES, ETSI EN 319 142-1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from auditor.model.report_signature import ReportSignature
from auditor.usecases.credentials import Ask, SecretProblem, nobody, open_secret
from auditor.usecases.errors import UsageProblem
from auditor.usecases.signing_key import refuse_unfit
from reports.formats.base import RenderedFile

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

FIELD = "TilikSignature"

Finish = Callable[[RenderedFile], RenderedFile]
"""What is done to each file before it is written."""


def pdf_signer(rules: ReportSignature | None, now: datetime, ask: Ask = nobody) -> Finish:
    """Return what signs every PDF and leaves other files as they are; the key is opened here, once.

    The signature is invisible and covers the whole file: any later change of a byte shows. Raise UsageProblem
    where nobody is named, where the key cannot be opened, or where it or its certificate is unfit at `now`.
    """
    if rules is None:
        raise UsageProblem(
            "the policy names nobody who signs reports",
            "write reports: {signature: {pkcs12: {file: /PATH.p12}}} in policies.yaml",
        )
    signer = _opened(rules, now, ask)

    def sign(file: RenderedFile) -> RenderedFile:
        if not file.name.endswith(".pdf"):
            return file
        return RenderedFile(file.name, file.media_type, _signed(file.content, signer, rules))

    return sign


def _opened(rules: ReportSignature, now: datetime, ask: Ask) -> SimpleSigner:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.sign.signers import SimpleSigner

    try:
        content = open_secret(rules.pkcs12, ask)
        passphrase = open_secret(rules.passphrase, ask).strip() if rules.passphrase else None
    except SecretProblem as problem:
        raise UsageProblem(f"reports cannot be signed: {problem}", "mend that, or leave out --sign") from None
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(content, passphrase)
    except UnsupportedAlgorithm:
        raise UsageProblem(
            "the file for signing reports holds a key, or is closed in a way, that is not known here",
            "export it again: openssl pkcs12 -export -inkey KEY -in CERTIFICATE -out FILE.p12",
        ) from None
    except ValueError:
        raise UsageProblem(
            "the file for signing reports cannot be opened: no PKCS#12, or another passphrase",
            "correct pkcs12 and passphrase under reports.signature in policies.yaml",
        ) from None
    if key is None or certificate is None:
        raise UsageProblem(
            "the file for signing reports holds no key with its certificate",
            "export both: openssl pkcs12 -export -inkey KEY -in CERTIFICATE -out FILE.p12",
        )
    refuse_unfit(key, certificate, now)
    signer: SimpleSigner = SimpleSigner.load_pkcs12_data(content, (), passphrase)
    return signer


def _signed(content: bytes, signer: SimpleSigner, rules: ReportSignature) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

    told = PdfSignatureMetadata(
        field_name=FIELD,
        reason=rules.reason or None,
        location=rules.location or None,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
    )
    written = sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), told, signer=signer)
    return bytes(written.getvalue())
