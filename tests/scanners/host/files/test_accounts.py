"""Owners and modes of the files that hold accounts."""

from __future__ import annotations

import pytest

from scanners.host.files.accounts import mode_of
from tests.scanners.host.files.told import told, unread
from tests.scanners.host.recorded import written

SOUND = (
    "-rw-r--r-- 1 root root 954 Nov 22 09:50 /etc/passwd\n-rw-r--r-- 1 root root 476 Nov 22 2024 /etc/group\n"
)


def loose(line: str) -> object:
    return told(written(files_accounts=SOUND + line))["host.file_accounts_loose"]


@pytest.mark.parametrize(
    "line",
    [
        "-rw-r----- 1 root shadow 515 Nov 22 09:50 /etc/shadow",
        # As in the RHEL family, with the dot of SELinux.
        "----------. 1 root root 742 Jan  8  2023 /etc/shadow",
        "----------. 1 root root 600 Jan  8  2023 /etc/gshadow-",
        "-rw------- 1 root root 0 Nov 22 09:50 /etc/security/opasswd",
    ],
)
def test_files_as_they_may_be(line: str) -> None:
    assert loose(line) == []


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("-rw-r--r-- 1 root shadow 515 Nov 22 09:50 /etc/shadow", "/etc/shadow 0644 root:shadow"),
        ("-rw-r----- 1 root adm 515 Nov 22 09:50 /etc/shadow-", "/etc/shadow- 0640 root:adm"),
        ("-rw-r----- 1 budi shadow 515 Nov 22 09:50 /etc/gshadow", "/etc/gshadow 0640 budi:shadow"),
        ("-rw-rw-r-- 1 root root 515 Nov 22 09:50 /etc/passwd-", "/etc/passwd- 0664 root:root"),
        (
            "-rw-r-----+ 1 root shadow 515 Nov 22 09:50 /etc/shadow",
            "/etc/shadow 0640 root:shadow, with an access list",
        ),
        ("drwxr-xr-x 1 root root 515 Nov 22 09:50 /etc/group-", "/etc/group- 0755 root:root"),
    ],
)
def test_files_that_are_looser(line: str, shown: str) -> None:
    assert loose(line) == [shown]


def test_letters_of_special_modes() -> None:
    assert mode_of("rwsr-sr-t") == 0o7755
    assert mode_of("rwSr-Sr-T") == 0o7644


def test_neither_passwd_nor_group_is_not_a_sound_host() -> None:
    assert unread(told(written(files_accounts="")))["host.file_accounts_loose"] == "not understood"


def test_a_strange_line_is_not_passed_over() -> None:
    facts = told(written(files_accounts=SOUND + "ls: cannot open"))
    assert unread(facts)["host.file_accounts_loose"] == "not understood"
