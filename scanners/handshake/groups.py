"""Code points and names of key exchange groups (IANA, "TLS Supported Groups"). Pure data."""

from __future__ import annotations

from collections.abc import Mapping

_WEAK_CURVES: Mapping[int, str] = {
    1: "sect163k1",
    2: "sect163r1",
    3: "sect163r2",
    4: "sect193r1",
    5: "sect193r2",
    15: "secp160k1",
    16: "secp160r1",
    17: "secp160r2",
    18: "secp192k1",
    19: "secp192r1",
}
_RARE_CURVES: Mapping[int, str] = {
    6: "sect233k1",
    7: "sect233r1",
    8: "sect239k1",
    9: "sect283k1",
    10: "sect283r1",
    11: "sect409k1",
    12: "sect409r1",
    13: "sect571k1",
    14: "sect571r1",
    20: "secp224k1",
    21: "secp224r1",
    22: "secp256k1",
    26: "brainpoolP256r1",
    27: "brainpoolP384r1",
    28: "brainpoolP512r1",
    41: "curveSM2",
}
_COMMON_CURVES: Mapping[int, str] = {
    24: "secp384r1",
    25: "secp521r1",
    30: "X448",
    29: "X25519",
    23: "secp256r1",
}

CURVES: Mapping[int, str] = {**_WEAK_CURVES, **_RARE_CURVES, **_COMMON_CURVES}
"""Curves of TLS 1.0 to 1.2 (RFC 8422); weak ones first: a server which follows the client shows them."""

SHORT_CURVES = tuple(_COMMON_CURVES)[::-1]
"""What a short ClientHello offers."""

_BRAINPOOL_TLS_1_3: Mapping[int, str] = {
    31: "brainpoolP256r1",
    32: "brainpoolP384r1",
    33: "brainpoolP512r1",
}
"""RFC 8734 gives the same curves other numbers for TLS 1.3."""

FINITE_FIELDS: Mapping[int, str] = {
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
    0x0102: "ffdhe4096",
    0x0103: "ffdhe6144",
    0x0104: "ffdhe8192",
}
"""RFC 7919. Not offered before TLS 1.3: whoever offers one there is denied any other group of that kind."""

POST_QUANTUM: Mapping[int, str] = {
    0x11EB: "SecP256r1MLKEM768",
    0x11EC: "X25519MLKEM768",
    0x11ED: "SecP384r1MLKEM1024",
    0x0200: "MLKEM512",
    0x0201: "MLKEM768",
    0x0202: "MLKEM1024",
    0x6399: "X25519Kyber768Draft00",
    0x639A: "SecP256r1Kyber768Draft00",
}

TLS_1_3_GROUPS: Mapping[int, str] = {
    **CURVES,
    **_BRAINPOOL_TLS_1_3,
    **FINITE_FIELDS,
    **POST_QUANTUM,
}
"""Everything a TLS 1.3 server may choose, also curves that TLS 1.3 has given up."""
