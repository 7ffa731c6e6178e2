"""What the commands of root open and print of files that the accounts of database servers own."""

from __future__ import annotations

import os
import subprocess
from importlib.resources import files
from pathlib import Path

from scanners.host.databases.commands import PRIVILEGED

SCRIPT = files("scanners.host.databases").joinpath("collect.sh").read_text()


def told(key: str, folder: Path) -> str:
    command = PRIVILEGED[key]
    start = command.index("-maxdepth")
    done = subprocess.run(
        ["find", str(folder), *command[start:]], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.stderr == ""
    return done.stdout


def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "shadow"
    secret.write_text("host root CANARY x md5\nbind CANARY\n")
    for name, key in (("pg_hba.conf", "postgresql-rules"), ("redis.conf", "store-settings")):
        folder = tmp_path / key
        (folder / "pipe").mkdir(parents=True)
        (folder / name).symlink_to(secret)
        os.mkfifo(folder / "pipe" / name)
        assert told(key, folder) == ""


def test_of_rules_only_known_fields_are_told(tmp_path: Path) -> None:
    path = tmp_path / "pg_hba.conf"
    path.write_text(
        "# CANARY\nroot:$y$CANARY:1::\nlocal all CANARY peer\n"
        "host all all 0.0.0.0/0 ldap ldapbindpasswd=CANARY\nhostssl a b 10.0.0.0 255.0.0.0 md5 # CANARY\n"
        "include CANARY\nhost all CANARY\n"
    )
    assert told("postgresql-rules", tmp_path).splitlines() == [
        f"==> {path} <== read",
        "other",
        "local",
        "host all all 0.0.0.0/0 ldap",
        "hostssl a b 10.0.0.0 255.0.0.0 md5",
        "include",
        "other",
    ]


def test_a_name_with_a_line_end_leaves_the_rules_unread(tmp_path: Path) -> None:
    folder = tmp_path / "a\n==> b <== read"
    folder.mkdir()
    (folder / "pg_hba.conf").write_text("host all all all trust\n")
    assert told("postgresql-rules", tmp_path) == "==> /unnamed <== denied\n"


def test_the_mark_of_sections_is_no_argument_of_a_process() -> None:
    assert "$M" not in SCRIPT


def test_of_exports_no_values_are_told(tmp_path: Path) -> None:
    path = tmp_path / "exports"
    path.write_text("/srv/a=b 10.0.0.5(rw,anonuid=CANARY,no_root_squash) # CANARY\n/b -sec=CANARY,ro *\n")
    begun = SCRIPT.index("\nexports() {")
    text = SCRIPT[begun : SCRIPT.index("\n}\n", begun) + 3] + f"exports {path}"
    done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:3] == ["/srv/a=b 10.0.0.5(rw,anonuid,no_root_squash) ", "/b -sec,ro *"]
