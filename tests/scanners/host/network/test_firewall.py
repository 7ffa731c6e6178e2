"""What a packet filter lets in and out, from real rulesets and from written ones."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.network.area import NETWORK
from tests.scanners.host.recorded import facts_of, recorded, written

KERNEL = "filter nft\nfilter iptables\nfilter ip6tables\ninterface eth0\ninterface lo\nfamily 6\nfamily 4\n"
HEADER = "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"
CLOSED_6 = "*filter\n:INPUT DROP [0:0]\n:OUTPUT DROP [0:0]\nCOMMIT\n"


def listens(*ports: int) -> str:
    return HEADER + "".join(
        f'tcp LISTEN 0 128 0.0.0.0:{port} 0.0.0.0:* users:(("x",pid=1,fd=3))\n' for port in ports
    )


def iptables(
    *rules: str, policy: str = "DROP", chains: str = "", ports: tuple[int, ...] = (22, 443)
) -> dict[str, JSON]:
    """Return the facts of a host with these rules for IPv4, and IPv6 closed."""
    text = f"*filter\n:INPUT {policy} [0:0]\n:OUTPUT ACCEPT [0:0]\n{chains}" + "".join(
        f"{rule}\n" for rule in rules
    )
    report = written(
        "firewall-nft",
        firewall_kernel=KERNEL,
        firewall_ipv4=text + "COMMIT\n",
        firewall_ipv6=CLOSED_6,
        listening=listens(*ports),
    )
    return facts_of(report, NETWORK)


def nft(
    *rules: str, policy: str = "drop", more: str = "", ports: tuple[int, ...] = (22, 443)
) -> dict[str, JSON]:
    body = "\n".join(f"\t\t{rule}" for rule in rules)
    text = (
        f"table inet filter {{\n{more}\tchain input {{\n"
        f"\t\ttype filter hook input priority filter; policy {policy};\n{body}\n\t}}\n}}\n"
    )
    report = written(
        "firewall-ipv4", "firewall-ipv6", firewall_kernel=KERNEL, firewall_nft=text, listening=listens(*ports)
    )
    return facts_of(report, NETWORK)


@pytest.mark.parametrize(
    "name", ["ufw-debian-12", "ufw-ubuntu-20.04", "firewalld-debian-12", "nft-debian-12"]
)
def test_firewalls_of_distributions_deny_by_default(name: str) -> None:
    facts = facts_of(recorded("network", name), NETWORK)
    assert facts["host.firewall_open_inbound"] == []


def test_a_ruleset_that_limits_what_leaves_is_told_from_one_that_does_not() -> None:
    assert facts_of(recorded("network", "nft-debian-12"), NETWORK)["host.firewall_open_outbound"] == []
    assert facts_of(recorded("network", "ufw-debian-12"), NETWORK)["host.firewall_open_outbound"] == ["IPv4"]


def test_ufw_opens_the_port_that_it_was_told_to() -> None:
    assert facts_of(recorded("network", "ufw-debian-12"), NETWORK)["host.firewall_open_ports"] == [22]


def test_without_a_filter_everything_is_open_and_root_is_not_needed_to_see_it() -> None:
    facts = facts_of(recorded("network", "plain-debian-11"), NETWORK)
    assert facts["host.firewall_open_inbound"] == ["IPv4"]
    bare = written(
        firewall_kernel="interface eth0\nfamily 6\nfamily 4\n",
        listening=listens(22),
        denied=("firewall-nft",),
    )
    assert facts_of(bare, NETWORK)["host.firewall_open_inbound"] == ["IPv4", "IPv6"]


def test_rules_that_need_root_leave_the_question_open() -> None:
    facts = facts_of(recorded("network", "denied-ubuntu-24.04"), NETWORK)
    assert "host.firewall_open_inbound" not in facts
    assert {
        "fact": "host.firewall_open_inbound",
        "reason": "needs root",
        "detail": "firewall-nft",
    } in _unread(facts)


def _unread(facts: dict[str, JSON]) -> list[JSON]:
    found = facts["host.unread"]
    assert isinstance(found, list)
    return found


def test_what_one_dump_denies_stays_denied_when_another_could_not_be_read() -> None:
    report = written(
        firewall_kernel=KERNEL, firewall_ipv4=CLOSED_6, firewall_ipv6=CLOSED_6, denied=("firewall-nft",)
    )
    assert facts_of(report, NETWORK)["host.firewall_open_inbound"] == []
    half = written(firewall_kernel=KERNEL, firewall_ipv4=CLOSED_6, denied=("firewall-nft", "firewall-ipv6"))
    assert "host.firewall_open_inbound" not in facts_of(half, NETWORK)


def test_rules_for_ipv4_alone_leave_ipv6_open() -> None:
    open_6 = "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"
    report = written("firewall-nft", firewall_kernel=KERNEL, firewall_ipv4=CLOSED_6, firewall_ipv6=open_6)
    assert facts_of(report, NETWORK)["host.firewall_open_inbound"] == ["IPv6"]


# As CentOS 6 and 7 write them; RHEL is not at hand to be recorded.
CENTOS = (
    "-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT",
    "-A INPUT -p icmp -j ACCEPT",
    "-A INPUT -i lo -j ACCEPT",
    "-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT",
    "-A INPUT -j REJECT --reject-with icmp-host-prohibited",
)


def test_a_last_rule_that_rejects_is_a_denial_by_default() -> None:
    facts = iptables(*CENTOS, policy="ACCEPT")
    assert facts["host.firewall_open_inbound"] == []
    assert facts["host.firewall_open_ports"] == [22]


@pytest.mark.parametrize(
    "rule",
    [
        "-A INPUT -j ACCEPT",
        "-A INPUT -p tcp -j ACCEPT",
        "-A INPUT -i eth0 -j ACCEPT",
        "-A INPUT ! -i lo -j ACCEPT",
        "-A INPUT ! -s 192.0.2.1/32 -j ACCEPT",
        "-A INPUT -s 0.0.0.0/1 -j ACCEPT",
        "-A INPUT -m iprange --src-range 0.0.0.0-255.255.255.255 -j ACCEPT",
        "-A INPUT -p tcp -m multiport --dports 1:20000,20001:40000,40001:65535 -j ACCEPT",
        "-A INPUT -p tcp -m tcp --dport 1:65535 -j ACCEPT",
        '-A INPUT -p udp -m comment --comment "semua -j DROP" -j ACCEPT',
        "-A INPUT -m statistic --mode random --probability 0.5 -j ACCEPT",
        "-A INPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT",
        "-A INPUT -m conntrack ! --ctstate INVALID -j ACCEPT",
    ],
)
def test_a_rule_that_lets_strangers_in_undoes_the_policy(rule: str) -> None:
    assert iptables(rule)["host.firewall_open_inbound"] == ["IPv4"]


@pytest.mark.parametrize(
    "rule",
    [
        "-A INPUT -s 10.0.0.0/8 -j ACCEPT",
        "-A INPUT -m iprange --src-range 10.0.0.1-10.0.0.9 -j ACCEPT",
        "-A INPUT -i lo -j ACCEPT",
        "-A INPUT -i docker0 -j ACCEPT",
        "-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT",
        "-A INPUT -p tcp -m multiport --dports 80,443,8000:8100 -j ACCEPT",
        "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT",
        "-A INPUT -d 224.0.0.251/32 -p udp -j ACCEPT",
        "-A INPUT -m set --match-set kantor src -j ACCEPT",
        "-A INPUT -m mac --mac-source 00:11:22:33:44:55 -j ACCEPT",
        '-A INPUT -j LOG --log-prefix "ditolak "',
    ],
)
def test_a_rule_for_some_leaves_the_policy(rule: str) -> None:
    assert iptables(rule)["host.firewall_open_inbound"] == []


@pytest.mark.parametrize(
    "rule",
    [
        "-A INPUT -p tcp -j DROP",
        "-A INPUT -s 0.0.0.0/1 -j DROP",
        "-A INPUT -p tcp -m tcp --dport 1:32000 -j DROP",
        "-A INPUT -s 203.0.113.9/32 -j DROP",
        "-A INPUT -p tcp -m limit --limit 5/min -j DROP",
        "-A INPUT -m conntrack --ctstate INVALID -j DROP",
        "-A INPUT -i eth1 -j DROP",
    ],
)
def test_a_denial_of_some_is_no_denial_by_default(rule: str) -> None:
    assert iptables(rule, policy="ACCEPT")["host.firewall_open_inbound"] == ["IPv4"]


def test_chains_are_followed_with_return_and_goto() -> None:
    chains = ":masuk - [0:0]\n:akhir - [0:0]\n"
    rules = (
        "-A INPUT -j masuk",
        "-A masuk -p tcp -m tcp --dport 443 -j RETURN",
        "-A masuk -g akhir",
        "-A masuk -j ACCEPT",
        "-A akhir -p tcp -m tcp --dport 22 -j ACCEPT",
        "-A akhir -j DROP",
    )
    facts = iptables(*rules, policy="ACCEPT", chains=chains)
    assert facts["host.firewall_open_inbound"] == []
    assert facts["host.firewall_open_ports"] == [22, 443]


def test_a_port_open_to_named_networks_alone_is_not_open() -> None:
    rules = (
        "-A INPUT -s 10.10.0.0/16 -p tcp -m tcp --dport 22 -j ACCEPT",
        "-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT",
    )
    assert iptables(*rules)["host.firewall_open_ports"] == [443]


def test_a_port_that_a_rule_may_open_counts_as_open() -> None:
    assert iptables("-A INPUT -p tcp -m recent --update --dport 22 -j ACCEPT")[
        "host.firewall_open_ports"
    ] == [22]


def test_a_jump_to_nowhere_is_not_understood() -> None:
    assert "host.firewall_open_inbound" not in iptables("what is this")
    assert "host.firewall_open_inbound" not in nft("jump nowhere")


@pytest.mark.parametrize(
    "rule",
    [
        "accept",
        "counter packets 5 bytes 300 accept",
        'iifname "eth0" accept',
        'iifname != "lo" accept',
        "meta l4proto tcp accept",
        "ip saddr 0.0.0.0/0 accept",
        "ip saddr 1.0.0.0-223.255.255.255 accept",
        "ip saddr { 0.0.0.0/2, 64.0.0.0/2, 128.0.0.0/2, 192.0.0.0/2 } accept",
        "tcp dport 1-65535 accept",
        "limit rate 10/second accept",
        "ct state vmap { established : accept, new : accept }",
        "tcp dport != 25 accept",
        "quelque chose accept",
        'xt match "statistic" counter accept',
    ],
)
def test_an_nft_rule_that_lets_strangers_in_undoes_the_policy(rule: str) -> None:
    found = nft(rule)["host.firewall_open_inbound"]
    assert isinstance(found, list)
    assert "IPv4" in found


@pytest.mark.parametrize(
    "rule",
    [
        "ct state established,related accept",
        "ct state { established, related } accept",
        "ct state vmap { invalid : drop, established : accept, related : accept }",
        'iif "lo" accept',
        'iifname { "lo", "docker0" } accept',
        "ip saddr { 10.0.0.0/8, 192.168.0.0/16 } tcp dport 22 accept",
        "ip6 saddr fe80::/10 accept",
        "tcp dport { 80, 443 } accept",
        "meta l4proto { icmp, ipv6-icmp } accept",
        "icmpv6 type { nd-neighbor-solicit, nd-router-advert } accept",
        "ip protocol icmp accept",
        "udp dport mdns ip daddr 224.0.0.251 accept",
        "fib daddr type multicast accept",
        'log prefix "a; b { accept" flags all',
        "meta mark set 0x1",
    ],
)
def test_an_nft_rule_for_some_leaves_the_policy(rule: str) -> None:
    assert nft(rule)["host.firewall_open_inbound"] == []


def test_named_sets_of_ports_and_addresses_are_looked_up_wherever_they_stand() -> None:
    more = (
        "\tset porta { type inet_service; flags interval; elements = { 440-450,\n\t\t22 } }\n"
        "\tset kantor { type ipv4_addr; elements = { 10.0.0.1 } }\n"
    )
    assert nft("tcp dport @porta accept", more=more)["host.firewall_open_ports"] == [22, 443]
    assert nft("ip saddr @kantor tcp dport @porta accept", more=more)["host.firewall_open_ports"] == []
    assert nft("tcp dport @lain accept")["host.firewall_open_ports"] == [22, 443]


def test_a_last_nft_rule_that_rejects_is_a_denial_by_default() -> None:
    facts = nft("tcp dport 22 accept", "reject with icmpx type admin-prohibited", policy="accept")
    assert facts["host.firewall_open_inbound"] == []


def test_an_nft_ruleset_that_breaks_off_is_not_understood() -> None:
    report = written(
        "firewall-ipv4",
        "firewall-ipv6",
        firewall_kernel=KERNEL,
        firewall_nft="table inet f {\n chain input {\n",
    )
    assert "host.firewall_open_inbound" not in facts_of(report, NETWORK)


def test_chains_that_call_each_other_without_end_come_to_an_end() -> None:
    chains = "".join(f":c{number} - [0:0]\n" for number in range(39))
    rules = [f"-A c{number} -j c{number + 1}" for number in range(38) for _ in range(8)]
    assert iptables("-A INPUT -j c0", *rules, chains=chains)["host.firewall_open_inbound"] == []
    round_about = iptables("-A INPUT -j c0", "-A c0 -j c1", "-A c1 -j c0", chains=chains)
    assert "host.firewall_open_inbound" not in round_about


@pytest.mark.parametrize(
    "table",
    [
        "table inet dinding {\n chain awal {\n"
        " type filter hook prerouting priority raw; policy drop;\n }\n}\n",
        "table netdev luar {\n chain awal {\n"
        ' type filter hook ingress device "eth0" priority filter; policy drop;\n }\n}\n',
        "table inet luar {\n chain awal {\n"
        ' type filter hook ingress devices = { "eth0", "eth1" } priority 0; policy drop;\n }\n}\n',
    ],
)
def test_a_denial_before_the_input_is_a_denial(table: str) -> None:
    report = written("firewall-ipv4", "firewall-ipv6", firewall_kernel=KERNEL, firewall_nft=table)
    assert facts_of(report, NETWORK)["host.firewall_open_inbound"] == []


def test_a_denial_at_one_interface_leaves_the_others() -> None:
    table = (
        'table netdev luar {\n chain awal {\n type filter hook ingress device "eth1" priority 0;'
        " policy drop;\n }\n}\n"
    )
    report = written("firewall-ipv4", "firewall-ipv6", firewall_kernel=KERNEL, firewall_nft=table)
    assert facts_of(report, NETWORK)["host.firewall_open_inbound"] == ["IPv4", "IPv6"]


def docker(*nat: str, user: str = "", listener: tuple[int, ...] = (22,)) -> dict[str, JSON]:
    """Return the facts of a host whose Docker publishes ports, as iptables-save prints it."""
    text = (
        "*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:DOCKER - [0:0]\n"
        "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER -i docker0 -j RETURN\n"
        + "".join(f"-A DOCKER {rule}\n" for rule in nat)
        + "COMMIT\n*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:DOCKER - [0:0]\n"
        ":DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n-A FORWARD -o docker0 -j DOCKER\n"
        "-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 3306 -j ACCEPT\n"
        f"{user}-A DOCKER-USER -j RETURN\nCOMMIT\n"
    )
    report = written(
        "firewall-nft",
        firewall_kernel=KERNEL,
        firewall_ipv4=text,
        firewall_ipv6=CLOSED_6,
        listening=listens(*listener),
    )
    return facts_of(report, NETWORK)


DNAT = "! -i docker0 -p tcp -m tcp --dport 13306 -j DNAT --to-destination 172.17.0.2:3306"


def test_a_port_that_docker_publishes_is_open_though_input_drops_it() -> None:
    facts = docker(DNAT)
    assert facts["host.firewall_published_ports"] == [13306]
    assert facts["host.firewall_open_ports"] == [13306]
    assert facts["host.firewall_open_inbound"] == []


@pytest.mark.parametrize(
    ("rule", "user"),
    [
        (DNAT, "-A DOCKER-USER ! -s 10.0.0.0/8 -i eth0 -j DROP\n"),
        (
            DNAT,
            "-A DOCKER-USER ! -s 10.0.0.0/8 -p tcp -m conntrack"
            " --ctorigdstport 13306 --ctdir ORIGINAL -j DROP\n",
        ),
        (DNAT, "-A DOCKER-USER ! -s 10.0.0.0/8 -p tcp -m tcp --dport 3306 -j DROP\n"),
        (f"-s 10.0.0.0/8 {DNAT}", ""),
        (f"-d 127.0.0.1/32 {DNAT}", ""),
    ],
)
def test_a_published_port_for_some_is_not_open(rule: str, user: str) -> None:
    assert docker(rule, user=user)["host.firewall_published_ports"] == []


def test_a_rule_that_sends_on_every_port_is_not_understood() -> None:
    facts = docker("! -i docker0 -j DNAT --to-destination 172.17.0.2")
    assert "host.firewall_published_ports" not in facts
    assert "host.firewall_open_ports" not in facts


@pytest.mark.parametrize(
    ("rule", "ports"),
    [
        ("tcp dport 3306 dnat ip to 10.0.0.5:3306", [3306]),
        (
            'iifname "eth0" tcp dport { 3306, 5432 } counter packets 4 bytes 240 dnat to 10.0.0.5',
            [3306, 5432],
        ),
        ("tcp dport mysql dnat to 10.0.0.5", [3306]),
        ("ip saddr 10.0.0.0/8 tcp dport 3306 dnat to 10.0.0.5", []),
        ("dnat to tcp dport map { 3306 : 10.0.0.5 }", None),
    ],
)
def test_nft_rules_that_send_on_are_read(rule: str, ports: list[int] | None) -> None:
    text = (
        "table ip nat {\n chain awal {\n type nat hook prerouting priority dstnat; policy accept;\n"
        f" {rule}\n }}\n}}\n"
        "table inet saring {\n chain lewat {\n type filter hook forward priority filter; policy drop;\n"
        " ct status dnat accept\n }\n chain masuk {\n"
        " type filter hook input priority filter; policy drop;\n }\n}\n"
    )
    report = written(
        "firewall-ipv4", "firewall-ipv6", firewall_kernel=KERNEL, firewall_nft=text, listening=listens(22)
    )
    assert facts_of(report, NETWORK).get("host.firewall_published_ports") == ports
