"""What the collection tells of configurations, and what it passes over in folders of others."""

from __future__ import annotations

import os
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from scanners.host.web.commands import PERSONAL, WALK

SCRIPT = files("scanners.host.web").joinpath("collect.sh").read_text()


def statements(function: str, path: Path) -> list[str]:
    begun = SCRIPT.index(f"\n{function}() {{")
    text = SCRIPT[begun : SCRIPT.index("\n}\n", begun) + 3] + f"{function} {path}"
    done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True, timeout=30)
    assert done.stderr == ""
    return done.stdout.splitlines()[1:]


def test_of_nginx_no_token_is_told(tmp_path: Path) -> None:
    path = tmp_path / "nginx.conf"
    path.write_text(
        "server {\n location /hook/CANARY1 { proxy_pass http://a.test/?token=CANARY; "
        "return https://a/CANARY; }\n"
        " location ~ ^/upload/[A-Za-z0-9]+ { deny all; }\n location /api/v2 { fastcgi_pass a?CANARY; }\n}\n"
    )
    told = statements("web_nginx_statements", path)
    assert not any("CANARY" in line for line in told)
    assert "location /hook/masked {" in told
    assert "location ~ ^/upload/[A-Za-z0-9]+ {" in told
    assert "location /api/v2 {" in told


def test_of_apache_no_token_is_told(tmp_path: Path) -> None:
    path = tmp_path / "apache2.conf"
    path.write_text(
        "<VirtualHost *:80>\nServerName a.test\nRequire expr %{HTTP:X} == 'CANARY'\nUse Site CANARY\n"
        "Redirect /a https://b.test/?k=CANARY\nRedirect permanent / https://b.test/?k=CANARY\n"
        "SetEnv K CANARY\n"
        "<Location /hook/CANARY1>\nRequire all denied\n</Location>\nAlias /CANARY /srv/files\n"
        "RedirectMatch 404 /\\.git\nAllow from env=CANARY\nDeny from all\n</VirtualHost>\n"
    )
    told = statements("web_apache_statements", path)
    assert not any("CANARY" in line for line in told)
    assert "<location /hook/masked>" in told
    assert "require other" in told
    assert "require all denied" in told
    assert "redirect /" in told
    assert "alias / /srv/files" in told
    assert "redirectmatch 404 /\\.git" in told
    assert "deny from all" in told


@pytest.mark.parametrize("command", [WALK, PERSONAL], ids=["walk", "personal"])
def test_names_that_could_forge_a_line_are_only_counted(tmp_path: Path, command: tuple[str, ...]) -> None:
    forged = tmp_path / "a\nsecret 0644 root root 1 >" / "etc"
    forged.mkdir(parents=True)
    (forged / "id_rsa").write_text("x")
    (tmp_path / "b\nnumbers c.csv").write_text("x")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    start = command.index("-xdev")
    done = subprocess.run(
        ["find", str(tmp_path), *command[start:]], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert "unnamed" in lines
    assert not any(line.startswith("secret") or "id_rsa" in line or "csv" in line for line in lines)
