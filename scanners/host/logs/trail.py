"""Read the audit trail of the kernel: whether it runs, what it watches, what it loses. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.logs.running import running
from scanners.host.report import Reason, Report, Unread

_TOPICS: dict[str, tuple[str, ...]] = {
    "identity": ("/etc/passwd", "/etc/shadow", "/etc/group"),
    "sudo": ("/etc/sudoers",),
    "time": ("settimeofday|adjtimex|clock_settime",),
    "modules": ("init_module|finit_module",),
    "logins": (r"/var/log/lastlog|/(?:var/)?run/faillock|/var/log/(?:faillog|tallylog|wtmp|btmp)",),
    "permissions": ("chmod|fchmod|fchmodat", "chown|fchown|fchownat"),
    "deletion": ("unlink|unlinkat|rename|renameat",),
    "access": ("EACCES|EPERM|-13|-1",),
    "mounts": ("mount",),
    "network": ("sethostname",),
    "ssh": ("/etc/ssh(?:/sshd_config)?",),
    "programs": ("execve",),
}
"""Topic → what the rules must all name for it."""
_SILENT = ("ignore", "suspend", "rotate")
"""Actions by which records go without anybody being told (auditd.conf(5))."""
_ACTIONS = {
    "space_left_action": "ignore",
    "admin_space_left_action": "ignore",
    "disk_full_action": "ignore",
    "disk_error_action": "syslog",
}
"""Action → what auditd does without a word about it."""


def is_running(report: Report) -> JSON:
    """Return whether auditd runs."""
    return "auditd" in running(report)


def _state(report: Report) -> int:
    section = report.section("logs-audit-state")
    text = report.optional("logs-audit-state")
    if text is None:
        return 0
    found = re.search(r"\benabled[ =](\d)", text)
    if found is None:
        raise Unread(Reason.NOT_UNDERSTOOD, f"auditctl -s ended with {section.exit_code}")
    return int(found[1])


def enabled(report: Report) -> JSON:
    """Return whether the kernel takes down audit events."""
    return _state(report) > 0


def immutable(report: Report) -> JSON:
    """Return whether the rules are locked until the next restart."""
    return _state(report) == 2


def topics(report: Report) -> JSON:
    """Return the topics that the loaded rules watch; none where auditctl is not there."""
    text = report.optional("logs-audit-rules")
    if text is None:
        return []
    if not text.strip():
        raise Unread(Reason.NOT_UNDERSTOOD, "auditctl -l printed nothing")
    if re.search(r"-a\s+(never,task|task,never)\b", text):
        # No new process is audited at all, whatever other rules follow.
        return []
    rules = "\n".join(line for line in text.splitlines() if not re.search(r"\b(never|exclude)\b", line))
    whole_etc = re.search(r"(?:-w |dir=|watch=)/etc/?(?=\s|$)", rules, re.MULTILINE) is not None
    return [
        topic
        for topic, needed in _TOPICS.items()
        if (whole_etc and topic in ("identity", "sudo", "ssh")) or all(_names(rules, one) for one in needed)
    ]


def _names(rules: str, wanted: str) -> bool:
    return re.search(rf"(?<![\w/.-])(?:{wanted})(?![\w.-])", rules) is not None


def _settings(report: Report) -> dict[str, str]:
    text = report.text("logs-audit-settings")
    if not text.strip():
        raise Unread(Reason.NOT_UNDERSTOOD, "auditd.conf holds no setting")
    found = {}
    for line in text.splitlines():
        name, sign, value = line.partition("=")
        if sign and not name.lstrip().startswith("#"):
            found[name.strip().lower()] = value.strip().lower()
    return found


def silent_actions(report: Report) -> JSON:
    """Return the settings by which records are lost without a word."""
    settings = _settings(report)
    given = {name: settings.get(name, usual) for name, usual in _ACTIONS.items()}
    found = [f"{name} = {action}" for name, action in given.items() if action.split()[0] in _SILENT]
    full = settings.get("max_log_file_action", "ignore")
    return [*found, *([f"max_log_file_action = {full}"] if full == "suspend" else [])]


def kept_megabytes(report: Report) -> JSON:
    """Return how much is kept: number of files times their size; null where none is removed."""
    settings = _settings(report)
    if settings.get("max_log_file_action", "ignore") != "rotate":
        return None
    return int(settings.get("num_logs", "0")) * int(settings.get("max_log_file", "0"))
