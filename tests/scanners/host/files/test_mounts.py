"""Mount options, space, logs, and what was not walked."""

from __future__ import annotations

import pytest

from tests.scanners.host.files.told import told, unread
from tests.scanners.host.recorded import written

MOUNTS = """\
proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0
/dev/mapper/vg-root / ext4 rw,relatime 0 0
tmpfs /dev/shm tmpfs rw,nosuid,nodev,noexec 0 0
tmpfs /tmp tmpfs rw,nosuid,nodev,noexec,size=2097152k 0 0
/dev/mapper/vg-log /var/log xfs rw,nosuid,nodev,noexec 0 0
"""
PLACES = "/tmp /tmp\n/var/tmp /tmp\n/dev/shm /dev/shm\n/var /var\n/var/log /var/log\n"


def test_a_link_from_one_to_the_other_has_the_options_of_where_it_leads() -> None:
    facts = told(written(files_mounts=MOUNTS, files_places=PLACES))
    assert facts["host.mount_temporary_loose"] == []
    assert facts["host.mount_logs_separate"] is True


def test_a_directory_has_the_options_of_the_file_system_it_lies_in() -> None:
    places = PLACES.replace("/var/tmp /tmp", "/var/tmp /var/tmp")
    facts = told(written(files_mounts=MOUNTS, files_places=places))
    assert facts["host.mount_temporary_loose"] == ["/var/tmp in /: without nodev, nosuid, noexec"]


def test_the_later_of_two_file_systems_at_one_place_counts() -> None:
    over = MOUNTS + "tmpfs /tmp tmpfs rw,nosuid,nodev 0 0\n"
    facts = told(written(files_mounts=over, files_places=PLACES))
    assert facts["host.mount_temporary_loose"] == [
        "/tmp in /tmp: without noexec",
        "/var/tmp in /tmp: without noexec",
    ]


def test_a_name_that_only_begins_alike_is_another_place() -> None:
    mounts = MOUNTS.replace("/var/log xfs", "/var/lo xfs")
    assert told(written(files_mounts=mounts, files_places=PLACES))["host.mount_logs_separate"] is False


def test_a_place_that_may_not_be_entered_is_not_judged() -> None:
    facts = told(written(files_mounts=MOUNTS, files_places="/tmp /tmp\n"))
    assert unread(facts)["host.mount_temporary_loose"] == "needs root"


def test_what_lies_elsewhere_is_named_as_not_walked() -> None:
    more = MOUNTS + (
        "nas:/data /mnt/nas nfs4 rw 0 0\n"
        "//srv/bagi /mnt/Berkas\\040Bersama cifs rw 0 0\n"
        "overlay /var/lib/docker/overlay2/a/merged overlay rw 0 0\n"
        "/dev/loop1 /snap/core/1 squashfs ro 0 0\n"
    )
    assert told(written(files_mounts=more))["host.file_systems_unwalked"] == [
        "/mnt/nas (nfs4)",
        "/mnt/Berkas Bersama (cifs)",
        "/var/lib/docker/overlay2/a/merged (overlay)",
    ]


SPACE = """\
Filesystem              Type 1024-blocks     Used Available Capacity Mounted on
/dev/mapper/vg-root     ext4    20511312 16000000   3446352      83% /
tmpfs                   tmpfs    1024000  1024000         0     100% /dev/shm
/dev/mapper/vg-log      xfs      5232640   523264   4709376      10% /var/log
/dev/loop1              squashfs   56832    56832         0     100% /snap/core/1
"""
INODES = """\
Filesystem            Inodes  IUsed   IFree IUse% Mounted on
/dev/mapper/vg-root  1310720 130000 1180720   10% /
/dev/mapper/vg-log         0      0       0     - /var/log
"""


def test_only_disks_fill_up() -> None:
    mounts = MOUNTS + "/dev/loop1 /snap/core/1 squashfs ro 0 0\n"
    facts = told(written(files_mounts=mounts, files_space=SPACE, files_inodes=INODES))
    assert facts["host.disk_space_percent"] == 83
    assert facts["host.disk_inodes_percent"] == 10
    assert facts["host.disk_fill"] == ["/: 83 % space, 10 % inodes", "/var/log: 10 % space, 0 % inodes"]


@pytest.mark.parametrize("text", ["", "Filesystem\n", "Filesystem\ndf: no such thing\n"])
def test_no_file_system_is_no_empty_disk(text: str) -> None:
    facts = told(written(files_mounts=MOUNTS, files_space=text, files_inodes=text))
    assert unread(facts)["host.disk_space_percent"] == "not understood"


LOGS = "/var/log/syslog\n/var/log/auth.log\n{\n\trotate 4\n\tpostrotate\n\t\t/usr/lib/x {}\n\tendscript\n}\n"


@pytest.mark.parametrize(
    ("main", "part", "unbounded"),
    [
        ("weekly\n", LOGS, ["/var/log/auth.log", "/var/log/syslog"]),
        ("weekly\nmaxsize 200M\ninclude /etc/logrotate.d\n", LOGS, []),
        ("# maxsize 200M\n", LOGS.replace("rotate 4", "rotate 4\n  size=100k"), []),
        ("minsize 1M\n", LOGS.replace("rotate 4", "minsize 1M"), ["/var/log/auth.log", "/var/log/syslog"]),
        ("/var/log/wtmp { size 1M }\n", LOGS, ["/var/log/auth.log", "/var/log/syslog"]),
        ('size 1M\n"/var/log/a b.log" {\n weekly\n}\n', "", []),
    ],
)
def test_a_size_bounds_a_log(main: str, part: str, unbounded: list[str]) -> None:
    text = f"==> /etc/logrotate.conf <== read\n{main}\n==> /etc/logrotate.d/rsyslog <== read\n{part}\n"
    assert told(written(logrotate=text))["host.mount_logs_unbounded"] == unbounded


def test_without_logrotate_nothing_is_rotated() -> None:
    facts = told(written(logrotate=""))
    assert facts["host.mount_logs_unbounded"] == ["no rotation: /etc/logrotate.conf is not there"]


def test_a_block_without_end_is_not_understood() -> None:
    text = "==> /etc/logrotate.conf <== read\n/var/log/a {\n size 1M\n"
    assert unread(told(written(logrotate=text)))["host.mount_logs_unbounded"] == "not understood"
