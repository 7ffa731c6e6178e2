"""What the peers said of servers of the lab reads as what those servers are configured to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.agreement.nouns import Endpoint, Peer, Seen
from benchmarks.agreement.peers import PEERS

FIXTURES = Path(__file__).parent / "fixtures"
BY_NAME = {peer.name: peer for peer in PEERS}
TLS_PEERS = [peer.name for peer in PEERS if peer.kind == "tls"]
ODD_SUITES = ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_NULL_SHA"]
COURSES = ["elearning.disdik.lab.test", "lms.disdik.lab.test"]


def seen(name: str, peer: str) -> Seen:
    return BY_NAME[peer].parse((FIXTURES / f"{name}.{peer}").read_bytes())


@pytest.mark.parametrize("peer", TLS_PEERS)
def test_versions(peer: str) -> None:
    odd, strong = seen("odd", peer).facts, seen("strong", peer).facts
    assert {name for name, value in odd.items() if value is True} == {"tls.tls_1_2"}
    assert {name for name, value in strong.items() if value is True} == {"tls.tls_1_2", "tls.tls_1_3"}
    assert strong["tls.tls_1_0"] is strong["tls.tls_1_1"] is False


@pytest.mark.parametrize("peer", [name for name in TLS_PEERS if name != "openssl"])
def test_suites(peer: str) -> None:
    assert seen("odd", peer).facts["tls.cipher_suites"] == ODD_SUITES
    suites: Any = seen("strong", peer).facts["tls.cipher_suites"]
    assert {"TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"} <= set(suites)
    assert all(name.startswith("TLS_") for name in suites)


@pytest.mark.parametrize("peer", TLS_PEERS)
def test_a_certificate(peer: str) -> None:
    (record,) = seen("odd", peer).certificates
    assert (record["certificate.key_type"], record["certificate.key_bits"]) == ("RSA", 2048)
    assert (record["certificate.signature_hash"], record["certificate.names"]) == ("SHA256", COURSES)


def test_all_peers_tell_the_same_certificate() -> None:
    for name in ("odd", "mail"):
        records = [seen(name, peer).certificates[0] for peer in TLS_PEERS]
        for fact in ("certificate.not_before", "certificate.not_after"):
            assert len({str(record[fact])[:16] for record in records}) == 1
        assert len({record.get("certificate.sha256") for record in records} - {None}) == 1


def test_every_certificate_that_testssl_tells_is_read() -> None:
    kinds = [record["certificate.key_type"] for record in seen("strong", "testssl.sh").certificates]
    assert sorted(map(str, kinds)) == ["EC", "RSA"]


@pytest.mark.parametrize(
    ("finding", "value"),
    [
        ("offered", True),
        ("offered (deprecated)", True),
        ("not offered", False),
        ("is not offered", False),
        ("couldn't be tested", None),
        ("connection failed rather than downgrading to TLSv1.1", None),
    ],
)
def test_a_version_that_testssl_could_not_decide_is_not_read(finding: str, value: bool | None) -> None:
    output = json.dumps([{"id": "TLS1_1", "finding": finding}]).encode()
    assert BY_NAME["testssl.sh"].parse(output).facts.get("tls.tls_1_1") is value


def test_groups_of_sslscan() -> None:
    assert seen("odd", "sslscan").facts["tls.groups"] == ["secp192r1", "secp256r1"]
    assert seen("strong", "sslscan").facts["tls.groups"] == ["X25519", "secp256r1"]


def test_ssh_algorithms_and_host_keys() -> None:
    old, strong = seen("old-ssh", "ssh-audit").facts, seen("strong-ssh", "ssh-audit").facts
    assert old["ssh.ciphers"] == ["aes128-cbc", "3des-cbc", "aes256-cbc"]
    assert "diffie-hellman-group1-sha1" in str(old["ssh.key_exchange"])
    assert "kex-strict" not in str(strong["ssh.key_exchange"])
    assert strong["ssh.strict_key_exchange"] is True
    keys: Any = [strong["ssh.host_keys"], old["ssh.host_keys"]]
    assert [[(key["type"], key["bits"]) for key in found] for found in keys] == [
        [("ed25519", 256), ("rsa", 3072)],
        [("rsa", 1024)],
    ]


@pytest.mark.parametrize(
    ("peer", "said"),
    [
        ("sslscan", b'<?xml version="1.0"?><document><ssltest host="127.0.0.1"></ssltest></document>'),
        ("sslscan", b"<document/>"),
        ("nmap", b"<nmaprun><host><ports><port/></ports></host></nmaprun>"),
        ("nmap", b"<nmaprun/>"),
        ("testssl.sh", b'[{"id": "scanProblem", "finding": "no TLS"}]'),
        ("openssl", b"== openssl s_client -tls1 ==\nconnect:errno=111\n"),
        ("ssh-audit", b"{}"),
    ],
)
def test_a_port_without_answers_gives_nothing(peer: str, said: bytes) -> None:
    assert BY_NAME[peer].parse(said) == Seen()


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_is_asked_about_the_address_by_the_name(peer: Peer) -> None:
    def words(endpoint: Endpoint) -> str:
        return " ".join(map(" ".join, peer.commands(endpoint)))

    asked = words(Endpoint("web-01", "127.20.1.30", 8443, peer.kind, None, "web.lab.test"))
    assert "127.20.1.30" in asked
    assert "8443" in asked
    assert peer.kind == "ssh" or "web.lab.test" in asked
    assert "web.lab.test" not in words(Endpoint("web-01", "127.20.1.30", 8443, peer.kind))
