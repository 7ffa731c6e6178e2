"""Turn the body of GET / into facts. Pure."""

from __future__ import annotations

import re

from auditor.model.facts import JSON
from scanners.http.gambling import gambling_words
from scanners.http.message import Response, Site
from scanners.http.page import Page, parse_page
from scanners.http.parse import upgrades_requests

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


def page_facts(site: Site, response: Response) -> dict[str, JSON]:
    """Return the facts of the page at /.

    A page that is cut short or compressed proves what it shows, but not what it lacks: a fact that would
    say "nothing found" is then left out.
    """
    if response.encoded:
        return {}
    page = parse_page(response.text())
    facts = _facts(site, response, page)
    if response.complete and page.complete:
        return facts
    return {name: value for name, value in facts.items() if value}


def _facts(site: Site, response: Response, page: Page) -> dict[str, JSON]:
    url = f"{site.scheme}://{site.host_header}/"
    mixed: list[JSON] = []
    if site.scheme == "https" and not (page.upgrades_requests or upgrades_requests(response)):
        mixed = list(page.insecure_resources(url))
    return {
        "http.default_page": _default_page(page),
        "http.mixed_content": mixed,
        "http.password_form": any(form.password for form in page.forms),
        "http.password_form_insecure": page.posts_password_insecurely(url),
        "http.gambling_words": list(gambling_words(page.text, page.links)),
        "http.generator": page.generator,
    }


def _default_page(page: Page) -> str | None:
    if page.text.split() == ["It", "works!"]:
        return "apache"
    return next((name for name, title in _DEFAULT_PAGES if title.search(page.title)), None)
