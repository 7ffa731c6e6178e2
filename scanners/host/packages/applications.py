"""Read which web applications are installed, with their libraries, and what was changed in them. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from auditor.model.facts import JSON
from scanners.host.report import Reason, Report, Unread

_LOCKS = ("composer.lock", "package-lock.json", "requirements.txt")
_JAR = re.compile(r".*/(log4j-core|spring-beans|struts2-core)-(\d[\w.]*?)\.jar")
_NUMBER = r"v?(\d[\w.+-]*)"
_KINDS = (
    ("wordpress", "/wp-includes/version.php", rf"\$wp_version = '{_NUMBER}'"),
    ("drupal", "/core/lib/Drupal.php", rf"const VERSION = '{_NUMBER}'"),
    ("opensid", "/donjo-app/helpers/opensid_helper.php", rf"define\(.VERSION., *'{_NUMBER}"),
    ("ojs", "/dbscripts/xml/version.xml", rf"<release>{_NUMBER}</release>"),
    ("slims", "/sysconfig.inc.php", rf"SENAYAN_VERSION_TAG., *'{_NUMBER}"),
)
_JOOMLA = "/libraries/src/Version.php"


def lock_files(report: Report) -> JSON:
    """Return the lists of libraries that were found."""
    return [
        line
        for line in _lines(report, "packages-web-versions")
        if line.startswith("/") and line.endswith(_LOCKS)
    ]


def libraries(report: Report) -> JSON:
    """Return the libraries with known exploited flaws in some versions, from lock files and names of jars."""
    found: dict[tuple[str, str, str], None] = {}
    name = ""
    for line in _lines(report, "packages-web-versions"):
        jar = _JAR.fullmatch(line)
        if jar:
            found[jar[1], jar[2], line] = None
            continue
        named = re.match(r"(/.*?\.(?:lock|json)):\s*\"(?:name\": \"|node_modules/)([\w./@-]+)\"", line)
        version = re.match(rf"(/.*?\.(?:lock|json))-\s*\"version\": \"{_NUMBER}\"", line)
        if named:
            name = named[2]
        elif version and name:
            found[name, version[2], version[1]] = None
            name = ""
    return [{"library": name, "version": version, "file": file} for name, version, file in found]


def applications(report: Report) -> JSON:
    """Return the web applications whose files tell their version."""
    joomla: dict[str, dict[str, str]] = defaultdict(dict)
    found: list[JSON] = []
    for line in _lines(report, "packages-web-versions"):
        path, _, text = line.partition(":")
        for application, tail, pattern in _KINDS:
            match = re.search(pattern, text) if path.endswith(tail) else None
            if match:
                found.append(_application(application, match[1], path.removesuffix(tail)))
        part = re.search(r"const (MAJOR|MINOR|PATCH)_VERSION = (\d+)", text)
        if part and path.endswith(_JOOMLA):
            joomla[path.removesuffix(_JOOMLA)][part[1]] = part[2]
    for path, parts in joomla.items():
        version = ".".join(parts.get(name, "0") for name in ("MAJOR", "MINOR", "PATCH"))
        found.append(_application("joomla", version, path))
    return found


def _application(application: str, version: str, path: str) -> JSON:
    return {"application": application, "version": version, "path": path}


def core_files_newer(report: Report) -> JSON:
    """Return core files that are more than an hour newer than the file of the version beside them."""
    found = [
        line.removeprefix("newer|")
        for line in _lines(report, "packages-web-core")
        if line.startswith("newer|")
    ]
    return [*sorted(found)]


def pirated_signs(report: Report) -> JSON:
    """Return files with words of sellers of pirated themes and plugins, and broken licence checks."""
    return [*sorted(_lines(report, "packages-web-marks")), *sorted(report.lines("packages-bypasses"))]


def _lines(report: Report, name: str) -> Iterator[str]:
    """Yield the lines of a section of the web folders; raise Unread where the walk did not end.

    Where names with control characters were passed over and nothing else was found, it does not tell either.
    """
    lines = report.lines(name)
    if "unnamed" in lines and len(set(lines)) == 1:
        raise Unread(Reason.NOT_UNDERSTOOD, "names with control characters")
    for line in lines:
        if line == "unnamed":
            continue
        yield line
