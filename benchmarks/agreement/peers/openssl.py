"""openssl s_client: one handshake for each version it still speaks, and the certificate it was given."""

from __future__ import annotations

import re
import shlex

from auditor.model.facts import JSON
from benchmarks.agreement.nouns import Endpoint, Peer, Seen
from benchmarks.agreement.peers.reading import alternative_names, gmt_time, key_type, signature_hash

_VERSIONS = {
    "-tls1": "tls.tls_1_0",
    "-tls1_1": "tls.tls_1_1",
    "-tls1_2": "tls.tls_1_2",
    "-tls1_3": "tls.tls_1_3",
}
_SECTION = re.compile(r"^== (.*) ==$", re.MULTILINE)
_CIPHER = re.compile(r"Cipher\s+(?:is|:) (\S+)")
_NAMES = r"Subject Alternative Name:.*\n(.*)"


def _commands(endpoint: Endpoint) -> tuple[tuple[str, ...], ...]:
    words = ["openssl", "s_client", "-connect", f"{endpoint.address}:{endpoint.port}"]
    words += ["-servername", endpoint.name] if endpoint.name else ["-noservername"]
    if endpoint.starttls:
        words += ["-starttls", endpoint.starttls]
    # Level 0 lets it speak what its own defaults refuse.
    words += ["-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    certificate = f"{shlex.join(words)} </dev/null | openssl x509 -noout -text -fingerprint -sha256"
    return (*((*words, version) for version in _VERSIONS), ("sh", "-c", certificate))


def parse(output: bytes) -> Seen:
    """Read the output of all handshakes; a handshake that was not to be had counts as a refused version."""
    parts = _SECTION.split(output.decode(errors="replace"))[1:]
    facts: dict[str, JSON] = {}
    certificates: list[dict[str, JSON]] = []
    for command, text in zip(parts[::2], parts[1::2], strict=True):
        fact = _VERSIONS.get(command.split()[-1])
        if fact:
            cipher = _CIPHER.search(text)
            facts[fact] = cipher is not None and cipher.group(1) not in ("(NONE)", "0000")
        elif "Fingerprint=" in text:
            certificates.append(_certificate(text))
    return Seen(facts, tuple(certificates)) if any(facts.values()) else Seen()


def _certificate(text: str) -> dict[str, JSON]:
    def one(pattern: str) -> str:
        found = re.search(pattern, text)
        return " ".join(found.group(1).split()) if found else ""

    return {
        "certificate.key_type": key_type(one(r"Public Key Algorithm: (\S+)")),
        "certificate.key_bits": int(one(r"Public-Key: \((\d+) bit\)") or 256),
        "certificate.signature_hash": signature_hash(one(r"Signature Algorithm: (\S+)")),
        "certificate.names": [*alternative_names(one(_NAMES))],
        "certificate.not_before": gmt_time(one(r"Not Before: (.*)")),
        "certificate.not_after": gmt_time(one(r"Not After : (.*)")),
        "certificate.sha256": one(r"sha256 Fingerprint=(\S+)").replace(":", "").lower(),
    }


PEER = Peer("openssl", "tls", _commands, parse)
