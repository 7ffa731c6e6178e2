"""Where keys are looked for, and what is said when one may lie elsewhere."""

from __future__ import annotations

import pytest

from scanners.host.accounts.keys import Key
from tests.scanners.host.accounts.hosts import facts, small, unread

FINGERPRINT = "SHA256:" + "a" * 43
SEEN = "is 700 0 0 d:/root\n"


def printed(*keys: tuple[str, str]) -> str:
    """Return what the collection prints of keys: file and type of each."""
    lines = [f"key\t{path}\t{number}\t{kind}\t" for number, (path, kind) in enumerate(keys, 1)]
    told = [f"256 SHA256:{chr(96 + number) * 43} {number} (X)" for number in range(1, len(keys) + 1)]
    return SEEN + "\n".join([*lines, *told]) + "\n"


def accounts_of(report_text: str, **sections: str) -> list[str]:
    keys = facts(small(accounts_files=report_text, **sections))["host.account_keys"]
    assert isinstance(keys, list)
    return [str(one["account"]) for one in keys if isinstance(one, dict)]


def test_keys_in_a_home_open_its_account() -> None:
    text = printed(
        ("/home/budi/.ssh/authorized_keys", "ssh-rsa"), ("/home/gone/.ssh/authorized_keys", "ssh-rsa")
    )
    assert accounts_of(text) == ["budi"]


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("AuthorizedKeysFile /etc/ssh/keys/%u", "/etc/ssh/keys/budi"),
        ("authorizedkeysfile=/etc/ssh/%u/authorized_keys", "/etc/ssh/budi/authorized_keys"),
        ('AuthorizedKeysFile "%h/.ssh/authorized_keys3"', "/home/budi/.ssh/authorized_keys3"),
        ("AuthorizedKeysFile none", "/home/budi/.ssh/authorized_keys2"),
    ],
)
def test_keys_lie_where_sshd_is_told(setting: str, path: str) -> None:
    files = f"/etc/ssh/sshd_config:{setting}\n/etc/ssh/sshd_config:Port 22\n"
    assert accounts_of(printed((path, "ssh-ed25519")), sshd_files=files) == ["budi"]


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("AuthorizedKeysFile /srv/data/a/b/c/%u", "not looked for"),
        ("AuthorizedKeysFile /usr/share/keys/%u", "not looked for"),
        ("AuthorizedKeysFile /home/%u/keys", "not looked for"),
        ("AuthorizedKeysCommand /usr/bin/sss_ssh_authorizedkeys %u", "a command"),
    ],
)
def test_a_place_that_was_not_looked_into_gives_no_list(setting: str, reason: str) -> None:
    report = small(accounts_files=SEEN, sshd_files=f"/etc/ssh/sshd_config:{setting}\n")
    assert reason in unread(report)["host.account_keys"]


@pytest.mark.parametrize(
    ("homes", "files", "reason"),
    [
        ("link /home/budi\nis 755 0 0 1 /home/budi\n", "", "a link"),
        ("is 755 1001 1001 2 /home/budi\nis 755 0 0 1 /home\n", "", "a file system of its own"),
        ("is 755 1001 1001 1 /home/budi\n", "is 777 0 0 l:/home/budi/.ssh\n", "a link"),
        ("is 755 1001 1001 1 /home/budi\n", "is 777 0 0 l:/home/budi/.ssh/authorized_keys\n", "a link"),
    ],
)
def test_a_home_that_lies_elsewhere_gives_no_list(homes: str, files: str, reason: str) -> None:
    report = small(accounts_homes="is 700 0 0 1 /root\n" + homes, accounts_files=SEEN + files)
    assert reason in unread(report)["host.account_keys"]


def test_a_home_outside_of_what_is_searched_gives_no_list() -> None:
    passwd = "root:x:0:0:/root:/bin/bash\nbudi:x:1001:1001:/data/home/budi:/bin/bash\n"
    homes = "is 700 0 0 1 /root\nis 755 1001 1001 1 /data/home/budi\n"
    report = small(accounts_passwd=passwd, accounts_homes=homes)
    assert "not looked for" in unread(report)["host.account_keys"]
    # Where the home is not there, no key can be in it.
    absent = small(accounts_passwd=passwd, accounts_homes="is 700 0 0 1 /root\n")
    assert facts(absent)["host.account_keys"] == []


def test_a_search_that_failed_is_not_an_empty_list() -> None:
    assert "host.account_keys" in unread(small(accounts_files=""))
    assert "host.home_files_open" in unread(small(accounts_files="find: unknown predicate\n"))


def test_an_old_ssh_keygen_gives_no_list() -> None:
    """Before OpenSSH 7.2 it reads no standard input, and tells MD5 alone."""
    text = SEEN + "key\t/home/budi/.ssh/authorized_keys\t1\tssh-rsa\t\n"
    assert "older than 7.2" in unread(small(accounts_files=text))["host.account_keys"]


@pytest.mark.parametrize(
    ("options", "terminal"),
    [
        ((), True),
        (("from",), True),
        (("restrict",), False),
        (("restrict", "pty"), True),
        (("command", "no-pty"), False),
        (("command", "pty"), False),
    ],
)
def test_a_key_with_a_command_of_its_own_gives_no_terminal(options: tuple[str, ...], terminal: bool) -> None:
    assert Key("/x", 1, "ssh-rsa", options).gives_terminal is terminal


def test_what_others_write_in_a_home_is_named_but_not_by_its_own_group() -> None:
    files = SEEN + (
        "is 664 1001 1001 f:/home/budi/.bashrc\nis 664 1001 33 f:/home/budi/.profile\n"
        "is 777 1001 1001 l:/home/budi/.vimrc\nis 600 33 33 f:/home/budi/.netrc\n"
        "is 640 1001 1001 f:/home/budi/.ssh/id_ed25519\nis 644 1001 1001 f:/home/budi/.ssh/id_ed25519.pub\n"
        "is 666 1001 1001 f:/home/budi/proyek/.env\n"
    )
    assert facts(small(accounts_files=files))["host.home_files_open"] == [
        "/home/budi/.netrc UID 33",
        "/home/budi/.profile 664",
        "/home/budi/.ssh/id_ed25519 640",
    ]


@pytest.mark.parametrize(
    ("home", "found"),
    [
        ("is 755 1001 1001 1 /home/budi", []),
        ("is 770 1001 1001 1 /home/budi", []),
        ("is 770 1001 33 1 /home/budi", ["/home/budi 770"]),
        ("is 707 1001 1001 1 /home/budi", ["/home/budi 707"]),
        ("is 755 33 33 1 /home/budi", ["/home/budi UID 33"]),
    ],
)
def test_a_home_that_others_write_is_named(home: str, found: list[str]) -> None:
    report = small(accounts_homes=f"is 700 0 0 1 /root\n{home}\n")
    assert facts(report)["host.home_directories_open"] == found


def sshd_t(*lines: str) -> str:
    """Return what `sshd -T` prints, with these lines."""
    return "permitrootlogin no\n" + "".join(f"{line}\n" for line in lines)


MAIN = "/etc/ssh/sshd_config:UsePAM yes\n"


@pytest.mark.parametrize(
    ("told", "files", "opened"),
    [
        ("authorizedkeysfile /etc/ssh/keys/%u", MAIN, ["budi"]),
        ("authorizedkeysfile .ssh/authorized_keys .ssh/authorized_keys2", MAIN, []),
        # A file that sshd does not read.
        (
            "authorizedkeysfile .ssh/authorized_keys",
            MAIN + "/etc/ssh/sshd_config.d/old.bak:AuthorizedKeysCommand /bin/x\n",
            [],
        ),
        (
            "authorizedkeysfile .ssh/authorized_keys",
            MAIN
            + "/etc/ssh/sshd_config:Match User budi\n"
            + "/etc/ssh/sshd_config:AuthorizedKeysFile /etc/ssh/keys/%u\n",
            ["budi"],
        ),
    ],
)
def test_the_settings_in_force_say_where_keys_lie(told: str, files: str, opened: list[str]) -> None:
    text = printed(("/etc/ssh/keys/budi", "ssh-ed25519"))
    found = accounts_of(text, sshd_effective=sshd_t(told), sshd_files=files, sshd_running="")
    assert found == opened


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("authorizedkeyscommand /usr/bin/sss_ssh_authorizedkeys", "a command"),
        ("trustedusercakeys /etc/ssh/ca.pub", "a certification authority"),
    ],
)
def test_keys_that_come_from_elsewhere_give_no_list(setting: str, reason: str) -> None:
    told = sshd_t("authorizedkeysfile .ssh/authorized_keys", setting)
    in_force = small(sshd_effective=told, sshd_files=MAIN, sshd_running="", accounts_files=SEEN)
    assert reason in unread(in_force)["host.account_keys"]
    in_file = small(sshd_files=f"/etc/ssh/sshd_config:{setting}\n", accounts_files=SEEN)
    assert reason in unread(in_file)["host.account_keys"]


def test_a_line_that_looks_like_a_key_gives_no_list_where_it_would_open_an_account() -> None:
    odd = SEEN + "odd\t/home/budi/.ssh/authorized_keys\tkey\n"
    assert "looks like a key" in unread(small(accounts_files=odd))["host.account_keys"]
    elsewhere = SEEN + "odd\t/etc/ssh/ca.pub\tkey\nodd\t/home/budi/.ssh/authorized_keys\n"
    assert facts(small(accounts_files=elsewhere))["host.account_keys"] == []
