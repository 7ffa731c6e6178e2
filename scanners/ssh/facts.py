"""What the SSH scanner can observe before any login."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec(
        "ssh.protocol", FactType.STRING, "protocol version of the identification line: 2.0, 1.99 or 1.5"
    ),
    FactSpec("ssh.software", FactType.STRING, "software part of the identification line"),
    FactSpec(
        "ssh.comment", FactType.STRING, "comment part of the identification line; null when absent", True
    ),
    FactSpec(
        "ssh.key_exchange", FactType.STRINGS, "key exchange algorithms offered, in order, without markers"
    ),
    FactSpec("ssh.host_key_algorithms", FactType.STRINGS, "host key signature algorithms offered, in order"),
    FactSpec("ssh.ciphers", FactType.STRINGS, "ciphers offered in either direction, in order"),
    FactSpec("ssh.macs", FactType.STRINGS, "MACs offered in either direction, in order"),
    FactSpec("ssh.compression", FactType.STRINGS, "compression methods offered"),
    FactSpec("ssh.strict_key_exchange", FactType.BOOL, "offers kex-strict-s-v00@openssh.com"),
    FactSpec("ssh.host_keys", FactType.RECORDS, "host keys served", record=("type", "bits", "sha256")),
    FactSpec("ssh.authentication_methods", FactType.STRINGS, "methods offered to an unknown user, sorted"),
)
