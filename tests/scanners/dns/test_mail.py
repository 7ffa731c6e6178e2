"""What a domain says about its mail, over small worlds."""

from __future__ import annotations

import pytest

from tests.scanners.dns.asks import scan
from tests.scanners.dns.servers import serve
from tests.scanners.dns.test_records import ED25519, RSA
from tests.scanners.dns.test_scanner import facts_of, world


def of(facts: dict[str, object], *names: str) -> tuple[object, ...]:
    """Return some facts of the domain."""
    return tuple(facts[f"domain.{name}"] for name in names)


@pytest.mark.parametrize(
    ("records", "hosts", "null"),
    [
        ([], [], False),
        (["0 ."], [], True),
        (["20 b.contoh.test.", "10 C.contoh.test.", "10 a.contoh.test."], ["a", "c", "b"], False),
        (["0 .", "10 a.contoh.test."], ["a"], False),
    ],
)
def test_mail_hosts_are_told_in_order(records: list[str], hosts: list[str], null: bool) -> None:
    facts = facts_of({"contoh.test MX": records} if records else {})
    assert of(facts, "mx", "null_mx") == ([f"{host}.contoh.test" for host in hosts], null)


def test_two_spf_records_are_counted_and_are_no_valid_one() -> None:
    facts = facts_of({"contoh.test TXT": ['"v=spf1 mx -all"', '"v=spf1 -all"', '"hello"']})
    assert of(facts, "spf", "spf_records", "spf_valid") == ("v=spf1 -all", 2, False)


@pytest.mark.parametrize(
    ("records", "policy", "below", "percent", "holder"),
    [
        ({}, None, None, None, None),
        (
            {"_dmarc.a.contoh.test": ["v=DMARC1; p=reject; sp=none; pct=5"]},
            "reject",
            "none",
            5,
            "a.contoh.test",
        ),
        ({"_dmarc.contoh.test": ["v=DMARC1; p=reject"]}, "reject", "reject", 100, "contoh.test"),
        ({"_dmarc.contoh.test": ["v=DMARC1; p=none; sp=reject"]}, "reject", "reject", 100, "contoh.test"),
        (
            {"_dmarc.a.contoh.test": ["v=DMARC1; p=none"], "_dmarc.contoh.test": ["v=DMARC1; p=reject"]},
            "none",
            "none",
            100,
            "a.contoh.test",
        ),
        ({"_dmarc.a.contoh.test": ["v=DMARC1; p=x"]}, None, None, None, "a.contoh.test"),
        (
            {"_dmarc.a.contoh.test": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]},
            None,
            None,
            None,
            "a.contoh.test",
        ),
        (
            {"_dmarc.a.contoh.test": ["v=spf1 -all", "v=DMARC1; p=reject"]},
            "reject",
            "reject",
            100,
            "a.contoh.test",
        ),
        ({"_dmarc.test": ["v=DMARC1; p=reject"]}, None, None, None, None),
    ],
)
def test_the_dmarc_record_that_applies_is_told(
    records: dict[str, list[str]], policy: str, below: str, percent: int, holder: str
) -> None:
    texts = {f"{name} TXT": [f'"{text}"' for text in given] for name, given in records.items()}
    with serve(world({"a.contoh.test A": ["203.0.113.4"], **texts})) as server:
        facts = dict(scan("a.contoh.test", server.resolver).facts)
    got = of(facts, "dmarc_policy", "dmarc_subdomain_policy", "dmarc_percent", "dmarc_domain")
    assert got == (policy, below, percent, holder)
    assert (facts["domain.dmarc"] is None) is (holder is None)


def test_the_selectors_that_the_owner_named_are_measured() -> None:
    split = f'"v=DKIM1; k=rsa; p={RSA[:200]}" "{RSA[200:]}"'
    facts = facts_of(
        {
            "rsa._domainkey.contoh.test TXT": [split],
            "kurva._domainkey.contoh.test TXT": [f'"v=DKIM1; k=ed25519; t=y; p={ED25519}"'],
            "lama._domainkey.contoh.test TXT": ['"v=DKIM1; p="'],
            "dua._domainkey.contoh.test TXT": ['"v=DKIM1; p="', f'"p={ED25519}"'],
            "rusak._domainkey.contoh.test TXT": ['"v=DKIM1; p=zzz"'],
            "sub.bagian._domainkey.contoh.test TXT": ['"v=DKIM1; p="'],
        },
        dkim_selectors=["rsa", "kurva", "lama", "dua", "rusak", "tiada", "sub.bagian"],
    )
    keys = facts["domain.dkim"]
    assert isinstance(keys, list)
    assert [(key["selector"], key["type"], key["bits"], key["testing"]) for key in keys] == [
        ("dua", "invalid", 0, False),
        ("kurva", "ed25519", 256, True),
        ("lama", "revoked", 0, False),
        ("rsa", "rsa", 2048, False),
        ("rusak", "invalid", 0, False),
        ("sub.bagian", "revoked", 0, False),
        ("tiada", "absent", 0, False),
    ]


@pytest.mark.parametrize("selector", ["x" * 64, "a..b"])
def test_what_is_no_selector_leaves_the_keys_open(selector: str) -> None:
    with serve(world()) as server:
        seen = scan("contoh.test", server.resolver, dkim_selectors=[selector])
    assert "domain.dkim" not in seen.facts
    assert seen.failure is not None
    assert "selector" in seen.failure.detail


@pytest.mark.parametrize(
    ("texts", "announced"),
    [
        ([], False),
        (["v=STSv1; id=1"], True),
        (["v=STSv1; id=1", "v=STSv1; id=2"], False),
        (["v=STSv1; id=1", "other"], True),
        (["v=STSv1; id=1-2"], False),
    ],
)
def test_mta_sts_is_announced_by_one_valid_record(texts: list[str], announced: bool) -> None:
    facts = facts_of({"_mta-sts.contoh.test TXT": [f'"{text}"' for text in texts]} if texts else {})
    assert facts["domain.mta_sts"] is announced


@pytest.mark.parametrize(
    ("texts", "requested"),
    [
        ([], False),
        (["v=TLSRPTv1; rua=mailto:a@contoh.test"], True),
        (["v=TLSRPTv1; rua=a@contoh.test"], False),
        (["v=TLSRPTv1; rua=mailto:a@contoh.test", "v=TLSRPTv1; rua=mailto:b@contoh.test"], False),
    ],
)
def test_tls_reports_are_requested_by_one_valid_record(texts: list[str], requested: bool) -> None:
    facts = facts_of({"_smtp._tls.contoh.test TXT": [f'"{text}"' for text in texts]} if texts else {})
    assert facts["domain.tls_reports"] is requested


@pytest.mark.parametrize(
    ("records", "shown", "issuers"),
    [
        ({}, [], []),
        (
            {
                "contoh.test CAA": [
                    '0 issue "b.test; x=1"',
                    '128 issuewild "A.test"',
                    '0 iodef "mailto:a@b.test"',
                ]
            },
            ["0 iodef mailto:a@b.test", "0 issue b.test; x=1", "128 issuewild A.test"],
            ["a.test", "b.test"],
        ),
        ({"contoh.test CAA": ['0 issue ";"', '0 issue "%%%"']}, ["0 issue %%%", "0 issue ;"], []),
        ({"test CAA": ['0 issue "c.test"']}, ["0 issue c.test"], ["c.test"]),
    ],
)
def test_the_caa_records_in_force_are_told(
    records: dict[str, list[str]], shown: list[str], issuers: list[str]
) -> None:
    assert of(facts_of(records), "caa", "caa_issuers") == (shown, issuers)
