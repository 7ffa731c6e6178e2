"""What is kept on a host: recorded on real systems, and written for what they did not show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.facts import JSON
from scanners.host.backups.area import BACKUPS
from scanners.host.report import Reason, Report, Section, State, Unread, parse_report
from tests.scanners.host.recorded import FOLDER, NONCE, facts_of, recorded, written

UBUNTU = facts_of(recorded("backups", "ubuntu-22.04"), BACKUPS)


def read(name: str, report: Report) -> JSON:
    return BACKUPS.readers[f"host.{name}"](report)


def listing(*lines: str) -> Report:
    return written(backups_listing="\n".join([*lines, "E"]))


def paths(value: JSON) -> list[JSON]:
    assert isinstance(value, list)
    return [one["path"] for one in value if isinstance(one, dict)]


def test_backups_are_found_in_the_usual_places_with_age_and_mode() -> None:
    assert UBUNTU["host.backup_places"] == ["/var/backups", "/srv/backup", "/home/andi/backup"]
    files = UBUNTU["host.backup_files"]
    assert isinstance(files, list)
    assert {
        "path": "/srv/backup/salinan lama.sql",
        "kind": "file",
        "modified": "2025-01-02T00:00:00Z",
        "size_bytes": 2,
        "mode": "0644",
        "owner": "root",
    } in files
    assert UBUNTU["host.backup_listing_whole"] is True


def test_a_file_behind_a_closed_directory_is_not_exposed() -> None:
    # /home/andi has mode 700, its backup mode 644.
    assert UBUNTU["host.backup_exposed"] == [
        "/srv/backup/harian/simpeg.sql.gz",
        "/srv/backup/salinan lama.sql",
    ]


def test_a_name_with_a_line_end_forges_no_backup() -> None:
    # The recorded system has /srv/backup/a⏎B 1795340976 5 600 root f /srv/backup/forged.
    assert "/srv/backup/forged" not in paths(UBUNTU["host.backup_files"])


def test_dumps_and_leftovers_are_listed_oldest_first_without_identity_numbers() -> None:
    assert paths(UBUNTU["host.database_dumps"]) == [
        "/srv/backup/salinan lama.sql",
        "/srv/backup/harian/simpeg.sql.gz",
    ]
    assert paths(UBUNTU["host.leftover_files"]) == ["/tmp/data_****************.csv"]


def test_jobs_are_told_by_program_alone() -> None:
    assert UBUNTU["host.backup_jobs"] == [
        "/etc/cron.d/cadangan: mysqldump",
        "/var/spool/cron/crontabs/root: restic",
    ]
    assert "secret" not in (FOLDER / "backups" / "ubuntu-22.04.txt").read_text()


def test_stores_of_records_and_of_evidence_are_told() -> None:
    assert UBUNTU["host.record_stores"] == [
        {"path": "/srv/arsip", "mode": "0755", "owner": "root", "open": True}
    ]
    assert UBUNTU["host.evidence_stores"] == ["remote log"]


def test_what_the_package_manager_copies_is_no_backup() -> None:
    facts = facts_of(recorded("backups", "debian-12"), BACKUPS)
    assert paths(facts["host.backup_files"]) == ["/var/backups"]
    assert facts["host.backup_exposed"] == []


def test_sudo_tells_what_root_tells() -> None:
    root, sudo = (facts_of(recorded("backups", name), BACKUPS) for name in ("debian-12", "debian-12-sudo"))
    assert root == sudo


def test_without_sudo_the_reasons_are_named() -> None:
    facts = facts_of(recorded("backups", "debian-12-user"), BACKUPS)
    unread = facts["host.unread"]
    assert isinstance(unread, list)
    reasons = {one["fact"]: one["reason"] for one in unread if isinstance(one, dict)}
    assert reasons["host.backup_files"] == reasons["host.evidence_stores"] == "needs root"
    assert facts["host.backup_tools"] == []


def test_a_listing_cut_short_is_not_whole() -> None:
    report = listing(*(f"B 1795340976.5 5 600 root f /srv/backup/{number}" for number in range(1200)))
    assert len(paths(read("backup_files", report))) == 1200
    with pytest.raises(Unread) as caught:
        read("backup_listing_whole", report)
    assert caught.value.reason is Reason.TOO_MUCH


def test_a_listing_without_its_end_tells_nothing() -> None:
    report = written(backups_listing="B 1795340976.5 5 600 root f /srv/backup/a\n")
    with pytest.raises(Unread) as caught:
        read("backup_files", report)
    assert caught.value.reason is Reason.BROKEN_OFF


@pytest.mark.parametrize(
    ("mode", "above", "is_open"),
    [("2770", "755", False), ("755", "755", True), ("777", "700", False), ("701", "755", True)],
)
def test_a_store_is_open_where_others_reach_it(mode: str, above: str, is_open: bool) -> None:
    report = listing(f"A {above} /srv", f"R {mode} www-data /srv/arsip dinas")
    assert read("record_stores", report) == [
        {"path": "/srv/arsip dinas", "mode": mode.rjust(4, "0"), "owner": "www-data", "open": is_open}
    ]


def test_every_kind_of_evidence_store_counts_even_without_root() -> None:
    report = written(backups_remote_logs="", backups_snapshots="btrfs\n", denied=("backups-listing",))
    assert read("evidence_stores", report) == ["snapshots"]
    report = written(
        backups_remote_logs="hidden\n",
        backups_snapshots="",
        backups_listing="S hash list\nS append-only log\nE",
    )
    assert read("evidence_stores", report) == ["append-only log", "hash list"]


def test_settings_that_may_not_be_read_are_no_proof_of_absence() -> None:
    report = written(backups_remote_logs="hidden\n", backups_snapshots="", backups_listing="E")
    with pytest.raises(Unread) as caught:
        read("evidence_stores", report)
    assert caught.value.reason is Reason.NEEDS_ROOT


def test_an_empty_report_tells_nothing() -> None:
    assert set(facts_of(Report({}), BACKUPS)) == {"host.unread"}


SECTIONS = ("backups-listing", "backups-tools", "backups-jobs", "backups-remote-logs", "backups-snapshots")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "B", "A", "D", "T", "R", "O"]))
def test_whatever_is_printed_gives_facts_or_reasons(content: bytes, letter: str) -> None:
    text = letter.encode() + b" " + content + b"\nE"
    facts = facts_of(Report({name: Section(name, State.RAN, text) for name in SECTIONS}), BACKUPS)
    unread = facts["host.unread"]
    assert isinstance(unread, list)
    assert len(facts) - 1 + len(unread) == len(BACKUPS.facts)


@pytest.mark.parametrize("length", [100, 900, 1700])
def test_a_report_that_breaks_off_gives_reasons(length: int) -> None:
    content = (FOLDER / "backups" / "ubuntu-22.04.txt").read_bytes()[:length]
    assert facts_of(parse_report(content, NONCE), BACKUPS)["host.unread"]
