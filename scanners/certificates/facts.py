"""What the certificate scanner can observe: one record for each certificate a port serves for a name."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

OBSERVED = (
    FactSpec("certificate.subject", FactType.STRING, "subject as RFC 4514 text"),
    FactSpec("certificate.issuer", FactType.STRING, "issuer as RFC 4514 text"),
    FactSpec("certificate.serial", FactType.STRING, "serial number, hexadecimal"),
    FactSpec("certificate.sha256", FactType.STRING, "SHA-256 of the DER, hexadecimal"),
    FactSpec("certificate.spki_sha256", FactType.STRING, "SHA-256 of the public key, hexadecimal"),
    FactSpec("certificate.names", FactType.STRINGS, "DNS names and IP addresses in subjectAltName"),
    FactSpec(
        "certificate.name_asked",
        FactType.STRING,
        "server name asked for; null when the port was asked bare",
        True,
    ),
    FactSpec(
        "certificate.name_matches",
        FactType.BOOL,
        "valid for the name asked; null when no name was asked",
        True,
    ),
    FactSpec("certificate.not_before", FactType.STRING, "start of validity, RFC 3339 UTC"),
    FactSpec("certificate.not_after", FactType.STRING, "end of validity, RFC 3339 UTC"),
    FactSpec("certificate.lifetime_days", FactType.INT, "whole days between start and end of validity"),
    FactSpec("certificate.key_type", FactType.STRING, "RSA, EC, Ed25519, Ed448, DSA or other"),
    FactSpec("certificate.key_bits", FactType.INT, "bits of the public key"),
    FactSpec("certificate.signature_hash", FactType.STRING, "MD5, SHA1, SHA256 …; null for EdDSA", True),
    FactSpec("certificate.self_signed", FactType.BOOL, "issuer equals subject and its own key verifies it"),
    FactSpec(
        "certificate.trusted",
        FactType.BOOL,
        "chains to Mozilla's store or the zone's own CA, dates and name aside",
    ),
    FactSpec(
        "certificate.publicly_trusted", FactType.BOOL, "chains to Mozilla's store, dates and name aside"
    ),
    FactSpec("certificate.trust_store", FactType.STRING, "store and version the chain was tried against"),
    FactSpec("certificate.chain_length", FactType.INT, "certificates sent"),
    FactSpec(
        "certificate.chain_complete",
        FactType.BOOL,
        "every intermediate needed was sent; null when untrusted",
        True,
    ),
    FactSpec(
        "certificate.chain_expired",
        FactType.STRINGS,
        "subjects of sent intermediates past their end at scan time",
    ),
    FactSpec(
        "certificate.chain_sha1",
        FactType.BOOL,
        "a sent intermediate (not a root) is signed with SHA-1 or MD5",
    ),
    FactSpec("certificate.wildcard", FactType.BOOL, "a name in it is a wildcard"),
    FactSpec(
        "certificate.server_auth",
        FactType.BOOL,
        "extended key usage allows server authentication; null when absent",
        True,
    ),
    FactSpec("certificate.ocsp_url", FactType.BOOL, "the certificate names an OCSP responder"),
    FactSpec("certificate.ocsp_stapled", FactType.BOOL, "an OCSP response was stapled"),
    FactSpec(
        "certificate.ocsp_good",
        FactType.BOOL,
        "the stapled response says good about this certificate and is in date; null when none was stapled",
        True,
    ),
    FactSpec("certificate.scts", FactType.INT, "transparency timestamps embedded in the certificate"),
)

DERIVED = (
    FactSpec(
        "certificate.key_shared_with",
        FactType.STRINGS,
        "other OPDs that serve the same public key; derived over the whole audit",
    ),
    FactSpec(
        "certificate.wildcard_servers",
        FactType.STRINGS,
        "servers that present this wildcard certificate, the own one included; derived over the whole audit",
    ),
)
"""What only the whole audit tells: no scanner observes it."""

FACTS = OBSERVED + DERIVED
