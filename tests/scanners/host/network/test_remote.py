"""Ways in from outside, and whom the host asks for names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.facts import JSON
from scanners.host.access.area import ACCESS
from scanners.host.network.area import NETWORK
from scanners.host.report import Report, Section, State
from tests.scanners.host.recorded import facts_of, recorded, written

CLOCK = "2026-11-22T10:00:00Z\n"
NOW = 1795341600
PEER = "AbCdEf1234567890AbCdEf1234567890AbCdEf12345="


def test_tools_that_are_installed_or_run_are_named_once() -> None:
    text = "processes seen\nprogram anydesk\nruns anydesk\nruns ngrok\n"
    assert facts_of(written(remote_tools=text), NETWORK)["host.remote_tools"] == ["anydesk", "ngrok"]


def test_hidden_processes_leave_the_question_open() -> None:
    assert "host.remote_tools" not in facts_of(written(remote_tools="program anydesk\n"), NETWORK)


def printed(**sections: str) -> Report:
    return Report({one: Section(one, State.RAN, text.encode()) for one, text in _named(sections)})


def _named(sections: dict[str, str]) -> list[tuple[str, str]]:
    return [(name.replace("_", "-"), text) for name, text in sections.items()]


def vpn(text: str, **sections: str) -> dict[str, JSON]:
    return facts_of(printed(vpn=text + "up 864000\n", clock=CLOCK, **sections), NETWORK)


def test_a_host_without_vpn_has_none() -> None:
    facts = facts_of(recorded("network", "plain-debian-11"), NETWORK)
    assert facts["host.vpn"] == facts["host.vpn_shared"] == facts["host.vpn_peers"] == []


def test_peers_of_wireguard_are_told_with_the_days_since_they_were_here() -> None:
    other = "Z" + PEER[1:]
    facts = vpn(
        "wireguard wg0\n",
        vpn_wireguard=f"wg0\t{PEER}\t{NOW - 200 * 86400}\nwg0\t{other}\t0\n",
        vpn_networks=f"wg0\t{PEER}\t10.99.0.2/32 10.99.0.3/32\nwg0\t{other}\t(none)\n",
    )
    assert facts["host.vpn"] == ["wireguard wg0"]
    assert facts["host.vpn_peers"] == [
        {"interface": "wg0", "peer": PEER[:10], "networks": "10.99.0.2/32 10.99.0.3/32", "idle_days": 200},
        {"interface": "wg0", "peer": other[:10], "networks": "(none)", "idle_days": 10},
    ]


OPENVPN = "/etc/openvpn/server.conf:server 10.8.0.0 255.255.255.0\n"


@pytest.mark.parametrize(
    ("lines", "shared"),
    [
        ("", []),
        ("/etc/openvpn/server.conf:duplicate-cn\n", ["duplicate-cn (/etc/openvpn/server.conf)"]),
        (
            "/etc/openvpn/server.conf:verify-client-cert none\n",
            ["verify-client-cert none (/etc/openvpn/server.conf)"],
        ),
        ("/etc/openvpn/server.conf:verify-client-cert none\n/etc/openvpn/server.conf:plugin pam.so\n", []),
        ("/etc/openvpn/client.conf:duplicate-cn\n", []),
    ],
)
def test_an_openvpn_server_tells_whether_several_may_be_one(lines: str, shared: list[str]) -> None:
    facts = vpn("runs openvpn\n", vpn_openvpn=OPENVPN + lines)
    assert facts["host.vpn"] == ["openvpn /etc/openvpn/server.conf"]
    assert facts["host.vpn_shared"] == shared
    assert "host.vpn_peers" not in facts


def test_a_vpn_whose_people_are_not_seen_leaves_the_questions_open() -> None:
    facts = vpn("runs charon\n")
    assert facts["host.vpn"] == ["charon"]
    assert "host.vpn_shared" not in facts


@pytest.mark.parametrize(
    ("text", "resolvers"),
    [
        ("stub nameserver 10.0.0.53\nstub nameserver 10.0.1.53\n", ["10.0.0.53", "10.0.1.53"]),
        ("stub nameserver 127.0.0.53\nresolved nameserver 8.8.8.8\n", ["8.8.8.8"]),
        ("stub nameserver 127.0.0.1\nresolved nameserver 8.8.8.8\n", ["127.0.0.1"]),
        ("stub nameserver fe80::1%eth0\n", ["fe80::1"]),
        ("", ["127.0.0.1"]),
    ],
)
def test_who_is_asked_for_names(text: str, resolvers: list[str]) -> None:
    assert facts_of(written(resolver=text), NETWORK)["host.resolvers"] == resolvers


def test_a_proxy_is_told_without_what_stands_around_it() -> None:
    facts = facts_of(written(resolver="proxy 10.0.0.30:3128\nproxy DIRECT\nproxy http://\n"), NETWORK)
    assert facts["host.proxies"] == ["10.0.0.30:3128"]


NAMES = sorted(
    {
        *(
            "sshd-effective",
            "sshd-files",
            "sshd-running",
            "sudo-rules",
            "sudo-version",
            "audit-keys",
            "audit-tools",
        ),
        *(
            "listening",
            "firewall-kernel",
            "firewall-nft",
            "firewall-ipv4",
            "vpn",
            "vpn-wireguard",
            "resolver",
        ),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=200)))
def test_whatever_a_host_prints_each_fact_is_read_or_named(output: dict[str, bytes]) -> None:
    report = Report({name: Section(name, State.RAN, content) for name, content in output.items()})
    for area in (ACCESS, NETWORK):
        facts = facts_of(report, area)
        unread = facts.pop("host.unread")
        assert isinstance(unread, list)
        assert len(facts) + len(unread) == len(area.facts)


@pytest.mark.parametrize(
    "line",
    ["a," * 90000, "! " * 90000, '"\\' * 90000, ":a" * 90000, "1" * 180000, " " * 180000, "{ " * 90000],
)
def test_a_giant_line_is_read_in_one_go(line: str) -> None:
    names = (
        "sudo_rules",
        "audit_keys",
        "listening",
        "firewall_nft",
        "firewall_ipv4",
        "sshd_files",
        "sshd_effective",
    )
    prefixes = (
        "/etc/sudoers:",
        "/etc/sudoers:andi ALL=NOPASSWD: ",
        "/etc/sudoers:Defaults ",
        "tcp LISTEN 0 1 ",
        "-A INPUT ",
    )
    for prefix in prefixes:
        sections = dict.fromkeys(names, f"{prefix}{line}\n") | {
            "firewall_kernel": "filter nft\nfilter iptables\nfamily 4\n"
        }
        report = printed(**sections)
        assert "host.unread" in facts_of(report, NETWORK)
        assert "host.sudo_without_password" not in facts_of(report, ACCESS) or prefix != "/etc/sudoers:"


@pytest.mark.parametrize("name", ["ufw-debian-12", "firewalld-debian-12", "nft-debian-12", "plain-debian-11"])
def test_a_recording_that_breaks_off_gives_no_other_fact(name: str) -> None:
    whole = recorded("network", name)
    full = facts_of(whole, NETWORK)
    for lost in whole.sections:
        kept = Report({one: section for one, section in whole.sections.items() if one != lost})
        facts = facts_of(kept, NETWORK)
        del facts["host.unread"]
        # Without the table that root saw, sockets are still there and their programs are not.
        if lost != "listening":
            assert {one: full[one] for one in facts} == facts, lost
