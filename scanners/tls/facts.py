"""What the TLS scanner can observe about one port."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec("tls.spoken", FactType.BOOL, "the port speaks TLS, directly or after STARTTLS"),
    FactSpec(
        "tls.starttls",
        FactType.STRING,
        "the STARTTLS protocol used (smtp, imap …); null for direct TLS",
        True,
    ),
    FactSpec("tls.ssl_2_0", FactType.BOOL, "accepts SSL 2.0"),
    FactSpec("tls.ssl_3_0", FactType.BOOL, "accepts SSL 3.0"),
    FactSpec("tls.tls_1_0", FactType.BOOL, "accepts TLS 1.0"),
    FactSpec("tls.tls_1_1", FactType.BOOL, "accepts TLS 1.1"),
    FactSpec("tls.tls_1_2", FactType.BOOL, "accepts TLS 1.2"),
    FactSpec("tls.tls_1_3", FactType.BOOL, "accepts TLS 1.3"),
    FactSpec(
        "tls.cipher_suites",
        FactType.STRINGS,
        "IANA names accepted in SSL 3.0 to TLS 1.3, sorted; SSL 2.0 apart",
    ),
    FactSpec(
        "tls.groups",
        FactType.STRINGS,
        "groups accepted for key exchange, sorted: curves, and in TLS 1.3 finite fields (ffdhe…) and hybrids",
    ),
    FactSpec(
        "tls.dh_bits",
        FactType.INT,
        "smallest finite-field DH prime used before TLS 1.3; null when none is used",
        True,
    ),
    FactSpec("tls.compression", FactType.BOOL, "TLS compression is accepted"),
    FactSpec(
        "tls.secure_renegotiation", FactType.BOOL, "the renegotiation_info extension (RFC 5746) is supported"
    ),
    FactSpec("tls.client_renegotiation", FactType.BOOL, "the client may renegotiate repeatedly"),
    FactSpec("tls.early_data", FactType.BOOL, "TLS 1.3 early data is accepted"),
    FactSpec("tls.fallback_scsv", FactType.BOOL, "a downgrade is refused by TLS_FALLBACK_SCSV", True),
    FactSpec("tls.extended_master_secret", FactType.BOOL, "extended master secret (RFC 7627) is supported"),
    FactSpec(
        "tls.alpn",
        FactType.STRING,
        "application protocol chosen of h2 and http/1.1; null when none, and after STARTTLS",
        True,
    ),
    FactSpec("tls.heartbleed", FactType.BOOL, "vulnerable to Heartbleed (asked only with consent)"),
    FactSpec("tls.ccs_injection", FactType.BOOL, "vulnerable to CCS injection (asked only with consent)"),
    FactSpec("tls.robot", FactType.BOOL, "a ROBOT oracle was found (asked only with consent)"),
)

SESSION_FACTS = ("tls.client_renegotiation", "tls.early_data")
"""Facts that take whole handshakes: reused while the handshake facts stay as they were."""

CONSENT_FACTS = ("tls.heartbleed", "tls.ccs_injection", "tls.robot")
"""Facts of tests that imitate an attack; never reused, for a patch does not show in a handshake."""

HANDSHAKE_FACTS = tuple(spec.name for spec in FACTS if spec.name not in (*SESSION_FACTS, *CONSENT_FACTS))
"""Facts that ClientHellos alone tell: measured afresh every time."""
