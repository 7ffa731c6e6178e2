"""Judge what a server shows when it is asked for no name that it serves. Pure; never raises."""

from __future__ import annotations

from scanners.http.content import Seen, default_page
from scanners.http.message import Response, Site
from scanners.http.outside import front_digest, host_of

UNKNOWN_HOST = "tilik-audit.invalid"
"""A name that can never exist (RFC 6761, section 6.4)."""
_NEUTRAL_TEXT_MAX = 500
_SHOWN_MAX = 120


def is_neutral(site: Site, asked: str, own: Seen, response: Response) -> bool | None:
    """Return whether this answer to the host `asked` shows no site but the one measured; None if unknown."""
    if response.status >= 400:
        return True
    if response.status >= 300:
        host = host_of((response.first("location") or "").strip())
        return host in ("", asked.lower(), site.name.lower(), f"www.{site.name.lower()}")
    seen = Seen.of("/", response)
    if not seen.whole or not own.whole:
        return None
    page = seen.page
    bare = not page.links and not page.forms and len(page.text) <= _NEUTRAL_TEXT_MAX
    same = front_digest(page, site.url, site.name) == front_digest(own.page, site.url, site.name)
    return bare or same or default_page(page) is not None


def described(asked: str, response: Response | None) -> str:
    """Return one line about an answer, for the reader; None is a refused connection."""
    if response is None:
        return f"{asked}: refused"
    shown = response.first("location") or Seen.of("/", response).page.title
    return f"{asked}: {response.status} {shown[:_SHOWN_MAX]}".strip()
