"""Tell what a page takes from other hosts, and what the page itself looks like. Pure; never raises."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from scanners.http.page import Page

_LIST_MAX = 50
_URL_MAX = 200
_DIGITS = re.compile(r"\d+")


def host_of(url: str) -> str:
    """Return the host of an http(s) URL in lower case; empty when there is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip(".") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def is_foreign(host: str, own: str) -> bool:
    """Return whether a host is neither the site's own name nor below it (`www.` set aside)."""
    own = own.lower().rstrip(".").removeprefix("www.")
    return bool(host) and host.removeprefix("www.") != own and not host.endswith(f".{own}")


def external_hosts(page: Page, url: str, own: str) -> list[str]:
    """Return the foreign hosts from which the page loads anything, sorted, at most 50."""
    hosts = {host_of(page.absolute(url, source)) for source in page.resources}
    return sorted(host for host in hosts if is_foreign(host, own))[:_LIST_MAX]


def unpinned_scripts(page: Page, url: str, own: str) -> list[str]:
    """Return scripts from foreign hosts without an integrity attribute, without query, sorted, at most 50."""
    sources = {page.absolute(url, script.source) for script in page.scripts if not script.pinned}
    return sorted(
        {source.partition("?")[0][:_URL_MAX] for source in sources if is_foreign(host_of(source), own)}
    )[:_LIST_MAX]


def front_digest(page: Page, url: str, own: str) -> str:
    """Return the SHA-256 of a page's look: title, kinds of elements, form targets and foreign hosts.

    Texts, numbers, attribute values and the order and count of elements are left out, so that today's news,
    visitor counters, tokens and nonces change nothing, and a page put in its place changes everything.
    """
    parts = [
        _DIGITS.sub("", page.title),
        *sorted(page.elements),
        *sorted({_DIGITS.sub("", form.action.partition("?")[0]) for form in page.forms}),
        *external_hosts(page, url, own),
    ]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
