"""When accounts were used, by what each release prints."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from tests.scanners.host.accounts.hosts import facts, small, unread

BEGIN = "\nwtmp begins Wed Jul  1 01:00:00 2026\n"


def last(*lines: str, path: str = "current") -> str:
    return f"==> {path} <== read\n" + "\n".join(lines) + BEGIN


def sessions(text: str, zone: str = "+0700") -> JSON:
    return facts(small(accounts_sessions=text, accounts_zone=zone))["host.account_sessions"]


def session(first: int, until: int | None, begin: str, account: str = "pemasok", count: int = 1) -> JSON:
    return {"account": account, "from_hour": first, "to_hour": until, "sessions": count, "last": begin}


@pytest.mark.parametrize(
    ("line", "first", "until"),
    [
        ("Tue Nov 10 02:00:00 2026 - Tue Nov 10 07:30:00 2026  (05:30)", 9, 15),
        ("Tue Nov 10 02:00:00 2026 - Tue Nov 10 02:00:00 2026  (00:00)", 9, 9),
        ("Tue Nov 10 02:00:00 2026 - crash                     (1+01:00)", 9, 34),
        ("Tue Nov 10 02:00:00 2026 - down                      (00:10)", 9, 10),
        ("Tue Nov 10 02:00:00 2026   gone - no logout", 9, None),
        ("Tue Nov 10 17:30:00 2026 - Tue Nov 10 18:30:00 2026  (01:00)", 0, 2),
    ],
)
def test_each_way_a_session_ends_is_read(line: str, first: int, until: int | None) -> None:
    begin = "2026-11-10T17:30:00Z" if "17:30" in line else "2026-11-10T02:00:00Z"
    assert sessions(last(f"pemasok  pts/0        10.0.0.90        {line}")) == [session(first, until, begin)]


def test_a_session_that_goes_on_ends_now() -> None:
    text = last("pemasok  pts/0  10.0.0.90  Sun Nov 22 09:10:00 2026   still logged in")
    assert sessions(text, "+0000") == [session(9, 11, "2026-11-22T09:10:00Z")]


def test_sessions_of_the_same_hours_are_counted_together() -> None:
    text = last(
        "pemasok  pts/0  10.0.0.90  Wed Nov 11 02:00:00 2026 - Wed Nov 11 03:00:00 2026  (01:00)",
        "pemasok  pts/0  10.0.0.90  Tue Nov 10 02:10:00 2026 - Tue Nov 10 02:20:00 2026  (00:10)",
    )
    assert sessions(text) == [session(9, 10, "2026-11-11T02:00:00Z", count=2)]


def test_starts_of_the_machine_and_old_sessions_are_no_sessions() -> None:
    text = last(
        "reboot   system boot  6.1.0-41-amd64   Tue Nov 10 01:00:00 2026   still running",
        "budi     pts/0  10.0.0.1  Wed Jul  1 02:00:00 2026 - Wed Jul  1 03:00:00 2026  (01:00)",
    )
    assert sessions(text) == []


def test_records_that_were_put_aside_count() -> None:
    older = "==> /var/log/wtmp.1 <== read\n\nwtmp.1 begins Fri May  1 01:00:00 2026\n"
    report = small(accounts_sessions=older + last())
    assert facts(report)["host.account_sessions_since"] == "2026-05-01T01:00:00Z"


def test_more_records_than_are_taken_begin_with_the_oldest_that_came() -> None:
    line = "budi  pts/0  10.0.0.1  Sat Nov 21 02:00:00 2026 - Sat Nov 21 03:00:00 2026  (01:00)"
    report = small(accounts_sessions=last(*[line] * 1500), accounts_zone="+0000")
    assert facts(report)["host.account_sessions_since"] == "2026-11-21T02:00:00Z"


def test_records_that_may_not_be_read_are_not_none() -> None:
    denied = "==> /var/log/wtmp <== denied\n"
    assert unread(small(accounts_sessions=denied))["host.account_sessions_since"].startswith("needs root")


def test_a_host_without_any_record_of_logins_says_so() -> None:
    report = small("accounts-sessions", "accounts-lastlog", "accounts-lastlog2")
    assert unread(report)["host.account_unused"].startswith("tool missing")


def unused(lastlog: str, **sections: str) -> JSON:
    gone = () if "accounts_sessions" in sections else ("accounts-sessions",)
    return facts(small(*gone, accounts_lastlog=lastlog, **sections))["host.account_unused"]


HEAD = "Username         Port     From             Latest\n"


def test_days_count_from_the_latest_of_all_records() -> None:
    line = HEAD + "budi             pts/0    10.0.0.21        Fri Nov 20 02:10:00 +0000 2026\n"
    assert unused(line) == [{"account": "budi", "days": 2}]
    newer = last("budi  pts/0  10.0.0.1  Sat Nov 21 02:00:00 2026 - Sat Nov 21 03:00:00 2026  (01:00)")
    assert unused(line, accounts_sessions=newer) == [{"account": "budi", "days": 1}]


def test_days_of_an_account_that_nobody_ever_used_count_from_its_password() -> None:
    # Day 20000 is 4 October 2024.
    assert unused(HEAD + "budi                **Never logged in**\n") == [{"account": "budi", "days": 779}]


def test_records_of_sessions_alone_must_reach_back_far_enough() -> None:
    gone = ("accounts-lastlog",)
    long = small(*gone, accounts_sessions=last())
    assert facts(long)["host.account_unused"] == [{"account": "budi", "days": 144}]
    short = small(*gone, accounts_sessions="==> current <== read\nwtmp begins Sun Nov  1 01:00:00 2026\n")
    assert "begin on 2026-11-01" in unread(short)["host.account_unused"]


def test_an_account_whose_keys_give_no_terminal_leaves_no_records_and_is_left_out() -> None:
    key = (
        "key\t/home/budi/.ssh/authorized_keys\t1\tssh-ed25519\t{}\n256 SHA256:" + "a" * 43 + " 1 (ED25519)\n"
    )
    locked = "root:locked::20000::\nbudi:locked::20000::\n"
    never = HEAD + "budi    **Never logged in**\n"
    files = "is 700 0 0 d:/root\n" + key
    assert unused(never, accounts_shadow=locked, accounts_files=files.format("restrict,command")) == []
    plain = unused(never, accounts_shadow=locked, accounts_files=files.format("from"))
    assert plain == [{"account": "budi", "days": 779}]


@pytest.mark.parametrize("text", ["", "no heading\n", HEAD + "budi pts/0 yesterday\n"])
def test_records_of_another_form_are_not_read_as_never(text: str) -> None:
    assert "host.account_unused" in unread(small("accounts-sessions", accounts_lastlog=text))
