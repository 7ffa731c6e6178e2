"""robots.txt, sitemaps, security.txt, documents and the choice of pages to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.http.message import Site
from scanners.http.outside import external_hosts, front_digest, is_foreign, unpinned_scripts
from scanners.http.page import Link, parse_page
from scanners.http.published import (
    labelled_documents,
    own_target,
    pages_worth_reading,
    read_security_txt,
    read_sitemap,
    sitemap_target,
)

SITE = Site("https", "dinkes.contoh.go.id", 443)


@pytest.mark.parametrize(
    ("expires", "instant"),
    [
        ("2027-06-30T16:00:00Z", "2027-06-30T16:00:00Z"),
        ("2027-06-30T23:00:00+07:00", "2027-06-30T16:00:00Z"),
        ("2027-06-30t16:00:00z", "2027-06-30T16:00:00Z"),
        ("2027-06-30", None),
        ("Thu, 31 Dec 2027 18:37:07 GMT", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-99-99T00:00:00Z", None),
    ],
)
def test_the_end_of_a_security_txt(expires: str, instant: str | None) -> None:
    said = read_security_txt(f"Contact: mailto:CSIRT@contoh.go.id\r\nExpires: {expires}\r\n")
    assert (said.contacts, said.expires) == (("mailto:csirt@contoh.go.id",), instant)


def test_without_contact_or_end_it_says_nothing() -> None:
    said = read_security_txt("# Contact: x\nExpires:\n Contact: indented\n")
    assert (said.contacts, said.expires) == ((), None)


@pytest.mark.parametrize(
    ("robots", "target"),
    [
        ("Sitemap: https://dinkes.contoh.go.id/peta.xml?x=1", "/peta.xml?x=1"),
        ("sitemap: https://elsewhere.test/a.xml\nSitemap: https://dinkes.contoh.go.id/b.xml", "/b.xml"),
        ("Sitemap: https://dinkes.contoh.go.id:8443/b.xml", "/sitemap.xml"),
        ("Sitemap: http://169.254.169.254/latest", "/sitemap.xml"),
        ("Sitemap: https://dinkes.contoh.go.id//evil.test/", "/sitemap.xml"),
        ("Sitemap: https://dinkes.contoh.go.id/b.xml.gz", "/sitemap.xml"),
        ("Disallow: /", "/sitemap.xml"),
    ],
)
def test_only_a_sitemap_of_this_site_is_asked_for(robots: str, target: str) -> None:
    assert sitemap_target(robots, SITE) == target


def test_a_sitemap_lists_addresses_and_expands_no_entity() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><loc>https://a.test/?x=1&amp;y=2</loc><loc>\n<![CDATA[/slot88]]></loc>&a;"
    assert read_sitemap(bomb) == ["https://a.test/?x=1&y=2", "/slot88"]


@pytest.mark.parametrize(
    "address",
    [
        "http://dinkes.contoh.go.id/",
        "https://dinkes.contoh.go.id.evil.test/",
        "https://user@dinkes.contoh.go.id:444/",
        "https://[::1/",
        "https://dinkes.contoh.go.id/a b",
        "https://dinkes.contoh.go.id/\r\nHost: x",
        "https://dinkes.contoh.go.id:99999/",
        "javascript:alert(1)",
    ],
)
def test_other_addresses_are_not_of_this_site(address: str) -> None:
    assert own_target(SITE, address) in (None, "/Host:x"), "urlsplit drops line ends; nothing else may pass"


def test_pages_are_chosen_by_what_they_are_about() -> None:
    page = parse_page(
        "<a href=/berita/1>x</a><a href=/layanan>x</a><a href=/kontak>x</a><a href=/pengaduan>x</a>"
        "<a href=/logout?kontak>x</a><a href=/kontak.pdf>x</a><a href=//other.test/kontak>x</a>"
        "<a href='/data-penerima-bantuan'>x</a>"
    )
    assert pages_worth_reading(page, SITE, 3) == ["/kontak", "/pengaduan", "/data-penerima-bantuan"]


@pytest.mark.parametrize(
    ("address", "text", "labelled"),
    [
        ("/unduh/surat-rahasia.pdf", "", True),
        ("/unduh/1.docx", "Untuk internal - rencana", True),
        ("/unduh/nota%20(terbatas).pdf?x=1", "", True),
        ("/unduh/laporan.pdf", "Confidential", True),
        ("/unduh/laporan-audit-internal.pdf", "Laporan Audit Internal", False),
        ("/unduh/perseroan-terbatas.pdf", "Perseroan Terbatas", False),
        ("/unduh/rahasia-dagang.pdf", "Rahasia dagang", False),
        ("/berita/rahasia-sukses", "Rahasia sukses", False),
    ],
)
def test_documents_whose_name_says_that_they_are_not_public(address: str, text: str, labelled: bool) -> None:
    assert bool(labelled_documents([Link(address, text)])) is labelled


def test_foreign_scripts_need_a_digest() -> None:
    page = parse_page(
        "<script src=https://cdn.test/a.js?x=1></script>"
        "<script src=//cdn.test/b.js integrity=sha384-x></script>"
        "<script src=/own.js></script><script src=https://www.dinkes.contoh.go.id/c.js></script>"
        "<iframe src=https://maps.test/></iframe><img src=data:x>"
    )
    assert unpinned_scripts(page, SITE.url, SITE.name) == ["https://cdn.test/a.js"]
    assert external_hosts(page, SITE.url, SITE.name) == ["cdn.test", "maps.test"]


@pytest.mark.parametrize(
    ("host", "foreign"),
    [("contoh.go.id", True), ("a.dinkes.contoh.go.id", False), ("xdinkes.contoh.go.id", True), ("", False)],
)
def test_what_is_foreign(host: str, foreign: bool) -> None:
    assert is_foreign(host, "www.dinkes.contoh.go.id") is foreign


def digest(html: str) -> str:
    return front_digest(parse_page(html), SITE.url, SITE.name)


FRONT = (
    "<title>Dinas ({n})</title><div class='berita b{n}'><p>{text}</p></div>"
    "<form action=/cari?{n}><input value={n}>"
)


def test_news_counters_and_tokens_leave_the_look_as_it_is() -> None:
    assert digest(FRONT.format(n=1, text="Hari ini")) == digest(
        FRONT.format(n=22, text="Besok") + "<p>lagi</p>"
    )


@pytest.mark.parametrize(
    "changed",
    [
        "<title>Hacked by x</title>",
        FRONT.replace("Dinas", "Dinaz"),
        FRONT + "<script src=https://evil.test/x.js>",
        FRONT.replace("/cari", "https://evil.test/"),
        FRONT + "<marquee>",
    ],
)
def test_another_page_looks_different(changed: str) -> None:
    assert digest(changed.format(n=1, text="x")) != digest(FRONT.format(n=1, text="x"))


WORDS = ["Contact:", "Expires:", "Sitemap:", "<loc>", "</loc>", "<![CDATA[", "https://", "/a", ":99", "%ff"]
ODD = ["\n", "\r", " ", "[", "]", "\0", "\ud7ff", "&#x110000;", "9999-12-31T23:59:59-23:59", SITE.name]
PIECES = st.lists(st.sampled_from([*WORDS, *ODD]), max_size=30).map("".join)


@given(PIECES)
def test_anything_can_be_read(text: str) -> None:
    read_security_txt(text)
    assert sitemap_target(text, SITE).startswith("/")
    links = [Link(address, address) for address in read_sitemap(text)] + [Link(text, text)]
    labelled_documents(links)
    own_target(SITE, text)


@pytest.mark.parametrize(
    "piece", ["<loc>", "Sitemap:", "Contact: ", "Expires: 2", "<loc> <![CDATA[ ", "\nsitemap :"]
)
def test_a_megabyte_of_it_is_read(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    read_security_txt(text)
    sitemap_target(text, SITE)
    assert len(read_sitemap(text)) <= 5_000
