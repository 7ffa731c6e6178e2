"""The script of the area: every shell runs it, sudo takes its commands, no output breaks a reader."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanners.host.accounts.area import ACCOUNTS
from scanners.host.reading import UNREAD
from scanners.host.report import Report, Section, State, parse_report
from scanners.host.script import collection_script, sudoers
from tests.scanners.host.recorded import FOLDER, NONCE, facts_of

NAMES = ("accounts-passwd", "accounts-shadow", "accounts-files", "accounts-pam", "accounts-sessions")
ACCOUNTS_SCRIPT = collection_script((ACCOUNTS,), NONCE, sudo=False)
SHELLS = [shell for shell in ("dash", "bash --posix", "busybox sh") if shutil.which(shell.split()[0])]
RECORDED = (FOLDER / "accounts" / "ubuntu-22-broken.txt").read_bytes()


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_reads_this_machine(shell: str) -> None:
    script = collection_script((ACCOUNTS,), NONCE, sudo=False)
    done = subprocess.run([*shell.split(), "-s"], input=script.encode(), capture_output=True, check=False)
    report = parse_report(done.stdout, NONCE)
    assert done.returncode == 0
    assert not [one.name for one in report.sections.values() if one.state is State.BROKEN]
    assert facts_of(report, ACCOUNTS)["host.account_root_ids"]


def test_sudo_can_hold_the_commands() -> None:
    lines = sudoers((ACCOUNTS,), "audit").splitlines()
    assert sum("/etc/shadow" in line for line in lines) == 2
    # sudo joins arguments with one space: two in a row would never be matched.
    assert not any("  " in " ".join(command) for command in ACCOUNTS.privileged.values())


@pytest.mark.parametrize("length", [0, 100, 5000, 15000, 25000])
def test_what_broke_off_is_named_and_the_rest_is_read(length: int) -> None:
    facts = facts_of(parse_report(RECORDED[:length], NONCE), ACCOUNTS)
    unread = facts[UNREAD]
    assert isinstance(unread, list)
    named = {str(one["fact"]) for one in unread if isinstance(one, dict)}
    assert named == {spec.name for spec in ACCOUNTS.facts} - set(facts)
    assert named


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=400))
def test_no_bytes_make_a_reader_fail(name: str, content: bytes) -> None:
    known = dict(parse_report(RECORDED, NONCE).sections)
    facts = facts_of(Report({**known, name: Section(name, State.RAN, content)}), ACCOUNTS)
    assert UNREAD in facts


@pytest.mark.parametrize(
    "hostile", [b"\x1b]0;x\x07" * 50, b"root:" * 100_000, b"\xff\xfe\x00" * 99, b"key\t\n" * 99]
)
@pytest.mark.parametrize("name", NAMES)
def test_hostile_sections_are_not_understood(name: str, hostile: bytes) -> None:
    known = dict(parse_report(RECORDED, NONCE).sections)
    facts = facts_of(Report({**known, name: Section(name, State.RAN, hostile)}), ACCOUNTS)
    assert facts[UNREAD] != []


RSA = (
    "AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7b0nEn3Yl1vJ0hVQmT9s0Bv0h2m1o2k0b1Z3qv8y9m7cYpXo5s1lH3k5X2sQv9Zx0Jr4e1c6u"
)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "printed"),
    [
        (f"ssh-rsa {RSA}", "key\t/k\t1\tssh-rsa\t"),
        (f"rsa-sha2-512 {RSA} budi", "key\t/k\t1\trsa-sha2-512\t"),
        (f"restrict rsa-sha2-256 {RSA}", "key\t/k\t1\trsa-sha2-256\trestrict"),
        (f"restrict future-type {RSA}", "odd\t/k\tkey"),
        ("what is this", "odd\t/k"),
    ],
)
def test_lines_of_keys_are_told_from_others(shell: str, line: str, printed: str) -> None:
    match = re.search(r"^accounts_keys\(\) \{\n.*?^\}\n", ACCOUNTS_SCRIPT, re.MULTILINE | re.DOTALL)
    assert match is not None
    script = f"{match[0]}printf '%s\\n' \"$1\" | accounts_keys"
    done = subprocess.run(
        [*shell.split(), "-c", script, "sh", f"/k:{line}"], capture_output=True, check=False, text=True
    )
    assert done.stdout.splitlines()[0] == printed
