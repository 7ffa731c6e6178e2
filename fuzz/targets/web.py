"""HTTP answers, their headers and cookies, pages, and the small files that sites publish."""

from __future__ import annotations

from fuzz.played import PART, dialer
from fuzz.target import Target
from scanners.http.client import Client
from scanners.http.content import Seen, login_facts, page_facts, webmail_facts
from scanners.http.disclosure import disclosures
from scanners.http.message import AnswerError, Response, Site
from scanners.http.page import parse_page
from scanners.http.parse import (
    allowed_methods,
    cookies_of,
    header_facts,
    reflects_origin,
    upgrades_requests,
)
from scanners.http.personal import asks_for_personal_data, free_mail_domains, identity_numbers
from scanners.http.published import (
    own_target,
    pages_worth_reading,
    read_security_txt,
    read_sitemap,
    sitemap_target,
)

_SITE = Site("https", "web.lab.test", 443)
_PLAIN = Site("http", "web.lab.test", 80)
_BODY_BYTES = 65_536
_ORIGIN = "https://asing.lab.test"


def _answer(data: bytes) -> None:
    client = Client(_PLAIN, "web.lab.test", dialer(data, 80), 30.0)
    response = client.ask("GET", "/", body_bytes=_BODY_BYTES)
    assert len(response.body) <= _BODY_BYTES
    _read_headers(response)
    response.text()
    client.close()


def _read_headers(response: Response) -> None:
    for site in (_SITE, _PLAIN):
        header_facts(site, response)
        site.leads_to_http(response)
        site.leads_to_https(response)
    allowed_methods(response)
    reflects_origin(response, _ORIGIN)
    cookies_of(response)
    upgrades_requests(response)


def _headers(data: bytes) -> None:
    lines = data.decode("latin-1").split("\n")[:200]
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)
    _read_headers(Response(200, "OK", headers, b""))
    _read_headers(Response(301, "Moved", headers, b"", complete=False))


def _page(data: bytes) -> None:
    first, _, body = data.partition(b"\n")
    headers = (("content-type", first.decode("latin-1")),)
    response = Response(200, "OK", headers, body, complete=len(data) % 2 == 0)
    seen = [Seen.of("/", response), Seen.of("/login", response)]
    page_facts(_SITE, seen)
    login_facts(_SITE, seen, True)
    webmail_facts(seen, True)
    text = response.text()
    disclosures(text)
    identity_numbers(text)
    page = parse_page(text)
    asks_for_personal_data(page)
    free_mail_domains(page)
    pages_worth_reading(page, _SITE, 5)


def _published(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    read_security_txt(text)
    for address in (*read_sitemap(text)[:50], sitemap_target(text, _SITE), *text.splitlines()[:50]):
        own_target(_SITE, address)


_HEAD = (
    b"HTTP/1.1 200 OK\r\nServer: Apache/2.4.6 (CentOS) PHP/5.4.16\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n"
)
_HEADERS = (
    b"strict-transport-security: max-age=31536000; includeSubDomains\n"
    b"content-security-policy: default-src 'self'; script-src 'nonce-abc' 'unsafe-inline' https:\n"
    b"set-cookie: PHPSESSID=4f3c; path=/; Secure; HttpOnly; SameSite=Lax\n"
    b"set-cookie: a=b; expires=Thu, 01 Jan 1970 00:00:00 GMT\nallow: GET, HEAD, TRACE\n"
    b"location: https://web.lab.test/masuk\naccess-control-allow-origin: https://asing.lab.test\n"
    b"access-control-allow-credentials: true\nx-frame-options: DENY\n"
    b"referrer-policy: no-referrer, same-origin\n"
    b"permissions-policy: camera=()\nserver: nginx/1.18.0 (Ubuntu)\nx-powered-by: PHP/7.4.3\n"
)
_PAGE = (
    b"text/html; charset=utf-8\n<!doctype html><html lang=id><head><title>Dinas</title>"
    b'<meta name="generator" content="WordPress 6.1.1"><base href="/situs/">'
    b'<script src="https://cdn.lab.test/jquery-1.12.4.min.js" integrity="sha384-x"></script>'
    b'<link rel=stylesheet href="/wp-content/themes/x/style.css?ver=6.1"></head><body>'
    b'<form action="http://web.lab.test/masuk" method=post><input type=password name=p>'
    b'<input type=hidden name=_token value=x></form><a href="/dokumen.pdf">NIK 3201010101010001</a>'
    b"<!-- slot gacor --><iframe src=//x.lab.test></iframe><p>Fatal error: in /var/www/html/a.php</p>"
)


def _answer_seeds() -> list[bytes]:
    body = _PAGE.partition(b"\n")[2]
    length = str(len(body)).encode()
    return [
        _HEAD + b"Content-Length: " + length + b"\r\n\r\n" + body,
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhalo\n\r\n" + PART + b"0\r\nX: y\r\n\r\n",
        _HEAD + b"\r\n" + PART + body,
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: https://web.lab.test/\r\n\r\n",
        b"HTTP/1.0 400 Bad Request\r\n" + _HEADERS.replace(b"\n", b"\r\n") + b"\r\nThe plain HTTP request",
    ]


_PUBLISHED = (
    b"Contact: mailto:csirt@lab.test\nExpires: 2027-01-01T00:00:00Z\nCanonical: https://web.lab.test/x\n",
    b'<?xml version="1.0"?><urlset><url><loc>https://web.lab.test/a</loc></url></urlset>',
    b"User-agent: *\nDisallow: /admin\nSitemap: https://web.lab.test/sitemap.xml\n",
)

TARGETS = (
    Target("http-answer", _answer, (AnswerError, OSError), _answer_seeds),
    Target("http-headers", _headers, (), lambda: [_HEADERS]),
    Target("http-page", _page, (), lambda: [_PAGE]),
    Target("http-published", _published, (), lambda: list(_PUBLISHED)),
)
