"""sslscan: protocols, suites, groups and the certificate, in XML."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from auditor.model.facts import JSON
from benchmarks.agreement.nouns import Endpoint, Peer, Seen
from benchmarks.agreement.peers.reading import (
    alternative_names,
    gmt_time,
    key_type,
    signature_hash,
    suite_name,
)

_STARTTLS = {"postgres": "psql"}
_PROTOCOLS = {
    ("ssl", "2"): "tls.ssl_2_0",
    ("ssl", "3"): "tls.ssl_3_0",
    ("tls", "1.0"): "tls.tls_1_0",
    ("tls", "1.1"): "tls.tls_1_1",
    ("tls", "1.2"): "tls.tls_1_2",
    ("tls", "1.3"): "tls.tls_1_3",
}
_GROUPS = {"x25519": "X25519", "x448": "X448"}


def _commands(endpoint: Endpoint) -> tuple[tuple[str, ...], ...]:
    words = ["sslscan", "--xml=-", "--no-colour", "--no-heartbleed"]
    if endpoint.name:
        words.append(f"--sni-name={endpoint.name}")
    if endpoint.starttls:
        words.append(f"--starttls-{_STARTTLS.get(endpoint.starttls, endpoint.starttls)}")
    return ((*words, f"{endpoint.address}:{endpoint.port}"),)


def parse(output: bytes) -> Seen:
    """Read sslscan's XML; a port it could not speak to gives nothing."""
    test = ElementTree.fromstring(output).find("ssltest")
    if test is None or test.find("protocol") is None:
        return Seen()
    facts: dict[str, JSON] = {
        _PROTOCOLS[str(one.get("type")), str(one.get("version"))]: one.get("enabled") == "1"
        for one in test.iterfind("protocol")
    }
    ciphers = [one for one in test.iterfind("cipher") if one.get("sslversion") != "SSLv2"]
    facts["tls.cipher_suites"] = sorted({suite_name(int(str(one.get("id")), 16)) for one in ciphers})
    facts["tls.groups"] = sorted({_group(one) for one in test.iterfind("group")})
    small = [int(str(one.get("dhebits"))) for one in ciphers if one.get("dhebits")]
    facts["tls.dh_bits"] = min(small, default=None)
    for element, attribute, fact in (
        ("fallback", "supported", "tls.fallback_scsv"),
        ("compression", "supported", "tls.compression"),
    ):
        found = test.find(element)
        if found is not None:
            facts[fact] = found.get(attribute) == "1"
    certificates = tuple(_certificate(one) for one in test.iterfind("certificates/certificate"))
    return Seen(facts, tuple(one for one in certificates if one))


def _group(element: Element) -> str:
    name = re.split(r"\s", str(element.get("name")))[0]
    return _GROUPS.get(name, name)


def _certificate(element: Element) -> dict[str, JSON]:
    key = element.find("pk")
    if key is None or key.get("error") != "false":
        return {}
    return {
        "certificate.key_type": key_type(str(key.get("type"))),
        "certificate.key_bits": int(str(key.get("bits"))),
        "certificate.signature_hash": signature_hash(element.findtext("signature-algorithm", "")),
        "certificate.names": [*alternative_names(element.findtext("altnames", ""))],
        "certificate.not_before": gmt_time(element.findtext("not-valid-before", "")),
        "certificate.not_after": gmt_time(element.findtext("not-valid-after", "")),
        "certificate.self_signed": element.findtext("self-signed") == "true",
    }


# sslscan 2.0 tries no hybrid group.
PEER = Peer("sslscan", "tls", _commands, parse, beyond=frozenset({"tls-post-quantum-offered"}))
