"""What is read from hosts as they are installed."""

from __future__ import annotations

import pytest

from tests.scanners.host.machine.told import told_of, unread

INSTALLED = ("debian-11", "debian-12", "ubuntu-20.04", "ubuntu-22.04", "ubuntu-24.04", "debian-11-no-sudo")


@pytest.mark.parametrize("name", INSTALLED)
def test_an_installed_host_accepts_redirects_and_passes_nothing_on(name: str) -> None:
    facts = told_of(name)
    loose = facts["host.kernel_network_loose"]
    assert isinstance(loose, list)
    assert "net.ipv4.conf.all.accept_redirects = 1" in loose
    assert facts["host.kernel_forwarding"] is False
    assert facts["host.kernel_memory_gaps"] == [
        "kernel.yama.ptrace_scope is not there",
        "no hard limit of 0 for core dumps",
    ]


@pytest.mark.parametrize("name", INSTALLED)
def test_a_host_without_desktop_and_arrays(name: str) -> None:
    facts = told_of(name)
    assert facts["host.desktop_managers"] == []
    assert facts["host.desktop_lock_seconds"] is None
    assert facts["host.raid_arrays"] == []
    assert facts["host.unit_manager"] == "other"


def test_texts_at_login_as_installed() -> None:
    facts = told_of("debian-12")
    assert facts["host.notice_local"] == "Debian GNU/Linux 12 \\n \\l"
    assert facts["host.notice_details"] == [
        "/etc/issue: Debian, GNU/Linux",
        "/etc/issue.net: Debian, GNU/Linux",
        "/etc/motd: Debian, GNU/Linux",
    ]
    assert told_of("ubuntu-22.04")["host.notice_details"] == ["/etc/issue: Ubuntu", "/etc/issue.net: Ubuntu"]


def test_units_that_start_with_the_host() -> None:
    assert told_of("ubuntu-24.04")["host.unit_enabled"] == [
        "chrony.service",
        "cron.service",
        "dmesg.service",
        "e2scrub_reap.service",
        "getty@tty1.service",
        "rsyslog.service",
        "ssh.socket",
        "systemd-pstore.service",
        "unattended-upgrades.service",
    ]


@pytest.mark.parametrize("name", INSTALLED)
def test_what_no_tool_tells_is_unread(name: str) -> None:
    reasons = unread(told_of(name))
    assert reasons["host.disk_unhealthy"] == "tool missing"
    assert reasons["host.ups_problems"] == "tool missing"
    assert reasons["host.power_bad"] == "tool missing"
    assert reasons["host.usb_storage_blocked"] == "not understood"
