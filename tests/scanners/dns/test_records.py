"""Reading DMARC, DKIM, CAA, MTA-STS and TLS report records."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from scanners.dns.caa import parse_issuer
from scanners.dns.dkim import DkimKey, parse_dkim
from scanners.dns.dmarc import DmarcRecord, domains_above, is_dmarc, parse_dmarc
from scanners.dns.record import RecordError, text_of
from scanners.dns.transport import (
    MtaStsPolicy,
    parse_mta_sts_policy,
    parse_mta_sts_record,
    parse_tls_report_record,
)


def spki(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    """Return a public key as a record carries it."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


RSA = spki(rsa.generate_private_key(65537, 2048).public_key())
ECDSA = spki(ec.generate_private_key(ec.SECP256R1()).public_key())
ED25519 = base64.b64encode(bytes(range(32))).decode()
POLICY = "version: STSv1\nmode: {mode}\nmx: surel.contoh.test\nmx: *.contoh.test\nmax_age: 604800\n"


def test_text_is_joined_and_what_is_not_printable_is_shown_as_such() -> None:
    assert text_of((b"v=spf1 ", b"-all")) == "v=spf1 -all"
    assert text_of((b"a\x00\x1b[31m\xff\x7f",)) == "a\ufffd\ufffd[31m\ufffd\ufffd"


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("v=DMARC1; p=reject", DmarcRecord("reject", "reject", 100, False)),
        ("v=DMARC1;p=None;sp=Quarantine;", DmarcRecord("none", "quarantine", 100, False)),
        ("v = DMARC1 ; p = reject ; pct = 7", DmarcRecord("reject", "reject", 7, False)),
        ("v=DMARC1; p=reject; rua=mailto:a@b.test!10m,x", DmarcRecord("reject", "reject", 100, True)),
        ("v=DMARC1; p=reject; rua=https://b.test/", DmarcRecord("reject", "reject", 100, False)),
        ("v=DMARC1; p=block; rua=mailto:a@b.test", DmarcRecord("none", "none", 100, True)),
        ("v=DMARC1; rua=mailto:a@b.test", DmarcRecord("none", "none", 100, True)),
    ],
)
def test_a_dmarc_record_is_read(text: str, record: DmarcRecord) -> None:
    assert is_dmarc(text)
    assert parse_dmarc(text) == record


@pytest.mark.parametrize(
    "text",
    [
        "v=DMARC1",
        "v=DMARC1; p=block",
        "p=reject; v=DMARC1",
        "v=DMARC1; p=reject; p=none",
        "v=DMARC1; p=reject; pct=101",
        "v=DMARC1; p=reject; pct=-1",
        "v=DMARC1; p=reject; pct=1e1",
        "v=DMARC1; p=reject; reject",
        "v=dmarc1; p=reject",
        "v=DMARC1; p=reject; x=" + "y" * 9000,
    ],
)
def test_a_malformed_dmarc_record_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        parse_dmarc(text)


@pytest.mark.parametrize(
    ("domain", "above"),
    [
        ("contoh.go.id", ()),
        ("dinkes.contoh.go.id", ("contoh.go.id",)),
        ("a.dinkes.contoh.go.id", ("dinkes.contoh.go.id", "contoh.go.id")),
        ("sukamaju.desa.id", ()),
        ("contoh.test", ()),
        ("www.contoh.test", ("contoh.test",)),
        ("test", ()),
    ],
)
def test_a_registry_never_speaks_for_a_domain(domain: str, above: tuple[str, ...]) -> None:
    assert domains_above(domain) == above


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"v=DKIM1; k=rsa; p={RSA}", DkimKey("rsa", 2048, False)),
        (f"p={RSA}", DkimKey("rsa", 2048, False)),
        (f"k=rsa; t=y:s; p={RSA[:50]} {RSA[50:]}", DkimKey("rsa", 2048, True)),
        (f"v=DKIM1; k=ed25519; p={ED25519}", DkimKey("ed25519", 256, False)),
        ("v=DKIM1; p=", DkimKey("revoked", 0, False)),
    ],
)
def test_a_dkim_key_is_read(text: str, key: DkimKey) -> None:
    assert parse_dkim(text) == key


@pytest.mark.parametrize("bits", [512, 768, 1024])
def test_short_rsa_keys_are_measured_too(bits: int) -> None:
    numbers = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) | 0x10001)
    try:
        text = spki(numbers.public_key())
    except ValueError:
        text = _rsa_spki(numbers.n)
    assert parse_dkim(f"p={text}").bits == bits


def _rsa_spki(modulus: int) -> str:
    """Return an RSA key in DER, written by hand because libraries refuse to make short ones."""

    def der(tag: int, body: bytes) -> bytes:
        length = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
        return bytes([tag]) + length + body

    number = der(2, b"\0" + modulus.to_bytes((modulus.bit_length() + 7) // 8, "big"))
    key = der(0x30, number + der(2, b"\1\0\1"))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return base64.b64encode(der(0x30, algorithm + der(3, b"\0" + key))).decode()


@pytest.mark.parametrize(
    "text",
    [
        "v=DKIM1; k=rsa",
        "v=DKIM2; p=" + RSA,
        "v=DKIM1; p=%%%",
        "v=DKIM1; p=AAAA",
        f"v=DKIM1; p={ECDSA}",
        f"v=DKIM1; k=ed25519; p={RSA}",
        f"v=DKIM1; k=rsa2; p={RSA}",
        "v=DKIM1; p=" + "A" * 9000,
    ],
)
def test_what_is_no_dkim_key_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        parse_dkim(text)


@pytest.mark.parametrize(
    ("value", "issuer"),
    [
        ("letsencrypt.org", "letsencrypt.org"),
        (" LetsEncrypt.org ; validationmethods=dns-01", "letsencrypt.org"),
        (";", ""),
        ("", ""),
    ],
)
def test_an_issuer_is_read(value: str, issuer: str) -> None:
    assert parse_issuer(value) == issuer


@pytest.mark.parametrize("value", ["a b", "%", ".org", "-a.test", "a..b", "a" * 9000, "\ufffd"])
def test_what_is_no_issuer_is_refused(value: str) -> None:
    with pytest.raises(RecordError):
        parse_issuer(value)


@pytest.mark.parametrize("mode", ["enforce", "testing", "none"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_policy_is_read(mode: str, line_end: str) -> None:
    text = POLICY.format(mode=mode).replace("\n", line_end)
    assert parse_mta_sts_policy(text) == MtaStsPolicy(mode, 604800, ("surel.contoh.test", "*.contoh.test"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>not found</html>",
        POLICY.format(mode="Enforce"),
        POLICY.format(mode="enforce").replace("STSv1", "STSv2"),
        POLICY.format(mode="enforce").replace("604800", "a week"),
        POLICY.format(mode="enforce").replace("*.contoh", "*.*.contoh"),
        "version: STSv1\nmode: enforce\nmax_age: 1\n",
        "version: STSv1\nmode: testing\nmode enforce\nmax_age: 1\nmx: a.test\n",
        POLICY.format(mode="enforce") + "x" * 70_000,
    ],
)
def test_a_malformed_policy_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        parse_mta_sts_policy(text)


def test_of_repeated_keys_the_first_counts() -> None:
    assert parse_mta_sts_policy("version: STSv1\nmode: none\nmode: enforce\nmax_age: 1\n").mode == "none"


def test_records_of_mta_sts_and_tls_reports_are_read() -> None:
    assert parse_mta_sts_record("v=STSv1; id=20261101T1;") == "20261101T1"
    assert parse_tls_report_record("v=TLSRPTv1;rua=mailto:a@b.test,https://b.test/x") == (
        "mailto:a@b.test",
        "https://b.test/x",
    )


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_mta_sts_record, "v=STSv1"),
        (parse_mta_sts_record, "v=STSv1; id="),
        (parse_mta_sts_record, "v=STSv1; id=" + "1" * 33),
        (parse_mta_sts_record, "id=1; v=STSv1"),
        (parse_tls_report_record, "v=TLSRPTv1"),
        (parse_tls_report_record, "v=TLSRPTv1; rua=a@b.test"),
        (parse_tls_report_record, "v=TLSRPTv1; rua=http://b.test"),
    ],
)
def test_other_records_are_refused(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(RecordError):
        parse(text)


PARSERS = (
    (parse_dmarc, "v=DMARC1; "),
    (parse_dkim, "v=DKIM1; k=rsa; p="),
    (parse_dkim, "k=ed25519; p="),
    (parse_issuer, ""),
    (parse_mta_sts_record, "v=STSv1; id="),
    (parse_mta_sts_policy, "version: STSv1\nmode: enforce\nmax_age: 1\nmx: "),
    (parse_tls_report_record, "v=TLSRPTv1; rua="),
)


@pytest.mark.parametrize(("parse", "start"), PARSERS)
@given(text=st.one_of(st.text(), st.binary(max_size=400).map(lambda data: base64.b64encode(data).decode())))
def test_no_text_makes_a_reader_raise_anything_else(
    parse: Callable[[str], object], start: str, text: str
) -> None:
    for whole in (text, start + text):
        with contextlib.suppress(RecordError):
            parse(whole)
