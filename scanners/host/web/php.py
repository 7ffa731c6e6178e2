"""Read how PHP is set where it serves web sites. Pure.

Source: php.net, list of php.ini directives with their defaults; php-fpm.conf for pools.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.model.facts import JSON
from scanners.host.area import Reader
from scanners.host.report import Report

_DEFAULTS = {
    "expose_php": "1",
    "display_errors": "1",
    "allow_url_include": "0",
    "session.cookie_httponly": "0",
    "session.cookie_secure": "0",
}
"""What counts where no file says otherwise."""
_TRUE = frozenset({"1", "on", "yes", "true", "stdout"})
_FALSE = frozenset({"0", "off", "no", "false", "none", "", "stderr"})
_POOL_SETTING = re.compile(r"php_(?:admin_)?(?:value|flag)\[([a-z_.]+)\]", re.IGNORECASE)

Settings = dict[str, str]


def settings(report: Report) -> dict[str, Settings]:
    """Return place → settings in force: one entry for each pool, or for the server module.

    Raise Unread where a file may not be read. What a virtual host or .user.ini changes is not seen.
    """
    found: dict[str, Settings] = {}
    pools = dict(_pools(report))
    for place, own in _places(report).items():
        inside = {name: more for (where, name), more in pools.items() if where == place}
        if inside:
            found.update({f"{place} pool {name}": {**own, **more} for name, more in inside.items()})
        elif _serves(report, place):
            found[place] = own
    return found


def _places(report: Report) -> dict[str, Settings]:
    """Return folder → settings of its php.ini and of the files read behind it."""
    found: dict[str, Settings] = {}
    for path, text in report.files("web-php").items():
        place = re.sub(r"(?<=.)/etc/php\.ini$|/(php\.ini|conf\.d/.*|php\.d/.*)$", "", path)
        found.setdefault(place, dict(_DEFAULTS)).update(_assignments(text))
    return found


def _serves(report: Report, place: str) -> bool:
    """Return whether settings serve sites: those of /etc count for the shell too."""
    return place != "/etc" or any(line.startswith("php ") for line in report.lines("web-programs"))


def _assignments(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if re.match(r"\s*\[(PATH|HOST)=", line, re.IGNORECASE):
            return
        key, is_set, value = line.partition("=")
        if is_set and key.strip().lower() in _DEFAULTS:
            yield key.strip().lower(), _value(value)


def _value(text: str) -> str:
    return text.partition(";")[0].strip().strip("\"'").lower()


def _pools(report: Report) -> Iterator[tuple[tuple[str, str], Settings]]:
    for path, text in report.files("web-pools").items():
        name = ""
        found: dict[str, Settings] = {}
        for line in text.splitlines():
            key, is_set, value = (part.strip() for part in line.partition("="))
            if line.strip().startswith("[") and not is_set:
                name = line.strip(" \t[]")
                found.setdefault(name, {})
            elif is_set and (setting := _POOL_SETTING.fullmatch(key)):
                found.setdefault(name, {})[setting[1].lower()] = _value(value)
        place = re.sub(r"/(pool\.d|php-fpm\.d|etc)/[^/]+$", "", path)
        for name, more in found.items():
            if name not in ("global", ""):
                yield (place, name), more


def is_on(name: str, own: Mapping[str, str]) -> bool:
    """Return whether a setting is on; raise ValueError for a value that is neither."""
    value = own[name]
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ValueError(f"{name} = {value[:40]}")


def _where(name: str, wanted: bool) -> Reader:
    """Return a reader of the places where a setting is on, or off."""

    def read(report: Report) -> JSON:
        return [*sorted(place for place, own in settings(report).items() if is_on(name, own) == wanted)]

    return read


READERS: dict[str, Reader] = {
    "host.php_places": lambda report: [*sorted(settings(report))],
    "host.php_version_shown": _where("expose_php", True),
    "host.php_errors_shown": _where("display_errors", True),
    "host.php_url_include": _where("allow_url_include", True),
    "host.php_cookies_to_scripts": _where("session.cookie_httponly", False),
    "host.php_cookies_unencrypted": _where("session.cookie_secure", False),
}
