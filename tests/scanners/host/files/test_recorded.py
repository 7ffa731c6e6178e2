"""What is read from hosts as they are installed, one that was broken, and one without sudo."""

from __future__ import annotations

import pytest

from tests.scanners.host.files.told import told_of, unread

INSTALLED = ("debian-11", "debian-12", "ubuntu-20.04", "ubuntu-22.04", "ubuntu-24.04")


@pytest.mark.parametrize("name", INSTALLED)
def test_a_host_as_installed_has_nothing_open(name: str) -> None:
    facts = told_of(name)
    assert facts["host.file_accounts_loose"] == []
    assert facts["host.file_world_writable"] == []
    assert facts["host.file_world_writable_count"] == 0
    assert facts["host.file_unowned_count"] == 0
    assert facts["host.file_keys_open"] == []
    assert facts["host.file_keys"] == 3
    assert facts["host.file_systems_unwalked"] == []


@pytest.mark.parametrize("name", INSTALLED)
def test_privileged_programs_are_told_by_their_real_path(name: str) -> None:
    privileged = told_of(name)["host.file_privileged"]
    assert isinstance(privileged, list)
    assert {"/usr/bin/su", "/usr/bin/passwd", "/usr/lib/openssh/ssh-keysign"} <= {*privileged}
    assert "/usr/bin/dash" not in privileged


def test_logs_of_an_installed_host_are_rotated_by_age_alone() -> None:
    facts = told_of("debian-12")
    assert facts["host.mount_logs_separate"] is False
    unbounded = facts["host.mount_logs_unbounded"]
    assert isinstance(unbounded, list)
    assert "/var/log/syslog" in unbounded
    assert "/usr/lib/rsyslog/rsyslog-rotate" not in unbounded


def test_without_grub_nothing_is_said_of_the_boot_loader() -> None:
    assert unread(told_of("debian-12"))["host.boot_password"] == "not understood"


def test_what_was_broken_is_found() -> None:
    facts = told_of("debian-12-broken")
    assert facts["host.file_accounts_loose"] == ["/etc/shadow- 0644 root:shadow"]
    assert facts["host.file_unowned"] == [
        "/srv/arsip 0755 1777:1777",
        "/srv/arsip/data.csv 0644 1777:1777",
        "/srv/arsip/tautan 0777 1777:1777",
    ]
    privileged = facts["host.file_privileged"]
    assert isinstance(privileged, list)
    assert "/usr/lib/locale/.cache" in privileged
    assert facts["host.boot_password"] is True
    assert facts["host.boot_files_loose"] == ["/boot/grub/grub.cfg 0444 root:root"]


def test_of_many_writable_files_the_first_are_told_and_all_are_counted() -> None:
    facts = told_of("debian-12-broken")
    assert facts["host.file_world_writable_count"] == 352
    listed = facts["host.file_world_writable"]
    assert isinstance(listed, list)
    # One is a key, and keys are always told.
    assert len(listed) == 201
    assert listed[0] == "/var/www/html/upload 0777 root:root"


def test_open_keys_are_told_apart_from_keys_behind_a_closed_directory() -> None:
    listed = told_of("debian-12-broken")["host.file_keys_open"]
    assert isinstance(listed, list)
    assert sorted(map(str, listed)) == [
        "/etc/nginx/ssl/dinkes.key 0644 root:root",
        "/home/budi/.ssh/id_ed25519 0644 root:root",
        # One among hundreds of files that everybody may write to.
        "/var/www/html/upload/zz.key 0777 root:root",
    ]


def test_without_sudo_the_walk_is_not_told_and_the_rest_is() -> None:
    facts = told_of("debian-11-no-sudo")
    reasons = unread(facts)
    for name in ("world_writable", "world_writable_count", "unowned", "privileged", "keys", "keys_open"):
        assert reasons[f"host.file_{name}"] == "needs root"
        assert f"host.file_{name}" not in facts
    assert reasons["host.boot_password"] == "needs root"
    assert facts["host.file_accounts_loose"] == []
    assert isinstance(facts["host.disk_space_percent"], int)
