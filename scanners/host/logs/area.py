"""The area `logs`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.logs.facts import FACTS
from scanners.host.logs.read import READERS

_TREE = ("-xdev", "-maxdepth", "5", "(", "-type", "d", "-o", "-type", "f", "(", "-perm", "/0027", "-o")
_CLIENTS = (
    "FNR > 1000 { exit } { all++; if (!($1 in seen)) { seen[$1]; addresses++ } } "
    '$1 ~ "^(10[.]|127[.]|192[.]168[.]|172[.](1[6-9]|2[0-9]|3[01])[.]|fd|::1)" { private++ } '
    "END { if (all) print all, private + 0, addresses, FILENAME }"
)

LOGS = Area(
    "logs",
    FACTS,
    READERS,
    {
        # Two blanks in a row, or one at an end, cannot be told apart in sudoers: a colon ends each format.
        "logs-tree": (
            *("find", "-H", "/var/log", "/run/log/journal", *_TREE, "-mtime", "-2"),
            *("-o", "-name", "*access*log", "-o", "-name", "audit.log", ")", ")"),
            *("-printf", "%y %m %u %g %T@ %s:", "-print"),
        ),
        "logs-chrony": ("chronyc", "-n", "tracking"),
        "logs-audit-state": ("auditctl", "-s"),
        "logs-audit-rules": ("auditctl", "-l"),
        "logs-audit-settings": ("grep", "-h", "=", "/etc/audit/auditd.conf"),
        "logs-web-clients": (
            *("find", "/var/log/nginx", "/var/log/apache2", "/var/log/httpd", "-maxdepth", "2", "-type", "f"),
            *("-name", "*access*log", "-mtime", "-7", "-exec", "awk", _CLIENTS, "{}", ";"),
        ),
        "logs-postgresql": (
            *("find", "/var/lib/postgresql", "/var/lib/pgsql", "-maxdepth", "4", "-name", "postgresql*.conf"),
            *("-exec", "grep", "-H", "-E", "^ *(log|shared_preload|pgaudit)", "{}", "+"),
        ),
        "logs-logins": (
            *("tail", "-q", "-c", "2000000"),
            *("/var/log/auth.log.1", "/var/log/auth.log", "/var/log/secure"),
        ),
        "logs-journal-logins": (
            *("journalctl", "-q", "--no-pager", "-o", "short-iso", "-n", "8000", "--since", "-7days"),
            *("-t", "sshd", "-t", "sshd-session"),
        ),
    },
)
