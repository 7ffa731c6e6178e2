"""nginx's configuration, as the collection prints it: which location serves a path, and how."""

from __future__ import annotations

import pytest

from scanners.host.web.nginx import read_nginx
from scanners.host.web.site import Site

MAIN = "/etc/nginx/nginx.conf"


def site(*statements: str) -> Site:
    lines = ["http {", "server {", "root /var/www/a;", *statements, "}", "}"]
    return read_nginx({MAIN: "\n".join(lines)}).sites[0]


PHP = ("location ~ \\.php$ {", "fastcgi_pass unix:/run/php/a.sock;", "}")


def test_a_script_in_an_upload_folder_runs_without_a_rule() -> None:
    assert site(*PHP).runs("/uploads/x.php")


def test_the_first_pattern_counts() -> None:
    rule = ("location ~* ^/uploads/.*\\.php$ {", "return 403;", "}")
    assert not site(*rule, *PHP).runs("/uploads/x.php")
    assert site(*PHP, *rule).runs("/uploads/x.php")


def test_a_prefix_that_ends_the_search_keeps_php_away() -> None:
    assert not site(*PHP, "location ^~ /uploads/ {", "}").runs("/uploads/x.php")
    assert site(*PHP, "location /uploads/ {", "}").runs("/uploads/x.php")


def test_a_pattern_within_a_prefix_comes_before_those_outside() -> None:
    inner = ("location /uploads/ {", "location ~ \\.php$ {", "deny all;", "}", "}")
    assert not site(*PHP, *inner).runs("/uploads/x.php")


def test_deny_all_with_an_exception_refuses_nobody_for_certain() -> None:
    rule = "location ~ /\\. {"
    assert site(rule, "deny all;", "}").refuses("/.git/config")
    assert not site(rule, "allow 10.0.0.0/8;", "deny all;", "}").refuses("/.git/config")


def test_a_site_that_only_redirects_serves_no_file() -> None:
    assert site("return 301;").refuses("/.git/config")


def test_version_is_shown_unless_it_is_switched_off() -> None:
    def shown(*statements: str) -> int:
        return len(read_nginx({MAIN: "\n".join(["http {", *statements, "}"])}).version_shown)

    assert shown("server {", "}") == 1
    assert shown("server_tokens off;", "server {", "}") == 0
    assert shown("server_tokens off;", "server {", "server_tokens on;", "}", "server {", "}") == 1


def test_files_are_included_in_order_and_where_they_are_named() -> None:
    files = {
        MAIN: "user web;\nhttp {\ninclude sites/*.conf;\n}",
        "/etc/nginx/sites/b.conf": "server {\nserver_name b.test;\n}",
        "/etc/nginx/sites/a.conf": "server {\nserver_name a.test;\n}",
        "/etc/nginx/sites/old/c.conf": "server {\nserver_name c.test;\n}",
    }
    server = read_nginx(files)
    assert [one.names for one in server.sites] == [("a.test",), ("b.test",)]
    assert server.user == "web"


def test_an_upstream_is_what_it_stands_for() -> None:
    text = (
        "http {\nupstream php {\nserver unix:/run/a.sock;\n}\n"
        "server {\nlocation / {\nfastcgi_pass php;\n}\n}\n}"
    )
    assert read_nginx({MAIN: text}).sites[0].pools == {"unix:/run/a.sock"}


def test_folders_served_beside_the_root_are_told() -> None:
    found = site("location /unduh/ {", "alias /data/unduh/;", "}", "location /x {", "root /srv/$host;", "}")
    assert found.also == {"/var/www/a", "/data/unduh", "/srv"}


@pytest.mark.parametrize("pattern", ["(a+)+$", ".*.*.*x", "a" * 300, "(", "(?:x*)*y"])
def test_a_pattern_that_could_keep_us_busy_is_not_tried(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|\("):
        site(f'location ~ "{pattern}" {{', "}").refuses("/a/x.php")


@pytest.mark.parametrize(
    "text", ["}", "http {", "server {\n}\n}", "include a;\n" * 3 + "location {", "{ {\n" * 50]
)
def test_braces_that_do_not_fit_are_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"brace|deep"):
        read_nginx({MAIN: text})


def test_a_circle_of_include_lines_ends() -> None:
    with pytest.raises(ValueError, match="circles"):
        read_nginx({MAIN: "include nginx.conf;"})
