"""Apache's configuration, as the collection prints it: what a path comes to, which rules count."""

from __future__ import annotations

import pytest

from scanners.host.web.apache import read_apache
from scanners.host.web.site import Server, Site

MAIN = "/etc/apache2/apache2.conf"
MOD_PHP = (
    "LoadModule php_module x.so\n"
    '<FilesMatch ".+\\.ph(ar|p|tml)$">\nSetHandler application/x-httpd-php\n</filesmatch>\n'
)
FPM = '<FilesMatch "\\.php$">\nSetHandler "proxy:unix:/run/php/a.sock|fcgi://localhost"\n</filesmatch>\n'


def server(text: str) -> Server:
    return read_apache({MAIN: text}, {"USER": "www-data"})


def site(text: str, before: str = MOD_PHP) -> Site:
    return server(f"{before}<VirtualHost *:80>\nDocumentRoot /var/www/a\n{text}\n</virtualhost>").sites[0]


def folder(text: str) -> str:
    return f"<Directory /var/www/a/uploads>\n{text}\n</directory>"


@pytest.mark.parametrize(
    ("rule", "with_module", "with_pool"),
    [
        ("", True, True),
        ("php_admin_flag engine off", False, True),
        ("SetHandler none", True, True),
        ("RemoveHandler .php", True, True),
        ('<FilesMatch "\\.php$">\nSetHandler none\n</filesmatch>', False, False),
        ('<FilesMatch "\\.php$">\nRequire all denied\n</filesmatch>', False, False),
        ("Require all denied", False, False),
    ],
)
def test_what_keeps_a_script_from_running(rule: str, with_module: bool, with_pool: bool) -> None:
    assert site(folder(rule)).runs("/uploads/x.php") is with_module
    assert site(folder(rule), FPM).runs("/uploads/x.php") is with_pool


def test_a_handler_for_names_of_files_is_undone_only_by_what_comes_later() -> None:
    by_folder = "LoadModule php_module x.so\nAddHandler application/x-httpd-php .php\n"
    assert not site(folder("SetHandler none"), by_folder).runs("/uploads/x.php")
    assert not site("<Location /uploads>\nSetHandler none\n</location>").runs("/uploads/x.php")


def test_without_php_nothing_runs() -> None:
    assert not site("", "").runs("/uploads/x.php")


def test_the_most_specific_folder_decides() -> None:
    text = (
        "<Directory /var>\nRequire all denied\n</directory>\n"
        "<Directory /var/www>\nRequire all granted\n</directory>"
    )
    assert not site(text).refuses("/.git/config")
    assert site(text + "\n<DirectoryMatch /\\.git>\nRequire all denied\n</directorymatch>").refuses(
        "/.git/config"
    )


@pytest.mark.parametrize(
    "rule",
    [
        "RedirectMatch 404 /\\.git",
        "RewriteRule ^\\.git - [F]",
        "redirect / https",
        "Redirect permanent / https://a/",
    ],
)
def test_a_request_may_be_turned_away(rule: str) -> None:
    assert site(rule).refuses("/.git/config")


def test_files_htaccess_count_only_where_they_are_allowed() -> None:
    assert not site("").overrides("/uploads/x.php")
    assert site("<Directory /var/www>\nAllowOverride All\n</directory>").overrides("/uploads/x.php")
    closed = "<Directory /var/www>\nAllowOverride All\n</directory>\n" + folder("AllowOverride None")
    assert not site(closed).overrides("/uploads/x.php")


def test_the_pool_is_the_account_or_the_socket() -> None:
    assert site("").pools == {"user daemon"}
    assert site("", "User ${APACHE_RUN_USER}\n" + MOD_PHP).pools == {"user www-data"}
    assert site("AssignUserID dinkes dinkes").pools == {"user dinkes"}
    assert site("", FPM).pools == {"/run/php/a.sock"}


def test_sections_of_modules_that_are_not_loaded_do_not_count() -> None:
    assert server("<IfModule security2_module>\nServerTokens Prod\n</ifmodule>").version_shown
    assert not server("<IfModule !mod_x.c>\nServerTokens Prod\n</ifmodule>").version_shown
    assert not server(
        "<IfModule mod_x.c>\nServerTokens Prod\n</ifmodule>\nLoadModule x_module a.so"
    ).version_shown
    assert server("<IfDefine Y>\nServerTokens Prod\n</ifdefine>").version_shown == (
        "apache: ServerTokens Full",
    )


def test_the_firewall_decides_only_when_it_is_on() -> None:
    module = "LoadModule security2_module a.so\n"
    assert server("SecRuleEngine On").firewall == "absent"
    assert server(module + "SecRuleEngine DetectionOnly").firewall == "detection only"
    assert server(module + "SecRuleEngine On\nsecrules 40 /a").firewall == "on"
    assert server(module + "SecRuleEngine On\nsecrules 40 /a").rules == 40


@pytest.mark.parametrize(
    "text", ["</directory>", "<Directory /a>", "<>", "Use Site a", "Include apache2.conf"]
)
def test_what_is_not_understood_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"close|<>|macros|circles"):
        server(text)


def test_files_lie_where_rhel_has_them() -> None:
    # Written by hand after the files of the package httpd of RHEL 9.
    files = {
        "/etc/httpd/conf/httpd.conf": (
            'ServerRoot "/etc/httpd"\nInclude conf.modules.d/*.conf\n'
            'User apache\nDocumentRoot "/var/www/html"\n'
            "<IfModule mime_module>\nAddType text/html .html\n</ifmodule>\nIncludeOptional conf.d/*.conf"
        ),
        "/etc/httpd/conf.modules.d/10-mod_security.conf": "LoadModule security2_module m.so",
        "/etc/httpd/conf.d/mod_security.conf": "<IfModule mod_security2.c>\nSecRuleEngine On\n</ifmodule>",
    }
    found = read_apache(files, {})
    assert (found.user, found.firewall) == ("apache", "on")
    assert [one.root for one in found.sites] == ["/var/www/html"]
