"""How far the account of the audit is limited, and who may change the tools of audits."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.access.area import ACCESS
from tests.scanners.host.recorded import facts_of, written

NEVER = "Last password change\t: Nov 01, 2026\nAccount expires\t\t\t\t\t\t: never\n"
ENDS = NEVER.replace("never", "Nov 30, 2027")
RULES = "/etc/sudoers:root ALL=(ALL:ALL) ALL\n"


def account(
    keys: str = "restrict ssh-ed25519 KEY\n", expiry: str = NEVER, user: str = "tilik"
) -> dict[str, JSON]:
    report = written(
        audit_account=f"over ssh\nuser {user}\ngroup {user}\n",
        audit_keys=keys,
        audit_expiry=expiry,
        sudo_rules=RULES,
        sudo_sources="",
    )
    return facts_of(report, ACCESS)


def test_root_itself_may_do_everything() -> None:
    assert account(user="root")["host.audit_rights"] == ["ALL"]


@pytest.mark.parametrize(
    ("keys", "unrestricted", "from_anywhere"),
    [
        ('restrict,from="10.0.0.5" ssh-ed25519 KEY\n', 0, 0),
        ("ssh-rsa KEY\n", 1, 1),
        ('from="10.0.0.5,10.0.0.6" ecdsa-sha2-nistp256 KEY\nrestrict sk-ssh-ed25519@openssh.com KEY\n', 1, 1),
        ("no-pty,no-port-forwarding,no-agent-forwarding,no-X11-forwarding ssh-rsa KEY\n", 0, 1),
        ('command="",restrict,from="a b" ssh-ed25519 KEY\n', 0, 0),
    ],
)
def test_what_limits_the_keys(keys: str, unrestricted: int, from_anywhere: int) -> None:
    facts = account(keys)
    assert facts["host.audit_keys_unrestricted"] == unrestricted
    assert facts["host.audit_keys_from_anywhere"] == from_anywhere


def test_keys_that_lie_elsewhere_leave_the_question_open() -> None:
    for keys in ("", "something else\n"):
        facts = account(keys)
        assert "host.audit_keys_unrestricted" not in facts
        assert "host.audit_expires" not in facts


def test_the_account_ends_with_itself_or_with_its_last_key() -> None:
    assert account()["host.audit_expires"] is None
    assert account(expiry=ENDS)["host.audit_expires"] == "2027-11-30T00:00:00Z"
    one = 'expiry-time="20270101" ssh-ed25519 KEY\n'
    assert account(one)["host.audit_expires"] == "2027-01-02T00:00:00Z"
    assert account(one + 'expiry-time="20280101120000Z",restrict ssh-rsa KEY\n')["host.audit_expires"] == (
        "2028-01-02T00:00:00Z"
    )
    assert account(one + "ssh-rsa KEY\n")["host.audit_expires"] is None
    assert account(one, expiry=ENDS)["host.audit_expires"] == "2027-01-02T00:00:00Z"


def test_an_end_that_is_not_understood_is_no_end() -> None:
    assert "host.audit_expires" not in account(expiry="Konto läuft ab: nie\n")


TOOLS = """\
755 0 regular file:/sbin/auditctl
755 0 regular file:/usr/bin/lynis
700 0 directory:/var/log/audit
"""
SUMS = "sum /usr/sbin/auditctl\nsum /usr/bin/lynis\n"


def tools(text: str, sums: str = SUMS) -> dict[str, JSON]:
    return facts_of(written(audit_tools=text, audit_sums=sums), ACCESS)


def test_tools_as_packaged_are_protected_wherever_usr_is_merged() -> None:
    facts = tools(TOOLS)
    assert facts["host.audit_tools"] == ["/sbin/auditctl", "/usr/bin/lynis", "/var/log/audit"]
    assert facts["host.audit_tools_loose"] == []
    assert facts["host.audit_tools_unsummed"] == []


@pytest.mark.parametrize(
    "line",
    [
        "775 0 regular file:/sbin/auditctl",
        "757 0 regular file:/sbin/auditctl",
        "755 1000 regular file:/sbin/auditctl",
        "644 0 regular file:/var/log/lynis-report.dat",
        "4777 0 regular file:/usr/bin/lynis",
    ],
)
def test_what_others_own_change_or_read_is_loose(line: str) -> None:
    found = tools(line + "\n")["host.audit_tools_loose"]
    assert isinstance(found, list)
    assert len(found) == 1


def test_a_program_that_no_package_knows_has_no_checksum() -> None:
    assert tools(TOOLS, "sum /usr/sbin/auditctl\n")["host.audit_tools_unsummed"] == ["/usr/bin/lynis"]


IDLE = "/etc/profile.d/t.sh:readonly TMOUT=900\n"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        (IDLE, 900),
        (IDLE + "/etc/bashrc:TMOUT='1800'\n", 1800),
        (IDLE + "/etc/profile.d/z.sh:export TMOUT=0\n", None),
        ("/etc/systemd/logind.conf:StopIdleSessionSec=15min\n", None),
        ("/etc/systemd/logind.conf:StopIdleSessionSec=15min\nlogind knows\n", 900),
        ("/etc/systemd/logind.conf:StopIdleSessionSec=1h 30min\nlogind knows\n", 5400),
        ("/etc/systemd/logind.conf:StopIdleSessionSec=infinity\nlogind knows\n", None),
        (IDLE + "/etc/systemd/logind.conf:StopIdleSessionSec=600\nlogind knows\n", 600),
    ],
)
def test_when_an_idle_session_ends(text: str, seconds: int | None) -> None:
    assert facts_of(written(access_idle=text), ACCESS)["host.idle_session_seconds"] == seconds


def test_files_of_trust_are_found_here_and_in_homes() -> None:
    report = written(
        access_trust="found /etc/hosts.equiv\nsearched /home/andi\nsearched /root\n",
        access_trust_homes="/home/andi/.rhosts\n",
    )
    assert facts_of(report, ACCESS)["host.rhosts_files"] == ["/etc/hosts.equiv", "/home/andi/.rhosts"]


@pytest.mark.parametrize("line", ["hidden /data/u/.rhosts", "searched /home/dinas/andi"])
def test_a_home_that_nobody_looked_into_leaves_the_question_open(line: str) -> None:
    report = written(access_trust=line + "\n", access_trust_homes="")
    assert "host.rhosts_files" not in facts_of(report, ACCESS)
