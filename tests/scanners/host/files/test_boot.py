"""How the boot loader is protected."""

from __future__ import annotations

from scanners.host.report import Report, Section, State
from tests.scanners.host.files.told import told, unread, walked

GRUB = "600:0:0:root:root:f:/boot/grub2/grub.cfg"


def test_a_password_in_the_file_of_its_own_of_the_rhel_family() -> None:
    facts = told(walked(GRUB, files_boot_password="/boot/grub2/user.cfg\n"))
    assert facts["host.boot_password"] is True
    assert facts["host.boot_files_loose"] == []


def test_no_password() -> None:
    facts = told(walked(GRUB, files_boot_password=""))
    assert facts["host.boot_password"] is False


def test_files_that_others_may_read_or_own() -> None:
    facts = told(
        walked("444:0:0:root:root:f:/boot/grub/grub.cfg", "600:1000:0:budi:root:f:/boot/grub/user.cfg")
    )
    assert facts["host.boot_files_loose"] == [
        "/boot/grub/grub.cfg 0444 root:root",
        "/boot/grub/user.cfg 0600 budi:root",
    ]


def test_a_search_that_was_stopped_found_no_absence() -> None:
    sections = {**walked(GRUB).sections}
    for code, reason in ((141, "broken off"), (143, "timeout"), (124, "timeout")):
        sections["files-boot-password"] = Section("files-boot-password", State.RAN, b"", code, 1000)
        assert unread(told(Report(sections)))["host.boot_password"] == reason


def test_an_unfinished_walk_knows_no_loose_file() -> None:
    assert unread(told(walked(GRUB, exit_code=124)))["host.boot_files_loose"] == "timeout"
