"""Read which web servers a host has and what they serve. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.model.facts import JSON
from scanners.host.report import Reason, Report, State, Unread
from scanners.host.web.apache import read_apache
from scanners.host.web.nginx import read_nginx
from scanners.host.web.site import Server, Site, below
from scanners.host.web.walk import Walk, not_looked_at, read_walk, resolved

_READ = ("apache", "nginx")
_KNOWN = (*_READ, "lighttpd", "caddy", "litespeed")
_ALIASES = {"apache2": "apache", "httpd": "apache", "openlitespeed": "litespeed"}
_PARTS = ("public", "web", "webroot", "dist")
"""Folders of an application that is served by one of its parts."""


def servers_named(report: Report) -> list[str]:
    """Return the web servers that are set up or run, sorted; raise Unread."""
    found = set()
    for words in (line.split() for line in report.lines("web-programs")):
        name = _ALIASES.get(words[1], words[1]) if len(words) > 1 else ""
        runs = words[0] == "process" and name in _KNOWN
        if runs or (words[0] == "program" and (name not in _READ or _is_set_up(report, name))):
            found.add(name)
    return sorted(found)


def _is_set_up(report: Report, name: str) -> bool:
    section = report.sections.get(f"web-{name}")
    return section is not None and section.state is not State.ABSENT


def servers(report: Report) -> list[Server]:
    """Return what the servers whose configuration is read say; raise Unread, ValueError."""
    found = []
    for name in servers_named(report):
        if name == "nginx":
            found.append(read_nginx(_files(report, name)))
        elif name == "apache":
            found.append(read_apache(_files(report, name), _run_as(report)))
    return found


def _files(report: Report, name: str) -> dict[str, str]:
    files = report.files(f"web-{name}")
    if not files:
        raise Unread(Reason.TOOL_MISSING, f"no configuration of {name} where it usually lies")
    return files


def _run_as(report: Report) -> dict[str, str]:
    lines = (line.split() for line in report.lines("web-programs"))
    return {words[1]: words[2] for words in lines if len(words) == 3 and words[0] == "apache-run"}


def whole(report: Report) -> list[Server]:
    """Return the servers; raise Unread also where one runs whose configuration is not read."""
    if others := [name for name in servers_named(report) if name not in _READ]:
        raise Unread(Reason.NOT_UNDERSTOOD, f"the configuration of {', '.join(others)} is not read")
    return servers(report)


def sites(report: Report) -> list[Site]:
    """Return every site of every server that is read."""
    return [site for server in servers(report) for site in server.sites]


def roots(report: Report) -> list[str]:
    """Return every folder that files are served from, sorted."""
    return sorted({root for site in sites(report) for root in (site.root, *site.also) if root})


def applications(report: Report, walk: Walk) -> list[str]:
    """Return the folders that applications lie in: document roots, or what they are a part of."""
    return sorted({_application(resolved(root, walk)) for root in roots(report)})


def _application(root: str) -> str:
    above, _, last = root.rpartition("/")
    return above if last in _PARTS and above.count("/") >= 3 else root


def served(report: Report, walk: Walk) -> list[str]:
    """Return the document roots as the walk saw them."""
    return sorted({resolved(root, walk) for root in roots(report)})


def complete(report: Report, found: Iterable[str]) -> JSON:
    """Return what was found; nothing found counts only where every document root was looked at.

    Raise Unread otherwise, with the document root in its detail.
    """
    listed = sorted(set(found))
    if not listed:
        whole(report)
        unseen = not_looked_at(roots(report), read_walk(report), report.lines("web-mounts"))
        if read_walk(report).unnamed or any(
            "unnamed" in section.text.splitlines()
            for name in ("web-contents", "web-personal")
            if (section := report.sections.get(name)) is not None
        ):
            raise Unread(Reason.NOT_UNDERSTOOD, "names with control characters")
        if unseen:
            raise Unread(Reason.NOT_UNDERSTOOD, f"document root not looked at: {', '.join(unseen)}")
    return [*listed]


def users(report: Report) -> dict[str, set[str]]:
    """Return the accounts that web servers and PHP pools run as, each with its groups."""
    named = {server.user for server in servers(report)}
    named |= {
        pool.removeprefix("user ")
        for site in sites(report)
        for pool in site.pools
        if pool.startswith("user ")
    }
    named |= {user for user, _ in pools(report).values()}
    groups: dict[str, set[str]] = {name: set() for name in named if name != "root"}
    by_number: dict[str, str] = {}
    primary: dict[str, str] = {}
    for kind, name, first, second in _accounts(report):
        if kind == "user":
            primary[name] = second
        else:
            by_number[first] = name
            for member in second.split(","):
                if member in groups:
                    groups[member].add(name)
    for name in groups:
        groups[name].add(by_number.get(primary.get(name, ""), name))
    return groups


def _accounts(report: Report) -> list[tuple[str, str, str, str]]:
    parts = (line.split(":") for line in report.lines("web-users"))
    return [(one[0], one[1], one[2], one[3]) for one in parts if len(one) == 4]


def pools(report: Report) -> dict[str, tuple[str, str]]:
    """Return what each PHP pool listens on → (its user, its name)."""
    found: dict[str, tuple[str, str]] = {}
    for text in report.files("web-pools").values():
        name = ""
        settings: dict[str, str] = {}
        for line in [*text.splitlines(), "[]"]:
            key, is_set, value = (part.strip() for part in line.partition("="))
            if line.strip().startswith("[") and not is_set:
                if "listen" in settings:
                    listen = settings["listen"].replace("$pool", name)
                    found[listen] = (settings.get("user", "").replace("$pool", name), name)
                name, settings = line.strip(" \t[]"), {}
            elif is_set and key in ("user", "listen"):
                settings[key] = value.strip("\"'")
    return found


def writable_by(accounts: dict[str, set[str]], mode: int, owner: str, group: str) -> bool:
    """Return whether one of these accounts may write something of that mode, owner and group."""
    return any(
        bool(mode & 0o200) if owner == name else bool(mode & 0o020) if group in groups else bool(mode & 0o002)
        for name, groups in accounts.items()
    )


def path_within(site: Site, walk: Walk, path: str) -> str | None:
    """Return the path that a request names for a file, None for one outside of the site's document root."""
    root = resolved(site.root, walk) if site.root else None
    return path[len(root) :] if root and below(path, root) else None
