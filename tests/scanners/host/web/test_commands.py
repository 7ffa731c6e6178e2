"""The commands of root: what sudo can hold, and that patterns tell names and never values."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scanners.host.script import sudoers
from scanners.host.web.area import WEB
from scanners.host.web.commands import CONTENTS, PERSONAL, PRIVILEGED

SETTINGS = CONTENTS[CONTENTS.index("awk") + 1]
OVER_CODE = next(word for word in CONTENTS if "grep -oHE" in word)
COUNT = next(word for word in PERSONAL if "grep -acE" in word)


def told(path: Path, text: str) -> list[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")
    done = subprocess.run(["awk", SETTINGS, str(path)], capture_output=True, text=True, check=True)
    return [line.removesuffix(f" {path}") for line in done.stdout.splitlines()]


def test_sudo_can_hold_every_command() -> None:
    assert "NOPASSWD" in sudoers((WEB,), "tilik")
    for command in PRIVILEGED.values():
        joined = " ".join(command)
        # sudo reads two spaces as one, and so would refuse what was allowed.
        assert "  " not in joined
        assert not any(word.endswith(" ") or word.startswith(" ") for word in command)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (".env", "APP_DEBUG=true", ["flag debug"]),
        (".env", "APP_DEBUG=false\nAPP_ENV=production", []),
        (".env", "APP_ENV=local", ["flag environment"]),
        ("wp-config.php", "define( 'WP_DEBUG', true );", ["flag WP_DEBUG"]),
        ("wp-config.php", "// define('WP_DEBUG', true);", []),
        (
            "index.php",
            "define('ENVIRONMENT', isset($_SERVER['CI_ENV']) ? $_SERVER['CI_ENV'] : 'development');",
            ["flag ENVIRONMENT"],
        ),
        ("index.php", "define('ENVIRONMENT', 'production');", []),
        ("configuration.php", "\tpublic $debug = true;", ["flag debug"]),
        ("configuration.php", "\tpublic $debug = '0';", []),
        ("settings.py", "DEBUG = True", ["flag DEBUG"]),
        (".git/config", "\turl = https://budi:sandi@git.test/a.git", ["token remote"]),
        (".git/config", "\turl = https://git.test/a.git", []),
        (".git/config", "\turl = git@git.test:a.git", []),
        (".htaccess", "php_flag engine off", ["noscript engine"]),
        (".htaccess", '<FilesMatch "\\.php$">\nDeny from all\n</FilesMatch>', ["noscript refused"]),
        (".htaccess", "<Files .env>\nDeny from all\n</Files>", []),
        (".htaccess", "RedirectMatch 404 /\\.git", ["norepo rule"]),
        ("a.sh", "mysqldump -u root -pRahasia1 db", ["coded database-password"]),
        ("a.sh", "mysqldump -u root -p db", []),
        ("a.sh", "mysqldump -u root -p$SANDI db", []),
        ("a.sh", 'mysqldump -u root -p"$SANDI" db', []),
        ("a.sh", "mysql --password=Rahasia1 db", ["coded database-password"]),
        ("a.sh", 'DB_PASSWORD="Rahasia1"', ["coded password"]),
        ("a.sh", 'DB_PASSWORD="$(cat /root/x)"', []),
        ("a.sh", "DB_PASSWORD_FILE=/run/secrets/db", []),
        ("a.sh", "# DB_PASSWORD=Rahasia1", []),
        ("a.sh", "sshpass -p Rahasia1 ssh a", ["coded password-of-a-program"]),
        ("a.sh", "curl -u budi:Rahasia1 https://a.test", ["coded password-of-a-program"]),
        ("a.sh", "git clone https://budi:Rahasia1@git.test/a", ["coded token"]),
        (".bash_history", "export DB_PASSWORD=Rahasia1", ["coded password"]),
        ("cron/root", "0 3 * * * /root/.acme.sh/acme.sh --cron", ["renewal job"]),
        ("cron/root", "# 0 3 * * * certbot renew", []),
    ],
)
def test_what_settings_and_scripts_tell(tmp_path: Path, name: str, text: str, expected: list[str]) -> None:
    lines = told(tmp_path / name, text)
    assert lines == expected
    assert not any("Rahasia1" in line or "sandi" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<?php @eval(base64_decode('eA=='));", "sign {path}:eval(base64_decode("),
        ("<?php system($_GET['a']);", "sign {path}:system($_GET"),
        ("<?php eval(gzinflate(str_rot13($a)));", "sign {path}:eval(gzinflate("),
        ("<?php $c = mysqli_connect('localhost', 'root', 'Rahasia1', 'db');", "coded in-code {path}"),
        ("<?php $k = 'AKIAIOSFODNN7EXAMPLE';", "coded in-code {path}"),
        ("<?php $c = mysqli_connect($host, $user, $sandi, $db);", ""),
        ("<?php $c = new mysqli(DB_HOST, DB_USER, getenv('DB_PASS'));", ""),
        ("<?php echo base64_decode($gambar); system('ls');", ""),
    ],
)
def test_what_code_tells(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "a.php"
    path.write_text(text + "\n")
    done = subprocess.run(
        ["sh", "-c", OVER_CODE, "sh", str(path)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == expected.format(path=path)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("A,3374010101900001\nB;3374014508850002;x", 2),
        ("nomor 9999999999999999", 0),
        ("3374019901900001", 0),
        ("33740101019000011", 0),
        ("0.3374010101900001", 0),
        ("rekening 1234567890", 0),
    ],
)
def test_numbers_of_people_are_counted_by_their_shape(tmp_path: Path, text: str, count: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text + "\n")
    done = subprocess.run(["sh", "-c", COUNT, "sh", str(path)], capture_output=True, text=True, check=False)
    assert done.stdout == f"numbers {path}:{count}\n"
