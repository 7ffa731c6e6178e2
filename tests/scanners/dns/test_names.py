"""Names below the domain: forgotten, internal, unregistered, made by a wildcard."""

from __future__ import annotations

import dns.rcode
import pytest

from tests.scanners.dns.asks import scan
from tests.scanners.dns.servers import serve
from tests.scanners.dns.test_scanner import facts_of, world


@pytest.mark.parametrize(
    ("records", "dangling"),
    [
        ({"www.contoh.test CNAME": ["contoh.test."]}, []),
        ({"www.contoh.test CNAME": ["hilang.awan.test."]}, ["www.contoh.test CNAME hilang.awan.test"]),
        (
            {"www.contoh.test CNAME": ["a.contoh.test."], "a.contoh.test CNAME": ["hilang.test."]},
            ["www.contoh.test CNAME hilang.test"],
        ),
        ({"www.contoh.test CNAME": ["ada.awan.test."], "ada.awan.test TXT": ["x"]}, []),
        ({"www.contoh.test CNAME": ["www.contoh.test."]}, []),
        ({"contoh.test MX": ["10 surel.hilang.test."]}, ["contoh.test MX surel.hilang.test"]),
        ({"contoh.test MX": ["0 ."]}, []),
        ({"contoh.test NS": ["ns1.contoh.test.", "ns.hilang.test."]}, ["contoh.test NS ns.hilang.test"]),
        ({"old.contoh.test A": ["203.0.113.99"]}, ["old.contoh.test A 203.0.113.99"]),
        ({"old.contoh.test AAAA": ["2001:db8::99"]}, ["old.contoh.test AAAA 2001:db8::99"]),
    ],
)
def test_what_leads_to_what_is_gone_is_told(records: dict[str, list[str]], dangling: list[str]) -> None:
    facts = facts_of(records, released=["203.0.113.99", "2001:db8::99"])
    assert facts["domain.dangling"] == dangling


def test_what_was_found_is_told_even_where_other_names_had_no_answer() -> None:
    records = world({"www.contoh.test CNAME": ["hilang.test."]}, old_contoh_test=dns.rcode.SERVFAIL)
    with serve(records) as server:
        facts = scan("contoh.test", server.resolver).facts
    assert facts["domain.dangling"] == ["www.contoh.test CNAME hilang.test"]
    assert facts["domain.names_unanswered"] == ["old.contoh.test"]


def test_names_of_the_inventory_are_looked_at_and_others_are_not() -> None:
    records = {"bagus.contoh.test A": ["203.0.113.20"], "lain.test A": ["203.0.113.21"]}
    names = [
        "bagus.contoh.test",
        "lain.test",
        "tiada.contoh.test",
        "203.0.113.10",
        "*.contoh.test",
        "",
        "x" * 70,
    ]
    with serve(world(records)) as server:
        facts = scan("contoh.test", server.resolver, names=names, addresses=["203.0.113.10"]).facts
    assert facts["domain.names"] == ["bagus.contoh.test", "contoh.test"]
    assert facts["domain.unregistered_addresses"] == ["bagus.contoh.test 203.0.113.20"]
    assert "lain.test" not in {name for name, _, _ in server.questions}


def test_an_address_of_either_family_is_compared_by_value() -> None:
    records = {"www.contoh.test AAAA": ["2001:db8::10"], "www.contoh.test A": ["203.0.113.10"]}
    facts = facts_of(records, addresses=["203.0.113.10", "2001:0db8:0:0::10"])
    assert facts["domain.unregistered_addresses"] == []


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("10.1.2.3", True),
        ("172.31.255.255", True),
        ("172.32.0.1", False),
        ("192.168.1.1", True),
        ("127.0.0.1", True),
        ("100.64.0.1", True),
        ("169.254.169.254", True),
        ("203.0.113.7", False),
        ("fd00::1", True),
        ("::1", True),
        ("2001:db8::1", False),
    ],
)
def test_private_addresses_in_the_public_view_are_told(address: str, private: bool) -> None:
    kind = "AAAA" if ":" in address else "A"
    facts = facts_of({f"db.contoh.test {kind}": [address]}, public_view=True)
    assert facts["domain.private_addresses"] == ([f"db.contoh.test {address}"] if private else [])


def test_a_resolver_inside_tells_nothing_about_what_the_public_sees() -> None:
    assert "domain.private_addresses" not in facts_of({"db.contoh.test A": ["10.1.2.3"]})


@pytest.mark.parametrize("record", ["*.contoh.test A", "*.contoh.test CNAME"])
def test_a_wildcard_is_told_once_and_hides_no_name_of_its_own(record: str) -> None:
    target = "203.0.113.77" if record.endswith("A") else "contoh.test."
    address = "203.0.113.77" if record.endswith("A") else "203.0.113.10"
    records = {record: [target], "dev.contoh.test A": ["203.0.113.78"]}
    facts = facts_of(records, addresses=[], names=["situs.contoh.test"])
    assert facts["domain.wildcard"] is True
    assert facts["domain.names"] == ["*.contoh.test", "contoh.test", "dev.contoh.test", "situs.contoh.test"]
    assert facts["domain.unregistered_addresses"] == [
        f"*.contoh.test {address}",
        "contoh.test 203.0.113.10",
        "dev.contoh.test 203.0.113.78",
        f"situs.contoh.test {address}",
    ]


def test_a_wildcard_that_leads_to_what_is_gone_is_told() -> None:
    facts = facts_of({"*.contoh.test CNAME": ["hilang.test."]})
    assert facts["domain.dangling"] == ["*.contoh.test CNAME hilang.test"]


def test_names_that_are_too_long_to_guess_below_are_still_judged() -> None:
    domain = ".".join(("a" * 60, "b" * 60, "c" * 60, "d" * 44, "contoh", "test"))
    records = world({f"{domain} A": ["203.0.113.30"]})
    with serve(records) as server:
        facts = scan(domain, server.resolver, addresses=[]).facts
    assert facts["domain.unregistered_addresses"] == [f"{domain} 203.0.113.30"]
    assert "domain.wildcard" not in facts
