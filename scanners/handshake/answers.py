"""Read what a server answers to a ClientHello. Pure; every byte may be hostile.

Each function raises `MalformedAnswer`, and nothing else, for bytes that are not what they should be.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from scanners.handshake.hello import SSL_2_0, TLS_1_2

ALERTS: Mapping[int, str] = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
}
"""TLS alerts (IANA registry) by number."""

SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, CERTIFICATE_REQUEST = 2, 11, 12, 13
SERVER_HELLO_DONE, CERTIFICATE_STATUS = 14, 22
ALERT_RECORD, HANDSHAKE_RECORD, APPLICATION_RECORD = 21, 22, 23
_WARNING = 1
_RECORD_TYPES = (20, 21, 22, 23)
_MAXIMUM_RECORD_BYTES = (1 << 14) + 2048
_RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random of a ServerHello that is a HelloRetryRequest (RFC 8446, 4.1.3)."""


class MalformedAnswer(ValueError):
    """Bytes that are no answer of a TLS server."""


@dataclass(frozen=True, slots=True)
class ServerHello:
    """The server's choice. `version` is the one in force, `extensions` are by number."""

    version: int
    suite: int
    compression: int
    extensions: Mapping[int, bytes] = field(default_factory=dict)
    retry: bool = False
    random: bytes = b""

    @property
    def group(self) -> int | None:
        """Return the group chosen in TLS 1.3, or None."""
        share = self.extensions.get(51, b"")
        return int.from_bytes(share[:2], "big") if len(share) >= 2 else None

    @property
    def application_protocol(self) -> str | None:
        """Return the protocol chosen by ALPN (RFC 7301, 3.1), or None."""
        chosen = self.extensions.get(16, b"")
        if len(chosen) < 4 or len(chosen) != chosen[2] + 3:
            return None
        return chosen[3:].decode("ascii", "backslashreplace")


@dataclass(frozen=True, slots=True)
class KeyExchange:
    """The ephemeral key of a server: the code point of its curve, or the bits of its DH prime."""

    group: int | None = None
    dh_bits: int | None = None


def is_fatal(kind: int, content: bytes) -> bool:
    """Say whether a record is an alert that ends the connection."""
    return kind == ALERT_RECORD and len(content) == 2 and content[0] != _WARNING


def split_records(data: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """Return the whole records as (type, content) and the number of bytes that they take.

    A fatal alert is the last record (RFC 5246, 7.2.2): what a server says after it is not TLS.
    """
    records, start, end = [], 0, len(data)
    while end - start >= 5:
        kind, version, length = struct.unpack_from("!BHH", data, start)
        if kind not in _RECORD_TYPES or version >> 8 != 3 or not 0 < length <= _MAXIMUM_RECORD_BYTES:
            raise MalformedAnswer("not a TLS record")
        if end - start < 5 + length:
            break
        records.append((kind, data[start + 5 : start + 5 + length]))
        start += 5 + length
        if is_fatal(*records[-1]):
            return records, end
    if 0 < end - start < 5 and (
        data[start] not in _RECORD_TYPES or data[start + 1 : start + 2] not in b"\x03"
    ):
        raise MalformedAnswer("not a TLS record")
    return records, start


def split_messages(data: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """Return the whole handshake messages as (type, body) and the number of bytes that they take."""
    messages, start = [], 0
    while len(data) - start >= 4:
        header = int.from_bytes(data[start : start + 4], "big")
        length = header & 0xFFFFFF
        if len(data) - start < 4 + length:
            break
        messages.append((header >> 24, data[start + 4 : start + 4 + length]))
        start += 4 + length
    return messages, start


class _Reader:
    """Takes one field after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        part = self._data[self._at : self._at + length]
        if len(part) < length:
            raise MalformedAnswer("a field reaches beyond its message")
        self._at += length
        return part

    def number(self, length_bytes: int) -> int:
        return int.from_bytes(self.take(length_bytes), "big")

    def vector(self, length_bytes: int) -> bytes:
        return self.take(self.number(length_bytes))

    @property
    def left(self) -> int:
        return len(self._data) - self._at


def parse_server_hello(body: bytes) -> ServerHello:
    """Read a ServerHello or HelloRetryRequest (RFC 5246, 7.4.1.3; RFC 8446, 4.1.3)."""
    reader = _Reader(body)
    version, random = reader.number(2), reader.take(32)
    reader.vector(1)
    suite, compression = reader.number(2), reader.number(1)
    extensions = parse_extensions(reader.vector(2)) if reader.left else {}
    if reader.left:
        raise MalformedAnswer("bytes after the end of a ServerHello")
    if (selected := extensions.get(43)) is not None and version == TLS_1_2:
        if len(selected) != 2:
            raise MalformedAnswer("supported_versions of a server is not one version")
        version = int.from_bytes(selected, "big")
    return ServerHello(version, suite, compression, extensions, random == _RETRY_RANDOM, random)


def parse_extensions(data: bytes) -> dict[int, bytes]:
    """Read extensions by number; the first of several with one number stays."""
    reader, extensions = _Reader(data), dict[int, bytes]()
    while reader.left:
        extensions.setdefault(reader.number(2), reader.vector(2))
    return extensions


def parse_certificate(body: bytes) -> tuple[bytes, ...]:
    """Read the certificates of a Certificate message before TLS 1.3 (RFC 5246, 7.4.2)."""
    reader = _Reader(body)
    entries, certificates = _Reader(reader.vector(3)), []
    while entries.left:
        certificates.append(entries.vector(3))
    return tuple(certificates)


def parse_certificate_status(body: bytes) -> bytes | None:
    """Read the OCSP response of a CertificateStatus (RFC 6066, 8); None when it is of another kind."""
    reader = _Reader(body)
    return reader.vector(3) if reader.number(1) == 1 else None


def parse_certificate_1_3(body: bytes) -> tuple[tuple[bytes, ...], bytes | None]:
    """Read certificates and the leaf's OCSP response from a Certificate of TLS 1.3 (RFC 8446, 4.4.2)."""
    reader = _Reader(body)
    reader.vector(1)
    entries, certificates = _Reader(reader.vector(3)), []
    staple = None
    while entries.left:
        certificates.append(entries.vector(3))
        extensions = parse_extensions(entries.vector(2))
        if len(certificates) == 1 and 5 in extensions:
            staple = parse_certificate_status(extensions[5])
    return tuple(certificates), staple


def parse_key_exchange(body: bytes, finite_field: bool) -> KeyExchange:
    """Read the group of a ServerKeyExchange (RFC 5246, 7.4.3; RFC 8422, 5.4)."""
    reader = _Reader(body)
    if finite_field:
        return KeyExchange(dh_bits=int.from_bytes(reader.vector(2), "big").bit_length())
    # An explicit curve (types 1 and 2) has no code point.
    return KeyExchange(group=reader.number(2) if reader.number(1) == 3 else None)


def parse_ssl_2_0_hello(data: bytes) -> tuple[tuple[int, ...], bytes] | None:
    """Read cipher kinds and certificate of a SERVER-HELLO of SSL 2.0; None while bytes are missing."""
    if data[:1] and not data[0] & 0x80:
        raise MalformedAnswer("not a record of SSL 2.0")
    if len(data) < 2 or len(data) < 2 + (int.from_bytes(data[:2], "big") & 0x7FFF):
        return None
    reader = _Reader(data[2 : 2 + (int.from_bytes(data[:2], "big") & 0x7FFF)])
    if reader.number(1) != 4:
        raise MalformedAnswer("not a SERVER-HELLO")
    reader.take(2)
    version, certificate_bytes, kinds_bytes = reader.number(2), reader.number(2), reader.number(2)
    reader.take(2)
    if version != SSL_2_0:
        raise MalformedAnswer("a SERVER-HELLO of another version")
    certificate, kinds = reader.take(certificate_bytes), reader.take(kinds_bytes)
    if len(kinds) % 3:
        raise MalformedAnswer("cipher kinds are not of three bytes each")
    codes = tuple(int.from_bytes(kinds[at : at + 3], "big") for at in range(0, len(kinds), 3))
    return codes, certificate
