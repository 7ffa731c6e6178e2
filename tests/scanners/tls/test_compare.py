"""What counts as a disagreement with sslyze, and what does not."""

from __future__ import annotations

from typing import Any

from scanners.tls.compare import disagreements

FACTS: dict[str, Any] = {
    "tls.ssl_2_0": False,
    "tls.tls_1_2": True,
    "tls.tls_1_3": False,
    "tls.cipher_suites": ["A", "B"],
    "tls.groups": ["X25519", "ffdhe2048"],
}
GROUPS = {"accepted": ["X25519", "ffdhe2048"]}
REFERENCE: dict[str, Any] = {
    "known_suites": ["A", "B", "C"],
    "known_curves": ["X25519", "secp256r1"],
    "ssl_2_0": [],
    "ssl_3_0": [],
    "tls_1_0": [],
    "tls_1_1": ["A"],
    "tls_1_2": ["A", "B"],
    "tls_1_3": [],
    "curves": ["X25519"],
}


def test_the_same_is_no_disagreement() -> None:
    assert disagreements(FACTS, GROUPS, REFERENCE) == []


def test_each_side_is_told_what_only_it_found() -> None:
    theirs = {**REFERENCE, "tls_1_2": ["B", "C"], "tls_1_1": [], "curves": ["secp256r1"], "ssl_2_0": ["D"]}
    assert disagreements(FACTS, GROUPS, theirs) == [
        {"fact": "tls.ssl_2_0", "ours": False, "sslyze": True},
        {"fact": "tls.cipher_suites", "ours": ["A"], "sslyze": ["C"]},
        {"fact": "tls.groups", "ours": ["X25519"], "sslyze": ["secp256r1"]},
    ]


def test_what_sslyze_cannot_find_is_no_disagreement() -> None:
    anonymous = "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256"
    facts = {**FACTS, "tls.cipher_suites": ["A", "B", "NEW", anonymous]}
    reference = {**REFERENCE, "known_suites": ["A", "B", anonymous]}
    assert disagreements(facts, GROUPS, reference) == []


def test_what_either_side_did_not_measure_is_not_compared() -> None:
    assert disagreements({}, GROUPS, REFERENCE) == []
    partial = {name: REFERENCE[name] for name in ("known_suites", "known_curves", "tls_1_3")}
    assert disagreements({**FACTS, "tls.cipher_suites": ["X"]}, GROUPS, partial) == []
