"""Read the area `web`. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Reason, Report, Unread
from scanners.host.web import containers, content, php
from scanners.host.web.site import Site
from scanners.host.web.sites import pools, roots, servers, servers_named, sites, whole
from scanners.host.web.walk import not_looked_at, plain, read_walk, told

_SECOND_LEVEL = re.compile(r"\.(go|desa|sch|ac|co|or|web|my|mil|net)\.id$")
_FIREWALL = ("on", "detection only", "off", "absent")


def _names(site: Site) -> list[str]:
    """Return the names of a site that are names of hosts, in small letters."""
    names = (name.lower().rstrip(".") for name in site.names)
    return [name for name in names if re.fullmatch(r"(?=.*[a-z])[a-z0-9_-]+(\.[a-z0-9_-]+)+", name)]


def _site_names(report: Report) -> JSON:
    listed = [site for server in whole(report) for site in server.sites]
    return [*sorted({name for site in listed for name in _names(site)})]


def office(name: str) -> str:
    """Return the part of a host name that tells whose it is: one label below the organisation's domain."""
    labels = name.split(".")
    kept = 3 if _SECOND_LEVEL.search(name) else 2
    own = [label for label in labels[:-kept] if label != "www"]
    return ".".join([*own[-1:], *labels[-kept:]])


def _offices(report: Report) -> JSON:
    listed = [site for server in whole(report) for site in server.sites]
    return [*sorted({office(name) for site in listed for name in _names(site)})]


def _shared(report: Report) -> JSON:
    """Return accounts that run scripts of sites of several offices, each with those."""
    whole(report)
    listens = {_socket(listen): user for listen, (user, _) in pools(report).items()}
    found: dict[str, set[str]] = {}
    for site in sites(report):
        for pool in site.pools:
            account = pool.removeprefix("user ")
            account = listens.get(_socket(pool), account)
            found.setdefault(account, set()).update(office(name) for name in _names(site))
    return [
        f"{plain(account)}: {', '.join(sorted(owners))}"
        for account, owners in sorted(found.items())
        if len(owners) > 1
    ]


def _socket(text: str) -> str:
    return re.sub(r"^(unix:|127\.0\.0\.1:|localhost:|\[::1\]:)", "", text).rstrip("|/")


def _firewall(report: Report) -> JSON:
    """Return the best state of an application firewall: on, detection only, off or absent."""
    states = {_resolved(report, server.firewall) for server in servers(report)}
    best = next((state for state in _FIREWALL if state in states), "absent")
    if best != "on":
        whole(report)
    return best


def _resolved(report: Report, state: str) -> str:
    if state != "rules":
        return state
    # nginx names files of rules; one of them says whether the engine decides or only watches.
    engines = [line.split()[1] for line in report.lines("web-programs") if line.startswith("modsecurity ")]
    if "on" in engines:
        return "on"
    if "detectiononly" in engines:
        return "detection only"
    if "off" in engines:
        return "off"
    raise Unread(Reason.NOT_UNDERSTOOD, "the file of rules that nginx names was not found")


def _firewall_rules(report: Report) -> JSON:
    beside = sum(
        int(line.split()[2]) for line in report.lines("web-programs") if line.startswith("modsecurity ")
    )
    return max(beside, sum(server.rules for server in servers(report)))


def _certificates(report: Report) -> JSON:
    named = {path for server in whole(report) for path in server.certificates}
    return [*sorted(path for path in named if "snakeoil" not in path)]


def _units(report: Report) -> list[dict[str, str]]:
    blocks = re.split(r"\n\s*\n", report.text("web-renewal"))
    return [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in blocks]


def _renewals(report: Report) -> JSON:
    """Return what renews certificates by itself: timers that wait, scheduled jobs, servers."""
    units = _units(report)
    found = [
        unit["Id"]
        for unit in units
        if unit.get("Id", "").endswith(".timer") and unit.get("ActiveState") == "active"
    ]
    found += [line.removeprefix("cron ") for line in report.lines("web-renewal") if line.startswith("cron ")]
    found += [name for name in servers_named(report) if name == "caddy"]
    found += [f"{server.name} itself" for server in servers(report) if server.renews]
    if not found:
        # Debian's job of certbot does nothing where systemd runs; its timer is what counts there.
        found = [path for _, path in told(report, "renewal") if path != "/etc/cron.d/certbot"]
    return [*sorted(set(found))]


def _renewals_failed(report: Report) -> JSON:
    return [
        f"{unit['Id']}: {unit.get('Result', '')}"
        for unit in _units(report)
        if unit.get("Id", "").endswith(".service") and unit.get("LoadState") == "loaded"
        if unit.get("Result", "success") != "success"
    ]


def _not_looked_at(report: Report) -> JSON:
    return [*not_looked_at(roots(report), read_walk(report), report.lines("web-mounts"))]


READERS: dict[str, Reader] = {
    "host.web_servers": lambda report: [*servers_named(report)],
    "host.web_roots": lambda report: [*roots(report)],
    "host.web_roots_not_looked_at": _not_looked_at,
    "host.web_site_names": _site_names,
    "host.web_offices": _offices,
    "host.web_shared_accounts": _shared,
    "host.web_versions_shown": lambda report: [
        text for server in servers(report) for text in server.version_shown
    ],
    "host.web_accounts": lambda report: [*sorted({server.user for server in servers(report)})],
    "host.web_firewall": _firewall,
    "host.web_firewall_rules": _firewall_rules,
    "host.web_certificates": _certificates,
    "host.web_renewals": _renewals,
    "host.web_renewals_failed": _renewals_failed,
    "host.web_code_writable": content.code_writable,
    "host.web_uploads": content.uploads,
    "host.web_uploads_running": content.uploads_running,
    "host.web_repositories": content.repositories,
    "host.web_repository_credentials": content.repository_credentials,
    "host.web_backups": content.backups,
    "host.web_secrets": content.secrets,
    "host.web_secrets_readable": content.secrets_readable,
    "host.web_secrets_served": content.secrets_served,
    "host.web_hard_coded": content.hard_coded,
    "host.web_debug_flags": content.debug_flags,
    "host.web_shell_signs": content.web_shell_signs,
    "host.web_databases": content.databases,
    "host.web_personal_data": content.personal_data,
    "host.web_documents_unread": content.documents_unread,
    **php.READERS,
    **containers.READERS,
}
