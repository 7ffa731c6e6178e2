"""inventory.yaml to the Inventory."""

from __future__ import annotations

import hashlib
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from auditor.inventory.loading import load_inventory
from auditor.model.document import DocumentError
from auditor.model.host_access import HostAccess
from auditor.model.inventory import Category, DeclaredService, Fragility, Layer, Responsible
from tests.auditor.inventory.samples import TEXT, inventory


def load(tmp_path: Path, text: str, **options: object) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(text, encoding="utf-8")
    load_inventory(path, **options)  # type: ignore[arg-type]


def messages(tmp_path: Path, text: str, **options: object) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        load(tmp_path, text, **options)
    return [f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems]


def test_everything_written_arrives(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(TEXT, encoding="utf-8")
    loaded = load_inventory(path)
    assert loaded.organization.timezone == "Asia/Makassar"
    assert loaded.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    [authorization] = loaded.authorizations
    assert (authorization.valid_from, authorization.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert authorization.networks == (ip_network("10.10.0.0/16"), ip_network("2001:db8::/32"))
    assert authorization.exclude == (ip_network("10.10.1.99/32"),)
    assert authorization.methods == {"ports", "tls"}
    assert authorization.consent == {"tls-heartbleed-absent"}
    server = loaded.server("dinkes-web-01")
    assert server.opd == "dinkes"
    assert server.addresses == (ip_address("10.10.1.10"), ip_address("2001:db8::a"))
    assert server.hostnames == ("dinkes.example.go.id",)
    assert server.category is Category.TINGGI
    assert server.fragility is Fragility.SENSITIVE
    assert server.services == (DeclaredService(8443, "tcp", "https"), DeclaredService(123, "udp", "unnamed"))
    assert server.responsible == {Layer.HOST: Responsible.OPD}
    assert server.access == HostAccess(local=True)
    assert loaded.server("dinkes-web-02").name == "dinkes-web-02"
    assert loaded.zone("dmz").public


def test_an_organisation_names_the_rules_that_its_audits_rest_on(tmp_path: Path) -> None:
    rule = "Peraturan Bupati Contoh Nomor 12 Tahun 2026"
    path = tmp_path / "inventory.yaml"
    path.write_text(TEXT, encoding="utf-8")
    assert load_inventory(path).organization.legal_basis == ()
    written = TEXT.replace("Asia/Makassar", f"Asia/Makassar\n  legal_basis: [{rule}]", 1)
    path.write_text(written, encoding="utf-8")
    assert load_inventory(path).organization.legal_basis == (rule,)


def test_a_problem_in_one_place_hides_none_elsewhere(tmp_path: Path) -> None:
    text = TEXT.replace("category: tinggi", "category: tingi").replace(
        "id: dinkes-web-02", "id: dinkes-web-01"
    )
    found = messages(tmp_path, text.replace("zone: dmz", "zone: dmx"))
    assert [message.split(":")[0] for message in found] == ["21", "22", "32", "33"]


def test_consent_is_compared_with_the_checks_that_ask_for_it(tmp_path: Path) -> None:
    load(tmp_path, TEXT, consent_checks={"tls-heartbleed-absent"})
    [message] = messages(tmp_path, TEXT, consent_checks={"tls-robot-absent", "tls-heartbleeds-absent"})
    assert message.startswith('12:15: no check "tls-heartbleed-absent" asks for consent; did you mean')


def test_roles_are_compared_with_those_of_the_policy(tmp_path: Path) -> None:
    load(tmp_path, TEXT, roles={"web", "mail"})
    [message] = messages(tmp_path, TEXT, roles={"webs", "mail"})
    assert message == '25:17: unknown role "web"; did you mean "webs"?'


def test_a_flood_of_problems_is_cut(tmp_path: Path) -> None:
    found = messages(tmp_path, TEXT + "".join(f"key-{number}: 1\n" for number in range(5_000)))
    assert len(found) == 1_001
    assert found[0] == "1:1: 5,000 problems; correct the first of them and try again"


def test_loopback_only_with_an_assignment_about_loopback(tmp_path: Path) -> None:
    moved = TEXT.replace("10.10.1.0/24", "127.20.1.0/24").replace("[10.10.1.10,", "[127.20.1.10,")
    [message] = messages(tmp_path, moved)
    assert "127.20.1.10 is this machine itself" in message
    load(tmp_path, moved.replace("[10.10.0.0/16,", "[127.20.0.0/16,"))


def test_missing_file_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"no such file; .*'auditor init'"):
        load_inventory(tmp_path / "inventory.yaml")


def test_the_file_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(TEXT, encoding="utf-8")
    loaded = load_inventory(path)
    path.write_text(TEXT.replace("dinkes-web-01", "other"), encoding="utf-8")
    assert loaded.server("dinkes-web-01")
    assert loaded == inventory()
