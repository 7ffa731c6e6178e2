"""Find what an error page tells about the machine behind it. Pure."""

from __future__ import annotations

import re

_TEXT_MAX = 100_000
_SHOWN_MAX = 100
_PATTERNS = (
    (
        "version",
        re.compile(
            r"\b(?:nginx|openresty|Apache(?: Tomcat)?|Microsoft-IIS|PHP|lighttpd|LiteSpeed|Jetty|Werkzeug"
            r"|gunicorn|Python|OpenSSL|WildFly|GlassFish)/ ?\d{1,4}\.[\w.]{1,20}"
            r"|\b(?:Laravel v|Django Version:? |PHP v|ASP\.NET Version:)\d[\w.]{1,20}"
        ),
    ),
    (
        "path",
        re.compile(
            r"(?:/var/www|/srv|/home/[\w.-]{1,40}|/usr/(?:local|share|lib)|/opt|/app)"
            r"/[\w./-]{1,200}\.(?:php|py|rb|jsp?|java|inc|phtml|pl|cgi|conf)\b"
            r"|\b[A-Za-z]:\\(?:inetpub|xampp|wamp|laragon|Users|Program Files|www)[\w .\\-]{1,200}"
        ),
    ),
    (
        "trace",
        re.compile(
            r"Traceback \(most recent call last\)|\bStack ?trace:"
            r"|\bat [\w$.]{1,120}\([\w$]{1,60}\.java:\d{1,6}\)|#\d{1,3} /[\w./-]{1,200}\(\d{1,6}\)"
            r"|Fatal error:.{1,200}? on line \d{1,6}"
            r"|\[HttpException\b|System\.Web\.Http\w{1,40}|You're seeing this error because you have DEBUG"
        ),
    ),
    (
        "sql",
        re.compile(
            r"You have an error in your SQL syntax|SQLSTATE\[\w{2,5}\]|\bORA-\d{5}\b|SQLite3::"
            r"|Unclosed quotation mark after|OLE DB Provider for SQL Server"
            r"|\bpg_query\(\)|PG::\w{3,40}Error|\bmysqli?_\w{3,30}\(\)"
        ),
    ),
)


def disclosures(visible_text: str) -> list[str]:
    """Return what is disclosed, as `kind: text`, one per kind: version, path, trace, sql."""
    text = visible_text[:_TEXT_MAX]
    found = ((kind, pattern.search(text)) for kind, pattern in _PATTERNS)
    return [f"{kind}: {match[0][:_SHOWN_MAX]}" for kind, match in found if match]
