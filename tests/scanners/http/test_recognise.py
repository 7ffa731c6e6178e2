"""Products, versions, parts and libraries as pages show them, and nothing guessed."""

from __future__ import annotations

import pytest

from scanners.http.content import Seen, page_facts, webmail_facts
from scanners.http.message import Response, Site

SITE = Site("https", "dinkes.contoh.go.id", 443)


def facts(html: str, *headers: tuple[str, str]) -> dict[str, object]:
    seen = [Seen.of("/", Response(200, "", headers, html.encode()))]
    return {**page_facts(SITE, seen), **webmail_facts(seen, True)}


@pytest.mark.parametrize(
    ("html", "name", "version"),
    [
        ("<meta name=generator content='WordPress 6.4.2'>", "wordpress", "6.4.2"),
        (
            "<link rel=stylesheet href='/wp-includes/css/dist/block-library/style.min.css?ver=6.1.1'>",
            "wordpress",
            "6.1.1",
        ),
        ("<meta name=Generator content='Drupal 10 (https://www.drupal.org)'>", "drupal", "10"),
        ("<script src='/core/misc/drupal.js?v=10.1.5'></script>", "drupal", "10.1.5"),
        ("<meta name=generator content='Open Journal Systems 3.3.0.13'>", "ojs", "3.3.0.13"),
        ("<p>Dikelola dengan OpenSID v2405.0.1</p>", "opensid", "2405.0.1"),
        ("<meta name=generator content='SLiMS 9 (Bulian)'>", "slims", "9"),
        ("<meta name=generator content='MediaWiki 1.39.3'>", "mediawiki", "1.39.3"),
    ],
)
def test_a_system_is_named_with_the_version_it_shows(html: str, name: str, version: str) -> None:
    seen = facts(html)
    assert (seen["http.cms"], seen["http.cms_version"]) == (name, version)


@pytest.mark.parametrize(
    ("html", "headers", "name"),
    [
        ("<img src='/wp-content/uploads/logo.png'>", [], "wordpress"),
        ("<meta name=generator content='Joomla! - Open Source Content Management'>", [], "joomla"),
        ("<p>", [("set-cookie", "MoodleSession=abc; path=/")], "moodle"),
        ("<p>", [("x-generator", "Drupal")], "drupal"),
    ],
)
def test_a_hidden_version_is_not_observed(html: str, headers: list[tuple[str, str]], name: str) -> None:
    seen = facts(html, *headers)
    assert seen["http.cms"] == name
    assert "http.cms_version" not in seen


def test_a_page_of_its_own_making_is_no_known_system() -> None:
    seen = facts("<p>Kami pindah dari WordPress 4.9 ke sistem baru</p>")
    assert (seen["http.cms"], seen["http.cms_version"]) == (None, None)


WORDPRESS = """<meta name=generator content="WordPress 6.4.2">
<meta name=generator content="Powered by Slider Revolution 6.5.8 - responsive">
<!-- This site is optimized with the Yoast SEO plugin v21.5 - https://yoast.com/ -->
<script src="/wp-content/plugins/contact-form-7/includes/js/index.js?ver=5.3.1"></script>
<link rel=stylesheet href="/wp-content/plugins/tidy/tidy.css?ver=6.4.2">
<link rel=stylesheet href="https://dinkes.contoh.go.id/wp-content/themes/astra/style.css?ver=4.6.8">"""


def test_plugins_and_themes_are_named_with_versions_of_their_own() -> None:
    assert facts(WORDPRESS)["http.components"] == [
        "astra 4.6.8",
        "contact-form-7 5.3.1",
        "revslider 6.5.8",
        "tidy",
        "wordpress-seo 21.5",
    ]


@pytest.mark.parametrize(
    ("source", "library"),
    [
        ("https://code.jquery.com/jquery-3.4.1.min.js", "jquery 3.4.1"),
        ("https://ajax.googleapis.com/ajax/libs/jquery/1.12.4/jquery.min.js", "jquery 1.12.4"),
        ("https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/dist/js/bootstrap.bundle.min.js", "bootstrap 5.3.3"),
        ("/assets/jquery-ui-1.12.1/jquery-ui.min.js", "jquery-ui 1.12.1"),
        ("https://ajax.googleapis.com/ajax/libs/jqueryui/1.13.2/jquery-ui.min.js", "jquery-ui 1.13.2"),
        ("/wp-includes/js/jquery/jquery.min.js?ver=3.7.1", "jquery 3.7.1"),
        ("https://cdnjs.cloudflare.com/ajax/libs/moment.js/2.18.1/moment.min.js", "moment 2.18.1"),
        ("/js/jquery.slim.min-3.3.1.js", "jquery 3.3.1"),
    ],
)
def test_libraries_tell_their_version_in_their_address(source: str, library: str) -> None:
    assert facts(f"<script src='{source}'></script>")["http.libraries"] == [library]


@pytest.mark.parametrize(
    "source", ["/js/jquery.min.js", "/js/app.js?v=3.1", "/js/myjquery-1.2.3.js", "/bootstrap/"]
)
def test_a_library_without_version_is_not_listed(source: str) -> None:
    assert facts(f"<script src='{source}'></script>")["http.libraries"] == []


@pytest.mark.parametrize(
    ("html", "name", "version"),
    [
        (
            '<title>Roundcube Webmail :: Login</title><script>rcmail.set_env({"rcversion":10611})',
            "roundcube",
            "1.6.11",
        ),
        ("<script src='/rainloop/v/1.14.0/static/js/boot.js'></script>", "rainloop", "1.14.0"),
        ("<link rel=stylesheet href='/owa/auth/15.1.2507/themes/x.css'>", "exchange", "15.1.2507"),
        ("<title>Zimbra Web Client Sign In</title>", "zimbra", None),
        ("<title>Surel</title>", None, None),
    ],
)
def test_webmail(html: str, name: str | None, version: str | None) -> None:
    seen = facts(html)
    assert seen["http.webmail"] == name
    assert seen.get("http.webmail_version") == version
    assert ("http.webmail_version" in seen) is (name is None or version is not None)
