"""The DNS scanner over small worlds: what is told, and what stays open where nobody answered."""

from __future__ import annotations

import base64

import dns.message
import dns.rcode
import pytest

from auditor.model.evidence import FailureKind
from scanners.base import Scanner
from scanners.dns.facts import FACTS
from scanners.dns.names import COMMON_LABELS
from scanners.dns.scanner import DnsScanner
from tests.scanners.dns.asks import limits, scan
from tests.scanners.dns.servers import Records, serve
from tests.scanners.loopback import unused_port

SOA = "ns1.contoh.test. hostmaster.contoh.test. 1 3600 900 1209600 300"
BASE = {
    "contoh.test SOA": [SOA],
    "contoh.test NS": ["ns1.contoh.test.", "ns2.contoh.test."],
    "contoh.test A": ["203.0.113.10"],
    "ns1.contoh.test A": ["203.0.113.53"],
    "ns2.contoh.test AAAA": ["2001:db8:1::53"],
}


def world(more: dict[str, list[str]] | None = None, **failing: dns.rcode.Rcode) -> Records:
    """Return a domain with these records too; `failing` names are spelt with _ for the dots."""
    return Records(
        BASE | (more or {}), "contoh.test", {key.replace("_", "."): code for key, code in failing.items()}
    )


def facts_of(more: dict[str, list[str]] | None = None, **options: object) -> dict[str, object]:
    """Return what is told about the domain with these records too."""
    with serve(world(more)) as server:
        seen = scan("contoh.test", server.resolver, **options)  # type: ignore[arg-type]
    assert seen.failure is None
    return dict(seen.facts)


def test_it_is_a_scanner() -> None:
    scanner: Scanner = DnsScanner()
    assert (scanner.name, scanner.facts) == ("dns", FACTS)


def test_a_plain_domain_gives_every_fact_that_the_inventory_allows() -> None:
    facts = facts_of(
        addresses=["203.0.113.10"], mail=False, expires="2027-05-01", public_view=True, dkim_selectors=["a"]
    )
    assert facts.keys() == {spec.name for spec in FACTS}
    assert facts["domain.exists"] is True
    assert facts["domain.zone"] == "contoh.test"
    assert facts["domain.name_servers"] == ["ns1.contoh.test", "ns2.contoh.test"]
    assert facts["domain.name_server_addresses"] == ["203.0.113.53", "2001:db8:1::53"]
    assert facts["domain.name_server_networks"] == 2
    assert facts["domain.signing"] == "unsigned"
    assert (facts["domain.signed"], facts["domain.validates"]) == (False, False)
    assert facts["domain.expires"] == "2027-05-01T00:00:00Z"
    assert facts["domain.names"] == ["contoh.test"]
    assert facts["domain.unregistered_addresses"] == []
    assert facts["domain.dkim"] == [{"selector": "a", "type": "absent", "bits": 0, "testing": False}]


def test_what_the_inventory_does_not_know_is_not_told() -> None:
    facts = facts_of(expires=None)
    assert facts.keys().isdisjoint(
        {"domain.mail", "domain.expires", "domain.unregistered_addresses", "domain.dkim"}
    )


def test_a_domain_that_does_not_exist_is_told_and_nothing_more_is_asked() -> None:
    with serve(world()) as server:
        seen = scan("hilang.test", server.resolver, mail=True)
    assert seen.facts == {"domain.exists": False, "domain.mail": True}
    assert seen.failure is None
    assert len(server.questions) == 1


def test_a_name_inside_a_zone_is_judged_by_its_zone() -> None:
    records = {"dinkes.contoh.test A": ["203.0.113.11"]}
    with serve(world(records)) as server:
        facts = scan("dinkes.contoh.test", server.resolver).facts
    assert facts["domain.zone"] == "contoh.test"
    assert facts["domain.name_server_networks"] == 2


@pytest.mark.parametrize(
    ("refused", "missing"),
    [
        ("contoh.test NS", {"domain.name_servers", "domain.name_server_networks", "domain.dangling"}),
        ("ns2.contoh.test", {"domain.name_server_addresses", "domain.name_server_networks"}),
        ("contoh.test DNSKEY", {"domain.signing", "domain.signed", "domain.validates"}),
        ("contoh.test CAA", {"domain.caa", "domain.caa_issuers"}),
        ("contoh.test MX", {"domain.mx", "domain.null_mx", "domain.tlsa", "domain.dangling"}),
        ("contoh.test TXT", {"domain.spf", "domain.spf_records", "domain.spf_lookups"}),
        ("_dmarc.contoh.test", {"domain.dmarc", "domain.dmarc_policy", "domain.dmarc_reports"}),
        ("_mta-sts.contoh.test", {"domain.mta_sts", "domain.mta_sts_mode"}),
        ("old.contoh.test", {"domain.unregistered_addresses", "domain.dangling"}),
    ],
)
def test_a_question_without_an_answer_leaves_only_its_own_facts_open(refused: str, missing: set[str]) -> None:
    records = Records(BASE, "contoh.test", {refused: dns.rcode.SERVFAIL})
    with serve(records) as server:
        seen = scan("contoh.test", server.resolver, addresses=["203.0.113.10"])
    assert missing.isdisjoint(seen.facts)
    assert "domain.exists" in seen.facts
    assert len(seen.facts) > 20
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.PROTOCOL
    assert "SERVFAIL" in seen.failure.detail


@pytest.mark.parametrize(
    "resolver", ["", "dns.test", "127.0.0.1:0", "127.0.0.1:99999", "[::1]:x", "010.0.0.1"]
)
def test_a_resolver_that_is_no_address_is_never_asked(resolver: str) -> None:
    seen = scan("contoh.test", resolver)
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TOOL_MISSING
    assert seen.facts == {}


@pytest.mark.parametrize("domain", ["", ".", "a" * 64 + ".test", "..", f"{'abc.' * 70}test"])
def test_what_is_no_domain_is_not_asked_about(domain: str) -> None:
    with serve(world()) as server:
        seen = scan(domain, server.resolver)
    assert seen.failure is not None
    assert server.questions == []


def test_without_an_answer_at_all_there_are_no_facts_but_those_of_the_inventory() -> None:
    seen = scan("contoh.test", f"127.0.0.1:{unused_port()}", mail=False)
    assert seen.facts == {"domain.mail": False}
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.REFUSED


def test_every_answer_is_kept_as_it_came() -> None:
    with serve(world()) as server:
        seen = scan("contoh.test", server.resolver)
    (raw,) = seen.raw
    lines = raw.content.decode().splitlines()
    assert len(lines) == len(server.questions)
    first = lines[0].split(" ")
    assert first[:2] == ["127.0.0.1", str(server.port)]
    message = dns.message.from_wire(base64.b64decode(first[-1]))
    assert message.answer[0].to_text() == f"contoh.test. 300 IN SOA {SOA}"


def test_questions_are_few() -> None:
    names = [f"n{number}.contoh.test" for number in range(20)]
    with serve(world()) as server:
        scan("contoh.test", server.resolver, names=names)
    assert len(server.questions) <= 60 + 3 * (len(names) + len(COMMON_LABELS))


def test_two_scans_of_the_same_world_tell_the_same() -> None:
    records = {
        "www.contoh.test A": [f"203.0.113.{last}" for last in (9, 7, 8)],
        "contoh.test TXT": ['"b"', '"a"'],
    }
    assert facts_of(records, addresses=[]) == facts_of(records, addresses=[])


def test_a_silent_resolver_is_given_up_soon() -> None:
    with serve(lambda _query, _transport: []) as server:
        seen = scan("contoh.test", server.resolver, given=limits(answer_seconds=0.05))
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.TIMEOUT
    assert len(server.questions) == 2
