"""Facts of the area `logs` from outputs that were recorded in root file systems."""

from __future__ import annotations

import pytest

from scanners.host.logs.area import LOGS
from scanners.host.report import parse_report
from tests.scanners.host.recorded import FOLDER, NONCE, facts_of, recorded


def test_a_weak_debian_12_shows_its_gaps() -> None:
    """Recorded as root, with a login guessed, an open log, a silent site and a proxy in every line."""
    facts = facts_of(recorded("logs", "debian-12-weak"), LOGS)
    assert facts["host.log_open_files"] == ["/var/log/auth.log 644 root:root"]
    assert facts["host.log_system_newest"] == facts["host.log_oldest"] == "2026-11-01T00:00:00Z"
    assert facts["host.log_web_gaps"] == [
        "nginx dinkes.example.go.id: access_log off",
        "nginx bpbd.example.go.id: error_log /dev/null",
    ]
    assert facts["host.log_web_one_client"] == ["/var/log/nginx/access.log"]
    assert facts["host.log_web_client_kept"] is False
    assert (facts["host.login_failures"], facts["host.login_failure_sources"]) == (31, 2)
    # budi came with a key after one failure of that address; only the password login counts.
    assert facts["host.login_guessed"] == [{"account": "admin", "source": "203.0.113.5", "failures": 30}]
    assert facts["host.log_daemons"] == facts["host.time_services"] == []
    assert facts["host.audit_running"] is False


def test_sudo_tells_what_root_tells() -> None:
    as_root = facts_of(recorded("logs", "debian-12-weak"), LOGS)
    with_sudo = facts_of(recorded("logs", "debian-12-sudo"), LOGS)
    assert with_sudo == as_root


def test_without_sudo_what_needs_root_is_named() -> None:
    facts = facts_of(recorded("logs", "debian-12-user"), LOGS)
    unread = {one["fact"]: one["reason"] for one in facts["host.unread"]}  # type: ignore[union-attr, index, call-overload]
    for name in (
        "host.log_open_files",
        "host.login_failures",
        "host.login_guessed",
        "host.log_web_one_client",
    ):
        assert unread[name] == "needs root"
    assert facts["host.log_web_gaps"]


def test_no_password_and_no_name_tried_in_vain_leaves_the_host() -> None:
    """Every secret of the weak host, and the name that a robot typed in vain, holds the word Rahasia."""
    for path in sorted((FOLDER / "logs").glob("debian-12-*.txt")):
        assert b"Rahasia" not in path.read_bytes(), path.name


def test_rsyslog_and_chronyd_running_on_ubuntu_24() -> None:
    """Recorded with both daemons started first in the same process table; chronyd followed its own clock."""
    facts = facts_of(recorded("logs", "ubuntu-24-logging"), LOGS)
    assert facts["host.log_daemons"] == ["rsyslogd"]
    assert facts["host.log_persistent"] is True
    assert facts["host.log_stamps_zoned"] is True
    assert facts["host.log_rotation_days"] == 28
    assert facts["host.log_auth_newest"] == "2026-11-22T10:41:35Z"
    assert facts["host.log_system_newest"] == "2026-11-22T10:41:36Z"
    assert facts["host.time_services"] == ["chronyd"]
    assert facts["host.time_servers"] == ["127.0.0.1"]
    assert facts["host.time_synchronised"] is False
    assert facts["host.time_offset_milliseconds"] is None
    assert facts["host.time_zone"] == "Asia/Jakarta"
    assert facts["host.log_open_files"] == []


@pytest.mark.parametrize("name", ["debian-12-weak", "ubuntu-24-logging"])
def test_a_report_broken_off_anywhere_is_read_without_exception(name: str) -> None:

    output = (FOLDER / "logs" / f"{name}.txt").read_bytes()
    whole = facts_of(parse_report(output, NONCE), LOGS)
    for part in range(0, len(output), max(1, len(output) // 40)):
        facts = facts_of(parse_report(output[:part], NONCE), LOGS)
        told = {key: value for key, value in facts.items() if key != "host.unread"}
        assert all(whole[key] == value for key, value in told.items())
