"""The DNS scanner against BIND: an authoritative server, and a validating resolver before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from auditor.model.evidence import Observation
from tests.scanners.dns.asks import scan
from tests.scanners.dns.bind import World, running

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Run both servers for all tests here."""
    with running(tmp_path_factory.mktemp("bind")) as world:
        yield world


@pytest.fixture(params=["authoritative", "validating"])
def resolver(request: pytest.FixtureRequest, world: World) -> str:
    """Name one of the servers; both must give the same facts but for the AD flag."""
    return f"127.0.0.1:{getattr(world, request.param)}"


def told(seen: Observation, *names: str) -> tuple[object, ...]:
    """Return some facts."""
    return tuple(seen.facts.get(f"domain.{name}") for name in names)


@pytest.mark.parametrize(
    ("domain", "signing", "signed", "validates"),
    [
        ("contoh.test", "valid", True, True),
        ("bogus.test", "signature-invalid", True, False),
        ("lewat.test", "signature-expired", True, False),
        ("pulau.test", "ds-missing", False, False),
        ("polos.test", "unsigned", False, False),
        ("surel.contoh.test", "valid", True, True),
    ],
)
def test_signed_bogus_expired_and_unsigned_zones_are_told_apart(
    resolver: str, domain: str, signing: str, signed: bool, validates: bool
) -> None:
    assert told(scan(domain, resolver), "signing", "signed", "validates") == (signing, signed, validates)


@pytest.mark.parametrize(
    ("domain", "vouched"),
    [("contoh.test", True), ("bogus.test", False), ("lewat.test", False), ("polos.test", False)],
)
def test_only_a_validating_resolver_vouches_and_only_for_what_holds(
    world: World, domain: str, vouched: bool
) -> None:
    assert told(scan(domain, f"127.0.0.1:{world.validating}"), "authenticated") == (vouched,)
    assert told(scan(domain, f"127.0.0.1:{world.authoritative}"), "authenticated") == (False,)


def test_a_domain_with_mail_is_measured_whole(resolver: str) -> None:
    seen = scan("contoh.test", resolver, mail=True, addresses=["127.20.1.10"], dkim_selectors=["kosong"])
    assert told(seen, "exists", "zone", "name_server_networks", "mx", "null_mx") == (
        True,
        "contoh.test",
        2,
        ["surel.contoh.test", "surel2.contoh.test"],
        False,
    )
    assert told(seen, "spf_records", "spf_lookups", "spf_valid", "spf_all") == (1, 3, True, "-all")
    assert told(seen, "dmarc_policy", "dmarc_subdomain_policy", "dmarc_reports") == (
        "quarantine",
        "reject",
        True,
    )
    assert told(seen, "mta_sts", "tls_reports", "caa_issuers") == (True, True, ["letsencrypt.org"])
    assert seen.facts["domain.dkim"] == [
        {"selector": "kosong", "type": "revoked", "bits": 0, "testing": False}
    ]
    assert told(seen, "tlsa_signed") == (True,)
    assert seen.facts["domain.unregistered_addresses"] == [
        "dev.contoh.test 127.20.1.99",
    ]


def test_a_domain_without_mail_is_measured_whole(resolver: str) -> None:
    seen = scan("situs.test", resolver, mail=False, addresses=["127.20.1.15"], names=["anak.situs.test"])
    assert seen.failure is None
    assert told(seen, "null_mx", "mx", "spf", "dmarc", "mta_sts_mode") == (
        True,
        [],
        "v=spf1 -all",
        None,
        None,
    )
    assert told(seen, "names", "wildcard") == (["anak.situs.test", "situs.test"], False)
    assert told(seen, "unregistered_addresses", "dangling") == (["anak.situs.test 127.20.1.16"], [])


def test_what_leads_to_what_is_gone_is_told(resolver: str) -> None:
    names = ["hilang.contoh.test", "jauh.contoh.test", "putar.contoh.test"]
    seen = scan("contoh.test", resolver, names=names)
    assert told(seen, "dangling", "names_unanswered") == (
        [
            "hilang.contoh.test CNAME tidak-ada.lain.test",
            "jauh.contoh.test CNAME pihak-ketiga.awan",
        ],
        ["putar.contoh.test"],
    )
    assert seen.failure is not None
    assert "SERVFAIL" in seen.failure.detail
    assert told(scan("polos.test", resolver), "wildcard", "dangling") == (
        True,
        ["polos.test MX mx.lain.test"],
    )


def test_a_domain_that_does_not_exist_is_told(resolver: str) -> None:
    assert scan("tidak-ada.test", resolver).facts == {"domain.exists": False}
