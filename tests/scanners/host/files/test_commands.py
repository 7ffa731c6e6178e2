"""What the area runs as root: fixed, without what sudoers cannot hold, and able to find what it looks for."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scanners.host.files.area import FILES
from scanners.host.files.commands import WALK
from scanners.host.script import sudoers


def walk_below(root: Path) -> set[str]:
    """Return what the walk prints below a folder of this machine, as path behind mode."""
    command = ["find", str(root), *WALK[2:]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line.split(":", 6) for line in done.stdout.splitlines()]
    return {f"{one[0]} {one[6].removeprefix(str(root))}" for one in lines}


def test_the_walk_names_what_is_open_or_lends_rights_and_nothing_else(tmp_path: Path) -> None:
    for name, mode in {
        "plain.txt": 0o644,
        "open.txt": 0o666,
        "su": 0o4755,
        "group": 0o2755,
        "situs.key": 0o640,
        "privkey1.pem": 0o600,
        "fullchain1.pem": 0o644,
        "id_ed25519": 0o600,
        "id_ed25519.pub": 0o644,
        "ssh_host_rsa_key": 0o600,
        "monkey": 0o644,
    }.items():
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(mode)
    for name, mode in {"box": 0o777, "shared": 0o1777}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert walk_below(tmp_path) == {
        "666 /open.txt",
        "4755 /su",
        "2755 /group",
        "640 /situs.key",
        "600 /privkey1.pem",
        "600 /id_ed25519",
        "600 /ssh_host_rsa_key",
        "777 /box",
    }


def test_snapshots_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".snapshots").mkdir()
    (tmp_path / ".snapshots" / "open").write_text("")
    (tmp_path / ".snapshots" / "open").chmod(0o666)
    assert walk_below(tmp_path) == set()


def test_no_argument_has_white_space_which_sudoers_would_fold() -> None:
    for command in FILES.privileged.values():
        assert not any(set(word) & set(" \t\n\\") for word in command)
    assert "find / " in sudoers([FILES], "audit")
