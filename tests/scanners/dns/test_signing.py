"""The last link of trust, over zones signed by BIND with every algorithm in use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.RRSIG import RRSIG

from scanners.dns.answers import Answer, Unanswered
from scanners.dns.signature import verifies
from scanners.dns.signing import Link, Signing, judge_link, signer
from tests.scanners.dns.sign_fixtures import ALGORITHMS, FOLDER

ZONE = dns.name.from_text("contoh.test")
DURING = datetime(2027, 1, 1, tzinfo=UTC).timestamp()
BEFORE = datetime(2025, 12, 31, tzinfo=UTC).timestamp()
AFTER = datetime(2036, 1, 2, tzinfo=UTC).timestamp()
FILES = tuple(name.lower() for name in ALGORITHMS)
NOTHING = Answer(exists=True)


def link(file: str = "ecdsap256sha256") -> Link:
    """Return the link that a fixture holds."""
    lines = [line.split(" ", 4) for line in (FOLDER / f"{file}.txt").read_text().splitlines()]

    def records(owner: str, kind: str) -> list[dns.rdata.Rdata]:
        return [
            dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), fields[4])
            for fields in lines
            if fields[0] == f"{owner}." and fields[3] == kind
        ]

    def answer(owner: str, kind: str) -> Answer:
        found = records(owner, kind)
        covered = dns.rdatatype.from_text(kind)
        signatures = [one for one in records(owner, "RRSIG") if isinstance(one, RRSIG)]
        return Answer(
            exists=True,
            records=tuple(found),
            owned=dns.rrset.from_rdata_list(dns.name.from_text(owner), 300, found),
            signatures=tuple(one for one in signatures if one.type_covered == covered),
        )

    zone = "contoh.test"
    return Link(
        ZONE, answer(zone, "DS"), answer(zone, "DNSKEY"), answer(zone, "SOA"), answer("test", "DNSKEY")
    )


@pytest.mark.parametrize("file", FILES)
def test_a_zone_signed_with_each_algorithm_validates(file: str) -> None:
    assert judge_link(link(file), DURING) is Signing.VALID


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("part", ["ds", "keys", "soa"])
def test_a_changed_signature_does_not_hold(file: str, part: str) -> None:
    whole = link(file)
    answer: Answer = getattr(whole, part)
    forged = tuple(
        one.replace(signature=bytes([one.signature[0] ^ 1]) + one.signature[1:]) for one in answer.signatures
    )
    changed = replace(whole, **{part: replace(answer, signatures=forged)})
    assert judge_link(changed, DURING) is Signing.SIGNATURE_INVALID


@pytest.mark.parametrize("file", FILES)
def test_a_changed_record_is_not_covered(file: str) -> None:
    whole = link(file)
    assert whole.soa.owned is not None
    soa = whole.soa.records[0].replace(serial=2)
    changed = replace(whole.soa, records=(soa,), owned=dns.rrset.from_rdata(ZONE, 300, soa))
    assert judge_link(replace(whole, soa=changed), DURING) is Signing.SIGNATURE_INVALID


@pytest.mark.parametrize(
    ("moment", "signing"), [(AFTER, Signing.SIGNATURE_EXPIRED), (BEFORE, Signing.SIGNATURE_INVALID)]
)
def test_signatures_hold_between_their_dates(moment: float, signing: Signing) -> None:
    assert judge_link(link(), moment) is signing


def test_a_zone_without_keys_is_unsigned_or_broken() -> None:
    whole = link()
    assert judge_link(replace(whole, ds=NOTHING, keys=NOTHING), DURING) is Signing.UNSIGNED
    assert judge_link(replace(whole, keys=NOTHING), DURING) is Signing.DNSKEY_MISSING
    assert judge_link(replace(whole, ds=NOTHING), DURING) is Signing.DS_MISSING


def test_keys_that_the_parent_does_not_name_are_worth_nothing() -> None:
    assert judge_link(replace(link(), keys=link("ed25519").keys), DURING) is Signing.DS_MISMATCH
    ds = link().ds
    other = ds.records[0].replace(digest=bytes(32))
    assert judge_link(replace(link(), ds=replace(ds, records=(other,))), DURING) is Signing.DS_MISMATCH


@pytest.mark.parametrize("part", ["keys", "soa"])
def test_a_signature_that_is_not_there_is_missing(part: str) -> None:
    whole = link()
    answer: Answer = getattr(whole, part)
    changed = replace(whole, **{part: replace(answer, signatures=())})
    assert judge_link(changed, DURING) is Signing.SIGNATURE_MISSING


def test_an_unsigned_parent_is_told() -> None:
    whole = link()
    unsigned = replace(whole, ds=replace(whole.ds, signatures=()), parent_keys=None)
    assert signer(unsigned.ds) is None
    assert judge_link(unsigned, DURING) is Signing.PARENT_UNSIGNED


def test_a_zone_cannot_vouch_for_itself() -> None:
    whole = link()
    own = tuple(one.replace(signer=ZONE) for one in whole.ds.signatures)
    forged = replace(whole, ds=replace(whole.ds, signatures=own), parent_keys=whole.keys)
    assert judge_link(forged, DURING) is Signing.SIGNATURE_INVALID


@pytest.mark.parametrize("change", [{"flags": 0}, {"flags": 0x0181}, {"protocol": 2}])
def test_a_key_that_may_not_sign_zones_is_not_named(change: dict[str, int]) -> None:
    whole = link()
    keys = tuple(key.replace(**change) for key in whole.keys.records)
    assert judge_link(replace(whole, keys=replace(whole.keys, records=keys)), DURING) is Signing.DS_MISMATCH


def test_digests_and_algorithms_of_the_future_decide_nothing() -> None:
    whole = link()
    ds = tuple(one.replace(digest_type=99) for one in whole.ds.records)
    with pytest.raises(Unanswered):
        judge_link(replace(whole, ds=replace(whole.ds, records=ds)), DURING)
    signatures = tuple(one.replace(algorithm=253) for one in whole.keys.signatures)
    with pytest.raises(Unanswered):
        judge_link(replace(whole, keys=replace(whole.keys, signatures=signatures)), DURING)


@pytest.mark.parametrize("part", ["ds", "keys", "parent_keys"])
def test_a_flood_of_records_is_not_worked_through(part: str) -> None:
    whole = link()
    answer: Answer = getattr(whole, part)
    flood = replace(whole, **{part: replace(answer, records=answer.records * 20)})
    with pytest.raises(Unanswered):
        judge_link(flood, DURING)


@pytest.mark.parametrize(
    "key", [b"", b"\0", b"\x03\x01\x00", b"\xff" * 5, bytes(64), b"\1" * 300, b"\1" * 5000]
)
@pytest.mark.parametrize("algorithm", [5, 8, 13, 14, 15, 16, 200])
def test_a_malformed_key_verifies_nothing(key: bytes, algorithm: int) -> None:
    soa = link().soa
    assert soa.owned is not None
    broken = DNSKEY(dns.rdataclass.IN, dns.rdatatype.DNSKEY, 257, 3, algorithm, key)
    for body in (b"", b"\0" * 64, bytes(range(96))):
        signature = soa.signatures[0].replace(
            algorithm=algorithm, key_tag=dns.dnssec.key_id(broken), signature=body
        )
        assert not verifies(soa.owned, signature, broken)
