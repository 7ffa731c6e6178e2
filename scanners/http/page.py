"""Read a hostile HTML page: what it shows, links to, loads and asks for. Pure; never raises."""

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
_FIELDS = frozenset({"input", "textarea", "select"})
_MARKED_SECTION = re.compile(r"<!\[+")
_DIGITS = re.compile(r"\d+")
_LIST_MAX = 50
_URL_MAX = 300
_KEPT_MAX = 5_000
"""Links, resources, fields and kinds of elements that are kept of one page."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: its type, and its name, id and placeholder in lower case, one after the other."""

    kind: str
    name: str
    hints: str


@dataclass(slots=True)
class Form:
    """A form: where and how it is sent, and what it asks for."""

    action: str
    method: str = "get"
    fields: list[Field] = field(default_factory=list)
    password: bool = False


@dataclass(slots=True)
class Link:
    """A link and the text that people see of it."""

    address: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """A script loaded from elsewhere, and whether its content is pinned by a digest."""

    source: str
    pinned: bool


@dataclass(slots=True)
class Page:
    """What a page holds. `complete` is false when the parser had to give up."""

    title: str = ""
    text: str = ""
    anchors: list[Link] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    generators: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    """Kinds of elements: tag and classes, without digits."""
    base: str = ""
    upgrades_requests: bool = False
    complete: bool = True

    @property
    def links(self) -> list[str]:
        """Return the address of every link."""
        return [link.address for link in self.anchors]

    @property
    def generator(self) -> str | None:
        """Return the content of the first generator meta element."""
        return next(iter(self.generators), None)

    def insecure_resources(self, page_url: str) -> list[str]:
        """Return the resources that would be loaded over http:, at most 50, sorted."""
        urls = {self.absolute(page_url, source) for source in self.resources}
        return sorted(url[:_URL_MAX] for url in urls if url.startswith("http:"))[:_LIST_MAX]

    def posts_password_insecurely(self, page_url: str) -> bool:
        """Return whether a form with a password field is on an http: page or posts to one."""
        return any(
            form.password
            and (page_url.startswith("http:") or self.absolute(page_url, form.action).startswith("http:"))
            for form in self.forms
        )

    def absolute(self, page_url: str, url: str) -> str:
        """Return where an address of this page leads; empty when it cannot be read."""
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
        self._open_link: Link | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, str] = {}
        for name, value in attrs:
            given.setdefault(name, value or "")
        if tag in _UNSEEN and not self._unseen:
            self._unseen = tag
        self._in_title = tag == "title"
        self._resources(tag, given)
        self._element(tag, given)
        if tag == "a":
            self._link(given.get("href", ""))
        elif tag == "base":
            self.page.base = self.page.base or given.get("href", "")
        elif tag == "meta":
            self._meta(given)
        elif tag == "form":
            self._form(given)
        elif tag in _FIELDS:
            self._field(tag, given)
        self.text_parts.extend(given[name] for name in ("alt", "title") if given.get(name))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        if tag == "form":
            self._open_form = None
        if tag == "a":
            self._open_link = None
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title_parts.append(data)
        if not self._unseen and data.strip():
            self.text_parts.append(data.strip())
            if self._open_link is not None and len(self._open_link.text) < _URL_MAX:
                self._open_link.text += data[:_URL_MAX]

    def handle_comment(self, data: str) -> None:
        if len(self.page.comments) < _LIST_MAX:
            self.page.comments.append(data[:_URL_MAX])

    def _element(self, tag: str, given: dict[str, str]) -> None:
        if len(self.page.elements) < _KEPT_MAX:
            classes = given.get("class", "")[:_URL_MAX].split()
            self.page.elements.add(".".join([tag[:_LIST_MAX], *sorted(_DIGITS.sub("", c) for c in classes)]))

    def _link(self, address: str) -> None:
        self._open_link = Link(address)
        if len(self.page.anchors) < _KEPT_MAX:
            self.page.anchors.append(self._open_link)

    def _resources(self, tag: str, given: dict[str, str]) -> None:
        if tag in _SOURCES:
            self._load(given.get(_SOURCES[tag], ""))
        if tag == "script" and given.get("src") and len(self.page.scripts) < _KEPT_MAX:
            self.page.scripts.append(Script(given["src"], bool(given.get("integrity", "").strip())))
        if tag == "link" and _LOADING_RELATIONS & set(given.get("rel", "").lower().split()):
            self._load(given.get("href", ""))
        if tag in ("img", "source"):
            for candidate in given.get("srcset", "").split(","):
                self._load(candidate.strip().partition(" ")[0])
        if tag == "video":
            self._load(given.get("poster", ""))

    def _load(self, url: str) -> None:
        if url and len(self.page.resources) < _KEPT_MAX:
            self.page.resources.append(url)

    def _meta(self, given: dict[str, str]) -> None:
        content = given.get("content", "")
        name = given.get("name", "").lower()
        if name and len(self.page.meta) < _LIST_MAX:
            self.page.meta.setdefault(name[:_LIST_MAX], content[:_URL_MAX])
        if name == "generator" and len(self.page.generators) < _LIST_MAX:
            self.page.generators.append(content[:_URL_MAX])
        if name == "description":
            self.text_parts.append(content)
        if given.get("http-equiv", "").lower() == "content-security-policy":
            self.page.upgrades_requests |= "upgrade-insecure-requests" in content.lower()

    def _form(self, given: dict[str, str]) -> None:
        self._open_form = Form(given.get("action", ""), given.get("method", "").strip().lower() or "get")
        if len(self.page.forms) < _KEPT_MAX:
            self.page.forms.append(self._open_form)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "").strip().lower() or "text" if tag == "input" else tag
        if kind == "password":
            self._password_field(given)
        if self._open_form is not None and len(self._open_form.fields) < _LIST_MAX:
            name = given.get("name", "")[:_URL_MAX].lower()
            hints = " ".join([name, given.get("id", ""), given.get("placeholder", "")])[:_URL_MAX].lower()
            self._open_form.fields.append(Field(kind, name, hints))

    def _password_field(self, given: dict[str, str]) -> None:
        """A field without a form is posted by a script, from the page itself."""
        if self._open_form is None:
            self._open_form = Form("", "script")
            self.page.forms.append(self._open_form)
        self._open_form.password = True
        if "formaction" in given:
            self._open_form.action = given["formaction"]
