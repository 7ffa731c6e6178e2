"""ssh-audit: identification, the algorithms offered, and host keys, in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from auditor.model.facts import JSON
from benchmarks.agreement.nouns import Endpoint, Peer, Seen

_LISTS = {
    "kex": "ssh.key_exchange",
    "key": "ssh.host_key_algorithms",
    "enc": "ssh.ciphers",
    "mac": "ssh.macs",
}
_RSA = ("ssh-rsa", "rsa-sha2-256", "rsa-sha2-512")
_STRICT = "kex-strict-s-v00@openssh.com"


def _commands(endpoint: Endpoint) -> tuple[tuple[str, ...], ...]:
    return (("ssh-audit", "-j", "-p", str(endpoint.port), endpoint.address),)


def parse(output: bytes) -> Seen:
    """Read ssh-audit's JSON; a port that answers no key exchange gives its banner alone."""
    said = json.loads(output)
    facts: dict[str, JSON] = {}
    banner = said.get("banner") or {}
    if banner.get("protocol"):
        facts["ssh.protocol"] = ".".join(str(part) for part in banner["protocol"])
        facts["ssh.software"] = banner.get("software")
        facts["ssh.comment"] = banner.get("comments") or None
    for key, fact in _LISTS.items():
        if key in said:
            offered = [one["algorithm"] if isinstance(one, dict) else one for one in said[key]]
            # A marker, not an algorithm (OpenSSH PROTOCOL, 1.10).
            facts[fact] = [name for name in offered if name != _STRICT]
            if key == "kex":
                facts["ssh.strict_key_exchange"] = _STRICT in offered
    if "compression" in said:
        facts["ssh.compression"] = list(said["compression"])
    if "fingerprints" in said:
        sizes = {one["algorithm"]: one.get("keysize", 0) for one in said.get("key", ())}
        facts["ssh.host_keys"] = [
            _host_key(one["hostkey"], one["hash"], sizes)
            for one in said["fingerprints"]
            if one["hash_alg"] == "SHA256"
        ]
    return Seen(facts)


def _host_key(kind: str, digest: str, sizes: Mapping[str, int]) -> dict[str, JSON]:
    if kind == "ssh-rsa":
        # The size stands with the signature algorithms of the key.
        return {"type": "rsa", "bits": max(sizes.get(name, 0) for name in _RSA), "sha256": digest}
    if kind.startswith("ecdsa-sha2-nistp"):
        return {"type": "ecdsa", "bits": int(kind.removeprefix("ecdsa-sha2-nistp")), "sha256": digest}
    return {"type": kind.removeprefix("ssh-"), "bits": sizes.get(kind) or 256, "sha256": digest}


PEER = Peer("ssh-audit", "ssh", _commands, parse)
