"""Read what web servers and databases log, from their settings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.model.facts import JSON
from scanners.host.report import Report

_FEW_ADDRESSES = 2
_ENOUGH_LINES = 100
_NEARLY_ALL = 0.95
_BESIDE = re.compile(
    r"^forwarded ;|^\s*LogFormat\b.*%\{X-(Forwarded-For|Real-IP)\}i", re.MULTILINE | re.IGNORECASE
)
_POSTGRESQL = re.compile(r"^\s*([a-z_.]+)\s*=?\s*'?([^'#\n]*)", re.MULTILINE | re.IGNORECASE)


def web_gaps(report: Report) -> JSON:
    """Return the sites whose requests or errors are not logged."""
    installed = report.lines("software")
    nginx = report.files("logs-nginx") if "nginx" in installed else {}
    apache = report.files("logs-apache") if "apache" in installed else {}
    gaps = [gap for path, text in nginx.items() for gap in _nginx_gaps(path, text)]
    return [*dict.fromkeys([*gaps, *_apache_gaps(apache)])]


def _nginx_gaps(path: str, text: str) -> Iterator[str]:
    above: list[str] = []
    name = ""
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if words[-1] == "{":
            above.append(words[0])
            name = "" if words[0] == "server" else name
        elif words[0] == "}":
            above = above[:-1]
        elif words[0] == "server_name":
            name = words[1]
        # A location without log, for pictures and the like, leaves the site its log.
        elif above[-1:] in ([], ["http"], ["server"]) and len(words) > 1:
            off = words[0] == "access_log" and words[1] in ("off", "/dev/null")
            if off or (words[0] == "error_log" and words[1] == "/dev/null"):
                yield f"nginx {name or path}: {words[0]} {words[1]}"


def _apache_gaps(files: dict[str, str]) -> Iterator[str]:
    sites: list[tuple[str, list[str]]] = []
    general: list[str] = []
    for path, text in files.items():
        inside: list[str] | None = None
        for line in text.splitlines():
            low = line.strip().lower()
            if low.startswith("<virtualhost"):
                inside = []
                sites.append((path, inside))
            elif low.startswith("</virtualhost"):
                inside = None
            else:
                (general if inside is None else inside).append(line.strip())
    logged = any(_logs_access(line) for line in general)
    for path, lines in sites:
        # httpd.apache.org, mod_log_config: a site without a log of its own uses that of the server.
        own = [line for line in lines if re.match(r"(custom|transfer)log\b", line, re.IGNORECASE)]
        if not any(_logs_access(line) for line in own) and (own or not logged):
            yield f"apache {_apache_name(path, lines)}: no access log"
    for path, lines in [*sites, ("server", general)]:
        if any(re.match(r"errorlog\s+\"?/dev/null", line, re.IGNORECASE) for line in lines):
            yield f"apache {_apache_name(path, lines)}: ErrorLog /dev/null"
    if files and not sites and not logged:
        yield "apache server: no access log"


def _logs_access(line: str) -> bool:
    return (
        re.match(r"(customlog|transferlog|globallog)\s+\"?(?!/dev/null)\S", line, re.IGNORECASE) is not None
    )


def _apache_name(path: str, lines: list[str]) -> str:
    named = [line.split()[1] for line in lines if re.match(r"servername\s+\S", line, re.IGNORECASE)]
    return named[0] if named else path


def client_kept(report: Report) -> JSON:
    """Return whether a setting takes the client's address from what a proxy says, or logs it beside."""
    nginx = "\n".join(report.files("logs-nginx").values())
    apache = "\n".join(report.files("logs-apache").values())
    real = re.search(r"^\s*set_real_ip_from\b", nginx, re.MULTILINE)
    beside = _BESIDE.search(nginx + "\n" + apache)
    remote = re.search(r"^\s*RemoteIPHeader\b", apache, re.MULTILINE | re.IGNORECASE)
    return bool(real or beside or remote)


def one_client(report: Report) -> JSON:
    """Return the access logs in which nearly all requests come from one or two private addresses."""
    found: list[str] = []
    for line in report.optional_lines("logs-web-clients"):
        lines, private, addresses, path = line.split(" ", 3)
        many = int(lines) >= _ENOUGH_LINES and int(private) >= _NEARLY_ALL * int(lines)
        if many and int(addresses) <= _FEW_ADDRESSES:
            found.append(path)
    return [*sorted(found)]


def database_gaps(report: Report) -> JSON:
    """Return what the databases with settings here do not log."""
    installed = report.lines("software")
    files = report.files("logs-database")
    gaps = [*_mariadb_gaps(files)] if "mariadb" in installed else []
    if "postgresql" in installed:
        gaps += _postgresql_gaps(files, report.optional("logs-postgresql"))
    return [*gaps]


def _mariadb_gaps(files: dict[str, str]) -> Iterator[str]:
    texts = [text for path, text in files.items() if path.endswith(".cnf")]
    if not texts:
        return
    settings = _settings("\n".join(texts))
    # An audit plugin tells who connected and what they changed; the general log tells all of it, at a price.
    plugin = _on(settings.get("server_audit_logging", "")) or "audit_log" in " ".join(settings)
    events = settings.get("server_audit_events", "connect,query").lower()
    if not _on(settings.get("general_log", "")):
        if not plugin:
            yield "mariadb: connections and privileged statements (server_audit_logging or general_log)"
        elif "connect" not in events:
            yield "mariadb: connections (server_audit_events)"
        elif not re.search(r"query(_ddl|_dcl)?\b", events):
            yield "mariadb: privileged statements (server_audit_events)"
    if settings.get("log_warnings", "2") == "0" or settings.get("log_error_verbosity", "2") == "0":
        yield "mariadb: errors (log_warnings)"


def _settings(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition("=")
        found[name.strip().lower().replace("-", "_")] = value.strip().strip("\"'")
    return found


def _postgresql_settings(text: str) -> dict[str, str]:
    return {name.lower(): value.strip() for name, value in _POSTGRESQL.findall(text)}


def _on(value: str) -> bool:
    return value.lower() in ("1", "on", "true", "yes")


def _postgresql_gaps(files: dict[str, str], own: str | None) -> Iterator[str]:
    clusters: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        if found := re.match(r"/etc/postgresql/([^/]+/[^/]+)/", path):
            clusters.setdefault(found[1], {}).update(_postgresql_settings(text))
    for line in (own or "").splitlines():
        path, colon, text = line.partition(":")
        # postgresql.auto.conf in the data directory has the last word.
        if colon and (found := re.match(r"/var/lib/(?:postgresql|pgsql)/([^/]+(?:/[^/]+)?)/", path)):
            clusters.setdefault(found[1], {}).update(_postgresql_settings(text))
    for name, settings in sorted(clusters.items()):
        yield from (f"postgresql {name}: {gap}" for gap in _cluster_gaps(settings))


def _cluster_gaps(settings: dict[str, str]) -> Iterator[str]:
    if settings.get("log_connections", "off").lower() in ("off", "false", "no", "0", ""):
        yield "connections (log_connections)"
    statements = settings.get("log_statement", "none").lower()
    audited = "pgaudit" in settings.get("shared_preload_libraries", "")
    if statements not in ("ddl", "mod", "all") and not audited:
        yield "privileged statements (log_statement)"
    if settings.get("log_min_messages", "warning").lower() in ("log", "fatal", "panic"):
        yield "errors (log_min_messages)"
