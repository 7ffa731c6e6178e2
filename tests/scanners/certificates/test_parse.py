"""Facts from the bytes of certificates: none, one, many, hostile and broken ones."""

from __future__ import annotations

import hashlib
import random
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import (
    OCSPCertStatus,
    OCSPResponderEncoding,
    OCSPResponseBuilder,
    OCSPResponseStatus,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID

from scanners.certificates.facts import OBSERVED
from scanners.certificates.parse import MAXIMUM_NAMES, Chain, parse
from scanners.certificates.stores import load_store
from scanners.certificates.trust import Anchors, TrustStore
from tests.scanners.tls.servers import NOW, Identity, issue, rsa_key

ROOT = issue("root", authority=True)
INTERMEDIATE = issue("intermediate", ROOT, authority=True)
NAMES = ("dinkes.lab.test", "*.dinkes.lab.test", "127.20.1.10")
LEAF = issue(
    "dinkes.lab.test",
    INTERMEDIATE,
    key=rsa_key(),
    names=NAMES,
    extensions=(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),),
)
STORE = TrustStore("test store", Anchors((ROOT.certificate,)))


def record(
    *sent: Identity | bytes, asked: str | None = "dinkes.lab.test", staple: bytes | None = None
) -> Any:
    """Return the one record about a chain."""
    ders = tuple(each if isinstance(each, bytes) else each.der for each in sent)
    facts: Any = parse([Chain(ders, staple)], asked, STORE, NOW)
    (only,) = facts["certificates.deployments"]
    return only


def test_no_certificate_gives_no_record() -> None:
    assert parse([], None, STORE, NOW) == {"certificates.deployments": []}
    assert parse([Chain(())], None, STORE, NOW) == {"certificates.deployments": []}


def test_a_good_certificate_gives_every_fact() -> None:
    facts = record(LEAF, INTERMEDIATE, staple=b"not a response")
    assert set(facts) == {spec.name for spec in OBSERVED}
    expected = {
        "subject": "CN=dinkes.lab.test",
        "issuer": "CN=intermediate",
        "sha256": hashlib.sha256(LEAF.der).hexdigest(),
        "names": list(NAMES),
        "name_asked": "dinkes.lab.test",
        "name_matches": True,
        "not_before": "2026-10-23T00:00:00Z",
        "not_after": "2027-01-21T00:00:00Z",
        "lifetime_days": 90,
        "key_type": "RSA",
        "key_bits": 2048,
        "signature_hash": "SHA256",
        "self_signed": False,
        "trusted": True,
        "trust_store": "test store",
        "chain_length": 2,
        "chain_complete": True,
        "chain_expired": [],
        "chain_sha1": False,
        "wildcard": True,
        "server_auth": True,
        "ocsp_stapled": True,
    }
    for name, value in expected.items():
        assert facts[f"certificate.{name}"] == value, name


def test_null_means_observed_to_be_absent() -> None:
    facts = record(issue("bare"), asked=None)
    assert facts["certificate.name_asked"] is None
    assert facts["certificate.name_matches"] is None
    assert facts["certificate.server_auth"] is None
    assert facts["certificate.chain_complete"] is None
    assert facts["certificate.names"] == []
    assert facts["certificate.self_signed"] is True


def test_the_common_name_does_not_count() -> None:
    assert record(issue("dinkes.lab.test"))["certificate.name_matches"] is False


def test_an_address_asked_for_is_compared_with_addresses() -> None:
    assert record(LEAF, asked="127.20.1.10")["certificate.name_matches"] is True
    assert record(LEAF, asked="127.20.1.11")["certificate.name_matches"] is False


def test_a_purpose_that_is_not_serving_is_seen() -> None:
    mail = issue("mail", extensions=(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]),))
    anything = issue("any", extensions=(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]),))
    assert record(mail)["certificate.server_auth"] is False
    assert record(anything)["certificate.server_auth"] is True


def test_an_expired_intermediate_is_named_but_a_root_is_not() -> None:
    ended = {"begins": NOW - timedelta(days=9), "ends": NOW - timedelta(days=1)}
    old = issue("old", ROOT, authority=True, **ended)
    old_root = issue("old root", authority=True, **ended)
    facts = record(issue("leaf", old), old, old_root)
    assert facts["certificate.chain_expired"] == ["CN=old"]
    assert facts["certificate.trusted"] is True


def test_each_kind_of_key_has_its_name_and_bits() -> None:
    curve = record(issue("ec", key=ec.generate_private_key(ec.SECP384R1())))
    assert (curve["certificate.key_type"], curve["certificate.key_bits"]) == ("EC", 384)


def test_one_record_for_each_key_type_and_each_leaf() -> None:
    chains = [Chain((each.der,)) for each in (LEAF, LEAF, INTERMEDIATE, issue("other", key=rsa_key()))]
    records: Any = parse(chains, None, STORE, NOW)["certificates.deployments"]
    assert [each["certificate.key_type"] for each in records] == ["RSA", "EC"]
    assert records[0]["certificate.subject"] == "CN=dinkes.lab.test"


def test_ten_thousand_names_are_all_compared_and_the_first_are_listed() -> None:
    names = tuple(f"n{number}.lab.test" for number in range(10_000))
    facts = record(issue("many", names=names), asked="n9999.lab.test")
    assert facts["certificate.name_matches"] is True
    assert len(facts["certificate.names"]) == MAXIMUM_NAMES + 1
    assert facts["certificate.names"][-1] == "… +9500"


def test_a_chain_of_a_thousand_is_counted_and_cut() -> None:
    facts = record(LEAF, *[INTERMEDIATE] * 1_000)
    assert facts["certificate.chain_length"] == 1_001
    assert facts["certificate.trusted"] is True


def test_a_hostile_name_stays_text_of_bounded_length() -> None:
    hostile = issue('<script>="+x"\x1b[2J\0' + "A" * 40)
    assert "script" in record(hostile)["certificate.subject"]
    attributes = [x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, "B" * 60) for _ in range(100)]
    builder = x509.CertificateBuilder().subject_name(x509.Name(attributes)).issuer_name(x509.Name(attributes))
    builder = builder.public_key(rsa_key().public_key()).serial_number(1).not_valid_before(NOW)
    wide = builder.not_valid_after(NOW).sign(rsa_key(), hashes.SHA256())
    facts = record(wide.public_bytes(Encoding.DER))
    assert len(facts["certificate.subject"]) <= 1_001


@pytest.mark.parametrize("garbage", [b"", b"\x30", b"\x30\x82\xff\xff", b"not a certificate", LEAF.der[:300]])
def test_an_unreadable_leaf_claims_nothing_about_itself(garbage: bytes) -> None:
    facts = record(garbage, INTERMEDIATE)
    assert facts["certificate.sha256"] == hashlib.sha256(garbage).hexdigest()
    for name in ("trusted", "name_matches", "not_after", "key_bits", "self_signed"):
        assert f"certificate.{name}" not in facts


def test_an_unreadable_intermediate_leaves_the_chain_unknown() -> None:
    facts = record(LEAF, b"garbage")
    assert "certificate.trusted" not in facts
    assert "certificate.chain_complete" not in facts
    assert "certificate.chain_expired" not in facts
    assert facts["certificate.name_matches"] is True


def test_an_unreadable_stranger_does_not_hide_a_trusted_way() -> None:
    assert record(LEAF, INTERMEDIATE, b"garbage")["certificate.trusted"] is True


def test_an_empty_subject_is_a_subject() -> None:
    nameless = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(nameless).issuer_name(ROOT.certificate.subject)
    builder = builder.public_key(rsa_key().public_key()).serial_number(1).not_valid_before(NOW)
    leaf = builder.not_valid_after(NOW).sign(ROOT.key, hashes.SHA256()).public_bytes(Encoding.DER)
    facts = record(leaf)
    assert facts["certificate.subject"] == ""
    assert facts["certificate.trusted"] is True
    assert record(LEAF, leaf, INTERMEDIATE)["certificate.chain_expired"] == []


@pytest.mark.parametrize("string_type", [b"\xd0", b"\x03"], ids=["undefined", "not for a common name"])
@pytest.mark.filterwarnings("error")
def test_a_name_of_an_odd_string_type_is_not_observed(string_type: bytes) -> None:
    odd = LEAF.der.replace(b"\x0c\x0fdinkes.lab.test", string_type + b"\x0f\0inkes.lab.test")
    assert odd != LEAF.der
    facts = record(odd, INTERMEDIATE)
    assert "certificate.subject" not in facts
    assert facts["certificate.name_matches"] is True


def test_mutated_certificates_never_break_the_parser() -> None:
    chance = random.Random(20261122)
    vocabulary = {spec.name for spec in OBSERVED}
    for _ in range(1_500):
        leaf, other = bytearray(LEAF.der), bytearray(INTERMEDIATE.der)
        for der in (leaf, other):
            for _ in range(chance.randint(0, 3)):
                der[chance.randrange(len(der))] = chance.randrange(256)
            if chance.random() < 0.1:
                del der[chance.randrange(len(der)) :]
        assert set(record(bytes(leaf), bytes(other))) <= vocabulary


def test_roots_of_every_age_and_shape_are_read() -> None:
    store = load_store()
    chains = [Chain((each.public_bytes(Encoding.DER),)) for each in store.public.certificates]
    for chain in chains:
        facts: Any = parse([chain], None, store, NOW)["certificates.deployments"]
        assert facts[0]["certificate.trusted"] is True
        assert facts[0]["certificate.key_type"] in ("RSA", "EC")


def responder(*methods: x509.ObjectIdentifier) -> x509.AuthorityInformationAccess:
    """Return the extension that names where to ask about a certificate."""
    location = x509.UniformResourceIdentifier("http://ocsp.lab.test/")
    return x509.AuthorityInformationAccess([x509.AccessDescription(each, location) for each in methods])


def test_an_ocsp_responder_counts_and_a_certificate_of_the_issuer_does_not() -> None:
    asked = record(issue("a", extensions=(responder(AuthorityInformationAccessOID.OCSP),)))
    other = record(issue("b", extensions=(responder(AuthorityInformationAccessOID.CA_ISSUERS),)))
    assert asked["certificate.ocsp_url"] is True
    assert other["certificate.ocsp_url"] is False
    assert record(LEAF)["certificate.ocsp_url"] is False


def staple(
    about: Identity = LEAF,
    status: OCSPCertStatus = OCSPCertStatus.GOOD,
    begins: int = -1,
    ends: int | None = 3,
) -> bytes:
    """Return a response about a certificate, current from and to so many days from now."""
    revoked = NOW if status is OCSPCertStatus.REVOKED else None
    builder = OCSPResponseBuilder().add_response(
        about.certificate,
        INTERMEDIATE.certificate,
        hashes.SHA256(),
        status,
        NOW + timedelta(days=begins),
        None if ends is None else NOW + timedelta(days=ends),
        revoked,
        None,
    )
    signed = builder.responder_id(OCSPResponderEncoding.HASH, INTERMEDIATE.certificate).sign(
        INTERMEDIATE.key, hashes.SHA256()
    )
    return signed.public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("response", "good"),
    [
        (None, None),
        (staple(), True),
        (staple(ends=None), True),
        (staple(begins=-9, ends=-1), False),
        (staple(begins=1), False),
        (staple(status=OCSPCertStatus.REVOKED), False),
        (staple(status=OCSPCertStatus.UNKNOWN), False),
        (staple(about=INTERMEDIATE), False),
        (
            OCSPResponseBuilder.build_unsuccessful(OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER),
            False,
        ),
        (b"not a response", False),
        (staple()[:-40], False),
    ],
    ids=[
        "none",
        "good",
        "endless",
        "ended",
        "future",
        "revoked",
        "unknown",
        "another",
        "later",
        "junk",
        "cut",
    ],
)
def test_a_stapled_response_is_good_or_not(response: bytes | None, good: bool | None) -> None:
    facts = record(LEAF, INTERMEDIATE, staple=response)
    assert facts["certificate.ocsp_good"] is good
    assert facts["certificate.ocsp_stapled"] is (response is not None)


def test_embedded_timestamps_are_counted() -> None:
    # Two timestamps (RFC 6962, 3.3) within an octet string: version, log, time, no extensions, signature.
    one = bytes(1) + bytes(32) + bytes(8) + b"\x00\x00" + b"\x04\x03\x00\x02xx"
    listed = (len(one).to_bytes(2, "big") + one) * 2
    content = len(listed).to_bytes(2, "big") + listed
    oid = ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS
    extension = x509.UnrecognizedExtension(oid, b"\x04" + bytes([len(content)]) + content)
    assert record(issue("logged", extensions=(extension,)))["certificate.scts"] == 2
    assert record(LEAF)["certificate.scts"] == 0


def test_trust_by_the_own_authority_is_not_public() -> None:
    own = TrustStore("own", Anchors(), Anchors((ROOT.certificate,)))
    facts: Any = parse([Chain((LEAF.der, INTERMEDIATE.der))], None, own, NOW)
    (only,) = facts["certificates.deployments"]
    assert only["certificate.trusted"] is True
    assert only["certificate.publicly_trusted"] is False
    assert record(LEAF, INTERMEDIATE)["certificate.publicly_trusted"] is True
    assert record(issue("stranger"))["certificate.publicly_trusted"] is False
