"""Ask what the domain says about its mail: who receives it, who may send it, and how it is signed."""

from __future__ import annotations

import dns.exception
import dns.name
from dns.rdtypes.ANY.MX import MX

from auditor.model.evidence import FailureKind
from auditor.model.facts import JSON, Facts
from scanners.dns.answers import Unanswered
from scanners.dns.dkim import DkimKey, parse_dkim
from scanners.dns.dmarc import DmarcRecord, domains_above, is_dmarc, parse_dmarc
from scanners.dns.domain import Domain, shown
from scanners.dns.record import RecordError
from scanners.dns.spf_tree import SpfTree, spf_records
from scanners.dns.transport import parse_mta_sts_record, parse_tls_report_record

_MAIL_HOSTS = 20
_SELECTORS = 20


def mx_facts(domain: Domain) -> Facts:
    """Return the mail hosts. A null MX is one record, whose host is the root (RFC 7505, 3)."""
    records = [record for record in domain.asker.ask(domain.name, "MX").records if isinstance(record, MX)]
    null = len(records) == 1 and records[0].exchange == dns.name.root
    return {"domain.mx": [shown(host) for host in mail_hosts(domain)], "domain.null_mx": null}


def mail_hosts(domain: Domain) -> tuple[dns.name.Name, ...]:
    """Return the hosts in the MX records, most preferred first; raise Unanswered for too many of them."""
    records = domain.asker.ask(domain.name, "MX").records
    if len(records) > _MAIL_HOSTS:
        raise Unanswered(FailureKind.PROTOCOL, f"more than {_MAIL_HOSTS} mail hosts")
    found = sorted((record.preference, record.exchange) for record in records if isinstance(record, MX))
    return tuple(dict.fromkeys(host for _, host in found if host != dns.name.root))


def spf_facts(domain: Domain) -> Facts:
    """Return the record and how many there are."""
    records = spf_records(domain, domain.name)
    return {"domain.spf": records[0] if records else None, "domain.spf_records": len(records)}


def spf_tree_facts(domain: Domain) -> Facts:
    """Return what evaluating the record costs and gives, which needs everything it includes."""
    records = spf_records(domain, domain.name)
    if not records:
        return {"domain.spf_lookups": None, "domain.spf_valid": None, "domain.spf_all": None}
    tree = SpfTree(domain)
    final = tree.evaluate(records[0])
    return {
        "domain.spf_lookups": tree.lookups,
        "domain.spf_valid": tree.valid and len(records) == 1,
        "domain.spf_all": final,
    }


def dmarc_facts(domain: Domain) -> Facts:
    """Return the domain's own record or, without one, the nearest above it that has the same owner."""
    own = shown(domain.name)
    for holder in (own, *domains_above(own)):
        name = domain.below(dns.name.from_text(holder), "_dmarc")
        records = [text for text in domain.texts(name) if is_dmarc(text)]
        if records:
            return _dmarc(records, holder, inherited=holder != own)
    return _dmarc([], None, inherited=False)


def _dmarc(texts: list[str], holder: str | None, *, inherited: bool) -> Facts:
    record = _read_dmarc(texts)
    policy = None if record is None else record.subdomain_policy if inherited else record.policy
    return {
        "domain.dmarc": texts[0] if texts else None,
        "domain.dmarc_domain": holder,
        "domain.dmarc_policy": policy,
        "domain.dmarc_subdomain_policy": record.subdomain_policy if record else None,
        "domain.dmarc_percent": record.percent if record else None,
        "domain.dmarc_reports": record is not None and record.reports,
    }


def _read_dmarc(texts: list[str]) -> DmarcRecord | None:
    """Return the one record that receivers obey; with several they obey none (RFC 7489, 6.6.3)."""
    try:
        return parse_dmarc(texts[0]) if len(texts) == 1 else None
    except RecordError:
        return None


def dkim_facts(domain: Domain) -> Facts:
    """Return the keys of the selectors that the owner named; nothing where none is named."""
    selectors = domain.options.dkim_selectors[:_SELECTORS]
    records: list[JSON] = [_dkim_record(domain, selector) for selector in sorted(selectors)]
    return {"domain.dkim": records} if records else {}


def _dkim_record(domain: Domain, selector: str) -> dict[str, JSON]:
    try:
        name = dns.name.from_text(f"{selector}._domainkey", domain.name)
    except (dns.exception.DNSException, UnicodeError, ValueError):
        raise Unanswered(FailureKind.PROTOCOL, f"{selector[:60]!r} is no selector") from None
    texts = domain.texts(name)
    key = _read_dkim(texts[0]) if texts else DkimKey("absent", 0, testing=False)
    if len(texts) > 1:
        key = DkimKey("invalid", 0, testing=False)  # RFC 6376, 3.6.2.2: undefined, so no verifier has to
    return {"selector": selector, "type": key.type, "bits": key.bits, "testing": key.testing}


def _read_dkim(text: str) -> DkimKey:
    try:
        return parse_dkim(text)
    except RecordError:
        return DkimKey("invalid", 0, testing=False)


def transport_facts(domain: Domain) -> Facts:
    """Return whether MTA-STS and TLS reports are announced by one valid record each."""
    return {
        "domain.mta_sts": announces_mta_sts(domain),
        "domain.tls_reports": _one_valid_report_record(domain),
    }


def announces_mta_sts(domain: Domain) -> bool:
    """Say whether there is exactly one _mta-sts record, and it is valid (RFC 8461, 3.1)."""
    texts = [text for text in domain.texts(domain.child("_mta-sts")) if text.startswith("v=STSv1")]
    try:
        return len(texts) == 1 and bool(parse_mta_sts_record(texts[0]))
    except RecordError:
        return False


def _one_valid_report_record(domain: Domain) -> bool:
    texts = domain.texts(domain.child("_smtp", "_tls"))
    texts = tuple(text for text in texts if text.startswith("v=TLSRPTv1"))
    try:
        return len(texts) == 1 and bool(parse_tls_report_record(texts[0]))
    except RecordError:
        return False
