"""PDF of reports are signed with a key of the organisation, and any change afterwards shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from auditor.model.host_access import SecretReference, SecretSource
from auditor.model.report_signature import ReportSignature
from auditor.usecases.errors import UsageProblem
from auditor.usecases.signing_pdf import pdf_signer
from reports.formats.base import RenderedFile
from reports.pdf import Imprint, print_pdf

NOW = datetime.now(UTC)
PAGE = b'<!DOCTYPE html><html lang="id"><head><title>Kartu</title></head><body><h1>Kartu</h1></body></html>'


@pytest.fixture(scope="module")
def page() -> RenderedFile:
    return RenderedFile("kartu.pdf", "application/pdf", print_pdf(PAGE, Imprint(NOW)))


@pytest.fixture(scope="module")
def issued() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dinas Kominfo Kabupaten Contoh")])
    usage = x509.KeyUsage(True, True, False, False, False, True, False, False, False)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(7).not_valid_before(NOW - timedelta(days=1))
    built = built.not_valid_after(NOW + timedelta(days=30)).add_extension(usage, critical=True)
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    return key, built.add_extension(constraints, critical=True).sign(key, hashes.SHA256())


def rules(
    folder: Path, issued: tuple[ec.EllipticCurvePrivateKey, x509.Certificate], passphrase: str = "rahasia"
) -> ReportSignature:
    """Return rules whose file is closed with "rahasia" and whose passphrase is written as `passphrase`."""
    key, certificate = issued
    content = pkcs12.serialize_key_and_certificates(
        b"tilik", key, certificate, None, BestAvailableEncryption(b"rahasia")
    )
    references = []
    for name, written in (("key.p12", content), ("passphrase", passphrase.encode() + b"\n")):
        (folder / name).write_bytes(written)
        (folder / name).chmod(0o600)
        references.append(SecretReference(SecretSource.FILE, str(folder / name)))
    return ReportSignature(references[0], references[1], "Laporan hasil audit", "Kabupaten Contoh")


def checked(content: bytes, certificate: x509.Certificate) -> PdfSignatureStatus:
    from cryptography.hazmat.primitives.serialization import Encoding

    trusted = Asn1Certificate.load(certificate.public_bytes(Encoding.DER))
    (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[trusted]))


def test_a_signature_covers_the_whole_file_and_says_why_and_where(
    tmp_path: Path, page: RenderedFile, issued: tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
) -> None:
    signed = pdf_signer(rules(tmp_path, issued), NOW)(page)
    status = checked(signed.content, issued[1])
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.bottom_line
    (field,) = PdfReader(BytesIO(signed.content)).get_fields().values()  # type: ignore[union-attr]
    told = field["/V"]
    assert (told["/Reason"], told["/Location"]) == ("Laporan hasil audit", "Kabupaten Contoh")
    assert told["/SubFilter"] == "/ETSI.CAdES.detached"


def test_the_page_before_the_signature_stays_as_it_was(
    tmp_path: Path, page: RenderedFile, issued: tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
) -> None:
    assert pdf_signer(rules(tmp_path, issued), NOW)(page).content.startswith(page.content)


def test_a_changed_byte_is_found(
    tmp_path: Path, page: RenderedFile, issued: tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
) -> None:
    content = bytearray(pdf_signer(rules(tmp_path, issued), NOW)(page).content)
    place = content.index(b"/Lang (id)") + len(b"/Lang (")
    content[place : place + 2] = b"en"
    status = checked(bytes(content), issued[1])
    assert not status.intact
    assert not status.bottom_line


def test_what_is_appended_is_found(
    tmp_path: Path, page: RenderedFile, issued: tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
) -> None:
    from pypdf import PdfWriter

    signed = pdf_signer(rules(tmp_path, issued), NOW)(page)
    writer = PdfWriter(BytesIO(signed.content), incremental=True)
    writer.add_blank_page(200, 200)
    changed = BytesIO()
    writer.write(changed)
    assert not checked(changed.getvalue(), issued[1]).bottom_line


def test_other_files_are_left_as_they_are(
    tmp_path: Path, issued: tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
) -> None:
    file = RenderedFile("kartu.html", "text/html", PAGE)
    assert pdf_signer(rules(tmp_path, issued), NOW)(file) is file


def test_a_wrong_passphrase_is_told_without_it(
    tmp_path: Path, issued: tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
) -> None:
    with pytest.raises(UsageProblem, match="another passphrase") as told:
        pdf_signer(rules(tmp_path, issued, "salah-sandi"), NOW)
    assert "salah-sandi" not in f"{told.value.problem} {told.value.next_step}"


def test_a_key_that_others_may_read_is_refused(
    tmp_path: Path, issued: tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
) -> None:
    wanted = rules(tmp_path, issued)
    (tmp_path / "key.p12").chmod(0o644)
    with pytest.raises(UsageProblem, match="chmod 600"):
        pdf_signer(wanted, NOW)


def test_a_certificate_that_ended_signs_nothing(
    tmp_path: Path, issued: tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
) -> None:
    with pytest.raises(UsageProblem, match="holds from"):
        pdf_signer(rules(tmp_path, issued), NOW + timedelta(days=60))


def test_without_a_name_in_the_policy_nothing_is_signed() -> None:
    with pytest.raises(UsageProblem, match="names nobody"):
        pdf_signer(None, NOW)
