"""Who becomes root without a password, and whether sudo keeps a log."""

from __future__ import annotations

import subprocess
from importlib.resources import files

import pytest

from auditor.model.facts import JSON
from scanners.host.access.area import ACCESS
from scanners.host.areas import AREAS
from scanners.host.script import sudoers
from tests.scanners.host.recorded import facts_of, recorded, written

MAIN = "/etc/sudoers"
DEFAULT = """\
Defaults\tenv_reset
Defaults    secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# User privilege specification
root\tALL=(ALL:ALL) ALL
%sudo\tALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
"""
VERSION = "Sudo version 1.9.5p2\n"
ACCOUNT = "over ssh\nuser tilik\ngroup tilik\n"


def rules(*lines: str, path: str = "/etc/sudoers.d/own", version: str = VERSION) -> dict[str, JSON]:
    text = "".join(f"{MAIN}:{line}\n" for line in DEFAULT.splitlines())
    text += "".join(f"{path}:{line}\n" for line in lines)
    report = written(sudo_rules=text, sudo_sources="", sudo_version=version, audit_account=ACCOUNT)
    return facts_of(report, ACCESS)


def collected(*lines: str) -> list[str]:
    """Return lines of sudoers as the collection prints them."""
    script = files("scanners.host.access").joinpath("collect.sh").read_text()
    begun = script.index("\nsudo_told() {")
    text = script[begun : script.index("\n}\n", begun) + 3] + "sudo_told"
    given = "".join(f"x:{line}\n" for line in lines)
    done = subprocess.run(
        ["sh", "-c", text], input=given, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stderr == ""
    return [line.removeprefix("x:") for line in done.stdout.splitlines()]


def test_passwords_in_rules_and_comments_stay_on_the_host() -> None:
    told = collected(
        "budi ALL=(root, adm) NOPASSWD: /usr/bin/mysql -u root -pCANARY, /usr/bin/id # CANARY",
        "#CANARY",
        "Cmnd_Alias A = /usr/bin/x --password=CANARY a\\,CANARY, \\",
        "  /bin/y CANARY* : B = /bin/z",
        'Defaults:budi !requiretty, passprompt="CANARY a", logfile=/var/log/sudo.log',
        "budi ALL=/usr/bin/ssh CANARY@host : web2 = CWD=/srv /bin/bash CANARY",
        "budi ALL=(ALL) /bin/sh -c { true; } ; CANARY }",
        "budi ALL=(ALL) /bin/sh -c { true; CANARY; }",
        "budi ALL=(ALL) /bin/vi",
        'budi ALL=(ALL) /bin/su ""',
        "budi ALL=(ALL) /bin/su - root, /bin/bash -l, /usr/bin/x -pCANARY, /usr/bin/y root CANARY",
        "Defaults exempt_group=CANARY",
        "CANARY",
    )
    assert told == [
        "budi ALL=(root, adm) NOPASSWD: /usr/bin/mysql _, /usr/bin/id",
        "Cmnd_Alias A = /usr/bin/x _,    /bin/y * : B = /bin/z",
        "Defaults:budi !requiretty, passprompt=_, logfile=/var/log/sudo.log",
        "budi ALL=/usr/bin/ssh _ : web2 = CWD=/srv /bin/bash _",
        "budi ALL=(ALL) /bin/sh -c _",
        "budi ALL=(ALL) /bin/sh -c {fixed}",
        "budi ALL=(ALL) /bin/vi",
        'budi ALL=(ALL) /bin/su ""',
        "budi ALL=(ALL) /bin/su - root, /bin/bash -l, /usr/bin/x _, /usr/bin/y _",
        "Defaults exempt_group=_",
        "unknown",
    ]


def test_a_shell_of_other_people_is_a_finding_in_whatever_form() -> None:
    for arguments in ("-c _", "-c {fixed}"):
        facts = rules(f"budi ALL=(root) NOPASSWD: /usr/bin/sh {arguments}")
        assert facts["host.sudo_without_password"] != []
    facts = rules("tilik ALL=(root) NOPASSWD: /usr/bin/sh -c _")
    assert facts["host.sudo_without_password"] != []
    assert facts["host.audit_rights"] != []


def free(*lines: str) -> JSON:
    return rules(*lines)["host.sudo_without_password"]


def test_default_files_of_distributions_ask_for_a_password() -> None:
    for name in ("debian-12", "debian-11", "ubuntu-20.04", "hardened-ubuntu-22.04"):
        facts = facts_of(recorded("access", name), ACCESS)
        assert facts["host.sudo_without_password"] == []
        assert facts["host.sudo_log"] != []


def test_broken_rules_are_named_with_who_what_and_file() -> None:
    facts = facts_of(recorded("access", "broken-ubuntu-24.04"), ACCESS)
    assert facts["host.sudo_without_password"] == [
        "andi: /usr/bin/vim (/etc/sudoers.d/aplikasi)",
        "budi: /usr/bin/vim (/etc/sudoers.d/aplikasi)",
        "citra: /usr/bin/vim (/etc/sudoers.d/aplikasi)",
        "ubuntu: ALL (/etc/sudoers.d/90-cloud-init-users)",
    ]
    assert facts["host.sudo_authenticate_off"] == ["Defaults:budi !authenticate (/etc/sudoers.d/aplikasi)"]
    assert facts["host.sudo_shared_password"] == ["Defaults rootpw (/etc/sudoers.d/aplikasi)"]


def test_the_published_rules_of_the_audit_are_no_finding() -> None:
    facts = rules(*collected(*sudoers(AREAS, "tilik").splitlines()))
    assert facts["host.sudo_without_password"] == []
    assert facts["host.audit_rights"] == []
    assert facts["host.sudo_use_pty"] is False
    recorded_facts = facts_of(recorded("access", "sudo-ubuntu-22.04"), ACCESS)
    assert recorded_facts["host.audit_rights"] == []


@pytest.mark.parametrize(
    "line",
    [
        "andi ALL=(ALL) NOPASSWD:ALL",
        "andi ALL=NOPASSWD: ALL",
        "andi ALL = (root) NOPASSWD: SETENV: ALL",
        "andi ALL=(ALL) NOPASSWD: /usr/bin/id -u, ALL",
        "andi ALL=(%wheel) NOPASSWD: ALL",
        "andi web1 = /usr/bin/id : web2 = (root) NOPASSWD: ALL",
        "andi ALL=(root) NOPASSWD: CWD=/srv /bin/bash",
        "andi ALL=(root) NOPASSWD: /usr/bin/",
        'andi ALL=(root) NOPASSWD: /usr/bin/su ""',
        "andi ALL=(root) NOPASSWD: /usr/bin/su -",
        "andi ALL=(root) NOPASSWD: /bin/su - root",
        "andi ALL=(root) NOPASSWD: /bin/bash -l",
        "andi ALL=(root) NOPASSWD: /usr/bin/env -i /bin/bash -l",
        "andi ALL=(root) NOPASSWD: /usr/bin/sudo -i",
        "andi ALL=(root) NOPASSWD: /usr/bin/*",
        "andi ALL=(root) NOPASSWD: /usr/bin/vi *",
        "andi ALL=(root) NOPASSWD: /usr/bin/su",
        "andi, budi ALL=(ALL) NOPASSWD: ALL # sementara",
    ],
)
def test_a_rule_as_good_as_everything_is_found(line: str) -> None:
    found = free(line)
    assert isinstance(found, list)
    assert any(str(one).startswith("andi: ") for one in found)


@pytest.mark.parametrize(
    "line",
    [
        "andi ALL=(ALL) ALL",
        "andi ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx",
        "andi ALL=(root) NOPASSWD: /usr/bin/id, PASSWD: ALL",
        "andi ALL=(postgres) NOPASSWD: ALL",
        "andi ALL=(:adm) NOPASSWD: ALL",
        "root ALL=(ALL) NOPASSWD: ALL",
        "andi ALL=(root) NOPASSWD: /usr/bin/cat /etc/motd",
        'andi ALL=(root) NOPASSWD: /usr/bin/passwd ""',
        "andi ALL=(root) NOPASSWD: /usr/bin/su _",
        "andi ALL=(root) NOPASSWD: /usr/bin/su postgres",
        "# andi ALL=(ALL) NOPASSWD: ALL",
    ],
)
def test_a_rule_that_gives_less_is_none(line: str) -> None:
    assert free(line) == []


def test_names_with_spaces_quotes_and_numbers_are_users() -> None:
    lines = (
        r"%domain\ admins ALL=(ALL) NOPASSWD: ALL",
        '"%pengelola tik@kab.test" ALL=(ALL) NOPASSWD: ALL',
        "#1001 ALL=(ALL) NOPASSWD: ALL",
    )
    found = free(*lines)
    assert isinstance(found, list)
    assert len(found) == 3


def test_aliases_of_aliases_are_followed_also_when_they_stand_behind_the_rule() -> None:
    lines = (
        "A ALL=(R) NOPASSWD: C",
        "Cmnd_Alias C = D : D = ALL",
        "Runas_Alias R = root",
        "User_Alias A = andi",
    )
    assert free(*lines) == ["andi: ALL (/etc/sudoers.d/own)"]


def test_a_file_that_sudo_passes_over_counts_for_nothing() -> None:
    assert (
        rules("andi ALL=(ALL) NOPASSWD: ALL", path="/etc/sudoers.d/own.bak")["host.sudo_without_password"]
        == []
    )


@pytest.mark.parametrize(
    "line", ["Ini bukan aturan", "@include /etc/sudoers.local", "andi ALL=(root) NOPASSWD:", "Defaults ="]
)
def test_what_is_not_understood_or_lies_elsewhere_leaves_the_question_open(line: str) -> None:
    facts = rules(line)
    assert "host.sudo_without_password" not in facts


def test_rules_of_a_directory_leave_the_question_open() -> None:
    text = f"{MAIN}:root ALL=(ALL) ALL\n"
    report = written(sudo_rules=text, sudo_sources="sudoers: files sss\n", sudo_version=VERSION)
    assert "host.sudo_without_password" not in facts_of(report, ACCESS)


def test_use_pty_holds_by_its_line_or_from_the_release_that_made_it_the_default() -> None:
    assert rules()["host.sudo_use_pty"] is False
    assert rules(version="Sudo version 1.9.15p5\n")["host.sudo_use_pty"] is True
    assert rules("Defaults use_pty")["host.sudo_use_pty"] is True
    assert rules("Defaults use_pty", "Defaults:andi !use_pty")["host.sudo_use_pty"] is False
    assert "host.sudo_use_pty" not in rules(version="sudo-rs 0.2.3\n")


def test_where_sudo_notes_what_was_run() -> None:
    assert rules()["host.sudo_log"] == ["syslog"]
    assert rules('Defaults logfile="/var/log/sudo.log", !syslog')["host.sudo_log"] == ["/var/log/sudo.log"]
    assert rules("Defaults !syslog")["host.sudo_log"] == []
    assert rules("Defaults !log_allowed")["host.sudo_log"] == []
    assert rules("Defaults !syslog, logfile=/dev/null")["host.sudo_log"] == []


def test_a_group_that_is_never_asked_is_named() -> None:
    assert rules("Defaults exempt_group=_")["host.sudo_authenticate_off"] == [
        "Defaults exempt_group (/etc/sudoers.d/own)"
    ]


def test_without_sudo_there_is_nothing_to_judge() -> None:
    facts = facts_of(written("sudo-version", "sudo-rules"), ACCESS)
    assert facts["host.sudo_installed"] is False
    assert "host.sudo_log" not in facts


def test_rights_of_the_audit_s_account_by_name_by_group_and_for_all() -> None:
    assert rules("tilik ALL=(ALL) ALL")["host.audit_rights"] == ["ALL"]
    assert rules("%tilik ALL=(root) NOPASSWD: /usr/bin/cat *")["host.audit_rights"] == ["/usr/bin/cat *"]
    assert rules("ALL ALL=(root) /usr/bin/id")["host.audit_rights"] == ["/usr/bin/id"]
    assert rules("andi ALL=(ALL) ALL")["host.audit_rights"] == []


@pytest.mark.parametrize(
    "command", ["/usr/bin/vim _", "/usr/bin/less _", "/home/dev/bin/deploy.sh _", "/var/www/html/artisan"]
)
def test_what_hands_over_a_shell_with_any_argument_gives_everything(command: str) -> None:
    found = rules(f"/etc/sudoers:budi ALL=(root) NOPASSWD: {command}")
    assert found["host.sudo_without_password"] != []
