"""With how many factors administrators log in, and who may try su."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from tests.scanners.host.accounts.hosts import facts, pam, small, unread

PLAIN = "auth required pam_unix.so\n"
OTP = "auth required pam_google_authenticator.so\n"
KEY = "key\t/home/budi/.ssh/authorized_keys\t1\t{}\t\n256 SHA256:" + "a" * 43 + " 1 (X)\n"
SETTINGS = {
    "permitrootlogin": "no",
    "pubkeyauthentication": "yes",
    "passwordauthentication": "yes",
    "kbdinteractiveauthentication": "no",
    "usepam": "yes",
}


def alone(stack: str = PLAIN, key: str = "", shadow: str = "set", **settings: str) -> JSON:
    """Return who logs in with one factor; budi is the administrator."""
    told = "".join(f"{name} {value}\n" for name, value in {**SETTINGS, **settings}.items())
    report = small(
        "sshd-running",
        sshd_effective=told,
        sshd_files="/etc/ssh/sshd_config:UsePAM yes\n",
        accounts_pam=pam(sshd=stack),
        accounts_shadow=f"root:{shadow}:$6:20000::\nbudi:{shadow}:$6:20000::\n",
        accounts_files="is 700 0 0 d:/root\n" + (KEY.format(key) if key else ""),
    )
    return facts(report)["host.account_single_factor"]


def test_a_password_or_a_plain_key_alone_is_one_factor() -> None:
    assert alone() == ["budi"]
    assert alone(key="ssh-ed25519", passwordauthentication="no") == ["budi"]


def test_key_and_password_together_are_two() -> None:
    assert alone(key="ssh-ed25519", authenticationmethods="publickey,password") == []
    assert alone(key="ssh-ed25519", authenticationmethods="publickey,password publickey") == ["budi"]


def test_a_hardware_key_is_enough_where_no_password_opens() -> None:
    assert alone(key="sk-ssh-ed25519@openssh.com", passwordauthentication="no") == []
    assert alone(key="sk-ssh-ed25519@openssh.com") == ["budi"]


def test_a_code_makes_the_password_two_factors_but_not_the_key() -> None:
    interactive = {"passwordauthentication": "no", "kbdinteractiveauthentication": "yes"}
    assert alone(PLAIN + OTP, **interactive) == []
    assert alone(PLAIN + OTP, key="ssh-ed25519", **interactive) == ["budi"]
    assert (
        alone(
            PLAIN + OTP,
            key="ssh-rsa",
            authenticationmethods="publickey,keyboard-interactive:pam",
            **interactive,
        )
        == []
    )


@pytest.mark.parametrize(
    "stack",
    [
        PLAIN + OTP.replace(".so", ".so nullok"),
        PLAIN + OTP.replace("required", "optional"),
        "auth sufficient pam_unix.so\n" + OTP,
        "auth [success=1 default=ignore] pam_unix.so\n" + OTP + "auth required pam_permit.so\n",
    ],
)
def test_a_code_that_can_be_passed_by_does_not_count(stack: str) -> None:
    assert alone(stack) == ["budi"]


def test_a_code_behind_a_stack_of_its_own_is_asked() -> None:
    """RHEL: `sufficient` ends the stack that it stands in, and the code is asked after it."""
    files = pam(sshd="auth substack password-auth\n" + OTP, password_auth="auth sufficient pam_unix.so\n")
    told = "".join(f"{name} {value}\n" for name, value in SETTINGS.items())
    report = small(
        "sshd-running",
        sshd_effective=told,
        sshd_files="/etc/ssh/sshd_config:UsePAM yes\n",
        accounts_pam=files,
    )
    assert facts(report)["host.account_single_factor"] == []


@pytest.mark.parametrize(("allowed", "found"), [("yes", ["budi", "root"]), ("prohibit-password", ["budi"])])
def test_root_counts_as_sshd_lets_it_in(allowed: str, found: list[str]) -> None:
    assert alone(permitrootlogin=allowed) == found


def test_settings_for_some_accounts_alone_are_not_guessed() -> None:
    told = "".join(f"{name} {value}\n" for name, value in SETTINGS.items())
    match = "/etc/ssh/sshd_config:Match User budi\n/etc/ssh/sshd_config:AuthenticationMethods publickey\n"
    report = small("sshd-running", sshd_effective=told, sshd_files=match, accounts_pam=pam(sshd=PLAIN))
    assert "Match block" in unread(report)["host.account_single_factor"]


def test_without_sshd_nobody_logs_in_over_ssh() -> None:
    assert facts(small())["host.account_single_factor"] == []


ROOT_OK = "auth sufficient pam_rootok.so\n"


@pytest.mark.parametrize(
    ("stack", "group"),
    [
        (ROOT_OK + PLAIN, None),
        (ROOT_OK + "auth required pam_wheel.so use_uid group=sugroup\n" + PLAIN, "sugroup"),
        (ROOT_OK + "auth required pam_wheel.so use_uid\n" + PLAIN, "root"),
        (ROOT_OK + "auth sufficient pam_wheel.so trust use_uid\n" + PLAIN, None),
        (ROOT_OK + "auth required pam_wheel.so deny group=nosu\n" + PLAIN, None),
        (ROOT_OK + "#auth required pam_wheel.so use_uid\n" + PLAIN, None),
        ("auth sufficient pam_unix.so\nauth required pam_wheel.so\n", None),
    ],
)
def test_su_is_limited_where_pam_wheel_refuses(stack: str, group: str | None) -> None:
    assert facts(small(accounts_pam=pam(su=stack)))["host.su_group"] == group


def test_both_services_of_su_must_be_limited() -> None:
    limited = ROOT_OK + "auth required pam_wheel.so group=sugroup\n" + PLAIN
    assert facts(small(accounts_pam=pam(su=limited, su_l="auth include su\n")))["host.su_group"] == "sugroup"
    assert facts(small(accounts_pam=pam(su=limited, su_l=ROOT_OK + PLAIN)))["host.su_group"] is None
