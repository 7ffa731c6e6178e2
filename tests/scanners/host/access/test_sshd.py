"""sshd's settings as it names them itself, and the exceptions that its files make."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.access.area import ACCESS
from tests.scanners.host.recorded import facts_of, recorded, written

DEFAULTS = """\
port 22
listenaddress [::]:22
listenaddress 0.0.0.0:22
usepam yes
logingracetime 120
maxauthtries 6
maxstartups 10:30:100
clientaliveinterval 0
clientalivecountmax 3
permitrootlogin without-password
ignorerhosts yes
hostbasedauthentication no
pubkeyauthentication yes
passwordauthentication yes
kbdinteractiveauthentication no
permitemptypasswords no
x11forwarding no
allowtcpforwarding yes
loglevel INFO
permituserenvironment no
ciphers aes256-gcm@openssh.com,aes128-ctr
"""
MAIN = "/etc/ssh/sshd_config"
LISTENER = "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups\n"


def sshd(
    *changes: str, files: str = f"{MAIN}:UsePAM yes\n", running: str = LISTENER, pam: str = ""
) -> dict[str, JSON]:
    """Return the facts where these lines stand instead of the defaults of the same keyword."""
    keywords = {change.split()[0] for change in changes}
    kept = [line for line in DEFAULTS.splitlines() if line.split()[0] not in keywords]
    effective = "\n".join([*kept, *changes]) + "\n"
    report = written(sshd_effective=effective, sshd_files=files, sshd_running=running, sshd_pam=pam)
    return facts_of(report, ACCESS)


def unread(facts: dict[str, JSON], name: str) -> tuple[str, str]:
    found = facts["host.unread"]
    assert isinstance(found, list)
    (one,) = [entry for entry in found if isinstance(entry, dict) and entry["fact"] == name]
    return str(one["reason"]), str(one["detail"])


def test_a_default_debian_is_read_as_it_is() -> None:
    facts = facts_of(recorded("access", "debian-12"), ACCESS)
    assert facts["host.sshd_permit_root_login"] == "prohibit-password"
    assert facts["host.sshd_password_alone"] is True
    assert facts["host.sshd_forwarding"] == ["tcp", "unix", "agent", "x11"]
    assert facts["host.sshd_ports"] == [22]
    assert facts["host.sshd_match"] == []


def test_a_hardened_ubuntu_is_read_through_its_include() -> None:
    facts = facts_of(recorded("access", "hardened-ubuntu-22.04"), ACCESS)
    assert facts["host.sshd_permit_root_login"] == "no"
    assert facts["host.sshd_password_alone"] is False
    assert facts["host.sshd_forwarding"] == []
    assert facts["host.sshd_allowed"] == ["group:ssh-users"]
    assert facts["host.sshd_unresponsive_seconds"] == 600
    assert facts["host.idle_session_seconds"] == 900


def test_an_ordinary_account_reads_the_same_with_the_published_rules_and_nothing_without() -> None:
    root = facts_of(recorded("access", "hardened-ubuntu-22.04"), ACCESS)
    granted = facts_of(recorded("access", "sudo-ubuntu-22.04"), ACCESS)
    denied = facts_of(recorded("access", "denied-ubuntu-24.04"), ACCESS)
    settings = [name for name in root if name.startswith("host.sshd_")]
    assert settings
    assert {name: granted[name] for name in settings} == {name: root[name] for name in settings}
    assert not [name for name in denied if name.startswith("host.sshd_")]
    assert unread(denied, "host.sshd_password_alone") == ("needs root", "sshd-effective")


def test_match_blocks_are_exceptions_of_their_own() -> None:
    facts = facts_of(recorded("access", "broken-ubuntu-24.04"), ACCESS)
    blocks = facts["host.sshd_match"]
    assert isinstance(blocks, list)
    assert {"criteria": "User cadangan", "setting": "permitrootlogin", "value": "yes"} in blocks
    assert len(blocks) == 3


def test_a_match_block_that_lets_passwords_in_is_named() -> None:
    files = (
        f"{MAIN}:Match Address 10.0.0.0/8 User *,!root\n{MAIN}:  PasswordAuthentication=yes\n"
        f"{MAIN}:Match Group sftp\n{MAIN}:\tX11Forwarding no\n"
    )
    facts = sshd("passwordauthentication no", files=files)
    assert facts["host.sshd_password_alone"] is False
    assert facts["host.sshd_password_alone_for"] == ["Address 10.0.0.0/8 User *,!root"]


def test_a_match_block_ends_with_its_file() -> None:
    files = (
        f"{MAIN}:Include {MAIN}.d/*.conf\n"
        f"{MAIN}.d/a.conf:Match User a\n{MAIN}.d/a.conf:AllowTcpForwarding no\n{MAIN}:PermitRootLogin yes\n"
    )
    assert sshd(files=files)["host.sshd_match"] == [
        {"criteria": "User a", "setting": "allowtcpforwarding", "value": "no"}
    ]


def test_a_file_that_sshd_does_not_read_counts_for_nothing() -> None:
    files = f"{MAIN}:UsePAM yes\n{MAIN}.d/old.conf.bak:Match all\n{MAIN}.d/old.conf.bak:PermitRootLogin yes\n"
    assert sshd(files=files)["host.sshd_match"] == []


@pytest.mark.parametrize(
    ("include", "path", "is_read"),
    [
        ("", "a.conf", False),
        ("Include /etc/ssh/sshd_config.d/*.conf", "a.conf", True),
        ("Include sshd_config.d/*.conf", "a.conf", True),
        ("Include sshd_config.d/*.conf", "old/a.conf", False),
        ("Include sshd_config.d/*.conf", "a", False),
        ("Include sshd_config.d/*.conf", ".a.conf", False),
        ("Include /etc/ssh/sshd_config.d/*", "darurat", True),
        ("Include sshd_config.d/b.conf sshd_config.d/old/*", "old/a", True),
    ],
)
def test_the_includes_decide_which_files_are_read(include: str, path: str, is_read: bool) -> None:
    files = (
        f"{MAIN}:UsePAM yes\n"
        + (f"{MAIN}:{include}\n" if include else "")
        + f"{MAIN}.d/{path}:Match User root\n{MAIN}.d/{path}:PermitRootLogin yes\n"
    )
    block = {"criteria": "User root", "setting": "permitrootlogin", "value": "yes"}
    assert sshd(files=files)["host.sshd_match"] == ([block] if is_read else [])


def test_a_file_that_is_included_includes_others() -> None:
    files = (
        f"{MAIN}:Include sshd_config.d/*.conf\n{MAIN}.d/b.conf:Include sshd_config.d/lain/*\n"
        f"{MAIN}.d/lain/c:Match User root\n{MAIN}.d/lain/c:PermitRootLogin yes\n"
    )
    assert sshd(files=files)["host.sshd_match"] == [
        {"criteria": "User root", "setting": "permitrootlogin", "value": "yes"}
    ]


@pytest.mark.parametrize(
    "line", ["Include /srv/sshd/*.conf", "Match User a\n{0}:Include sshd_config.d/x.conf"]
)
def test_settings_that_were_not_read_leave_match_blocks_open(line: str) -> None:
    facts = sshd(files=f"{MAIN}:{line.format(MAIN)}\n")
    assert "host.sshd_match" not in facts
    assert unread(facts, "host.sshd_match")[0] == "not understood"


@pytest.mark.parametrize(
    ("changes", "alone"),
    [
        (("passwordauthentication no",), False),
        (("passwordauthentication no", "kbdinteractiveauthentication yes"), True),
        (("passwordauthentication no", "kbdinteractiveauthentication yes", "usepam no"), False),
        (("passwordauthentication no", "challengeresponseauthentication yes"), True),
        (("authenticationmethods publickey,password",), False),
        (("authenticationmethods publickey,password password",), True),
        (("authenticationmethods any",), True),
        (("authenticationmethods publickey",), False),
        (("authenticationmethods keyboard-interactive:pam",), False),
    ],
)
def test_whether_a_password_alone_opens_an_account(changes: tuple[str, ...], alone: bool) -> None:
    assert sshd(*changes)["host.sshd_password_alone"] is alone


@pytest.mark.parametrize(
    ("pam", "alone"),
    [
        ("@include common-auth\nauth required pam_google_authenticator.so\n", False),
        ("auth required pam_google_authenticator.so nullok\n", True),
        ("auth sufficient pam_unix.so\nauth required pam_oath.so\n", True),
        ("auth include password-auth\nauth required pam_oath.so\n", True),
        ("auth optional pam_duo.so\n", True),
        ("# auth required pam_oath.so\n", True),
    ],
)
def test_a_second_factor_counts_where_pam_asks_everybody_for_it(pam: str, alone: bool) -> None:
    assert sshd(pam=pam)["host.sshd_password_alone"] is alone


def test_the_command_line_of_the_running_sshd_goes_before_its_files() -> None:
    # RHEL 8 hands the algorithms of its policy over in this way.
    running = "/usr/sbin/sshd -D -oCiphers=aes256-ctr,aes128-ctr -o PermitRootLogin=yes -p 2022\n"
    facts = sshd(running=running)
    assert facts["host.sshd_ciphers"] == ["aes256-ctr", "aes128-ctr"]
    assert facts["host.sshd_permit_root_login"] == "yes"


def test_an_sshd_with_settings_of_its_own_leaves_everything_open() -> None:
    facts = sshd(running=LISTENER + "/usr/sbin/sshd -f /etc/ssh/sshd_config_sftp\n")
    assert "host.sshd_permit_root_login" not in facts
    assert "sshd_config_sftp" in unread(facts, "host.sshd_permit_root_login")[1]


def test_algorithms_are_open_where_no_running_sshd_is_seen() -> None:
    assert "host.sshd_ciphers" not in sshd(running="")
    assert sshd()["host.sshd_ciphers"] == ["aes256-gcm@openssh.com", "aes128-ctr"]


def test_a_setting_that_an_old_release_does_not_name_is_unread() -> None:
    facts = sshd()
    assert "host.sshd_kex" not in facts
    assert unread(facts, "host.sshd_kex")[0] == "not understood"


def test_an_sshd_that_refuses_its_own_settings_tells_nothing() -> None:
    facts = facts_of(written(sshd_effective="", sshd_files="", sshd_running=""), ACCESS)
    assert not [name for name in facts if name.startswith("host.sshd_")]


def test_names_and_ports_of_several_lines_are_all_taken() -> None:
    facts = sshd(
        "allowusers andi", "allowusers budi@10.0.0.5", "allowgroups admin", "listenaddress [::1]:2022"
    )
    assert facts["host.sshd_allowed"] == ["user:andi", "user:budi@10.0.0.5", "group:admin"]
    assert facts["host.sshd_ports"] == [2022]
