"""What the DNS scanner can observe about one domain."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

_ZONE = (
    FactSpec("domain.exists", FactType.BOOL, "the name exists in the DNS"),
    FactSpec("domain.zone", FactType.STRING, "the zone that holds the name; name servers and keys are its"),
    FactSpec("domain.name_servers", FactType.STRINGS, "names of the zone's name servers, sorted"),
    FactSpec("domain.name_server_addresses", FactType.STRINGS, "addresses of all of them, sorted"),
    FactSpec(
        "domain.name_server_networks", FactType.INT, "number of different /24 (IPv4) or /48 (IPv6) of these"
    ),
    FactSpec("domain.signed", FactType.BOOL, "the zone has DNSKEY records and its parent a DS for it"),
    FactSpec(
        "domain.validates",
        FactType.BOOL,
        "checked by us: the parent's signature over DS, DS to DNSKEY, and the signatures over DNSKEY and SOA",
    ),
    FactSpec(
        "domain.signing",
        FactType.STRING,
        "valid, unsigned, ds-missing, parent-unsigned, dnskey-missing, ds-mismatch, signature-missing, "
        "signature-expired, signature-invalid",
    ),
    FactSpec(
        "domain.authenticated",
        FactType.BOOL,
        "the resolver vouches for the whole chain up to its trust anchor (AD flag)",
    ),
    FactSpec("domain.caa", FactType.STRINGS, "CAA records in force (RFC 8659, 3), as `flags tag value`"),
    FactSpec("domain.caa_issuers", FactType.STRINGS, "authorities that issue and issuewild name, sorted"),
    FactSpec(
        "domain.expires", FactType.STRING, "RFC 3339 date on which the registration ends, from the inventory"
    ),
)
_MAIL = (
    FactSpec("domain.mail", FactType.BOOL, "the domain sends or receives mail, from the inventory"),
    FactSpec("domain.mx", FactType.STRINGS, "mail hosts, most preferred first; empty for a null MX"),
    FactSpec("domain.null_mx", FactType.BOOL, "one MX record with an empty host: no mail is accepted"),
    FactSpec("domain.spf", FactType.STRING, "the SPF record (the first in order, of several)", True),
    FactSpec("domain.spf_records", FactType.INT, "number of SPF records; more than one is an error"),
    FactSpec(
        "domain.spf_lookups", FactType.INT, "terms that cost a lookup, nested ones too; counts up to 21", True
    ),
    FactSpec("domain.spf_valid", FactType.BOOL, "the record and all it includes can be evaluated", True),
    FactSpec("domain.spf_all", FactType.STRING, "-all, ~all, ?all, +all; null without a final term", True),
    FactSpec("domain.dmarc", FactType.STRING, "the DMARC record that applies, own or inherited", True),
    FactSpec("domain.dmarc_domain", FactType.STRING, "the domain at which that record stands", True),
    FactSpec("domain.dmarc_policy", FactType.STRING, "none, quarantine or reject, for this domain", True),
    FactSpec("domain.dmarc_subdomain_policy", FactType.STRING, "the same for names below it", True),
    FactSpec("domain.dmarc_percent", FactType.INT, "percentage of mail it applies to", True),
    FactSpec("domain.dmarc_reports", FactType.BOOL, "aggregate reports are sent to an address"),
    FactSpec(
        "domain.dkim",
        FactType.RECORDS,
        "keys of the selectors named by the owner; type rsa, ed25519, revoked, absent or invalid",
        record=("selector", "type", "bits", "testing"),
    ),
    FactSpec("domain.mta_sts", FactType.BOOL, "one valid _mta-sts record"),
    FactSpec(
        "domain.mta_sts_mode", FactType.STRING, "enforce, testing, none; null without a valid file", True
    ),
    FactSpec("domain.tls_reports", FactType.BOOL, "one valid _smtp._tls record with an address"),
    FactSpec(
        "domain.tlsa",
        FactType.RECORDS,
        "TLSA records of the mail hosts; usable: RFC 7672, 3.1; matches: null where not decided",
        record=("host", "usage", "selector", "matching", "usable", "matches"),
    ),
    FactSpec("domain.tlsa_signed", FactType.BOOL, "the zones of these mail hosts validate", True),
    FactSpec("domain.tlsa_matches", FactType.BOOL, "each of these hosts shows a certificate named", True),
)
_NAMES = (
    FactSpec("domain.names", FactType.STRINGS, "names looked at that exist, sorted"),
    FactSpec("domain.names_unanswered", FactType.STRINGS, "names that no resolver could tell about"),
    FactSpec("domain.wildcard", FactType.BOOL, "a name that nobody made leads somewhere too"),
    FactSpec(
        "domain.dangling",
        FactType.STRINGS,
        "records that lead to a name which does not exist, or to a retired server",
    ),
    FactSpec("domain.private_addresses", FactType.STRINGS, "names with private addresses in the public DNS"),
    FactSpec("domain.unregistered_addresses", FactType.STRINGS, "names with addresses that no server has"),
)

FACTS = _ZONE + _MAIL + _NAMES
