"""ssh-audit: identification, the algorithms offered, and host keys, in JSON."""

from __future__ import annotations

import json

from auditor.model.facts import JSON
from benchmarks.agreement.nouns import Endpoint, Peer, Seen

_LISTS = {
    "kex": "ssh.key_exchange",
    "key": "ssh.host_key_algorithms",
    "enc": "ssh.ciphers",
    "mac": "ssh.macs",
}
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
    return Seen(facts)


PEER = Peer("ssh-audit", "ssh", _commands, parse, version=("ssh-audit", "--help"))
