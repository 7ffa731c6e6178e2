"""Read which tools watch files, the machine and its logins. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.report import Reason, Report, Unread
from scanners.host.watch.ages import ages, instant
from scanners.host.watch.running import those_of

_INTEGRITY = ("aide", "tripwire", "samhain", "wazuh")
_TRACES = {
    "aide": ("/var/log/aide/",),
    "tripwire": ("/var/lib/tripwire/report/",),
    "samhain": ("/var/lib/samhain/",),
    "wazuh": ("/var/ossec/queue/",),
}
"""Tool → where a comparison leaves a file that is written anew."""
_AIDE_DATABASE = re.compile(r"^/var/lib/aide/aide\.db(\.gz)?$")
_AGENTS = {
    "wazuh": ("wazuh-agentd", "ossec-agentd"),
    "zabbix": ("zabbix_agentd", "zabbix_agent2"),
    "node_exporter": ("node_exporter", "prometheus-node-exporter"),
    "osquery": ("osqueryd",),
    "netdata": ("netdata",),
    "telegraf": ("telegraf",),
    "collectd": ("collectd",),
    "nrpe": ("nrpe",),
    "icinga2": ("icinga2",),
    "checkmk": ("cmk-agent-ctl",),
    "munin": ("munin-node",),
    "monit": ("monit",),
    "elastic": ("metricbeat", "elastic-agent", "auditbeat"),
    "snmpd": ("snmpd",),
    "falcon": ("falcon-sensor",),
    "alloy": ("alloy", "grafana-agent"),
}
_GUARDS = {
    "fail2ban": ("fail2ban-server",),
    "sshguard": ("sshguard", "sshg-blocker"),
    "crowdsec": ("crowdsec",),
    "denyhosts": ("denyhosts", "denyhosts.py"),
}
_BOUNCERS = {"crowdsec": ("crowdsec-firewall-bouncer", "cs-firewall-bouncer", "crowdsec-custom-bouncer")}
_WEB_JAIL = re.compile(r"^(nginx|apache|php|wordpress|drupal|web|http|modsec|laravel|codeigniter|joomla)")


def tools(report: Report) -> list[str]:
    """Return the tools of which files are there; raise Unread."""
    return report.lines("watch-tools")


def integrity_tools(report: Report) -> JSON:
    """Return the tools that watch files."""
    return [*sorted(name for name in tools(report) if name in _INTEGRITY)]


def integrity_checked(report: Report) -> JSON:
    """Return when one of them last compared, null without a trace."""
    installed = [name for name in tools(report) if name in _INTEGRITY]
    if not installed:
        return None
    seen = ages(report, "watch-integrity")
    times = []
    for name in installed:
        if name == "aide" and not any(_AIDE_DATABASE.match(path) for path in seen):
            # Without its database aide compares nothing, whatever it logs.
            continue
        times += [seconds for path, seconds in seen.items() if path.startswith(_TRACES[name])]
    return instant(max(times)) if times else None


def agents(report: Report) -> JSON:
    """Return the agents that run."""
    return [*those_of(report, _AGENTS)]


def disconnected(report: Report) -> JSON:
    """Return the agents that say that they do not reach their server."""
    if "wazuh" not in those_of(report, _AGENTS):
        return []
    found = re.search(r"^status='?(\w+)", report.text("watch-wazuh"), re.MULTILINE)
    if found is None:
        raise Unread(Reason.NOT_UNDERSTOOD, "the Wazuh agent wrote no state")
    return [] if found[1] == "connected" else ["wazuh"]


def guards(report: Report) -> JSON:
    """Return the programs that notice guessing and lock out."""
    return [*_guards(report)]


def _guards(report: Report) -> list[str]:
    found = those_of(report, _GUARDS)
    if "crowdsec" in found and not those_of(report, _BOUNCERS):
        # CrowdSec alone decides; a bouncer is what locks out.
        found.remove("crowdsec")
    return found


def covers(report: Report) -> JSON:
    """Return which of ssh and web they watch."""
    found = _guards(report)
    watched: set[str] = set()
    if "fail2ban" in found:
        watched |= _jails(report)
    if "sshguard" in found or "denyhosts" in found:
        watched.add("ssh")
    if "crowdsec" in found:
        watched |= _crowdsec(report)
    return [*sorted(watched)]


def _jails(report: Report) -> set[str]:
    """Return what the enabled jails of fail2ban watch; later files go over earlier ones (jail.conf(5))."""
    enabled: dict[str, str] = {}
    filters: dict[str, str] = {}
    for text in report.files("watch-jails").values():
        name = ""
        for line in text.splitlines():
            word, sign, value = (part.strip() for part in line.partition("="))
            if word.startswith("["):
                name = word.strip("[] \t")
            elif sign and word == "enabled":
                enabled[name] = value.lower()
            elif sign and word == "filter":
                filters[name] = value
    usual = enabled.get("DEFAULT", "false")
    jails = {name for name in (*enabled, *filters) if name not in ("DEFAULT", "INCLUDES", "Definition")}
    active = [name for name in jails if enabled.get(name, usual) in ("true", "1", "yes", "on")]
    told = [f"{name} {filters.get(name, '')}" for name in active]
    ssh = {"ssh" for one in told if re.search(r"\bsshd?\b|^ssh", one)}
    return ssh | {"web" for name in active if _WEB_JAIL.match(name)}


def _crowdsec(report: Report) -> set[str]:
    names = report.lines("watch-crowdsec")
    if "!denied" in names:
        raise Unread(Reason.NEEDS_ROOT, "/etc/crowdsec")
    ssh = {"ssh" for name in names if re.search(r"ssh|linux", name)}
    return ssh | {"web" for name in names if re.search(r"nginx|apache|http|wordpress|caddy|traefik", name)}
