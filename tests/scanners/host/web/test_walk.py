"""What the walks tell counts only as far as they came."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.web.area import WEB
from tests.scanners.host.recorded import facts_of, written

NGINX = "==> /etc/nginx/nginx.conf <== read\nhttp {\nserver {\nserver_name a.contoh.go.id;\nroot %s;\n}\n}\n"


def facts(
    walk: str, root: str = "/var/www/a", contents: str = "", mounts: str = "/\n", total: int = 9
) -> dict[str, JSON]:
    report = written(
        "web-apache",
        web_nginx=NGINX % root,
        web_programs="program nginx\n",
        web_users="user:www-data:33:33\ngroup:www-data:33:\ngroup:kantor:50:nobody,a\n",
        web_mounts=mounts,
        web_walk=f"{walk}\ntotal {total}\n",
        web_contents=contents,
        web_pools="",
    )
    return facts_of(report, WEB)


def unread(found: dict[str, JSON], fact: str) -> str:
    reasons = {one["fact"]: one["detail"] for one in found["host.unread"]}  # type: ignore[index,union-attr,call-overload]
    return str(reasons[fact])


DUMP = "backup 644 a a 9 >/var/www/a/db.sql"


@pytest.mark.parametrize(
    ("root", "walk", "mounts"),
    [
        ("/data/situs", "", "/\n"),
        ("/www/server/panel", "", "/\n"),
        ("/var/www/a", "link /data/a =>/var/www/a", "/\n"),
        ("/var/www/a/b", "link ../../../mnt/a =>/var/www/a", "/\n"),
        ("/var/www/a", "", "/\n/var/www/a\n"),
        ("/var/www/a", "", "/\n/var/www/a/berkas\n"),
    ],
)
def test_nothing_found_is_unknown_where_a_root_was_not_looked_at(root: str, walk: str, mounts: str) -> None:
    found = facts(walk, root, mounts=mounts)
    for fact in (
        "host.web_backups",
        "host.web_shell_signs",
        "host.web_debug_flags",
        "host.web_code_writable",
    ):
        assert fact not in found
        assert root in unread(found, fact)
    assert found["host.web_roots_not_looked_at"] == [root]


@pytest.mark.parametrize(
    ("root", "walk", "mounts"),
    [
        ("/var/www/a", "", "/\n/var/www\n/home\n/mnt\n"),
        ("/var/www/a/current", "link releases/5 =>/var/www/a/current", "/\n"),
        ("/var/www/a", "link /srv/a =>/var/www/a", "/\n"),
    ],
)
def test_nothing_found_counts_where_every_root_was_looked_at(root: str, walk: str, mounts: str) -> None:
    assert facts(walk, root, mounts=mounts)["host.web_backups"] == []


def test_what_was_found_counts_even_where_another_root_was_not_looked_at() -> None:
    assert facts(DUMP, "/var/www/a", mounts="/\n/var/www/a/berkas\n")["host.web_backups"] == [
        "/var/www/a/db.sql"
    ]


def test_a_walk_that_did_not_end_tells_nothing() -> None:
    report = written(web_walk=DUMP, web_programs="program nginx\n", web_nginx=NGINX % "/var/www/a")
    assert "host.web_backups" not in facts_of(report, WEB)


def test_a_link_to_a_walked_folder_is_followed() -> None:
    found = facts("link /srv/a =>/var/www/a\nbackup 644 a a 9 >/srv/a/db.sql", "/var/www/a")
    assert found["host.web_backups"] == ["/srv/a/db.sql"]


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("/var/www/a/db.sql.gz", True),
        ("/var/www/a/config.php.bak", True),
        ("/var/www/a/situs-backup.zip", True),
        ("/var/www/a/peraturan-2026.zip", False),
        ("/var/www/a/administrator/components/com_x/sql/install.sql", False),
        ("/var/www/a/vendor/x/tests/a.sql", False),
        ("/var/www/other/db.sql", False),
    ],
)
def test_what_a_backup_is(path: str, counts: bool) -> None:
    assert bool(facts(f"backup 644 a a 9 >{path}")["host.web_backups"]) is counts


@pytest.mark.parametrize(
    ("mode", "above", "readable"),
    [
        ("644", "", True),
        ("640", "", False),
        ("600", "", False),
        ("644", "closed 750 a a 0 >/var/www/a", False),
    ],
)
def test_a_secret_is_open_by_its_mode_unless_a_folder_above_is_closed(
    mode: str, above: str, readable: bool
) -> None:
    found = facts(f"{above}\nsecret {mode} a a 9 >/var/www/a/x/wp-config.php")
    assert bool(found["host.web_secrets_readable"]) is readable


def test_samples_hold_no_secret() -> None:
    assert facts("secret 644 a a 9 >/var/www/a/.env.example")["host.web_secrets"] == []


def test_settings_below_the_root_are_handed_out_unless_they_are_code() -> None:
    found = facts("secret 600 a a 9 >/var/www/a/.env\nsecret 600 a a 9 >/var/www/a/wp-config.php")
    assert found["host.web_secrets_served"] == ["/var/www/a/.env"]


@pytest.mark.parametrize(
    ("kind", "writable"),
    [
        ("755 nobody root", True),
        ("555 nobody root", False),
        ("775 root nobody", True),
        ("775 root kantor", True),
        ("775 root lain", False),
        ("777 root root", True),
        ("755 root root", False),
    ],
)
def test_who_may_write_code(kind: str, writable: bool) -> None:
    found = facts(f"dirs {kind} /var/www/a 3 =>/var/www/a/app")
    assert bool(found["host.web_code_writable"]) is writable


def test_a_path_with_strange_signs_stays_one_line() -> None:
    found = facts("backup 644 a a 9 >/var/www/a/\x1b[31mdb.sql")
    assert found["host.web_backups"] == ["/var/www/a/?[31mdb.sql"]


def test_databases_are_told_by_their_folders() -> None:
    walk = "base 750 a a 9 >/var/lib/mysql/mysql\nbase 750 a a 9 >/var/lib/mysql/simpeg@002ddev"
    assert facts(walk)["host.web_databases"] == ["simpeg-dev"]
