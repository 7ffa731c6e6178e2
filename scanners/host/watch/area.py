"""The area `watch`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.watch.facts import FACTS
from scanners.host.watch.read import READERS

_AGES = ("-printf", "%T@ %s:", "-print")
_CRON = ("/etc/crontab", "/etc/anacrontab", "/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily")
_LATER = ("/etc/cron.weekly", "/etc/cron.monthly", "/var/spool/cron", "/var/spool/at")
_SCRIPTS = ("/usr/local/bin", "/usr/local/sbin", "/root", "/opt")
_FETCHES = "curl|wget|fetch|ftp|rcp|rsh|rlogin|telnet|rsync|base64|/dev/tcp"

WATCH = Area(
    "watch",
    FACTS,
    READERS,
    {
        "watch-integrity": (
            *("find", "/var/log/aide", "/var/lib/aide", "/var/lib/tripwire/report", "/var/lib/samhain"),
            *("/var/ossec/queue/fim/db", "/var/ossec/queue/syscheck", "-maxdepth", "1", "-type", "f"),
            *_AGES,
        ),
        "watch-wazuh": (
            *("grep", "-s", "-h", "^status="),
            *("/var/ossec/var/run/wazuh-agentd.state", "/var/ossec/var/run/ossec-agentd.state"),
        ),
        "watch-scans": (
            *("find", "/var/log", "/var/log/clamav", "/usr/local/maldetect/sess", "/var/log/chkrootkit"),
            *("-maxdepth", "1", "-type", "f", "(", "-name", "*clam*", "-o", "-name", "*scan*.log"),
            *("-o", "-name", "session.[0-9]*", "-o", "-name", "rkhunter.log", "-o", "-name", "log.today*"),
            *(")", "-mtime", "-60", "-size", "-40000k", *_AGES, "-exec", "grep", "-H", "-E"),
            *("^Infected files: |^TOTAL HITS: |Possible rootkits: |INFECTED", "{}", "+"),
        ),
        "watch-jobs": (
            *("find", "-H", *_CRON, *_LATER, *_SCRIPTS, "-maxdepth", "2", "-type", "f", "("),
            *("(", "-path", "/etc/*", "-o", "-path", "/var/spool/*", ")", "-printf", "!file %u:", "-print"),
            *("-exec", "grep", "-H", ".", "{}", "+", "-exec", "md5sum", "{}", "+"),
            *("-exec", "sha256sum", "{}", "+", "-o", "-size", "-200k"),
            *("(", "-path", "/usr/local/*", "-o", "-name", "*.sh", ")"),
            *("-exec", "grep", "-H", "-I", "-E", _FETCHES, "{}", "+", ")"),
        ),
    },
)
