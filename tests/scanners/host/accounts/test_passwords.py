"""What new passwords must be. The stacks of the RHEL family are written by hand after their documentation."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.accounts.area import ACCOUNTS
from scanners.host.report import Report
from tests.scanners.host.accounts.hosts import facts, pam, small, unread
from tests.scanners.host.recorded import facts_of

DEBIAN = "password [success=1 default=ignore] pam_unix.so obscure yescrypt\npassword requisite pam_deny.so\n"
RHEL_8 = """\
password    requisite                                    pam_pwquality.so local_users_only
password    [default=1 ignore=ignore success=ok]         pam_localuser.so
password    requisite                                    pam_pwhistory.so use_authtok
password    sufficient                                   pam_unix.so sha512 shadow use_authtok
password    required                                     pam_deny.so
"""
CENTOS_6 = """\
password    requisite     pam_cracklib.so try_first_pass retry=3 type=
password    sufficient    pam_unix.so sha512 shadow nullok try_first_pass use_authtok remember=5
password    required      pam_deny.so
"""
CENTOS_7_AUTH = """\
auth        required      pam_env.so
auth        required      pam_faillock.so preauth silent audit deny=4 unlock_time=900
auth        sufficient    pam_unix.so nullok try_first_pass
auth        [default=die] pam_faillock.so authfail audit deny=4 unlock_time=900
auth        required      pam_deny.so
"""
RHEL_8_AUTH = """\
auth        required                                     pam_faillock.so preauth silent
auth        [default=1 ignore=ignore success=ok]         pam_usertype.so isregular
auth        sufficient                                   pam_unix.so nullok
auth        required                                     pam_faillock.so authfail
auth        required                                     pam_deny.so
"""
UBUNTU_18_AUTH = """\
auth required pam_tally2.so onerr=fail audit silent deny=5 unlock_time=900
auth [success=1 default=ignore] pam_unix.so nullok_secure
auth requisite pam_deny.so
"""


def rhel(version: str, password: str, security: str = "") -> Report:
    """Return a host of the RHEL family with this stack for passwords."""
    return small(
        "centos-release",
        os_release=f'ID="centos"\nVERSION_ID="{version}"\nID_LIKE="rhel fedora"\n',
        accounts_pam=pam(passwd="password substack system-auth\n", system_auth=password),
        accounts_security=security,
    )


def debian(password: str, security: str = "", version: str = "12") -> Report:
    """Return a Debian host with this stack for passwords."""
    return small(
        "centos-release",
        os_release=f"ID=debian\nVERSION_ID={version}\n",
        accounts_pam=pam(passwd="@include common-password\n", common_password=password),
        accounts_security=security,
    )


def quality(main: str = "", part: str = "") -> str:
    return (
        f"==> /etc/security/pwquality.conf.d/50.conf <== read\n{part}\n"
        f"==> /etc/security/pwquality.conf <== read\n{main}\n"
    )


def length(report: Report) -> JSON:
    return facts(report)["host.password_length"]


def test_pam_unix_alone_asks_for_six_characters_and_no_more() -> None:
    assert length(debian(DEBIAN)) == 6
    assert length(debian(DEBIAN.replace("obscure", "minlen=10"))) == 10
    assert facts(debian(DEBIAN))["host.password_dictionary"] is False


QUALITY = "password requisite pam_pwquality.so retry=3{}\n" + DEBIAN


@pytest.mark.parametrize(
    ("arguments", "main", "part", "expected"),
    [
        ("", "", "", 8),
        ("", "minlen = 14", "", 14),
        ("", "# minlen = 14", "minlen=13 # long", 13),
        ("", "minlen = 12", "minlen = 16", 12),
        (" minlen=15", "minlen = 8", "", 15),
        ("", "minlen = 14\ndcredit = -1\nucredit = 2", "", 12),
        ("", "minlen = 14\nenforcing = 0", "", 6),
        ("", "minlen = 4", "", 6),
    ],
)
def test_arguments_go_before_the_main_file_and_this_before_parts(
    arguments: str, main: str, part: str, expected: int
) -> None:
    assert length(debian(QUALITY.format(arguments), quality(main, part))) == expected


def test_a_module_that_refuses_nothing_does_not_count() -> None:
    assert length(debian("password optional pam_pwquality.so minlen=14\n" + DEBIAN, quality())) == 6


@pytest.mark.parametrize(
    ("setting", "expected"), [("", True), ("dictcheck = 0", False), ("dictcheck = 1", True)]
)
def test_the_dictionary_is_asked_unless_it_is_switched_off(setting: str, expected: bool) -> None:
    assert facts(debian(QUALITY.format(""), quality(setting)))["host.password_dictionary"] is expected


def test_old_libraries_give_a_credit_for_each_kind_of_character() -> None:
    assert length(rhel("7", RHEL_8, quality("minlen = 14"))) == 10
    assert length(rhel("8", RHEL_8, quality("minlen = 14"))) == 14
    assert length(rhel("6.10", CENTOS_6)) == 6
    assert length(rhel("6.10", CENTOS_6.replace("retry=3", "minlen=14 dcredit=-1 ucredit=0"))) == 12
    assert facts(rhel("6.10", CENTOS_6))["host.password_dictionary"] is True


def test_a_closed_folder_of_settings_is_not_an_empty_one() -> None:
    closed = "==> /etc/security/pwquality.conf.d <== denied\n" + quality("minlen = 14")
    assert unread(debian(QUALITY.format(""), closed))["host.password_length"].startswith("needs root")


def test_a_module_that_is_not_known_gives_no_length() -> None:
    report = debian("password requisite pam_passwdqc.so min=disabled,24,11,8,7\n" + DEBIAN, "")
    assert "pam_passwdqc" in unread(report)["host.password_length"]


@pytest.mark.parametrize(
    ("password", "security", "expected"),
    [
        (DEBIAN, "", 0),
        (RHEL_8, "", 10),
        (RHEL_8, "==> /etc/security/pwhistory.conf <== read\nremember = 24\n", 24),
        (RHEL_8.replace("pam_pwhistory.so", "pam_pwhistory.so remember=5"), "", 5),
        (CENTOS_6, "", 5),
    ],
)
def test_old_passwords_are_remembered_by_either_module(password: str, security: str, expected: int) -> None:
    assert facts(rhel("8", password, security))["host.password_remembered"] == expected


def tries(**sections: str) -> JSON:
    return facts(small(**sections))["host.lockout_tries"]


FAILLOCK = "==> /etc/security/faillock.conf <== read\n# deny = 3\n{}\n"


@pytest.mark.parametrize(
    ("stack", "security", "expected"),
    [
        (CENTOS_7_AUTH, "", 4),
        (RHEL_8_AUTH, FAILLOCK.format("deny = 5"), 5),
        (RHEL_8_AUTH, FAILLOCK.format(""), 3),
        (RHEL_8_AUTH, FAILLOCK.format("deny = 0"), None),
        (UBUNTU_18_AUTH, "", 5),
        (UBUNTU_18_AUTH.replace("deny=5", ""), "", None),
        (UBUNTU_18_AUTH.replace("auth required pam_tally2.so", "#"), "", None),
        (RHEL_8_AUTH.replace("preauth", ""), "", None),
        (RHEL_8_AUTH.replace("authfail", ""), "", None),
    ],
)
def test_wrong_passwords_lock_where_the_whole_stack_says_so(
    stack: str, security: str, expected: int | None
) -> None:
    both = pam(sshd="auth substack password-auth\n", password_auth=stack, login=stack)
    assert tries(accounts_pam=both, accounts_security=security) == expected


def test_a_refusal_before_the_count_makes_it_useless() -> None:
    stack = "auth required pam_faillock.so preauth\n" + UBUNTU_18_AUTH.partition("\n")[2]
    stack += "auth [default=die] pam_faillock.so authfail\n"
    assert tries(accounts_pam=pam(sshd=stack), accounts_security="") is None


def test_the_loosest_way_in_counts() -> None:
    plain = "auth sufficient pam_unix.so\n"
    both = pam(sshd=RHEL_8_AUTH, login=plain)
    assert tries(accounts_pam=both, accounts_security="") is None
    three_and_four = pam(sshd=RHEL_8_AUTH, login=CENTOS_7_AUTH)
    assert tries(accounts_pam=three_and_four, accounts_security="") == 4


def test_a_stack_with_a_file_that_was_not_read_is_not_known() -> None:
    report = small(accounts_pam=pam(sshd="auth include other-auth\n"), accounts_security="")
    assert "other-auth is included" in unread(report)["host.lockout_tries"]


def test_a_loop_of_includes_ends() -> None:
    report = small(accounts_pam=pam(sshd="auth include sshd\n"), accounts_security="")
    assert "host.lockout_tries" in unread(report)


@pytest.mark.parametrize(
    ("defs", "options", "expected"),
    [
        ("ENCRYPT_METHOD YESCRYPT", "yescrypt", ["yescrypt"]),
        ("ENCRYPT_METHOD SHA512", "", ["sha512"]),
        ("", "sha512", ["des", "sha512"]),
        ("MD5_CRYPT_ENAB yes", "md5", ["md5"]),
        ("#ENCRYPT_METHOD SHA512", "", ["des"]),
    ],
)
def test_new_passwords_are_hashed_as_pam_and_login_defs_say(
    defs: str, options: str, expected: list[str]
) -> None:
    stack = pam(passwd=f"password sufficient pam_unix.so {options}\n")
    read = facts(small(accounts_pam=stack, accounts_login_defs=defs + "\n"))
    assert read["host.password_methods"] == expected


def test_the_age_of_passwords_is_that_of_open_accounts() -> None:
    shadow = "root:set:$6:20000:99999:\nwww-data:locked::20000::\nbudi:set:$y:20000:90:\n"
    assert facts(small(accounts_shadow=shadow))["host.password_days"] == [
        {"account": "root", "days": 0},
        {"account": "budi", "days": 90},
    ]


def test_every_fact_of_the_area_has_a_value_of_its_type() -> None:
    """A reader that gives another type would make every expression that asks it undecided."""
    read = facts_of(rhel("8", RHEL_8, ""), ACCOUNTS)
    kinds = {"bool": bool, "int": int, "string": str}
    for spec in ACCOUNTS.facts:
        value = read.get(spec.name)
        if value is not None:
            assert isinstance(value, kinds.get(spec.type.value, list)), spec.name


@pytest.mark.parametrize(
    ("use_pam", "passwords", "files", "expected"),
    [
        ("yes", "yes", "UsePAM yes", 3),
        ("no", "no", "UsePAM no", 3),
        ("no", "yes", "UsePAM no", None),
        ("no", "no", "Match User budi\n/etc/ssh/sshd_config:PasswordAuthentication yes", None),
    ],
)
def test_a_lock_of_pam_does_not_hold_where_sshd_passes_by_it(
    use_pam: str, passwords: str, files: str, expected: int | None
) -> None:
    told = f"permitrootlogin no\nusepam {use_pam}\npasswordauthentication {passwords}\n"
    assert (
        tries(
            accounts_pam=pam(sshd=RHEL_8_AUTH),
            accounts_security="",
            sshd_effective=told,
            sshd_files=f"/etc/ssh/sshd_config:{files}\n",
            sshd_running="",
        )
        == expected
    )
