"""The lab keeps its promises: every port answers, nothing stays behind, every truth is well-formed."""

from __future__ import annotations

import ipaddress
import re
import socket
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import ocsp

from tests.lab import FLEET, OPDS, ZONES, Lab, LabError, LabServer
from tests.lab.auditing import auditor
from tests.lab.certificates import (
    EXPIRED,
    GOOD,
    SAME_KEY,
    SHA1_SIGNED,
    WILDCARD,
    WITH_OCSP,
    Certificates,
)
from tests.lab.fleet import DOMAINS
from tests.lab.inventory import inventory_text
from tests.lab.process import answers

_CERTIFICATE_CHECKS = ("certificate-",)
_SITE_CHECKS = ("http-",)


def test_truths_are_unique_and_name_what_the_server_has() -> None:
    for server in FLEET:
        repeated = [truth for truth, count in Counter(server.truths).items() if count > 1]
        assert not repeated, server.id
        for truth in server.truths:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", truth.check), truth
            assert truth.port == 0 or truth.port in server.ports, (server.id, truth)
            named = truth.check.startswith(_CERTIFICATE_CHECKS + _SITE_CHECKS)
            expected = server.hostnames if named and server.hostnames else ("",)
            assert truth.server_name in expected, (server.id, truth)


def test_the_fleet_is_large_and_has_compliant_servers_with_several_services() -> None:
    assert len(FLEET) >= 42
    assert len({server.opd for server in FLEET}) >= 10
    assert sum(server.compliant and len(server.ports) > 1 for server in FLEET) >= 8


def test_ids_addresses_and_names_are_not_shared() -> None:
    columns: list[list[str]] = [
        [server.id for server in FLEET],
        [server.address for server in FLEET],
        [name for server in FLEET for name in server.hostnames],
        *([service.name for service in server.services] for server in FLEET),
        *([str(port) for port in server.ports] for server in FLEET),
    ]
    for values in columns:
        assert len(values) == len(set(values))


def test_every_server_stands_in_the_network_of_its_zone() -> None:
    networks = {zone.id: ipaddress.ip_network(zone.network) for zone in ZONES}
    for server in FLEET:
        assert ipaddress.ip_address(server.address) in networks[server.zone], server.id


def test_the_inventory_declares_every_port_but_the_unapproved_ones() -> None:
    document = yaml.safe_load(inventory_text(FLEET))
    listed = {server["id"]: server for opd in document["opds"] for server in opd["servers"]}
    known = [server for server in FLEET if server.registered]
    assert set(listed) == {server.id for server in known}
    assert [opd["id"] for opd in document["opds"]] == list(OPDS)
    for server in known:
        declared = {service["port"] for service in listed[server.id].get("services", [])}
        assert declared == set(server.ports) - server.unapproved


def test_the_inventory_is_accepted_and_names_domains_the_vantage_and_what_is_retired(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(inventory_text(FLEET), encoding="utf-8")
    done = auditor("validate", "--inventory", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    servers = [server for opd in document["opds"] for server in opd["servers"]]
    retired = {server["id"] for server in servers if server.get("status") == "retired"}
    assert retired == {server.id for server in FLEET if server.retired}
    domains = {domain["name"]: opd["id"] for opd in document["opds"] for domain in opd["domains"]}
    assert domains == {domain.name: domain.opd for domain in DOMAINS}
    assert document["vantage"] in {zone.id for zone in ZONES}
    assert document["organization"]["centre"] in OPDS


def test_certificates_have_their_shapes_and_are_remade_after_a_day(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    names = ("a.lab.test",)
    made = Certificates(tmp_path, now)
    leaf = x509.load_pem_x509_certificate(made.serve(EXPIRED, names).chain.read_bytes())
    assert leaf.not_valid_after_utc < now
    old = x509.load_pem_x509_certificate(made.serve(SHA1_SIGNED, names).chain.read_bytes())
    issuer = x509.load_pem_x509_certificates(made.serve(SHA1_SIGNED, names).chain.read_bytes())[1]
    assert old.signature_hash_algorithm is not None
    assert old.signature_hash_algorithm.name == "sha1"
    issuer_key = issuer.public_key()
    assert isinstance(issuer_key, rsa.RSAPublicKey)
    issuer_key.verify(old.signature, old.tbs_certificate_bytes, padding.PKCS1v15(), hashes.SHA1())

    first = made.serve(GOOD, names).chain.read_bytes()
    assert Certificates(tmp_path, now).serve(GOOD, names).chain.read_bytes() == first
    keys = {
        x509.load_pem_x509_certificate(made.serve(SAME_KEY, (name,)).chain.read_bytes())
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        for name in ("a.lab.test", "b.lab.test")
    }
    assert len(keys) == 1
    assert made.serve(WILDCARD, ("a.lab.test",)) == made.serve(WILDCARD, ("b.lab.test",))
    answer = ocsp.load_der_ocsp_response(made.serve(WITH_OCSP, names).ocsp.read_bytes())
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD

    later = Certificates(tmp_path, now + timedelta(days=2))
    assert later.serve(GOOD, names).chain.read_bytes() != first
    assert later.root == made.root


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """Give a directory that daemons running as other users can enter, unlike tmp_path."""
    with tempfile.TemporaryDirectory(prefix="lab-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _elsewhere() -> tuple[LabServer, ...]:
    """Return the fleet on addresses of its own, so that a lab that other tests share is not in the way."""
    return tuple(replace(server, address=server.address.replace(".20.", ".21.", 1)) for server in FLEET)


@pytest.mark.lab
def test_up_answers_on_every_port_keeps_what_runs_and_down_leaves_nothing(state_dir: Path) -> None:
    fleet = _elsewhere()
    endpoints = [(server.address, port) for server in fleet for port in server.ports]
    with Lab(state_dir, fleet) as lab:
        assert [endpoint for endpoint in endpoints if not answers(*endpoint)] == []
        started = {row[:3]: row[3] for row in lab.status()}
        assert all(started.values())
        assert lab.inventory.exists()
        assert len(x509.load_pem_x509_certificates(lab.root.read_bytes())) == 2

        Lab(state_dir, fleet).up()
        assert {row[:3]: row[3] for row in lab.status()} == started

    assert [endpoint for endpoint in endpoints if answers(*endpoint)] == []
    assert _processes_in(state_dir) == []


@pytest.mark.lab
def test_a_taken_port_is_named_and_nothing_stays_behind(state_dir: Path) -> None:
    server = replace(FLEET[0], address="127.22.0.1")
    with socket.create_server((server.address, 22)):
        with pytest.raises(LabError, match=r"127\.22\.0\.1 port 22 is taken"):
            Lab(state_dir, (server,)).up()
        assert not answers(server.address, 443)
    assert _processes_in(state_dir) == []


def _processes_in(folder: Path) -> list[str]:
    """Return the command lines of processes that work in this folder or name it."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            works_in = str((process / "cwd").readlink())
        except OSError:
            continue
        if str(folder) in command or works_in.startswith(str(folder)):
            found.append(command)
    return found
