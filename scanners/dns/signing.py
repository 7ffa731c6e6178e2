"""Judge whether a zone is signed and its last link of trust holds (RFC 4033 to 4035). Pure.

The link from the parent is verified here: its signature over DS, DS to DNSKEY, and the signatures over
DNSKEY and SOA. For what lies above the parent there is only the resolver's word (its AD flag).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import dns.name
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from auditor.model.evidence import FailureKind
from scanners.dns.answers import Answer, Unanswered
from scanners.dns.signature import ALGORITHMS, names, verifies

_MAXIMUM_RECORDS = 16
"""Keys, digests and signatures of one kind: each pair may cost a verification (CVE-2023-50387)."""


class Signing(StrEnum):
    """What became of the last link."""

    VALID = "valid"
    UNSIGNED = "unsigned"
    DS_MISSING = "ds-missing"
    PARENT_UNSIGNED = "parent-unsigned"
    DNSKEY_MISSING = "dnskey-missing"
    DS_MISMATCH = "ds-mismatch"
    SIGNATURE_MISSING = "signature-missing"
    SIGNATURE_EXPIRED = "signature-expired"
    SIGNATURE_INVALID = "signature-invalid"


@dataclass(frozen=True, slots=True)
class Link:
    """The answers that one link of the chain is made of; `parent_keys` where the DS record is signed."""

    zone: dns.name.Name
    ds: Answer
    keys: Answer
    soa: Answer
    parent_keys: Answer | None


def signer(answer: Answer) -> dns.name.Name | None:
    """Return the zone that signed an answer, or None for an unsigned one."""
    return answer.signatures[0].signer if answer.signatures else None


def judge_link(link: Link, now_seconds: float) -> Signing:
    """Return what became of a link; raise Unanswered where this program cannot decide it."""
    if not link.keys.records:
        return Signing.DNSKEY_MISSING if link.ds.records else Signing.UNSIGNED
    if not link.ds.records:
        return Signing.DS_MISSING
    for answer in (link.ds, link.keys, link.soa, *([link.parent_keys] if link.parent_keys else [])):
        if max(len(answer.records), len(answer.signatures)) > _MAXIMUM_RECORDS:
            raise Unanswered(FailureKind.PROTOCOL, "more keys or signatures than a zone needs")
    trusted = _keys_named_by_ds(link)
    if not trusted:
        return Signing.DS_MISMATCH
    return (
        _verified(link.keys, link.zone, trusted, now_seconds)
        or _verified(link.soa, link.zone, _keys(link.keys), now_seconds)
        or _verified_by_parent(link, now_seconds)
        or Signing.VALID
    )


def _keys_named_by_ds(link: Link) -> tuple[DNSKEY, ...]:
    """Return the keys whose digest the parent publishes; raise Unanswered where none can be told here."""
    pairs = [
        (key, names(ds, key, link.zone))
        for ds in link.ds.records
        if isinstance(ds, DS)
        for key in _keys(link.keys)
    ]
    if all(named is None for _, named in pairs):
        raise Unanswered(FailureKind.PROTOCOL, "the DS records use digests that are not known here")
    return tuple(dict.fromkeys(key for key, named in pairs if named))


def _verified_by_parent(link: Link, now_seconds: float) -> Signing | None:
    parent = signer(link.ds)
    if parent is None or link.parent_keys is None:
        return Signing.PARENT_UNSIGNED
    if parent == link.zone or not link.zone.is_subdomain(parent):
        return Signing.SIGNATURE_INVALID
    return _verified(link.ds, parent, _keys(link.parent_keys), now_seconds)


def _verified(
    answer: Answer, zone: dns.name.Name, keys: tuple[DNSKEY, ...], now_seconds: float
) -> Signing | None:
    """Return None when a signature over the answer holds, else why none does."""
    signatures = [one for one in answer.signatures if one.signer == zone]
    if answer.owned is None or not signatures:
        return Signing.SIGNATURE_MISSING
    if not any(one.algorithm in ALGORITHMS for one in signatures):
        raise Unanswered(FailureKind.PROTOCOL, "the zone is signed with algorithms that are not known here")
    current = [one for one in signatures if one.inception <= now_seconds <= one.expiration]
    if any(verifies(answer.owned, one, key) for one in current for key in keys):
        return None
    if all(one.expiration < now_seconds for one in signatures):
        return Signing.SIGNATURE_EXPIRED
    return Signing.SIGNATURE_INVALID


def _keys(answer: Answer) -> tuple[DNSKEY, ...]:
    return tuple(record for record in answer.records if isinstance(record, DNSKEY))
