"""PHP's settings in force: defaults, files in their order, pools. Sections are written by hand."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.web.area import WEB
from tests.scanners.host.recorded import facts_of, written


def facts(php: str, pools: str = "", programs: str = "") -> dict[str, JSON]:
    return facts_of(written(web_php=php, web_pools=pools, web_programs=programs), WEB)


def head(path: str) -> str:
    return f"==> {path} <== read\n"


def test_without_any_setting_the_defaults_of_php_count() -> None:
    found = facts(head("/etc/php/8.2/apache2/php.ini"))
    place = ["/etc/php/8.2/apache2"]
    assert found["host.php_version_shown"] == found["host.php_errors_shown"] == place
    assert found["host.php_cookies_to_scripts"] == found["host.php_cookies_unencrypted"] == place
    assert found["host.php_url_include"] == []


def test_a_later_file_and_the_pool_override() -> None:
    ini = head("/etc/php/8.2/fpm/php.ini") + "display_errors = Off\nexpose_php = On\n"
    more = head("/etc/php/8.2/fpm/conf.d/99-a.ini") + "expose_php = Off ; hidden\n"
    pool = head("/etc/php/8.2/fpm/pool.d/a.conf") + "[a]\nphp_admin_flag[display_errors] = on\n[b]\n"
    found = facts(ini + more, pool)
    assert found["host.php_places"] == ["/etc/php/8.2/fpm pool a", "/etc/php/8.2/fpm pool b"]
    assert found["host.php_errors_shown"] == ["/etc/php/8.2/fpm pool a"]
    assert found["host.php_version_shown"] == []


def test_settings_for_single_hosts_do_not_count_for_all() -> None:
    found = facts(
        head("/etc/php/8.2/fpm/php.ini") + "display_errors = 0\n[HOST=a.test]\ndisplay_errors = 1\n"
    )
    assert found["host.php_errors_shown"] == []


def test_on_rhel_the_one_file_counts_where_php_serves_sites() -> None:
    ini = head("/etc/php.ini") + "expose_php = On\n"
    assert facts(ini)["host.php_places"] == []
    assert facts(ini, programs="php /usr/sbin/php-fpm\n")["host.php_version_shown"] == ["/etc"]
    pool = head("/etc/php-fpm.d/www.conf") + "[www]\nphp_flag[expose_php] = off\n"
    assert facts(ini, pool)["host.php_version_shown"] == []


@pytest.mark.parametrize(
    ("value", "shown"), [("stderr", False), ("Stdout", True), ('"1"', True), ("", False)]
)
def test_words_for_on_and_off(value: str, shown: bool) -> None:
    found = facts(head("/etc/php/7.4/fpm/php.ini") + f"display_errors = {value}\n")
    assert bool(found["host.php_errors_shown"]) is shown


def test_a_value_that_is_neither_is_no_fact() -> None:
    assert "host.php_errors_shown" not in facts(
        head("/etc/php.ini") + "display_errors = ${X}\n", programs="php a\n"
    )


def test_a_file_that_may_not_be_read_needs_root() -> None:
    found = facts("==> /etc/php.ini <== denied\n")
    assert {"fact": "host.php_errors_shown", "reason": "needs root", "detail": "/etc/php.ini"} in found[
        "host.unread"
    ]  # type: ignore[operator]
