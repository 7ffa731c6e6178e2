"""The lab's own authorities, and certificates of every shape that an audit should tell apart."""

from __future__ import annotations

import hashlib
import ipaddress
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_SHA256_WITH_RSA = bytes.fromhex("2a864886f70d01010b")
_SHA1_WITH_RSA = bytes.fromhex("2a864886f70d010105")
_REMAKE_AFTER = timedelta(days=1)
_AUTHORITY_DAYS = 3650
_RESPONDER = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP,
            x509.UniformResourceIdentifier("http://ocsp.lab.test"),
        )
    ]
)


class Issuer(Enum):
    """Who signs a certificate."""

    LAB = "intermediate of the lab's root"
    SHA1_INTERMEDIATE = "intermediate that the root signed with SHA-1"
    EXPIRED_INTERMEDIATE = "intermediate that has expired"
    STRANGER = "another root that nobody trusts"
    ITSELF = "its own key"


@dataclass(frozen=True, slots=True)
class Shape:
    """What is particular about a certificate. Days count from today."""

    key: str = "rsa2048"
    first_day: int = -1
    last_day: int = 89
    issuer: Issuer = Issuer.LAB
    sha1: bool = False
    send_chain: bool = True
    wrong_name: bool = False
    for_servers: bool = True
    names: tuple[str, ...] = ()
    """Names in it, whoever serves it; empty: the names that it is served for."""
    shared_key: str = ""
    """Certificates with the same word here have the same key."""
    ocsp: bool = False
    """Names an OCSP responder, and comes with an answer of it that can be stapled."""


GOOD = Shape()
GOOD_EC = Shape(key="ec256")
EXPIRED = Shape(first_day=-100, last_day=-10)
EXPIRING = Shape(first_day=-80, last_day=10)
LONG_LIVED = Shape(last_day=1095)
WEAK_KEY = Shape(key="rsa1024")
SHA1_SIGNED = Shape(sha1=True)
WRONG_NAME = Shape(wrong_name=True)
SELF_SIGNED = Shape(issuer=Issuer.ITSELF)
UNTRUSTED = Shape(issuer=Issuer.STRANGER)
OLD_CHAIN = Shape(issuer=Issuer.SHA1_INTERMEDIATE)
LEAF_ONLY = Shape(send_chain=False)
FOR_CLIENTS = Shape(for_servers=False)
EXPIRED_CHAIN = Shape(issuer=Issuer.EXPIRED_INTERMEDIATE)
WITH_OCSP = Shape(ocsp=True)
WILDCARD = Shape(names=("*.layanan.lab.test",))
SAME_KEY = Shape(shared_key="pengembang")


@dataclass(frozen=True, slots=True)
class Served:
    """Files of one certificate: the chain as it is sent, the key, both together (key first), OCSP answer."""

    chain: Path
    key: Path
    both: Path
    ocsp: Path
    """Exists only where the shape names a responder."""


class Certificates:
    """Make and keep certificates below one directory. Keys stay; certificates are remade after a day."""

    def __init__(self, directory: Path, now: datetime | None = None) -> None:
        self._directory = directory
        self._now = now or datetime.now(UTC)
        self._lock = threading.Lock()
        directory.mkdir(parents=True, exist_ok=True, mode=0o755)
        self.root_key, self.root = self._authority("Tilik Lab Root CA", None)
        self._issuers = {
            Issuer.LAB: self._authority("Tilik Lab Issuing CA", (self.root_key, self.root)),
            Issuer.SHA1_INTERMEDIATE: self._authority(
                "Tilik Lab Old Issuing CA", (self.root_key, self.root), True
            ),
            Issuer.EXPIRED_INTERMEDIATE: self._authority(
                "Tilik Lab Expired CA", (self.root_key, self.root), last_day=-5
            ),
            Issuer.STRANGER: self._authority("Stranger Root CA", None),
        }

    def root_pem(self) -> bytes:
        """Return the own CA that an audit is told about: the root and its intermediate."""
        known = (self.root, self._issuers[Issuer.LAB][1])
        return b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in known)

    def serve(self, shape: Shape, names: tuple[str, ...]) -> Served:
        """Return the files of a certificate of this shape for these names or addresses."""
        names = shape.names or names
        slug = hashlib.sha256(repr((shape, names)).encode()).hexdigest()[:16]
        key = self._directory / f"{shape.shared_key or slug}.key.pem"
        chain, both, answer = (
            self._directory / f"{slug}.{end}" for end in ("chain.pem", "both.pem", "ocsp.der")
        )
        served = Served(chain, key, both, answer)
        with self._lock:
            if not self._fresh(served.both):
                self._make(shape, names, served)
        return served

    def authority(self, issuer: Issuer) -> tuple[Key, x509.Certificate]:
        """Return key and certificate of an intermediate, as its owner has them."""
        return self._issuers[issuer]

    def current_issuer(self, leaf: x509.Certificate) -> x509.Certificate | None:
        """Return what the issuer of a leaf gives out today for its key; None for one that is no intermediate.

        An intermediate that has expired, or that was signed with SHA-1, got a new certificate since.
        """
        for issuer in (Issuer.LAB, Issuer.SHA1_INTERMEDIATE, Issuer.EXPIRED_INTERMEDIATE):
            key, old = self._issuers[issuer]
            if old.subject == leaf.issuer:
                return old if issuer is Issuer.LAB else self._authority_again(key, old)
        return None

    def _authority_again(self, key: Key, old: x509.Certificate) -> x509.Certificate:
        builder = (
            _builder(old.subject, old.issuer, key, self.root_key)
            .not_valid_before(self._now - timedelta(days=1))
            .not_valid_after(self._now + timedelta(days=_AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_authority_usage(), critical=True)
        )
        return _sign(builder, self.root_key, sha1=False)

    def _fresh(self, path: Path) -> bool:
        if not path.exists():
            return False
        return self._now - datetime.fromtimestamp(path.stat().st_mtime, UTC) < _REMAKE_AFTER

    def _make(self, shape: Shape, names: tuple[str, ...], served: Served) -> None:
        key = self._key(served.key, shape.key)
        issuer_key, issuer = self._issuers.get(shape.issuer, (key, None))
        asked = ("salah.lab.test",) if shape.wrong_name else names
        leaf = _sign(self._leaf(shape, asked, key, issuer, issuer_key), issuer_key, shape.sha1)
        sends_issuer = shape.send_chain and shape.issuer not in (Issuer.ITSELF, Issuer.STRANGER)
        chain = [leaf, issuer] if sends_issuer and issuer else [leaf]
        pem = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)
        served.chain.write_bytes(pem)
        served.both.write_bytes(served.key.read_bytes() + pem)
        if shape.ocsp and issuer:
            served.ocsp.write_bytes(self._ocsp_answer(leaf, issuer, issuer_key))

    def _ocsp_answer(self, leaf: x509.Certificate, issuer: x509.Certificate, issuer_key: Key) -> bytes:
        """Return the answer "good" (RFC 6960), as a responder of the issuer would give it."""
        answer = ocsp.OCSPResponseBuilder().add_response(
            cert=leaf,
            issuer=issuer,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.GOOD,
            this_update=self._now - timedelta(hours=1),
            next_update=self._now + timedelta(days=7),
            revocation_time=None,
            revocation_reason=None,
        )
        signed = answer.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer).sign(
            issuer_key, hashes.SHA256()
        )
        return signed.public_bytes(serialization.Encoding.DER)

    def _leaf(
        self,
        shape: Shape,
        names: tuple[str, ...],
        key: Key,
        issuer: x509.Certificate | None,
        issuer_key: Key,
    ) -> x509.CertificateBuilder:
        subject = _name(names[0])
        builder = _builder(subject, issuer.subject if issuer else subject, key, issuer_key)
        usage = ExtendedKeyUsageOID.SERVER_AUTH if shape.for_servers else ExtendedKeyUsageOID.CLIENT_AUTH
        if shape.ocsp:
            builder = builder.add_extension(_RESPONDER, critical=False)
        return (
            builder.not_valid_before(self._now + timedelta(days=shape.first_day))
            .not_valid_after(self._now + timedelta(days=shape.last_day))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), False)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        )

    def _authority(
        self,
        name: str,
        parent: tuple[Key, x509.Certificate] | None,
        sha1: bool = False,
        last_day: int = _AUTHORITY_DAYS,
    ) -> tuple[Key, x509.Certificate]:
        slug = name.lower().replace(" ", "-")
        key = self._key(self._directory / f"{slug}.key.pem", "rsa2048")
        path = self._directory / f"{slug}.pem"
        if not path.exists():
            parent_key = parent[0] if parent else key
            issuer = parent[1].subject if parent else _name(name)
            builder = (
                _builder(_name(name), issuer, key, parent_key)
                .not_valid_before(self._now - timedelta(days=30))
                .not_valid_after(self._now + timedelta(days=last_day))
                .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
                .add_extension(_authority_usage(), critical=True)
            )
            certificate = _sign(builder, parent_key, sha1)
            path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return key, x509.load_pem_x509_certificate(path.read_bytes())

    @staticmethod
    def _key(path: Path, kind: str) -> Key:
        if path.exists():
            loaded = serialization.load_pem_private_key(path.read_bytes(), None)
            assert isinstance(loaded, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
            return loaded
        made: Key
        if kind == "ec256":
            made = ec.generate_private_key(ec.SECP256R1())
        else:
            made = rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))
        path.write_bytes(
            made.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        path.chmod(0o644)
        return made


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Pemerintah Kabupaten Contoh"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(subject: x509.Name, issuer: x509.Name, key: Key, issuer_key: Key) -> x509.CertificateBuilder:
    public, issuer_public = key.public_key(), issuer_key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public), critical=False)
    )


def _authority_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _sign(builder: x509.CertificateBuilder, key: Key, sha1: bool) -> x509.Certificate:
    signed = builder.sign(key, hashes.SHA256())
    if not sha1:
        return signed
    assert isinstance(key, rsa.RSAPrivateKey)
    return _resign_with_sha1(signed, key)


def _resign_with_sha1(certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> x509.Certificate:
    """Sign the same content again with SHA-1, which `cryptography` no longer does itself.

    Both object identifiers and both signatures have the same length, so no length in the DER changes.
    """
    content = certificate.tbs_certificate_bytes
    renamed = content.replace(_SHA256_WITH_RSA, _SHA1_WITH_RSA)
    signature = key.sign(renamed, padding.PKCS1v15(), hashes.SHA1())
    der = certificate.public_bytes(serialization.Encoding.DER)
    der = der.replace(content, renamed).replace(_SHA256_WITH_RSA, _SHA1_WITH_RSA)
    return x509.load_der_x509_certificate(der.replace(certificate.signature, signature))
