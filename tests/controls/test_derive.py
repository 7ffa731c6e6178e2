"""What only shows when the whole audit is laid side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auditor.model.facts import JSON
from auditor.model.subject import Subject, SubjectKind
from controls.derive import derive as derive_with_pack
from controls.subjects import Measured, Presence
from tests.controls.catalogue import shipped

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY, OTHER_KEY = "a" * 64, "b" * 64


def derive(subjects: Sequence[Measured], registered: Iterable[str]) -> tuple[Measured, ...]:
    return derive_with_pack(subjects, registered, shipped().pack, NOW)


def measured(kind: SubjectKind, server: str, opd: str, address: str = "10.0.0.1", **facts: JSON) -> Measured:
    named = {name.replace("__", "."): value for name, value in facts.items()}
    return Measured(Subject(kind, server, address, 443), opd, named)


def certificate(server: str, opd: str, **facts: JSON) -> Measured:
    shown: dict[str, JSON] = {
        "certificate__spki_sha256": KEY,
        "certificate__sha256": "c" * 64,
        "certificate__wildcard": False,
    }
    return measured(SubjectKind.CERTIFICATE, server, opd, **(shown | facts))


def ssh(server: str, *digests: str) -> Measured:
    keys: list[JSON] = [{"type": "ssh-ed25519", "bits": 256, "sha256": digest} for digest in digests]
    return measured(SubjectKind.SSH, server, "bkd", ssh__host_keys=keys)


def address(text: str, *ports: int) -> Measured:
    return measured(SubjectKind.ADDRESS, "bkd-web-01", "bkd", text, ports__open=list(ports))


def fact(found: tuple[Measured, ...], number: int, name: str) -> JSON:
    return found[number].facts.get(name, "missing")


def test_a_key_that_another_opd_serves_is_shared_and_one_s_own_is_not() -> None:
    found = derive(
        [
            certificate("bkd-web-01", "bkd"),
            certificate("bkd-web-02", "bkd"),
            certificate("dinkes-web-01", "dinkes"),
            certificate("dinkes-web-02", "dinkes", certificate__spki_sha256=OTHER_KEY),
        ],
        (),
    )
    shared = [fact(found, number, "certificate.key_shared_with") for number in range(4)]
    assert shared == [["dinkes"], ["dinkes"], ["bkd"], []]


def test_a_wildcard_names_every_server_that_presents_it() -> None:
    found = derive(
        [
            certificate("bkd-web-01", "bkd", certificate__wildcard=True),
            certificate("dinkes-web-01", "dinkes", certificate__wildcard=True),
            certificate("bkd-web-03", "bkd", certificate__sha256="d" * 64),
        ],
        (),
    )
    assert fact(found, 0, "certificate.wildcard_servers") == ["bkd-web-01", "dinkes-web-01"]
    assert fact(found, 2, "certificate.wildcard_servers") == []


def test_cloned_machines_show_by_their_host_keys() -> None:
    found = derive([ssh("bkd-web-01", KEY), ssh("bkd-web-02", OTHER_KEY, KEY), ssh("bkd-web-03")], ())
    shared = [fact(found, number, "ssh.host_key_shared_with") for number in range(3)]
    assert shared == [["bkd-web-02"], ["bkd-web-01"], []]


def test_what_was_not_observed_is_not_derived() -> None:
    bare = Measured(Subject(SubjectKind.CERTIFICATE, "bkd-web-01", "10.0.0.1", 443), "bkd", {})
    for kind in SubjectKind:
        one = Measured(Subject(kind, "bkd-web-01", "10.0.0.1"), "bkd", {})
        assert derive([one, bare], ()) == (one, bare)


def test_a_port_that_only_ipv6_opens_stands_out() -> None:
    found = derive([address("10.0.0.1", 22, 443), address("fd00::1", 22, 443, 3306)], ())
    assert fact(found, 0, "ports.only_ipv6") == [3306]
    assert fact(found, 1, "ports.only_ipv6") == [3306]
    assert fact(derive([address("fd00::1", 22)], ()), 0, "ports.only_ipv6") is None


@pytest.mark.parametrize("lost", ["10.0.0.1", "fd00::1"])
def test_families_are_not_compared_while_an_address_is_not_measured(lost: str) -> None:
    kept = "fd00::1" if lost == "10.0.0.1" else "10.0.0.1"
    unmeasured = Measured(Subject(SubjectKind.ADDRESS, "bkd-web-01", lost), "bkd", {})
    found = derive([address(kept, 3306), unmeasured], ())
    assert fact(found, 0, "ports.only_ipv6") == "missing"
    assert fact(derive([address(kept, 3306)], ()), 0, "ports.only_ipv6") is None


def test_an_address_in_use_that_nobody_registered_is_told() -> None:
    network = measured(
        SubjectKind.NETWORK, "zone:dmz", "diskominfo", "", hosts__answering=["10.0.0.1", "10.0.0.9"]
    )
    found = derive([network], ["10.0.0.1", "10.0.0.2"])
    assert fact(found, 0, "hosts.unregistered") == ["10.0.0.9"]


def service(version: str) -> Measured:
    facts: dict[str, JSON] = {"service__product": "nginx", "service__version": version, "service__cpe": []}
    return measured(SubjectKind.SERVICE, "bkd-web-01", "bkd", **facts)


def site(**facts: JSON) -> Measured:
    shown: dict[str, JSON] = {
        "http__server": "nginx/1.10.3",
        "http__powered_by": "PHP/5.6.40",
        "http__cms": "WordPress",
        "http__cms_version": "4.9.8",
    }
    return measured(SubjectKind.HTTP, "bkd-web-01", "bkd", **(shown | facts))


def test_what_headers_show_counts_as_the_software_of_the_port() -> None:
    found = derive([service("1.10.3"), site()], ())
    assert fact(found, 0, "software.components") == ["PHP 5.6.40", "nginx 1.10.3"]
    assert str(fact(found, 0, "software.end_of_life")) < "2026"


def test_a_port_whose_site_was_not_seen_tells_no_software() -> None:
    lost = replace(site(), facts={}, presence=Presence.UNMEASURED)
    assert fact(derive([service("1.10.3"), lost], ()), 0, "software.name") == "missing"
    assert fact(derive([service("1.10.3")], ()), 0, "software.name") == "nginx"


def test_the_content_management_system_of_a_site_has_a_date_of_its_own() -> None:
    found = derive([site(), site(http__cms=None, http__cms_version=None)], ())
    assert str(fact(found, 0, "http.cms_end_of_life")) < "2026"
    assert fact(found, 1, "http.cms_end_of_life") == "missing"
    assert str(fact(found, 1, "http.pack_date")) > "2024"
