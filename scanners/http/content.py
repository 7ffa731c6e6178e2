"""Turn the pages that were read into facts. Pure; never raises."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.model.facts import JSON
from scanners.http.login import advertises_password, changing_forms, has_login, is_guarded, is_stored
from scanners.http.message import Response, Site
from scanners.http.outside import external_hosts, front_digest, unpinned_scripts
from scanners.http.page import Page, parse_page
from scanners.http.parse import upgrades_requests
from scanners.http.personal import (
    asks_for_personal_data,
    free_mail_domains,
    identity_numbers,
    links_privacy_notice,
)
from scanners.http.recognise import Recognised, components_of, libraries_of, system_of, webmail_of

_DEFAULT_PAGES = (
    ("nginx", re.compile(r"^Welcome to (?:nginx|OpenResty)\b|^Test Page for the Nginx HTTP Server")),
    (
        "apache",
        re.compile(
            r"^Apache2 \w{1,20} Default Page|^(?:Apache )?HTTP Server Test Page"
            r"|^Test Page for the Apache HTTP Server"
        ),
    ),
    ("iis", re.compile(r"^IIS ?(?:Windows Server|Windows|\d{1,2})")),
    ("tomcat", re.compile(r"^Apache Tomcat(?:/\d{1,3}[\d.]{0,20})?$")),
    ("caddy", re.compile(r"^Caddy works!")),
    ("xampp", re.compile(r"^Welcome to XAMPP")),
    ("plesk", re.compile(r"^(?:Domain|Web Server's) Default Page$", re.IGNORECASE)),
    ("cpanel", re.compile(r"^Default Web Site Page$")),
)
_AAPANEL = "Congratulations, the site is created successfully!"
"""How aaPanel begins the page of a site without content, whatever its title."""
_TITLE_MAX = 200
_LIST_MAX = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """One page that was read: its path on the site, the answer and what it holds."""

    path: str
    response: Response
    page: Page

    @classmethod
    def of(cls, path: str, response: Response) -> Seen:
        """Read an answer; a compressed body is never unpacked and holds nothing."""
        return cls(path, response, Page() if response.encoded else parse_page(response.text()))

    @property
    def whole(self) -> bool:
        """Return whether the page was seen to its end, so that it also proves what it lacks."""
        return self.response.complete and self.page.complete and not self.response.encoded


def page_facts(site: Site, pages: Sequence[Seen]) -> dict[str, JSON]:
    """Return the facts of the pages read, the front page first.

    A page that is cut short or compressed proves what it shows, but not what it lacks: a fact that would
    say "nothing found" is then left out.
    """
    facts = {**_front_facts(site, pages[0]), **_product_facts(pages), **_all_facts(site, pages)}
    facts["http.pages_read"] = [seen.path for seen in pages if not seen.response.encoded]
    if all(seen.whole for seen in pages):
        return facts
    if not pages[0].whole:
        facts.pop("http.front_digest")
    return {name: value for name, value in facts.items() if value}


def login_facts(site: Site, pages: Sequence[Seen], whole: bool) -> dict[str, JSON]:
    """Return the facts of the login forms among these pages; `whole` when every usual path was answered."""
    logins = [seen for seen in pages if has_login(seen.page)]
    # A check or token may stand in the part of a page that was not seen.
    open_ones = [seen for seen in logins if seen.whole and not is_guarded(seen.page, seen.response.text())]
    forms: dict[str, bool] = {}
    for seen in pages:
        found = changing_forms(seen.page, seen.path)
        forms |= found if seen.whole else dict.fromkeys(found, True)
    facts: dict[str, JSON] = {
        "http.password_form": bool(logins),
        "http.password_form_insecure": any(seen.page.posts_password_insecurely(site.url) for seen in logins),
        "http.login_pages": _paths(logins),
        "http.login_pages_unguarded": _paths(open_ones),
        "http.login_pages_cacheable": _paths([seen for seen in logins if is_stored(seen.response)]),
        "http.default_password_pages": _paths([seen for seen in pages if advertises_password(seen.page)]),
        "http.post_forms": list(forms)[:_LIST_MAX],
        "http.forms_without_token": [form for form, token in forms.items() if not token][:_LIST_MAX],
    }
    if whole and all(seen.whole for seen in pages):
        return facts
    return {name: value for name, value in facts.items() if value}


def default_page(page: Page) -> str | None:
    """Return the software whose default page this is."""
    words = page.text.split()
    if words == ["It", "works!"]:
        return "apache"
    if " ".join(words).removeprefix(" ".join(page.title.split())).lstrip().startswith(_AAPANEL):
        return "aapanel"
    return next((name for name, title in _DEFAULT_PAGES if title.search(page.title)), None)


def _paths(pages: Sequence[Seen]) -> list[JSON]:
    return list(dict.fromkeys(seen.path for seen in pages))


def _front_facts(site: Site, front: Seen) -> dict[str, JSON]:
    return {
        "http.default_page": default_page(front.page),
        "http.title": front.page.title[:_TITLE_MAX],
        "http.front_digest": front_digest(front.page, site.url, site.name),
        "http.generator": front.page.generator,
    }


def _product_facts(pages: Sequence[Seen]) -> dict[str, JSON]:
    system = _best([system_of(seen.page, seen.response) for seen in pages if not seen.response.encoded])
    parts = {part for seen in pages for part in components_of(seen.page, system)}
    libraries = {library for seen in pages for library in libraries_of(seen.page)}
    return {
        **_product("http.cms", system),
        "http.components": list(sorted(parts)[:_LIST_MAX]),
        "http.libraries": list(sorted(libraries)[:_LIST_MAX]),
    }


def webmail_facts(pages: Sequence[Seen], whole: bool) -> dict[str, JSON]:
    """Return the webmail that any of these pages opens."""
    found = _best([webmail_of(seen.page, seen.response) for seen in pages if not seen.response.encoded])
    if found is None and not (whole and all(seen.whole for seen in pages)):
        return {}
    return _product("http.webmail", found)


def _best(found: Sequence[Recognised | None]) -> Recognised | None:
    known = [one for one in found if one is not None]
    return next((one for one in known if one.version), known[0] if known else None)


def _product(name: str, found: Recognised | None) -> dict[str, JSON]:
    if found is None:
        return {name: None, f"{name}_version": None}
    # A version that is not shown was not observed.
    shown: dict[str, JSON] = {f"{name}_version": found.version} if found.version else {}
    return {name: found.name, **shown}


def _all_facts(site: Site, pages: Sequence[Seen]) -> dict[str, JSON]:
    asking = [seen for seen in pages if asks_for_personal_data(seen.page)]
    mixed = {url for seen in pages for url in _mixed(site, seen)}
    numbers = {number for seen in pages for number in identity_numbers(seen.page.text)}
    unpinned = {url for seen in pages for url in unpinned_scripts(seen.page, site.url, site.name)}
    hosts = {host for seen in pages for host in external_hosts(seen.page, site.url, site.name)}
    mail = {f"{domain} ({seen.path})" for seen in pages for domain in free_mail_domains(seen.page)}
    return {
        "http.mixed_content": list(sorted(mixed)[:_LIST_MAX]),
        "http.scripts_without_integrity": list(sorted(unpinned)[:_LIST_MAX]),
        "http.external_hosts": list(sorted(hosts)[:_LIST_MAX]),
        "http.personal_data_forms": _paths(asking),
        "http.personal_data_forms_unnoticed": _paths(
            [seen for seen in asking if seen.whole and not links_privacy_notice(seen.page)]
        ),
        "http.identity_numbers": len(numbers),
        "http.free_mail_contacts": list(sorted(mail)[:_LIST_MAX]),
    }


def _mixed(site: Site, seen: Seen) -> list[str]:
    if site.scheme != "https" or seen.page.upgrades_requests or upgrades_requests(seen.response):
        return []
    return seen.page.insecure_resources(site.url)
