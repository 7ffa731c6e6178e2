"""Sockets that wait for others, in the words of every tool that shows them."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.network.area import NETWORK
from tests.scanners.host.recorded import facts_of, recorded, written

SS = """\
Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
udp   UNCONN 0      0      127.0.0.53%lo:53        0.0.0.0:*    users:(("systemd-resolve",pid=500,fd=12))
tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=700,fd=3))
tcp   LISTEN 0      511                *:80              *:*    users:(("apache2",pid=9,fd=4),("apache2"))
tcp   LISTEN 0      70    [::ffff:127.0.0.1]:33060     *:*    users:(("mysqld",pid=900,fd=21))
tcp   LISTEN 0      64           0.0.0.0:2049      0.0.0.0:*
"""
# iproute2 of CentOS 6, written by hand: no brackets around IPv6 addresses, fields of programs unnamed.
OLD_SS = """\
Netid State      Recv-Q Send-Q     Local Address:Port       Peer Address:Port
tcp    LISTEN     0      128                   :::22                    :::*      users:(("sshd",1500,4))
tcp    LISTEN     0      100                  ::1:25                    :::*      users:(("master",1600,13))
"""
NETSTAT = """\
Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 127.0.0.1:3306          0.0.0.0:*               LISTEN      1020/mysqld
tcp6       0      0 :::80                   :::*                    LISTEN      900/httpd
udp        0      0 10.1.2.3:123            0.0.0.0:*                           800/ntpd
"""


def sockets(text: str) -> list[tuple[JSON, ...]]:
    facts = facts_of(written(listening=text, listening_plain=""), NETWORK)
    found = facts["host.listening"]
    assert isinstance(found, list)
    return [tuple(one.values()) for one in found if isinstance(one, dict)]


def test_ss_shows_address_port_program_and_reach() -> None:
    assert sockets(SS) == [
        ("tcp", "*", 22, "sshd", "every"),
        ("tcp", "*", 80, "apache2", "every"),
        ("tcp", "*", 2049, "kernel", "every"),
        ("tcp", "127.0.0.1", 33060, "mysqld", "loopback"),
        ("udp", "127.0.0.53", 53, "systemd-resolve", "loopback"),
    ]


def test_an_old_ss_is_read_too() -> None:
    assert sockets(OLD_SS) == [
        ("tcp", "*", 22, "sshd", "every"),
        ("tcp", "::1", 25, "master", "loopback"),
    ]


def test_netstat_is_read_where_there_is_no_ss() -> None:
    assert sockets(NETSTAT) == [
        ("tcp", "*", 80, "httpd", "every"),
        ("tcp", "127.0.0.1", 3306, "mysqld", "loopback"),
        ("udp", "10.1.2.3", 123, "ntpd", "private"),
    ]


def test_the_kernel_s_own_tables_are_read_where_there_is_no_tool() -> None:
    plain = (
        "proc tcp 0100007F:0CEA 0A\nproc tcp 00000000:0016 0A\nproc tcp 0100007F:1F90 01\n"
        "proc tcp6 00000000000000000000000001000000:0277 0A\nproc udp 0302010A:007B 07\n"
    )
    facts = facts_of(written(listening_plain=plain, denied=("listening",)), NETWORK)
    assert facts["host.listening"] == [
        {"protocol": "tcp", "address": "*", "port": 22, "program": None, "reach": "every"},
        {"protocol": "tcp", "address": "::1", "port": 631, "program": None, "reach": "loopback"},
        {"protocol": "tcp", "address": "127.0.0.1", "port": 3306, "program": None, "reach": "loopback"},
        {"protocol": "udp", "address": "10.1.2.3", "port": 123, "program": None, "reach": "private"},
    ]


def test_without_root_sockets_are_seen_and_programs_are_not() -> None:
    facts = facts_of(recorded("network", "denied-ubuntu-24.04"), NETWORK)
    assert facts["host.listening"] != []
    assert "host.listening_names" not in facts


def test_programs_are_named_once() -> None:
    facts = facts_of(written(listening=SS), NETWORK)
    assert facts["host.listening_names"] == ["apache2", "kernel", "mysqld", "sshd", "systemd-resolve"]


@pytest.mark.parametrize("text", ["", "bash: ss: command not found\n"])
def test_no_table_is_not_the_same_as_an_empty_one(text: str) -> None:
    assert "host.listening" not in facts_of(written(listening=text, listening_plain=text), NETWORK)
    assert sockets(SS.splitlines()[0]) == []


def test_a_broken_address_is_not_understood() -> None:
    facts = facts_of(written(listening="tcp LISTEN 0 128 999.1.1.1:22 0.0.0.0:*\n"), NETWORK)
    assert "host.listening" not in facts


def test_the_docker_daemon_takes_orders_where_it_asks_for_no_certificate() -> None:
    cases = {
        "": [],
        "host fd://\n": [],
        "host tcp://0.0.0.0:2375\n": ["tcp://0.0.0.0:2375"],
        "host tcp://0.0.0.0:2376\noption --tlsverify\n": [],
        "host tcp://0.0.0.0:2376\noption --tlsverify=false\n": ["tcp://0.0.0.0:2376"],
        'json "hosts": ["unix:///run/docker.sock", "tcp://127.0.0.1:2375"]\n': ["tcp://127.0.0.1:2375"],
        'json "hosts":["tcp://0.0.0.0:2376"]\njson "tlsverify": true\n': [],
        'json "hosts":["tcp://0.0.0.0:2376"]\njson "tls": true\n': ["tcp://0.0.0.0:2376"],
    }
    for text, expected in cases.items():
        facts = facts_of(written(docker_options=text, listening=SS), NETWORK)
        assert facts["host.docker_open_addresses"] == expected, text


def test_a_docker_port_that_a_socket_unit_holds_is_seen() -> None:
    held = SS + 'tcp LISTEN 0 5 0.0.0.0:2375 0.0.0.0:* users:(("systemd",pid=1,fd=50))\n'
    swarm = SS + 'tcp LISTEN 0 5 *:2377 *:* users:(("dockerd",pid=7,fd=50))\n'
    for text, expected in ((held, ["tcp://*:2375"]), (swarm, [])):
        facts = facts_of(written(docker_options="", listening=text), NETWORK)
        assert facts["host.docker_open_addresses"] == expected


def test_settings_of_docker_that_may_not_be_read_leave_the_question_open() -> None:
    report = written(docker_options="denied /etc/docker/daemon.json\n", listening=SS)
    assert "host.docker_open_addresses" not in facts_of(report, NETWORK)


def test_an_address_of_a_carrier_or_a_vpn_is_not_public() -> None:
    text = "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n" + "".join(
        f'tcp LISTEN 0 128 {address}:5432 0.0.0.0:* users:(("postgres",pid=1,fd=3))\n'
        for address in ("100.64.0.7", "8.8.8.8")
    )
    assert [one[-1] for one in sockets(text)] == ["private", "public"]
