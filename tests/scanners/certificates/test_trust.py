"""Ways from a certificate to a store, and the ones that must not be found."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.oid import ExtendedKeyUsageOID

from scanners.certificates.stores import load_store
from scanners.certificates.trust import Anchors, Trust, TrustStore, judge
from tests.scanners.tls.servers import NOW, Identity, issue, rsa_key

ROOT = issue("root", authority=True)
INTERMEDIATE = issue("intermediate", ROOT, authority=True)
LEAF = issue("leaf", INTERMEDIATE)


def trust(leaf: Identity, *sent: Identity, anchors: tuple[Identity, ...] = (ROOT,)) -> Trust:
    """Judge a leaf against a store of these anchors."""
    store = TrustStore("test", Anchors(tuple(anchor.certificate for anchor in anchors)))
    return judge(leaf.certificate, [identity.certificate for identity in sent], store)


def test_a_whole_chain_is_trusted() -> None:
    assert trust(LEAF, INTERMEDIATE) == Trust(True, True, public=True)


def test_the_order_and_strangers_among_the_certificates_sent_do_not_matter() -> None:
    assert trust(LEAF, issue("stranger"), ROOT, INTERMEDIATE) == Trust(True, True, public=True)


def test_a_lone_leaf_of_an_unknown_issuer_gives_no_answer_about_its_chain() -> None:
    assert trust(LEAF) == Trust(False, None)


def test_an_intermediate_known_to_the_store_but_not_sent_is_trusted_and_incomplete() -> None:
    assert trust(LEAF, anchors=(ROOT, INTERMEDIATE)) == Trust(True, False, public=True)
    assert trust(LEAF, INTERMEDIATE, anchors=(ROOT, INTERMEDIATE)) == Trust(True, True, public=True)


def test_an_unknown_authority_is_untrusted_and_says_nothing_about_completeness() -> None:
    stranger = issue("stranger", authority=True)
    below = issue("below", stranger, authority=True)
    assert trust(issue("leaf", below), below) == Trust(False, None)
    assert trust(issue("leaf", stranger), stranger) == Trust(False, None)


def test_self_signed_is_trusted_only_from_the_store() -> None:
    own = issue("own")
    assert trust(own) == Trust(False, None)
    assert trust(own, anchors=(own,)) == Trust(True, True, public=True)


def test_dates_are_aside() -> None:
    old = issue("old", ROOT, begins=NOW - timedelta(days=90), ends=NOW - timedelta(days=30))
    assert trust(old) == Trust(True, True, public=True)


def test_a_forged_issuer_is_not_followed() -> None:
    assert trust(issue("leaf", issue("root", authority=True))) == Trust(False, None)


@pytest.mark.parametrize(
    "issuer",
    [
        issue("no authority", ROOT),
        issue("denied", ROOT, extensions=(x509.BasicConstraints(ca=False, path_length=None),)),
        issue(
            "for mail",
            ROOT,
            authority=True,
            extensions=(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]),),
        ),
        issue(
            "signs no certificates",
            ROOT,
            authority=True,
            extensions=(x509.KeyUsage(True, False, False, False, False, False, True, False, False),),
        ),
    ],
    ids=lambda issuer: issuer.certificate.subject.rfc4514_string(),
)
def test_what_may_not_issue_is_not_followed(issuer: Identity) -> None:
    assert not trust(issue("leaf", issuer), issuer).trusted


def test_path_length_is_kept() -> None:
    short = issue("short", ROOT, authority=True, path_length=0)
    below = issue("below", short, authority=True)
    assert trust(issue("leaf", short), short).trusted
    assert not trust(issue("leaf", below), below, short).trusted


def test_a_loop_of_issuers_ends() -> None:
    first_key, second_key = issue("x").key, issue("x").key
    first = issue("first", issue("second", key=second_key), key=first_key, authority=True)
    second = issue("second", issue("first", key=first_key), key=second_key, authority=True)
    assert not trust(issue("leaf", first), first, second).trusted


def test_mozillas_roots_are_trusted() -> None:
    store = load_store()
    assert len(store.public.certificates) > 100
    assert store.description.startswith("Mozilla (certifi ")
    assert judge(store.public.certificates[0], [], store).trusted


@pytest.mark.parametrize("digest", ["sha1", "md5"])
def test_a_weak_signature_does_not_make_an_authority_unknown(digest: str, tmp_path: Path) -> None:
    root = issue("root", key=rsa_key(), authority=True)
    (tmp_path / "root.pem").write_text(root.pem)
    request = ["openssl", "req", "-new", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=weak"]
    request += ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "weak.csr")]
    sign = ["openssl", "x509", "-req", "-in", str(tmp_path / "weak.csr"), f"-{digest}", "-days", "30"]
    sign += ["-CA", str(tmp_path / "root.pem"), "-CAkey", str(tmp_path / "root.pem"), "-set_serial", "7"]
    sign += ["-out", str(tmp_path / "weak.pem")]
    for command in (request, sign):
        subprocess.run(command, check=True, capture_output=True)
    weak = load_pem_x509_certificate((tmp_path / "weak.pem").read_bytes())
    assert judge(weak, [], TrustStore("test", Anchors((root.certificate,)))) == Trust(True, True, public=True)


def test_an_own_authority_is_added_and_named(tmp_path: Path) -> None:
    path = tmp_path / "own-ca.pem"
    path.write_text(ROOT.pem)
    store = load_store(path)
    assert judge(LEAF.certificate, [INTERMEDIATE.certificate], store).trusted
    assert "own-ca.pem (SHA-256 " in store.description


def test_an_own_authority_without_certificates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own-ca.pem"
    path.write_text("nothing")
    with pytest.raises(ValueError, match=r"own-ca\.pem"):
        load_store(path)
