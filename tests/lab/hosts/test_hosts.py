"""The lab of hosts keeps its promises: they boot once, let the audit in alone, and leave nothing behind."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.lab.hosts import HOSTS, HostLab
from tests.lab.hosts.access import USER
from tests.lab.hosts.auditing import Look
from tests.lab.hosts.network import namespace


def test_ids_and_addresses_are_not_shared() -> None:
    for values in ([host.id for host in HOSTS], [host.address for host in HOSTS]):
        assert len(values) == len(set(values))


@pytest.mark.lab
def test_up_keeps_what_runs(host_lab: HostLab) -> None:
    before = host_lab.status()
    assert all(init for *_, init in before)
    HostLab(host_lab.state_dir).up()
    assert host_lab.status() == before


@pytest.mark.lab
def test_the_audit_is_let_in_with_root_for_its_list_alone(looks: Mapping[str, Look]) -> None:
    for host in HOSTS:
        facts = looks[host.id].facts
        assert facts["host.account"] == USER
        assert facts["host.root"] is True
        assert facts["host.hostname"] == host.id
        assert facts["host.os_id"] == host.release.id.partition("-")[0]
        assert str(facts["host.os_version"]).startswith(host.release.id.partition("-")[2])


@pytest.mark.lab
def test_down_leaves_nothing_and_up_brings_it_back(host_lab: HostLab) -> None:
    host = HOSTS[-1]
    lab = HostLab(host_lab.state_dir, (host,))
    machine = lab.machine(host)
    lab.end(host)
    assert not machine.processes()
    assert not os.path.ismount(machine.root)
    assert not Path("/run/netns", namespace(host.id)).exists()
    lab.up()
    assert machine.processes()
