"""What the SSH scanner can observe before any login."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

OBSERVED = (
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
    FactSpec("ssh.banner", FactType.STRING, "text shown before any login; null when none is", nullable=True),
    FactSpec(
        "ssh.group_exchange_bits",
        FactType.INT,
        "modulus given when 1024 bits were asked for; null when no group exchange is offered",
        nullable=True,
    ),
)

DERIVED = (
    FactSpec(
        "ssh.host_key_shared_with",
        FactType.STRINGS,
        "other servers that serve one of these host keys; derived over the whole audit",
    ),
)

FACTS = OBSERVED + DERIVED

GREETING_FACTS = ("ssh.protocol", "ssh.software")
"""Names of the facts that tell a server changed, from the first line it says."""
OFFER_FACTS = (
    "ssh.key_exchange",
    "ssh.host_key_algorithms",
    "ssh.ciphers",
    "ssh.macs",
    "ssh.compression",
    "ssh.strict_key_exchange",
)
"""Names of the facts that its offer of algorithms gives, on the same connection."""
SESSION_FACTS = ("ssh.host_keys",)
"""Names of the facts that an unchanged server keeps: its keys cost a connection for each type.

Which ways to log in are offered is asked every time: that can change and nothing else show it.
"""
