"""Accounts, passwords and groups, by hand-written sections."""

from __future__ import annotations

import pytest

from tests.scanners.host.accounts.hosts import DENIED, facts, small, unread

PASSWD = "root:x:0:0:/root:/bin/bash\n"


def test_an_empty_name_of_a_shell_is_a_shell() -> None:
    read = facts(small(accounts_passwd=PASSWD + "joko:x:1002:1002:/home/joko:\n"))
    assert read["host.account_interactive"] == ["joko"]


@pytest.mark.parametrize(
    "shell", ["/usr/sbin/nologin", "/sbin/nologin", "/bin/false", "/bin/sync", "/sbin/halt"]
)
def test_a_program_that_only_ends_is_no_shell(shell: str) -> None:
    read = facts(small(accounts_passwd=PASSWD + f"lp:x:7:7:/var/spool:{shell}\n"))
    assert read["host.account_system_shells"] == []


def test_old_releases_number_people_from_500_on() -> None:
    passwd = PASSWD + "budi:x:500:500:/home/budi:/bin/bash\n"
    assert facts(small(accounts_passwd=passwd))["host.account_interactive"] == []
    read = facts(small(accounts_passwd=passwd, accounts_login_defs="UID_MIN\t\t  500\nUID_MAX 60000\n"))
    assert read["host.account_interactive"] == ["budi"]
    assert read["host.account_system_shells"] == []


def test_nobody_and_numbers_of_systemd_are_programs() -> None:
    passwd = PASSWD + "nobody:x:65534:65534:/:/bin/sh\ndyn:x:61200:61200:/:/bin/sh\n"
    read = facts(small(accounts_passwd=passwd))
    assert read["host.account_system_shells"] == ["nobody", "dyn"]


def test_marks_of_nis_are_no_accounts() -> None:
    read = facts(small(accounts_passwd=PASSWD + "+:::::\n"))
    assert read["host.account_names"] == ["root"]


@pytest.mark.parametrize(
    ("kept", "shadow", "state"),
    [
        ("x", "budi:set:$6:20000:::".removesuffix(":"), "passwords"),
        ("x", "budi:empty::20000::", "passwords_empty"),
        ("", "budi:set:$6:20000::", "passwords_empty"),
        ("hash", "budi:locked::20000::", "passwords"),
        ("hash", "budi:locked::20000::", "passwords_unshadowed"),
    ],
)
def test_a_password_is_where_passwd_or_shadow_has_it(kept: str, shadow: str, state: str) -> None:
    passwd = f"{PASSWD}budi:{kept}:1001:1001:/home/budi:/bin/bash\n"
    read = facts(small(accounts_passwd=passwd, accounts_shadow=f"root:locked::20000::\n{shadow}\n"))
    assert read[f"host.account_{state}"] == ["budi"]


def test_an_account_that_expired_is_not_active() -> None:
    shadow = "root:locked::20000::\nbudi:set:$6:20000::{}\n"
    # 22 November 2026 is day 20779.
    assert facts(small(accounts_shadow=shadow.format(20779)))["host.account_active"] == []
    assert facts(small(accounts_shadow=shadow.format(20780)))["host.account_active"] == ["budi"]


def test_a_locked_account_with_a_key_is_active() -> None:
    key = "key\t/home/budi/.ssh/authorized_keys\t1\tssh-ed25519\t\n"
    printed = "is 700 0 0 d:/root\n" + key + "256 SHA256:" + "a" * 43 + " 1 (ED25519)\n"
    locked = "root:locked::20000::\nbudi:locked:$6:20000::\n"
    assert facts(small(accounts_shadow=locked))["host.account_active"] == []
    assert facts(small(accounts_shadow=locked, accounts_files=printed))["host.account_active"] == ["budi"]


def test_without_root_what_rests_on_shadow_needs_root() -> None:
    reasons = unread(small(accounts_shadow=DENIED))
    for name in ("passwords", "passwords_empty", "active", "expiries", "system_passwords"):
        assert reasons[f"host.account_{name}"] == "needs root: accounts-shadow"
    assert facts(small(accounts_shadow=DENIED))["host.account_passwords_unshadowed"] == []


def test_names_and_numbers_given_twice_are_named() -> None:
    passwd = PASSWD + "a:x:1001:1001:/home/a:/bin/sh\nb:x:1001:1001:/home/b:/bin/sh\na:x:1003:1:/:/bin/sh\n"
    read = facts(small(accounts_passwd=passwd, accounts_groups="a:1:\nb:1:\nb:2:\n"))
    assert read["host.account_duplicates"] == [
        "account a (2 lines)",
        "group b (2 lines)",
        "UID 1001: a, b",
        "GID 1: a, b",
    ]


def test_programs_are_administrators_only_where_their_group_makes_root_of_them() -> None:
    passwd = (
        PASSWD
        + "syslog:x:104:110:/home/syslog:/usr/sbin/nologin\nwww-data:x:33:33:/var/www:/usr/sbin/nologin\n"
        + "operator:x:11:0:/root:/sbin/nologin\nbudi:x:1001:1001:/home/budi:/bin/bash\n"
    )
    groups = "root:0:\nadm:4:syslog,budi\ndocker:999:www-data\nlxd:998:gone\n"
    read = facts(small(accounts_passwd=passwd, accounts_groups=groups))
    assert read["host.account_administrators"] == [
        {"account": "budi", "groups": "adm"},
        {"account": "www-data", "groups": "docker"},
    ]


def test_roles_come_from_groups() -> None:
    groups = "sudo:27:budi\nmysql:110:budi,mysql\nadm:4:budi,syslog\nwww-data:33:\n"
    assert facts(small(accounts_groups=groups))["host.account_roles"] == [
        {"account": "budi", "role": "database"},
        {"account": "budi", "role": "log"},
        {"account": "budi", "role": "system"},
    ]


@pytest.mark.parametrize(
    ("line", "marks", "found"),
    [
        ("passwd: files systemd", "", []),
        ("passwd: files systemd sss", "", []),
        ("passwd: files sss", "there /etc/sssd/sssd.conf", ["sss"]),
        ("passwd: compat [NOTFOUND=return] ldap", "", ["ldap"]),
        ("group: files ldap", "", []),
        ("passwd: files winbind # sss", "", ["winbind"]),
    ],
)
def test_a_directory_of_accounts_is_shown(line: str, marks: str, found: list[str]) -> None:
    read = facts(small(accounts_nsswitch=f"# x\n{line}\n", accounts_directories=marks))
    assert read["host.account_directories"] == found


def test_a_directory_behind_a_closed_folder_is_not_denied() -> None:
    report = small(accounts_nsswitch="passwd: sss files", accounts_directories="hidden /etc/sssd/sssd.conf")
    assert unread(report)["host.account_directories"].startswith("needs root")


@pytest.mark.parametrize("text", ["", "root:x:zero:0:/root:/bin/sh\n", "root:x\n", "\x1b[31mroot\n"])
def test_a_list_of_accounts_that_is_none_gives_no_fact(text: str) -> None:
    assert "host.account_root_ids" in unread(small(accounts_passwd=text))


def test_sudoers_makes_administrators_of_those_in_no_group_too() -> None:
    passwd = PASSWD + "budi:x:1001:1001:/home/budi:/bin/bash\nvendor:x:1002:1002:/home/vendor:/bin/bash\n"
    told = (
        "/etc/sudoers:root ALL=(ALL:ALL) ALL\n/etc/sudoers:%sudo ALL=(ALL:ALL) ALL\n"
        "/etc/sudoers.d/v:vendor ALL=(root) /usr/bin/su -\n/etc/sudoers.d/v:%jauh ALL=(ALL) ALL\n"
        "/etc/sudoers.d/v:joko ALL=(root) /usr/bin/systemctl _\n"
    )
    read = facts(
        small(
            accounts_passwd=passwd,
            accounts_groups="sudo:27:budi\n",
            sudo_sources="",
            sudo_rules=told,
            sudo_version="Sudo version 1.9.13p3\n",
        )
    )
    assert read["host.account_administrators_by_sudo"] == ["%jauh", "budi", "vendor"]
