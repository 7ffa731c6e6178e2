"""Certificates that are a burden, served by a real TLS library."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.hostile.behaviour import HOSTILE_TEXT, Behaviour, reply

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_START, _END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
_SERIAL = 0x7F5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A
_PRINTABLE = HOSTILE_TEXT.replace("\x00", "")[:60]


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])


def _certificate(
    key: Key,
    common_name: str = "localhost",
    names: list[x509.GeneralName] | None = None,
    not_before: datetime = _START,
    not_after: datetime = _END,
    extension: x509.ExtensionType | None = None,
    serial: int = _SERIAL,
) -> bytes:
    """Return a self-signed certificate as DER."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(_name(common_name))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if extension:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def _dns(names: list[str]) -> list[x509.GeneralName]:
    return [x509.DNSName(name) for name in names]


def _negative_serial(key: Key) -> list[bytes]:
    serial = _SERIAL.to_bytes(16, "big")
    return [_certificate(key).replace(serial, b"\xff" + serial[1:])]


def _zero_serial(key: Key) -> list[bytes]:
    version = b"\xa0\x03\x02\x01\x02"
    return [_certificate(key, serial=1).replace(version + b"\x02\x01\x01", version + b"\x02\x01\x00")]


def _nul_name(key: Key) -> list[bytes]:
    der = _certificate(key, "www.example.orgXevil.test", _dns(["www.example.orgXevil.test"]))
    return [der.replace(b"orgXevil", b"org\0evil")]


def _html_name(key: Key) -> list[bytes]:
    der = _certificate(key, _PRINTABLE, _dns(["X" * 30, "=cmd()"]))
    return [der.replace(b"X" * 30, b"<script>alert(1)</script>\x1b[2J\r")]


def _other_bytes(key: Key) -> list[bytes]:
    return [_certificate(key, names=_dns(["X" * 20])).replace(b"X" * 20, b"\xff\xfe\xc0\x80" * 5)]


def _strange_time(key: Key) -> list[bytes]:
    return [_certificate(key).replace(b"270101000000Z", b"279901999999Z")]


def _strange_names(key: Key) -> list[bytes]:
    names: list[x509.GeneralName] = [
        x509.RFC822Name("a@example.test"),
        x509.UniformResourceIdentifier("javascript:alert(1)"),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
        x509.DirectoryName(_name(_PRINTABLE)),
        x509.OtherName(x509.ObjectIdentifier("1.2.3.4"), b"\x0c\x01a"),
        *_dns(["", ".", "*", "*.*", "*.id", "a" * 64 + ".test", "xn--a", "XN--\x7f", "-", "a..b"]),
    ]
    return [_certificate(key, names=names)]


def _large_extension(key: Key) -> list[bytes]:
    value = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), bytes(60_000))
    return [_certificate(key, extension=value)]


def _loop(key: Key) -> list[bytes]:
    return [_certificate(key, "a"), *[_certificate(key, "b"), _certificate(key, "a")] * 5]


def _noise_beside(key: Key) -> list[bytes]:
    """Serve a certificate with others behind it that belong to nothing."""
    return [_certificate(key), _certificate(ec.generate_private_key(ec.SECP384R1()), "stranger")]


Make = Callable[[Key], list[bytes]]
_CHAINS: dict[str, Make] = {
    "500 names": lambda key: [_certificate(key, names=_dns([f"a{n}.example.test" for n in range(500)]))],
    "3,000 names": lambda key: [_certificate(key, names=_dns([f"a{n}.example.test" for n in range(3_000)]))],
    "chain of 1,000": lambda key: [_certificate(key)] * 1_000,
    "chain of strangers": _noise_beside,
    "chain in a loop": _loop,
    "name with NUL": _nul_name,
    "name with a script": _html_name,
    "names that are no text": _other_bytes,
    "strange names": _strange_names,
    "negative serial number": _negative_serial,
    "serial number 0": _zero_serial,
    "year 9999": lambda key: [_certificate(key, not_after=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))],
    "year 1950": lambda key: [_certificate(key, not_before=datetime(1950, 1, 1, tzinfo=UTC))],
    "month 99": _strange_time,
    "extension of 60 kB": _large_extension,
    "uncommon curve": lambda key: [_certificate(key)],
    "weak RSA key": lambda key: [_certificate(key)],
}
_KEYS: dict[str, Callable[[], Key]] = {
    "uncommon curve": lambda: ec.generate_private_key(ec.BrainpoolP512R1()),
    "weak RSA key": lambda: rsa.generate_private_key(65_537, 1024),
}


def context(chain: str) -> ssl.SSLContext:
    """Return what serves a chain of certificates."""
    key = _KEYS.get(chain, lambda: ec.generate_private_key(ec.SECP256R1()))()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.set_ciphers("ALL:@SECLEVEL=0")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = "".join(ssl.DER_cert_to_PEM_cert(der) for der in _CHAINS[chain](key))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chain.pem"
        file.write_text(private + public, encoding="ascii")
        served.load_cert_chain(file)
    return served


_TALK = reply(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", mark=b"\r\n\r\n")
BEHAVIOURS = tuple(
    Behaviour(name, "certificates", _TALK, ("certificates", "tls", "http", "services"), chain=name)
    for name in _CHAINS
)
