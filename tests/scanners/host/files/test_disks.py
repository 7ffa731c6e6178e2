"""Disks that may leave the room, and their encryption, as lsblk -P tells."""

from __future__ import annotations

from scanners.host.report import Report, Section, State
from tests.scanners.host.files.told import told, unread
from tests.scanners.host.recorded import written


def line(
    name: str, parent: str, kind: str, stored: str = "", at: str = "", rm: int = 0, bus: str = ""
) -> str:
    return (
        f'NAME="{name}" KNAME="{name}" PKNAME="{parent}" TYPE="{kind}" FSTYPE="{stored}" MOUNTPOINT="{at}"'
        f' RM="{rm}" TRAN="{bus}"\n'
    )


SYSTEM = line("sda", "", "disk", bus="sata") + line("sda1", "sda", "part", "ext4", "/")
ROM = line("sr0", "", "rom", "iso9660", "", 1, "sata")


def test_a_server_with_its_own_disks_has_none_that_leaves() -> None:
    facts = told(written(files_disks=SYSTEM + ROM))
    assert facts["host.disk_portable"] == []
    assert facts["host.disk_portable_plain"] == []


def test_a_plain_disk_on_usb() -> None:
    usb = line("sdb", "", "disk", bus="usb") + line("sdb1", "sdb", "part", "ntfs", "/mnt/backup")
    facts = told(written(files_disks=SYSTEM + usb))
    assert facts["host.disk_portable"] == ["/dev/sdb"]
    assert facts["host.disk_portable_plain"] == ["/dev/sdb1 ntfs /mnt/backup"]


def test_what_lies_on_an_encrypted_part_is_encrypted() -> None:
    usb = (
        line("sdb", "", "disk", rm=1, bus="usb")
        + line("sdb1", "sdb", "part", "crypto_LUKS")
        + line("dm-0", "sdb1", "crypt", "LVM2_member")
        + line("dm-1", "dm-0", "lvm", "ext4", "/mnt/cadangan")
    )
    facts = told(written(files_disks=SYSTEM + usb))
    assert facts["host.disk_portable"] == ["/dev/sdb"]
    assert facts["host.disk_portable_plain"] == []


def test_a_disk_for_backups_alone_counts_as_portable() -> None:
    disk = line("sdc", "", "disk", bus="sata") + line("sdc1", "sdc", "part", "xfs", "/srv/backup")
    facts = told(written(files_disks=SYSTEM + disk))
    assert facts["host.disk_portable_plain"] == ["/dev/sdc1 xfs /srv/backup"]


def test_a_disk_of_which_nothing_is_told_is_not_called_encrypted() -> None:
    usb = line("sdb", "", "disk", bus="usb") + line("sdb1", "sdb", "part")
    facts = told(written(files_disks=SYSTEM + usb))
    assert facts["host.disk_portable"] == ["/dev/sdb"]
    assert unread(facts)["host.disk_portable_plain"] == "not understood"


def test_an_old_lsblk_that_knows_no_such_column_tells_nothing() -> None:
    report = Report({"files-disks": Section("files-disks", State.RAN, b"", 1, 1000)})
    assert unread(told(report))["host.disk_portable"] == "not understood"
    assert unread(told(written("files-disks")))["host.disk_portable"] == "tool missing"
