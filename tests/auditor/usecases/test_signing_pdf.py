"""PDF of reports are signed with a key of the organisation, and any change afterwards shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
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
Key = (
    rsa.RSAPrivateKey
    | dsa.DSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
)
Issued = tuple[Key, x509.Certificate]
PAGE = b'<!DOCTYPE html><html lang="id"><head><title>Kartu</title></head><body><h1>Kartu</h1></body></html>'


@pytest.fixture(scope="module")
def page() -> RenderedFile:
    return RenderedFile("kartu.pdf", "application/pdf", print_pdf(PAGE, Imprint(NOW)))


SIGNS = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
COMMITS = x509.KeyUsage(False, True, False, False, False, False, False, False, False)
ENCRYPTS = x509.KeyUsage(False, False, True, False, False, False, False, False, False)


def issue(key: Key, *extensions: tuple[x509.ExtensionType, bool]) -> Issued:
    """Return a key with a certificate that it signed for itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dinas Kominfo Kabupaten Contoh")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(7).not_valid_before(NOW - timedelta(days=1))
    built = built.not_valid_after(NOW + timedelta(days=30))
    for extension, critical in extensions:
        built = built.add_extension(extension, critical)
    bare = isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey)
    return key, built.sign(key, None if bare else hashes.SHA256())


@pytest.fixture(scope="module")
def issued() -> Issued:
    usage = x509.KeyUsage(True, True, False, False, False, True, False, False, False)
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    return issue(ec.generate_private_key(ec.SECP256R1()), (usage, True), (constraints, True))


def p_521() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP521R1())


def rules(folder: Path, issued: Issued, passphrase: str = "rahasia") -> ReportSignature:
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
    tmp_path: Path, page: RenderedFile, issued: Issued
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
    tmp_path: Path, page: RenderedFile, issued: Issued
) -> None:
    assert pdf_signer(rules(tmp_path, issued), NOW)(page).content.startswith(page.content)


def test_a_changed_byte_is_found(tmp_path: Path, page: RenderedFile, issued: Issued) -> None:
    content = bytearray(pdf_signer(rules(tmp_path, issued), NOW)(page).content)
    place = content.index(b"/Lang (id)") + len(b"/Lang (")
    content[place : place + 2] = b"en"
    status = checked(bytes(content), issued[1])
    assert not status.intact
    assert not status.bottom_line


def test_what_is_appended_is_found(tmp_path: Path, page: RenderedFile, issued: Issued) -> None:
    from pypdf import PdfWriter

    signed = pdf_signer(rules(tmp_path, issued), NOW)(page)
    writer = PdfWriter(BytesIO(signed.content), incremental=True)
    writer.add_blank_page(200, 200)
    changed = BytesIO()
    writer.write(changed)
    assert not checked(changed.getvalue(), issued[1]).bottom_line


def test_other_files_are_left_as_they_are(tmp_path: Path, issued: Issued) -> None:
    file = RenderedFile("kartu.html", "text/html", PAGE)
    assert pdf_signer(rules(tmp_path, issued), NOW)(file) is file


def test_a_wrong_passphrase_is_told_without_it(tmp_path: Path, issued: Issued) -> None:
    with pytest.raises(UsageProblem, match="another passphrase") as told:
        pdf_signer(rules(tmp_path, issued, "salah-sandi"), NOW)
    assert "salah-sandi" not in f"{told.value.problem} {told.value.next_step}"


def test_a_key_that_others_may_read_is_refused(tmp_path: Path, issued: Issued) -> None:
    wanted = rules(tmp_path, issued)
    (tmp_path / "key.p12").chmod(0o644)
    with pytest.raises(UsageProblem, match="chmod 600"):
        pdf_signer(wanted, NOW)


def test_a_certificate_that_ended_signs_nothing(tmp_path: Path, issued: Issued) -> None:
    with pytest.raises(UsageProblem, match="holds from"):
        pdf_signer(rules(tmp_path, issued), NOW + timedelta(days=60))


def test_without_a_name_in_the_policy_nothing_is_signed() -> None:
    with pytest.raises(UsageProblem, match="names nobody"):
        pdf_signer(None, NOW)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "RSA of 1024 bits"),
        (lambda: dsa.generate_private_key(2048), "DSA"),
        (lambda: ec.generate_private_key(ec.SECP192R1()), "secp192r1"),
        (lambda: ec.generate_private_key(ec.SECP256K1()), "secp256k1"),
        (ed25519.Ed25519PrivateKey.generate, "Ed25519"),
        (ed448.Ed448PrivateKey.generate, "Ed448"),
    ],
)
def test_a_key_that_readers_do_not_trust_is_refused_before_anything_is_signed(
    tmp_path: Path, make: Callable[[], Key], told: str
) -> None:
    with pytest.raises(UsageProblem, match=told) as caught:
        pdf_signer(rules(tmp_path, issue(make())), NOW)
    assert "RSA key of 2048 bits" in caught.value.next_step


@pytest.mark.parametrize("make", [lambda: rsa.generate_private_key(65537, 2048), p_521])
def test_keys_that_are_taken_sign(tmp_path: Path, page: RenderedFile, make: Callable[[], Key]) -> None:
    made = issue(make(), (COMMITS, True))
    status = checked(pdf_signer(rules(tmp_path, made), NOW)(page).content, made[1])
    assert (status.intact, status.valid) == (True, True)


@pytest.mark.parametrize("critical", [True, False])
def test_a_certificate_for_other_uses_signs_nothing(tmp_path: Path, critical: bool) -> None:
    made = issue(p_521(), (ENCRYPTS, critical))
    with pytest.raises(UsageProblem, match="not for signatures") as caught:
        pdf_signer(rules(tmp_path, made), NOW)
    assert "digitalSignature or nonRepudiation" in caught.value.next_step


@pytest.mark.parametrize("usage", [SIGNS, COMMITS])
def test_a_certificate_for_either_kind_of_signature_is_taken(tmp_path: Path, usage: x509.KeyUsage) -> None:
    pdf_signer(rules(tmp_path, issue(p_521(), (usage, True))), NOW)


def test_a_certificate_whose_extensions_cannot_be_read_is_refused(tmp_path: Path) -> None:
    broken = x509.UnrecognizedExtension(x509.KeyUsage.oid, b"\x04\x01x")
    with pytest.raises(UsageProblem, match="cannot be read"):
        pdf_signer(rules(tmp_path, issue(p_521(), (broken, True))), NOW)
