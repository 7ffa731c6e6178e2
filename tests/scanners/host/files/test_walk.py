"""What a walk over the file systems tells, and what it does not when it ends early."""

from __future__ import annotations

import pytest

from scanners.host.report import Report, Section, State
from tests.scanners.host.files.told import told, unread, walked
from tests.scanners.host.recorded import written

WALKED = (
    "host.file_world_writable",
    "host.file_world_writable_count",
    "host.file_unowned",
    "host.file_unowned_count",
    "host.file_privileged",
    "host.file_keys",
    "host.file_keys_open",
)


@pytest.mark.parametrize("exit_code", [124, 137, 141, 143])
def test_a_walk_that_ended_early_and_found_nothing_tells_nothing(exit_code: int) -> None:
    facts = told(walked(exit_code=exit_code))
    assert not {*WALKED} & {*facts}
    wanted = "broken off" if exit_code == 141 else "timeout"
    assert {unread(facts)[name] for name in WALKED} == {wanted}


def test_what_a_walk_found_before_it_ended_early_counts() -> None:
    facts = told(walked("666:0:0:root:root:f:/srv/a", loose=1, exit_code=124))
    assert facts["host.file_world_writable"] == ["/srv/a 0666 root:root"]
    assert facts["host.file_world_writable_count"] == 1
    # Of these none was found yet, and a list of all must be whole.
    assert {unread(facts)[name] for name in ("host.file_unowned", "host.file_privileged")} == {"timeout"}


def test_a_file_that_vanished_under_the_walk_changes_nothing() -> None:
    assert told(walked(exit_code=1))["host.file_world_writable_count"] == 0


def test_a_root_of_unknown_type_is_not_a_clean_one() -> None:
    report = Report({"files-walk": Section("files-walk", State.RAN, b"\nall:0:0\n", 0, 1000)})
    assert unread(told(report))["host.file_privileged"] == "not understood"


def test_a_walk_without_its_count_is_not_understood() -> None:
    report = written(files_walk="755:0:0:root:root:d:/\n")
    assert unread(told(report))["host.file_unowned_count"] == "not understood"


def test_a_section_cut_at_its_limit_tells_what_is_wrong_and_not_what_is_right() -> None:
    text = b"755:0:0:root:root:d:/\n666:0:0:root:root:f:/srv/a\n" + b"x" * 1000
    facts = told(Report({"files-walk": Section("files-walk", State.RAN, text, 0, 1000)}))
    assert facts["host.file_world_writable_count"] == 1
    assert unread(facts)["host.file_privileged"] == "too much"
    assert unread(facts)["host.file_unowned_count"] == "too much"


@pytest.mark.parametrize(
    ("line", "writable"),
    [
        ("666:0:0:root:root:f:/a", True),
        ("777:0:0:root:root:d:/a", True),
        ("1777:0:0:root:root:d:/a", False),
        ("3777:0:0:root:root:d:/a", False),
        ("2777:0:0:root:root:d:/a", True),
        ("777:0:0:root:root:l:/a", False),
        ("777:0:0:root:root:s:/a", False),
        ("664:0:0:root:root:f:/a", False),
    ],
)
def test_what_everybody_may_write_to(line: str, writable: bool) -> None:
    listed = told(walked(line))["host.file_world_writable"]
    assert bool(listed) is writable


@pytest.mark.parametrize(
    ("line", "privileged"),
    [
        ("4755:0:0:root:root:f:/a", True),
        ("2755:0:42:root:shadow:f:/a", True),
        ("2755:0:42:root:shadow:d:/a", False),
        ("1755:0:0:root:root:f:/a", False),
    ],
)
def test_which_files_lend_rights(line: str, privileged: bool) -> None:
    assert bool(told(walked(line))["host.file_privileged"]) is privileged


def test_an_unknown_group_is_enough_to_be_without_owner() -> None:
    facts = told(walked("644:33:1009:www-data:1009:f:/var/www/a", unowned=1))
    assert facts["host.file_unowned"] == ["/var/www/a 0644 www-data:1009"]


def test_a_line_end_in_a_name_hides_nothing() -> None:
    facts = told(walked("4755:0:0:root:root:f:/tmp/a", "b", "4755:0:0:root:root:f:/tmp/c:d"))
    assert facts["host.file_privileged"] == ["/tmp/a", "/tmp/c:d"]
