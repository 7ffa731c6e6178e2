"""Paths that no public site should serve, each with the content that proves it is the real thing.

A pattern is searched in the bytes of the body. `text` patterns do not count in an HTML page: many sites
answer every path with a page of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanners.http.message import Response

_HTML = re.compile(rb"<(?:!doctype html|html|head|body|script)[\s>]", re.IGNORECASE)
_HTML_WITHIN_BYTES = 2048
_SQL = rb"(?im)^(?:-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin)|CREATE TABLE |INSERT INTO |DROP TABLE )"
_PHP = rb"\A\s{0,100}<\?php\s"
_WP_CONFIG = rb"define\(\s{0,5}['\"]DB_(?:NAME|PASSWORD)['\"]"
_ENVIRONMENT = (
    rb"(?m)^(?:export )?(?:(?:APP|DB|MAIL|AWS)_\w{1,40}|[A-Z0-9_]{0,40}(?:SECRET|PASSWORD|TOKEN|KEY)\w{0,40})"
    rb" ?="
)
_PHPINFO = rb"<title>[^<]{0,40}phpinfo\(\)"
_LISTING = (
    rb"(?i)<title>\s{0,20}(?:index of /|directory listing (?:for|--))"
    rb"|<h1>\s{0,20}(?:index of /|directory listing (?:for|--))|\[to parent directory\]"
)
_OPENAPI = rb"\"(?:swagger|openapi)\"\s{0,5}:\s{0,5}\"[123]\."
API = "http.api_descriptions"
LISTING = "http.directory_listing"
ADMIN = "http.admin_panels"
BACKUPS = "http.exposed_backups"


@dataclass(frozen=True, slots=True)
class AskedPath:
    """A path, the fact it belongs to, and what its real content looks like."""

    path: str
    fact: str
    pattern: bytes
    text: bool = False

    def readable(self, response: Response) -> bool:
        """Return whether the body can be looked into. Servers label a .gz file itself as encoded."""
        html = "html" in (response.first("content-type") or "")
        return not response.encoded or (self.path.endswith(".gz") and not html)

    def shown_by(self, response: Response) -> bool:
        """Return whether this answer holds the real content."""
        accepted = (200, 206, 401) if self.fact == ADMIN else (200, 206)
        if response.status not in accepted or not re.search(self.pattern, response.body):
            return False
        return not (self.text and _HTML.search(response.body[:_HTML_WITHIN_BYTES]))


def _paths(fact: str, text: bool, patterns: dict[str, bytes]) -> tuple[AskedPath, ...]:
    return tuple(AskedPath(path, fact, pattern, text) for path, pattern in patterns.items())


PATHS = (
    *_paths(
        "http.exposed_vcs",
        True,
        {
            "/.git/HEAD": rb"\A(?:ref: refs/|[0-9a-f]{40}\s)",
            "/.git/config": rb"(?m)^\s{0,8}\[core\]",
            "/.svn/entries": rb"\A(?:[89]|1[0-2])\r?\n",
            "/.hg/requires": rb"(?m)^(?:revlogv1|dotencode|fncache|store|share-safe)$",
        },
    ),
    *_paths(
        "http.exposed_secrets",
        True,
        {
            "/.env": _ENVIRONMENT,
            "/.env.bak": _ENVIRONMENT,
            "/wp-config.php.bak": _WP_CONFIG,
            "/wp-config.php~": _WP_CONFIG,
            "/config.php~": _PHP,
            "/config.php.bak": _PHP,
            "/.htpasswd": rb"(?m)^[^:\s<]{1,64}:(?:\$apr1\$|\$2[aby]\$|\$[156]\$|\{SHA\}|[./0-9A-Za-z]{13}$)",
            "/web.config": rb"(?i)<configuration[\s\S]*(?:connectionString=|<appSettings|password=)",
            "/application.yml": rb"(?m)^(?:spring|datasource|server|management):\s",
        },
    ),
    *_paths(
        BACKUPS,
        True,
        {
            "/backup.zip": rb"\APK\x03\x04",
            "/www.zip": rb"\APK\x03\x04",
            "/public_html.zip": rb"\APK\x03\x04",
            "/backup.tar.gz": rb"\A\x1f\x8b\x08",
            "/site.tar.gz": rb"\A\x1f\x8b\x08",
            "/backup.sql": _SQL,
            "/dump.sql": _SQL,
            "/db.sql": _SQL,
        },
    ),
    *_paths(
        "http.exposed_status",
        False,
        {
            "/phpinfo.php": _PHPINFO,
            "/info.php": _PHPINFO,
            "/server-status": rb"<title>Apache Status</title>|<h1>Apache Server Status for ",
            "/nginx_status": rb"\AActive connections: \d",
            "/actuator/env": rb"\"propertySources\"\s{0,5}:",
            "/_profiler/": rb"<title>[^<]{0,60}Symfony Profiler|Symfony Web Profiler",
            "/debug/default/view": rb"<title>[^<]{0,60}Yii Debugger",
            "/telescope": rb"<title>[^<]{0,60}Telescope",
            "/_debugbar/open": rb"\"__meta\"\s{0,5}:|phpdebugbar",
            "/_ignition/health-check": rb"\"can_execute_commands\"",
        },
    ),
    *_paths(
        ADMIN,
        False,
        {
            "/phpmyadmin/": rb"pma_username|<title>[^<]{0,40}phpMyAdmin",
            "/pma/": rb"pma_username|<title>[^<]{0,40}phpMyAdmin",
            "/adminer.php": rb"adminer\.org|<title>[^<]{0,60}Adminer",
            "/manager/html": rb"manager-gui|Tomcat Web Application Manager",
            "/pgadmin4/login": rb"<title>[^<]{0,20}pgAdmin",
            "/jenkins/login": rb"<title>[^<]{0,40}\[Jenkins\]|j_spring_security_check",
        },
    ),
    *_paths(
        API,
        False,
        {
            "/swagger.json": _OPENAPI,
            "/openapi.json": _OPENAPI,
            "/v2/api-docs": _OPENAPI,
            "/v3/api-docs": _OPENAPI,
            "/api/documentation": rb"swagger-ui|SwaggerUIBundle|<redoc",
            "/swagger-ui/index.html": rb"swagger-ui|SwaggerUIBundle",
            "/graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D": rb"\"__schema\"\s{0,5}:\s{0,5}\{",
        },
    ),
    *_paths(
        LISTING,
        False,
        dict.fromkeys(("/uploads/", "/backup/", "/images/", "/files/"), _LISTING),
    ),
)
"""Each one is a request to a server that somebody depends on: none is asked without a check that needs it."""

ROOT_LISTING = AskedPath("/", LISTING, _LISTING)
ROOT_PANEL = AskedPath(
    "/",
    ADMIN,
    rb"pma_username|<title>[^<]{0,40}(?:phpMyAdmin|pgAdmin|Adminer|Portainer|Webmin|Virtualmin|\[Jenkins\]"
    rb"|Plesk Obsidian|cPanel Login|WHM Login|aaPanel|CyberPanel|VestaCP|HestiaCP|ISPConfig"
    rb"|Proxmox Virtual Environment|RouterOS)",
)
"""Panels that have a port of their own show themselves at /."""
EXPOSURE_FACTS = tuple(dict.fromkeys(asked.fact for asked in PATHS))
LOGIN_PATHS = (
    "/wp-login.php",
    "/administrator/",
    "/admin/login",
    "/admin",
    "/login",
    "/user/login",
    "/webmail/",
    "/roundcube/",
)
LOGIN_PATHS_OF = {
    "moodle": "/login/index.php",
    "opensid": "/siteman",
    "ojs": "/index/login",
    "slims": "/index.php?p=login",
}
"""Where a system that was recognised has its login."""
SECURITY_TXT = AskedPath(
    "/.well-known/security.txt", "http.security_txt", rb"(?im)^contact:\s{0,10}\S", text=True
)
"""RFC 9116, section 3; Contact is what it must hold (section 2.5.3)."""
_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{1,40}")


def named_after(name: str | None) -> tuple[AskedPath, ...]:
    """Return archives and dumps named after the site, as `dinkes.zip` for dinkes.example.go.id."""
    label = (name or "").removeprefix("www.").partition(".")[0]
    if not _LABEL.fullmatch(label):
        return ()
    return _paths(BACKUPS, True, {f"/{label}.zip": rb"\APK\x03\x04", f"/{label}.sql": _SQL})
