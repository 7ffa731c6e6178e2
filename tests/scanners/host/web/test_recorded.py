"""What the readers tell about servers with made-up sites (sites.sh), recorded as they printed it."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.web.area import WEB
from tests.scanners.host.recorded import FOLDER, facts_of, recorded

BROKEN = ("debian-12-nginx-broken", "ubuntu-22.04-apache-broken")
HARDENED = ("debian-12-nginx-hardened", "ubuntu-22.04-apache-hardened")
_ROOT = "/var/www/simpeg/public"
FOUND: dict[str, JSON] = {
    "host.web_offices": ["dinkes.contoh.go.id", "simpeg.contoh.go.id"],
    "host.web_shared_accounts": ["www-data: dinkes.contoh.go.id, simpeg.contoh.go.id"],
    "host.web_uploads_running": ["/var/www/dinkes/public/uploads", f"{_ROOT}/uploads"],
    "host.web_repositories": [f"{_ROOT}/.git"],
    "host.web_repository_credentials": [
        "/home/budi/.git-credentials: stored login",
        "/var/www/simpeg/.git/config: user or token in a remote address",
        f"{_ROOT}/.git/config: user or token in a remote address",
    ],
    "host.web_backups": [
        f"{_ROOT}/backup_public_html.zip",
        f"{_ROOT}/index.php.bak",
        f"{_ROOT}/simpeg-2026.sql",
    ],
    "host.web_secrets_readable": [
        "/var/www/dinkes/.env 0644 www-data:www-data",
        "/var/www/simpeg/.env 0644 www-data:www-data",
        f"{_ROOT}/koneksi.php 0644 www-data:www-data",
    ],
    "host.web_hard_coded": [
        "/etc/cron.d/cadangan: database-password",
        "/home/budi/.bash_history: password",
        f"{_ROOT}/koneksi.php: in-code",
    ],
    "host.web_debug_flags": ["/var/www/simpeg/.env: debug", "/var/www/simpeg/.env: environment"],
    "host.web_shell_signs": [
        "/var/www/simpeg/app/cache.php: system($_GET",
        f"{_ROOT}/uploads/gambar.php: eval(base64_decode(",
        f"{_ROOT}/uploads/gambar.php: script in an upload folder",
    ],
    "host.web_databases": ["simpeg", "simpeg_dev"],
    "host.web_personal_data": [{"folder": f"{_ROOT}/data", "files": 1, "numbers": 3}],
}
NOTHING = (
    *("shared_accounts", "versions_shown", "code_writable", "uploads_running", "repositories"),
    *("repository_credentials", "backups", "secrets_readable", "secrets_served", "hard_coded"),
    *("debug_flags", "shell_signs", "personal_data"),
)


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("fact", FOUND)
def test_every_planted_fault_is_found_and_nothing_else(name: str, fact: str) -> None:
    assert facts_of(recorded("web", name), WEB)[fact] == FOUND[fact]


@pytest.mark.parametrize("name", HARDENED)
def test_a_hardened_server_shows_no_fault(name: str) -> None:
    facts = facts_of(recorded("web", name), WEB)
    assert {fact: facts[f"host.web_{fact}"] for fact in NOTHING} == {fact: [] for fact in NOTHING}
    assert facts["host.unread"] == []


def test_code_that_the_server_owns_is_counted_by_owner_and_mode() -> None:
    found = facts_of(recorded("web", BROKEN[0]), WEB)["host.web_code_writable"]
    assert isinstance(found, list)
    assert "/var/www/simpeg/app: 2 files 0644 www-data:www-data" in found
    assert not any("uploads" in text or "storage" in text for text in found)


def test_versions_and_firewall_are_read_from_the_configuration() -> None:
    nginx, apache = (facts_of(recorded("web", name), WEB) for name in BROKEN)
    assert "nginx, simpeg.contoh.go.id: server_tokens on" in nginx["host.web_versions_shown"]  # type: ignore[operator]
    assert apache["host.web_versions_shown"] == ["apache: ServerTokens OS"]
    assert nginx["host.web_firewall"] == "absent"
    assert apache["host.web_firewall"] == "detection only"
    assert facts_of(recorded("web", HARDENED[1]), WEB)["host.web_firewall"] == "on"


def test_php_settings_are_those_of_the_pool() -> None:
    broken, hardened = (facts_of(recorded("web", name), WEB) for name in (BROKEN[0], HARDENED[0]))
    assert broken["host.php_places"] == broken["host.php_cookies_to_scripts"] == ["/etc/php/8.2/fpm pool www"]
    assert broken["host.php_errors_shown"] == ["/etc/php/8.2/fpm pool www"]
    assert hardened["host.php_places"] == ["/etc/php/8.2/fpm pool dinkes"]
    assert hardened["host.php_cookies_to_scripts"] == hardened["host.php_errors_shown"] == []


def test_sudo_shows_what_root_sees() -> None:
    assert facts_of(recorded("web", "debian-12-nginx-broken-sudo"), WEB) == facts_of(
        recorded("web", BROKEN[0]), WEB
    )


def test_without_root_only_what_rests_on_files_of_others_is_unknown() -> None:
    facts = facts_of(recorded("web", "debian-12-nginx-broken-user"), WEB)
    assert facts["host.web_offices"] == FOUND["host.web_offices"]
    unread = {one["fact"]: one["reason"] for one in facts["host.unread"]}  # type: ignore[index,union-attr,call-overload]
    assert unread["host.web_backups"] == unread["host.web_shell_signs"] == "needs root"
    assert not set(unread) & set(facts)


def test_a_server_without_web_server_has_none() -> None:
    facts = facts_of(recorded("web", "debian-12-bare"), WEB)
    for fact in ("web_servers", "php_places", "containers", "web_site_names", "web_secrets", "web_uploads"):
        assert facts[f"host.{fact}"] == []


def test_no_secret_and_no_number_of_a_person_left_the_host() -> None:
    for path in sorted((FOLDER / "web").glob("*.txt")):
        text = path.read_text()
        assert "rahasia-palsu" not in text
        assert "ghp_" not in text
        assert "3374010101900001" not in text
