"""Hold our facts against what sslyze found on the same server. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.model.facts import JSON, Facts

MISSED_BY_SSLYZE = frozenset(
    {"TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256", "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256"}
)
"""Suites that sslyze lists but never finds: the OpenSSL it offers them with does not know them."""
_NAMED_VERSIONS = ("ssl_3_0", "tls_1_0", "tls_1_1", "tls_1_2", "tls_1_3")


def disagreements(facts: Facts, groups: Mapping[str, Any], reference: Mapping[str, Any]) -> list[JSON]:
    """Return one record for each fact that sslyze contradicts: `fact`, `ours`, `sslyze`.

    `groups` are our groups as `{"accepted": [...], "known": [...]}` of the version in which sslyze looked for
    curves. `reference` maps versions to the names of accepted suites, `known_suites` to all that sslyze can
    ask for, and `curves` to the accepted ones; what sslyze could not measure is missing and not compared.
    """
    found: list[JSON] = []
    for version in ("ssl_2_0", *_NAMED_VERSIONS):
        ours = facts.get(f"tls.{version}")
        if version in reference and ours is not None and ours != bool(reference[version]):
            found.append({"fact": f"tls.{version}", "ours": ours, "sslyze": bool(reference[version])})
    if "tls.cipher_suites" in facts and all(version in reference for version in _NAMED_VERSIONS):
        theirs = {name for version in _NAMED_VERSIONS for name in reference[version]}
        comparable = set(reference["known_suites"]) - MISSED_BY_SSLYZE
        found += _difference("tls.cipher_suites", _names(facts["tls.cipher_suites"]) & comparable, theirs)
    if "tls.groups" in facts and "curves" in reference:
        ours_there = set(groups["accepted"]) & set(reference["known_curves"])
        found += _difference("tls.groups", ours_there, set(reference["curves"]))
    return found


def _names(value: JSON) -> set[str]:
    return {str(name) for name in value} if isinstance(value, list) else set()


def _difference(fact: str, ours: set[str], theirs: set[str]) -> list[JSON]:
    if ours == theirs:
        return []
    return [{"fact": fact, "ours": sorted(ours - theirs), "sslyze": sorted(theirs - ours)}]
