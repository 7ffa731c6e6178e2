"""What a measurement of looks inside counts, and how it compares."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.policy.loading import load_policy
from auditor.usecases.planning import limits_for
from benchmarks.host_areas import AreaCost, section_seconds
from benchmarks.host_audit import task_of
from benchmarks.host_farm import FarmHost
from benchmarks.host_peers import write_known_hosts
from benchmarks.hosts import Way, print_areas, print_ratios, print_ways

_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0sDYdFTJrLM0ZOxIFcmrhRuT4vbzpBYeVtBCwz0xT4"
OURS = Way("audit", hosts=100, wall_seconds=50, auditor_seconds=20, host_seconds=130, connections=100)
LYNIS = Way("lynis", hosts=2, wall_seconds=40, auditor_seconds=0, host_seconds=30, connections=0)


def laid_out(number: int, folder: Path) -> FarmHost:
    host = FarmHost(number, folder / str(number))
    keys = host.directory / "written/etc/ssh"
    keys.mkdir(parents=True)
    (keys / "ssh_host_ed25519_key.pub").write_text(f"{_KEY} root@somewhere\n")
    return host


def test_every_host_has_a_name_and_an_address_of_its_own() -> None:
    hosts = [FarmHost(number, Path("/nowhere")) for number in range(600)]
    assert len({host.address for host in hosts}) == len({host.id for host in hosts}) == 600
    assert all(re.fullmatch(r"127\.60\.\d+\.([1-9]|[1-9]\d|1\d\d|200)", host.address) for host in hosts)


def test_a_sample_is_compared_for_each_host(capsys: pytest.CaptureFixture[str]) -> None:
    print_ratios([OURS], [LYNIS])
    *_, wall, cpu = capsys.readouterr().out.splitlines()[-1].split()
    assert (wall, cpu) == ("0.025", "0.100")  # 0.5 s of 20 s, and 1.5 s of 15 s


def test_a_line_says_what_one_host_took(capsys: pytest.CaptureFixture[str]) -> None:
    print_ways([OURS, LYNIS])
    ours, lynis = (line.split() for line in capsys.readouterr().out.splitlines()[1:])
    assert ours == ["audit", "100", "0.50", "0.200", "1.30", "1.00"]
    assert lynis == ["lynis", "2", "20.00", "0.000", "15.00", "0.00"]


def test_areas_are_told_in_milliseconds(capsys: pytest.CaptureFixture[str]) -> None:
    print_areas([AreaCost("packages", 6, 0.26, 0.2261, 119)])
    assert capsys.readouterr().out.splitlines()[-1].split() == ["packages", "6", "260", "226", "119"]


def test_connections_are_those_that_sshd_wrote_down(tmp_path: Path) -> None:
    host = laid_out(0, tmp_path)
    (host.directory / "sshd.log").write_text(
        "Server listening on 127.60.1.1 port 22.\n"
        'Connection from 127.0.0.1 port 40262 on 127.60.1.1 port 22 rdomain ""\n'
        "Connection closed by 127.0.0.1 port 40262\n"
        'Connection from 127.0.0.1 port 40264 on 127.60.1.1 port 22 rdomain ""\n'
        "Accepted publickey for tilik-audit from 127.0.0.1 port 40264 ssh2: ED25519 SHA256:abc\n"
    )
    assert host.connections() == 2


def test_known_hosts_pin_the_key_of_each_address(tmp_path: Path) -> None:
    hosts = [laid_out(number, tmp_path) for number in range(2)]
    assert write_known_hosts(hosts, tmp_path).read_text() == f"127.60.1.1 {_KEY}\n127.60.1.2 {_KEY}\n"


def test_a_host_is_looked_into_as_an_audit_would(tmp_path: Path) -> None:
    host = laid_out(3, tmp_path)
    task = task_of(host.id, host.address, host.host_key)
    assert (task.scanner, task.address, task.port) == ("host", "127.60.1.4", 22)
    assert task.options["host_keys"] == [_KEY]
    assert limits_for(task, load_policy()).timeout_seconds > 0


def test_a_section_costs_what_was_spent_since_the_one_before() -> None:
    spent = iter([(1_000, 31_000, 36_000), (5_000, 15_000, 25_000), (2_000, 22_000, 23_000)])

    def printed(_host: FarmHost, script: str) -> bytes:
        assert script.index("spent -") < script.index("as_root() {")
        mark = re.match(r"M='(@@\w+)'", script)
        assert mark
        start, first, second = next(spent)
        lines = (f"spent - {start}", "end one ran 0 9", f"spent one {first}", f"spent two {second}")
        return "".join(f"\n{mark[1]} {line}\n" for line in lines).encode()

    found = section_seconds(FarmHost(0, Path("/nowhere")), printed)
    assert found == pytest.approx({"one": 0.02, "two": 0.005})
