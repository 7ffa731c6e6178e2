"""Read what writes the system log, where to, and with which stamps. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.logs.running import those_of
from scanners.host.report import Reason, Report, Unread

_DAEMONS = ("rsyslogd", "syslog-ng", "syslogd", "systemd-journald")
_ZONED = {
    "RSYSLOG_FileFormat": True,
    "RSYSLOG_SyslogProtocol23Format": True,
    "RSYSLOG_ForwardFormat": True,
    "RSYSLOG_TraditionalFileFormat": False,
    "RSYSLOG_TraditionalForwardFormat": False,
}
"""Built-in templates of rsyslog (rsyslog.conf(5), Templates) → whether their stamps carry a zone."""


def daemons(report: Report) -> JSON:
    """Return the logging programs that run."""
    return [*those_of(report, _DAEMONS)]


def persistent(report: Report) -> JSON:
    """Return whether a running one writes to disk."""
    found = those_of(report, _DAEMONS)
    if "systemd-journald" in found and _journal_persistent(report):
        return True
    if "rsyslogd" in found and re.search(r"/var/log/[\w.*%/-]+", rsyslog_text(report)):
        return True
    if "syslog-ng" in found and re.search(r"\bfile\(\s*\"?/var/log/", syslog_ng_text(report)):
        return True
    # The old sysklogd does nothing but write files.
    return "syslogd" in found


def rsyslog_text(report: Report) -> str:
    """Return the settings of rsyslog without comments; raise Unread, also for an include elsewhere."""
    text = _without_comments(report, "logs-rsyslog")
    for place in re.findall(r"^\s*(?:\$IncludeConfig\s+|include\(\s*file=\")([^\s\")]+)", text, re.MULTILINE):
        if not re.fullmatch(r"/etc/rsyslog\.d/(\*|\*\.conf)?", place):
            raise Unread(Reason.NOT_UNDERSTOOD, f"rsyslog includes {place}")
    return text


def syslog_ng_text(report: Report) -> str:
    """Return the settings of syslog-ng without comments; raise Unread."""
    return _without_comments(report, "logs-syslog-ng")


def _without_comments(report: Report, name: str) -> str:
    texts = report.files(name).values()
    if not texts:
        raise Unread(Reason.NOT_UNDERSTOOD, f"{name}: no settings where they are expected")
    return re.sub(r"^\s*#.*$|(?<=\s)#\s.*$", "", "\n".join(texts), flags=re.MULTILINE)


def in_order(files: dict[str, str], main: str) -> list[str]:
    """Return the texts of systemd settings in the order in which they are read (systemd-system.conf(5)).

    `files` are in the order /usr/lib, /run, /etc; a drop-in hides those of the same name before it.
    """
    mains = [text for path, text in files.items() if path.rpartition("/")[2] == main]
    drop_ins = {path.rpartition("/")[2]: text for path, text in files.items() if f"/{main}.d/" in path}
    return [*mains[-1:], *(drop_ins[name] for name in sorted(drop_ins))]


def journal_setting(report: Report, name: str) -> str:
    """Return the last value of a setting of journald; empty when it is not set."""
    value = ""
    for text in in_order(report.files("logs-journald"), "journald.conf"):
        for found in re.findall(rf"^\s*{name}\s*=(.*)$", text, re.MULTILINE):
            value = found.strip()
    return value


def _journal_persistent(report: Report) -> bool:
    storage = journal_setting(report, "Storage").lower() or "auto"
    # journald.conf(5): auto keeps the journal on disk where the directory for it is there.
    return storage == "persistent" or (storage == "auto" and report.lines("logs-journal-kept") == ["yes"])


def stamps_zoned(report: Report) -> JSON:
    """Return whether the stamps of what is written tell their time zone."""
    found = those_of(report, _DAEMONS)
    if "rsyslogd" in found:
        return _rsyslog_zoned(rsyslog_text(report))
    if "syslog-ng" in found:
        return bool(re.search(r"ts[-_]format\(\s*\"?(iso|rfc3339)", syslog_ng_text(report)))
    if found == ["systemd-journald"]:
        # The journal keeps instants in UTC (systemd.journal-fields(7)).
        return True
    if "syslogd" in found:
        return False
    raise Unread(Reason.TOOL_MISSING, "no program that logs runs")


def _rsyslog_zoned(text: str) -> bool:
    named = re.findall(r"^\s*\$ActionFileDefaultTemplate\s+\"?([\w-]+)", text, re.MULTILINE)
    loaded = re.findall(r"builtin:omfile\"[^)]*?\btemplate=\"([\w-]+)\"", text, re.IGNORECASE)
    # Without a word about it, files are written as RSYSLOG_FileFormat.
    name = [*named, *loaded, "RSYSLOG_FileFormat"][0]
    if name in _ZONED:
        return _ZONED[name]
    own = re.search(rf"template\s*[( ]\s*(?:name=\")?{re.escape(name)}\b[^$]*?(?=\n\s*\n|\n\$|\Z)", text)
    if own is None:
        raise ValueError(f"template {name} is not defined")
    return bool(re.search(r"date-?format=\"?rfc3339|date-rfc3339|date-tzoffset", own[0], re.IGNORECASE))
