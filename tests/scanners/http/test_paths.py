"""What counts as exposed: the real content, and never a page that answers everything."""

from __future__ import annotations

import pytest

from scanners.http.message import Response
from scanners.http.paths import LISTING, PATHS, ROOT_LISTING, ROOT_PANEL, SECURITY_TXT, AskedPath, named_after

SQL = b"-- MySQL dump 10.19\n--\nCREATE TABLE `users` (\n"
ENVIRONMENT = b"APP_NAME=SIMPEG\nAPP_KEY=base64:xyz\nDB_PASSWORD=rahasia\n"
PHPINFO = b"<html><head><title>PHP 7.4.33 - phpinfo()</title></head>"
ZIP = b"PK\x03\x04\x14\0"
GZIP = b"\x1f\x8b\x08\0\0"
LISTED = b"<html><head><title>Index of /uploads/</title></head><body><h1>Index of /uploads/</h1>"
WP_CONFIG = b"<?php\ndefine( 'DB_NAME', 'opd' );"
LOGIN = b"<title>phpMyAdmin</title><input name=pma_username>"
REAL = {
    "/.git/HEAD": b"ref: refs/heads/main\n",
    "/.git/config": b"[core]\n\trepositoryformatversion = 0\n",
    "/.svn/entries": b"12\n",
    "/.hg/requires": b"dotencode\nfncache\nstore\n",
    "/.env": ENVIRONMENT,
    "/.env.bak": ENVIRONMENT,
    "/wp-config.php.bak": WP_CONFIG,
    "/wp-config.php~": WP_CONFIG,
    "/config.php~": b"<?php $password = 'x';",
    "/config.php.bak": b"\n<?php\n",
    "/.htpasswd": b"admin:$apr1$x$y\n",
    "/web.config": b'<?xml version="1.0"?><configuration><appSettings>',
    "/application.yml": b"spring:\n  datasource:\n",
    "/backup.zip": ZIP,
    "/www.zip": ZIP,
    "/public_html.zip": ZIP,
    "/backup.tar.gz": GZIP,
    "/site.tar.gz": GZIP,
    "/backup.sql": SQL,
    "/dump.sql": b"INSERT INTO pegawai VALUES",
    "/db.sql": b"-- PostgreSQL database dump",
    "/phpinfo.php": PHPINFO,
    "/info.php": b"<title>phpinfo()</title>",
    "/server-status": b"<html><head>\n<title>Apache Status</title>",
    "/nginx_status": b"Active connections: 3 \nserver accepts",
    "/actuator/env": b'{"activeProfiles":[],"propertySources":[]}',
    "/_profiler/": b"<title>Symfony Profiler</title>",
    "/debug/default/view": b"<title>Yii Debugger</title>",
    "/telescope": b"<title>Telescope - SIMPEG</title>",
    "/_debugbar/open": b'{"__meta":{"id":"x"}}',
    "/_ignition/health-check": b'{"can_execute_commands":true}',
    "/phpmyadmin/": LOGIN,
    "/pma/": LOGIN,
    "/adminer.php": b"<title>Login - Adminer</title>",
    "/manager/html": b"Tomcat Web Application Manager",
    "/pgadmin4/login": b"<title>pgAdmin 4</title>",
    "/jenkins/login": b"<title>Sign in [Jenkins]</title>",
    "/swagger.json": b'{"swagger": "2.0"}',
    "/openapi.json": b'{"openapi":"3.0.1"}',
    "/v2/api-docs": b'{"swagger":"2.0"}',
    "/v3/api-docs": b'{"openapi":"3.1.0"}',
    "/api/documentation": b"<div id=swagger-ui>",
    "/swagger-ui/index.html": b"SwaggerUIBundle({",
    "/graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D": b'{"data":{"__schema":{"queryType":{}}}}',
    "/uploads/": LISTED,
    "/backup/": b"<title>Directory listing for /backup/</title>",
    "/images/": b'<A HREF="/">[To Parent Directory]</A>',
    "/files/": b"<html><body><h1>Index of /files</h1>",
}
CATCH_ALL = (
    b"<!DOCTYPE html><html><head><title>Selamat datang</title></head><body>"
    b"<h1>Dinas</h1><p>DB_PASSWORD=x [core] CREATE TABLE ref: refs/ spring: indeks berkas</p></body></html>"
)


def test_every_path_asked_has_its_example() -> None:
    assert len(PATHS) <= 50
    assert [asked.path for asked in PATHS] == list(REAL)


@pytest.mark.parametrize("asked", PATHS, ids=lambda asked: asked.path)
def test_real_content_is_recognised_and_a_page_for_everything_is_not(asked: AskedPath) -> None:
    assert asked.shown_by(Response(200, "", (), REAL[asked.path]))
    assert not asked.shown_by(Response(200, "", (), CATCH_ALL))
    assert not asked.shown_by(Response(200, "", (), b""))


@pytest.mark.parametrize("status", [302, 403, 404, 500])
def test_only_an_answer_with_the_content_counts(status: int) -> None:
    assert not any(asked.shown_by(Response(status, "", (), REAL[asked.path])) for asked in PATHS)


def test_an_administration_page_behind_a_password_did_answer() -> None:
    manager = next(asked for asked in PATHS if asked.path == "/manager/html")
    assert manager.shown_by(Response(401, "", (), b"add the role manager-gui"))


def test_an_html_page_that_quotes_a_configuration_is_no_configuration() -> None:
    environment = next(asked for asked in PATHS if asked.path == "/.env")
    assert not environment.shown_by(Response(200, "", (), b"<!doctype html>\n<pre>\n" + ENVIRONMENT))


def test_the_web_config_that_frameworks_ship_holds_no_secret() -> None:
    asked = next(asked for asked in PATHS if asked.path == "/web.config")
    assert not asked.shown_by(Response(200, "", (), b"<configuration><system.webServer><rewrite>"))


def test_a_packed_file_is_readable_though_its_server_calls_it_encoded() -> None:
    packed = next(asked for asked in PATHS if asked.path == "/backup.tar.gz")
    dump = next(asked for asked in PATHS if asked.path == "/backup.sql")
    headers = (("content-encoding", "x-gzip"), ("content-type", "application/x-tar"))
    assert packed.readable(Response(200, "", headers, GZIP))
    assert not dump.readable(Response(200, "", headers, GZIP))
    page = (("content-encoding", "gzip"), ("content-type", "text/html"))
    assert not packed.readable(Response(200, "", page, GZIP))


def test_the_root_may_be_a_listing_too() -> None:
    assert ROOT_LISTING.fact == LISTING
    assert ROOT_LISTING.shown_by(Response(200, "", (), b"<title>Index of /</title>"))


@pytest.mark.parametrize(
    ("body", "served"),
    [
        (b"# CSIRT\nContact: mailto:csirt@lab.test\nExpires: 2027-01-01T00:00:00Z\n", True),
        (b"Expires: 2027-01-01T00:00:00Z\n", False),
        (b"Contact:\n\n", False),
        (b"<html>\nContact: us</html>", False),
    ],
)
def test_security_txt_needs_a_contact(body: bytes, served: bool) -> None:
    assert SECURITY_TXT.shown_by(Response(200, "", (), body)) is served


def test_backups_named_after_the_site_are_asked_for() -> None:
    named = named_after("www.dinkes.contoh.go.id")
    assert [asked.path for asked in named] == ["/dinkes.zip", "/dinkes.sql"]
    assert named[0].shown_by(Response(200, "", (), ZIP))
    assert named[1].shown_by(Response(200, "", (), SQL))
    assert named_after(None) == named_after("x") == named_after("-.go.id") == ()


@pytest.mark.parametrize("title", ["Portainer", "Login to Webmin", "Sign in [Jenkins]", "WHM Login"])
def test_a_panel_may_stand_at_the_root(title: str) -> None:
    assert ROOT_PANEL.shown_by(Response(200, "", (), f"<title>{title}</title>".encode()))
    assert not ROOT_PANEL.shown_by(Response(200, "", (), f"<h1>Pelatihan {title}</h1>".encode()))
