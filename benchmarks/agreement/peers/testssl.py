"""testssl.sh: protocols, suites for each of them, and server defaults with every certificate, in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from auditor.model.facts import JSON
from benchmarks.agreement.nouns import Endpoint, Peer, Seen
from benchmarks.agreement.peers.reading import key_type, signature_hash, suite_name

_PROTOCOLS = {
    "SSLv2": "tls.ssl_2_0",
    "SSLv3": "tls.ssl_3_0",
    "TLS1": "tls.tls_1_0",
    "TLS1_1": "tls.tls_1_1",
    "TLS1_2": "tls.tls_1_2",
    "TLS1_3": "tls.tls_1_3",
}
_CIPHER = re.compile(r"cipher-(?:ssl3|tls1(?:_[123])?)_x([0-9a-f]+)")
_NUMBERED = re.compile(r"(.*?) <(?:cert|hostCert)?#([0-9]+)>")


def _commands(endpoint: Endpoint) -> tuple[tuple[str, ...], ...]:
    words = ["testssl", "-p", "-E", "-S", "--quiet", "--warnings", "off", "--color", "0"]
    if endpoint.starttls:
        words += ["-t", endpoint.starttls]
    words += ["--jsonfile", "{file}"]
    if endpoint.name:
        words += ["--ip", endpoint.address]
    return ((*words, f"{endpoint.name or endpoint.address}:{endpoint.port}"),)


def parse(output: bytes) -> Seen:
    """Read testssl.sh's JSON; a port it could not speak to gives nothing."""
    entries = json.loads(output)
    if not any(entry["id"] in _PROTOCOLS for entry in entries):
        return Seen()
    facts: dict[str, JSON] = {}
    suites: set[str] = set()
    records: dict[str, dict[str, str]] = {}
    for entry in entries:
        name, finding = str(entry["id"]), str(entry["finding"])
        found = _CIPHER.fullmatch(name)
        if name in _PROTOCOLS and "offered" in finding:
            # Anything else, such as `couldn't be tested`, decides nothing.
            facts[_PROTOCOLS[name]] = "not offered" not in finding
        elif found:
            suites.add(suite_name(int(found.group(1), 16)))
        elif name.startswith("cert"):
            numbered = _NUMBERED.fullmatch(name)
            key, number = (numbered.group(1), numbered.group(2)) if numbered else (name, "1")
            records.setdefault(number, {})[key] = finding
    facts["tls.cipher_suites"] = sorted(suites)
    return Seen(facts, tuple(_certificate(one) for one in records.values() if "cert_keySize" in one))


def _certificate(record: Mapping[str, str]) -> dict[str, JSON]:
    kind, bits = record["cert_keySize"].split()[:2]
    names = record.get("cert_subjectAltName", "")
    return {
        "certificate.key_type": key_type(kind),
        "certificate.key_bits": int(bits),
        "certificate.signature_hash": signature_hash(record["cert_signatureAlgorithm"]),
        "certificate.names": [] if names.startswith("No ") else sorted(names.split()),
        "certificate.not_before": record["cert_notBefore"].replace(" ", "T") + ":00Z",
        "certificate.not_after": record["cert_notAfter"].replace(" ", "T") + ":00Z",
        "certificate.sha256": record["cert_fingerprintSHA256"].lower(),
    }


PEER = Peer("testssl.sh", "tls", _commands, parse, 300.0)
