"""Recognise the content management system, its parts, browser libraries and webmail of a page. Pure.

Only what a page says of itself counts: generator, addresses it loads, cookies it sets, text it shows. A
product is named as the end-of-life data name it; a version is given as shown, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from scanners.http.message import Response
from scanners.http.page import Page

_VERSION = r"(\d{1,6}(?:\.\d{1,6}){0,3})"
_PARTS_MAX = 50
_MARKS_MAX = 20
_SOURCE_MAX = 300
_TEXT_MAX = 200_000


@dataclass(frozen=True, slots=True)
class _Product:
    """One product: how its generator, addresses, cookies and text look; group 1 is the version."""

    name: str
    generator: str = ""
    address: str = ""
    cookie: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A product by name, and its version when the page shows one."""

    name: str
    version: str | None


_SYSTEMS = (
    _Product(
        "wordpress",
        rf"^WordPress(?: {_VERSION})?",
        rf"/wp-includes/css/dist/block-library/style(?:\.min)?\.css\?ver={_VERSION}|/wp-(?:content|includes)/",
        r"^wordpress_",
    ),
    _Product(
        "joomla",
        rf"^Joomla!(?: {_VERSION})?",
        r"/media/(?:jui|system/js|vendor/joomla)|/index\.php\?option=com_",
    ),
    _Product(
        "drupal",
        rf"^Drupal(?: {_VERSION})?",
        rf"/core/misc/drupal(?:\.min)?\.js\?v={_VERSION}|/misc/drupal\.js|/sites/(?:default|all)/(?:files|modules|themes)/",
    ),
    _Product(
        "moodle",
        rf"^Moodle(?: {_VERSION})?",
        r"/theme/yui_combo\.php|/lib/javascript\.php/|/theme/styles\.php/",
        r"^MoodleSession",
    ),
    _Product(
        "ojs", rf"^Open Journal Systems(?: {_VERSION})?", r"/lib/pkp/(?:js|styles|templates)/", r"^OJSSID$"
    ),
    _Product(
        "opensid",
        rf"^OpenSID(?: v?{_VERSION})?",
        r"/desa/(?:themes|upload)/|/assets/css/opensid",
        r"^opensid",
        rf"\bOpenSID (?:v|versi )?{_VERSION}",
    ),
    _Product(
        "slims",
        rf"^SLiMS(?: {_VERSION})?",
        r"/index\.php\?p=(?:show_detail|librarian)",
        r"^(?:SenayanMember|SLiMS)",
        rf"\bSLiMS {_VERSION}|\bSenayan Library Management System",
    ),
    _Product("mediawiki", rf"^MediaWiki {_VERSION}", r"/load\.php\?(?:lang|debug)="),
    _Product("dspace", rf"^DSpace {_VERSION}"),
    _Product("eprints", rf"^EPrints {_VERSION}"),
    _Product("ckan", rf"^ckan {_VERSION}"),
    _Product("typo3", rf"^TYPO3(?: CMS)?(?: {_VERSION})?", r"/typo3temp/|/typo3conf/"),
)
_WEBMAIL = (
    _Product(
        "roundcube",
        "",
        r"/(?:skins|plugins)/(?:elastic|larry|classic)/|/program/js/",
        r"^roundcube_",
        r"\brcversion\"?\s{0,3}:\s{0,3}(\d{5,6})\b|<title>Roundcube Webmail",
    ),
    _Product(
        "zimbra", "", r"/zimbra/|/skins/_base/", r"^ZM_TEST$", r"<title>Zimbra (?:Web Client|Collaboration)"
    ),
    _Product("sogo", "", r"/SOGo\.woa/|/SOGo/so/", r"^0xHIGHFLYxSOGo$", rf"\bSOGo v?{_VERSION}"),
    _Product("rainloop", "", rf"/rainloop/v/{_VERSION}/"),
    _Product("snappymail", "", rf"/snappymail/v/{_VERSION}/"),
    _Product("squirrelmail", "", r"", r"^SQMSESSID$", rf"\bSquirrelMail version {_VERSION}"),
    _Product("horde", "", r"/horde/(?:js|themes|imp)/", r"^Horde$"),
    _Product("exchange", "", rf"/owa/auth/{_VERSION}/", r"^OutlookSession$"),
)
_WORDPRESS_PART = re.compile(r"/wp-content/(?:plugins|themes)/([a-z0-9][\w.-]{0,59})/", re.IGNORECASE)
_OTHER_PART = re.compile(
    r"/(?:components/(com_\w{1,50})|modules/(mod_\w{1,50})|(?:modules|themes)/contrib/(\w{1,50}))/",
    re.IGNORECASE,
)
_QUERY_VERSION = re.compile(rf"[?&](?:ver|v)={_VERSION}(?:&|$)")
_GENERATED_PART = re.compile(
    r"^(Elementor|WooCommerce|Powered by Slider Revolution|Powered by Visual Composer"
    r"|Powered by WPBakery Page Builder"
    rf"|Site Kit by Google|WPML(?: ver:)?)[ :]{{1,2}}{_VERSION}"
)
_GENERATED_NAMES = {
    "Powered by Slider Revolution": "revslider",
    "Powered by Visual Composer": "js_composer",
    "Powered by WPBakery Page Builder": "js_composer",
    "Site Kit by Google": "google-site-kit",
    "WPML ver:": "sitepress-multilingual-cms",
}
_SEO_COMMENT = re.compile(rf"Yoast SEO (?:Premium )?plugin v{_VERSION}")
_LIBRARY_NAMES = (
    ("jquery-ui", r"jquery-?ui"),
    ("jquery-migrate", r"jquery-migrate"),
    ("jquery", r"jquery"),
    ("bootstrap", r"(?:twitter-)?bootstrap"),
    ("moment", r"moment(?:\.?js)?"),
    ("angularjs", r"angular(?:\.?js)?"),
    ("lodash", r"lodash(?:\.?js)?"),
    ("underscore", r"underscore(?:\.?js)?"),
    ("handlebars", r"handlebars(?:\.?js)?"),
    ("dompurify", r"dompurify"),
    ("ckeditor", r"ckeditor"),
    ("tinymce", r"tinymce"),
    ("vue", r"vue"),
)
_LIBRARIES = tuple(
    (
        name,
        re.compile(
            rf"(?:^|[/@]){spelt}(?:[.-](?:min|slim|bundle|core))*[@/.-]v?(\d{{1,3}}\.\d{{1,3}}(?:\.\d{{1,3}})?)"
        ),
    )
    for name, spelt in _LIBRARY_NAMES
)
_WORDPRESS_LIBRARY = re.compile(
    rf"/wp-includes/js/jquery/(jquery(?:-migrate)?)(?:\.min)?\.js\?ver={_VERSION}"
)


def system_of(page: Page, response: Response) -> Recognised | None:
    """Return the content management system that made a page."""
    return _first(_SYSTEMS, page, response)


def webmail_of(page: Page, response: Response) -> Recognised | None:
    """Return the webmail that this page opens."""
    found = _first(_WEBMAIL, page, response)
    if found and found.name == "roundcube" and found.version and found.version.isdigit():
        # Roundcube writes 1.6.11 as 10611.
        digits = found.version.rjust(6, "0")
        return Recognised("roundcube", ".".join(str(int(digits[at : at + 2])) for at in (0, 2, 4)))
    return found


def components_of(page: Page, system: Recognised | None) -> list[str]:
    """Return plugins and themes as `name` or `name version`, sorted, at most 50."""
    own = system.version if system else None
    found: dict[str, str] = {}
    for name, version in _components(page):
        # What brings no version of its own is given that of WordPress itself.
        known = "" if version is None or version == own else version
        found[name] = known or found.get(name, "")
    return sorted(f"{name} {version}".strip() for name, version in found.items())[:_PARTS_MAX]


def libraries_of(page: Page) -> list[str]:
    """Return browser libraries whose address names a version, as `name version`, sorted, at most 50."""
    found: set[str] = set()
    for source in page.resources:
        source = source[:_SOURCE_MAX].lower()
        if match := _WORDPRESS_LIBRARY.search(source):
            found.add(f"{match[1]} {match[2]}")
            continue
        for name, pattern in _LIBRARIES:
            if match := pattern.search(source):
                found.add(f"{name} {match[1]}")
                break
    return sorted(found)[:_PARTS_MAX]


def _first(products: Iterable[_Product], page: Page, response: Response) -> Recognised | None:
    generators = [*page.generators, *response.all("x-generator")]
    addresses = [address[:_SOURCE_MAX] for address in page.resources]
    cookies = [value.partition("=")[0].strip() for value in response.all("set-cookie")]
    text = response.text()[:_TEXT_MAX]
    for product in products:
        marks = [
            *_marks(product.generator, generators),
            *_marks(product.address, addresses),
            *_marks(product.cookie, cookies),
            *_marks(product.text, [text]),
        ]
        if marks:
            versions = (match[1] for match in marks if match.re.groups and match[1])
            return Recognised(product.name, max(versions, key=len, default=None))
    return None


def _marks(pattern: str, values: Iterable[str]) -> Iterator[re.Match[str]]:
    if pattern:
        for value in values:
            yield from islice(re.finditer(pattern, value), _MARKS_MAX)


def _components(page: Page) -> Iterator[tuple[str, str | None]]:
    for source in page.resources:
        source = source[:_SOURCE_MAX]
        if match := _WORDPRESS_PART.search(source):
            version = _QUERY_VERSION.search(source)
            yield match[1].lower(), version[1] if version else None
        elif match := _OTHER_PART.search(source):
            yield next(name for name in match.groups() if name).lower(), None
    for generator in page.generators:
        if match := _GENERATED_PART.search(generator):
            yield _GENERATED_NAMES.get(match[1], match[1].lower()), match[2]
    for comment in page.comments:
        if match := _SEO_COMMENT.search(comment):
            yield "wordpress-seo", match[1]
