"""Headers of an answer as facts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.facts import JSON
from scanners.conformance import nonconforming
from scanners.http.facts import FACTS
from scanners.http.message import Response, Site
from scanners.http.parse import allowed_methods, header_facts, reflects_origin

VOCABULARY = {spec.name: spec for spec in FACTS}
PLAIN = Site("http", "dinkes.lab.test", 80)
SECURE = Site("https", "dinkes.lab.test", 443)


def facts(*headers: tuple[str, str], status: int = 200, site: Site = SECURE) -> dict[str, JSON]:
    return header_facts(site, Response(status, "", headers, b""))


@pytest.mark.parametrize(
    ("value", "max_age", "subdomains"),
    [
        ("max-age=31536000; includeSubDomains; preload", 31536000, True),
        ('MAX-AGE="600" ;INCLUDESUBDOMAINS', 600, True),
        ("max-age=0", 0, False),
        ("includeSubDomains", None, True),
        ("max-age=soon", None, False),
        ("max-age=-1", None, False),
        ("max-age=5; max-age=9", 5, False),
        ("max-age=" + "9" * 5000, 999_999_999_999_999, False),
    ],
)
def test_strict_transport_security(value: str, max_age: int | None, subdomains: bool) -> None:
    seen = facts(("strict-transport-security", value))
    assert seen["http.hsts_max_age"] == max_age
    assert seen["http.hsts_include_subdomains"] is subdomains


def test_only_the_first_strict_transport_security_header_counts() -> None:
    seen = facts(
        ("strict-transport-security", "max-age=1"), ("strict-transport-security", "max-age=31536000")
    )
    assert seen["http.hsts_max_age"] == 1


@pytest.mark.parametrize(
    ("policies", "sources"),
    [
        (["default-src 'self'"], ["'self'"]),
        (["default-src 'self'; script-src https://a.id 'unsafe-eval'"], ["https://a.id", "'unsafe-eval'"]),
        (["img-src *"], []),
        (["script-src"], ["'none'"]),
        (["SCRIPT-SRC 'UNSAFE-INLINE'"], ["'unsafe-inline'"]),
        (["script-src 'self'; script-src *"], ["'self'"]),
        (["script-src 'unsafe-inline' 'nonce-Ab1' 'self'"], ["'nonce-Ab1'", "'self'"]),
        (["script-src 'strict-dynamic' 'nonce-A' https: 'unsafe-inline'"], ["'strict-dynamic'", "'nonce-A'"]),
        (["script-src 'strict-dynamic' https:"], ["'strict-dynamic'", "https:"]),
        (["default-src *", "script-src 'self'"], ["'self'"]),
        (["script-src https:", "script-src *"], ["https:"]),
        (["script-src 'self' 'unsafe-inline'", "script-src 'self' 'unsafe-eval'"], ["'self'"]),
        (["script-src 'self' 'unsafe-eval', script-src 'self'"], ["'self'"]),
        ([";;;", ""], []),
    ],
)
def test_script_sources_are_those_that_browsers_apply(policies: list[str], sources: list[str]) -> None:
    seen = facts(*(("content-security-policy", policy) for policy in policies))
    assert seen["http.csp_script_sources"] == sources


@pytest.mark.parametrize(
    ("headers", "protected"),
    [
        ([], False),
        ([("x-frame-options", "SAMEORIGIN")], True),
        ([("x-frame-options", "deny")], True),
        ([("x-frame-options", "ALLOW-FROM https://a.test")], False),
        ([("content-security-policy", "frame-ancestors 'none'")], True),
        ([("content-security-policy", "frame-ancestors https://portal.test")], True),
        ([("content-security-policy", "frame-ancestors *")], False),
        ([("content-security-policy", "frame-ancestors *"), ("x-frame-options", "DENY")], False),
        ([("content-security-policy-report-only", "frame-ancestors 'none'")], False),
    ],
)
def test_framing(headers: list[tuple[str, str]], protected: bool) -> None:
    assert facts(*headers)["http.frame_protected"] is protected


@pytest.mark.parametrize(
    ("location", "status", "same_name", "permanent"),
    [
        ("https://dinkes.lab.test/", 301, True, True),
        ("https://DINKES.lab.test.:8443/x", 302, True, False),
        ("https://www.dinkes.lab.test/", 301, False, None),
        ("http://dinkes.lab.test/", 301, False, None),
        ("https://[", 301, False, None),
        ("/", 308, False, None),
        ("https://dinkes.lab.test/", 200, False, None),
    ],
)
def test_redirects_to_https(location: str, status: int, same_name: bool, permanent: bool | None) -> None:
    seen = facts(("location", location), status=status, site=PLAIN)
    assert seen["http.redirects_to_https"] is same_name
    assert seen["http.redirect_permanent"] is permanent
    assert seen["http.location"] == location


def test_a_site_on_https_does_not_redirect_to_https() -> None:
    assert (
        facts(("location", "https://dinkes.lab.test/login"), status=302)["http.redirects_to_https"] is False
    )


def test_cookies() -> None:
    seen = facts(
        ("set-cookie", "PHPSESSID=abc; path=/; HttpOnly"),
        ("set-cookie", "laravel=x;Secure;SameSite=LAX"),
        ("set-cookie", "=;;;=;secure=1"),
    )
    assert seen["http.cookies"] == [
        {"name": "PHPSESSID", "secure": False, "http_only": True, "same_site": None},
        {"name": "laravel", "secure": True, "http_only": False, "same_site": "Lax"},
        {"name": "", "secure": True, "http_only": False, "same_site": None},
    ]


@pytest.mark.parametrize(
    ("value", "policy"),
    [
        ("no-referrer", "no-referrer"),
        ("no-referrer, Strict-Origin-When-Cross-Origin", "strict-origin-when-cross-origin"),
        ("same-origin, future-policy", "same-origin"),
        ("nonsense", "nonsense"),
        ("", None),
    ],
)
def test_referrer_policy(value: str, policy: str | None) -> None:
    assert facts(("referrer-policy", value))["http.referrer_policy"] == policy


@pytest.mark.parametrize(
    ("value", "basic"),
    [('Basic realm="x"', True), ('Digest realm="basic", Basic', True), ('Bearer realm="basic thing"', False)],
)
def test_basic_authentication(value: str, basic: bool) -> None:
    assert facts(("www-authenticate", value), status=401)["http.basic_auth"] is basic


def test_absent_headers_are_observed_to_be_absent() -> None:
    seen = facts()
    for name in ("server", "powered_by", "content_security_policy", "permissions_policy", "cache_control"):
        assert seen[f"http.{name}"] is None


def test_allowed_methods() -> None:
    response = Response(200, "", (("allow", "GET, put,, <b>"), ("allow", "GET,DELETE")), b"")
    assert allowed_methods(response) == ["DELETE", "GET", "PUT"]


@pytest.mark.parametrize(
    ("origin", "credentials", "reflects"),
    [
        ("https://x.invalid", "", True),
        ("*", "", False),
        ("*", "true", True),
        ("https://dinkes.lab.test", "true", False),
        ("", "", False),
    ],
)
def test_foreign_origins(origin: str, credentials: str, reflects: bool) -> None:
    headers = (("access-control-allow-origin", origin), ("access-control-allow-credentials", credentials))
    assert reflects_origin(Response(200, "", headers, b""), "https://x.invalid") is reflects


@pytest.mark.parametrize(
    ("site", "host"),
    [
        (SECURE, "dinkes.lab.test"),
        (Site("https", "dinkes.lab.test", 8443), "dinkes.lab.test:8443"),
        (Site("http", "127.0.0.1", 443), "127.0.0.1:443"),
        (Site("http", "::1", 80), "[::1]"),
        (Site("http", "::1", 8080), "[::1]:8080"),
    ],
)
def test_host_header(site: Site, host: str) -> None:
    assert site.host_header == host


NAMES = st.sampled_from(
    [
        "set-cookie",
        "location",
        "content-security-policy",
        "strict-transport-security",
        "x-frame-options",
        "referrer-policy",
        "www-authenticate",
        "content-type",
        "allow",
        "content-encoding",
    ]
)
VALUES = st.one_of(
    st.text(st.characters(max_codepoint=255), max_size=60),
    st.text("=;,'\" *:/[]-0123456789abcs", max_size=60),
)


@given(st.integers(200, 999), st.lists(st.tuples(NAMES, VALUES), max_size=8), st.binary(max_size=30))
def test_any_headers_give_facts_of_the_right_types(
    status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    response = Response(status, "", tuple(headers), body)
    for site in (PLAIN, SECURE):
        assert nonconforming(header_facts(site, response), VOCABULARY) == []
    allowed_methods(response)
    assert isinstance(response.text(), str)


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html; charset=utf-8", "é".encode(), "é"),
        ("text/html; charset='ISO-8859-1'", b"\xe9", "é"),
        ("text/html; charset=windows-1252", b"\x93", "\u201c"),
        ("text/html", b"\xff<a>", "\ufffd<a>"),
        ("text/html; charset=klingon", b"ab", "ab"),
        ("text/html; charset=zlib", b"ab", "ab"),
        ("text/html; charset=idna", b"ab", "ab"),
        ("text/html; charset=iso-8859-99", b"ab", "ab"),
        ("text/html; charset=utf-16", b"a", "\ufffd"),
    ],
)
def test_an_unknown_or_lying_charset_still_gives_text(content_type: str, body: bytes, text: str) -> None:
    assert Response(200, "", (("content-type", content_type),), body).text() == text
