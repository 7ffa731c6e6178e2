"""Write the first message of a client: ClientHello of SSL 3.0 to TLS 1.3, CLIENT-HELLO of SSL 2.0. Pure."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from scanners.handshake.groups import CURVES, SHORT_CURVES
from scanners.handshake.suites import SSL_2_0_SUITES

SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 = 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304

FALLBACK_SCSV = 0x5600
"""Signals a client that tries again with a lower version (RFC 7507)."""
_RENEGOTIATION_SCSV = 0x00FF
_DEFLATE, _NO_COMPRESSION = b"\x01", b"\x00"
SHORT_BYTES = 255
"""Some old servers never answer a ClientHello longer than this (RFC 7685, 1 tells of their like)."""
_HANGING_BYTES = range(256, 512)
"""Lengths at which some load balancers never answer: such a ClientHello is padded (RFC 7685, 4)."""

RSA_SIGNATURES = (0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0301, 0x0201)
OTHER_SIGNATURES = (
    *(0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081A, 0x081B, 0x081C, 0x0303, 0x0203),
    *(0x0402, 0x0502, 0x0602, 0x0302, 0x0202),
)
SIGNATURES = (*OTHER_SIGNATURES, *RSA_SIGNATURES, 0x0101)
"""Every signature scheme (RFC 8446, 4.2.3), so that a server can show whatever key it has."""
_SHORT_SIGNATURES = (0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201)


@dataclass(frozen=True, slots=True)
class Hello:
    """What one ClientHello offers. `suites` are code points, `version` the highest one offered.

    In TLS 1.3 `groups` without `key_shares` make the server name its choice in a HelloRetryRequest, before
    either side has computed anything (RFC 8446, 4.1.4 and 4.2.8). Without `groups` or `signatures` all are
    offered, or the usual ones in a `short` ClientHello.
    """

    version: int
    suites: Sequence[int]
    server_name: str = ""
    groups: Sequence[int] | None = None
    signatures: Sequence[int] | None = None
    key_shares: Mapping[int, bytes] = field(default_factory=dict)
    compression: bool = False
    status_request: bool = False
    application_protocols: Sequence[str] = ()
    short: bool = False

    @property
    def room(self) -> int:
        """Return how many suites fit beside the rest where the whole is short; at least ten are offered."""
        rest = len(encode_message(replace(self, suites=()), bytes(32)))
        return max(10, (SHORT_BYTES - rest) // 2)


def encode_hello(hello: Hello, random: bytes) -> bytes:
    """Return the record of a ClientHello. `random` are 32 bytes, which serve as session id too."""
    message = encode_message(hello, random)
    return struct.pack("!BHH", 22, min(hello.version, TLS_1_0), len(message)) + message


def encode_message(hello: Hello, random: bytes) -> bytes:
    """Return the handshake message of a ClientHello (RFC 5246, 7.4.1.2; RFC 8446, 4.1.2)."""
    body = _encode_body(hello, random, _extensions(hello))
    if hello.version > SSL_3_0 and len(body) + 4 in _HANGING_BYTES:
        missing = max(0, _HANGING_BYTES.stop - len(body) - 8)
        body = _encode_body(hello, random, _extensions(hello) + _extension(21, bytes(missing)))
    return struct.pack("!I", 1 << 24 | len(body)) + body


def _encode_body(hello: Hello, random: bytes, extensions: bytes) -> bytes:
    suites = [*hello.suites]
    if hello.version <= SSL_3_0:
        suites.append(_RENEGOTIATION_SCSV)
    # A session id in TLS 1.3 looks like a resumption to middleboxes (RFC 8446, D.4).
    session = random if hello.version == TLS_1_3 else b""
    methods = _DEFLATE + _NO_COMPRESSION if hello.compression else _NO_COMPRESSION
    return b"".join(
        (
            struct.pack("!H", min(hello.version, TLS_1_2)),
            random,
            _vector(1, session),
            _vector(2, _numbers(suites)),
            _vector(1, methods),
            _vector(2, extensions) if extensions else b"",
        )
    )


def _extensions(hello: Hello) -> bytes:
    """Return the extensions; SSL 3.0 has none, and its servers may choke on them."""
    if hello.version <= SSL_3_0:
        return b""
    parts = [_server_name(hello.server_name)] if hello.server_name else []
    groups = hello.groups or (SHORT_CURVES if hello.short else tuple(CURVES))
    signatures = hello.signatures or (_SHORT_SIGNATURES if hello.short else SIGNATURES)
    parts.append(_extension(10, _vector(2, _numbers(groups))))
    if hello.version >= TLS_1_2:
        parts.append(_extension(13, _vector(2, _numbers(signatures))))
    if hello.status_request:
        parts.append(_extension(5, b"\x01\x00\x00\x00\x00"))
    if hello.application_protocols:
        names = b"".join(_vector(1, name.encode()) for name in hello.application_protocols)
        parts.append(_extension(16, _vector(2, names)))
    if hello.version == TLS_1_3:
        parts.append(_extension(43, _vector(1, _numbers([TLS_1_3]))))
        shares = b"".join(_numbers([group]) + _vector(2, share) for group, share in hello.key_shares.items())
        parts.append(_extension(51, _vector(2, shares)))
    else:
        parts += _EXTENSIONS_BEFORE_TLS_1_3
    return b"".join(parts)


def _extension(number: int, content: bytes) -> bytes:
    return struct.pack("!HH", number, len(content)) + content


def _vector(length_bytes: int, content: bytes) -> bytes:
    return len(content).to_bytes(length_bytes, "big") + content


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"!{len(numbers)}H", *numbers)


@cache
def _server_name(name: str) -> bytes:
    return _extension(0, _vector(2, b"\x00" + _vector(2, name.encode("ascii"))))


_EXTENSIONS_BEFORE_TLS_1_3 = (
    _extension(11, b"\x03\x00\x01\x02"),  # every point format (RFC 8422, 5.1.2)
    _extension(23, b""),  # extended master secret (RFC 7627)
    _extension(0xFF01, b"\x00"),  # secure renegotiation (RFC 5746)
)


def encode_ssl_2_0_hello(challenge: bytes) -> bytes:
    """Return the CLIENT-HELLO of SSL 2.0 with all its cipher kinds. `challenge` are 16 bytes."""
    kinds = b"".join(code.to_bytes(3, "big") for code in SSL_2_0_SUITES)
    body = struct.pack("!BHHHH", 1, SSL_2_0, len(kinds), 0, len(challenge)) + kinds + challenge
    return struct.pack("!H", 0x8000 | len(body)) + body
