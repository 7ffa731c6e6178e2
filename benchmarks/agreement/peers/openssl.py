"""openssl s_client: one handshake for each version it still speaks, and the certificate it was given."""

from __future__ import annotations

import hashlib
import re
import ssl
import subprocess

from auditor.model.facts import JSON
from benchmarks.agreement.nouns import Endpoint, Peer, Seen
from benchmarks.agreement.peers.reading import alternative_names, gmt_time, key_type, signature_hash

_VERSIONS = {
    "-tls1": "tls.tls_1_0",
    "-tls1_1": "tls.tls_1_1",
    "-tls1_2": "tls.tls_1_2",
    "-tls1_3": "tls.tls_1_3",
}
_SECTION = re.compile(rb"^== (.*) ==$", re.MULTILINE)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_CIPHER = re.compile(rb"Cipher\s+(?:is|:) (\S+)")


def _commands(endpoint: Endpoint) -> tuple[tuple[str, ...], ...]:
    words = ["openssl", "s_client", "-connect", f"{endpoint.address}:{endpoint.port}"]
    words += ["-servername", endpoint.name] if endpoint.name else ["-noservername"]
    if endpoint.starttls:
        words += ["-starttls", endpoint.starttls]
    # Level 0 lets it speak what its own defaults refuse.
    words += ["-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    return tuple((*words, version) for version in _VERSIONS)


def parse(output: bytes) -> Seen:
    """Read the output of all handshakes; a handshake that was not to be had counts as a refused version."""
    parts = _SECTION.split(output)[1:]
    facts: dict[str, JSON] = {}
    certificates: dict[str, dict[str, JSON]] = {}
    for command, text in zip(parts[::2], parts[1::2], strict=True):
        cipher = _CIPHER.search(text)
        spoken = cipher is not None and cipher.group(1) not in (b"(NONE)", b"0000")
        facts[_VERSIONS[command.decode().split()[-1]]] = spoken
        sent = _PEM.search(text)
        if sent:
            certificate = _certificate(sent.group().decode())
            certificates.setdefault(str(certificate["certificate.key_type"]), certificate)
    return Seen(facts, tuple(certificates.values())) if any(facts.values()) else Seen()


def _certificate(pem: str) -> dict[str, JSON]:
    command = ["openssl", "x509", "-noout", "-text"]
    said = subprocess.run(command, input=pem, capture_output=True, text=True, check=True).stdout

    def one(pattern: str) -> str:
        found = re.search(pattern, said)
        return found.group(1).strip() if found else ""

    return {
        "certificate.key_type": key_type(one(r"Public Key Algorithm: (\S+)")),
        "certificate.key_bits": int(one(r"Public-Key: \((\d+) bit\)") or 256),
        "certificate.signature_hash": signature_hash(one(r"Signature Algorithm: (\S+)")),
        "certificate.names": [*alternative_names(one(r"Subject Alternative Name:\s*(?:critical)?\s*\n(.*)"))],
        "certificate.not_before": gmt_time(_one_blank(one(r"Not Before: (.*)"))),
        "certificate.not_after": gmt_time(_one_blank(one(r"Not After : (.*)"))),
        "certificate.sha256": hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest(),
    }


def _one_blank(text: str) -> str:
    return " ".join(text.split())


PEER = Peer("openssl", "tls", _commands, parse, version=("openssl", "version"))
