"""What the collection tells of sources, runtimes and applications; nothing that others own is run."""

from __future__ import annotations

import subprocess
from importlib.resources import files
from pathlib import Path

from scanners.host.packages.area import PACKAGES

SCRIPT = files("scanners.host.packages").joinpath("collect.sh").read_text()


def function(name: str) -> str:
    """Return one function of the collection."""
    begun = SCRIPT.index(f"\n{name}() {{")
    return SCRIPT[begun : SCRIPT.index("\n}\n", begun) + 3]


def run(*functions: str, command: str) -> str:
    text = "T='' NL='\n'\n" + "".join(function(one) for one in functions) + command
    return subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True).stdout


def test_of_an_address_only_the_host_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.list").write_text(
        "deb [arch=amd64 trusted=yes] https://u:a/CANARY@esm.test/ubuntu jammy main\n"
        "deb https://budi:CANARY@priv.test/CANARY/debian?k=CANARY stable main # CANARY\n"
        "deb http://deb.debian.org/debian bookworm main\n"
    )
    (tmp_path / "a.repo").write_text(
        "[own]\nname=CANARY\nbaseurl=https://priv.test/CANARY/os\n  https://two.test/x\npassword=CANARY\n"
        "gpgcheck=1\nproxy=http://CANARY\n"
    )
    (tmp_path / "a.sources").write_text(
        "Types: deb\nURIs: https://x:CANARY@priv.test/CANARY\nSuites: a\nSigned-By:\n CANARY\n"
    )
    told = run("masked", command=f"masked {tmp_path}/a.*")
    assert "CANARY" not in told
    assert "deb [trusted=yes] https://masked jammy main" in told
    assert "deb https://priv.test/ stable main" in told
    assert "baseurl= https://priv.test/\n  https://two.test/\n" in told
    assert "uris: https://priv.test/" in told
    assert "gpgcheck=1" in told


def test_a_runtime_that_others_may_have_put_there_is_not_run(tmp_path: Path) -> None:
    program = tmp_path / "node"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\necho v18.0.0\n")
    program.chmod(0o755)
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "php").write_text("x")
    found = f"{{ runtime_programs nodejs {program}; echo 'php|{folder}/php'; echo 'x|/bin/sh'; }}"
    told = run(
        "runtime_programs",
        "of_root",
        command=f"{found} | of_root",
    )
    # Whoever runs the tests has his files below /tmp, which is open to all.
    assert told.splitlines() == [f"leave|nodejs|{program}", f"leave|php|{folder}/php", told.splitlines()[2]]
    assert not (tmp_path / "ran").exists()


def test_of_files_of_applications_only_the_version_is_told(tmp_path: Path) -> None:
    command = PACKAGES.privileged["packages-web-versions"]
    lock = tmp_path / "composer.lock"
    lock.write_text('{"name": "phpunit/phpunit",\n "version": "9.5.1", "token": "CANARY"\n}\n')
    page = tmp_path / "wp-includes" / "version.php"
    page.parent.mkdir()
    page.write_text("<?php\n$wp_version = '6.4.1'; // CANARY\n$key = 'CANARY';\n")
    (tmp_path / "x\n").mkdir()
    (tmp_path / "x\n" / "composer.lock").write_text("{}")
    (tmp_path / "package-lock.json").symlink_to(lock)
    start = command.index("-xdev")
    done = subprocess.run(
        ["find", str(tmp_path), *command[start:]], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert sorted(done.stdout.splitlines()) == sorted(
        [
            str(lock),
            f'{lock}: "name": "phpunit/phpunit"',
            f'{lock}- "version": "9.5.1"',
            f"{page}:$wp_version = '6.4.1'",
            "unnamed",
        ]
    )
