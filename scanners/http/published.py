"""Read what a site publishes about itself: robots.txt, sitemap, security.txt, and links to documents. Pure.

Nothing here is an XML parser, and nothing raises: what cannot be read holds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from urllib.parse import unquote, urlsplit

from scanners.http.message import Site
from scanners.http.page import Link, Page

_SITEMAP_LINE = re.compile(r"(?im)^\s{0,8}sitemap\s{0,8}:\s{0,8}(\S{1,300})")
_LOCATION = re.compile(r"(?i)<loc>\s{0,40}(?:<!\[CDATA\[)?\s{0,40}([^<\]\s]{1,300})")
_FIELD = re.compile(r"(?im)^(contact|expires):[ \t]{0,20}(\S[^\r\n]{0,299})")
_DOCUMENT = re.compile(r"(?i)\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|csv|txt|zip|rar)\Z")
_LABEL = re.compile(
    r"(?i)(?<![a-z])(?:rahasia(?![\s_+-]{1,3}(?:dagang|bank|jabatan|medis))|confidential|[(\[]terbatas[)\]]"
    r"|(?:bersifat|sifat|klasifikasi)[\s:_+-]{1,3}terbatas|(?:khusus|hanya|untuk|kalangan)[\s_+-]{1,3}internal"
    r"|internal[\s_+-]{1,3}(?:use|only|saja))(?![a-z])"
)
_WORTH_READING = (
    re.compile(r"(?i)kontak|contact|hubungi"),
    re.compile(
        r"(?i)pengaduan|aduan|lapor|daftar-?(?:online|akun)|pendaftaran|registrasi|register|permohonan|formulir"
    ),
    re.compile(r"(?i)pegawai|penerima|peserta|warga|penduduk|bantuan|data-|statistik"),
    re.compile(r"(?i)layanan|ppid|unduh|download|dokumen|pengumuman|profil|tentang|about"),
)
_UNREADABLE = re.compile(
    r"(?i)\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|zip|rar|7z|gz|jpe?g|png|gif|svg|webp|mp4|mp3|ico|css|js|apk|exe)\Z"
)
_LEAVES = re.compile(
    r"(?i)logout|log-?out|keluar|signout|delete|hapus|unsubscribe|wp-json|/feed/?\Z|replytocom"
)
_CONTACTS_MAX = 10
_DOCUMENTS_MAX = 20
_LOCATIONS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class SecurityTxt:
    """What /.well-known/security.txt says: contacts in lower case, and when it ends, or None."""

    contacts: tuple[str, ...]
    expires: str | None


def read_security_txt(text: str) -> SecurityTxt:
    """Return contacts and expiry (RFC 3339 in UTC); the first expiry counts (RFC 9116, section 2.5.5)."""
    contacts: list[str] = []
    expires: str | None = None
    for name, value in _FIELD.findall(text):
        if name.lower() == "contact" and len(contacts) < _CONTACTS_MAX:
            contacts.append(value.strip().lower())
        elif name.lower() == "expires":
            expires = expires or _instant(value.strip())
    return SecurityTxt(tuple(contacts), expires)


def _instant(text: str) -> str | None:
    try:
        instant = datetime.fromisoformat(text.upper())
        return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def sitemap_target(robots: str, site: Site) -> str:
    """Return the path of the first sitemap on this site that robots.txt names, else /sitemap.xml."""
    for address in _SITEMAP_LINE.findall(robots):
        target = own_target(site, address)
        if target and not target.endswith(".gz"):  # nothing is ever unpacked
            return target
    return "/sitemap.xml"


def read_sitemap(text: str) -> list[str]:
    """Return the addresses a sitemap lists, at most 5,000."""
    return [unescape(match) for match in _LOCATION.findall(text)[:_LOCATIONS_MAX]]


def own_target(site: Site, address: str) -> str | None:
    """Return path and query of an address of this very site (scheme, name and port), else None."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    own = parts.scheme == site.scheme and (parts.hostname or "") == site.name.lower() and port == site.port
    if not own:
        return None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return target if re.fullmatch(r"/[!-~]{0,299}", target) and not target.startswith("//") else None


def pages_worth_reading(page: Page, site: Site, count: int) -> list[str]:
    """Return paths to read beside the front page: contact, complaint, lists of people, services."""
    url = f"{site.scheme}://{site.host_header}/"
    chosen: dict[str, None] = {}
    targets = [own_target(site, page.absolute(url, link.address)) for link in page.anchors]
    plain = [target for target in targets if target and target != "/" and _readable(target)]
    for wanted in _WORTH_READING:
        chosen |= dict.fromkeys([target for target in plain if wanted.search(target)][:2])
    return list(chosen)[:count]


def _readable(target: str) -> bool:
    return not _UNREADABLE.search(target.partition("?")[0]) and not _LEAVES.search(target)


def labelled_documents(links: Iterable[Link]) -> list[str]:
    """Return linked documents whose name or link text says that they are not public, sorted, at most 20."""
    found: set[str] = set()
    for link in links:
        path = unquote(link.address[:300].partition("?")[0].partition("#")[0])
        name = path.rpartition("/")[2]
        if _DOCUMENT.search(path) and (
            _LABEL.search(name) or _LABEL.search(" ".join(link.text.split())[:300])
        ):
            found.add(path[:200])
    return sorted(found)[:_DOCUMENTS_MAX]
