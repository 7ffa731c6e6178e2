"""What shows when a host's own word and the view from outside are laid together."""

from __future__ import annotations

from auditor.model.facts import JSON, Facts
from controls.meeting import SshOffer, meeting_facts
from controls.vocabulary import MEETING_FACTS

SCANNED = "1-10000"


def listens(port: int, address: str = "*", reach: str = "every", protocol: str = "tcp") -> dict[str, JSON]:
    return {"protocol": protocol, "address": address, "port": port, "program": "x", "reach": reach}


def host(*sockets: dict[str, JSON]) -> Facts:
    return {"host.listening": [*sockets]}


def saw(*ports: int, scanned: str = SCANNED) -> Facts:
    return {"ports.open": [*ports], "ports.scanned": scanned}


SSHD: Facts = {
    "host.sshd_ports": [22],
    "host.sshd_ciphers": ["aes256-gcm@openssh.com"],
    "host.sshd_macs": ["hmac-sha2-256-etm@openssh.com"],
    "host.sshd_kex": ["curve25519-sha256"],
    "host.sshd_host_key_algorithms": ["ssh-ed25519"],
    "host.sshd_authentication": ["publickey"],
    "host.sshd_match": [],
}
OFFER: Facts = {
    "ssh.ciphers": ["aes256-gcm@openssh.com"],
    "ssh.macs": ["hmac-sha2-256-etm@openssh.com"],
    "ssh.key_exchange": ["curve25519-sha256", "ext-info-s", "kex-strict-s-v00@openssh.com"],
    "ssh.host_key_algorithms": ["ssh-ed25519"],
    "ssh.authentication_methods": ["publickey"],
}


def test_a_port_that_answers_and_has_no_listener_is_unknown_inside() -> None:
    found = meeting_facts(host(listens(22)), {"10.0.0.1": saw(22, 4444)}, [])
    assert found["host.ports_unknown_inside"] == [4444]
    assert found["host.ports_not_reachable"] == []


def test_a_listener_on_loopback_does_not_explain_an_open_port() -> None:
    found = meeting_facts(host(listens(3306, "127.0.0.1", "loopback")), {"10.0.0.1": saw(3306)}, [])
    assert found["host.ports_unknown_inside"] == [3306]
    assert found["host.ports_not_reachable"] == []


def test_a_datagram_socket_does_not_explain_an_open_tcp_port() -> None:
    found = meeting_facts(host(listens(53, protocol="udp")), {"10.0.0.1": saw(53)}, [])
    assert found["host.ports_unknown_inside"] == [53]


def test_a_listener_that_no_address_shows_is_not_reachable() -> None:
    found = meeting_facts(host(listens(22), listens(3306)), {"10.0.0.1": saw(22), "10.0.0.2": saw()}, [])
    assert found == {"host.ports_unknown_inside": [], "host.ports_not_reachable": [3306]}


def test_a_port_that_was_not_asked_is_not_called_unreachable() -> None:
    addresses = {"10.0.0.1": saw(22, scanned="1-1024,8080"), "10.0.0.2": saw(22)}
    assert meeting_facts(host(listens(22), listens(3306)), addresses, [])["host.ports_not_reachable"] == []
    assert meeting_facts(host(listens(8080)), {"10.0.0.1": saw(scanned="1-1024,8080")}, [])[
        "host.ports_not_reachable"
    ] == [8080]


def test_a_socket_of_an_address_that_nobody_scanned_is_passed_over() -> None:
    bridge = listens(8000, "172.17.0.1", "private")
    assert meeting_facts(host(bridge), {"10.0.0.1": saw()}, [])["host.ports_not_reachable"] == []
    other = listens(8000, "2001:db8:0::1", "public")
    assert meeting_facts(host(other), {"2001:db8::1": saw()}, [])["host.ports_not_reachable"] == [8000]


def test_an_address_that_was_not_measured_leaves_open_what_is_there() -> None:
    addresses = {"10.0.0.1": saw(22), "10.0.0.2": {}}
    assert meeting_facts(host(listens(22), listens(80)), addresses, []) == {}
    assert meeting_facts(host(listens(80)), addresses, []) == {"host.ports_unknown_inside": [22]}


def test_without_either_side_nothing_is_said() -> None:
    assert meeting_facts({}, {"10.0.0.1": saw(22)}, []) == {}
    assert meeting_facts(host(listens(22)), {}, []) == {}
    silent: Facts = {"ports.answered": False, "ports.scanned": SCANNED}
    assert meeting_facts(host(listens(22)), {"10.0.0.1": silent}, []) == {}


def test_what_sshd_offers_beyond_its_settings_is_named_with_its_port() -> None:
    offered = {**OFFER, "ssh.ciphers": ["aes256-gcm@openssh.com", "aes128-cbc"]}
    found = meeting_facts(SSHD, {}, [SshOffer(22, offered)])
    assert found == {"host.sshd_offers_unset": ["aes128-cbc (ciphers, port 22)"]}


def test_markers_and_fewer_offers_than_settings_are_no_difference() -> None:
    settings = {**SSHD, "host.sshd_ciphers": ["aes256-gcm@openssh.com", "aes128-ctr"]}
    assert meeting_facts(settings, {}, [SshOffer(22, OFFER)]) == {"host.sshd_offers_unset": []}


def test_another_port_than_sshd_s_own_is_not_compared() -> None:
    assert meeting_facts(SSHD, {}, [SshOffer(2222, {**OFFER, "ssh.macs": ["hmac-md5"]})]) == {}


def test_a_way_to_log_in_that_is_switched_off_is_named_unless_a_match_block_sets_it() -> None:
    offer = SshOffer(22, {**OFFER, "ssh.authentication_methods": ["password", "publickey"]})
    named = meeting_facts(SSHD, {}, [offer])
    assert named == {"host.sshd_offers_unset": ["password (authentication_methods, port 22)"]}
    match: JSON = [{"criteria": "address 10.0.0.0/8", "setting": "passwordauthentication", "value": "yes"}]
    assert meeting_facts({**SSHD, "host.sshd_match": match}, {}, [offer]) == {"host.sshd_offers_unset": []}


def test_settings_that_could_not_be_read_leave_the_comparison_open() -> None:
    partly = {name: value for name, value in SSHD.items() if name != "host.sshd_macs"}
    assert meeting_facts(partly, {}, [SshOffer(22, OFFER)]) == {}
    assert meeting_facts(SSHD, {}, [SshOffer(22, {})]) == {}


def test_every_fact_is_declared() -> None:
    found = meeting_facts({**host(listens(22)), **SSHD}, {"10.0.0.1": saw(22)}, [SshOffer(22, OFFER)])
    assert len(found) == 3
    assert {*found} <= {spec.name for spec in MEETING_FACTS}
