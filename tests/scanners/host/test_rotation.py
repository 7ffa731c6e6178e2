"""What logrotate is told, block by block."""

from __future__ import annotations

import pytest

from scanners.host.rotation import Rotation, rotations

MAIN = "/etc/logrotate.conf"


def test_what_holds_for_all_holds_for_the_blocks_behind_it_and_in_other_files() -> None:
    found = rotations(
        {
            "/etc/logrotate.d/a": "rotate 9\n/var/log/a {\n size=5M\n}\n",
            MAIN: "weekly\n/var/log/wtmp {\n monthly\n}\nrotate 4\n",
            "/etc/logrotate.d/b": '"/var/log/b" /var/log/c\n{\n}\n',
        }
    )
    assert found == [
        Rotation(("/var/log/wtmp",), ("weekly", "monthly")),
        Rotation(("/var/log/a",), ("weekly", "rotate 4", "rotate 9", "size 5M")),
        Rotation(("/var/log/b", "/var/log/c"), ("weekly", "rotate 4")),
    ]


def test_scripts_and_comments_say_nothing() -> None:
    text = "/var/log/a {\n# size 1M\n postrotate\n  kill {} ; size 1M\n endscript\n rotate 2\n}\n"
    assert rotations({MAIN: text}) == [Rotation(("/var/log/a",), ("rotate 2",))]


def test_a_block_that_does_not_end_is_not_understood() -> None:
    with pytest.raises(ValueError, match="does not end"):
        rotations({MAIN: "/var/log/a {\n rotate 4\n"})
