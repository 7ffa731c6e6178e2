"""What the lab's websites serve: ordinary pages, and things that should not be there."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

Pages = Mapping[str, str | bytes]
"""Path below the document root → content."""

Headers = tuple[tuple[str, str], ...]

STRICT: Headers = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ("Cache-Control", "no-store"),
)
HSTS: Headers = (("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),)
STRICT_HTTPS: Headers = STRICT + HSTS

HEADER_CHECKS = (
    "http-csp-strict",
    "http-framing-refused",
    "http-sniffing-refused",
    "http-referrer-limited",
    "http-permissions-limited",
)
"""What a site without any of the headers above fails, HSTS apart."""

ERROR_PAGE = (
    "<!doctype html><html lang=id><meta charset=utf-8><title>Tidak ditemukan</title>"
    "<p>Halaman tidak ditemukan.</p></html>\n"
)


def page(title: str, body: str = "", head: str = "") -> str:
    """Return an ordinary page of an agency."""
    return (
        '<!doctype html>\n<html lang="id">\n<head><meta charset="utf-8">'
        f"<title>{title}</title>{head}</head>\n"
        f"<body><h1>{title}</h1>\n<p>Layanan informasi untuk masyarakat.</p>\n{body}\n</body>\n</html>\n"
    )


def security_txt() -> str:
    """Return a security.txt (RFC 9116) valid for half a year."""
    expires = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=180)
    return (
        "Contact: mailto:csirt@lab.test\n"
        f"Expires: {expires.strftime('%Y-%m-%dT%H:%M:%SZ')}\nPreferred-Languages: id, en\n"
    )


def with_security_txt(pages: Pages) -> Pages:
    """Add /.well-known/security.txt."""
    return {**pages, ".well-known/security.txt": security_txt()}


def login_form(action: str) -> str:
    """Return a form that sends a password to `action`."""
    return (
        f'<form method="post" action="{action}"><label>Nama pengguna <input name="username"></label>'
        '<label>Kata sandi <input type="password" name="password"></label><button>Masuk</button></form>'
    )


GAMBLING = (
    '<div style="position:absolute;left:-9999px"><a href="https://contoh.invalid/">slot gacor hari ini</a> '
    "situs judi online terpercaya, slot88 maxwin, togel online, bandar togel, link alternatif sbobet, "
    "judi slot deposit pulsa</div>"
)

PHPINFO = (
    '<!DOCTYPE html><html><head><title>PHP 8.2.20 - phpinfo()</title></head><body><div class="center"><table>'
    '<tr class="h"><td><h1 class="p">PHP Version 8.2.20</h1></td></tr></table><table>'
    '<tr><td class="e">System </td><td class="v">Linux web-01 6.1.0-21-amd64 x86_64 </td></tr>'
    '<tr><td class="e">Server API </td><td class="v">FPM/FastCGI </td></tr></table>'
    "<h2>PHP Credits</h2></div></body></html>\n"
)

PHPMYADMIN = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>phpMyAdmin</title></head>'
    '<body class="loginform"><div class="container">'
    '<h1>Welcome to <bdo dir="ltr" lang="en">phpMyAdmin</bdo></h1>'
    '<form method="post" id="login_form" action="index.php?route=/" name="login_form">'
    '<input type="text" name="pma_username" id="input_username">'
    '<input type="password" name="pma_password" id="input_password">'
    '<input type="submit" value="Log in" id="input_go"></form></div></body></html>\n'
)

_DUMP = (
    "-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)\n--\n"
    "-- Host: localhost    Database: layanan\n-- ------------------------------------------------------\n"
    "DROP TABLE IF EXISTS `pengguna`;\nCREATE TABLE `pengguna` (`id` int(11) NOT NULL, `nama` varchar(64));\n"
    "INSERT INTO `pengguna` VALUES (1,'contoh');\n-- Dump completed\n"
)
_ENVIRONMENT = (
    "APP_NAME=Layanan\nAPP_ENV=production\nAPP_KEY=base64:Y29udG9oLWNvbnRvaC1jb250b2gtY29udG9oLWNvbnRvaA==\n"
    "DB_CONNECTION=mysql\nDB_HOST=127.0.0.1\nDB_DATABASE=layanan\nDB_USERNAME=layanan\nDB_PASSWORD=contoh-saja\n"
)


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("layanan.sql"), _DUMP)
    return buffer.getvalue()


def _tar_gz() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo("layanan.sql")
        member.size = len(_DUMP)
        archive.addfile(member, io.BytesIO(_DUMP.encode()))
    return gzip.compress(buffer.getvalue(), mtime=0)


REPOSITORY: Pages = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n",
    ".git/index": b"DIRC\x00\x00\x00\x02\x00\x00\x00\x00" + bytes(20),
    ".git/logs/HEAD": f"{'0' * 40} {'1' * 40} admin <admin@lab.test> 1700000000 +0700\tcommit: awal\n",
}
SECRETS: Pages = {".env": _ENVIRONMENT}
BACKUPS: Pages = {
    "backup.sql": _DUMP,
    "backup.zip": _zip(),
    "backup.tar.gz": _tar_gz(),
    "dump.sql": _DUMP,
    "database.sql": _DUMP,
}
DIAGNOSTICS: Pages = {"phpinfo.php": PHPINFO, "info.php": PHPINFO}
ADMINISTRATION: Pages = {"phpmyadmin/index.html": PHPMYADMIN}
LISTED: Pages = {
    f"{folder}/laporan.txt": "Laporan\n"
    for folder in ("uploads", "upload", "files", "backup", "images", "assets", "data")
}
MTA_STS = "version: STSv1\nmode: enforce\nmx: mail.lab.test\nmax_age: 604800\n"
NGINX_DEFAULT = (
    "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n"
    "<h1>Welcome to nginx!</h1>\n"
    "<p>If you see this page, the nginx web server is successfully installed and\n"
    "working. Further configuration is required.</p>\n<p><em>Thank you for using nginx.</em></p>\n"
    "</body>\n</html>\n"
)
APACHE_DEFAULT = (
    "<!DOCTYPE html><html><head><title>Apache2 Debian Default Page: It works</title></head><body>"
    "<div>Apache2 Debian Default Page</div><div>It works!</div><p>This is the default welcome page used to "
    "test the correct operation of the Apache2 server after installation on Debian systems.</p>"
    "</body></html>\n"
)
