"""Read a hostile HTML page: what it shows, links to, loads and asks for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_UNSEEN = frozenset({"script", "style", "template"})
_LOADING_RELATIONS = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest"})
_SOURCES = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "frame": "src",
    "embed": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "track": "src",
    "input": "src",
    "object": "data",
}
_MARKED_SECTION = re.compile(r"<!\[+")
_LIST_MAX = 50
_URL_MAX = 300


@dataclass(slots=True)
class Form:
    """A form: where it posts to, and whether it asks for a password."""

    action: str
    password: bool = False


@dataclass(slots=True)
class Page:
    """What a page holds. `complete` is false when the parser had to give up."""

    title: str = ""
    text: str = ""
    links: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    generator: str | None = None
    base: str = ""
    upgrades_requests: bool = False
    complete: bool = True

    def insecure_resources(self, page_url: str) -> list[str]:
        """Return the resources that would be loaded over http:, at most 50, sorted."""
        urls = {self._absolute(page_url, source) for source in self.resources}
        return sorted(url[:_URL_MAX] for url in urls if url.startswith("http:"))[:_LIST_MAX]

    def posts_password_insecurely(self, page_url: str) -> bool:
        """Return whether a form with a password field is on an http: page or posts to one."""
        return any(
            form.password
            and (page_url.startswith("http:") or self._absolute(page_url, form.action).startswith("http:"))
            for form in self.forms
        )

    def _absolute(self, page_url: str, url: str) -> str:
        try:
            joined = urljoin(urljoin(page_url, self.base), url.strip())
            return urlsplit(joined).geturl()
        except ValueError:
            return ""


def parse_page(text: str) -> Page:
    """Return what a page holds; any text at all gives a Page."""
    reader = _Reader()
    try:
        # The parser is never closed: resolving what is left open at the end takes quadratic time. A marked
        # section is a comment in HTML, but stops the parser of the standard library.
        reader.feed(_MARKED_SECTION.sub("<!", text) + "\n")
    except (AssertionError, ValueError):  # a malformed declaration, or a character reference of 5,000 digits
        reader.page.complete = False
    reader.page.title = " ".join("".join(reader.title_parts).split())
    reader.page.text = "\n".join(reader.text_parts)
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.text_parts: list[str] = []
        self.title_parts: list[str] = []
        self._unseen = ""
        self._in_title = False
        self._open_form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, str] = {}
        for name, value in attrs:
            given.setdefault(name, value or "")
        if tag in _UNSEEN and not self._unseen:
            self._unseen = tag
        self._in_title = tag == "title"
        self._resources(tag, given)
        match tag:
            case "a":
                self.page.links.append(given.get("href", ""))
            case "base":
                self.page.base = self.page.base or given.get("href", "")
            case "meta":
                self._meta(given)
            case "form":
                self._open_form = Form(given.get("action", ""))
                self.page.forms.append(self._open_form)
            case "input" if given.get("type", "").strip().lower() == "password":
                self._password_field(given)
            case _:
                pass
        self.text_parts.extend(given[name] for name in ("alt", "title") if given.get(name))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        if tag == "form":
            self._open_form = None
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title_parts.append(data)
        if not self._unseen and data.strip():
            self.text_parts.append(data.strip())

    def _resources(self, tag: str, given: dict[str, str]) -> None:
        if tag in _SOURCES:
            self._load(given.get(_SOURCES[tag], ""))
        if tag == "link" and _LOADING_RELATIONS & set(given.get("rel", "").lower().split()):
            self._load(given.get("href", ""))
        if tag in ("img", "source"):
            for candidate in given.get("srcset", "").split(","):
                self._load(candidate.strip().partition(" ")[0])
        if tag == "video":
            self._load(given.get("poster", ""))

    def _load(self, url: str) -> None:
        if url:
            self.page.resources.append(url)

    def _meta(self, given: dict[str, str]) -> None:
        content = given.get("content", "")
        if given.get("name", "").lower() == "generator" and self.page.generator is None:
            self.page.generator = content[:_URL_MAX]
        if given.get("name", "").lower() == "description":
            self.text_parts.append(content)
        if given.get("http-equiv", "").lower() == "content-security-policy":
            self.page.upgrades_requests |= "upgrade-insecure-requests" in content.lower()

    def _password_field(self, given: dict[str, str]) -> None:
        """A field without a form is posted by a script, from the page itself."""
        if self._open_form is None:
            self._open_form = Form("")
            self.page.forms.append(self._open_form)
        self._open_form.password = True
        if "formaction" in given:
            self._open_form.action = given["formaction"]
